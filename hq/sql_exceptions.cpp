// Exceptions in HQ's store.
#include <array>
#include <cassert>

#include "hq/sql_statements.h"

namespace paprsek::hq {
namespace {

constexpr std::array<std::string_view, 4> state_names = {"open", "accepted", "settled", "resolved"};

constexpr const char* exception_columns =
    "SELECT e.id, e.kind, n.branch, n.till, e.epoch, e.seq, e.at, e.evidence, e.subject, e.state, e.remedy, e.closed_at FROM exception e "
    "JOIN node n ON n.id = e.node ";

Exception exception_of(const SqlRows& row) {
    Exception exception;
    exception.id = row.integer(0);
    exception.kind = row.text(1);
    exception.node = {static_cast<int>(row.integer(2)), static_cast<int>(row.integer(3))};
    exception.epoch = row.integer(4);
    exception.seq = row.integer(5);
    exception.at = row.instant(6);
    exception.evidence = node::parse_json(row.view(7), "an exception's evidence");
    exception.subject = row.text(8);
    for (std::size_t i = 0; i < state_names.size(); ++i)
        if (row.view(9) == state_names[i]) exception.state = static_cast<ExceptionState>(i);
    exception.remedy = row.text(10);
    if (!row.is_null(11)) exception.closed_at = row.instant(11);
    return exception;
}

std::vector<Exception> exceptions_of(SqlRows rows) {
    std::vector<Exception> list;
    while (rows.step()) list.push_back(exception_of(rows));
    return list;
}

}  // namespace

std::string_view print(ExceptionState state) { return state_names[static_cast<std::size_t>(state)]; }

bool SqlStore::add_exception(const Exception& exception) {
    const auto node = find_node(exception.node);
    assert(node);
    return database_->run("INSERT INTO exception (kind, node, epoch, seq, at, evidence, subject) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                          exception.kind, node->id, exception.epoch, exception.seq, exception.at, node::canonical(exception.evidence), exception.subject) > 0;
}

std::optional<Exception> SqlStore::exception(std::int64_t id) {
    auto row = database_->query(std::string(exception_columns) + "WHERE e.id = ?", id);
    if (!row.step()) return std::nullopt;
    return exception_of(row);
}

std::vector<Exception> SqlStore::exceptions(bool open_only) {
    return exceptions_of(database_->query(std::string(exception_columns) + "WHERE e.state = 'open' OR ? = 0 ORDER BY e.id", open_only));
}

std::vector<Exception> SqlStore::live_exceptions(std::string_view kind) {
    return exceptions_of(database_->query(std::string(exception_columns) + "WHERE e.kind = ? AND e.state IN ('open', 'accepted') ORDER BY e.subject", kind));
}

std::optional<Exception> SqlStore::live_exception(std::string_view kind, std::string_view subject) {
    auto row = database_->query(std::string(exception_columns) + "WHERE e.kind = ? AND e.subject = ? AND e.state IN ('open', 'accepted')", kind, subject);
    if (!row.step()) return std::nullopt;
    return exception_of(row);
}

void SqlStore::save_exception(const Exception& exception) {
    database_->post("UPDATE exception SET evidence = ?, state = ?, remedy = ?, closed_at = ? WHERE id = ?", node::canonical(exception.evidence),
                    print(exception.state), exception.remedy, exception.closed_at, exception.id);
}

}  // namespace paprsek::hq
