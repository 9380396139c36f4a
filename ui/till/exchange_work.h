// Exchange with HQ as the sync panel runs it on a worker, by network and by file: each opens a node of its own on the same folder,
// for a Node belongs to one thread, and each is noted in the history (sync/history.h). Operating errors and refused files come as
// node::Error.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "sync/history.h"
#include "ui/kit/task.h"

namespace paprsek::ui {

enum class ExchangeKind { network, exported, imported, joined };

struct ExchangeDone {
    ExchangeKind kind = ExchangeKind::network;
    std::filesystem::path file = {};
    bool stopped = false;        ///< by a person; doing it again goes on
    std::int64_t facts = 0;      ///< exported: facts in the bundle; by network: facts that HQ confirmed
    std::int64_t receipt = 0;    ///< by network, imported: HQ holds our facts up to here
    std::int64_t rows = 0;       ///< by network, imported: products, customers … taken over
    std::int64_t left = 0;       ///< more than this exchange carried waits for the next
    bool again = false;          ///< imported: HQ has to hear what its reply did here
    bool differs = false;        ///< HQ's history or state is not ours, as `told` says
    std::string told = {};       ///< what came of it that a person should know; a sentence
};

/// Now, by network, until both sides are even. A branch that knows no address of HQ is refused.
ExchangeDone exchange_by_network(const std::string& node_folder, Progress& progress);
/// What this node holds that HQ has not confirmed, as a bundle. Whole or not there.
ExchangeDone export_to_file(const std::string& node_folder, const std::filesystem::path& file, Progress& progress);
/// HQ's reply: its receipt and the state that changed.
ExchangeDone import_reply(const std::string& node_folder, const std::filesystem::path& file, Progress& progress);
/// Joins the chain whose HQ made this invitation; the answer for HQ lies beside it then, and is the file of what comes back.
ExchangeDone join_by_file(const std::string& node_folder, const std::filesystem::path& invitation, Progress& progress);
/// "invitation.json.answer": the answer to an invitation.
std::string answer_file(const std::string& invitation);
/// A name for the stick, e.g. "branch-3.1-to-hq.bundle".
std::string export_file_name(const std::string& node_name);

/// In plain words: why it did not work, and what to do.
std::string fault_text(const std::string& why, const std::string& hint);
/// What one exchange of the history was, and how it ended, in a sentence or two.
std::string exchange_text(const sync::Exchange& exchange);

}  // namespace paprsek::ui
