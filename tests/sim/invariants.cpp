// A quiet period, and what must hold after it (DESIGN.md "Determinism and faults").
#include <fmt/format.h>

#include <array>
#include <map>

#include "node/customers.h"
#include "sync/exchange.h"
#include "tests/sim/chain.h"

namespace paprsek::sim {
namespace {

using Balance = std::array<std::int64_t, 3>;

Balance& operator+=(Balance& sum, const Balance& other) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
    return sum;
}

std::string print(const Balance& balance) { return fmt::format("{}/{}/{}", balance[0], balance[1], balance[2]); }

Balance sum_of(node::Database& database, const std::string& what) {
    auto row = database.query("SELECT ifnull(sum(points), 0), ifnull(sum(spend), 0), ifnull(sum(debt), 0) FROM " + what);
    row.step();
    return {row.integer(0), row.integer(1), row.integer(2)};
}

}  // namespace

void Chain::broken(const std::string& what) const { throw Broken(fmt::format("day {} hour {}: {}", hours_ / 24 + 1, hours_ % 24, what)); }

/// One undisturbed exchange.
void Chain::exchange(Branch& branch) {
    node::Node& node = *branch.machine.program;
    branch.clock.set({now().ms + branch.skew_ms});
    int trips = 0;
    for (bool more = true; more;) {
        sync::prepare_up(node);
        const auto up = sync::make_up(node);
        const auto report = hq_.program->import({reinterpret_cast<const char*>(up->bytes.data()), up->bytes.size()}, "quiet bundle");
        branch.at_hq = report.facts_now;
        const auto down = sync::apply_down(node, sync::bytes_of(hq_.program->export_reply(branch.name).bytes), "quiet reply");
        more = down.more || down.again || up->last < up->newest;
        if (++trips > 30) broken(fmt::format("{} and HQ do not come to an end: {}, {}", print(branch.name), print(down.outcome), down.message));
    }
    branch.unsettled = false;
}

/// Sticks that are on the way stay there, but for the last quiet period; and one branch may stay silent, which must not matter
/// to the others.
void Chain::quiet(bool all) {
    ++tally_.quiet_periods;
    if (all)
        for (int hour = 0; !parcels_.empty(); ++hour) {
            if (hour > 1000) broken("bundles are still on the way after 1000 hours");
            ++hours_;
            hq_clock_.set(now());
            deliver_due();
        }
    for (auto& branch : branches_) retire_twin(*branch);
    std::vector<bool> reported(branches_.size(), true);
    if (!all && branches_.size() > 1) {
        const std::size_t silent = one_of(branches_.size());
        reported[silent] = branches_[silent]->unsettled;
    }
    // The first round brings every fact to HQ, the second brings what follows from them to every branch. An HQ that was restored may
    // learn of it in the first from one who comes late, and then begins its state anew.
    const auto round = [&] {
        for (std::size_t i = 0; i < branches_.size(); ++i)
            if (reported[i]) exchange(*branches_[i]);
    };
    for (int i = 0; i < (hq_restored_ ? 3 : 2); ++i) round();
    // What comes back of rights HQ grants to others, and receipts are asked for until they are known: that has to come to rest.
    if (settings_.rights || settings_.elsewhere)
        for (int i = 0;; ++i) {
            const auto before = hq_.program->state_digest();
            round();
            if (hq_.program->state_digest() == before) break;
            if (i > 8) broken("rights or receipts go back and forth without end");
        }
    check(reported);
}

void Chain::check(const std::vector<bool>& reported) {
    const auto held = hq_.program->branches();
    for (std::size_t i = 0; i < branches_.size(); ++i) {
        Branch& branch = *branches_[i];
        check_ledger(branch);
        if (!reported[i]) continue;
        const node::Head head = branch.machine.program->ledger().head();
        const node::Head there = held_of(branch);
        if (there.seq != head.seq || there.hash != head.hash || (!branch.copied && held[i].facts != head.seq))
            broken(fmt::format("{} has {} facts, HQ holds {} of them or others", print(branch.name), head.seq, there.seq));
        check_same(branch);
        if (!held[i].gaps.empty() || held[i].early) broken(fmt::format("HQ still waits for facts of {}", print(branch.name)));
    }
    for (const auto& exception : hq_.program->exceptions(false))
        if ((exception.kind == "fork" && !branches_[static_cast<std::size_t>(exception.node.branch) - 1]->restored) || exception.kind == "unreadable")
            broken(fmt::format("HQ raised \"{}\" of {}: {}", exception.kind, print(exception.node), exception.evidence.dump()));
    if (const auto found = hq_.program->verify(); !found.ok()) broken("HQ does not verify: " + found.faults.front());
    check_sums();
    check_balances(reported);
    if (settings_.rights) check_rights();
    if (settings_.elsewhere && settings_.accidents == Accidents::none) check_refunds();
}

/// What was acknowledged is there, under the same hash, which stands for all before it; and the ledger verifies.
void Chain::check_ledger(Branch& branch) {
    node::Node& node = *branch.machine.program;
    if (branch.acknowledged.seq > 0) {
        const auto fact = node.ledger().fact(branch.acknowledged.seq);
        if (!fact || fact->hash != branch.acknowledged.hash)
            broken(fmt::format("fact {} of {} was acknowledged and is lost", branch.acknowledged.seq, print(branch.name)));
    }
    const auto found = node::verify(node.database(), branch.name);
    if (!found.ok()) broken(fmt::format("{} does not verify: {}", print(branch.name), found.faults.front()));
    auto row = node.database().query("SELECT count(*), ifnull(max(number), 0) FROM receipt");
    row.step();
    if (row.integer(0) != row.integer(1) && !branch.restored)
        broken(fmt::format("{} has {} receipts up to number {}", print(branch.name), row.integer(0), row.integer(1)));
}

/// Every customer's balance is the same at HQ and at every branch that has reported, and everyone knows everyone.
void Chain::check_balances(const std::vector<bool>& reported) {
    std::map<std::string, Balance> at_hq;
    for (const auto& customer : hq_.program->customers("", 1'000'000))
        at_hq[customer.id] = {customer.points.raw(), customer.spend.raw(), customer.debt.raw()};
    tally_.customers = static_cast<std::int64_t>(at_hq.size());
    for (std::size_t i = 0; i < branches_.size(); ++i) {
        if (!reported[i]) continue;
        const auto here = node::all_customers(branches_[i]->machine.program->database());
        if (here.size() != at_hq.size()) broken(fmt::format("{} knows {} customers, HQ {}", print(branches_[i]->name), here.size(), at_hq.size()));
        for (const auto& customer : here) {
            const auto found = at_hq.find(customer.terms.id);
            const Balance balance{customer.terms.points.raw(), customer.terms.spend.raw(), customer.terms.debt.raw()};
            if (found == at_hq.end()) broken(fmt::format("{} knows customer {}, HQ does not", print(branches_[i]->name), customer.terms.id));
            if (found->second != balance)
                broken(fmt::format("customer {} has {} at {} and {} at HQ", customer.terms.id, print(balance), print(branches_[i]->name),
                                   print(found->second)));
        }
    }
}

/// HQ's balances together are what all ledgers moved, facts that HQ has not got yet apart: nothing was counted twice.
void Chain::check_sums() {
    node::Database hq(folder_.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = hq_.disk.vfs()});
    const Balance balances = sum_of(hq, "customer WHERE main IS NULL");
    Balance moved = sum_of(hq, "movement m JOIN chain c ON c.id = m.fact >> 32 JOIN node n ON n.id = c.node WHERE n.branch = 0");
    for (std::size_t i = 0; i < branches_.size(); ++i)
        moved += sum_of(branches_[i]->machine.program->database(), fmt::format("movement WHERE seq <= {}", held_of(*branches_[i]).seq));  // those beside it too
    if (balances != moved) broken(fmt::format("HQ's balances come to {}, all movements to {}", print(balances), print(moved)));
}

}  // namespace paprsek::sim
