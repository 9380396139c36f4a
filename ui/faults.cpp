#include "ui/faults.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "node/base/text.h"
#include "ui/kit/locale.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

/// Lists of the settings and fields in them, as their file names them.
constexpr const char* setting_names[] = {mark("multipliers"), mark("time_discounts"), mark("levels"), mark("programmes"), mark("tenders"),
                                         mark("roles"), mark("price_lists"), mark("tables"), mark("vat"), mark("factor"), mark("discount"),
                                         mark("spend"), mark("share"), mark("from"), mark("to"), mark("point_value"),
                                         mark("points_expire_months"), mark("excluded_products"),
                                         mark("area"), mark("text"), mark("texts"), mark("price"), mark("favourites")};

/// "The settings levels[2]": where one entry of a list of the settings is at fault.
std::string entry_place(const std::string& place) {
    const std::size_t list = place.rfind(' '), number = place.rfind('[');
    if (!place.ends_with(']') || list == std::string::npos || number == std::string::npos || number < list) return place;
    const std::string name = place.substr(list + 1, number - list - 1);
    if (std::find(std::begin(setting_names), std::end(setting_names), name) == std::end(setting_names)) return place;
    return fill_in(tr("{}, {} no. {}"), {place.substr(0, list), tr(name.c_str()), place.substr(number + 1, place.size() - number - 2)});
}

std::string ended(std::string text) {
    if (!text.empty() && text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
    return text;
}

bool for_commands(const std::string& hint) { return hint.find("paprsek") != std::string::npos || hint.find("--") != std::string::npos; }

}  // namespace

std::string place_text(const std::string& subject) {
    std::string place = subject.substr(subject.rfind('/') == std::string::npos ? 0 : subject.rfind('/') + 1);
    if (const std::size_t column = place.rfind(" column "); column != std::string::npos)
        return fill_in(tr("{}, column {}"), {place_text(place.substr(0, column)), place.substr(column + std::string_view(" column ").size())});
    for (const auto& [word, said] : {std::pair(" line ", tr("{}, line {}")), std::pair(" row ", tr("{}, row {}"))}) {
        const std::size_t at = place.rfind(word);
        if (at != std::string::npos) return fill_in(said, {place.substr(0, at), place.substr(at + std::string_view(word).size())});
    }
    return entry_place(place);
}

std::string refusal_text(const std::string& subject, const std::string& why, const std::string& hint) {
    std::string text = subject.empty() ? ended(node::with_capital(say(why))) : place_text(subject) + ": " + ended(say(why));
    if (!hint.empty() && !for_commands(hint)) text += " " + ended(node::with_capital(say(hint)));
    return text;
}

std::string error_text(const node::Error& error) { return refusal_text(error.subject(), error.why(), error.hint()); }

std::string said_fault(const std::string& fault) {
    constexpr std::string_view row = " line ", colon = ": ";
    const std::size_t at = fault.find(row), end = at == std::string::npos ? at : fault.find(colon, at);
    if (end == std::string::npos) return fault;
    const std::size_t number = at + row.size();
    return fill_in(tr("{}, line {}: {}"), {fault.substr(0, at), fault.substr(number, end - number), say(fault.substr(end + colon.size()))});
}

}  // namespace paprsek::ui
