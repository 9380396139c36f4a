#include "ui/sentences.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "node/permissions.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

/// What stands in place of each "{}" of `pattern`, or nothing where `text` was not made from it. The texts between are looked for
/// from the left, so that a name that is filled in may hold anything but the text behind it.
std::optional<std::vector<std::string_view>> filled(std::string_view pattern, std::string_view text) {
    std::vector<std::string_view> values;
    std::size_t hole = pattern.find("{}");
    if (text.substr(0, std::min(hole, pattern.size())) != pattern.substr(0, hole)) return std::nullopt;
    if (hole == std::string_view::npos) return text == pattern ? std::optional(values) : std::nullopt;
    text.remove_prefix(hole);
    while (hole != std::string_view::npos) {
        pattern.remove_prefix(hole + 2);
        hole = pattern.find("{}");
        const std::string_view between = pattern.substr(0, hole);
        const bool last = hole == std::string_view::npos;
        if (last && !text.ends_with(between)) return std::nullopt;
        const std::size_t end = last ? text.size() - between.size() : text.find(between);
        if (end == std::string_view::npos) return std::nullopt;
        values.push_back(text.substr(0, end));
        text.remove_prefix(end + between.size());
    }
    return values;
}

/// In English, whatever the language made of the sentence.
std::vector<std::string_view> texts_before_holes(std::string_view pattern) {
    std::vector<std::string_view> before;
    for (std::size_t at = pattern.find("{}"); at != std::string_view::npos; at = pattern.find("{}", at + 2)) before.push_back(pattern.substr(0, at));
    return before;
}

/// The texts of a pattern without what is filled in: the longer they are, the less was it chance that they fit.
std::size_t weight(std::string_view pattern) {
    std::size_t weight = pattern.size();
    for (std::size_t at = pattern.find("{}"); at != std::string_view::npos; at = pattern.find("{}", at + 2)) weight -= 2;
    return weight;
}

/// Names of barcode rules as a new policy has them (node/policy.cpp): the scanner test shows them, and they are said like what is filled in.
[[maybe_unused]] constexpr const char* rule_names[] = {mark("weight"), mark("in-store")};

/// "1500.00" as the language writes it. Where a node is named, "4.1" is no figure, and neither is what stands in quotes.
std::string figure(std::string_view value, std::string_view before) {
    const bool negative = value.starts_with('-');
    const std::string_view digits = value.substr(negative ? 1 : 0);
    const std::size_t point = digits.find('.');
    const bool decimal = point != std::string_view::npos && point > 0 && point + 1 < digits.size() && digits.size() < 18 &&
                         digits.find_first_not_of("0123456789.") == std::string_view::npos && digits.find('.', point + 1) == std::string_view::npos;
    const bool name = before.ends_with("node ") || before.ends_with("till ") || before.ends_with("this is ") || before.ends_with('"');
    if (!decimal || name) return std::string(value);
    std::int64_t units = 0;
    for (const char c : digits)
        if (c != '.') units = units * 10 + (c - '0');
    return format_scaled(negative ? -units : units, static_cast<int>(digits.size() - point - 1), number_style(language()));
}

/// How node/customer_desk.cpp names somebody within a sentence.
constexpr const char* customer_names[] = {mark("customer {}"), mark("the customer with card {}")};

/// What is filled in, said: the name of an act or a customer, an amount, or as it is.
std::string said_value(const std::string& value) {
    for (const char* const name : customer_names) {
        if (const auto who = filled(name, value)) return fill_in(tr(name), {who->front()});
    }
    return tr(value.c_str());
}

bool is_permission(std::string_view text) {
    const auto table = node::permission_table();
    return std::any_of(table.begin(), table.end(), [&](const node::PermissionEntry& entry) { return entry.name == text; });
}

}  // namespace

std::string say(const std::string& english) {
    const char* best = nullptr;
    std::vector<std::string_view> values;
    for (const char* const sentence : node_sentences()) {
        if (best != nullptr && weight(sentence) <= weight(best)) continue;
        if (auto found = filled(sentence, english)) {
            best = sentence;
            values = std::move(*found);
        }
    }
    if (best == nullptr) return tr(english.c_str());
    const std::vector<std::string_view> before = texts_before_holes(best);
    std::string said;
    std::size_t next = 0;
    const std::string_view pattern = tr(best);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern.substr(i, 2) == "{}" && next < values.size()) {
            // The command line's name of a permission, in brackets behind what it allows: at the till nobody writes it.
            if (is_permission(values[next]) && said.ends_with(" (") && pattern.substr(i + 2, 1) == ")") {
                said.resize(said.size() - 2);
                ++next;
                i += 2;
                continue;
            }
            const std::string value = figure(values[next], before[next]);
            ++next;
            said += said_value(value);
            ++i;
        } else {
            said += pattern[i];
        }
    }
    return said;
}

}  // namespace paprsek::ui
