#include "hq/project.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "node/base/error.h"
#include "node/codes.h"
#include "node/printing.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

constexpr std::array known_kinds = {kind::node_created, kind::node_enrolled, kind::catalogue_imported, kind::policy_set, kind::customer_set,
                                    kind::opening,      kind::sale,          kind::refund,             kind::deposit,    kind::settlement,
                                    kind::cash,         kind::correction,    kind::day_closed,         kind::user_set,     kind::shift_opened,
                                    kind::shift_closed, kind::line_voided,   kind::receipt_voided,     kind::customer_merged, kind::customer_unmerged,
                                    kind::exception_resolved, kind::device_set,   kind::receipt_printed, kind::device_closed};

/// Rows gathered before they are written: bounds memory, and is long enough for runs that lie together.
constexpr std::size_t flush_lines = 60'000;

bool fits(std::int64_t value) { return value <= node::Money::max_value && value >= -node::Money::max_value; }

node::Money cash_of(const std::vector<node::Tender>& pay, node::Money change) {
    node::Money cash = -change;
    for (const node::Tender& tender : pay)
        if (tender.with == node::TenderKind::cash) cash += tender.amount;
    return cash;
}

}  // namespace

bool is_known_kind(std::string_view wanted) { return std::find(known_kinds.begin(), known_kinds.end(), wanted) != known_kinds.end(); }

void Projector::take(const FactView& fact) {
    if (watching_ && is_act(fact.kind)) watch_.act(fact);
    project(fact);
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
    watch_.raise(fact, exception_kind::rejected_fact, node::customer_of_fact(fact.node, fact.epoch, seq_of(fact.id)), {{"kind", fact.kind}, {"why", why}});
}

void Projector::project_known(const FactView& fact) {
    if (fact.kind == kind::sale || fact.kind == kind::refund) return receipt(fact);
    if (fact.kind == kind::customer_set) return customer(fact);
    if (fact.kind == kind::line_voided || fact.kind == kind::receipt_voided) return voided(fact);
    if (fact.kind == kind::day_closed) return changes_.closings.push_back({fact.id, fact.at});
    // A branch's own policy is of the time when it stood alone; HQ's is the chain's.
    if (fact.kind == kind::policy_set) return fact.node == node::hq_node ? store_.save_policy(std::string(fact.body)) : void();
    if (fact.kind == kind::customer_merged || fact.kind == kind::customer_unmerged || fact.kind == kind::exception_resolved) {
        if (fact.node != node::hq_node) node::refuse("a fact of kind " + std::string(fact.kind), "is for headquarters alone to write");
        if (fact.kind == kind::exception_resolved) return resolve(fact);
        return fact.kind == kind::customer_merged ? merge_by_hand(fact) : undo_merge(fact);
    }
    if (fact.kind == kind::node_created || fact.kind == kind::node_enrolled || fact.kind == kind::catalogue_imported) return;
    if (fact.kind == kind::user_set || fact.kind == kind::shift_opened || fact.kind == kind::shift_closed) return;  // the branch's own matter
    // Nothing moves by what was printed; that they can be read is all that is asked.
    if (fact.kind == kind::device_set) return void(node::parse_device_fact(fact.body));
    if (fact.kind == kind::receipt_printed) return void(node::parse_printed(fact.body));
    if (fact.kind == kind::device_closed) return void(node::parse_device_closed(fact.body));
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
        if (watching_ && row.product && !receipt.refund) watch_.line(fact, line, row.product);
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

/// Nothing moves by what was struck out; it is kept for whoever looks after the money.
void Projector::voided(const FactView& fact) {
    const node::VoidFact voided = node::parse_void(fact.body);
    ActRow row;
    row.fact = fact.id;
    row.at = fact.at;
    row.kind = fact.kind;
    row.amount = voided.net().raw();
    row.reason = voided.reason;
    if (!voided.customer.empty()) row.customer = account(voided.customer).row;
    row.cashier = store_.word(voided.cashier);
    changes_.acts.push_back(std::move(row));
}

// -------------------------------------------------------------------------------------------------- exceptions

/// HQ's answer to an exception. Rebuilding, there may be none: what did not follow from facts, or what this version projects
/// at once.
void Projector::resolve(const FactView& fact) {
    const node::ResolutionFact resolution = node::parse_resolution(fact.body);
    if (!store_.live_exception(resolution.kind, resolution.subject)) return;
    const bool lasts = resolution.remedy == remedy::accept || resolution.remedy == remedy::keep_apart;
    watch_.close(resolution.kind, resolution.subject, lasts ? ExceptionState::accepted : ExceptionState::resolved, resolution.remedy);
    if (resolution.remedy == remedy::retry) retry(resolution);
}

/// Projects a fact that was rejected, now. Rejected again, it is told again.
void Projector::retry(const node::ResolutionFact& resolution) {
    const auto name = node::parse_node_name(resolution.node);
    const auto node = name ? facts_.find_node(*name) : std::nullopt;
    if (!node) return;
    for (const ChainRecord& chain : facts_.chains(node->id)) {
        if (chain.epoch != resolution.epoch) continue;
        const FactId id = fact_id(chain.id, resolution.seq);
        if (const auto fact = facts_.fact(id)) project({id, fact->at, fact->kind, fact->body, *name, chain.epoch});
    }
}

// -------------------------------------------------------------------------------------------------------- writing

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
    if (watching_) {
        for (const Account& account : changed) account.main ? watch_.alias(account) : watch_.balance(account);
        watch_.finish();
    }
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
