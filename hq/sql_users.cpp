// Users in HQ's store.
#include "hq/sql_statements.h"
#include "node/base/text.h"

namespace paprsek::hq {

UserRecord user_of(const SqlRows& row) {
    UserRecord user{row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.flag(7), {}};
    user.branches = node::parse_json(row.view(8), "HQ's database").get<std::vector<int>>();
    return user;
}

std::vector<UserRecord> SqlStore::users() {
    std::vector<UserRecord> users;
    for (auto row = database_->query(std::string(user_columns) + "ORDER BY id"); row.step();) users.push_back(user_of(row));
    return users;
}

void SqlStore::save_user(const UserRecord& user) {
    database_->post(
        "INSERT INTO \"user\" (id, name, folded, role, badge, pin, digest, removed, branches, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, role = excluded.role, badge = excluded.badge, pin = excluded.pin, "
        "digest = excluded.digest, removed = excluded.removed, branches = excluded.branches, version = excluded.version",
        user.id, user.name, node::fold(user.name), user.role, user.badge, user.pin, user.digest, user.removed, node::canonical(user.branches), next_version());
}

}  // namespace paprsek::hq
