// How this program writes amounts, times and counts: by the node's currency, locale and time zone.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {

class Words {
public:
    Words(std::string_view currency, std::string_view locale, node::TimeZone zone);

    std::string money(node::Money amount) const;         ///< "1 234,50 Kč"
    std::string whole_money(node::Money amount) const;   ///< "5 000 Kč", "0,50 Kč": a note, a coin
    std::string bare_money(node::Money amount) const;    ///< "1 234,50": columns under a title
    std::string points(node::Points points) const;       ///< "120", "120,50"
    std::string points_column(node::Points points) const; ///< "120,50": one under another
    std::string quantity(node::Quantity quantity) const; ///< "0,125"
    std::string percent(node::Rate percent) const;       ///< "5 %"
    std::string count(std::int64_t count) const;
    std::string date(node::Instant instant) const;       ///< "2. 3. 2026", "02.03.2026", "2 Mar 2026"
    std::string date(node::Date day) const;
    std::string time(node::Instant instant) const;       ///< "10:15"
    std::string date_time(node::Instant instant) const;
    /// What was typed as a day: as date() writes it in any of the languages, or "2026-03-02".
    static std::optional<node::Date> parse_day(std::string_view text);
    const std::string& currency_sign() const { return sign_; }
    const NumberStyle& figures() const { return style_; }

    /// As it stands in an amount field: no groups, the locale's separator.
    template <class D>
    std::string typed(D value) const {
        return with_separator(node::print(value));
    }
    /// What was typed into an amount field, with '.' or ','; nothing where it is no number of that type.
    template <class D>
    static std::optional<D> parse_typed(std::string_view text) {
        return node::parse<D>(plain(text));
    }

private:
    enum class DateStyle { spaced, padded, named };
    static DateStyle date_style_of(std::string_view locale);
    std::string with_separator(std::string printed) const;
    static std::string plain(std::string_view typed);

    NumberStyle style_;
    DateStyle date_style_;
    std::string sign_;
    node::TimeZone zone_;
};

/// "Card", "Meal voucher": a tender of the policy's own shows its name.
std::string tender_label(const std::string& name);

}  // namespace paprsek::ui
