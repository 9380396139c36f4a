#include "ui/kit/locale.h"

#include <atomic>
#include <boost/locale/generator.hpp>
#include <boost/locale/localization_backend.hpp>
#include <boost/locale/message.hpp>
#include <initializer_list>
#include <map>
#include <mutex>
#include <set>

#include "ui/kit/paths.h"

namespace paprsek::ui {
namespace {

using Catalogue = boost::locale::message_format<char>;

// Nothing speaks English, the language of the keys.
std::atomic<const Catalogue*> catalogue{nullptr};
std::atomic<int> domain{-1};
std::atomic<std::size_t> spoken_language{0};

// What was given out, while somebody asks.
std::atomic<bool> remembers{false};
std::mutex said_by;
std::set<std::string, std::less<>> said_texts;

void note(std::string_view text) {
    if (!remembers) return;
    const std::scoped_lock lock(said_by);
    said_texts.emplace(text);
}

const char* noted(const char* text) {
    note(text);
    return text;
}

// gettext's own library goes by the languages that the system has, and a till's system often has none but C.
std::locale load(const std::string& name) {
    auto backends = boost::locale::localization_backend_manager::global();
    backends.select("std");
    boost::locale::generator generator(backends);
    generator.categories(boost::locale::category_t::message);
    generator.characters(boost::locale::char_facet_t::char_f);
    generator.add_messages_path(share_folder() + "/locale");
    generator.add_messages_domain("paprsek");
    return generator(name + ".UTF-8");
}

}  // namespace

void set_language(std::string_view name) {
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < std::size(languages); ++i) {
        if (name.substr(0, 2) == languages[i]) wanted = i;
    }
    spoken_language = wanted;
    if (wanted == 0) {
        catalogue = nullptr;
        return;
    }
    static std::map<std::size_t, std::locale> loaded;  // never given up: what tr() returned points into it
    const auto at = loaded.try_emplace(wanted).first;
    if (!std::has_facet<Catalogue>(at->second)) at->second = load(std::string(languages[wanted]));
    const Catalogue& facet = std::use_facet<Catalogue>(at->second);
    domain = facet.domain("paprsek");
    catalogue = &facet;
}

void remember_said() { remembers = true; }

bool is_said(std::string_view text) {
    const std::scoped_lock lock(said_by);
    return said_texts.find(text) != said_texts.end();
}

std::string language() { return std::string(languages[spoken_language]); }

const char* tr(const char* english) {
    const Catalogue* const speaks = catalogue;
    if (speaks == nullptr || *english == '\0') return noted(english);
    const char* const found = speaks->get(domain, nullptr, english);
    return noted(found == nullptr ? english : found);
}

const char* tr_n(const char* one, const char* many, std::int64_t count) {
    const Catalogue* const speaks = catalogue;
    const char* const found = speaks == nullptr ? nullptr : speaks->get(domain, nullptr, one, static_cast<int>(count % 1'000'000));
    return noted(found != nullptr ? found : count == 1 ? one : many);
}

NumberStyle number_style(std::string_view language) {
    if (language.starts_with("en")) return {".", ","};
    if (language.starts_with("ro")) return {",", "."};
    return {};
}

std::string format_scaled(std::int64_t value, int decimals, const NumberStyle& style) {
    // The magnitude as unsigned: the least int64 has no positive counterpart.
    const bool negative = value < 0;
    const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string digits = std::to_string(magnitude);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    const std::size_t whole = digits.size() - places;
    std::string out = negative ? "\u2212" : "";
    for (std::size_t i = 0; i < whole; ++i) {
        if (i > 0 && (whole - i) % 3 == 0) out += style.group;
        out += digits[i];
    }
    if (places > 0) out += style.decimal + digits.substr(whole);
    return out;
}

std::string format_trimmed(std::int64_t value, int decimals, const NumberStyle& style) {
    while (decimals > 0 && value % 10 == 0) {
        value /= 10;
        --decimals;
    }
    return format_scaled(value, decimals, style);
}

constexpr std::int64_t minute_seconds = 60;

std::string format_ago(std::int64_t seconds) {
    return seconds < minute_seconds ? std::string(tr("just now")) : fill_in(tr("{} ago"), {format_age(seconds)});
}

std::string format_age(std::int64_t seconds) {
    if (seconds < minute_seconds) return tr("under a minute");
    if (seconds < 3600) return fill_in(tr("{} min"), {std::to_string(seconds / minute_seconds)});
    if (seconds < 2 * 86400) return fill_in(tr("{} h"), {std::to_string(seconds / 3600)});
    const std::int64_t days = seconds / 86400;
    return fill_in(tr_n("{} day", "{} days", days), {std::to_string(days)});
}

std::string fill_in(std::string_view pattern, std::initializer_list<std::string_view> arguments) {
    std::string out;
    auto argument = arguments.begin();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern.substr(i, 2) == "{}" && argument != arguments.end()) {
            out += *argument++;
            ++i;
        } else {
            out += pattern[i];
        }
    }
    note(out);
    return out;
}

}  // namespace paprsek::ui
