#include "hq/project.h"

#include "hq/refunds.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "node/base/error.h"
#include "node/codes.h"
#include "node/loyalty_facts.h"
#include "node/printing.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

/// Rows gathered before they are written: bounds memory, and is long enough for runs that lie together.
constexpr std::size_t flush_lines = 60'000;

node::Money cash_of(const std::vector<node::Tender>& pay, node::Money change) {
    node::Money cash = -change;
    for (const node::Tender& tender : pay)
        if (tender.with == node::TenderKind::cash) cash += tender.amount;
    return cash;
}

}  // namespace

bool is_known_kind(std::string_view wanted) { return std::find(kind::all.begin(), kind::all.end(), wanted) != kind::all.end(); }

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
    if (fact.kind.starts_with("right.")) return right(fact);
    if (fact.kind == kind::customer_erased) return erase(fact);
    const bool merge = fact.kind == kind::customer_merged || fact.kind == kind::customer_unmerged;
    if (merge || fact.kind == kind::exception_resolved || node::is_balances_kind(fact.kind)) {
        const bool own = fact.node == node::hq_node || (fact.kind != kind::exception_resolved && kept_customers_itself(fact));
        if (!own) node::refuse("a fact of kind " + std::string(fact.kind), "is for headquarters alone to write");
        if (fact.kind == kind::exception_resolved) return resolve(fact);
        if (!merge) return balances(fact);
        return fact.kind == kind::customer_merged ? merge_by_hand(fact) : undo_merge(fact);
    }
    if (fact.kind == kind::node_created || fact.kind == kind::node_enrolled) return;
    if (fact.kind == kind::catalogue_imported) return brought(fact);
    if (fact.kind == kind::user_set && fact.node == node::hq_node) return user(fact);
    if (fact.kind == kind::user_set || fact.kind == kind::shift_opened || fact.kind == kind::shift_closed) return;  // the branch's own matter
    if (node::is_stock_kind(fact.kind)) return stock(fact);
    // Nothing moves by what was printed; that it can be read is all that is asked.
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
    const std::int64_t from_stock = store_.word(receipt.stock);
    std::vector<std::pair<std::int64_t, std::int64_t>> moves;
    for (const node::BookedLine& line : receipt.lines)
        if (!line.product.empty()) moves.emplace_back(store_.word(line.product), -sign(line.quantity));
    move_stock(fact.node.branch, from_stock, moves);
    try {
        book(fact, node::movements_of(receipt));
    } catch (const node::Overflow&) {
        for (auto& move : moves) move.second = -move.second;
        move_stock(fact.node.branch, from_stock, moves);
        throw;
    }
    // From here on nothing is refused.
    if (!receipt.stock.empty()) changes_.sale_stocks.emplace_back(fact.id, from_stock);
    if (sale.customer && !receipt.refund) {
        Account& main = main_of(account_at(sale.customer));
        if (!main.last || std::pair(fact.at, fact.id) > std::pair(*main.last, main.last_fact)) {
            main.last = fact.at;
            main.last_fact = fact.id;
        }
        main.changed = true;
    }
    sale.cashier = store_.word(receipt.cashier);
    changes_.sales.push_back(sale);
    std::int64_t number = 0;
    auto move = moves.begin();
    for (const node::BookedLine& line : receipt.lines) {
        LineRow row;
        row.id = fact.id << line_bits | ++number;
        row.product = line.product.empty() ? 0 : (move++)->first;
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
    if (!receipt.refund)
        sold_late(fact);
    else if (!receipt.refund_of.empty())
        refunded(fact, receipt);
}

/// Whose goods came back, and whether more of them than were sold; those who hold the receipt hear of it, and the till that sold it.
void Projector::refunded(const FactView& fact, const node::ReceiptFact& refund) {
    const auto sold = refund.sold ? refund.sold : sale_numbered(store_, facts_, fact, refund.refund_of, changes_.sales);
    if (!sold) return;
    store_.add_refund(*sold, fact.id);
    if (watching_) {
        const auto seller = store_.find_node(sold->node);
        if (seller && seller->node != fact.node && seller->node != node::hq_node) store_.hold_receipt(seller->id, *sold);
        store_.touch_receipt(*sold);
    }
    if (watch_refunds(store_, facts_, watch_, fact, *sold)) return;
    store_.wait_for_sale(*sold);
    early_refunds_ = true;
}

/// HQ was restored, and the till that gave the goods back reported before the one that sold them.
void Projector::sold_late(const FactView& fact) {
    if (!early_refunds_) early_refunds_ = store_.has_early_refunds();
    if (!*early_refunds_) return;
    const node::FactPlace sold{fact.node, fact.epoch, seq_of(fact.id)};
    if (store_.settle_early_refunds(sold)) watch_refunds(store_, facts_, watch_, fact, sold);
}

/// All moves of a fact or, when one would carry a level out of range, none. Each is a product's word and how much comes in.
void Projector::move_stock(int branch, std::int64_t stock, std::span<const std::pair<std::int64_t, std::int64_t>> moves) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
        const StockKey key{branch, stock, moves[i].first};
        const auto [place, added] = levels_.try_emplace(key);
        Level& level = place->second;
        if (added) level.quantity = store_.stock_level(key);
        level.quantity += moves[i].second;
        level.changed = true;
        if (fits(level.quantity)) continue;
        for (std::size_t undo = 0; undo <= i; ++undo) levels_[{branch, stock, moves[undo].first}].quantity -= moves[undo].second;
        throw node::Overflow();
    }
}

void Projector::stock(const FactView& fact) {
    node::StockFact stock = node::parse_stock(fact.kind, fact.body);
    StockActRow row;
    row.fact = fact.id;
    row.at = fact.at;
    row.kind = *std::find(kind::all.begin(), kind::all.end(), fact.kind);
    row.stock = store_.word(stock.stock);
    row.cashier = store_.word(stock.cashier);
    row.reason = std::move(stock.reason);
    row.document = std::move(stock.document);
    row.branch = stock.to;
    row.from = stock.from;
    std::vector<std::pair<std::int64_t, std::int64_t>> moves;
    for (const node::StockLine& line : stock.lines) moves.emplace_back(store_.word(line.product), node::change_of(fact.kind, line).raw());
    move_stock(fact.node.branch, row.stock, moves);
    std::int64_t number = 0;
    for (const node::StockLine& line : stock.lines) {
        const auto& [product, quantity] = moves[static_cast<std::size_t>(number)];
        const auto cost = line.cost ? std::optional(line.cost->raw()) : std::nullopt;
        changes_.stock_lines.push_back({fact.id << line_bits | ++number, product, store_.word(line.name), quantity, cost});
    }
    changes_.stock_acts.push_back(std::move(row));
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

/// Many customers' balances at once.
void Projector::balances(const FactView& fact) {
    const node::BalancesFact balances = node::parse_balances(fact.kind, fact.body);
    ActRow row;
    row.fact = fact.id;
    row.at = fact.at;
    row.kind = fact.kind;
    row.reason = fact.kind == kind::points_expired ? balances.through : balances.batch;
    book(fact, node::movements_of(fact.kind, balances));
    row.cashier = store_.word(balances.cashier);
    changes_.acts.push_back(std::move(row));
}

/// Of those whom HQ keeps. A PIN that was changed is forgotten.
void Projector::user(const FactView& fact) {
    const node::UserFact set = node::parse_user(fact.body);
    const auto body = store_.personal(set.digest);
    const node::UserTexts texts = body ? node::parse_user_texts(*body) : node::UserTexts{};
    for (const UserRecord& former : store_.users())
        if (former.id == set.user && former.digest != set.digest) store_.drop_personal(former.digest);
    store_.save_user({set.user, texts.name, set.role, texts.badge, texts.pin, set.digest, set.removed, set.branches});
}

/// Who holds what of a customer's points and credit (node/rights.h). No balance moves.
void Projector::right(const FactView& fact) {
    const node::RightFact right = node::parse_right(fact.kind, fact.body);
    const bool by_hq = fact.kind == kind::right_granted || fact.kind == kind::right_written_off;
    if (by_hq != (fact.node == node::hq_node)) node::refuse("a right", by_hq ? "is not a branch's to give" : "is not HQ's to begin or return");
    const auto node = store_.find_node(by_hq ? right.node : fact.node);
    if (!node) node::refuse("a right", "names a node that is not known");
    RightHolder holder{node->id, by_hq ? right.epoch : fact.epoch, seq_of(fact.id), right.era, false};
    if (fact.kind == kind::right_begun) {
        begun_ = true;
        return store_.set_right_holder(holder);
    }
    const auto holders = store_.right_holders();
    const auto found =
        std::find_if(holders.begin(), holders.end(), [&](const RightHolder& each) { return each.node == holder.node && each.epoch == holder.epoch; });
    if (found == holders.end()) node::refuse("a right", "is of a holder that has not begun");
    holder = *found;
    if (by_hq) holder.begun = right.begun;
    if (fact.kind == kind::right_written_off) {
        if (*found != holder) return;  // it has begun anew meanwhile, and that ended it
        holder.written_off = true;
        return store_.set_right_holder(holder);
    }
    for (const node::RightFact::Entry& entry : right.rights) {
        Account& named = account(entry.customer);
        Account& main = main_of(named);
        const node::Right amount{entry.points, entry.credit};
        store_.move_right(named.row, holder, by_hq ? amount : node::Right{}, by_hq ? node::Right{} : amount);
        // What was granted goes down with the customer's row; what came back HQ may give to others.
        if (by_hq)
            main.changed = true;
        else
            touched_.push_back(main.row);
    }
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
    if (resolution.kind == exception_kind::customer_differs) return close_difference(resolution.subject, resolution.remedy);
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

void Projector::expect(std::int64_t facts) {
    constexpr std::size_t usual_lines = 3;
    const std::size_t sales = std::min(static_cast<std::size_t>(std::max<std::int64_t>(facts, 0)), flush_lines / usual_lines);
    changes_.sales.reserve(sales);
    changes_.lines.reserve(sales * usual_lines);
    changes_.movements.reserve(sales);
}

void Projector::write() {
    // By customer, because that is how they lie; a customer's facts come in order anyway.
    std::sort(changes_.movements.begin(), changes_.movements.end(),
              [](const MovementRow& a, const MovementRow& b) { return std::tie(a.customer, a.fact, a.kind) < std::tie(b.customer, b.fact, b.kind); });
    std::sort(changes_.stock_levels.begin(), changes_.stock_levels.end());
    store_.write(changes_);
    changes_.sales.clear();
    changes_.lines.clear();
    changes_.movements.clear();
    changes_.acts.clear();
    changes_.closings.clear();
    changes_.sale_stocks.clear();
    changes_.stock_acts.clear();
    changes_.stock_lines.clear();
    changes_.stock_levels.clear();
}

void Projector::finish() {
    for (const auto& [key, level] : levels_)
        if (level.changed) changes_.stock_levels.emplace_back(key, level.quantity);
    levels_.clear();
    write();
    std::vector<Account> changed;
    for (const auto& [row, account] : accounts_)
        if (account.changed) changed.push_back(account);
    std::sort(changed.begin(), changed.end(), [](const Account& a, const Account& b) { return a.row < b.row; });
    store_.save_accounts(changed);
    customers_ += static_cast<std::int64_t>(changed.size());
    for (const Account& account : changed)
        if (!account.main) touched_.push_back(account.row);
    if (watching_) {
        for (const Account& account : changed) account.main ? watch_.alias(account) : watch_.balance(account);
        watch_.finish();
    }
    accounts_.clear();
    row_of_.clear();
}

void name_refunds(Store& store, node::Instant now) {
    constexpr const char* named = "refunds_named";
    if (store.setting(named)) return;
    StoreTransaction transaction(store);
    Watch watch(store, now);
    for (const FactId id : store.all_refunds()) {
        const auto fact = store.fact(id);
        assert(fact);
        const node::FactPlace place = store.place_of(id);
        const FactView view{id, fact->at, fact->kind, fact->body, place.node, place.epoch};
        const auto sold = sale_numbered(store, store, view, node::parse_receipt(fact->kind, fact->body).refund_of, {});
        if (!sold) continue;
        store.add_refund(*sold, id);
        watch_refunds(store, store, watch, view, *sold);
    }
    store.set_setting(named, "1");
    transaction.commit();
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
