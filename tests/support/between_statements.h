// Another program's turn, at a chosen place of what a connection does: between two of its statements.
#pragma once
#include <sqlite3.h>

#include <functional>
#include <utility>

namespace paprsek::test {

/// Where another program may act: who writes holds the database, who reads in a snapshot does not.
enum class Places { outside_transactions, everywhere };

/// From its construction to its destruction: calls `act` once, before the statement `at` (from 1) that the connection begins in such a place.
class BetweenStatements {
public:
    BetweenStatements(sqlite3* connection, Places places, int at, std::function<void()> act)
        : connection_(connection), places_(places), at_(at), act_(std::move(act)) {
        sqlite3_trace_v2(connection_, SQLITE_TRACE_STMT, traced, this);
    }
    ~BetweenStatements() { sqlite3_trace_v2(connection_, 0, nullptr, nullptr); }
    BetweenStatements(const BetweenStatements&) = delete;
    BetweenStatements& operator=(const BetweenStatements&) = delete;
    bool acted() const { return acted_; }

private:
    static int traced(unsigned, void* self, void*, void*) {
        auto& between = *static_cast<BetweenStatements*>(self);
        const bool place = between.places_ == Places::everywhere || sqlite3_get_autocommit(between.connection_);
        if (between.acted_ || !place || ++between.begun_ < between.at_) return 0;
        between.acted_ = true;
        between.act_();
        return 0;
    }

    sqlite3* connection_;
    Places places_;
    int at_, begun_ = 0;
    bool acted_ = false;
    std::function<void()> act_;
};

}  // namespace paprsek::test
