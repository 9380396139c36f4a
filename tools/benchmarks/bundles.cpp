// How long bundles are and what they cost both sides: a branch books days of 60 receipts and exchanges them with an HQ, by the very
// calls that a stick or the network uses. The goods are harder to foresee than those of the other benchmarks: codes of many makers,
// quantities, discounts, change.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "hq/headquarters.h"
#include "node/facts.h"
#include "node/node.h"
#include "sync/exchange.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;

constexpr int day = 60, month = 30 * day;

struct Product {
    std::string code, name, vat;
    std::int64_t price, cost;
};

std::vector<Product> make_assortment(Sequence& sequence) {
    static constexpr const char* things[] = {"rohlík",    "párky",      "sýr eidam",      "mléko polotučné", "jogurt bílý",   "čokoláda hořká",
                                             "minerálka", "pivo ležák", "chléb konzumní", "těstoviny",       "džus pomeranč", "paštika"};
    static constexpr const char* makers[] = {"Podhájí", "Zubřík", "Kůňovka", "Bylinka", "Rajčánek", "Hůrka", "Zimbrel", "Muntișor", "Lipová", "Údolí"};
    static constexpr const char* sizes[] = {"100 g", "150 g", "250 g", "500 g", "1 kg", "0,5 l", "1 l", "1,5 l", "2 l", "6 ks"};
    std::vector<Product> products;
    for (int i = 0; i < 3000; ++i) {
        const auto price = static_cast<std::int64_t>(490 + 10 * sequence.below(1500));
        products.push_back(
            {fmt::format("859{:010}", sequence.below(10'000'000'000)),
             fmt::format("{} {} {} {}", things[sequence.below(12)], makers[sequence.below(10)], sizes[sequence.below(10)], sequence.below(90) + 10),
             sequence.below(4) ? "B" : "A", price, price * static_cast<std::int64_t>(60 + sequence.below(25)) / 100});
    }
    return products;
}

/// The branch, its HQ, and what it sells.
class Shop {
public:
    /// `named`: HQ has told the branch its products, as it has in a chain.
    explicit Shop(bool named)
        : hq_(hq::Headquarters::create(folder_.file("hq"), {"Bench"}, clock_, node::system_random())),
          node_(node::Node::create(folder_.file("node"), {{3, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, clock_, node::system_random())) {
        hq_->add_branch({3, 1}, "Bench");
        const sync::Bytes answer = sync::accept_invitation(*node_, hq_->invite({3, 1}, ""), "invitation");
        hq_->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
        if (named) import_products();
        exchange();
    }

    void sell(int count) {
        node::Transaction transaction(node_->database());
        for (int i = 0; i < count; ++i) {
            clock_.set({clock_.now().ms + 20'000 + static_cast<std::int64_t>(sequence_.below(300'000))});
            node_->ledger().append(schema::kind::sale, node::body_of(sale()), clock_.now());
        }
        transaction.commit();
    }

    struct Sizes {
        double bytes = 0, making_ms = 0, merging_ms = 0;
    };
    Sizes exchange() {
        Sizes sizes;
        std::optional<sync::UpBundle> up;
        sizes.making_ms = microseconds([&] { up = sync::make_up(*node_); }) / 1000;
        sizes.bytes = static_cast<double>(up->bytes.size());
        sizes.merging_ms = microseconds([&] { hq_->import({reinterpret_cast<const char*>(up->bytes.data()), up->bytes.size()}, "bundle"); }) / 1000;
        sync::apply_down(*node_, sync::bytes_of(hq_->export_reply({3, 1}).bytes), "reply");
        return sizes;
    }

private:
    void import_products() {
        std::string csv = "code,name,price,vat,cost\n";
        for (const Product& product : products_)
            csv += fmt::format("{},\"{}\",{}.{:02},{},{}.{:02}\n", product.code, product.name, product.price / 100, product.price % 100, product.vat,
                               product.cost / 100, product.cost % 100);
        const std::string path = folder_.file("products.csv");
        std::ofstream(path) << csv;
        hq_->import_catalogue(path);
    }

    node::ReceiptFact sale() {
        node::ReceiptFact sale;
        sale.number = ++number_;
        sale.cashier = sequence_.below(3) ? "anna" : "petr";
        const bool known = sequence_.below(5) < 2;
        if (known) {
            sale.card = fmt::format("29{:011}", 7919 * sequence_.below(800));
            sale.customer = node::customer_of_card(sale.card);
        }
        for (int i = 0; i < 3; ++i) {
            // The product of two even choices is near to how an assortment sells.
            const Product& product = products_[sequence_.below(sequence_.below(products_.size()) + 1)];
            node::BookedLine line;
            line.code = line.product = product.code;
            line.name = product.name;
            line.vat = product.vat;
            line.price = Money::of(product.price);
            if (sequence_.below(4) == 0) line.quantity = node::Quantity::of(static_cast<std::int64_t>(1000 * (2 + sequence_.below(4))));
            line.gross = node::times(line.price, line.quantity);
            if (sequence_.below(10) == 0) line.discount = Money::of(line.gross.raw() / 20);
            line.net = line.gross - line.discount;
            line.cost = Money::of(product.cost * line.quantity.raw() / 1000);
            if (known) line.points = node::Points::of(line.gross.raw());
            sale.rates[line.vat] = node::Rate::of(line.vat == "A" ? 21'000'000 : 12'000'000);
            sale.lines.push_back(line);
        }
        const std::int64_t due = sale.net().raw();
        if (sequence_.below(2)) {
            sale.pay = {{node::TenderKind::card, Money::of(due)}};
        } else {
            const std::int64_t whole = (due + 50) / 100 * 100, given = sequence_.below(2) ? whole : (whole + 9999) / 10000 * 10000;
            sale.rounding = Money::of(whole - due);
            sale.change = Money::of(given - whole);
            sale.pay = {{node::TenderKind::cash, Money::of(given)}};
        }
        sale.policy = 1;
        return sale;
    }

    WorkFolder folder_;
    node::ManualClock clock_{{1'772'438'400'000}};
    Sequence sequence_{17};
    std::vector<Product> products_ = make_assortment(sequence_);
    std::int64_t number_ = 0;
    std::unique_ptr<hq::Headquarters> hq_;
    std::unique_ptr<node::Node> node_;
};

std::vector<Result> bundles() {
    std::vector<Result> results;
    const auto add = [&](const std::string& name, const Shop::Sizes& sizes, int sales, const std::string& note) {
        results.push_back({"bundle." + name, sizes.bytes / sales, 0, "bytes/sale",
                           fmt::format("{} sales of 3 lines, {:.0f} bytes, {:.1f} ms to make, {:.1f} ms to merge; {}", sales, sizes.bytes, sizes.making_ms,
                                       sizes.merging_ms, note)});
    };
    const auto sold = [](Shop& shop, int sales) {
        shop.sell(sales);
        return shop.exchange();
    };
    for (const bool named : {true, false}) {
        const std::string products = named ? "" : "unnamed.";
        Shop shop(named);
        add(products + "day.first", sold(shop, day), day,
            named ? "of a fresh ledger; goal 40" : "of products that HQ has not named: all is said for the first time");
        add(products + "day.second", sold(shop, day), day, "");
        for (int i = 2; i < 30; ++i) sold(shop, day);
        add(products + "day", sold(shop, day), day, "after a month of such days; goal 40");
        add(products + "sale", sold(shop, 1), 1, "");
        if (named) add("nothing", sold(shop, 0), 1, "");
        add(products + "month.next", sold(shop, month), month, "the second month, exchanged at its end");
        Shop fresh(named);
        add(products + "month", sold(fresh, month), month, "of a fresh ledger, exchanged at its end; goal 25");
    }
    Shop shop(true);
    add("5000", sold(shop, 5000), 5000, "of a fresh ledger");
    return results;
}

}  // namespace

std::vector<Benchmark> bundle_benchmarks() { return {{"bundles", "how long bundles are", bundles}}; }

}  // namespace paprsek::benchmarks
