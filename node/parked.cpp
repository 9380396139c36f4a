#include "node/parked.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"

namespace paprsek::node {
namespace {

constexpr std::string_view select_parked = "SELECT id, revision, parked, cashier, body FROM parked_receipt ";

ParkedReceipt parked_of(Statement& row) {
    ParkedReceipt parked{parse_draft(row.view(4)), row.instant(2), row.text(3)};
    parked.draft.id = row.integer(0);
    parked.draft.revision = row.integer(1);
    return parked;
}

/// Empty = at no table. Neither part holds a line end, so that two different places never fold to one text.
std::optional<std::string> folded_place(const Place& place) {
    if (place.empty()) return std::nullopt;
    return fold(place.area) + "\n" + fold(place.table);
}

std::optional<std::string> checked_name(std::string_view text) {
    auto name = nfc(trim(text));
    if (!name || name->size() > max_place_bytes) return std::nullopt;
    if (std::any_of(name->begin(), name->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return std::nullopt;
    return name;
}

}  // namespace

std::optional<Place> checked_place(const Place& place) {
    const auto area = checked_name(place.area), table = checked_name(place.table);
    if (!area || !table || (table->empty() && !area->empty())) return std::nullopt;
    return Place{*area, *table};
}

bool same_place(const Place& a, const Place& b) { return folded_place(a) == folded_place(b); }

std::vector<ParkedReceipt> all_parked(Database& database) {
    std::vector<ParkedReceipt> all;
    for (auto rows = database.query(std::string(select_parked) + "ORDER BY folded, id"); rows.step();) all.push_back(parked_of(rows));
    return all;
}

std::optional<ParkedReceipt> parked_by_id(Database& database, std::int64_t id) {
    auto row = database.query(std::string(select_parked) + "WHERE id = ?", id);
    return row.step() ? std::optional(parked_of(row)) : std::nullopt;
}

std::optional<ParkedReceipt> parked_at(Database& database, const Place& place) {
    auto row = database.query(std::string(select_parked) + "WHERE folded = ?", folded_place(place));
    return row.step() ? std::optional(parked_of(row)) : std::nullopt;
}

std::int64_t count_parked(Database& database) { return database.integer("SELECT count(*) FROM parked_receipt").value_or(0); }

std::int64_t put_aside(Database& database, const Draft& draft, Instant now, const std::string& cashier) {
    const auto id = draft.id ? std::optional(draft.id) : std::nullopt;
    database.run("INSERT INTO parked_receipt (id, revision, area, name, folded, parked, cashier, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", id,
                 draft.revision + 1, draft.place.area, draft.place.table, folded_place(draft.place), now, cashier, draft_json(draft));
    return sqlite3_last_insert_rowid(database.handle());
}

bool change_parked(Database& database, const ParkedReceipt& parked) {
    const Place& place = parked.draft.place;
    return database.run(
               "UPDATE parked_receipt SET revision = revision + 1, area = ?, name = ?, folded = ?, parked = ?, cashier = ?, body = ? WHERE id = ? AND revision "
               "= ?",
               place.area, place.table, folded_place(place), parked.parked, parked.cashier, draft_json(parked.draft), parked.draft.id,
               parked.draft.revision) == 1;
}

bool take_up(Database& database, const Draft& draft) {
    return database.run("DELETE FROM parked_receipt WHERE id = ? AND revision = ?", draft.id, draft.revision) == 1;
}

std::vector<Area> parse_tables(std::string_view text, const std::string& what) {
    return areas_of(parse_json(text, what, 1u << 20), what);
}

std::vector<Area> areas_of(const Json& json, const std::string& what) {
    if (!json.is_array()) refuse(what, "is not a list of areas", R"(write [{"area":"Garden","tables":["1","2"]}])");
    std::vector<Area> areas;
    std::set<std::string> seen;
    for (const Json& item : json) {
        Fields fields(item, fmt::format("{} [{}]", what, areas.size() + 1));
        Area area;
        area.name = fields.optional_text("area").value_or("");
        const Json& tables = fields.get("tables");
        fields.done();
        if (!checked_place({area.name, "1"})) fields.refuse_field("area", fmt::format("is longer than {} bytes, or no text", max_place_bytes));
        if (!tables.is_array()) fields.refuse_field("tables", "is not a list in brackets");
        for (const Json& table : tables) {
            if (!table.is_string()) fields.refuse_field("tables", "is not a list of texts");
            const auto place = checked_place({area.name, table.get<std::string>()});
            if (!place || place->empty())
                fields.refuse_field("tables", fmt::format("holds a name that is empty or longer than {} bytes", max_place_bytes));
            if (!seen.insert(*folded_place(*place)).second) fields.refuse_field("tables", fmt::format("names \"{}\" twice", place->table));
            if (seen.size() > max_tables) refuse(what, fmt::format("has more than {} tables", max_tables));
            area.name = place->area;
            area.tables.push_back(place->table);
        }
        areas.push_back(std::move(area));
    }
    return areas;
}

std::vector<Area> tables_of(Node& node) {
    if (const auto* plan = node.policy().tables_of(node.info().node.branch)) return *plan;
    const auto json = node.setting("tables");
    return json ? parse_tables(*json, "tables") : std::vector<Area>{};
}

void set_tables(Node& node, const std::vector<Area>& areas) {
    if (node.policy().tables_of(node.info().node.branch)) refuse("tables", "are those of the policy for this branch", "change them there: \"tables\"");
    Transaction transaction(node.database());
    node.set_setting("tables", tables_json(areas));
    transaction.commit();
}

Json areas_json(const std::vector<Area>& areas) {
    Json json = Json::array();
    for (const Area& area : areas) json.push_back({{"area", area.name}, {"tables", area.tables}});
    return json;
}

std::string tables_json(const std::vector<Area>& areas) { return canonical(areas_json(areas)); }

}  // namespace paprsek::node
