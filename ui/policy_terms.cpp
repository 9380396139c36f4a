#include "ui/policy_terms.h"

#include "ui/kit/locale.h"

namespace paprsek::ui {

const char* day_name(int day) {
    static constexpr const char* names[] = {mark("Monday"), mark("Tuesday"),  mark("Wednesday"), mark("Thursday"),
                                            mark("Friday"), mark("Saturday"), mark("Sunday")};
    return tr(names[day]);
}

const char* day_short(int day) {
    static constexpr const char* names[] = {mark("Mo"), mark("Tu"), mark("We"), mark("Th"), mark("Fr"), mark("Sa"), mark("Su")};
    return tr(names[day]);
}

std::string days_text(unsigned days) {
    if ((days & 0x7f) == 0x7f) return tr("every day");
    std::string text;
    for (int day = 0; day < 7; ++day) {
        if ((days >> day & 1u) != 0) text += (text.empty() ? "" : ", ") + std::string(day_short(day));
    }
    return text;
}

std::string hours_text(const node::TimeWindow& window) {
    if (window.from == 0 && window.to == 1440) return tr("the whole day");
    const auto clock = [](int minute) {
        const std::string rest = std::to_string(minute % 60);
        return std::to_string(minute / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
    };
    return clock(window.from) + "–" + clock(window.to);
}

std::string role_name(const std::string& role) {
    if (role == node::administrator_role) return tr("Administrator");
    if (role == "manager") return tr("Manager");
    if (role == "cashier") return tr("Cashier");
    return role;  // a chain's own
}

}  // namespace paprsek::ui
