#include "node/customer_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "node/aliases.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/imports.h"
#include "node/loyalty_facts.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_cards = 1000;  // a fact must hold them
constexpr std::int64_t max_number = 9999;
constexpr Money max_limit = Money::of(1'000'000'000'00);

std::string shown(const CustomerRecord& record) {
    if (record.number) return fmt::format("customer {}", *record.number);
    return record.terms.cards.empty() ? "customer " + record.terms.id : "the customer with card " + record.terms.cards.front();
}

Outcome unknown(std::string_view text) { return refused(Refusal::unknown_customer, fmt::format("There is no customer {}.", text)); }

Outcome check_alone(Node& node, const char* act) {
    if (!node.enrolment()) return {};
    return refused(Refusal::kept_at_hq, fmt::format("{} is decided at headquarters for a branch of a chain: paprsek-hq customers HQ.", act));
}

CustomerFact fact_of(const CustomerRecord& record, const Hand& by) {
    CustomerFact fact;
    fact.customer = record.terms.id;
    fact.number = record.number;
    fact.cards = record.terms.cards;
    fact.dealer = record.terms.dealer;
    fact.discount = record.terms.discount;
    fact.charge = record.terms.charge;
    fact.limit = record.terms.limit;
    fact.referrer = record.terms.referrer;
    fact.cashier = by.cashier;
    fact.approvals = by.approvals;
    return fact;
}

/// Whoever follows the referrers comes back to where he began.
bool goes_round(Database& database, const std::string& customer, const std::string& referrer) {
    std::set<std::string> seen = {customer};
    for (std::string next = referrer; !next.empty();) {
        const auto record = customer_by_id(database, next);
        if (!record) return false;
        if (!seen.insert(record->terms.id).second) return true;
        next = record->terms.referrer;
    }
    return false;
}

Outcome set_text(const std::optional<std::string>& wanted, const char* what, std::string& text) {
    if (!wanted) return {};
    const auto composed = nfc(trim(*wanted));
    if (!composed || composed->size() > max_text_bytes)
        return refused(Refusal::bad_customer, fmt::format("A customer's {} is a text of at most {} bytes.", what, max_text_bytes));
    text = *composed;
    return {};
}

class CustomerEdit {
public:
    CustomerEdit(Node& node, const Hand& by, const CustomerChange& change) : node_(node), database_(node.database()), by_(by), change_(change) {}

    Outcome run(CustomerBooked& booked) {
        if (!change_.customer.empty()) {
            before_ = named_customer(database_, change_.customer);
            if (!before_) return unknown(change_.customer);
            after_ = *before_;
        }
        for (const auto step : {&CustomerEdit::set_texts, &CustomerEdit::set_terms, &CustomerEdit::set_number, &CustomerEdit::set_cards,
                                &CustomerEdit::name_new_one, &CustomerEdit::set_referrer})
            if (auto outcome = (this->*step)(); !outcome.ok()) return outcome;
        booked.added = !before_;
        booked.seq = same() ? 0 : append();
        booked.customer = customer_by_id(database_, after_.terms.id).value();
        return {};
    }

private:
    Outcome set_texts() {
        PersonalTexts& texts = after_.texts;
        for (const auto& [wanted, what, text] :
             {std::tuple(&change_.name, "name", &texts.name), std::tuple(&change_.phone, "phone", &texts.phone),
              std::tuple(&change_.email, "e-mail", &texts.email), std::tuple(&change_.address, "address", &texts.address),
              std::tuple(&change_.note, "note", &texts.note), std::tuple(&change_.dealer, "dealer category", &after_.terms.dealer)})
            if (auto outcome = set_text(*wanted, what, *text); !outcome.ok()) return outcome;
        if (!before_ && node_.policy().demand_details && (texts.name.empty() || texts.phone.empty() || texts.address.empty()))
            return refused(Refusal::details_demanded, "A new customer needs a name, a phone and an address: the policy demands all details.");
        return {};
    }

    Outcome set_terms() {
        if (change_.discount && (*change_.discount < Rate{} || *change_.discount > hundred_percent))
            return refused(Refusal::bad_discount, "A customer's discount is between 0 and 100 percent.");
        if (change_.limit && (*change_.limit < Money{} || *change_.limit > max_limit))
            return refused(Refusal::bad_amount, fmt::format("An account's limit is between 0 (none) and {}.", print(max_limit)));
        after_.terms.discount = change_.discount.value_or(after_.terms.discount);
        after_.terms.charge = change_.charge.value_or(after_.terms.charge);
        after_.terms.limit = change_.limit.value_or(after_.terms.limit);
        return {};
    }

    Outcome set_number() {
        if (!change_.number) return {};
        const std::string_view text = trim(*change_.number);
        if (text.empty()) {
            after_.number.reset();
            return {};
        }
        if (text == "next") {
            if (auto outcome = check_alone(node_, "The next free number"); !outcome.ok()) return outcome;
            after_.number = database_.integer("SELECT ifnull(max(number), 0) + 1 FROM customer").value_or(1);
        } else {
            after_.number = as_customer_number(text);
        }
        if (!after_.number || *after_.number < 1 || *after_.number > max_number)
            return refused(Refusal::bad_customer,
                           fmt::format("A customer's number is between 1 and {}, not \"{}\"; a longer code is a card.", max_number, text));
        const auto other = customer_by_number(database_, *after_.number);
        if (other && (!before_ || other->terms.id != before_->terms.id))
            return refused(Refusal::number_taken, fmt::format("The number {} is taken.", *after_.number));
        return {};
    }

    Outcome set_cards() {
        std::vector<std::string>& cards = after_.terms.cards;
        for (const std::string& text : change_.drop_cards) {
            const std::string card = normalise_code(text);
            const auto held = std::find(cards.begin(), cards.end(), card);
            if (held == cards.end()) return refused(Refusal::bad_customer, fmt::format("The customer has no card {}.", text));
            cards.erase(held);
            gone_.push_back(card);
        }
        for (const std::string& text : change_.cards) {
            const std::string card = normalise_code(code_of_stripe(text));
            if (auto outcome = check_card(text, card); !outcome.ok()) return outcome;
            if (std::find(cards.begin(), cards.end(), card) == cards.end()) cards.push_back(card);
            std::erase(gone_, card);
        }
        if (cards.size() > max_cards) return refused(Refusal::bad_customer, fmt::format("A customer has at most {} cards.", max_cards));
        std::sort(cards.begin(), cards.end());
        if (!before_ && !after_.number && cards.empty()) return refused(Refusal::bad_customer, "A new customer needs a number or a card.");
        return {};
    }

    Outcome check_card(const std::string& text, const std::string& card) {
        if (card.empty() || as_customer_number(card))
            return refused(Refusal::bad_customer, fmt::format("A card has a code of more than 4 digits, not \"{}\".", text));
        if (looks_like_payment_card(card)) return refused(Refusal::payment_card, "This is a payment card: it is not taken as a customer's card and not kept.");
        const auto holder = customer_by_card(database_, card);
        if (holder && (!before_ || holder->terms.id != before_->terms.id))
            return refused(Refusal::card_taken, fmt::format("The card {} is {}'s: edit or merge that one.", card, shown(*holder)));
        if (find_product(database_, card) || user_by_badge(database_, card))
            return refused(Refusal::card_taken, fmt::format("The code {} is a product's or a cashier's badge: it cannot be a card.", card));
        return {};
    }

    Outcome name_new_one() {
        if (before_) return {};
        const auto& cards = after_.terms.cards;
        std::string id = cards.empty() ? "" : customer_of_card(cards.front());
        // The card was another's before: what is booked under its name stays that one's.
        if (id.empty() || customer_by_id(database_, id)) id = customer_of_fact(node_.info().node, node_.epoch(), node_.ledger().head().seq + 1);
        after_.terms.id = std::move(id);
        return {};
    }

    Outcome set_referrer() {
        if (!change_.referrer) return {};
        after_.terms.referrer.clear();
        if (trim(*change_.referrer).empty()) return {};
        const auto referrer = named_customer(database_, *change_.referrer);
        if (!referrer) return unknown(*change_.referrer);
        if (goes_round(database_, after_.terms.id, referrer->terms.id))
            return refused(Refusal::referrer_circle, fmt::format("The referrers would go round in a circle: {} comes from this customer.", shown(*referrer)));
        after_.terms.referrer = referrer->terms.id;
        return {};
    }

    bool same() const {
        if (!before_) return false;
        const CustomerTerms &is = before_->terms, &will = after_.terms;
        return before_->number == after_.number && before_->texts == after_.texts && is.cards == will.cards && is.dealer == will.dealer &&
               is.discount == will.discount && is.charge == will.charge && is.limit == will.limit && is.referrer == will.referrer;
    }

    std::int64_t append() {
        CustomerFact fact = fact_of(after_, by_);
        fact.gone = gone_;
        if (!after_.texts.empty()) fact.digest = keep_texts(node_, after_.texts);
        return node_.ledger().append(kind::customer_set, body_of(fact), node_.clock().now());
    }

    Node& node_;
    Database& database_;
    const Hand& by_;
    const CustomerChange& change_;
    std::optional<CustomerRecord> before_;
    CustomerRecord after_;
    std::vector<std::string> gone_;
};

/// The last fact that said what is known of the customer, before a place in the ledger.
std::optional<CustomerFact> last_said(Database& database, const std::string& customer, std::int64_t before_seq) {
    std::optional<CustomerFact> last;
    auto rows = database.query("SELECT body FROM own_fact WHERE kind = 'customer.set' AND seq < ? AND json_extract(body, '$.customer') = ? "
                               "ORDER BY seq DESC LIMIT 1",
                               before_seq, customer);
    if (rows.step()) last = parse_customer(rows.view(0));
    return last;
}

}  // namespace

std::string keep_texts(Node& node, const PersonalTexts& texts) {
    std::array<unsigned char, 16> bytes{};
    node.random().fill(bytes);
    std::string salt;
    for (const unsigned char byte : bytes) salt += fmt::format("{:02x}", byte);
    const std::string body = personal_body(texts, salt);
    const std::string digest = digest_of(body);
    node.database().run("INSERT OR IGNORE INTO personal (digest, body) VALUES (?, ?)", digest, body);
    return digest;
}

std::optional<CustomerRecord> named_customer(Database& database, std::string_view text) {
    const std::string_view wanted = trim(text);
    if (const auto number = as_customer_number(wanted)) return customer_by_number(database, *number);
    if (auto record = customer_by_card(database, normalise_code(code_of_stripe(wanted)))) return record;
    return customer_by_id(database, wanted);
}

std::vector<Permission> needed_for(const CustomerChange& change) {
    std::vector<Permission> needed = {Permission::edit_customers};
    if (change.dealer || change.discount || change.charge || change.limit) needed.push_back(Permission::grant_terms);
    return needed;
}

Outcome change_customer(Node& node, const Hand& by, const CustomerChange& change, CustomerBooked& booked) {
    Transaction transaction(node.database());
    if (auto outcome = CustomerEdit(node, by, change).run(booked); !outcome.ok()) return outcome;
    transaction.commit();
    return {};
}

Outcome merge_customers(Node& node, const Hand& by, std::string_view from, std::string_view into, CustomerBooked& booked) {
    if (auto outcome = check_alone(node, "Who is one with whom"); !outcome.ok()) return outcome;
    Database& database = node.database();
    Transaction transaction(database);
    const auto gone = named_customer(database, from), stays = named_customer(database, into);
    if (!gone || !stays) return unknown(gone ? into : from);
    if (gone->terms.id == stays->terms.id) return refused(Refusal::bad_customer, fmt::format("{} and {} are one customer already.", from, into));
    CustomerRecord united = *stays;
    if (!united.number) united.number = gone->number;
    if (united.texts.empty()) united.texts = gone->texts;
    united.terms.cards.insert(united.terms.cards.end(), gone->terms.cards.begin(), gone->terms.cards.end());
    std::sort(united.terms.cards.begin(), united.terms.cards.end());
    if (united.terms.cards.size() > max_cards) return refused(Refusal::bad_customer, fmt::format("A customer has at most {} cards.", max_cards));
    // Nobody gets a share of his own purchases.
    const auto referrer = united.terms.referrer.empty() ? std::nullopt : customer_by_id(database, united.terms.referrer);
    if (referrer && referrer->terms.id == gone->terms.id) united.terms.referrer.clear();
    const Instant now = node.clock().now();
    node.ledger().append(kind::customer_merged, body_of(MergeFact{gone->terms.id, stays->terms.id}), now);
    if (!united.terms.referrer.empty() && goes_round(database, stays->terms.id, united.terms.referrer))
        return refused(Refusal::referrer_circle, "As one customer they would have been brought by themselves: change the referrer first.");
    CustomerFact fact = fact_of(united, by);
    if (!united.texts.empty()) fact.digest = keep_texts(node, united.texts);
    booked.seq = node.ledger().append(kind::customer_set, body_of(fact), now);
    booked.added = false;
    booked.customer = customer_by_id(database, stays->terms.id).value();
    transaction.commit();
    return {};
}

Outcome unmerge_customer(Node& node, const Hand& by, std::string_view from, CustomerBooked& booked) {
    if (auto outcome = check_alone(node, "Who is one with whom"); !outcome.ok()) return outcome;
    Database& database = node.database();
    Transaction transaction(database);
    const std::string text(trim(from)), card = normalise_code(text);
    const auto number = as_customer_number(text);
    // The newest merge of a customer who was named so before it, and is still merged.
    std::optional<MergeFact> merge;
    std::int64_t merged_at = 0;
    CustomerFact said;
    for (auto rows = database.query("SELECT seq, body FROM own_fact WHERE kind = 'customer.merged' ORDER BY seq DESC"); !merge && rows.step();) {
        const MergeFact each = parse_merge(kind::customer_merged, rows.view(1));
        if (main_customer(database, each.from) == each.from) continue;
        const auto before = last_said(database, each.from, rows.integer(0));
        if (!before) continue;
        const bool named =
            number ? before->number == number : each.from == text || std::find(before->cards.begin(), before->cards.end(), card) != before->cards.end();
        if (!named) continue;
        merge = each;
        merged_at = rows.integer(0);
        said = *before;
    }
    if (!merge) return named_customer(database, text) ? refused(Refusal::not_merged, fmt::format("{} was not merged into another.", text)) : unknown(text);

    const CustomerRecord kept = customer_by_id(database, merge->from).value();  // as it stands with both
    const auto kept_before = last_said(database, kept.terms.id, merged_at);
    const Instant now = node.clock().now();
    node.ledger().append(kind::customer_unmerged, body_of(MergeFact{merge->from, ""}), now);
    // What passed over at the merge goes back where it is still there; what was changed since stays.
    CustomerRecord rest = kept;
    if (said.number && rest.number == said.number && !(kept_before && kept_before->number == said.number)) rest.number.reset();
    const auto texts_of = [&](const std::string& digest) {
        const auto body = database.text("SELECT body FROM personal WHERE digest = ?", digest);
        return body ? parse_personal(*body) : PersonalTexts{};
    };
    const PersonalTexts given = texts_of(said.digest);
    if (!given.empty() && rest.texts == given && kept_before && texts_of(kept_before->digest).empty()) rest.texts = {};
    std::vector<std::string> gone;
    for (const std::string& each : said.cards)
        if (std::erase(rest.terms.cards, each)) gone.push_back(each);
    if (rest.terms.referrer.empty() && kept_before && kept_before->referrer == merge->from) rest.terms.referrer = merge->from;
    CustomerFact fact = fact_of(rest, by);
    fact.gone = gone;
    if (!rest.texts.empty()) fact.digest = keep_texts(node, rest.texts);
    node.ledger().append(kind::customer_set, body_of(fact), now);
    said.cards = gone;  // those that somebody took away meanwhile stay away
    if (said.number && customer_by_number(database, *said.number)) said.number.reset();
    said.gone.clear();
    said.cashier = by.cashier;
    said.approvals = by.approvals;
    if (given.empty()) said.digest.clear();
    booked.seq = node.ledger().append(kind::customer_set, body_of(said), now);
    booked.added = false;
    booked.customer = customer_by_id(database, said.customer).value();
    transaction.commit();
    return {};
}

Outcome erase_customer(Node& node, const Hand& by, std::string_view customer, CustomerBooked& booked) {
    Transaction transaction(node.database());
    const auto record = named_customer(node.database(), customer);
    if (!record) return unknown(customer);
    const Instant now = node.clock().now();
    const ErasureFact fact{record->terms.id, by.cashier, by.approvals, node.ledger().clock_back_ms(now)};
    booked.seq = node.ledger().append(kind::customer_erased, body_of(fact), now);
    forget_texts(node.database(), record->terms.id, booked.seq);
    booked.added = false;
    booked.customer = customer_by_id(node.database(), record->terms.id).value();
    transaction.commit();
    return {};
}

std::vector<ScannedCard> add_cards(Node& node, const Hand& by, const std::vector<std::string>& cards) {
    std::vector<ScannedCard> answers;
    for (const std::string& text : cards) {
        ScannedCard answer{std::string(trim(text)), {}, false};
        if (!customer_by_card(node.database(), normalise_code(code_of_stripe(text)))) {
            CustomerChange change;
            change.cards = {text};
            CustomerBooked booked;
            answer.outcome = change_customer(node, by, change, booked);
            answer.added = answer.outcome.ok();
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace paprsek::node
