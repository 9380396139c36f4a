#include "node/imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/base/error.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/price_list.h"
#include "node/row_faults.h"

namespace paprsek::node {
namespace {

const std::vector<std::string> group_columns = {"group", "parent", "excluded"};
const std::vector<std::string> product_required = {"code", "name", "price", "vat"};
const std::vector<std::string> product_optional = {"group", "cost", "points", "dealer_discounts", "linked"};
const std::vector<std::string> customer_columns = {"number", "name", "cards", "dealer", "discount", "charge_to_account", "limit", "points",
                                                   "spend", "referrer", "phone", "email", "address", "note"};

/// Reads the fields of one row; every refusal names file, line and column.
class TableRow {
public:
    TableRow(const CsvColumns& columns, const CsvRow& row) : columns_(columns), row_(row) {}

    std::string place() const { return columns_.place(row_); }
    const std::string& text(const char* column) const {
        const std::string& value = columns_.get(row_, column);
        if (value.size() > max_text_bytes) bad(column, fmt::format("is longer than {} bytes", max_text_bytes));
        return value;
    }
    bool flag(const char* column) const {
        const std::string& value = text(column);
        if (value.empty() || value == "0") return false;
        if (value == "1") return true;
        bad(column, fmt::format("is \"{}\"", value), "write 1 or 0");
    }
    template <class D>
    std::optional<D> decimal(const char* column, D most) const {
        std::string value = text(column);
        if (value.empty()) return std::nullopt;
        if (value.find('.') == std::string::npos) std::replace(value.begin(), value.end(), ',', '.');  // a spreadsheet's decimal comma
        const auto parsed = parse<D>(value);
        if (!parsed) bad(column, fmt::format("is \"{}\", not a number with at most {} decimals", text(column), D::digits));
        if (*parsed > most) bad(column, fmt::format("is {}, more than {}", value, print(most)));
        return parsed;
    }
    template <class D>
    std::optional<D> not_negative(const char* column, D most) const {
        const auto value = decimal<D>(column, most);
        if (value && *value < D{}) bad(column, "is below zero");
        return value;
    }
    std::vector<std::string> codes(const char* column) const {
        std::vector<std::string> list;
        const std::string& value = columns_.get(row_, column);
        for (std::size_t start = 0; start <= value.size() && !value.empty();) {
            const std::size_t bar = std::min(value.find('|', start), value.size());
            const std::string code = normalise_code(std::string_view(value).substr(start, bar - start));
            if (code.empty()) bad(column, "holds an empty or unreadable code", "separate codes by one |");
            if (std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
            if (list.size() > max_codes) bad(column, fmt::format("holds more than {} codes", max_codes));
            start = bar + 1;
        }
        return list;
    }
    [[noreturn]] void bad(const char* column, const std::string& why, const std::string& hint = {}) const {
        refuse(fmt::format("{} column {}", place(), column), why, hint);
    }

private:
    const CsvColumns& columns_;
    const CsvRow& row_;
};

bool has_column(const CsvTable& table, const char* column) { return std::find(table.header.begin(), table.header.end(), column) != table.header.end(); }

/// One code or number stands in one row of a file only.
class Once {
public:
    void check(const TableRow& row, const char* column, const std::string& value) {
        const auto [found, added] = seen_.emplace(value, row.place());
        if (!added) row.bad(column, fmt::format("{} stands already in {}", value, found->second));
    }

private:
    std::map<std::string, std::string> seen_;
};

}  // namespace

TableKind kind_of(const CsvTable& table) {
    if (has_column(table, "code") && has_column(table, "from") && !has_column(table, "name")) return TableKind::prices;
    if (has_column(table, "code")) return TableKind::products;
    if (has_column(table, "group") && has_column(table, "parent")) return TableKind::groups;
    if (has_column(table, "cards") || has_column(table, "number")) return TableKind::customers;
    refuse(table.name + " line 1", "is no header of products, groups, prices or customers",
           "products: code, name, group, price, vat …; groups: group, parent, excluded; prices: code, list, from, price; customers: number, name, cards …");
}

std::vector<ImportedGroup> parse_groups(const CsvTable& table, RowFaults& faults) {
    const CsvColumns columns(table, {"group"}, {"parent", "excluded"});
    std::vector<ImportedGroup> groups;
    std::map<std::string, std::string> parents;
    Once once;
    const auto take = [&](const TableRow& row) {
        GroupRow group{row.text("group"), row.text("parent"), row.flag("excluded")};
        if (group.name.empty()) row.bad("group", "is empty");
        once.check(row, "group", fold(group.name));
        parents[fold(group.name)] = fold(group.parent);
        groups.push_back({row.place(), std::move(group)});
    };
    for (const CsvRow& csv : table.rows) faults.row([&] { take(TableRow(columns, csv)); });
    const auto check = [&](const ImportedGroup& group) {
        std::set<std::string> way = {fold(group.row.name)};
        for (std::string above = fold(group.row.parent); !above.empty(); above = parents.contains(above) ? parents[above] : "")
            if (!way.insert(above).second) refuse(group.place + " column parent", fmt::format("the group \"{}\" stands above itself", group.row.name));
    };
    for (const ImportedGroup& group : groups) faults.row([&] { check(group); });
    return groups;
}

std::vector<ImportedProduct> parse_products(const CsvTable& table, const std::vector<std::string>& vat_groups, RowFaults& faults) {
    const CsvColumns columns(table, product_required, product_optional);
    const ImportedProduct::Columns has{has_column(table, "group"), has_column(table, "cost"), has_column(table, "points"),
                                       has_column(table, "dealer_discounts"), has_column(table, "linked")};
    std::vector<ImportedProduct> products;
    Once once;
    const auto take = [&](const TableRow& row) {
        ImportedProduct product;
        product.place = row.place();
        ProductRow& data = product.row;
        data.codes = row.codes("code");
        if (data.codes.empty()) row.bad("code", "is empty");
        data.key = data.codes.front();
        for (const std::string& code : data.codes) {
            once.check(row, "code", code);
            if (has_gtin_length(code) && !gtin_check_digit_ok(code))
                product.warnings.push_back(fmt::format("{}: the check digit of {} is wrong; taken as it is", product.place, code));
        }
        data.name = row.text("name");
        if (data.name.empty()) row.bad("name", "is empty");
        data.group = row.text("group");
        const auto price = row.not_negative<Money>("price", max_price);
        if (!price) row.bad("price", "is empty");
        data.price = *price;
        data.vat = row.text("vat");
        if (std::find(vat_groups.begin(), vat_groups.end(), data.vat) == vat_groups.end())
            row.bad("vat", fmt::format("\"{}\" is no VAT group of the policy", data.vat), fmt::format("the policy knows {}", fmt::join(vat_groups, ", ")));
        data.cost = row.not_negative<Money>("cost", max_price);
        data.points = row.not_negative<Points>("points", Points::of(max_price.raw()));
        data.dealers = row.text("dealer_discounts");
        if (!data.dealers.empty() && !parse_dealers(data.dealers))
            row.bad("dealer_discounts", fmt::format("is \"{}\"", data.dealers), "write it as DEA:20|VIP:30");
        product.has = has;
        if (has.linked)
            for (const std::string& code : row.codes("linked")) {
                if (std::find(data.codes.begin(), data.codes.end(), code) != data.codes.end()) row.bad("linked", "names the product itself");
                data.linked += (data.linked.empty() ? "" : "|") + code;
            }
        products.push_back(std::move(product));
    };
    for (const CsvRow& csv : table.rows) faults.row([&] { take(TableRow(columns, csv)); });
    return products;
}

void keep_known(ImportedProduct& product, const ProductRow& known) {
    ProductRow& row = product.row;
    row.prices = known.prices;
    if (!product.has.group) row.group = known.group;
    if (!product.has.cost) row.cost = known.cost;
    if (!product.has.points) row.points = known.points;
    if (!product.has.dealers) row.dealers = known.dealers;
    if (!product.has.linked) row.linked = known.linked;
}

std::vector<ImportedPrice> parse_prices(const CsvTable& table, RowFaults& faults) {
    const CsvColumns columns(table, {"code", "from", "price"}, {"list"});
    std::vector<ImportedPrice> prices;
    Once once;
    const auto take = [&](const TableRow& row) {
        const auto codes = row.codes("code");
        if (codes.size() != 1) row.bad("code", "is not one code");
        ImportedPrice price{row.place(), codes.front(), row.text("list"), {}, row.not_negative<Money>("price", max_price)};
        if (!price.list.empty() && !is_price_list_name(price.list))
            row.bad("list", fmt::format("is \"{}\"", price.list), fmt::format("a list's name has at most {} bytes, and neither @ nor |", max_price_list_bytes));
        const auto from = parse_date(row.text("from"));
        if (!from) row.bad("from", fmt::format("is \"{}\"", row.text("from")), "write a day as 2026-04-01");
        price.from = *from;
        once.check(row, "code", fmt::format("{} of list \"{}\" from {}", price.code, price.list, print(price.from)));
        prices.push_back(std::move(price));
    };
    for (const CsvRow& csv : table.rows) faults.row([&] { take(TableRow(columns, csv)); });
    return prices;
}

bool take_price(ProductRow& product, const ImportedPrice& imported) {
    auto prices = parse_listed_prices(product.prices).value_or(std::vector<ListedPrice>{});
    if (!set_price(prices, imported.list, imported.from, imported.price))
        refuse(imported.place, fmt::format("the product has {} prices already", max_listed_prices), "take out old ones: a row with an empty price");
    std::string text = print(prices);
    if (text == product.prices) return false;
    product.prices = std::move(text);
    return true;
}

std::vector<ImportedCustomer> parse_customers(const CsvTable& table, RowFaults& faults) {
    const CsvColumns columns(table, {}, customer_columns);
    std::vector<ImportedCustomer> customers;
    Once numbers, cards;
    const auto take = [&](const TableRow& row) {
        ImportedCustomer customer;
        customer.place = row.place();
        CustomerRow& data = customer.row;
        const std::string& number = row.text("number");
        if (!number.empty()) {
            const auto value = as_customer_number(number);
            if (!value || *value == 0) row.bad("number", fmt::format("is \"{}\", not a number from 1 to 9999", number), "a longer code is a card");
            data.number = *value;
            numbers.check(row, "number", std::to_string(*value));
        }
        data.cards = row.codes("cards");
        for (const std::string& card : data.cards) {
            cards.check(row, "cards", card);
            if (card.size() <= 4 && all_digits(card))
                row.bad("cards", fmt::format("{} is as short as a customer number", card), "a card has more than 4 digits");
            if (looks_like_payment_card(card)) row.bad("cards", "holds the number of a payment card", "payment cards are never stored");
        }
        if (!data.number && data.cards.empty()) row.bad("number", "and column cards are both empty", "a customer needs a number or a card");
        data.texts = {row.text("name"), row.text("phone"), row.text("email"), row.text("address"), row.text("note")};
        data.dealer = row.text("dealer");
        data.discount = row.not_negative<Rate>("discount", hundred_percent).value_or(Rate{});
        data.charge = row.flag("charge_to_account");
        data.limit = row.not_negative<Money>("limit", max_price).value_or(Money{});
        customer.referrer = row.text("referrer");
        customer.opening_points = row.decimal<Points>("points", Points::of(max_price.raw()));
        customer.opening_spend = row.decimal<Money>("spend", max_price);
        customers.push_back(std::move(customer));
    };
    for (const CsvRow& csv : table.rows) faults.row([&] { take(TableRow(columns, csv)); });
    return customers;
}

PersonalTexts filled(PersonalTexts texts, const PersonalTexts& known) {
    for (const auto member : {&PersonalTexts::name, &PersonalTexts::phone, &PersonalTexts::email, &PersonalTexts::address, &PersonalTexts::note})
        if ((texts.*member).empty()) texts.*member = known.*member;
    return texts;
}

CardTable parse_cards(const CsvTable& table) {
    const char* card_column = has_column(table, "card") ? "card" : "code";
    const char* customer_column = has_column(table, "customer") ? "customer" : "number";
    const CsvColumns columns(table, {card_column}, {customer_column, "name"});
    CardTable result;
    std::map<std::string, std::pair<std::string, std::string>> seen;  // by card: customer and place
    for (const CsvRow& csv : table.rows) {
        const TableRow row(columns, csv);
        try {
            const std::vector<std::string> codes = row.codes(card_column);
            if (codes.empty()) row.bad(card_column, "is empty");
            const ImportedCard card{row.place(), {}, row.text(customer_column), row.text("name")};
            for (const std::string& code : codes) {
                if (code.size() <= 4 && all_digits(code))
                    row.bad(card_column, fmt::format("{} is as short as a customer number", code), "a card has more than 4 digits");
                const auto [first, added] = seen.emplace(code, std::pair(card.customer, card.place));
                if (!added && first->second.first != card.customer)
                    row.bad(card_column, fmt::format("{} stands already in {}, for another customer", code, first->second.second));
            }
            for (const std::string& code : codes) {
                result.cards.push_back(card);
                result.cards.back().card = code;
            }
        } catch (const Error& error) {
            result.faults.push_back({error.subject(), error.why(), error.hint()});
        }
    }
    return result;
}

std::optional<std::vector<DealerDiscount>> parse_dealers(const std::string& text) {
    std::vector<DealerDiscount> list;
    if (trim(text).empty()) return list;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t bar = std::min(text.find('|', start), text.size());
        const std::string_view item = std::string_view(text).substr(start, bar - start);
        const auto colon = item.rfind(':');
        if (colon == std::string_view::npos) return std::nullopt;
        const auto percent = parse<Rate>(trim(item.substr(colon + 1)));
        const auto dealer = trim(item.substr(0, colon));
        if (!percent || dealer.empty() || *percent < Rate{} || *percent > hundred_percent) return std::nullopt;
        list.push_back({std::string(dealer), *percent});
        start = bar + 1;
    }
    return list;
}

}  // namespace paprsek::node
