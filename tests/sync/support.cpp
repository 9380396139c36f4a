#include "tests/sync/support.h"

#include <fmt/format.h>

#include <algorithm>

namespace paprsek::sync::test {
namespace {

struct Product {
    std::string code, name, vat;
    std::int64_t price, cost;
};

std::vector<Product> make_assortment(int count, SeededRandom& random) {
    static constexpr std::string_view makers[] = {"Kostelecké", "Madeta", "Opavia", "Vitana",  "Hamé",   "Jihočeské",
                                                  "Olma",       "Penam",  "Relax",  "Mattoni", "Kofola", "Pilsner"};
    static constexpr std::string_view things[] = {"rohlík",    "párky",      "sýr eidam",      "mléko polotučné", "jogurt bílý",   "čokoláda hořká",
                                                  "minerálka", "pivo ležák", "chléb konzumní", "těstoviny",       "džus pomeranč", "paštika"};
    static constexpr std::string_view sizes[] = {"100 g", "150 g", "250 g", "500 g", "1 kg", "0,5 l", "1 l", "1,5 l", "2 l", "6 ks"};
    std::vector<Product> products;
    for (int i = 0; i < count; ++i) {
        const std::int64_t price = 490 + 10 * random.below(1500);
        products.push_back({fmt::format("859{:010}", random.below(10'000'000'000)),
                            fmt::format("{} {} {} {}", things[random.below(12)], makers[random.below(12)], sizes[random.below(10)], random.below(90) + 10),
                            random.below(4) ? "B" : "A", price, price * (60 + random.below(25)) / 100});
    }
    return products;
}

/// 0 is chosen most often: the product of two even choices is near to how an assortment sells.
std::size_t choose(std::size_t count, SeededRandom& random) {
    const auto a = static_cast<std::uint64_t>(random.below(1'000'000)), b = static_cast<std::uint64_t>(random.below(1'000'000));
    return static_cast<std::size_t>(a * b / 1'000'000 * count / 1'000'000);
}

node::ReceiptFact make_sale(std::int64_t number, const std::vector<Product>& products, SeededRandom& random) {
    node::ReceiptFact sale;
    sale.number = number;
    sale.cashier = random.below(3) ? "anna" : "petr";
    const bool known = random.below(5) < 2;
    if (known) {
        sale.card = fmt::format("29{:011}", 7919 * random.below(800));
        sale.customer = node::customer_of_card(sale.card);
    }
    for (int i = 0; i < 3; ++i) {
        const Product& product = products[choose(products.size(), random)];
        node::BookedLine line;
        line.code = line.product = product.code;
        line.name = product.name;
        line.vat = product.vat;
        line.price = node::Money::of(product.price);
        if (random.below(4) == 0) line.quantity = node::Quantity::of(1000 * (2 + random.below(4)));
        line.gross = node::times(line.price, line.quantity);
        if (random.below(10) == 0) line.discount = node::Money::of(line.gross.raw() / 20);
        line.net = line.gross - line.discount;
        line.cost = node::Money::of(product.cost * line.quantity.raw() / 1000);
        if (known) line.points = node::Points::of(line.gross.raw());
        sale.rates[line.vat] = node::Rate::of(line.vat == "A" ? 21'000'000 : 12'000'000);
        sale.lines.push_back(line);
    }
    const std::int64_t due = sale.net().raw();
    if (random.below(2)) {
        sale.pay = {{node::TenderKind::card, node::Money::of(due)}};
    } else {
        const std::int64_t whole = (due + 50) / 100 * 100, given = random.below(2) ? whole : (whole + 9999) / 10000 * 10000;
        sale.rounding = node::Money::of(whole - due);
        sale.change = node::Money::of(given - whole);
        sale.pay = {{node::TenderKind::cash, node::Money::of(given)}};
    }
    sale.policy = 4;
    return sale;
}

}  // namespace

std::vector<schema::Fact> make_sales(int count, std::uint64_t seed) {
    SeededRandom random(seed);
    const std::vector<Product> products = make_assortment(3000, random);
    std::vector<schema::Fact> facts;
    schema::Hash hash = schema::genesis("3.1");
    std::int64_t at = 1'772'438'400'000;
    for (int i = 1; i <= count; ++i) {
        at += 20'000 + random.below(300'000);
        schema::Fact fact{i, at, std::string(schema::kind::sale), node::body_of(make_sale(i, products, random)), {}};
        hash = fact.hash = schema::chain(hash, fact.seq, fact.at, fact.kind, fact.body);
        facts.push_back(std::move(fact));
    }
    return facts;
}

Assortment assortment(std::uint64_t seed) {
    SeededRandom random(seed);
    Assortment rows;
    for (const Product& product : make_assortment(3000, random)) {
        node::ProductRow& row = rows[product.code];
        row.name = product.name;
        row.price = node::Money::of(product.price);
        row.vat = product.vat;
        row.cost = node::Money::of(product.cost);
    }
    return rows;
}

Bytes bundle_of(Pair& pair, const std::vector<schema::Fact>& facts, const std::vector<schema::Fact>& before, const Assortment& products) {
    UpWriter writer(pair.name, 1, facts.front().seq, before.empty() ? schema::genesis(node::print(pair.name)) : before.back().hash);
    for (const schema::Fact& fact : facts) writer.add(fact.seq, fact.at, fact.kind, fact.body, fact.hash, {});
    KnownWriter known;
    for (const schema::Fact& fact : before) known.add(fact.at, fact.kind, fact.body);
    writer.know(std::move(known));
    SoldCodes sold;
    for (const schema::Fact& fact : facts) sold.add(fact.body);
    for (const schema::Fact& fact : before) sold.remove(fact.body);
    ProductWriter named;
    std::int64_t place = 0;
    for (const auto& [code, product] : products) {
        if (sold.codes().count(code)) named.add(place, code, product);
        ++place;
    }
    writer.know(std::move(named));
    return writer.finish(facts.back().seq, {1, 17}, {1'772'500'000'000}, pair.branch, pair.hq.public_key(), pair.random);
}

}  // namespace paprsek::sync::test
