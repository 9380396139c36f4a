#include "ui/faults.h"

#include <string_view>

#include "node/base/text.h"
#include "ui/kit/locale.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

std::string ended(std::string text) {
    if (!text.empty() && text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
    return text;
}

/// "/media/stick/goods.csv line 3": the file's name and the place in it.
std::string subject_place(const std::string& subject) {
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
    std::string text = subject.empty() ? ended(node::with_capital(say(why))) : subject_place(subject) + ": " + ended(say(why));
    if (!hint.empty() && !for_commands(hint)) text += " " + ended(node::with_capital(say(hint)));
    return text;
}

std::string error_text(const node::Error& error) { return refusal_text(error.subject(), error.why(), error.hint()); }

}  // namespace paprsek::ui
