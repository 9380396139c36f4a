#include "ui/period.h"

#include "ui/kit/locale.h"

namespace paprsek::ui {

std::vector<std::string> period_labels() { return {tr("Today"), tr("Yesterday"), tr("Week"), tr("Month"), tr("Year"), tr("From–to")}; }

std::pair<node::Date, node::Date> days_of(Period period, node::Date today) {
    const std::string iso = node::print(today);
    switch (period) {
        case Period::yesterday: return {{today.days - 1}, {today.days - 1}};
        case Period::week: return {{today.days - static_cast<int>(node::weekday_of(today))}, today};
        case Period::month: return {node::parse_date(iso.substr(0, 8) + "01").value(), today};
        case Period::year: return {node::parse_date(iso.substr(0, 5) + "01-01").value(), today};
        case Period::today:
        case Period::free: break;
    }
    return {today, today};
}

}  // namespace paprsek::ui
