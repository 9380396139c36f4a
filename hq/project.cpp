#include "hq/project.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "node/base/error.h"
#include "node/codes.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

constexpr std::array known_kinds = {kind::node_created, kind::node_enrolled, kind::catalogue_imported, kind::policy_set, kind::customer_set,
                                    kind::opening,      kind::sale,          kind::refund,             kind::deposit,    kind::settlement,
                                    kind::cash,         kind::correction,    kind::day_closed,         kind::user_set,     kind::shift_opened,
                                    kind::shift_closed};

/// Rows gathered before they are written: bounds memory, and is long enough for runs that lie together.
constexpr std::size_t flush_lines = 60'000;

bool fits(std::int64_t value) { return value <= node::Money::max_value && value >= -node::Money::max_value; }

node::Money cash_of(const std::vector<node::Tender>& pay, node::Money change) {
    node::Money cash = -change;
    for (const node::Tender& tender : pay)
        if (tender.with == node::TenderKind::cash) cash += tender.amount;
    return cash;
}

/// A registration says nothing but which card it is: it never overwrites what somebody filled in.
bool is_registration(const node::CustomerFact& fact) {
    return !fact.number && fact.digest.empty() && fact.dealer.empty() && fact.discount.is_zero() && !fact.charge && fact.limit.is_zero() && fact.referrer.empty();
}

}  // namespace

bool is_known_kind(std::string_view wanted) { return std::find(known_kinds.begin(), known_kinds.end(), wanted) != known_kinds.end(); }

bool is_card_alone(Store& store, std::int64_t customer, const std::string& card) {
    const CustomerRecord record = store.customer(customer);
    if (record.id != node::customer_of_card(card) || record.number || record.set_at >= 0) return false;
    const auto cards = store.cards(customer);
    return cards.empty() || (cards.size() == 1 && cards[0] == card);
}

void Projector::project(const FactView& fact) {
    if (!is_known_kind(fact.kind)) {
        ++unknown_;
        return store_.keep_unprojected(fact.id, fact.kind);
    }
    std::string why;
    try {
        project_known(fact);
        if (changes_.lines.size() >= flush_lines) write();
        return;
    } catch (const node::Error& error) {
        if (error.exit() != node::Exit::refused) throw;  // the disk, not the fact
        why = error.what();
    } catch (const node::Overflow&) {
        why = "an amount is out of range";
    }
    raise(fact, exception_kind::rejected_fact, {{"kind", fact.kind}, {"why", why}});
}

void Projector::project_known(const FactView& fact) {
    if (fact.kind == kind::sale || fact.kind == kind::refund) return receipt(fact);
    if (fact.kind == kind::customer_set) return customer(fact);
    if (fact.kind == kind::day_closed) return changes_.closings.push_back({fact.id, fact.at});
    // A branch's own policy is of the time when it stood alone; HQ's is the chain's.
    if (fact.kind == kind::policy_set) return fact.node == node::hq_node ? store_.save_policy(std::string(fact.body)) : void();
    if (fact.kind == kind::node_created || fact.kind == kind::node_enrolled || fact.kind == kind::catalogue_imported) return;
    if (fact.kind == kind::user_set || fact.kind == kind::shift_opened || fact.kind == kind::shift_closed) return;  // the branch's own matter
    act(fact);
}

// ----------------------------------------------------------------------------------------------------- accounts

Account& Projector::keep(const Account& account) { return accounts_.emplace(account.row, account).first->second; }

Account& Projector::account_at(std::int64_t row) {
    if (const auto found = accounts_.find(row); found != accounts_.end()) return found->second;
    return keep(store_.account(row));
}

Account& Projector::account(std::string_view id, bool* added) {
    if (const auto found = row_of_.find(id); found != row_of_.end()) return account_at(found->second);
    auto stored = store_.find_account(id);
    if (added) *added = !stored;
    if (!stored) stored = store_.add_account(id);
    row_of_.emplace(id, stored->row);
    return keep(*stored);
}

Account& Projector::main_of(Account& account) { return account.main ? account_at(account.main) : account; }

/// All movements of a fact or, when one would carry a balance out of range, none.
void Projector::book(const FactView& fact, const std::vector<node::Movement>& movements) {
    const std::size_t before = changes_.movements.size();
    for (const node::Movement& movement : movements) {
        Account& named = account(movement.customer);
        Account& account = main_of(named);
        account.points += movement.points.raw();
        account.spend += movement.spend.raw();
        account.debt += movement.debt.raw();
        account.changed = true;
        changes_.movements.push_back({named.row, fact.id, movement.kind, movement.points.raw(), movement.spend.raw(), movement.debt.raw()});
        if (fits(account.points) && fits(account.spend) && fits(account.debt)) continue;
        for (; changes_.movements.size() > before; changes_.movements.pop_back()) {
            const MovementRow& undo = changes_.movements.back();
            Account& wrong = main_of(account_at(undo.customer));
            wrong.points -= undo.points;
            wrong.spend -= undo.spend;
            wrong.debt -= undo.debt;
        }
        throw node::Overflow();
    }
}

// -------------------------------------------------------------------------------------------------------- facts

void Projector::receipt(const FactView& fact) {
    const node::ReceiptFact receipt = node::parse_receipt(fact.kind, fact.body);
    const auto sign = [&](auto value) { return receipt.refund ? -value.raw() : value.raw(); };
    SaleRow sale;
    sale.fact = fact.id;
    sale.at = fact.at;
    sale.number = receipt.number;
    sale.refund = receipt.refund;
    sale.net = sign(receipt.net());
    sale.redeemed = sign(receipt.redeemed);
    sale.rounding = sign(receipt.rounding);
    sale.cash = receipt.cash_kept().raw();
    sale.card = sign(receipt.paid_with(node::TenderKind::card));
    sale.account = sign(receipt.paid_with(node::TenderKind::account));
    sale.voucher = sign(receipt.paid_with(node::TenderKind::voucher));
    sale.points = sign(receipt.points());
    sale.taken = sign(receipt.taken);
    if (!receipt.customer.empty()) {
        bool added = false;
        Account& customer = account(receipt.customer, &added);
        sale.customer = customer.row;
        if (added && !receipt.card.empty() && node::customer_of_card(receipt.card) == receipt.customer) {
            node::Json clashes;
            claim_card(customer, receipt.card, clashes);
        }
    }
    book(fact, node::movements_of(receipt));
    // From here on nothing is refused.
    if (sale.customer && !receipt.refund) {
        Account& main = main_of(account_at(sale.customer));
        main.last = std::max(main.last.value_or(fact.at), fact.at);
        main.changed = true;
    }
    sale.cashier = store_.word(receipt.cashier);
    changes_.sales.push_back(sale);
    std::int64_t number = 0;
    for (const node::BookedLine& line : receipt.lines) {
        LineRow row;
        row.id = fact.id << line_bits | ++number;
        row.product = line.product.empty() ? 0 : store_.word(line.product);
        row.name = store_.word(line.name);
        row.vat = store_.word(line.vat);
        row.quantity = sign(line.quantity);
        row.net = sign(line.net);
        row.paid = sign(line.paid);
        row.cost = sign(line.cost);
        changes_.lines.push_back(row);
    }
    ++sales_;
}

void Projector::act(const FactView& fact) {
    const node::ActFact act = node::parse_act(fact.body);
    ActRow row;
    row.fact = fact.id;
    row.at = fact.at;
    row.kind = fact.kind;
    row.amount = act.amount.raw();
    row.cash = fact.kind == kind::cash ? act.amount.raw() : cash_of(act.pay, act.change).raw();
    row.reason = act.reason;
    if (!act.customer.empty()) row.customer = account(act.customer).row;
    book(fact, node::movements_of(fact.kind, act));
    row.cashier = store_.word(act.cashier);
    changes_.acts.push_back(std::move(row));
}

void Projector::customer(const FactView& fact) {
    const node::CustomerFact set = node::parse_customer(fact.body);
    const auto texts = set.digest.empty() ? std::nullopt : store_.personal(set.digest);
    const std::string name = texts ? node::parse_personal(*texts).name : "";
    Account& named = account(set.customer);
    named.changed = true;
    node::Json clashes = node::Json::object();
    for (const std::string& card : set.cards)
        if (!card.empty() && card.size() <= node::max_code_bytes) claim_card(named, card, clashes);

    Account& main = main_of(named);
    main.changed = true;
    CustomerRecord record = store_.customer(main.row);
    // The latest edit stands, in whatever order edits come; HQ's own always do, or a branch's wrong clock would lock the row.
    const bool later = fact.node == node::hq_node || std::pair(fact.at, fact.id) > std::pair(record.set_at, record.set_by);
    const bool alias = main.row != named.row;
    const auto free_number = [&](std::int64_t number) {
        const auto holder = store_.customer_by_number(number);
        if (!holder || *holder == main.row) return true;
        clashes["number"] = {{"number", number}, {"held_by", store_.customer(*holder).id}};
        return false;
    };
    if (alias) {
        // What was said of the customer that was merged fills in what is not known of the one that stays.
        if (set.number && !record.number && free_number(*set.number)) record.number = set.number;
        if (record.digest.empty()) {
            record.digest = set.digest;
            record.name = name;
        }
    } else if (later && !is_registration(set)) {
        if (set.number && free_number(*set.number)) record.number = set.number;
        if (!set.number) record.number.reset();
        record.digest = set.digest;
        record.name = name;
        record.dealer = set.dealer;
        record.discount = set.discount;
        record.charge = set.charge;
        record.limit = set.limit;
        record.referrer = set.referrer;
        record.set_at = fact.at;
        record.set_by = fact.id;
    }
    store_.save_customer(record);
    if (!clashes.empty()) {
        clashes["customer"] = set.customer;
        raise(fact, exception_kind::duplicate_customer, std::move(clashes));
    }
}

// -------------------------------------------------------------------------------------------------------- cards

/// Two branches that met a new card made the same customer; one that met the card of a customer whom it did not know yet
/// made a customer that is joined here to the one who holds the card. Anything else is for a person to decide.
void Projector::claim_card(Account& named, const std::string& card, node::Json& clashes) {
    Account& claimant = main_of(named);
    const auto holder = store_.customer_by_card(card);
    if (!holder) {
        store_.add_card(claimant.row, card);
        claimant.changed = true;
    } else if (*holder == claimant.row) {
        return;
    } else if (is_card_alone(store_, claimant.row, card)) {
        merge(claimant, account_at(*holder));
    } else if (is_card_alone(store_, *holder, card)) {
        merge(account_at(*holder), claimant);
    } else {
        clashes["cards"].push_back({{"card", card}, {"held_by", store_.customer(*holder).id}});
    }
}

void Projector::merge(Account& from, Account& into) {
    assert(!from.main && !into.main && from.row != into.row);
    if (!fits(from.points + into.points) || !fits(from.spend + into.spend) || !fits(from.debt + into.debt)) throw node::Overflow();
    store_.merge_customer(from.row, into.row);
    into.points += from.points;
    into.spend += from.spend;
    into.debt += from.debt;
    if (from.last) into.last = std::max(into.last.value_or(*from.last), *from.last);
    for (auto& [row, account] : accounts_)
        if (account.main == from.row) account.main = into.row;
    from.main = into.row;
    from.points = from.spend = from.debt = 0;
    from.last.reset();
    from.changed = into.changed = true;
}

// -------------------------------------------------------------------------------------------------------- writing

void Projector::raise(const FactView& fact, std::string_view kind, node::Json evidence) {
    Exception exception;
    exception.kind = kind;
    exception.node = fact.node;
    exception.epoch = fact.epoch;
    exception.seq = seq_of(fact.id);
    exception.at = now_;
    exception.evidence = std::move(evidence);
    if (store_.add_exception(exception)) exceptions_.push_back(std::move(exception));
}

void Projector::write() {
    // By customer, because that is how they lie; a customer's facts come in order anyway.
    std::sort(changes_.movements.begin(), changes_.movements.end(),
              [](const MovementRow& a, const MovementRow& b) { return std::tie(a.customer, a.fact, a.kind) < std::tie(b.customer, b.fact, b.kind); });
    store_.write(changes_);
    changes_.sales.clear();
    changes_.lines.clear();
    changes_.movements.clear();
    changes_.acts.clear();
    changes_.closings.clear();
}

void Projector::finish() {
    write();
    std::vector<Account> changed;
    for (const auto& [row, account] : accounts_)
        if (account.changed) changed.push_back(account);
    std::sort(changed.begin(), changed.end(), [](const Account& a, const Account& b) { return a.row < b.row; });
    store_.save_accounts(changed);
    customers_ += static_cast<std::int64_t>(changed.size());
    accounts_.clear();
    row_of_.clear();
}

void project_kept(Store& store, node::Instant now) {
    const auto kinds = store.unprojected_kinds();
    if (std::none_of(kinds.begin(), kinds.end(), is_known_kind)) return;
    StoreTransaction transaction(store);
    Projector projector(store, now);
    for (const NodeRecord& node : store.nodes())
        for (const ChainRecord& chain : store.chains(node.id))
            for (const std::string& kind : kinds) {
                if (!is_known_kind(kind)) continue;
                for (const FactId id : store.unprojected(kind)) {
                    if (chain_of(id) != chain.id) continue;
                    const auto fact = store.fact(id);
                    assert(fact);
                    projector.project({id, fact->at, fact->kind, fact->body, node.node, chain.epoch});
                    store.drop_unprojected(id);
                }
            }
    projector.finish();
    transaction.commit();
}

}  // namespace paprsek::hq
