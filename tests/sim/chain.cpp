#include "tests/sim/chain.h"

#include <fmt/format.h>

#include "node/base/error.h"

namespace paprsek::sim {
namespace {

constexpr int hours_a_day = 10;
constexpr int cut_per_mille = 40;  ///< of the pieces of work that are cut

}  // namespace

Tally Chain::run() {
    for (int day = 1; day <= settings_.days; ++day) {
        for (int i = 0; i < hours_a_day; ++i) hour(i);
        hours_ += 24 - hours_a_day;
        for (auto& branch : branches_) branch->receipts.clear();
        if (day % 4 == 0 && day < settings_.days) quiet(false);
    }
    quiet(true);
    for (auto& branch : branches_) tally_.facts += branch->machine.program->ledger().head().seq;
    tally_.exceptions = static_cast<std::int64_t>(hq_.program->exceptions(false).size());
    return tally_;
}

void Chain::hour(int number) {
    ++hours_;
    hq_clock_.set({now().ms + 40'000});
    if (chance(60)) change_at_hq();
    for (auto& branch : branches_) {
        const std::int64_t acts = dice_.below(4);
        for (std::int64_t i = 0; i < acts; ++i) {
            branch->clock.set({now().ms + branch->skew_ms + i * 300'000});
            // A battery that is empty: the clock starts somewhere else.
            if (chance(10)) branch->skew_ms = dice_.below(259'200'000) - 172'800'000;
            act(*branch);
        }
        if (number == hours_a_day - 1 && chance(500)) act(*branch);
        if (acts > 0 && dice_.below(100) < branch->online_percent) send(*branch, true);
        // Doubled sticks: the same again, or a reply that nobody asked for.
        if (chance(20)) send(*branch, dice_.below(2) == 0);
    }
    deliver_due();
    hour_of_accidents();
}

void Chain::open(Branch& branch) {
    branch.machine.program = node::Node::open(branch.folder, branch.clock, branch.random, branch.machine.disk.vfs());
    check_ledger(branch);
}

void Chain::open_hq() {
    hq_.program = hq::Headquarters::open(folder_.file("hq"), hq_clock_, hq_random_, hq_.disk.vfs());
    const auto held = hq_.program->branches();
    for (std::size_t i = 0; i < held.size(); ++i)
        if (!branches_[i]->restored && held[i].facts < branches_[i]->at_hq)
            broken(fmt::format("HQ acknowledged {} facts of {} and holds {} after a power cut", branches_[i]->at_hq, print(held[i].node), held[i].facts));
}

bool Chain::at_hq(const std::function<void()>& work, bool may_cut) {
    const bool whole = hq_.run(work, [this] { open_hq(); }, dice_, may_cut && chance(cut_per_mille));
    tally_.power_cuts += !whole;
    return whole;
}

bool Chain::at_branch(Branch& branch, const std::function<void()>& work, bool may_cut) {
    const bool whole = branch.machine.run(work, [&] { open(branch); }, dice_, may_cut && chance(cut_per_mille));
    tally_.power_cuts += !whole;
    return whole;
}

void Chain::act(Branch& branch) {
    const std::string line = act_line(branch);
    node::Head head;
    node::Json answer;
    const auto work = [&] {
        node::Script script(*branch.machine.program, branch.clock);
        answer = node::Json::parse(script.play(line, 1).json);
        head = branch.machine.program->ledger().head();
    };
    if (!at_branch(branch, work, true)) return;
    if (answer.contains("refused")) {
        if (answer["refused"] == "bad_line") broken("a script line was not understood: " + answer.dump());
        ++tally_.refused_acts;
        return;
    }
    branch.acknowledged = head;
    if (settings_.elsewhere && answer.contains("receipt") && !answer.contains("refund_of") && dice_.below(6) == 0) {
        sold_.push_back({answer["receipt"].get<std::string>(), answer["lines"][0]["code"].get<std::string>()});
        if (sold_.size() > 12) sold_.pop_front();
    }
    if (answer.contains("receipt") && !answer.contains("refund_of")) branch.receipts.push_back(answer["receipt"].get<std::string>());
}

/// Some shop everywhere, most seldom; one in eight shows a card that nobody may have seen yet.
std::string Chain::customer() {
    if (dice_.below(8) == 0) return std::to_string(first_unknown_card + dice_.below(settings_.customers / 4));
    const std::int64_t regulars = settings_.customers / 20;
    const std::int64_t number = 1 + (dice_.below(2) ? dice_.below(regulars) : dice_.below(settings_.customers));
    return dice_.below(2) ? std::to_string(number) : std::to_string(2'900'000'000'000 + number);
}

std::string Chain::sale_line(Branch&) {
    std::string lines;
    const std::int64_t count = 1 + dice_.below(4);
    for (std::int64_t i = 0; i < count; ++i)
        lines += fmt::format(R"({}{{"code":"{}","qty":"{}"}})", i ? "," : "", 1001 + dice_.below(60), 1 + dice_.below(3));
    std::string line = fmt::format(R"({{"cashier":"anna","lines":[{}])", lines);
    if (dice_.below(10) < 6) {
        line += fmt::format(R"(,"customer":"{}")", customer());
        if (dice_.below(4) == 0) line += R"(,"redeem":"max")";
        if (dice_.below(8) == 0) line += R"(,"pay":[{"with":"account","amount":"5.00"},{"with":"cash","amount":"9000.00"}])";
    }
    return line + "}";
}

std::string Chain::act_line(Branch& branch) {
    // A few receipts are brought back again and again, so that branches that have not heard of each other meet.
    if (settings_.elsewhere && !sold_.empty() && dice_.below(4) == 0) return refund_elsewhere();
    switch (dice_.below(14)) {
        case 0:
            if (branch.receipts.empty()) return sale_line(branch);
            return fmt::format(R"({{"refund_of":"{}","lines":[{{"code":"{}"}}]}})", branch.receipts[one_of(branch.receipts.size())], 1001 + dice_.below(60));
        case 1: return fmt::format(R"({{"deposit":{{"customer":"{}","amount":"{}.00"}}}})", customer(), 1 + dice_.below(100));
        case 2: return fmt::format(R"({{"settle":{{"customer":"{}","items":"all"}}}})", 4 * (1 + dice_.below(settings_.customers / 80)));
        case 3: return fmt::format(R"({{"correct":{{"customer":"{}","points":"-{}.00","reason":"mistake"}}}})", customer(), 1 + dice_.below(20));
        case 4: return dice_.below(4) ? R"({"cash":{"in":"100.00","reason":"float"}})" : R"({"close_day":{"counted":"1000.00"}})";
        default: return sale_line(branch);
    }
}

}  // namespace paprsek::sim
