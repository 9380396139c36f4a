// What follows from a fact, written into the branch's tables. Called by append() and, into an empty store, by verify().
#include <algorithm>
#include <map>

#include "node/account.h"
#include "node/aliases.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/ledger.h"
#include "node/loyalty_facts.h"
#include "node/node.h"
#include "node/printing.h"
#include "node/search.h"
#include "node/stock_levels.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// The key of a receipt or closing that a fact names by number: a recovered fact means one of its own epoch, where there is one.
std::int64_t key_of(Database& database, std::int64_t number, std::int64_t epoch) {
    if (!epoch || number == 0 || number >= epoch_keys) return number;
    const std::int64_t key = receipt_key(epoch, number);
    return database.integer("SELECT number FROM receipt WHERE number = ?", key).value_or(number);
}

std::string resolve(Database& database, const std::string& customer) { return main_customer(database, customer); }

void write_movements(Database& database, const schema::Fact& fact, const std::vector<Movement>& movements) {
    for (const Movement& movement : movements) {
        const std::string customer = resolve(database, movement.customer);
        // One fact may name two who are one by now.
        database.run(
            "INSERT INTO movement (customer, seq, kind, points, spend, debt) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (customer, seq, kind) DO UPDATE SET points "
            "= points + excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt",
            customer, fact.seq, movement.kind, movement.points, movement.spend, movement.debt);
        const std::optional<std::int64_t> purchase = movement.kind == "sale" ? std::optional(fact.at) : std::nullopt;
        database.run(
            "INSERT INTO own_balance (customer, points, spend, debt, last) VALUES (?, ?, ?, ?, ?) ON CONFLICT (customer) DO UPDATE SET points = points + "
            "excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt, last = ifnull(max(last, excluded.last), ifnull(excluded.last, "
            "last))",
            customer, movement.points, movement.spend, movement.debt, purchase);
        if (fact.seq < 0)  // HQ's balance has it already, or comes with the row that this exchange brings
            database.run(
                "UPDATE customer SET included_points = included_points + ?, included_spend = included_spend + ?, included_debt = included_debt + ? WHERE id = "
                "?",
                movement.points, movement.spend, movement.debt, customer);
    }
}

void write_cash(Database& database, const schema::Fact& fact, Money amount, std::string_view what, const std::string& reason = {}) {
    if (amount.is_zero()) return;
    database.run("INSERT INTO cash_movement (seq, at, amount, kind, reason) VALUES (?, ?, ?, ?, ?)", fact.seq, fact.at, amount, what, reason);
    database.run("UPDATE drawer SET amount = amount + ?", amount);
}

/// By tender; cash is what of it stays.
void write_payments(Database& database, std::int64_t seq, const ReceiptFact& receipt) {
    std::map<std::string, Money> amounts;
    for (const Tender& tender : receipt.pay) amounts[tender.shown()] += tender.amount;
    amounts[std::string(print(TenderKind::cash))] -= receipt.change;
    for (const auto& [tender, amount] : amounts)
        if (!amount.is_zero())
            database.run("INSERT INTO payment (seq, tender, amount) VALUES (?, ?, ?)", seq, tender, receipt.refund ? -amount : amount);
}

void write_clock_step(Database& database, const schema::Fact& fact, std::int64_t back_ms) {
    if (back_ms > 0) database.run("INSERT INTO clock_step (seq, at, back_ms) VALUES (?, ?, ?)", fact.seq, fact.at, back_ms);
}

void write_charges(Database& database, const schema::Fact& fact, const ReceiptFact& receipt) {
    const Money charged = receipt.paid_with(TenderKind::account);
    if (charged.is_zero()) return;
    const std::string customer = resolve(database, receipt.customer);
    const std::vector<Money> charges = charge_of_lines(receipt);
    for (std::size_t i = 0; i < charges.size(); ++i) {
        if (charges[i].is_zero()) continue;
        const BookedLine& line = receipt.lines[i];
        database.run("INSERT INTO account_item (customer, receipt, line, name, at, cashier, quantity, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", customer,
                     receipt.number, i + 1, line.name, fact.at, receipt.cashier, line.quantity, charges[i]);
    }
}

/// The key of the receipt that a refund names, whichever node this is.
std::int64_t number_within(const std::string& refund_of) {
    const auto name = parse_node_name(std::string_view(refund_of).substr(0, refund_of.find('-')));
    return name ? parse_receipt_number(refund_of, *name).value_or(0) : 0;
}

/// A refund to the account takes off the goods that came back first, then the rest of that receipt; what is over is a credit.
void write_account_refund(Database& database, const schema::Fact& fact, const ReceiptFact& receipt) {
    Money left = receipt.paid_with(TenderKind::account);
    if (left.is_zero()) return;
    const std::string customer = resolve(database, receipt.customer);
    // What was charged at another till is that till's item: here it is a credit.
    const std::int64_t original = receipt.sold ? 0 : number_within(receipt.refund_of);
    const auto take = [&](int line, Money most, Quantity quantity) {
        auto item = database.query("SELECT amount - settled FROM account_item WHERE customer = ? AND receipt = ? AND line = ?", customer, original, line);
        if (!item.step()) return;
        const Money off = std::min({left, most, item.decimal<Money>(0)});
        if (off <= Money{}) return;
        database.run(
            "UPDATE account_item SET settled = settled + ?, settled_quantity = min(quantity, settled_quantity + ?) WHERE customer = ? AND receipt = ? AND line "
            "= ?",
            off, quantity, customer, original, line);
        left -= off;
    };
    for (const BookedLine& line : receipt.lines) take(line.original, line.paid, line.quantity);
    std::vector<int> lines;
    for (auto open = database.query("SELECT line FROM account_item WHERE customer = ? AND receipt = ? AND settled < amount ORDER BY line", customer, original);
         open.step();)
        lines.push_back(static_cast<int>(open.integer(0)));
    for (const int line : lines) take(line, left, Quantity{});
    if (!left.is_zero())
        database.run("INSERT INTO account_item (customer, receipt, line, name, at, cashier, quantity, amount) VALUES (?, ?, 0, '', ?, ?, 1000, ?)", customer,
                     receipt.number, fact.at, receipt.cashier, -left);
}

void write_trace(Database& database, const schema::Fact& fact, std::size_t number, std::string_view what, const BookedLine& line, Money amount,
                 const std::string& cashier, const Place& place, std::optional<Instant> entered, const std::string& reason) {
    database.run(
        "INSERT INTO trace (seq, line, kind, at, cashier, area, place, code, name, quantity, price, list, amount, entered, reason) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?)",
        fact.seq, number, what, fact.at, cashier, place.area, place.table, line.code, line.name, line.quantity, line.price, line.list, amount, entered, reason);
}

/// What the cashier changed by hand on lines that were sold, and what came back without a receipt.
void write_traces(Database& database, const schema::Fact& fact, const ReceiptFact& receipt) {
    if (receipt.refund && !receipt.refund_of.empty()) return;  // what was done by hand was done in the sale
    for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
        const BookedLine& line = receipt.lines[i];
        const auto write = [&](std::string_view what, Money amount) {
            write_trace(database, fact, i + 1, what, line, amount, receipt.cashier, receipt.place, std::nullopt, receipt.reason);
        };
        if (receipt.refund) write("refund_without_receipt", line.net);
        if (line.list) write("price_typed", times(*line.list, line.quantity) - line.gross);
        if (!line.by_hand.is_zero()) write("discount_by_hand", std::min(line.discount, percent_of(line.gross, line.by_hand)));
    }
}

void write_void(Database& database, const schema::Fact& fact) {
    const VoidFact voided = parse_void(fact.body);
    for (std::size_t i = 0; i < voided.lines.size(); ++i)
        write_trace(database, fact, i + 1, fact.kind == kind::line_voided ? "line_voided" : "receipt_voided", voided.lines[i], voided.lines[i].net,
                    voided.cashier, voided.place, voided.entered, voided.reason);
    write_clock_step(database, fact, voided.clock_back_ms);
}

void write_receipt(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    ReceiptFact receipt = parse_receipt(fact.kind, fact.body);
    if (epoch) {
        receipt.number = receipt_key(epoch, receipt.number);
        if (const auto name = parse_node_name(receipt.refund_of.substr(0, receipt.refund_of.find('-'))); name && !receipt.sold)
            receipt.refund_of = print_receipt_number(*name, key_of(database, number_within(receipt.refund_of), epoch));
    }
    const auto sign = [&](auto value) { return receipt.refund ? -value : value; };
    const auto optional = [](const std::string& text) { return text.empty() ? std::optional<std::string>() : text; };
    database.run(
        "INSERT INTO receipt (number, seq, at, refund_of, cashier, customer, net, redeemed, rounding, total, points, taken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?)",
        receipt.number, fact.seq, fact.at, receipt.refund ? std::optional(receipt.refund_of) : std::nullopt, receipt.cashier,
        optional(resolve(database, receipt.customer)), sign(receipt.net()),
        sign(receipt.redeemed), sign(receipt.rounding), sign(receipt.total()), sign(receipt.points()), sign(receipt.taken));
    int number = 0;
    for (const BookedLine& line : receipt.lines)
        database.run("INSERT INTO receipt_line (receipt, line, product, code, name, quantity, gross, net, cost, vat) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     receipt.number, ++number, optional(line.product), line.code, line.name, sign(line.quantity), sign(line.gross), sign(line.net),
                     sign(line.cost), line.vat);
    write_payments(database, fact.seq, receipt);
    write_cash(database, fact, receipt.cash_kept(), receipt.refund ? "refund" : "sale");
    write_clock_step(database, fact, receipt.clock_back_ms);
    write_movements(database, fact, movements_of(receipt));
    write_traces(database, fact, receipt);
    project_goods(database, receipt);
    if (receipt.refund)
        write_account_refund(database, fact, receipt);
    else
        write_charges(database, fact, receipt);
}

void write_stock(Database& database, const schema::Fact& fact) {
    const StockFact stock = parse_stock(fact.kind, fact.body);
    project_stock(database, fact, stock);
    write_clock_step(database, fact, stock.clock_back_ms);
}

void write_act(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    const ActFact act = parse_act(fact.body);
    write_movements(database, fact, movements_of(fact.kind, act));
    write_clock_step(database, fact, act.clock_back_ms);
    Money cash;
    for (const Tender& tender : act.pay)
        if (tender.with == TenderKind::cash) cash += tender.amount;
    if (fact.kind == kind::cash)
        write_cash(database, fact, act.amount, act.amount < Money{} ? "out" : "in", act.reason);
    else
        write_cash(database, fact, cash - act.change, fact.kind);
    for (const SettledItem& item : act.items)
        database.run("UPDATE account_item SET settled = settled + ?, settled_quantity = settled_quantity + ? WHERE receipt = ? AND line = ?", item.amount,
                     item.quantity, key_of(database, item.receipt, epoch), item.line);
}

void write_customer(Database& database, const schema::Fact& fact) {
    const CustomerFact customer = parse_customer(fact.body);
    PersonalTexts texts;
    if (!customer.digest.empty())
        if (const auto body = database.text("SELECT body FROM personal WHERE digest = ?", customer.digest)) texts = parse_personal(*body);
    const auto optional = customer.referrer.empty() ? std::optional<std::string>() : customer.referrer;
    database.run(
        "INSERT INTO customer (id, number, name, search, dealer, discount, charge, credit, referrer, phone, email, address, note) VALUES (?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, "
        "?, ?, ?) ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, search = excluded.search, dealer = excluded.dealer, discount "
        "= "
        "excluded.discount, charge = excluded.charge, credit = excluded.credit, referrer = excluded.referrer, phone = excluded.phone, email = excluded.email, "
        "address = "
        "excluded.address, note = excluded.note",
        customer.customer, customer.number, texts.name, search_text(texts.name), customer.dealer, customer.discount, customer.charge, customer.limit, optional,
        texts.phone, texts.email, texts.address, texts.note);
    database.run("DELETE FROM customer_card WHERE customer = ?", customer.customer);
    for (const std::string& card : customer.cards) database.run("INSERT OR REPLACE INTO customer_card (code, customer) VALUES (?, ?)", card, customer.customer);
}

void write_balances(Database& database, const schema::Fact& fact) {
    const BalancesFact balances = parse_balances(fact.kind, fact.body);
    write_movements(database, fact, movements_of(fact.kind, balances));
    write_clock_step(database, fact, balances.clock_back_ms);
}

/// The texts themselves stand beside the chain, and who books the erasure deletes them.
void write_erasure(Database& database, const schema::Fact& fact) {
    const ErasureFact erasure = parse_erasure(fact.body);
    database.run("UPDATE customer SET name = '', search = '', phone = '', email = '', address = '', note = '' WHERE id = ?",
                 resolve(database, erasure.customer));
    write_clock_step(database, fact, erasure.clock_back_ms);
}

void write_day(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    const Json body = Json::parse(fact.body);
    const auto amount = [&](const char* key) { return Money::of(body.value(key, std::int64_t{0})); };
    database.run("INSERT INTO z_report (number, seq, at, body) VALUES (?, ?, ?, ?)", receipt_key(epoch, body.at("number").get<std::int64_t>()), fact.seq,
                 fact.at, fact.body);
    write_cash(database, fact, amount("difference"), "count");
    write_clock_step(database, fact, body.value("clock_back", std::int64_t{0}));
}

void write_shift(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    const Json body = Json::parse(fact.body);
    const auto amount = [&](const char* key) { return Money::of(body.value(key, std::int64_t{0})); };
    const std::int64_t number = receipt_key(epoch, body.at("number").get<std::int64_t>());
    if (fact.kind == kind::shift_opened)
        database.run("INSERT INTO shift (number, seq, at, cashier, counted) VALUES (?, ?, ?, ?, ?)", number, fact.seq, fact.at,
                     body.value("cashier", std::string()), amount("counted"));
    else
        database.run("INSERT INTO shift_report (number, seq, at, body) VALUES (?, ?, ?, ?)", number, fact.seq, fact.at, fact.body);
    write_cash(database, fact, amount("difference"), "count");
    write_clock_step(database, fact, body.value("clock_back", std::int64_t{0}));
}

/// A user who was changed in a lost epoch stays so where that was later: somebody who was sent away does not come back with an
/// old backup.
void write_user(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    const UserFact user = parse_user(fact.body);
    if (epoch && database.integer("SELECT 1 FROM user WHERE id = ? AND set_at >= ?", user.user, fact.at)) return;
    UserTexts texts;
    if (const auto body = database.text("SELECT body FROM personal WHERE digest = ?", user.digest)) texts = parse_user_texts(*body);
    const auto badge = texts.badge.empty() ? std::optional<std::string>() : texts.badge;
    database.run("INSERT OR REPLACE INTO user (id, name, folded, role, badge, pin, removed, digest, set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", user.user,
                 texts.name, fold(texts.name), user.role, badge, texts.pin, user.removed, user.digest, fact.at);
    write_clock_step(database, fact, user.clock_back_ms);
}

/// `epoch` is 0 for a fact of the ledger itself.
void project_business(Database& database, const schema::Fact& fact, std::int64_t epoch) {
    if (fact.kind == kind::sale || fact.kind == kind::refund)
        write_receipt(database, fact, epoch);
    else if (fact.kind == kind::deposit || fact.kind == kind::settlement || fact.kind == kind::cash || fact.kind == kind::correction ||
             fact.kind == kind::opening)
        write_act(database, fact, epoch);
    else if (fact.kind == kind::line_voided || fact.kind == kind::receipt_voided)
        write_void(database, fact);
    else if (fact.kind == kind::day_closed)
        write_day(database, fact, epoch);
    else if (fact.kind == kind::shift_opened || fact.kind == kind::shift_closed)
        write_shift(database, fact, epoch);
    else if (fact.kind == kind::user_set)
        write_user(database, fact, epoch);
    else if (is_stock_kind(fact.kind))
        write_stock(database, fact);
    else if (is_balances_kind(fact.kind))
        write_balances(database, fact);
}

/// Of a branch that stands alone: in a chain the customer's row says who is one with whom.
void write_merge(Database& database, const schema::Fact& fact) {
    const MergeFact merge = parse_merge(fact.kind, fact.body);
    if (fact.kind == kind::customer_merged) return join_alias(database, merge.from, merge.into);
    const std::string main = main_customer(database, merge.from);
    part_alias(database, merge.from, main);
    // Who was one with the customer before is so again.
    MergeTree tree;
    for (auto facts = database.query("SELECT kind, body FROM own_fact WHERE kind IN ('customer.merged', 'customer.unmerged') ORDER BY seq"); facts.step();) {
        const MergeFact each = parse_merge(facts.view(0), facts.view(1));
        each.into.empty() ? tree.unmerge(each.from) : tree.merge(each.from, each.into);
    }
    for (const auto& [alias, customer] : tree.aliases()) {
        if (customer != merge.from) continue;
        part_alias(database, alias, main);
        join_alias(database, alias, merge.from);
    }
}

/// Of the ledger alone: rights of a lost epoch are not this ledger's (node/rights.h).
void write_returned(Database& database, const schema::Fact& fact) {
    std::int64_t place = 0;
    for (const RightFact::Entry& entry : parse_right(fact.kind, fact.body).rights)
        database.run("INSERT INTO right_returned (seq, place, customer, points, credit) VALUES (?, ?, ?, ?, ?)", fact.seq, ++place,
                     resolve(database, entry.customer), entry.points, entry.credit);
}

}  // namespace

void project(Database& database, const schema::Fact& fact) {
    if (fact.kind == kind::customer_set)
        write_customer(database, fact);
    else if (fact.kind == kind::customer_erased)
        write_erasure(database, fact);
    else if (fact.kind == kind::customer_merged || fact.kind == kind::customer_unmerged)
        write_merge(database, fact);
    else if (fact.kind == kind::policy_set)
        database.run("INSERT OR REPLACE INTO policy (version, body) VALUES (?, ?)", fact.seq, fact.body);
    else if (fact.kind == kind::node_created)
        database.run("INSERT INTO epoch (number, first_seq) VALUES (1, ?)", fact.seq);
    else if (fact.kind == kind::right_begun)
        database.run("INSERT INTO right_begun (seq, era) VALUES (?, ?)", fact.seq, parse_right(fact.kind, fact.body).era);
    else if (fact.kind == kind::right_returned)
        write_returned(database, fact);
    else
        project_business(database, fact, 0);
    // What came back from a lost epoch was printed in its time.
    project_printing(database, fact);
}

void project_recovered(Database& database, const schema::Fact& fact, std::int64_t epoch, std::int64_t place) {
    schema::Fact placed = fact;
    placed.seq = -place;
    project_business(database, placed, epoch);
}

}  // namespace paprsek::node
