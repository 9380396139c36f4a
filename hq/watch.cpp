#include "hq/watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/fact.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_evidence = 10;  // facts that are named

node::Json movement_json(const AccountMovement& movement) {
    node::Json json = {{"node", node::print(movement.node)}, {"epoch", movement.epoch}, {"seq", seq_of(movement.fact)}, {"kind", movement.kind},
                       {"at", node::print_utc({movement.at})}};
    if (movement.receipt) json["receipt"] = fmt::format("{}-{:06}", node::print(movement.node), movement.receipt);
    if (movement.points) json["points"] = node::print(node::Points::of(movement.points));
    if (movement.debt) json["debt"] = node::print(node::Money::of(movement.debt));
    return json;
}

void keep_last(std::vector<AccountMovement>& list, const AccountMovement& movement) {
    list.push_back(movement);
    if (list.size() > max_evidence) list.erase(list.begin());
}

}  // namespace

bool is_act(std::string_view what) {
    return what == kind::sale || what == kind::refund || what == kind::deposit || what == kind::settlement || what == kind::cash ||
           what == kind::correction || what == kind::day_closed;
}

Overdraft overdraft(const std::vector<AccountMovement>& movements, std::int64_t limit) {
    Overdraft result;
    std::vector<AccountMovement> took, charged;
    std::int64_t points = 0, debt = 0;
    bool uncovered = false;
    for (std::size_t i = 0; i < movements.size();) {
        // A receipt's own points count for its redemption: what a fact moves, it moves at once.
        bool redeemed = false;
        for (const FactId fact = movements[i].fact; i < movements.size() && movements[i].fact == fact; ++i) {
            const AccountMovement& movement = movements[i];
            points += movement.points;
            debt += movement.debt;
            redeemed = redeemed || movement.kind == "redemption";
            if (movement.points < 0) keep_last(took, movement);
            if (movement.debt > 0) keep_last(charged, movement);
        }
        uncovered = points < 0 && (uncovered || redeemed);
    }
    result.points = points < 0 && uncovered;
    result.debt = limit > 0 && debt > limit;
    if (result.points) result.led_there = std::move(took);
    if (result.debt) result.led_there.insert(result.led_there.end(), charged.begin(), charged.end());
    return result;
}

bool Watch::raise(Exception exception) {
    exception.at = now_;
    if (!store_.add_exception(exception)) return false;
    exceptions_.push_back(std::move(exception));
    return true;
}

bool Watch::raise(const FactView& fact, std::string_view what, std::string subject, node::Json evidence) {
    Exception exception;
    exception.kind = what;
    exception.node = fact.node;
    exception.epoch = fact.epoch;
    exception.seq = seq_of(fact.id);
    exception.evidence = std::move(evidence);
    exception.subject = std::move(subject);
    return raise(std::move(exception));
}

void Watch::close(std::string_view what, std::string_view subject, ExceptionState state, const std::string& remedy) {
    auto exception = store_.live_exception(what, subject);
    if (!exception) return;
    exception->state = state;
    exception->remedy = remedy;
    if (state != ExceptionState::accepted) exception->closed_at = now_;
    store_.save_exception(*exception);
}

// -------------------------------------------------------------------------------------------------------- clocks

void Watch::act(const FactView& fact) {
    const std::int64_t ahead = fact.at - now_.ms, back = fact.act_before ? fact.act_before->ms - fact.at : 0;
    if (ahead <= clock_tolerance_ms && back <= clock_tolerance_ms) return;
    Skew& skew = skew_of(fact);
    node::Json& evidence = skew.exception.evidence;
    const node::Json place = {{"epoch", fact.epoch}, {"seq", seq_of(fact.id)}, {"at", node::print_utc({fact.at})}};
    if (!evidence.contains("first")) evidence["first"] = place;
    evidence["last"] = place;
    evidence["facts"] = evidence.value("facts", std::int64_t{0}) + 1;
    const auto worst = [&](const char* key, std::int64_t ms) {
        if (ms > clock_tolerance_ms) evidence[key] = std::max(ms, evidence.value(key, std::int64_t{0}));
    };
    worst("ahead_ms", ahead);
    worst("back_ms", back);
    skew.changed = true;
}

/// One exception a node and run: what is accepted goes on as long as the clock stays as wrong as it was.
Watch::Skew& Watch::skew_of(const FactView& fact) {
    if (const auto found = skews_.find(fact.node); found != skews_.end()) return found->second;
    Skew skew;
    const std::string subject = node::print(fact.node);
    if (auto live = store_.live_exception(exception_kind::clock_skew, subject)) {
        const node::Json last = live->evidence.value("last", node::Json::object());
        const bool same_run = fact.act_before && last.value("at", "") == node::print_utc(*fact.act_before);
        if (live->open() || same_run)
            skew.exception = std::move(*live);
        else
            close(exception_kind::clock_skew, subject, ExceptionState::resolved, live->remedy);
    }
    if (!skew.exception.id) {
        skew.exception.kind = exception_kind::clock_skew;
        skew.exception.node = fact.node;
        skew.exception.epoch = fact.epoch;
        skew.exception.seq = seq_of(fact.id);
        skew.exception.subject = subject;
    }
    return skews_.emplace(fact.node, std::move(skew)).first->second;
}

// ------------------------------------------------------------------------------------------------------ products

void Watch::line(const FactView& fact, const node::BookedLine& line, std::int64_t word) {
    if (unknown_products_.contains(word) || store_.is_product(word, line.product)) return;
    unknown_products_.insert(word);
    raise(fact, exception_kind::unknown_product, line.product,
          {{"product", line.product}, {"code", line.code}, {"name", line.name}, {"price", node::print(line.price)}, {"vat", line.vat}});
}

// ------------------------------------------------------------------------------------------------------ balances

void Watch::balance(const Account& account) {
    if (!overdrawn_) {
        overdrawn_.emplace();
        for (const Exception& live : store_.live_exceptions(exception_kind::overdraft))
            if (const auto customer = store_.find_account(live.subject)) overdrawn_->emplace(customer->row, live.subject);
    }
    const auto told = overdrawn_->find(account.row);
    if (told != overdrawn_->end())
        evaluate(account, told->second);
    else if (account.points < 0 || (account.limit > 0 && account.debt > account.limit))
        evaluate(account, store_.customer(account.row).id);
}

void Watch::evaluate(const Account& account, const std::string& id) {
    const Overdraft found = overdraft(store_.movements(account.row), account.limit);
    if (!found.any()) return close(exception_kind::overdraft, id, ExceptionState::settled);
    node::Json evidence = {{"customer", id}, {"facts", node::Json::array()}};
    if (const auto number = store_.customer(account.row).number) evidence["number"] = *number;
    if (const auto cards = store_.cards(account.row); !cards.empty()) evidence["card"] = cards.front();
    if (found.points) evidence["points"] = node::print(node::Points::of(account.points));
    if (found.debt) {
        evidence["debt"] = node::print(node::Money::of(account.debt));
        evidence["limit"] = node::print(node::Money::of(account.limit));
    }
    for (const AccountMovement& movement : found.led_there) evidence["facts"].push_back(movement_json(movement));
    auto live = store_.live_exception(exception_kind::overdraft, id);
    if (live && live->open()) {
        live->evidence = std::move(evidence);
        return store_.save_exception(*live);
    }
    if (live) {
        // Accepted as it stood then; deeper, it is told again.
        const auto accepted = [&](const char* key) { return node::parse<node::Money>(live->evidence.value(key, "0")).value_or(node::Money{}).raw(); };
        if ((!found.points || account.points >= accepted("points")) && (!found.debt || account.debt <= accepted("debt"))) return;
        close(exception_kind::overdraft, id, ExceptionState::resolved, live->remedy);
    }
    const AccountMovement& newest = found.led_there.back();
    raise({newest.fact, newest.at, {}, {}, newest.node, newest.epoch}, exception_kind::overdraft, id, std::move(evidence));
}

void Watch::alias(const Account& account) { close(exception_kind::overdraft, store_.customer(account.row).id, ExceptionState::settled); }

void Watch::finish() {
    for (auto& [node, skew] : skews_) {
        if (!skew.changed) continue;
        if (skew.exception.id)
            store_.save_exception(skew.exception);
        else
            raise(skew.exception);
    }
    skews_.clear();
}

}  // namespace paprsek::hq
