#include "hq/customers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hq/booking.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/loyalty_facts.h"

namespace paprsek::hq {
namespace {

/// The row that the text names, an alias or not.
std::optional<std::int64_t> row_of(Store& store, const std::string& text) {
    if (const auto number = node::as_customer_number(text)) return store.customer_by_number(*number);
    if (const auto row = store.customer_by_card(node::normalise_code(text))) return row;
    if (const auto account = store.find_account(text)) return account->row;
    return std::nullopt;
}

}  // namespace

std::int64_t find_customer(Store& store, const std::string& text) {
    const auto row = row_of(store, std::string(node::trim(text)));
    if (!row) node::refuse("customer " + text, "is not known", "name a number or a card");
    const Account account = store.account(*row);
    return account.main ? account.main : account.row;
}

node::CustomerFact fact_of(const CustomerRecord& record) {
    node::CustomerFact fact;
    fact.customer = record.id;
    fact.number = record.number;
    fact.dealer = record.dealer;
    fact.discount = record.discount;
    fact.charge = record.charge;
    fact.limit = record.limit;
    fact.referrer = record.referrer;
    fact.digest = record.digest;
    return fact;
}

std::string keep_texts(Store& store, const node::PersonalTexts& texts, node::Random& random) {
    std::array<unsigned char, 16> bytes{};
    random.fill(bytes);
    std::string salt;
    for (const unsigned char byte : bytes) salt += fmt::format("{:02x}", byte);
    const std::string body = node::personal_body(texts, salt);
    const std::string digest = node::digest_of(body);
    store.add_personal(digest, body);
    return digest;
}

void merge_customers(Store& store, const std::string& from, const std::string& into, node::Instant now) {
    Booking booking(store, now);
    const std::int64_t gone = find_customer(store, from), stays = find_customer(store, into);
    if (gone == stays) node::refuse(fmt::format("customers {} and {}", from, into), "are one customer already");
    booking.append(schema::kind::customer_merged, node::body_of(node::MergeFact{store.customer(gone).id, store.customer(stays).id}));
    booking.commit();
}

std::int64_t erase_customer(Store& store, const std::string& customer, node::Instant now) {
    Booking booking(store, now);
    const std::int64_t row = find_customer(store, customer);
    booking.append(schema::kind::customer_erased, node::body_of(node::ErasureFact{store.customer(row).id, {}, {}, 0}));
    booking.commit();
    return row;
}

std::int64_t unmerge_customer(Store& store, const std::string& from, node::Instant now) {
    Booking booking(store, now);
    const std::string text(node::trim(from)), card = node::normalise_code(text);
    const auto number = node::as_customer_number(text);
    // A card that passed on at two merges names both of those who had it. The newer merge is the one to undo; the older is of one of
    // the aliases that passed on with it.
    const auto passed_on = [](const MergedCustomer& merged, std::int64_t row) {
        return std::find(merged.aliases.begin(), merged.aliases.end(), row) != merged.aliases.end();
    };
    std::optional<MergedCustomer> newest;
    for (const MergedCustomer& merged : store.merged_customers()) {
        const CustomerRecord record = store.customer(merged.row);
        const bool named = number ? merged.number == number || record.number == number
                                  : record.id == text || std::find(merged.cards.begin(), merged.cards.end(), card) != merged.cards.end();
        if (named && !(newest && passed_on(*newest, merged.row))) newest = merged;
    }
    const std::string id = newest ? store.customer(newest->row).id : "";
    if (id.empty()) {
        if (!row_of(store, text)) node::refuse("customer " + from, "is not known", "name a number or a card that it had before");
        node::refuse("customer " + from, "was not merged into another by hand");
    }
    booking.append(schema::kind::customer_unmerged, node::body_of(node::MergeFact{id, ""}));
    booking.commit();
    return store.find_account(id).value().row;
}

}  // namespace paprsek::hq
