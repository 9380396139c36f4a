// What a branch exchanged with HQ of late, by either road, for people to look at: when, how, what went each way, how it ended. No part
// of the ledger: HQ's receipt proves what is there, not this. Bounded: the newest max_exchanges are kept.
//
// Threads: as Node (node/node.h).
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "node/base/json.h"
#include "node/node.h"
#include "sync/agent.h"
#include "sync/exchange.h"

namespace paprsek::sync {

inline constexpr std::int64_t max_exchanges = 100;
inline constexpr std::size_t max_exchange_text = 500;  ///< bytes of each text; longer ones are cut

enum class Road { network, file };
enum class Way { both, out, in };
enum class Ending {
    well,
    stopped,  ///< by a person; doing it again goes on
    differs,  ///< HQ holds another history or state than this branch
    failed
};
std::string_view print(Road road);
std::string_view print(Way way);
std::string_view print(Ending ending);

struct Exchange {
    node::Instant since{0}, at{0};  ///< the first and the last of `times` that ended alike
    std::int64_t times = 1;
    Road road = Road::network;
    Way way = Way::both;
    std::string place = {};      ///< HQ's address, or the file's name
    Ending ending = Ending::well;
    std::int64_t sent = 0;       ///< facts
    std::int64_t confirmed = 0;  ///< facts that HQ confirmed for the first time
    std::int64_t taken = 0;      ///< rows of state
    std::string why = {}, hint = {};  ///< of what went wrong, or of what came back
    friend bool operator==(const Exchange&, const Exchange&) = default;
};

/// HQ's history or state is not this branch's, and the exchange could not help it.
bool differs(const ExchangeReport& report);
bool differs(const DownReport& report);

/// Keeps it, at the node's clock. One that brought nothing and ended as the one before, by the same road and way, counts that one up
/// instead, so that an agent's round every minute does not push out what happened. Never fails what it is about: false where it could
/// not be written. A power cut may take it back, for which no sale waits for the disk. The caller holds no transaction.
bool note_exchange(node::Node& node, const Exchange& exchange);
/// The newest first.
std::vector<Exchange> exchanges(node::Node& node, std::int64_t most = max_exchanges);
node::Json json_of(node::Node& node, const Exchange& exchange);

/// exchange_now(), and its note: also of one that fails, whose Error goes on. An answer that never came because of
/// `patience` is noted as stopped.
ExchangeReport exchange_noted(node::Node& node, Transport& transport, const ExchangeOptions& options = {});
/// An up bundle that was written to `file`.
void note_export(node::Node& node, const std::filesystem::path& file, const UpBundle& bundle);
/// apply_down() of a reply that came as `file`, and its note; also of one that is refused.
DownReport import_noted(node::Node& node, BytesView bytes, const std::filesystem::path& file, const Progress& progress, const Watch& watch);
/// What the agent heard.
void note_event(node::Node& node, const Transport& transport, const AgentEvent& event);

}  // namespace paprsek::sync
