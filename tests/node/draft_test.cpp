// The open receipt in itself: divided, joined, written and read.
#include "node/draft.h"

#include <doctest/doctest.h>

#include "node/base/json.h"
#include "tests/support/amounts.h"

namespace paprsek::node {
namespace {

using test::money;
using test::points;
using test::quantity;

}  // namespace

TEST_CASE("drafts: what is divided and joined again is the same goods") {
    Draft draft;
    for (int i = 1; i <= 3; ++i) {
        DraftLine line;
        line.input.name = "goods " + std::to_string(i);
        line.input.quantity = Quantity::of(1000 * i);
        line.input.entered = Instant{100 + i};
        draft.lines.push_back(line);
    }
    draft.opened = Instant{50};
    draft.customer = draft.customer_id = "c";
    Draft rest = draft, part;
    CHECK(divide(rest, {{2, quantity("1")}, {1, {}}, {2, quantity("1")}}, part) == DivideFault::none);
    REQUIRE(part.lines.size() == 2);
    CHECK(part.lines[1].input.quantity == quantity("2"));
    CHECK(part.lines[1].input.entered == Instant{103});
    CHECK(part.opened == Instant{102});
    CHECK(rest.lines.size() == 2);
    CHECK(rest.lines[1].input.quantity == quantity("1"));
    CHECK(join(part, rest));
    CHECK(part.customer == "c");
    CHECK(part.opened == Instant{50});
    Quantity total;
    for (const DraftLine& line : part.lines) total += line.input.quantity;
    CHECK(total == quantity("6"));
    const std::string kept = draft_json(part);
    CHECK(draft_json(parse_draft(kept)) == kept);
}

TEST_CASE("drafts: each of its fields is written in the canonical form and read again") {
    Draft draft;
    DraftLine line;
    line.input.code = "\"A\\\n";
    line.input.name = "Žluťoučký kůň";
    line.input.vat = "B";
    line.input.price = money("-1.50");
    line.input.quantity = quantity("0.375");
    line.input.entered = Instant{1};
    line.input.price_typed = line.input.price_embedded = line.unknown = line.follows = true;
    line.input.manual_discount = Rate::of(5'000'000);
    line.input.state = {7, 2};
    Product product;
    product.key = "K";
    product.codes = {"1", "2"};
    product.name = "Kůň";
    product.groups = {"g", "h"};
    product.group = "g";
    product.price = money("2.00");
    product.vat = "A";
    product.dealers = {{"d", Rate::of(1'000'000)}, {"e", Rate::of(2'000'000)}};
    product.excluded = true;
    product.cost = money("1.00");
    product.points = points("3");
    line.input.product = product;
    draft.lines = {line, DraftLine{}};
    draft.customer = "290";
    draft.customer_id = "c1";
    draft.place = {"Garden", "T1"};
    draft.id = 4;
    draft.revision = 2;
    draft.opened = Instant{9};
    draft.redeem = money("7.00");
    draft.redeem_most = true;
    draft.given = {{TenderKind::card, money("5.00")}, {TenderKind::voucher, money("1.00"), "Meal"}};
    draft.approvals = {{"boss", "discount"}, {"boss", "refund"}};
    const std::string kept = draft_json(draft);
    CHECK(canonical(parse_json(kept, "kept")) == kept);
    CHECK(draft_json(parse_draft(kept)) == kept);
    const Draft empty;
    CHECK(draft_json(empty) == R"({"lines":[]})");
    for (const char* field : {"approvals", "area", "customer", "customer_id", "given", "opened", "parked", "redeem", "redeem_most", "table", "cost", "points",
                              "discount", "follows", "price_embedded", "price_typed", "state", "unknown", "dealers", "excluded"})
        CHECK_MESSAGE(kept.find("\"" + std::string(field) + "\":") != std::string::npos, field);
}

}  // namespace paprsek::node
