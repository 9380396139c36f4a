// T9 in a real window: a receipt of another till of the chain. It is asked of headquarters, comes with an exchange, and goes back here.
#include <doctest/doctest.h>

#include "node/foreign_receipts.h"
#include "tests/hq/tills.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::Window;
namespace place = test::place;

std::vector<node::ReceiptFact> refunds(node::Node& branch) {
    std::vector<node::ReceiptFact> list;
    branch.ledger().read(1, branch.ledger().head().seq, [&](const schema::Fact& fact) {
        if (fact.kind == schema::kind::refund) list.push_back(node::parse_receipt(fact.kind, fact.body));
        return true;
    });
    return list;
}

}  // namespace

TEST_CASE("T9: another till's receipt is asked for, comes with the next exchange, and one of two pieces goes back") {
    test::Tills chain;
    chain.clock.set(node::system_clock().now());
    chain.all_exchange();
    REQUIRE(chain.play("3.1", "{'lines':[{'code':'A','qty':'2'},{'code':'B'}]}")["receipt"] == "3.1-000001");
    chain.exchange("3.1");
    node::Node& here = *chain.nodes.at("5.1");
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", here.folder(), "--size", "1366x820", "--cashier", "Anna", "--screen", "refund"});
    window.type("3.1-000001");
    window.key(place::enter);
    REQUIRE(eventually([&] { return node::receipt_wish(here.database(), "3.1-000001").has_value(); }));
    chain.exchange("5.1");
    window.key(place::enter);
    test::pause_ms(300);
    window.type("1");
    window.key(place::enter);  // one piece of the first line
    window.key(place::f12);
    REQUIRE(eventually([&] { return refunds(here).size() == 1; }));
    const node::ReceiptFact refund = refunds(here)[0];
    CHECK(refund.refund_of == "3.1-000001");
    REQUIRE(refund.sold.has_value());
    CHECK(node::print(refund.sold->node) == "3.1");
    REQUIRE(refund.lines.size() == 1);
    CHECK(refund.lines[0].product == "A");
    CHECK(refund.lines[0].quantity == node::one_piece);
    CHECK(refund.cashier == "Anna");
}
