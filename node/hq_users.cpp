#include "node/hq_users.h"

#include <fmt/format.h>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"

namespace paprsek::node {

bool is_kept_at_hq(const User& user) { return user.id.starts_with(print(hq_node) + "/"); }

std::vector<User> hidden_users(Database& database) {
    std::vector<User> users;
    auto rows = database.query(
        "SELECT id, name, role, ifnull(badge, ''), pin FROM user WHERE NOT removed AND folded IN (SELECT folded FROM hq_user) ORDER BY folded, id");
    while (rows.step()) users.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
    return users;
}

StateRow user_state_row(const std::string& id, const User* user, std::int64_t version) {
    if (!user) return {"user", id, version, ""};
    Json json = {{"name", user->name}, {"role", user->role}};
    if (!user->badge.empty()) json["badge"] = user->badge;
    if (!user->pin.empty()) json["pin"] = user->pin;
    return {"user", id, version, canonical(json)};
}

void apply_user(Database& database, const StateRow& row) {
    if (row.body.empty()) {
        database.run("DELETE FROM hq_user WHERE id = ?", row.key);
        return;
    }
    const std::string what = "state row user " + row.key;
    const Json json = parse_json(row.body, what);
    Fields fields(json, what, false);
    const std::string name = fields.text("name"), badge = fields.optional_text("badge").value_or("");
    if (fold(trim(name)).empty() || !is_kept_at_hq({row.key, name, "", "", ""})) refuse(what, "is no user of headquarters");
    database.run("INSERT OR REPLACE INTO hq_user (id, name, folded, role, badge, pin) VALUES (?, ?, ?, ?, ?, ?)", row.key, name, fold(trim(name)),
                 fields.text("role"), badge.empty() ? std::nullopt : std::optional(badge), fields.optional_text("pin").value_or(""));
}

void begin_users_anew(Database& database) { database.run("UPDATE hq_user SET named = 0"); }

void end_users_anew(Database& database) { database.run("DELETE FROM hq_user WHERE NOT named"); }

}  // namespace paprsek::node
