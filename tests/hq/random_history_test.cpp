// Whatever happens to customers in a chain, in whatever order it comes to HQ: balances are the sums of their movements, the same
// everywhere; what is given back leaves nothing; nothing makes points out of nothing.
#include <doctest/doctest.h>

#include <array>
#include <map>

#include "node/base/error.h"
#include "node/customers.h"
#include "node/ledger.h"
#include "tests/hq/random_rules.h"
#include "tests/hq/real_chain.h"
#include "tests/support/seeds.h"

using namespace paprsek;
using namespace paprsek::test;
using node::Json;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr int branches = 3;

using Balance = std::array<std::int64_t, 3>;
using Balances = std::map<std::string, Balance>;  // by id

/// Which acts a history draws from.
enum class Acts { all, sales };

class Life {
public:
    Life(std::uint64_t seed, const std::string& policy, Acts acts, bool openings)
        : rules_(seed), acts_(acts),
          chain_(branches, seed, policy, RandomRules(seed + 1).products(), openings ? rules_.customers() : without_balances(rules_.customers())) {
        for (int number = 1; number <= branches; ++number) chain_.branch(number).clock.set(chain_.clock.now());
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) step();
    }
    RealChain& chain() { return chain_; }

    /// Bundles that lie about come in any order; then everybody exchanges until nothing is new.
    void quiet() {
        while (!on_the_way_.empty()) deliver();
        for (int round = 0; round < 3; ++round)
            for (int number = 1; number <= branches; ++number) chain_.exchange(number);
    }
    Balances at_hq() {
        Balances all;
        for (const auto& customer : chain_.hq->customers("", 1'000'000)) all[customer.id] = {customer.points.raw(), customer.spend.raw(), customer.debt.raw()};
        return all;
    }
    /// "" where all holds: HQ and branches verify, agree, and HQ's balances are sums.
    std::string fault() {
        const Balances all = at_hq();
        if (const auto found = chain_.hq->verify(); !found.ok()) return "HQ: " + found.faults.front();
        for (const auto& [id, sum] : sums_at_hq())
            if (const auto has = all.find(id); has == all.end() || has->second != sum) return "HQ's balance of " + id + " is not the sum of its movements";
        for (int number = 1; number <= branches; ++number) {
            RealChain::Branch& branch = chain_.branch(number);
            if (const auto found = node::verify(branch.node->database(), branch.name); !found.ok()) return print(branch.name) + ": " + found.faults.front();
            const auto here = node::all_customers(branch.node->database());
            if (here.size() != all.size()) return fmt::format("{} knows {} customers, HQ {}", print(branch.name), here.size(), all.size());
            for (const auto& customer : here) {
                const auto has = all.find(customer.terms.id);
                if (has == all.end() || has->second != Balance{customer.terms.points.raw(), customer.terms.spend.raw(), customer.terms.debt.raw()})
                    return fmt::format("{} and HQ differ about {}", print(branch.name), customer.terms.id);
            }
        }
        if (const auto wrong = chain_.mismatches(); !wrong.empty()) return "a right sale is named wrong: " + wrong.front().evidence.dump();
        return {};
    }
    /// Everything that was sold goes back, in parts and in any order, where it was sold; what is owed is paid.
    void give_all_back() {
        for (int number = 1; number <= branches; ++number) {
            struct Left {
                std::string receipt, code;
                std::int64_t quantity;
            };
            std::vector<Left> left;
            auto rows = chain_.branch(number).node->database().query(
                "SELECT r.number, l.code, sum(l.quantity) FROM receipt r JOIN receipt_line l ON l.receipt = r.number WHERE r.refund_of IS NULL "
                "GROUP BY r.number, l.code");
            while (rows.step()) left.push_back({node::print_receipt_number({number, 1}, rows.integer(0)), rows.text(1), rows.integer(2)});
            for (Left& each : left) {
                auto back = chain_.branch(number).node->database().query(
                    "SELECT ifnull(-sum(l.quantity), 0) FROM receipt r JOIN receipt_line l ON l.receipt = r.number WHERE r.refund_of = ? AND l.code = ?",
                    each.receipt, each.code);
                back.step();
                each.quantity -= back.integer(0);
            }
            std::erase_if(left, [](const Left& each) { return each.quantity == 0; });
            while (!left.empty()) {
                const auto at = static_cast<std::size_t>(rules_.below(static_cast<std::int64_t>(left.size())));
                const std::int64_t part = rules_.chance(50) ? left[at].quantity : 1 + rules_.below(left[at].quantity);
                const std::string quantity = node::print(node::Quantity::of(part));
                const Json answer = chain_.play(
                    number, fmt::format("{{'refund_of':'{}','lines':[{{'code':'{}','qty':'{}'}}]}}", left[at].receipt, left[at].code, quantity));
                if (answer.contains("refused")) throw std::runtime_error("a refund is refused: " + answer.dump());
                left[at].quantity -= part;
                if (left[at].quantity == 0) left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
                if (rules_.chance(15)) up(number);
            }
        }
        quiet();
        for (int number = 1; number <= branches; ++number)
            for (int i = 0; i < drawn_customers; ++i) chain_.play(number, fmt::format("{{'settle':{{'customer':'{}','items':'all'}}}}", drawn_card(i)));
        quiet();
    }
    /// Merges, resets, undoing: what must not make points. `change` by HQ in a quiet chain.
    template <class Change>
    bool at_hq(Change change) {
        try {
            change(*chain_.hq);
            return true;
        } catch (const node::Error& error) {
            if (error.exit() != node::Exit::refused) throw;
            return false;
        }
    }
    void reset(node::ResetOf what) {
        at_hq([&](hq::Headquarters& hq) { hq.reset_balances(what, hq.preview_reset(what).summary.phrase); });
    }
    std::string somebody() { return drawn_card(rules_.below(drawn_customers)); }
    RandomRules& rules() { return rules_; }

private:
    static std::string without_balances(const std::string& csv) {
        std::string text;
        for (std::size_t begin = 0; begin < csv.size();) {
            const std::size_t end = csv.find('\n', begin);
            std::vector<std::string> fields{""};
            for (const char c : csv.substr(begin, end - begin)) c == ',' ? void(fields.emplace_back()) : fields.back().push_back(c);
            if (begin > 0) fields[7] = fields[8] = "";
            for (std::size_t i = 0; i < fields.size(); ++i) text += (i ? "," : "") + fields[i];
            text += '\n';
            begin = end + 1;
        }
        return text;
    }
    Balances sums_at_hq() {
        Balances sums;
        node::Database hq(chain_.folder.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = nullptr, .busy_timeout_ms = 10'000});
        auto rows = hq.query(
            "SELECT k.id, ifnull(sum(m.points), 0), ifnull(sum(m.spend), 0), ifnull(sum(m.debt), 0) FROM customer c "
            "JOIN customer k ON k.row = ifnull(c.main, c.row) LEFT JOIN movement m ON m.customer = c.row GROUP BY k.id");
        while (rows.step()) sums[rows.text(0)] = {rows.integer(1), rows.integer(2), rows.integer(3)};
        return sums;
    }
    void step() {
        const int number = static_cast<int>(1 + rules_.below(branches));
        RealChain::Branch& branch = chain_.branch(number);
        branch.clock.set({branch.clock.now().ms + rules_.below(rules_.chance(10) ? 400 * hour_ms : hour_ms)});
        chain_.clock.set({std::max(chain_.clock.now().ms, branch.clock.now().ms)});
        switch (rules_.below(20)) {
            case 0:
            case 1: return up(number);
            case 2: return deliver();
            case 3: return down(number);
            case 4:
            case 5: return refund(number);
            case 6: return void(chain_.play(number, fmt::format("{{'settle':{{'customer':'{}','items':'all'}}}}", somebody())));
            case 7:
                if (acts_ == Acts::all) other_act(number);
                return;
            case 8:
                if (acts_ == Acts::all) decide();
                return;
            default: return sell(number);
        }
    }
    void sell(int number) {
        std::string lines;
        for (std::int64_t i = 1 + rules_.below(3); i > 0; --i)
            lines += fmt::format("{}{{'code':'{}','qty':'{}'}}", lines.empty() ? "" : ",", drawn_product(rules_.below(drawn_products)), 1 + rules_.below(3));
        std::string line = fmt::format("{{'lines':[{}]", lines);
        if (rules_.chance(85)) {
            line += fmt::format(",'customer':'{}'", rules_.chance(90) ? somebody() : "NEW-" + std::to_string(rules_.below(3)));
            if (rules_.chance(30)) line += ",'redeem':'max'";
            if (rules_.chance(20)) line += ",'pay':[{'with':'account','amount':'1.00'},{'with':'cash','amount':'9000.00'}]";
        }
        chain_.play(number, line + "}");
    }
    void refund(int number) {
        const auto newest = chain_.branch(number).node->database().integer("SELECT max(number) FROM receipt WHERE refund_of IS NULL");
        if (!newest) return;
        chain_.play(number, fmt::format("{{'refund_of':'{}','lines':[{{'code':'{}','qty':'{}'}}]}}",
                                        node::print_receipt_number({number, 1}, 1 + rules_.below(*newest)), drawn_product(rules_.below(drawn_products)),
                                        rules_.one_of("1", "0.5", "2")));
    }
    void other_act(int number) {
        const std::string who = somebody();
        switch (rules_.below(5)) {
            case 0: chain_.play(number, fmt::format("{{'deposit':{{'customer':'{}','amount':'{}.00'}}}}", who, 1 + rules_.below(50))); return;
            case 1:
                chain_.play(number, fmt::format("{{'correct':{{'customer':'{}','points':'{}','spend':'{}','reason':'test'}}}}", who, rules_.below(60) - 30,
                                                rules_.below(60) - 30));
                return;
            case 2:
                chain_.play(number, fmt::format("{{'customer_edit':{{'customer':'{}','referrer':'{}'}}}}", who, rules_.chance(70) ? somebody() : ""));
                return;
            case 3:
                chain_.play(number,
                            fmt::format("{{'customer_edit':{{'customer':'{}','discount':'{}','note':'n{}'}}}}", who, rules_.below(10), rules_.below(9)));
                return;
            default: chain_.play(number, fmt::format("{{'customer_erase':{{'customer':'{}'}}}}", who)); return;
        }
    }
    void decide() {
        switch (rules_.below(8)) {
            case 0:
            case 1: at_hq([&](hq::Headquarters& hq) { hq.merge_customers(somebody(), somebody()); }); return;
            case 2: at_hq([&](hq::Headquarters& hq) { hq.unmerge_customer(somebody()); }); return;
            case 3: return reset(static_cast<node::ResetOf>(rules_.below(3)));
            case 4: at_hq([&](hq::Headquarters& hq) { hq.undo_reset(); }); return;
            case 5: at_hq([&](hq::Headquarters& hq) { hq.expire_points(); }); return;
            case 6: at_hq([&](hq::Headquarters& hq) { hq.erase_customer(somebody()); }); return;
            default:
                at_hq([&](hq::Headquarters& hq) { hq.set_policy(rules_.policy(rules_.chance(60) ? R"(,"points_expire_months":1)" : ""), "policy"); });
                return;
        }
    }
    void up(int number) { on_the_way_.push_back(chain_.up(number)); }
    void deliver() {
        if (on_the_way_.empty()) return;
        const auto at = static_cast<std::size_t>(rules_.below(static_cast<std::int64_t>(on_the_way_.size())));
        chain_.bring(on_the_way_[at]);
        if (rules_.chance(85)) on_the_way_.erase(on_the_way_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void down(int number) { chain_.take(number, chain_.down(number)); }

    RandomRules rules_;
    Acts acts_;
    RealChain chain_;
    std::vector<std::string> on_the_way_;
};

/// The lists of a policy in another order.
std::string turned_round(const std::string& policy) {
    Json json = Json::parse(policy);
    for (const char* list : {"multipliers", "time_discounts", "levels", "excluded_groups", "excluded_products", "programmes"})
        if (json.contains(list)) std::reverse(json[list].begin(), json[list].end());
    return json.dump();
}

Balance sum(const Balances& all) {
    Balance sum{};
    for (const auto& [id, balance] : all)
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += balance[i];
    return sum;
}

/// Two customers made one, a reset and its undoing, and, maybe, two again.
void turn_and_turn_back(Life& life) {
    const Balances before = life.at_hq();
    const std::string a = life.somebody(), b = life.somebody();
    const bool merged = life.at_hq([&](hq::Headquarters& hq) { hq.merge_customers(a, b); });
    const Balances united = life.at_hq();
    CHECK(sum(united) == sum(before));
    if (life.rules().chance(50)) life.quiet();
    const auto what = static_cast<node::ResetOf>(life.rules().below(3));
    life.reset(what);
    for (const auto& [id, balance] : life.at_hq()) {
        CHECK(balance[0] == (what == node::ResetOf::spend ? united.at(id)[0] : 0));
        CHECK(balance[1] == (what == node::ResetOf::points ? united.at(id)[1] : 0));
        CHECK(balance[2] == united.at(id)[2]);
    }
    if (life.rules().chance(50)) life.quiet();
    life.at_hq([](hq::Headquarters& hq) { hq.undo_reset(); });
    CHECK(life.at_hq() == united);
    if (!merged || !life.rules().chance(70)) return;
    life.at_hq([&](hq::Headquarters& hq) { hq.unmerge_customer(a); });
    CHECK(life.at_hq() == before);
}

}  // namespace

TEST_CASE("property: after any history of a chain each balance is the sum of its movements, the same at HQ and every branch") {
    for_seeds(3, [](std::uint64_t seed) {
        Life life(seed, RandomRules(seed).policy(R"(,"points_expire_months":1)"), Acts::all, true);
        life.run(80);
        life.quiet();
        CHECK(life.fault() == "");
    });
}

TEST_CASE("property: when everything is given back, every customer has nothing again, and owes nothing") {
    for_seeds(3, [](std::uint64_t seed) {
        Life life(seed, RandomRules(seed).policy(), Acts::sales, false);
        life.run(60);
        life.quiet();
        CHECK(sum(life.at_hq()) != Balance{});
        life.give_all_back();
        CHECK(life.fault() == "");
        for (const auto& each : life.at_hq()) CHECK_MESSAGE(each.second == Balance{}, each.first);
    });
}

TEST_CASE("property: the order of a policy's lists gives no other balances") {
    for_seeds(3, [](std::uint64_t seed) {
        const std::string policy = RandomRules(seed).policy();
        Life one(seed, policy, Acts::sales, true), other(seed, turned_round(policy), Acts::sales, true);
        for (Life* life : {&one, &other}) {
            life->run(40);
            life->quiet();
        }
        CHECK(one.at_hq() == other.at_hq());
        CHECK(other.fault() == "");
    });
}

TEST_CASE("property: merging, unmerging, resets and their undoing make no points") {
    for_seeds(3, [](std::uint64_t seed) {
        Life life(seed, RandomRules(seed).policy(), Acts::all, true);
        life.run(40);
        life.quiet();
        // Resets in the history may wait to be undone; those are of before.
        while (life.at_hq([](hq::Headquarters& hq) { hq.undo_reset(); })) {
        }
        life.quiet();
        for (int i = 0; i < 6; ++i) turn_and_turn_back(life);
        life.quiet();
        CHECK(life.fault() == "");
    });
}
