// What a person is told, and what he can do about it in one step (PRODUCT.md C6). Everything that a remedy changes is booked as
// facts of HQ's own; that an exception was answered is one too (exception.resolved).
//
//  fork            acknowledge   once the node's lines are joined: both are held, nothing is lost
//  rejected_fact   retry         projected now, as after an update; refused where it still cannot be
//                  set-aside     stays stored and counts for nothing
//  duplicate_customer  merge     one customer with both balances (hq/customers.h); --into says who stays, else the one who had the card
//                  keep-apart    they are two; what each claims of the other is not told again
//  customer_differs  accept   what HQ has stands, at that shop too
//                  take-over     what the shop knew of the customer holds for the whole chain
//  overdraft       accept        it may stand; told again when it grows
//                  write-off     a correction brings the points to zero
//                  raise-limit   the customer's limit becomes what is owed
//  gap             ask-again     every reply asks for what is missing; this only says so, and settles when it comes.
//                                A loss is never accepted: what follows a gap cannot be proven to be the node's without it, and the
//                                node holds what HQ has not acknowledged
//  clock_skew      accept        the facts stand as they are; told again when the clock errs anew
//  double_refund   accept        it stands; told again when more comes back
//                  write-off     corrections give the customer and the referrer back the points and spend that were taken twice; the money
//                                that was handed out twice is a matter between people
//  unknown_product create        a product from the sale's line: key, name, price, VAT group
//                  accept        its sales stand without one
//  price_mismatch  accept        the sale stands as it was booked, which it does anyway: money is not moved
//                  correct       corrections give the customer, and the referrer, what the rules come to
#pragma once
#include <string>
#include <vector>

#include "hq/store.h"

namespace paprsek::hq {

struct Remedy {
    std::string_view name;  ///< of remedy::…
    std::string says;       ///< what it does, in a sentence
};

/// What happened, in a sentence.
std::string sentence(const Exception& exception);

/// The remedies that fit now; none where it was answered, or where the node has to come first (a fork not joined yet).
std::vector<Remedy> remedies(Store& store, const Exception& exception);

struct Decision {
    std::string remedy;
    std::string into;  ///< merge: who stays, by number, card or id; empty = the one who had the card or number
};
/// Answers an exception that is open or accepted; the exception afterwards. Throws Error: usage where the remedy is none of its
/// kind, refused where it does not fit now, with nothing changed. `vat_groups` of the policy. Durable on return.
Exception resolve(Store& store, std::int64_t id, const Decision& decision, const std::vector<std::string>& vat_groups, node::Instant now);

}  // namespace paprsek::hq
