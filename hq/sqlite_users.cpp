// Users in HQ's SQLite store.
#include "hq/sqlite_statements.h"
#include "node/base/text.h"

namespace paprsek::hq {

UserRecord user_of(const node::Statement& row) {
    UserRecord user{row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.flag(7), {}};
    user.branches = node::parse_json(row.view(8), "hq.db").get<std::vector<int>>();
    return user;
}

std::vector<UserRecord> SqliteStore::users() {
    std::vector<UserRecord> users;
    for (auto row = database_.query(std::string(user_columns) + "ORDER BY id"); row.step();) users.push_back(user_of(row));
    return users;
}

void SqliteStore::save_user(const UserRecord& user) {
    database_.run("INSERT OR REPLACE INTO user (id, name, folded, role, badge, pin, digest, removed, branches, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  user.id, user.name, node::fold(user.name), user.role, user.badge, user.pin, user.digest, user.removed,
                  node::canonical(user.branches), next_version());
}

}  // namespace paprsek::hq
