#include "node/till.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/error.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Till::Till(Node& node, Keep keep, PinCost pin_cost) : node_(node), keep_(keep), pin_cost_(pin_cost) {
    if (keep_ == Keep::every_command)
        if (const auto body = node_.database().text("SELECT body FROM open_receipt WHERE slot = 0")) {
            draft_ = parse_draft(*body);
            if (!draft_.customer.empty()) find_customer(draft_.customer, true, customer_);
        }
    before_ = {draft_, customer_};
    reprice();
}

// ------------------------------------------------------------------------------------------------ lines

std::optional<LineInput> Till::input_of(std::string_view code, Quantity quantity) {
    LineInput input;
    input.code = std::string(trim(code));
    input.quantity = quantity;
    input.entered = node_.clock().now();
    input.product = find_product(node_.database(), normalise_code(code));
    if (!input.product) {
        const auto match = match_barcode(normalise_code(code), node_.policy().barcode_rules);
        if (!match || match->customer) return std::nullopt;
        input.product = find_product(node_.database(), normalise_code(match->item));
        if (!input.product) return std::nullopt;
        if (match->quantity) input.quantity = Quantity::of_wide(divide_rounded(Wide{match->quantity->raw()} * quantity.raw(), one_piece.raw()));
        if (match->price) {
            input.price = *match->price;
            input.price_typed = true;
        }
    }
    if (!input.price_typed) input.price = input.product->price;
    input.name = input.product->name;
    input.vat = input.product->vat;
    return input;
}

Outcome Till::add(LineInput input, bool unknown) {
    if (draft_.lines.size() >= max_receipt_lines)
        return refused(Refusal::too_many_lines, fmt::format("A receipt has at most {} lines: close this one first.", max_receipt_lines));
    if (auto outcome = check_quantity(input.quantity); !outcome.ok()) return outcome;
    if (!unknown && !node_.policy().vat_rate(input.vat, node_.zone().local(input.entered).date))
        return refused(Refusal::unknown_vat_group, fmt::format("\"{}\" is no VAT group of the policy.", input.vat));
    if (auto outcome = permitted(Permission::sell, draft_.approvals); !outcome.ok()) return outcome;
    draft_.lines.push_back({std::move(input), unknown});
    return changed({});
}

Outcome Till::scan(std::string_view code, Quantity quantity) {
    const std::string normal = normalise_code(code);
    if (normal.empty()) return refused(Refusal::unknown_code, "The code is empty or cannot be read.");
    if (guarded()) {
        if (user_by_badge(node_.database(), normal)) return log_in_cashier({{}, normal, {}});
        std::vector<Approval> lent;  // booked where the line is added
        if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    }
    if (auto outcome = check_quantity(quantity); !outcome.ok()) return outcome;
    // Exact product, then a known card, then the barcode rules (PRODUCT.md "Codes").
    auto input = input_of(code, quantity);
    const bool exact = input && std::find(input->product->codes.begin(), input->product->codes.end(), normal) != input->product->codes.end();
    if (!exact) {
        if (customer_by_card(node_.database(), normal)) return log_in(code);
        const auto match = match_barcode(normal, node_.policy().barcode_rules);
        if (match && match->customer) return log_in(code);
    }
    if (input) return add(std::move(*input), false);

    LineInput unknown;
    unknown.code = std::string(trim(code));
    unknown.name = unknown.code;
    unknown.quantity = quantity;
    unknown.entered = node_.clock().now();
    if (auto outcome = add(std::move(unknown), true); !outcome.ok()) return outcome;
    return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue: give it a price or strike it out.", trim(code)));
}

Outcome Till::enter(std::string_view text) {
    text = trim(text);
    // Where nobody is logged in, the one field of the till asks for the PIN. From 8 digits on it may be a scanned product, which is
    // not to count as a wrong PIN.
    if (is_pin(text) && text.size() < 8 && guarded() && (!user_ || locked_)) return log_in_cashier({std::string(text), {}, {}});
    if (text.starts_with(';') || text.starts_with('%')) return log_in(text.starts_with(';') ? text.substr(1) : text);
    Quantity quantity = one_piece;
    if (const auto star = text.find('*'); star != std::string_view::npos) {
        std::string number(trim(text.substr(0, star)));
        std::replace(number.begin(), number.end(), ',', '.');
        const auto parsed = parse<Quantity>(number);
        if (!parsed) return refused(Refusal::bad_quantity, fmt::format("\"{}\" before the * is no quantity.", number));
        quantity = *parsed;
        text = trim(text.substr(star + 1));
    }
    return scan(text, quantity);
}

Outcome Till::add_open(std::string_view name_or_code, Money price, std::string_view vat, Quantity quantity, bool is_code) {
    const auto name = nfc(trim(name_or_code));
    if (!name || name->empty() || name->size() > 200) return refused(Refusal::bad_line, "A text line needs a text of at most 200 bytes.");
    if (auto outcome = check_price(price); !outcome.ok()) return outcome;
    LineInput input;
    if (is_code) input.code = *name;
    input.name = *name;
    input.vat = vat.empty() ? node_.policy().vat_groups().front() : std::string(vat);
    input.price = price;
    input.price_typed = true;
    input.quantity = quantity;
    input.entered = node_.clock().now();
    return add(std::move(input), false);
}

template <class Change>
Outcome Till::change(std::size_t line, Permission permission, Change change) {
    if (line >= draft_.lines.size()) return refused(Refusal::no_such_line, "There is no such line.");
    if (auto outcome = permitted(permission, draft_.approvals); !outcome.ok()) return outcome;
    change(draft_.lines[line]);
    return changed({});
}

Outcome Till::set_quantity(std::size_t line, Quantity quantity) {
    if (auto outcome = check_quantity(quantity); !outcome.ok()) return outcome;
    return change(line, Permission::sell, [&](DraftLine& draft) { draft.input.quantity = quantity; });
}

Outcome Till::set_price(std::size_t line, Money price) {
    if (auto outcome = check_price(price); !outcome.ok()) return outcome;
    const bool unknown = line < draft_.lines.size() && draft_.lines[line].unknown;  // has no price that could be changed
    return change(line, unknown ? Permission::sell : Permission::change_price, [&](DraftLine& draft) {
        draft.input.price = price;
        draft.input.price_typed = true;
        if (draft.unknown) draft.input.vat = node_.policy().vat_groups().front();
        draft.unknown = false;
    });
}

Outcome Till::set_discount(std::size_t line, Rate percent) {
    if (percent < Rate{} || percent > hundred_percent) return refused(Refusal::bad_discount, "A discount is between 0 and 100 percent.");
    return change(line, Permission::discount, [&](DraftLine& draft) { draft.input.manual_discount = percent; });
}

Outcome Till::void_line(std::size_t line) {
    if (line >= draft_.lines.size()) return refused(Refusal::no_such_line, "There is no such line.");
    const bool unknown = draft_.lines[line].unknown;
    if (auto outcome = permitted(unknown ? Permission::sell : Permission::void_line, draft_.approvals); !outcome.ok()) return outcome;
    draft_.lines.erase(draft_.lines.begin() + static_cast<std::ptrdiff_t>(line));
    return changed({});
}

Outcome Till::void_receipt() {
    if (!draft_.empty())
        if (auto outcome = permitted(Permission::void_receipt, draft_.approvals); !outcome.ok()) return outcome;
    clear();
    return changed({});
}

// ------------------------------------------------------------------------------------------------ state

void Till::refresh() {
    if (customer_) {
        std::optional<Customer> found;
        if (find_customer(customer_->shown, true, found).ok()) customer_ = std::move(found);
    }
    reprice();
}

/// Booked is booked: an act may not fail any more because the open receipt beside it could not be drawn anew. The next command
/// draws it, and payment reads everything again.
void Till::refresh_after_booking() {
    try {
        refresh();
    } catch (const Error&) {
    }
}

/// Takes over what a command did to the draft, or nothing of it: a line that could not be kept would be there twice when the
/// cashier scans it again.
Outcome Till::changed(Outcome outcome) {
    const TillView shown = view_;
    const auto take_back = [&] {
        draft_ = before_.draft;
        customer_ = before_.customer;
        view_ = shown;
    };
    try {
        reprice();
        if (keep_ == Keep::every_command) {
            Transaction transaction(node_.database());
            if (draft_.empty())
                node_.database().run("DELETE FROM open_receipt WHERE slot = 0");
            else
                node_.database().run("INSERT OR REPLACE INTO open_receipt (slot, body) VALUES (0, ?)", draft_json(draft_));
            transaction.commit();
        }
    } catch (const Overflow&) {  // also the points of a receipt that nobody had been logged in for
        take_back();
        return out_of_range();
    } catch (const Error&) {
        take_back();
        throw;
    }
    if (const auto known = before_.draft.approvals.size(); draft_.approvals.size() > known)
        use_up({draft_.approvals.begin() + static_cast<std::ptrdiff_t>(known), draft_.approvals.end()});
    before_ = {draft_, customer_};
    return outcome;
}

void Till::clear() {
    draft_ = {};
    customer_.reset();
}

void Till::reprice() {
    const Policy& policy = node_.policy();
    const CustomerTerms* customer = customer_ ? &customer_->record.terms : nullptr;
    TillView view;
    std::vector<PricedLine> priced;
    std::vector<BookedLine> booked;
    for (const DraftLine& draft : draft_.lines) {
        priced.push_back(price_line(policy, node_.zone(), draft.input, customer));
        const PricedLine& line = priced.back();
        const bool ignored = std::any_of(line.why.begin(), line.why.end(), [](const Reason& reason) { return reason.why == Why::manual_ignored; });
        view.lines.push_back({line.line, line.percent, draft.unknown, ignored, line.why});
        view.gross += line.line.gross;
        view.discount += line.line.discount;
        view.net += line.line.net;
        view.points += line.line.points;
    }
    ReceiptFact receipt;
    for (const ViewLine& line : view.lines)
        if (!line.unknown) receipt.lines.push_back(line.line);
    if (customer_) {
        view.customer = view_of(*customer_);
        view.redeemable = redeemable(policy, priced, *customer);
        if (draft_.redeem || draft_.redeem_most) {
            if (const auto left = cap_left(customer->id)) view.redeemable->most = std::min(view.redeemable->most, *left);
            view.redeemed = draft_.redeem ? std::min(*draft_.redeem, view.redeemable->most) : view.redeemable->most;
            view.taken = points_for(view.redeemed, policy.point_value);
        }
    }
    receipt.redeemed = view.redeemed;
    receipt.redemption_is_payment = policy.redemption_is == RedemptionIs::payment;
    receipt.rates = rates_of(policy, receipt.lines, node_.zone().local(node_.clock().now()).date);
    spread_redemption(receipt);
    view.vat = receipt.vat();
    view.due = view.net - view.redeemed;
    view.cash_due = rounded_to(view.due, policy.cash_rounding);
    view_ = std::move(view);
    show_staff();
}

}  // namespace paprsek::node
