// Demo data from real lists: groceries' baskets, Open Food Facts' products, customers with in-store cards.
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <map>

#include "node/base/clock.h"
#include "node/base/csv.h"
#include "node/base/json.h"
#include "node/codes.h"
#include "tools/demo.h"

namespace paprsek::tools {
namespace {

using node::Json;

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c == '\n' || c == '\r' ? ' ' : c);
    return result + '"';
}

/// A price that looks like one and is always the same for the same code: the lists have none.
std::int64_t price_of(const std::string& code) {
    std::uint64_t hash = 1469598103934665603u;
    for (const char c : code) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return 990 + static_cast<std::int64_t>(hash % 90) * 100;
}

struct Product {
    std::string code, name;
};

std::vector<Product> read_products(const std::string& source) {
    std::vector<Product> products;
    std::map<std::string, bool> seen;
    for (const char* file : {"/products_cz_859.csv", "/products_ro_594.csv"}) {
        const node::CsvTable table = node::read_csv(source + file);
        const node::CsvColumns columns(table, {"gtin", "name"}, {"ingredients", "check_digit_ok"});
        for (const node::CsvRow& row : table.rows) {
            const std::string code = node::normalise_code(columns.get(row, "gtin"));
            if (!code.empty() && !columns.get(row, "name").empty() && seen.emplace(code, true).second)
                products.push_back({code, columns.get(row, "name").substr(0, 200)});
        }
    }
    return products;
}

void write_products(const std::vector<Product>& products, const std::string& folder) {
    std::ofstream(folder + "/groups.csv") << "group,parent,excluded\nPotraviny,,0\nTabák,,1\n";
    std::ofstream out(folder + "/products.csv");
    out << "code,name,group,price,vat,cost,points,dealer_discounts\n";
    for (const Product& product : products) {
        const std::int64_t price = price_of(product.code);
        out << fmt::format("{},{},Potraviny,{}.{:02},B,{}.{:02},,\n", product.code, quoted(product.name), price / 100, price % 100, price * 3 / 400,
                           price * 3 / 4 % 100);
    }
}

std::vector<std::string> write_customers(const std::string& source, const std::string& folder) {
    std::vector<std::string> cards;
    std::ofstream out(folder + "/customers.csv");
    out << "number,name,cards,phone,email,address\n";
    const node::CsvTable table = node::read_csv(source + "/customers_cs_2000.csv");
    const node::CsvColumns columns(table, {"card_no", "full_name", "street", "city", "postcode", "phone", "email", "registered_at"}, {});
    for (const node::CsvRow& row : table.rows) {
        cards.push_back(columns.get(row, "card_no"));
        out << fmt::format("{},{},{},{},{},{}\n", cards.size(), quoted(columns.get(row, "full_name")), cards.back(), quoted(columns.get(row, "phone")),
                           quoted(columns.get(row, "email")),
                           quoted(columns.get(row, "street") + ", " + columns.get(row, "postcode") + " " + columns.get(row, "city")));
    }
    return cards;
}

/// Basket by basket; an article of the list becomes one product of ours.
std::vector<Json> read_baskets(const std::string& source, const std::vector<Product>& products) {
    std::vector<Json> baskets;
    const node::CsvTable table = node::read_csv(source + "/groceries_lines_with_qty.csv");
    const node::CsvColumns columns(table, {"basket", "article_code", "article", "quantity"}, {});
    std::string current;
    for (const node::CsvRow& row : table.rows) {
        if (columns.get(row, "basket") != current || baskets.empty()) baskets.push_back(Json::array());
        current = columns.get(row, "basket");
        const auto index = static_cast<std::size_t>(std::stoul(columns.get(row, "article_code")) * 7) % products.size();
        baskets.back().push_back({{"code", products[index].code}, {"qty", columns.get(row, "quantity")}});
    }
    return baskets;
}

}  // namespace

void write_real_data(const std::string& source, const std::string& folder) {
    const std::vector<Product> products = read_products(source);
    write_products(products, folder);
    const std::vector<std::string> cards = write_customers(source, folder);
    std::ofstream(folder + "/policy.json")
        << R"({"mode":"points","point_value":"0.05","multipliers":[{"days":["mon"],"from":"10:00","to":"11:00","factor":"4"}],)"
        << R"("vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"},{"group":"C","rate":"0"}],"cash_rounding":"1.00"})";
    const std::vector<Json> baskets = read_baskets(source, products);
    const std::size_t a_day = baskets.size() / 30;  // the list covers 30 days
    const node::TimeZone zone("Europe/Prague");
    const node::Instant opening = *node::parse_instant("2026-03-02T07:00:00+01:00");
    for (std::size_t branch = 0; branch < 3; ++branch) {
        std::ofstream out(folder + fmt::format("/b{}.jsonl", branch + 1));
        for (std::size_t i = 0; i < a_day; ++i) {
            const std::size_t basket = branch * a_day + i;
            Json line = {
                {"at", zone.print({opening.ms + static_cast<std::int64_t>(i) * 130'000})}, {"cashier", i % 2 ? "Anna" : "Ioana"}, {"lines", baskets[basket]}};
            // Half of the receipts with a customer; the same people come to all branches.
            if (i % 2 == 0) line["customer"] = cards[i * 13 % std::min<std::size_t>(cards.size(), 400)];
            if (i % 10 == 8) line["redeem"] = "max";
            out << line.dump() << '\n';
        }
        out << Json{{"at", zone.print({opening.ms + 13 * 3'600'000})}, {"close_day", Json::object()}}.dump() << '\n';
    }
}

}  // namespace paprsek::tools
