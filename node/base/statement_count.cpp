#include "node/base/statement_count.h"

namespace paprsek::node {

StatementCount::StatementCount(Database& database) : database_(database) {
    sqlite3_trace_v2(database_.handle(), SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, traced, this);
}

StatementCount::~StatementCount() { sqlite3_trace_v2(database_.handle(), 0, nullptr, nullptr); }

int StatementCount::traced(unsigned event, void* self, void* statement, void*) {
    auto& count = *static_cast<StatementCount*>(self);
    if (event == SQLITE_TRACE_STMT) ++count.statements_;
    else count.steps_ += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

}  // namespace paprsek::node
