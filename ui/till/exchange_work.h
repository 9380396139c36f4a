// Exchange by file as the sync panel runs it on a worker: each opens a node of its own on the same folder, for a Node
// belongs to one thread. Operating errors and refused files come as node::Error.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "ui/kit/task.h"

namespace paprsek::ui {

struct ExchangeDone {
    std::filesystem::path file;
    bool exported = false;     ///< else a reply was imported
    bool stopped = false;      ///< by a person; doing it again goes on
    std::int64_t facts = 0;    ///< exported: facts in the bundle
    std::int64_t receipt = 0;  ///< imported: HQ holds our facts up to here
    std::int64_t rows = 0;     ///< imported: products, customers … taken over
    std::int64_t left = 0;     ///< more than one file carries waits for the next
    std::string trouble = {};  ///< imported: HQ's history and ours differ; a sentence
};

/// What this node holds that HQ has not confirmed, as a bundle. Whole or not there.
ExchangeDone export_to_file(const std::string& node_folder, const std::filesystem::path& file, Progress& progress);
/// HQ's reply: its receipt and the state that changed.
ExchangeDone import_reply(const std::string& node_folder, const std::filesystem::path& file, Progress& progress);
/// A name for the stick, e.g. "branch-3.1-to-hq.bundle".
std::string export_file_name(const std::string& node_name);

}  // namespace paprsek::ui
