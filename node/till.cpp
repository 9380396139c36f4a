#include "node/till.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "node/base/error.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/lookup.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Till::Till(Node& node, Keep keep, PinCost pin_cost) : node_(node), keep_(keep), pin_cost_(pin_cost) {
    if (keep_ == Keep::every_command) take_in_hand();
    before_ = {draft_, customer_};
    reprice();
}

void Till::take_in_hand() {
    draft_ = read_open_receipt(node_.database()).value_or(Draft{});
    restore_customer(draft_, customer_);
}

// ------------------------------------------------------------------------------------------------ lines

LineInput Till::input_of(const CodeReading& reading, std::string_view code, Quantity quantity, const BookedState& state) {
    LineInput input;
    input.state = state;
    input.code = std::string(trim(code));
    input.quantity = quantity;
    input.entered = node_.clock().now();
    input.product = reading.product;
    input.product->price = price_on(input.product->prices, input.product->price, price_day(node_));
    if (reading.quantity) input.quantity = Quantity::of_wide(divide_rounded(Wide{reading.quantity->raw()} * quantity.raw(), one_piece.raw()));
    input.price_embedded = reading.price.has_value();
    input.price = reading.price.value_or(input.product->price);
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
    std::vector<DraftLine> lines = with_linked({std::move(input), false, unknown});
    draft_.lines.insert(draft_.lines.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
    return changed();
}

/// The line and what the catalogue sells along with it, such as a bottle's deposit. What the catalogue does not have, or would have to
/// be sold by a tax group that nobody knows, does not keep the goods from being sold.
std::vector<DraftLine> Till::with_linked(DraftLine line) {
    const std::vector<std::string> codes = line.input.product ? line.input.product->linked : std::vector<std::string>{};
    std::vector<DraftLine> lines{std::move(line)};
    const BookedState state = codes.empty() ? BookedState{} : node_.booked_state();
    for (const std::string& code : codes) {
        CodeReading reading;
        reading.product = find_product(node_.database(), code);
        if (!reading.product || draft_.lines.size() + lines.size() >= max_receipt_lines) continue;
        DraftLine linked{input_of(reading, code, lines.front().input.quantity, state), true, false};
        if (node_.policy().vat_rate(linked.input.vat, node_.zone().local(linked.input.entered).date)) lines.push_back(std::move(linked));
    }
    return lines;
}

Outcome Till::scan(std::string_view code, Quantity quantity) {
    if (guarded()) {
        if (user_by_badge(node_.database(), normalise_code(code))) return log_in_cashier({{}, normalise_code(code), {}});
        std::vector<Approval> lent;  // booked where the line is added
        if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    }
    if (auto outcome = check_quantity(quantity); !outcome.ok()) return outcome;
    const BookedState state = node_.booked_state();  // before the product, which may be newer then, but never older
    const CodeReading reading = read_code(node_.database(), node_.policy(), code);
    if (reading.code.empty()) return refused(Refusal::unknown_code, "The code is empty or cannot be read.");
    switch (reading.kind) {
        case CodeReading::Kind::product: return add(input_of(reading, code, quantity, state), false);
        case CodeReading::Kind::customer: return log_in(code);
        case CodeReading::Kind::badge: return refused(Refusal::unknown_badge, "This badge is nobody's.");
        case CodeReading::Kind::nothing: break;
    }
    if (looks_like_payment_card(code)) return refused(Refusal::payment_card, "This is a payment card: it names no goods, and its number is not kept.");
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
    if (line >= draft_.lines.size()) return no_such_line();
    if (auto outcome = permitted(permission, draft_.approvals); !outcome.ok()) return outcome;
    change(draft_.lines[line]);
    return changed();
}

Outcome Till::set_quantity(std::size_t line, Quantity quantity) {
    if (auto outcome = check_quantity(quantity); !outcome.ok()) return outcome;
    if (line >= draft_.lines.size()) return no_such_line();
    if (auto outcome = permitted(Permission::sell, draft_.approvals); !outcome.ok()) return outcome;
    return in_one_step(
        [&]() -> Outcome {
            Draft struck = draft_;
            struck.lines.clear();
            for (std::size_t i = line; i < end_of(draft_.lines, line); ++i) {
                DraftLine less = draft_.lines[i];
                less.input.quantity -= quantity;
                draft_.lines[i].input.quantity = quantity;
                if (less.input.quantity > Quantity{}) struck.lines.push_back(std::move(less));
            }
            if (!struck.lines.empty() && keep_ == Keep::every_command) book_void(schema::kind::line_voided, struck, customer_, {});
            return {};
        },
        by_itself());
}

Outcome Till::set_price(std::size_t line, Money price) {
    if (auto outcome = check_price(price); !outcome.ok()) return outcome;
    const bool unknown = line < draft_.lines.size() && draft_.lines[line].unknown;  // has no price that could be changed
    return change(line, unknown ? Permission::sell : Permission::change_price, [&](DraftLine& draft) {
        draft.input.price = price;
        draft.input.price_typed = true;
        draft.input.price_embedded = false;
        if (draft.unknown) draft.input.vat = node_.policy().vat_groups().front();
        draft.unknown = false;
    });
}

Outcome Till::set_discount(std::size_t line, Rate percent) {
    if (percent < Rate{} || percent > hundred_percent) return refused(Refusal::bad_discount, "A discount is between 0 and 100 percent.");
    if (const std::string why = printer_ && !percent.is_zero() ? printer_->no_discounts() : std::string(); !why.empty())
        return refused(Refusal::printer_refuses, why);
    // What was given may be taken away by whoever sells: it costs the shop nothing.
    return change(line, percent.is_zero() ? Permission::sell : Permission::discount, [&](DraftLine& draft) { draft.input.manual_discount = percent; });
}

Outcome Till::void_line(std::size_t line, std::string_view reason) {
    if (line >= draft_.lines.size()) return no_such_line();
    if (auto outcome = check_note(reason); !outcome.ok()) return outcome;
    const auto needed = draft_.lines[line].unknown ? Permission::sell : Permission::void_line;
    if (auto outcome = permitted(needed, draft_.approvals); !outcome.ok()) return outcome;
    return in_one_step(
        [&]() -> Outcome {
            Draft struck = draft_;
            const auto first = draft_.lines.begin() + static_cast<std::ptrdiff_t>(line);
            const auto last = draft_.lines.begin() + static_cast<std::ptrdiff_t>(end_of(draft_.lines, line));
            struck.lines.assign(first, last);
            draft_.lines.erase(first, last);
            // Nobody could pay, or give back, what is on no receipt.
            if (draft_.lines.empty() && !draft_.given.empty())
                return refused(Refusal::whole_receipt, "Part of it is paid: give that back first, or strike out the whole receipt.");
            if (keep_ == Keep::every_command) book_void(schema::kind::line_voided, struck, customer_, reason);
            return {};
        },
        by_itself());
}

Outcome Till::void_receipt(std::string_view reason) {
    if (auto outcome = check_note(reason); !outcome.ok()) return outcome;
    std::vector<Approval> lent;
    if (!draft_.empty())
        if (auto outcome = permitted(Permission::void_receipt, lent); !outcome.ok()) return outcome;
    const Outcome outcome = in_one_step(
        [&]() -> Outcome {
            draft_.approvals.insert(draft_.approvals.end(), lent.begin(), lent.end());
            if (keep_ == Keep::every_command) book_void(schema::kind::receipt_voided, draft_, customer_, reason);
            clear();
            return {};
        },
        by_itself());
    if (outcome.ok()) use_up(lent);
    return outcome;
}

/// What was struck out, as it stood. A red row was never goods.
std::int64_t Till::book_void(std::string_view kind, const Draft& voided, const std::optional<Customer>& customer, std::string_view reason) {
    VoidFact fact;
    for (const DraftLine& line : voided.lines) {
        if (line.unknown) continue;
        const CustomerTerms* terms = customer ? &customer->record.terms : nullptr;
        fact.lines.push_back(price_line(node_.policy(), node_.zone(), line.input, terms).line);
        if (fact.lines.size() == 1 || line.input.entered < fact.entered) fact.entered = line.input.entered;
    }
    if (fact.lines.empty()) return 0;
    const Instant now = node_.clock().now();
    fact.cashier = cashier_;
    if (customer && !customer->is_new) fact.customer = customer->record.terms.id;
    fact.reason = std::string(trim(reason));
    fact.place = voided.place;
    fact.approvals = voided.approvals;
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    return node_.ledger().append(kind, body_of(fact), now);
}

// ------------------------------------------------------------------------------------------------ state

void Till::refresh() {
    if (customer_) {
        Draft draft = draft_;
        std::optional<Customer> found;
        restore_customer(draft, found);
        if (found) customer_ = std::move(found);
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

/// Takes over what a command did to the draft, and its facts, or nothing of it: a line that could not be kept would be there twice
/// when the cashier scans it again.
Outcome Till::in_one_step(const std::function<Outcome()>& act, Write write) {
    if (write == Write::now) settle_hand();
    const TillView shown = view_;
    try {
        std::optional<Transaction> transaction;
        if (write == Write::now) transaction.emplace(node_.database());
        if (auto outcome = act(); !outcome.ok()) {
            take_back(shown);
            return outcome;
        }
        if (draft_.empty() && !lies_aside()) draft_ = {};  // what is not kept is not remembered either: when it was opened
        if (!draft_.empty() && !draft_.opened) draft_.opened = node_.clock().now();
        reprice();
        if (write == Write::beside) keeper_->keep(draft_);
        if (transaction) {
            keep_hand();
            transaction->commit();
        }
    } catch (const Overflow&) {  // also the points of a receipt that nobody had been logged in for
        take_back(shown);
        return out_of_range();
    } catch (const Error&) {
        take_back(shown);
        throw;
    }
    if (const auto known = before_.draft.approvals.size(); draft_.approvals.size() > known)
        use_up({draft_.approvals.begin() + static_cast<std::ptrdiff_t>(known), draft_.approvals.end()});
    before_ = {draft_, customer_};
    if (write == Write::beside) keeping_ = true;
    else if (printer_) printer_->follow(view_);
    return {};
}

/// Nothing but the receipt in hand has changed: the next line need not wait for this one's way to the disk.
Outcome Till::changed() {
    return in_one_step([] { return Outcome{}; }, keeper_ ? Write::beside : by_itself());
}

bool Till::kept() {
    if (!keeper_) return true;
    try {
        if (!keeper_->kept()) return false;
    } catch (const Error&) {
        keeping_ = true;
        take_in_hand();
        before_ = {draft_, customer_};
        reprice();
        throw;
    }
    // What a printer prints line by line, or a display shows, is on the disk before.
    if (std::exchange(keeping_, false) && printer_) printer_->follow(view_);
    return true;
}

/// What leaves a fact writes the open receipt itself, and none that was given to the keeper before may come behind it.
void Till::settle_hand() {
    if (!keeper_) return;
    keeper_->wait();
    kept();
}

void Till::take_back(const TillView& shown) {
    draft_ = before_.draft;
    customer_ = before_.customer;
    view_ = shown;
}

void Till::keep_hand() {
    if (keep_ == Keep::every_command) keep_open_receipt(node_.database(), draft_);
}

void Till::clear() {
    draft_ = {};
    customer_.reset();
}

void Till::reprice() {
    view_ = view_for(draft_, customer_);
    show_staff();
}

TillView Till::view_for(const Draft& draft, const std::optional<Customer>& logged_in) {
    const Policy& policy = node_.policy();
    const CustomerTerms* customer = logged_in ? &logged_in->record.terms : nullptr;
    TillView view;
    view.given = draft.given;
    view.place = draft.place;
    view.opened = draft.opened;
    std::vector<PricedLine> priced;
    for (const DraftLine& entered : draft.lines) {
        priced.push_back(price_line(policy, node_.zone(), entered.input, customer));
        const PricedLine& line = priced.back();
        const bool ignored = std::any_of(line.why.begin(), line.why.end(), [](const Reason& reason) { return reason.why == Why::manual_ignored; });
        view.lines.push_back({line.line, line.percent, entered.unknown, ignored, line.why});
        view.gross += line.line.gross;
        view.discount += line.line.discount;
        view.net += line.line.net;
        view.points += line.line.points;
    }
    ReceiptFact receipt;
    for (const ViewLine& line : view.lines)
        if (!line.unknown) receipt.lines.push_back(line.line);
    if (logged_in) {
        view.customer = view_of(*logged_in);
        view.redeemable = redeemable(policy, priced, *customer);
        if (draft.redeem || draft.redeem_most) {
            view.redeem_wanted = draft.redeem ? std::min(*draft.redeem, view.redeemable->most) : view.redeemable->most;
            if (const auto may = right_pays(*logged_in, view.points)) view.redeemable->most = std::min(view.redeemable->most, *may);
            if (const auto left = cap_left(customer->id)) view.redeemable->most = std::min(view.redeemable->most, *left);
            view.redeemed = draft.redeem ? std::min(*draft.redeem, view.redeemable->most) : view.redeemable->most;
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
    return view;
}

}  // namespace paprsek::node
