#include "ui/faults.h"

#include <string_view>

#include "ui/kit/locale.h"
#include "ui/kit/utf8.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

/// Letters of both languages have their capitals one place before them, or in the row of plain letters.
std::string with_capital(std::string text) {
    if (text.empty()) return text;
    const char32_t first = utf8_decode(text, 0);
    const std::size_t length = utf8_next(text, 0);
    char32_t capital = first;
    if (first >= 'a' && first <= 'z') capital = first - 'a' + 'A';
    else if (first >= 0xE0 && first <= 0xFE) capital = first - 0x20;                                  // á, í, ú, ý, î …
    else if (first >= 0x100 && first <= 0x137 && first % 2 == 1) capital = first - 1;                 // ă, č, ď, ě
    else if (first >= 0x139 && first <= 0x148 && first % 2 == 0) capital = first - 1;                 // ň
    else if ((first >= 0x14A && first <= 0x177 && first % 2 == 1) || first == 0x219 || first == 0x21B) capital = first - 1;  // ř, š, ť, ů, ș, ț
    else if (first == 0x17E) capital = 0x17D;                                                         // ž
    std::string out;
    utf8_append(out, capital);
    return out + text.substr(length);
}

std::string ended(std::string text) {
    if (!text.empty() && text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
    return text;
}

/// "/media/stick/goods.csv line 3": the file's name and the place in it.
std::string place_of(const std::string& subject) {
    std::string place = subject.substr(subject.rfind('/') == std::string::npos ? 0 : subject.rfind('/') + 1);
    for (const auto& [word, said] : {std::pair(" line ", tr("{}, line {}")), std::pair(" row ", tr("{}, row {}"))}) {
        const std::size_t at = place.rfind(word);
        if (at != std::string::npos) return fill_in(said, {place.substr(0, at), place.substr(at + std::string_view(word).size())});
    }
    return place;
}

bool for_commands(const std::string& hint) { return hint.find("paprsek") != std::string::npos || hint.find("--") != std::string::npos; }

}  // namespace

std::string refusal_text(const std::string& subject, const std::string& why, const std::string& hint) {
    std::string text = subject.empty() ? ended(with_capital(say(why))) : place_of(subject) + ": " + ended(say(why));
    if (!hint.empty() && !for_commands(hint)) text += " " + ended(with_capital(say(hint)));
    return text;
}

std::string error_text(const node::Error& error) { return refusal_text(error.subject(), error.why(), error.hint()); }

}  // namespace paprsek::ui
