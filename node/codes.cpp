#include "node/codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/text.h"

namespace paprsek::node {
namespace {

int weighted_sum(std::string_view digits) {
    // From the right, the check digit itself counts once, its neighbour three times, and so on.
    int sum = 0, weight = 1;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        sum += (*digit - '0') * weight;
        weight = 4 - weight;
    }
    return sum;
}

bool luhn_ok(std::string_view digits) {
    int sum = 0;
    bool twice = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        int value = *digit - '0';
        if (twice) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
        twice = !twice;
    }
    return sum % 10 == 0;
}

std::int64_t number_of(std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

std::string normalise_code(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > max_code_bytes) return {};
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    std::string code = upper(text);
    if (code.size() == 12 && all_digits(code) && gtin_check_digit_ok(code)) code.insert(0, 1, '0');
    return code;
}

bool has_gtin_length(std::string_view digits) {
    return all_digits(digits) && (digits.size() == 8 || digits.size() == 12 || digits.size() == 13 || digits.size() == 14);
}

bool gtin_check_digit_ok(std::string_view digits) { return has_gtin_length(digits) && weighted_sum(digits) % 10 == 0; }

bool looks_like_payment_card(std::string_view text) {
    std::string code(text);
    std::erase_if(code, [](char c) { return c == ' ' || c == '-'; });  // as it is embossed
    if (!all_digits(code) || code.size() < 15 || code.size() > 19 || !luhn_ok(code)) return false;
    const auto two = number_of(std::string_view(code).substr(0, 2)), four = number_of(std::string_view(code).substr(0, 4));
    if (code.size() == 15) return two == 34 || two == 37;
    return code[0] == '4' || (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || code[0] == '6';
}

std::string_view code_of_stripe(std::string_view text) {
    const std::string_view whole = text = trim(text);
    if (text.starts_with("%B") || text.starts_with("%b")) {
        const auto end = text.find('^');
        return end == std::string_view::npos ? whole : trim(text.substr(2, end - 2));
    }
    if (text.starts_with('%')) {  // a club's own track 1: no format letter, and no name perhaps
        const auto end = text.find_first_of("^?");
        return end == std::string_view::npos || end == 1 || text.find('?', end) == std::string_view::npos ? whole : trim(text.substr(1, end - 1));
    }
    const bool sentinel = text.starts_with(';');
    if (sentinel) text.remove_prefix(1);
    if (sentinel && text.size() > 4 && all_digits(text)) return text;  // the till's key, and what was read behind it
    const auto end = text.find_first_of("=?");
    if (end == std::string_view::npos || !all_digits(text.substr(0, end))) return whole;
    if (!sentinel && text.find('?', end) == std::string_view::npos) return whole;  // neither end of a track: a code with such a sign
    return text.substr(0, end);
}

std::optional<std::int64_t> as_customer_number(std::string_view text) {
    text = trim(text);
    if (!all_digits(text) || text.size() > 4) return std::nullopt;
    return number_of(text);
}

std::vector<std::string> codes_with_lost_zeros(std::string_view code) {
    constexpr std::size_t shortest = 7;
    std::vector<std::string> codes;
    if (!gtin_check_digit_ok(code)) return codes;
    while (code.size() > shortest && code.front() == '0') {
        code.remove_prefix(1);
        codes.emplace_back(code);
    }
    return codes;
}

std::string fault_of(const BarcodeRule& rule) {
    if (rule.pattern.empty() || rule.pattern.size() > max_code_bytes) return "the pattern is empty or too long";
    std::size_t items = 0, weights = 0, prices = 0, checks = 0, customers = 0, badges = 0;
    for (std::size_t i = 0; i < rule.pattern.size(); ++i) {
        switch (rule.pattern[i]) {
            case 'I': ++items; break;
            case 'W': ++weights; break;
            case 'P': ++prices; break;
            case 'C': ++customers; break;
            case 'B': ++badges; break;
            case 'K':
                ++checks;
                if (i + 1 != rule.pattern.size()) return "the check digit K must be the last";
                break;
            default:
                if (rule.pattern[i] < '0' || rule.pattern[i] > '9') return fmt::format("the letter {} is none of I W P C B K", rule.pattern[i]);
        }
    }
    if (weights > 9 || prices > 9) return "more than 9 digits of weight or price";
    if (customers > 0 && items + weights + prices > 0) return "C does not go with I, W or P";
    if (badges > 0 && customers + items + weights + prices > 0) return "B does not go with C, I, W or P";
    if (customers + badges + items == 0) return "neither an item (I) nor a customer (C) nor a badge (B)";
    if (weights > 0 && prices > 0) return "W and P exclude each other";
    if (weights > 0 && rule.unit != "g") return "a weight needs \"unit\":\"g\"";
    if (weights == 0 && !rule.unit.empty()) return "a unit without a weight";
    if (checks > 0 && !(rule.pattern.size() == 8 || (rule.pattern.size() >= 12 && rule.pattern.size() <= 14)))
        return "a check digit needs a pattern of 8, 12, 13 or 14 places";
    return {};
}

std::optional<BarcodeMatch> read_barcode(std::string_view code, const BarcodeRule& rule, std::string* why) {
    const auto no = [&](std::string sentence) {
        if (why) *why = std::move(sentence);
        return std::nullopt;
    };
    if (!all_digits(code)) return no("it holds other signs than digits");
    if (code.size() != rule.pattern.size()) return no(fmt::format("it has {} digits and the pattern {}", code.size(), rule.pattern.size()));
    BarcodeMatch match;
    match.rule = &rule;
    std::string weight, price;
    for (std::size_t i = 0; i < code.size(); ++i) {
        switch (rule.pattern[i]) {
            case 'I': match.item += code[i]; break;
            case 'W': weight += code[i]; break;
            case 'P': price += code[i]; break;
            case 'C': match.customer = true; break;
            case 'B': match.badge = true; break;
            case 'K':
                if (!gtin_check_digit_ok(code)) return no(fmt::format("its check digit {} is wrong", code[i]));
                break;
            default:
                if (code[i] != rule.pattern[i]) return no(fmt::format("digit {} is {} and the pattern says {}", i + 1, code[i], rule.pattern[i]));
        }
    }
    if (!weight.empty()) match.quantity = Quantity::of(number_of(weight));  // grams are thousandths of a kilogram
    if (!price.empty()) match.price = Money::of(number_of(price));
    return match;
}

std::vector<const BarcodeRule*> by_priority(const std::vector<BarcodeRule>& rules) {
    std::vector<const BarcodeRule*> order;
    for (const BarcodeRule& rule : rules) order.push_back(&rule);
    std::stable_sort(order.begin(), order.end(), [](const BarcodeRule* a, const BarcodeRule* b) { return a->priority > b->priority; });
    return order;
}

std::optional<BarcodeMatch> match_barcode(std::string_view code, const std::vector<BarcodeRule>& rules) {
    std::optional<BarcodeMatch> best;
    for (const BarcodeRule& rule : rules) {
        if (best && rule.priority <= best->rule->priority) continue;
        if (auto match = read_barcode(code, rule)) best = std::move(match);
    }
    return best;
}

}  // namespace paprsek::node
