// Two programs on one ledger: whatever one of them does between two statements of the other.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

constexpr const char* sale_to_a_new_card = "{'customer':'2900000000018','lines':[{'code':'A'}]}";

/// Calls `act` once, before the statement `at` that the connection begins; if that is within a transaction, before the next one outside.
class Between {
public:
    Between(Database& database, int at, std::function<void()> act) : database_(database), at_(at), act_(std::move(act)) {
        sqlite3_trace_v2(database_.handle(), SQLITE_TRACE_STMT, traced, this);
    }
    ~Between() { sqlite3_trace_v2(database_.handle(), 0, nullptr, nullptr); }
    Between(const Between&) = delete;
    Between& operator=(const Between&) = delete;

    bool acted() const { return acted_; }

private:
    static int traced(unsigned, void* self, void*, void*) {
        auto& between = *static_cast<Between*>(self);
        if (++between.begun_ >= between.at_ && !between.acted_ && sqlite3_get_autocommit(between.database_.handle())) {
            between.acted_ = true;
            between.act_();
        }
        return 0;
    }

    Database& database_;
    int at_, begun_ = 0;
    bool acted_ = false;
    std::function<void()> act_;
};

}  // namespace

TEST_CASE("two programs sell to one new card, the second between any two statements of the first") {
    int places = 0;
    for (int at = 1;; ++at) {
        CAPTURE(at);
        Shop shop;
        shop.catalogue("code,name,price,vat\nA,Apple,10.00,B\n");
        const auto other = Node::open(shop.node_folder(), shop.clock(), shop.random());
        Script others(*other, shop.clock());
        Json theirs, ours;
        {
            const Between between(shop.database(), at, [&] {
                std::string line = sale_to_a_new_card;
                std::replace(line.begin(), line.end(), '\'', '"');
                theirs = Json::parse(others.play(line, 1).json);
            });
            ours = shop.play(sale_to_a_new_card);
            if (!between.acted()) break;
        }
        ++places;
        INFO(ours.dump() << " " << theirs.dump());
        CHECK(ours.contains("receipt"));
        CHECK(theirs.contains("receipt"));
        CHECK(ours["receipt"] != theirs["receipt"]);
        CHECK(shop.customer("2900000000018")["spend"] == "20.00");
        CHECK(shop.verify().ok());
        CHECK(shop.database().integer("SELECT count(*) FROM fact WHERE kind = ?", schema::kind::customer_set).value() == 1);
    }
    CHECK(places > 5);
}
