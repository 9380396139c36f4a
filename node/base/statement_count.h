// How much a connection is asked: statements, and the steps that SQLite's machine takes for them. A measure of work that no machine's
// pace blurs, for tests and diagnosis.
#pragma once
#include <cstdint>

#include "node/base/database.h"

namespace paprsek::node {

/// From its construction to its destruction, which comes before `database`'s. Threads: the database's. One a connection.
class StatementCount {
public:
    explicit StatementCount(Database& database);
    ~StatementCount();
    StatementCount(const StatementCount&) = delete;
    StatementCount& operator=(const StatementCount&) = delete;

    /// Begun so far, transactions' BEGIN and COMMIT among them.
    std::int64_t statements() const { return statements_; }
    /// Of those that ended.
    std::int64_t steps() const { return steps_; }

private:
    static int traced(unsigned event, void* self, void* statement, void*);

    Database& database_;
    std::int64_t statements_ = 0, steps_ = 0;
};

}  // namespace paprsek::node
