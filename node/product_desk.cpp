#include "node/product_desk.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/json.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/customers.h"
#include "node/imports.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

/// Codes with one | between them.
std::optional<std::vector<std::string>> linked_codes(std::string_view text) {
    std::vector<std::string> codes;
    for (std::size_t start = 0; start <= text.size() && !trim(text).empty();) {
        const std::size_t bar = std::min(text.find('|', start), text.size());
        std::string code = normalise_code(text.substr(start, bar - start));
        if (code.empty() || codes.size() == max_codes) return std::nullopt;
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(std::move(code));
        start = bar + 1;
    }
    return codes;
}

class ProductEdit {
public:
    ProductEdit(Node& node, const ProductChange& change) : node_(node), database_(node.database()), change_(change) {}

    Outcome run(ProductBooked& booked) {
        if (!change_.product.empty()) {
            before_ = product_row(database_, normalise_code(change_.product));
            if (!before_) return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue.", change_.product));
            after_ = *before_;
        }
        for (const auto step : {&ProductEdit::set_codes, &ProductEdit::set_texts, &ProductEdit::set_vat, &ProductEdit::set_amounts,
                                &ProductEdit::set_prices, &ProductEdit::set_along})
            if (auto outcome = (this->*step)(); !outcome.ok()) return outcome;
        booked = {after_, 0, !before_, doubtful_};
        if (before_ && state_row(*before_, 0).body == state_row(after_, 0).body) return {};
        apply(database_, after_, 0);
        const Json body = {{"file", ""}, {"what", "products"}, {"rows", 1}, {"added", before_ ? 0 : 1}, {"changed", before_ ? 1 : 0}};
        booked.seq = node_.ledger().append(schema::kind::catalogue_imported, canonical(body), node_.clock().now());
        return {};
    }

private:
    Outcome set_codes() {
        std::vector<std::string>& codes = after_.codes;
        for (const std::string& text : change_.drop_codes) {
            const std::string code = normalise_code(text);
            if (before_ && code == before_->key)
                return refused(Refusal::bad_line, fmt::format("The code {} names the product in the books: it stays.", text));
            if (std::erase(codes, code) == 0) return refused(Refusal::unknown_code, fmt::format("The product has no code {}.", text));
        }
        for (const std::string& text : change_.codes) {
            const std::string code = normalise_code(text);
            if (code.empty()) return refused(Refusal::bad_line, fmt::format("\"{}\" is no code: it has 1 to {} letters and digits.", text, max_code_bytes));
            if (std::find(codes.begin(), codes.end(), code) != codes.end()) continue;
            if (auto outcome = check_code(code); !outcome.ok()) return outcome;
            if (has_gtin_length(code) && !gtin_check_digit_ok(code)) doubtful_.push_back(code);
            codes.push_back(code);
        }
        if (codes.empty()) return refused(Refusal::bad_line, "A new product needs a code.");
        if (codes.size() > max_codes) return refused(Refusal::bad_line, fmt::format("A product has at most {} codes.", max_codes));
        if (!before_) after_.key = codes.front();
        std::sort(codes.begin(), codes.end());
        return {};
    }

    /// Exact codes come before all rules, so a card's or a badge's would not be heard any more.
    Outcome check_code(const std::string& code) {
        if (const auto other = product_row(database_, code))
            return refused(Refusal::number_taken, fmt::format("The code {} is another product's: {}.", code, other->name));
        if (customer_by_card(database_, code) || user_by_badge(database_, code))
            return refused(Refusal::card_taken, fmt::format("The code {} is a customer's card or a cashier's badge.", code));
        return {};
    }

    static Outcome set_text(const std::optional<std::string>& wanted, const char* what, std::string& text) {
        if (!wanted) return {};
        const auto composed = nfc(trim(*wanted));
        if (!composed || composed->size() > max_text_bytes)
            return refused(Refusal::bad_line, fmt::format("A product's {} is a text of at most {} bytes.", what, max_text_bytes));
        text = *composed;
        return {};
    }

    Outcome set_texts() {
        if (auto outcome = set_text(change_.name, "name", after_.name); !outcome.ok()) return outcome;
        if (after_.name.empty()) return refused(Refusal::bad_line, "A product needs a name.");
        return set_text(change_.group, "group", after_.group);
    }

    Outcome set_vat() {
        const std::vector<std::string> known = node_.policy().vat_groups();
        if (!before_ && !change_.vat && !known.empty()) after_.vat = known.front();
        if (!change_.vat) return {};
        if (std::find(known.begin(), known.end(), *change_.vat) == known.end())
            return refused(Refusal::unknown_vat_group, fmt::format("\"{}\" is no VAT group: there are {}.", *change_.vat, fmt::join(known, ", ")));
        after_.vat = *change_.vat;
        return {};
    }

    template <class D>
    static bool read_amount(const std::optional<std::string>& wanted, D most, std::optional<D>& amount) {
        if (!wanted) return true;
        amount.reset();
        if (trim(*wanted).empty()) return true;
        amount = parse<D>(trim(*wanted));
        return amount && *amount >= D{} && *amount <= most;
    }

    Outcome set_amounts() {
        if (!before_ && !change_.price) return refused(Refusal::bad_price, "A new product needs a price.");
        after_.price = change_.price.value_or(after_.price);
        if (after_.price < Money{} || after_.price > max_price)
            return refused(Refusal::bad_price, fmt::format("A price is between 0 and {}.", print(max_price)));
        if (!read_amount(change_.cost, max_price, after_.cost))
            return refused(Refusal::bad_amount, fmt::format("The cost is between 0 and {}, or left out.", print(max_price)));
        if (!read_amount(change_.points, Points::of(max_price.raw()), after_.points))
            return refused(Refusal::bad_amount, "The points are a number not below zero with at most two decimals, or left out.");
        return {};
    }

    Outcome set_prices() {
        auto prices = parse_listed_prices(after_.prices).value_or(std::vector<ListedPrice>{});
        for (const PriceChange& change : change_.prices) {
            if (!change.list.empty() && !is_price_list_name(change.list))
                return refused(Refusal::bad_line, fmt::format("A price list's name has at most {} bytes, and neither @ nor |.", max_price_list_bytes));
            if (change.price && (*change.price < Money{} || *change.price > max_price))
                return refused(Refusal::bad_price, fmt::format("A price is between 0 and {}.", print(max_price)));
            if (!set_price(prices, change.list, change.from, change.price))
                return refused(Refusal::bad_line, fmt::format("The product has {} prices already: take old ones out.", max_listed_prices));
        }
        after_.prices = print(prices);
        return {};
    }

    Outcome set_along() {
        if (change_.dealers) {
            if (change_.dealers->size() > max_text_bytes || !parse_dealers(*change_.dealers))
                return refused(Refusal::bad_discount, "Discounts of dealer categories are written as DEA:20|VIP:30.");
            after_.dealers = std::string(trim(*change_.dealers));
        }
        if (!change_.linked) return {};
        const auto linked = linked_codes(*change_.linked);
        if (!linked) return refused(Refusal::bad_line, "What is sold along is written as codes with one | between them.");
        after_.linked.clear();
        for (const std::string& code : *linked) {
            if (std::find(after_.codes.begin(), after_.codes.end(), code) != after_.codes.end())
                return refused(Refusal::bad_line, "A product is not sold along with itself.");
            if (!product_row(database_, code)) return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue.", code));
            after_.linked += (after_.linked.empty() ? "" : "|") + code;
        }
        return {};
    }

    Node& node_;
    Database& database_;
    const ProductChange& change_;
    std::optional<ProductRow> before_;
    ProductRow after_;
    std::vector<std::string> doubtful_;
};

}  // namespace

Outcome change_product(Node& node, const ProductChange& change, ProductBooked& booked) {
    if (node.enrolment()) return refused(Refusal::kept_at_hq, "Headquarters keeps the products of a branch of a chain: paprsek-hq catalogue HQ import.");
    Transaction transaction(node.database());
    if (auto outcome = ProductEdit(node, change).run(booked); !outcome.ok()) return outcome;
    transaction.commit();
    return {};
}

}  // namespace paprsek::node
