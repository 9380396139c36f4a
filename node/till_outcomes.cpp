#include "node/till_outcomes.h"

#include <fmt/format.h>

#include "node/base/text.h"

namespace paprsek::node {

Outcome refused(Refusal refusal, std::string message) { return {refusal, std::move(message)}; }

Outcome no_such_line() { return refused(Refusal::no_such_line, "There is no such line."); }

Outcome parked_elsewhere() {
    return refused(Refusal::parked_elsewhere, "Somebody else has changed, paid or taken up this receipt meanwhile: look at it again.");
}

Outcome out_of_range() { return refused(Refusal::amount_out_of_range, "The amount is larger than a till can book."); }

Outcome check_quantity(Quantity quantity) {
    if (quantity <= Quantity{} || quantity > max_entered_quantity)
        return refused(Refusal::bad_quantity, "The quantity must be above zero and at most 1000000.");
    return {};
}

Outcome check_price(Money price) {
    if (price < Money{} || price > max_entered_amount)
        return refused(Refusal::bad_price, fmt::format("The price must be between 0 and {}.", print(max_entered_amount)));
    return {};
}

Outcome check_reason(std::string_view reason, std::string_view act) {
    if (trim(reason).empty()) return refused(Refusal::reason_missing, fmt::format("{} needs a reason.", act));
    return check_note(reason);
}

Outcome check_note(std::string_view reason) {
    if (!nfc(reason) || reason.size() > max_reason_bytes)
        return refused(Refusal::bad_line, fmt::format("A reason is a text of at most {} bytes.", max_reason_bytes));
    return {};
}

std::string_view print(Refusal refusal) {
    switch (refusal) {
        case Refusal::none: return "none";
        case Refusal::bad_line: return "bad_line";
        case Refusal::unknown_code: return "unknown_code";
        case Refusal::unknown_customer: return "unknown_customer";
        case Refusal::payment_card: return "payment_card";
        case Refusal::no_such_line: return "no_such_line";
        case Refusal::bad_quantity: return "bad_quantity";
        case Refusal::bad_price: return "bad_price";
        case Refusal::bad_discount: return "bad_discount";
        case Refusal::unknown_vat_group: return "unknown_vat_group";
        case Refusal::amount_out_of_range: return "amount_out_of_range";
        case Refusal::printer_refuses: return "printer_refuses";
        case Refusal::empty_receipt: return "empty_receipt";
        case Refusal::unresolved_line: return "unresolved_line";
        case Refusal::redeem_without_customer: return "redeem_without_customer";
        case Refusal::redeem_without_goods: return "redeem_without_goods";
        case Refusal::offline_cap: return "offline_cap";
        case Refusal::not_enough_cash: return "not_enough_cash";
        case Refusal::over_tender: return "over_tender";
        case Refusal::account_not_allowed: return "account_not_allowed";
        case Refusal::account_limit: return "account_limit";
        case Refusal::account_without_customer: return "account_without_customer";
        case Refusal::unknown_receipt: return "unknown_receipt";
        case Refusal::receipt_asked: return "receipt_asked";
        case Refusal::ambiguous_receipt: return "ambiguous_receipt";
        case Refusal::more_than_left: return "more_than_left";
        case Refusal::refund_over_account: return "refund_over_account";
        case Refusal::unknown_stock: return "unknown_stock";
        case Refusal::unknown_document: return "unknown_document";
        case Refusal::document_booked: return "document_booked";
        case Refusal::bad_branch: return "bad_branch";
        case Refusal::unknown_group: return "unknown_group";
        case Refusal::stocktake_open: return "stocktake_open";
        case Refusal::no_stocktake: return "no_stocktake";
        case Refusal::not_on_list: return "not_on_list";
        case Refusal::nothing_counted: return "nothing_counted";
        case Refusal::nothing_to_settle: return "nothing_to_settle";
        case Refusal::reason_missing: return "reason_missing";
        case Refusal::too_many_lines: return "too_many_lines";
        case Refusal::bad_amount: return "bad_amount";
        case Refusal::details_demanded: return "details_demanded";
        case Refusal::right_too_small: return "right_too_small";
        case Refusal::bad_table: return "bad_table";
        case Refusal::table_occupied: return "table_occupied";
        case Refusal::receipt_in_hand: return "receipt_in_hand";
        case Refusal::unknown_parked: return "unknown_parked";
        case Refusal::parked_elsewhere: return "parked_elsewhere";
        case Refusal::two_customers: return "two_customers";
        case Refusal::whole_receipt: return "whole_receipt";
        case Refusal::too_many_parked: return "too_many_parked";
        case Refusal::not_logged_in: return "not_logged_in";
        case Refusal::locked: return "locked";
        case Refusal::not_permitted: return "not_permitted";
        case Refusal::approver_not_permitted: return "approver_not_permitted";
        case Refusal::wrong_pin: return "wrong_pin";
        case Refusal::pin_wait: return "pin_wait";
        case Refusal::unknown_badge: return "unknown_badge";
        case Refusal::unknown_user: return "unknown_user";
        case Refusal::unknown_role: return "unknown_role";
        case Refusal::bad_user_name: return "bad_user_name";
        case Refusal::bad_pin: return "bad_pin";
        case Refusal::pin_taken: return "pin_taken";
        case Refusal::bad_badge: return "bad_badge";
        case Refusal::badge_taken: return "badge_taken";
        case Refusal::name_taken: return "name_taken";
        case Refusal::first_is_administrator: return "first_is_administrator";
        case Refusal::last_administrator: return "last_administrator";
        case Refusal::unknown_tender: return "unknown_tender";
        case Refusal::shift_open: return "shift_open";
        case Refusal::shift_not_open: return "shift_not_open";
        case Refusal::bad_denomination: return "bad_denomination";
        case Refusal::count_mismatch: return "count_mismatch";
        case Refusal::number_taken: return "number_taken";
        case Refusal::card_taken: return "card_taken";
        case Refusal::bad_customer: return "bad_customer";
        case Refusal::referrer_circle: return "referrer_circle";
        case Refusal::kept_at_hq: return "kept_at_hq";
        case Refusal::not_merged: return "not_merged";
        case Refusal::confirm_reset: return "confirm_reset";
        case Refusal::nothing_to_reset: return "nothing_to_reset";
    }
    return "";
}

std::string_view print(Spendable::By by) {
    switch (by) {
        case Spendable::By::balance: return "balance";
        case Spendable::By::allowance: return "allowance";
        case Spendable::By::right: return "right";
    }
    return "";
}

}  // namespace paprsek::node
