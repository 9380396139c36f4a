// Words and figures as people read them.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace paprsek::ui {

// Every visible string passes through here; the English text is its key in the catalogues (ui/locale/*.po). What comes back lives as
// long as the program, also after the language changed. Any thread.
const char* tr(const char* english);
// The form that goes with `count`: tr_n("{} line", "{} lines", n).
const char* tr_n(const char* one, const char* many, std::int64_t count);

// What tr() speaks from now on, by the window's thread: "cs", "ro" or "en", also as in "cs_CZ.UTF-8". Any other speaks English.
void set_language(std::string_view name);
// "cs", "ro" or "en".
std::string language();
inline constexpr std::string_view languages[] = {"en", "cs", "ro"};
// A string of a table, said by tr() where it is drawn: marks it for the translators.
constexpr const char* mark(const char* english) { return english; }

// From now on what tr(), tr_n() and fill_in() give out is remembered, and is_said() tells the window's own words from a shop's data.
// For inspections: what is remembered grows. Any thread.
void remember_said();
bool is_said(std::string_view text);

// How figures are written. Only digits of integers are moved about; there is no floating point near money.
struct NumberStyle {
    std::string decimal = ",";
    std::string group = "\u00A0";  // between thousands
};

// As it is done where that language is spoken; a name as set_language() takes it.
NumberStyle number_style(std::string_view language);

// An integer of units of 10^-decimals, e.g. 123456 with 2 decimals: "1 234,56".
std::string format_scaled(std::int64_t value, int decimals, const NumberStyle& style);
// The same without trailing zeros behind the separator: quantities, percentages.
std::string format_trimmed(std::int64_t value, int decimals, const NumberStyle& style);

// For how long: "under a minute", "5 min", "3 h", "2 days". Negative ages (clocks) count as none.
std::string format_age(std::int64_t seconds);
// How long ago: "just now", "5 min ago".
std::string format_ago(std::int64_t seconds);

// "{}" in `pattern` is replaced by the arguments in turn.
std::string fill_in(std::string_view pattern, std::initializer_list<std::string_view> arguments);

}  // namespace paprsek::ui
