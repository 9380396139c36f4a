// Goods given back at another branch than the one that sold them (hq/refunds.h): what more came back than was sold is told, and
// nothing else is.
#include <fmt/format.h>

#include <map>
#include <set>

#include "node/receipts.h"
#include "tests/sim/chain.h"

namespace paprsek::sim {

std::string Chain::refund_elsewhere() {
    const Sold& sold = sold_[one_of(sold_.size())];
    return fmt::format(R"({{"cashier":"anna","refund_of":"{}","lines":[{{"code":"{}"}}]}})", sold.receipt, sold.code);
}

/// Only where nobody's disk was replaced: else a number may mean two receipts.
void Chain::check_refunds() {
    std::map<std::string, std::map<int, std::int64_t>> sold, returned;  // by receipt and line
    for (auto& branch : branches_) {
        node::Database& database = branch->machine.program->database();
        node::Ledger& ledger = branch->machine.program->ledger();
        for (auto rows = database.query("SELECT seq FROM receipt WHERE seq <= ?", held_of(*branch).seq); rows.step();) {
            const auto fact = ledger.fact(rows.integer(0));
            const node::ReceiptFact receipt = node::parse_receipt(fact->kind, fact->body);
            const std::string name = receipt.refund ? receipt.refund_of : node::print_receipt_number(branch->name, receipt.number);
            int number = 0;
            for (const node::BookedLine& line : receipt.lines)
                (receipt.refund ? returned : sold)[name][receipt.refund ? line.original : ++number] += line.quantity.raw();
            tally_.elsewhere += receipt.sold.has_value();
        }
    }
    std::set<std::string> too_much, told;
    for (const auto& [receipt, lines] : returned)
        for (const auto& [line, quantity] : lines)
            if (quantity > sold[receipt][line]) too_much.insert(receipt);
    for (const auto& exception : hq_.program->exceptions(false))
        if (exception.kind == hq::exception_kind::double_refund) told.insert(exception.evidence["receipt"].get<std::string>());
    for (const std::string& receipt : too_much)
        if (!told.contains(receipt)) broken(fmt::format("of {} more came back than was sold, and nobody was told", receipt));
    for (const std::string& receipt : told)
        if (!too_much.contains(receipt)) broken(fmt::format("HQ says that of {} more came back than was sold", receipt));
}

}  // namespace paprsek::sim
