#include "hq/card_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "hq/booking.h"
#include "hq/customers.h"
#include "node/base/error.h"
#include "node/codes.h"

namespace paprsek::hq {
namespace {

constexpr std::size_t max_told_faults = 1000;
constexpr std::size_t max_cards_a_fact = 1000;

class CardList {
public:
    CardList(Store& store, const node::CsvTable& table, const CardListOptions& options, node::Instant now, node::Random& random)
        : store_(store), table_(table), options_(options), random_(random), booking_(store, now) {}

    CardListReport run() {
        node::CardTable parsed = node::parse_cards(table_);
        for (node::RowFault& fault : parsed.faults) add(std::move(fault));
        for (const node::ImportedCard& card : parsed.cards) {
            try {
                take(card);
            } catch (const node::Error& error) {
                if (error.exit() != node::Exit::refused) throw;
                add({card.place, error.subject() == card.place ? error.why() : error.subject() + " " + error.why(), error.hint()});
            }
        }
        report_.rows = static_cast<std::int64_t>(named_.size());
        if (options_.replace) take_off();
        if (!report_.faults.empty() || options_.preview) return report_;  // the booking is given up
        link();
        if (report_.added + report_.removed > 0)
            booking_.append(schema::kind::catalogue_imported, node::canonical({{"file", table_.name},
                                                                               {"what", "cards"},
                                                                               {"rows", report_.rows},
                                                                               {"added", report_.added},
                                                                               {"changed", report_.removed}}));
        booking_.commit();
        return report_;
    }

private:
    void add(node::RowFault fault) {
        if (report_.faults.size() < max_told_faults)
            report_.faults.push_back(std::move(fault));
        else
            ++report_.more_faults;
    }

    void take(const node::ImportedCard& row) {
        if (!named_.insert(row.card).second) return;  // the same again
        const auto holder = store_.customer_by_card(row.card);
        if (!holder && node::looks_like_payment_card(row.card))
            node::refuse(row.place, "holds the number of a payment card", "payment cards are never stored");
        if (!row.customer.empty())
            give(row, holder);
        else if (!row.name.empty() && (!holder || is_card_alone(store_, *holder, row.card)))
            name(row);
        std::vector<std::string> programmes = store_.programmes_of(row.card);
        if (std::find(programmes.begin(), programmes.end(), options_.programme) != programmes.end()) {
            ++report_.unchanged;
            return;
        }
        programmes.push_back(options_.programme);
        std::sort(programmes.begin(), programmes.end());
        store_.list_card(row.card, programmes);
        ++report_.added;
    }

    /// The card becomes that customer's, unless it is somebody else's.
    void give(const node::ImportedCard& row, std::optional<std::int64_t> holder) {
        const std::int64_t customer = find_customer(store_, row.customer);
        if (holder == customer) return;
        if (holder && !is_card_alone(store_, *holder, row.card))
            node::refuse(row.place, fmt::format("card {} is another customer's than {}", row.card, row.customer),
                         "merge them by paprsek-hq customers HQ merge, or take the row out");
        gifts_[customer].push_back(row.card);
        ++report_.linked;
    }

    void name(const node::ImportedCard& row) {
        names_.emplace_back(row.card, row.name);
        ++report_.linked;
    }

    /// Facts of who has which card: after all rows were looked at, so that a wrong one books nothing.
    void link() {
        for (const auto& [customer, cards] : gifts_)
            for (std::size_t first = 0; first < cards.size(); first += max_cards_a_fact) {
                node::CustomerFact fact = fact_of(store_.customer(customer));
                fact.cards.assign(cards.begin() + static_cast<std::ptrdiff_t>(first),
                                  cards.begin() + static_cast<std::ptrdiff_t>(std::min(cards.size(), first + max_cards_a_fact)));
                booking_.append(schema::kind::customer_set, node::body_of(fact));
            }
        for (const auto& [card, name] : names_) {
            node::CustomerFact fact;
            fact.customer = node::customer_of_card(card);
            fact.cards = {card};
            fact.digest = keep_texts(store_, {name, "", "", "", ""}, random_);
            booking_.append(schema::kind::customer_set, node::body_of(fact));
        }
    }

    void take_off() {
        for (const std::string& card : store_.listed_cards(options_.programme)) {
            if (named_.contains(card)) continue;
            std::vector<std::string> programmes = store_.programmes_of(card);
            std::erase(programmes, options_.programme);
            store_.list_card(card, programmes);
            ++report_.removed;
        }
    }

    Store& store_;
    const node::CsvTable& table_;
    const CardListOptions& options_;
    node::Random& random_;
    Booking booking_;
    std::set<std::string> named_;
    std::map<std::int64_t, std::vector<std::string>> gifts_;     ///< by customer's row
    std::vector<std::pair<std::string, std::string>> names_;     ///< card and name of new customers
    CardListReport report_;
};

}  // namespace

CardListReport import_card_list(Store& store, const node::CsvTable& table, const CardListOptions& options, const std::vector<std::string>& programmes,
                                node::Instant now, node::Random& random) {
    if (std::find(programmes.begin(), programmes.end(), options.programme) == programmes.end())
        node::refuse("programme " + options.programme, "is not named by the policy",
                     programmes.empty() ? "add it: paprsek-hq policy HQ --set FILE" : fmt::format("the policy names {}", fmt::join(programmes, ", ")));
    return CardList(store, table, options, now, random).run();
}

}  // namespace paprsek::hq
