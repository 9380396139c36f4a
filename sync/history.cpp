#include "sync/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "node/base/error.h"

namespace paprsek::sync {
namespace {

constexpr std::array<std::string_view, 2> roads{"network", "file"};
constexpr std::array<std::string_view, 3> ways{"both", "out", "in"};
constexpr std::array<std::string_view, 4> endings{"well", "stopped", "differs", "failed"};

template <class Enum, std::size_t N>
Enum named(const std::array<std::string_view, N>& names, std::string_view name, const char* column) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        node::fail("the history of exchanges", fmt::format("holds a {} that is none", column), "the ledger's file is damaged: paprsek verify says more");
    return static_cast<Enum>(found - names.begin());
}

/// At the beginning of a letter, so that no half of one stays.
std::string cut(std::string text) {
    if (text.size() <= max_exchange_text) return text;
    std::size_t end = max_exchange_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    return text;
}

void note_failure(node::Node& node, Exchange exchange, const node::Error& error) {
    exchange.ending = Ending::failed;
    exchange.why = error.why();
    exchange.hint = error.hint();
    note_exchange(node, exchange);
}

bool wrong(DownOutcome outcome) { return outcome == DownOutcome::forked || outcome == DownOutcome::behind; }

/// A folder that somebody carries is the file's road: an answer comes when it comes.
Road road_of(const Transport& transport) { return transport.address().starts_with("http") ? Road::network : Road::file; }

Exchange of_report(const Transport& transport, const ExchangeReport& report) {
    Exchange exchange{.road = road_of(transport),
                      .place = transport.address(),
                      .sent = report.sent,
                      .confirmed = report.acknowledged,
                      .taken = report.rows,
                      .why = report.message};
    if (differs(report)) exchange.ending = Ending::differs;
    else if ((!report.answered && exchange.road == Road::network) || report.outcome == DownOutcome::stopped) exchange.ending = Ending::stopped;
    return exchange;
}

/// While a note is written: a power cut may take it back, so no sale waits for it to be on the disk.
class Unhurried {
public:
    explicit Unhurried(node::Database& database) : database_(database), sync_(database.integer("PRAGMA synchronous").value_or(2)) {
        database_.execute("PRAGMA synchronous=NORMAL");
    }
    ~Unhurried() {
        try {
            database_.execute(fmt::format("PRAGMA synchronous={}", sync_));
        } catch (const node::Error&) {
            // SQLite answers this from memory; what could fail here has failed before.
        }
    }
    Unhurried(const Unhurried&) = delete;
    Unhurried& operator=(const Unhurried&) = delete;

private:
    node::Database& database_;
    std::int64_t sync_;
};

void keep(node::Database& database, node::Instant now, const Exchange& exchange) {
    const std::string why = cut(exchange.why), hint = cut(exchange.hint), place = cut(exchange.place);
    const bool nothing = exchange.confirmed == 0 && exchange.taken == 0 && exchange.way == Way::both;
    const Unhurried unhurried(database);
    node::Transaction transaction(database);
    const std::int64_t alike =
        !nothing ? 0
                 : database.run("UPDATE exchange SET at = ?, times = times + 1, sent = max(sent, ?) WHERE id = (SELECT max(id) FROM exchange) AND road = ? "
                                "AND way = ? AND place = ? AND ending = ? AND why = ? AND hint = ?",
                                now, exchange.sent, print(exchange.road), print(exchange.way), place, print(exchange.ending), why, hint);
    if (alike == 0) {
        database.run("INSERT INTO exchange (since, at, road, way, place, ending, sent, confirmed, taken, why, hint) VALUES (?,?,?,?,?,?,?,?,?,?,?)", now, now,
                     print(exchange.road), print(exchange.way), place, print(exchange.ending), exchange.sent, exchange.confirmed, exchange.taken, why, hint);
        database.run("DELETE FROM exchange WHERE id <= (SELECT max(id) FROM exchange) - ?", max_exchanges);
    }
    transaction.commit();
}

}  // namespace

bool differs(const ExchangeReport& report) { return wrong(report.outcome) || report.state_differs; }
bool differs(const DownReport& report) { return wrong(report.outcome) || (report.state_differed && !report.again); }

std::string_view print(Road road) { return roads[static_cast<std::size_t>(road)]; }
std::string_view print(Way way) { return ways[static_cast<std::size_t>(way)]; }
std::string_view print(Ending ending) { return endings[static_cast<std::size_t>(ending)]; }

bool note_exchange(node::Node& node, const Exchange& exchange) {
    try {
        keep(node.database(), node.clock().now(), exchange);
        return true;
    } catch (const node::Error&) {
        return false;  // the exchange itself stands
    }
}

std::vector<Exchange> exchanges(node::Node& node, std::int64_t most) {
    std::vector<Exchange> all;
    for (auto rows = node.database().query("SELECT since, at, times, road, way, place, ending, sent, confirmed, taken, why, hint FROM exchange "
                                           "ORDER BY id DESC LIMIT ?",
                                           most);
         rows.step();)
        all.push_back({rows.instant(0), rows.instant(1), rows.integer(2), named<Road>(roads, rows.view(3), "road"), named<Way>(ways, rows.view(4), "way"),
                       rows.text(5), named<Ending>(endings, rows.view(6), "ending"), rows.integer(7), rows.integer(8), rows.integer(9), rows.text(10),
                       rows.text(11)});
    return all;
}

node::Json json_of(node::Node& node, const Exchange& exchange) {
    node::Json json = {{"at", node.zone().print(exchange.at)}, {"since", node.zone().print(exchange.since)},
                       {"times", exchange.times}, {"road", print(exchange.road)}, {"way", print(exchange.way)}, {"place", exchange.place},
                       {"ending", print(exchange.ending)}, {"sent", exchange.sent}, {"confirmed", exchange.confirmed}, {"taken", exchange.taken}};
    if (!exchange.why.empty()) json["why"] = exchange.why;
    if (!exchange.hint.empty()) json["hint"] = exchange.hint;
    return json;
}

ExchangeReport exchange_noted(node::Node& node, Transport& transport, const ExchangeOptions& options) {
    ExchangeReport report;
    try {
        report = exchange_now(node, transport, options);
    } catch (const node::Error& error) {
        note_failure(node, {.road = road_of(transport), .place = transport.address()}, error);
        throw;
    }
    note_exchange(node, of_report(transport, report));
    return report;
}

void note_export(node::Node& node, const std::filesystem::path& file, const UpBundle& bundle) {
    note_exchange(node, {.road = Road::file, .way = Way::out, .place = file.filename().string(), .sent = bundle.last - bundle.first + 1});
}

DownReport import_noted(node::Node& node, BytesView bytes, const std::filesystem::path& file, const Progress& progress, const Watch& watch) {
    Exchange exchange{.road = Road::file, .way = Way::in, .place = file.filename().string()};
    DownReport report;
    try {
        report = apply_down(node, bytes, exchange.place, progress, watch);
    } catch (const node::Error& error) {
        note_failure(node, std::move(exchange), error);
        throw;
    }
    exchange.confirmed = report.acknowledged;
    exchange.taken = report.rows;
    exchange.why = report.message;
    if (differs(report)) exchange.ending = Ending::differs;
    else if (report.outcome == DownOutcome::stopped) exchange.ending = Ending::stopped;
    note_exchange(node, exchange);
    return report;
}

void note_event(node::Node& node, const Transport& transport, const AgentEvent& event) {
    if (event.error) return note_failure(node, {.road = road_of(transport), .place = transport.address()}, *event.error);
    note_exchange(node, of_report(transport, *event.report));
}

}  // namespace paprsek::sync
