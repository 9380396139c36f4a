#include "node/till.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "node/account.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/receipts.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_lines = 1000;
constexpr Quantity max_quantity = Quantity::of(1'000'000'000);
constexpr Money max_price = Money::of(10'000'000'000);

Outcome refused(Refusal refusal, std::string message) { return {refusal, std::move(message)}; }

Outcome out_of_range() { return refused(Refusal::amount_out_of_range, "The amount is larger than a till can book."); }

Outcome check_quantity(Quantity quantity) {
    if (quantity <= Quantity{} || quantity > max_quantity) return refused(Refusal::bad_quantity, "The quantity must be above zero and at most 1000000.");
    return {};
}

Outcome check_price(Money price) {
    if (price < Money{} || price > max_price) return refused(Refusal::bad_price, fmt::format("The price must be between 0 and {}.", print(max_price)));
    return {};
}

}  // namespace

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
        case Refusal::ambiguous_receipt: return "ambiguous_receipt";
        case Refusal::more_than_left: return "more_than_left";
        case Refusal::refund_over_account: return "refund_over_account";
        case Refusal::nothing_to_settle: return "nothing_to_settle";
        case Refusal::reason_missing: return "reason_missing";
        case Refusal::too_many_lines: return "too_many_lines";
        case Refusal::bad_amount: return "bad_amount";
        case Refusal::details_demanded: return "details_demanded";
    }
    return "";
}

Till::Till(Node& node, Keep keep) : node_(node), keep_(keep) {
    if (keep_ == Keep::every_command)
        if (const auto body = node_.database().text("SELECT body FROM open_receipt WHERE slot = 0")) {
            draft_ = parse_draft(*body);
            if (!draft_.customer.empty()) find_customer(draft_.customer, true, customer_);
        }
    before_ = {draft_, customer_};
    reprice();
}

void Till::set_cashier(std::string name) {
    cashier_ = std::move(name);
    view_.cashier = cashier_;
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
    if (draft_.lines.size() >= max_lines)
        return refused(Refusal::too_many_lines, fmt::format("A receipt has at most {} lines: close this one first.", max_lines));
    if (auto outcome = check_quantity(input.quantity); !outcome.ok()) return outcome;
    if (!unknown && !node_.policy().vat_rate(input.vat, node_.zone().local(input.entered).date))
        return refused(Refusal::unknown_vat_group, fmt::format("\"{}\" is no VAT group of the policy.", input.vat));
    draft_.lines.push_back({std::move(input), unknown});
    return changed({});
}

Outcome Till::scan(std::string_view code, Quantity quantity) {
    const std::string normal = normalise_code(code);
    if (normal.empty()) return refused(Refusal::unknown_code, "The code is empty or cannot be read.");
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
Outcome Till::change(std::size_t line, Change change) {
    if (line >= draft_.lines.size()) return refused(Refusal::no_such_line, "There is no such line.");
    change(draft_.lines[line]);
    return changed({});
}

Outcome Till::set_quantity(std::size_t line, Quantity quantity) {
    if (auto outcome = check_quantity(quantity); !outcome.ok()) return outcome;
    return change(line, [&](DraftLine& draft) { draft.input.quantity = quantity; });
}

Outcome Till::set_price(std::size_t line, Money price) {
    if (auto outcome = check_price(price); !outcome.ok()) return outcome;
    return change(line, [&](DraftLine& draft) {
        draft.input.price = price;
        draft.input.price_typed = true;
        if (draft.unknown) draft.input.vat = node_.policy().vat_groups().front();
        draft.unknown = false;
    });
}

Outcome Till::set_discount(std::size_t line, Rate percent) {
    if (percent < Rate{} || percent > hundred_percent) return refused(Refusal::bad_discount, "A discount is between 0 and 100 percent.");
    return change(line, [&](DraftLine& draft) { draft.input.manual_discount = percent; });
}

Outcome Till::void_line(std::size_t line) {
    if (line >= draft_.lines.size()) return refused(Refusal::no_such_line, "There is no such line.");
    draft_.lines.erase(draft_.lines.begin() + static_cast<std::ptrdiff_t>(line));
    return changed({});
}

Outcome Till::void_receipt() {
    clear();
    return changed({});
}

// ------------------------------------------------------------------------------------------------ customer

Outcome Till::find_customer(std::string_view text, bool may_create, std::optional<Customer>& found) {
    const std::string shown(code_of_stripe(text));
    Database& database = node_.database();
    if (const auto number = as_customer_number(shown)) {
        if (auto record = customer_by_number(database, *number)) {
            found = Customer{std::move(*record), shown, false};
            return {};
        }
        return refused(Refusal::unknown_customer, fmt::format("There is no customer number {}.", *number));
    }
    const std::string card = normalise_code(shown);
    if (card.empty()) return refused(Refusal::unknown_customer, "The customer's code is empty or cannot be read.");
    if (auto record = customer_by_card(database, card)) {
        found = Customer{std::move(*record), shown, false};
        return {};
    }
    if (looks_like_payment_card(card)) return refused(Refusal::payment_card, "This is a payment card: it is not taken as a customer's card and not kept.");
    const Policy& policy = node_.policy();
    const Date today = node_.zone().local(node_.clock().now()).date;
    const bool of_programme =
        std::any_of(policy.programmes.begin(), policy.programmes.end(), [&](const Programme& p) { return p.holds(card) && p.valid_on(today); });
    if (!may_create || (!policy.allow_customer_by_card && !of_programme))
        return refused(Refusal::unknown_customer, fmt::format("No customer has the card {}.", shown));
    if (policy.demand_details)
        return refused(Refusal::details_demanded, fmt::format("The card {} is new, and a new customer needs a name and address first.", shown));
    Customer customer;
    customer.record.terms.id = customer_of_card(card);
    customer.record.terms.cards = {card};
    customer.shown = shown;
    customer.is_new = true;
    found = std::move(customer);
    return {};
}

std::string Till::register_customer(const Customer& customer) {
    const CustomerTerms& terms = customer.record.terms;
    if (customer.is_new) {
        CustomerFact fact;
        fact.customer = terms.id;
        fact.cards = terms.cards;
        node_.ledger().append(schema::kind::customer_set, body_of(fact), node_.clock().now());
    }
    return terms.id;
}

Outcome Till::log_in(std::string_view number_or_card) {
    std::optional<Customer> found;
    if (auto outcome = find_customer(number_or_card, true, found); !outcome.ok()) return outcome;
    customer_ = std::move(found);
    draft_.customer = customer_->shown;
    return changed({});
}

Outcome Till::log_out() {
    customer_.reset();
    draft_.customer.clear();
    draft_.redeem.reset();
    draft_.redeem_most = false;
    return changed({});
}

ViewCustomer Till::view_of(const Customer& customer) const {
    const CustomerRecord& record = customer.record;
    ViewCustomer view;
    view.id = record.terms.id;
    view.shown = customer.shown;
    view.number = record.number;
    view.name = record.texts.name;
    view.points = record.terms.points;
    view.spend = record.terms.spend;
    view.debt = record.terms.debt;
    view.last_purchase = record.last_purchase;
    view.charge = record.terms.charge;
    view.limit = record.terms.limit;
    view.is_new = customer.is_new;
    return view;
}

ViewCustomer Till::balances_of(const std::string& id, const std::string& shown, bool is_new) {
    auto record = customer_by_id(node_.database(), id);
    Customer customer;
    if (record) customer.record = std::move(*record);
    customer.record.terms.id = id;
    customer.shown = shown;
    customer.is_new = is_new;
    return view_of(customer);
}

// ------------------------------------------------------------------------------------------------ state

Outcome Till::redeem(std::optional<Money> amount) {
    if (amount && *amount < Money{}) return refused(Refusal::bad_amount, "The amount to redeem is below zero.");
    if (!customer_) return refused(Refusal::redeem_without_customer, "Points are paid by a customer: log one in first (F1).");
    if (draft_.lines.empty()) return refused(Refusal::redeem_without_goods, "Points pay goods: ring them up first.");
    if (amount && !amount->is_zero())
        if (auto outcome = check_caps(customer_->record.terms.id, *amount); !outcome.ok()) return outcome;
    draft_.redeem = amount;
    draft_.redeem_most = !amount;
    if (amount && amount->is_zero()) draft_.redeem.reset();
    return changed({});
}

std::optional<Money> Till::cap_left(const std::string& customer) {
    const OfflineCaps& caps = node_.policy().offline;
    if ((!caps.per_customer && !caps.per_day) || !node_.enrolment()) return std::nullopt;
    const std::int64_t confirmed = node_.hq_receipt().seq;
    const Instant midnight = node_.zone().start_of(node_.zone().local(node_.clock().now()).date);
    std::optional<Money> left;
    const auto lower = [&](Money room) { left = std::max(Money{}, left ? std::min(*left, room) : room); };
    if (caps.per_customer) lower(*caps.per_customer - redeemed_unconfirmed(node_.database(), confirmed, customer, Instant{INT64_MIN}));
    if (caps.per_day) lower(*caps.per_day - redeemed_unconfirmed(node_.database(), confirmed, std::nullopt, midnight));
    return left;
}

Outcome Till::check_caps(const std::string& customer, Money redeemed) {
    const auto left = cap_left(customer);
    if (left && redeemed > *left)
        return refused(Refusal::offline_cap,
                       fmt::format("Until the next exchange with headquarters points may pay {} more here, not {}.", print(*left), print(redeemed)));
    return {};
}

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
    view.cashier = cashier_;
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
}

// ------------------------------------------------------------------------------------------------ payment

Outcome Till::pay_fault(PayFault fault, const Settled& settled, Money due) const {
    switch (fault) {
        case PayFault::none: return {};
        case PayFault::too_little:
            return refused(Refusal::not_enough_cash, fmt::format("{} is to be paid in cash, and less was given.", print(settled.cash_due)));
        case PayFault::over_tender:
            return refused(Refusal::over_tender, fmt::format("Card, voucher and account come to more than the {} that is due.", print(due)));
        case PayFault::account_not_allowed: return refused(Refusal::account_not_allowed, "This customer may not charge to the account.");
        case PayFault::no_account_customer: return refused(Refusal::account_without_customer, "An account needs a customer: log one in first (F1).");
        case PayFault::account_limit:
            return refused(Refusal::account_limit,
                           fmt::format("The account stands at {} and may not pass {}.", print(customer_ ? customer_->record.terms.debt : Money{}),
                                       print(customer_ ? customer_->record.terms.limit : Money{})));
    }
    return {};
}

Outcome Till::book_sale(const std::vector<Tender>& tenders, Booked& booked) {
    // Under the write lock: another process may have moved balances since the receipt was drawn.
    refresh();
    const CustomerTerms* customer = customer_ ? &customer_->record.terms : nullptr;
    const Policy& policy = node_.policy();
    const Instant now = node_.clock().now();
    if (draft_.redeem)
        if (auto outcome = check_caps(customer->id, *draft_.redeem); !outcome.ok()) return outcome;
    ReceiptFact fact;
    for (const ViewLine& line : view_.lines) fact.lines.push_back(line.line);
    const Settled settled = settle(view_.due, tenders, policy.cash_rounding, customer);
    if (settled.fault != PayFault::none) return pay_fault(settled.fault, settled, view_.due);
    fact.number = next_receipt_number(node_.database());
    fact.cashier = cashier_;
    fact.rates = rates_of(policy, fact.lines, node_.zone().local(now).date);
    fact.redeemed = view_.redeemed;
    fact.taken = view_.taken;
    fact.redemption_is_payment = policy.redemption_is == RedemptionIs::payment && !fact.redeemed.is_zero();
    spread_redemption(fact);
    fact.rounding = settled.rounding;
    fact.change = settled.change;
    fact.pay = settled.pay;
    fact.loan = loan_of(fact);
    fact.policy = policy.version;
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    if (customer) {
        fact.customer = register_customer(*customer_);
        fact.card = customer_->shown;
        fact.referral = referral_of(policy, *customer, fact.points(), fact.net());
    }
    const std::string body = body_of(fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The receipt is too long: divide it.");
    booked.seq = node_.ledger().append(schema::kind::sale, body, now);
    booked.at = now;
    booked.customer.reset();
    if (customer) booked.customer = balances_of(fact.customer, fact.card, customer_->is_new);
    booked.fact = std::move(fact);
    if (keep_ == Keep::every_command) node_.database().run("DELETE FROM open_receipt WHERE slot = 0");
    return {};
}

Outcome Till::pay(const std::vector<Tender>& tenders, Booked& booked) {
    if (draft_.lines.empty()) return refused(Refusal::empty_receipt, "There is nothing on the receipt.");
    for (const DraftLine& line : draft_.lines)
        if (line.unknown)
            return refused(Refusal::unresolved_line, fmt::format("The code {} is not in the catalogue: give it a price or strike it out.", line.input.code));
    for (const Tender& tender : tenders)
        if (tender.amount < Money{} || tender.amount > max_price) return refused(Refusal::bad_amount, "An amount paid is below zero or too large.");
    try {
        Transaction transaction(node_.database());
        if (auto outcome = book_sale(tenders, booked); !outcome.ok()) return outcome;
        transaction.commit();
    } catch (const Overflow&) {
        return out_of_range();
    }
    // Booked is booked: from here on nothing may fail, so the empty receipt is not read from the database.
    clear();
    before_ = {};
    view_ = {};
    view_.cashier = cashier_;
    return {};
}

// ------------------------------------------------------------------------------------------------ refund

Outcome Till::refund(std::string_view receipt, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, Booked& booked) {
    if (!parse_receipt_number(trim(receipt), node_.info().node))
        return refused(Refusal::unknown_receipt, fmt::format("{} is no receipt of this till.", trim(receipt)));
    if (items.empty()) return refused(Refusal::empty_receipt, "Nothing is named that should go back.");
    if (items.size() > max_lines) return refused(Refusal::too_many_lines, fmt::format("A refund has at most {} lines: divide it.", max_lines));
    try {
        Transaction transaction(node_.database());
        const NamedReceipt named = find_receipt(node_.database(), node_.info().node, trim(receipt));
        if (!named.key && named.choices.size() > 1)
            return refused(Refusal::ambiguous_receipt,
                           fmt::format("Two receipts bear the number {}: name {} or {}.", trim(receipt), named.choices[0], named.choices[1]));
        if (!named.key) return refused(Refusal::unknown_receipt, fmt::format("There is no sale {}.", trim(receipt)));
        if (auto outcome = book_refund(*named.key, items, tenders, booked); !outcome.ok()) return outcome;
        transaction.commit();
    } catch (const Overflow&) {
        return out_of_range();
    }
    return {};
}

Outcome Till::book_refund(std::int64_t number, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, Booked& booked) {
    Database& database = node_.database();
    const NodeName name = node_.info().node;
    const std::string shown = print_receipt_number(name, number);
    const auto original = receipt_by_number(database, name, number);
    if (!original || original->fact.refund) return refused(Refusal::unknown_receipt, fmt::format("There is no sale {}.", shown));
    std::vector<RefundRequest> requests;
    for (const RefundItem& item : items) {
        RefundRequest request{normalise_code(item.code), {}, nfc(trim(item.text)).value_or(item.text), item.quantity.value_or(one_piece)};
        if (auto outcome = check_quantity(request.quantity); !outcome.ok()) return outcome;
        if (!item.code.empty())
            if (const auto input = input_of(item.code, request.quantity)) {
                request.product = input->product->key;
                request.quantity = input->quantity;
            }
        requests.push_back(std::move(request));
    }
    const std::vector<ReceiptFact> before = refunds_of(database, name, number);
    Refund result = node::refund(original->fact, before, requests);
    if (result.fault != RefundFault::none) {
        const RefundItem& item = items[result.fault_request];
        const std::string& what = item.code.empty() ? item.text : item.code;
        if (result.fault == RefundFault::unknown_line) return refused(Refusal::more_than_left, fmt::format("{} is not on receipt {}.", what, shown));
        return refused(Refusal::more_than_left, fmt::format("Of {} less than that is left to give back on receipt {}.", what, shown));
    }
    ReceiptFact& fact = result.fact;
    const Money due = fact.net() - fact.redeemed;
    Money account_left = original->fact.paid_with(TenderKind::account);
    for (const ReceiptFact& earlier : before) account_left -= earlier.paid_with(TenderKind::account);
    Money others, cash;
    for (const Tender& tender : tenders) {
        if (tender.amount < Money{}) return refused(Refusal::bad_amount, "An amount given back is below zero.");
        (tender.with == TenderKind::cash ? cash : others) += tender.amount;
        if (tender.with == TenderKind::account) account_left -= tender.amount;
    }
    if (account_left < Money{})
        return refused(Refusal::refund_over_account, fmt::format("More than was charged to the account for receipt {} cannot go back to it.", shown));
    if (others > due) return refused(Refusal::over_tender, fmt::format("Only {} goes back.", print(due)));
    const Money cash_due = rounded_to(due - others, node_.policy().cash_rounding);
    fact.pay = tenders;
    if (tenders.empty() && !cash_due.is_zero()) fact.pay = {{TenderKind::cash, cash_due}};
    if (!tenders.empty() && cash < cash_due) return refused(Refusal::not_enough_cash, fmt::format("{} goes back in cash, and less is named.", print(cash_due)));
    if (cash > cash_due) return refused(Refusal::over_tender, fmt::format("Only {} goes back in cash.", print(cash_due)));
    fact.rounding = cash_due - (due - others);
    fact.loan = loan_given_back(original->fact, before, fact);
    fact.number = next_receipt_number(database);
    fact.refund_of = shown;
    fact.cashier = cashier_;
    const Instant now = node_.clock().now();
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    const std::string body = body_of(fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The refund is too long: divide it.");
    booked.seq = node_.ledger().append(schema::kind::refund, body, now);
    booked.at = now;
    booked.customer.reset();
    if (!fact.customer.empty()) booked.customer = balances_of(fact.customer, fact.card, false);
    booked.request_of = std::move(result.request_of);
    booked.asked.clear();
    for (const RefundItem& item : items) booked.asked.push_back(item.code);
    booked.fact = std::move(fact);
    return {};
}

}  // namespace paprsek::node
