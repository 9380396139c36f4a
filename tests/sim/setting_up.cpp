#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "sync/exchange.h"
#include "tests/sim/chain.h"

namespace paprsek::sim {
namespace {

constexpr int products = 60;

std::string write(const test::TemporaryFolder& folder, const std::string& name, const std::string& text) {
    std::ofstream(folder.file(name), std::ios::binary) << text;
    return folder.file(name);
}

}  // namespace

Chain::Chain(const Settings& settings) : settings_(settings), dice_(settings.seed), hq_clock_(now()), hq_random_(settings.seed + 1) {
    make_hq();
    for (int number = 1; number <= settings_.nodes; ++number) make_branch(number);
}

std::string Chain::policy() {
    return fmt::format(R"({{"mode":"points","point_value":"0.{:02}","cash_rounding":"1.00","earn":"price",
        "vat":[{{"group":"A","rate":"21"}},{{"group":"B","rate":"12"}}],
        "levels":[{{"spend":"5000","discount":"{}"}}],"referral":{{"share":"5","of":"points"}},
        "offline":{}}})",
                       1 + dice_.below(20), 1 + dice_.below(9),
                       settings_.rights ? R"({"spend":"rights"})" : R"({"spend":"allowance","per_customer":"100.00","per_day":"1000.00"})");
}

std::string Chain::products_csv() {
    std::string csv = "code,name,group,price,vat,cost,points,dealer_discounts\n";
    for (int i = 1; i <= products; ++i)
        csv += fmt::format("{},Zboží {},food,{}.{:02},{},1.10,,\n", 1000 + i, i, 2 + dice_.below(300), dice_.below(100), i % 3 ? "B" : "A");
    return csv;
}

std::string Chain::customers_csv(int first, int last) {
    std::string csv = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n";
    for (int i = first; i <= last; ++i)
        csv += fmt::format("{},Zákazník {},{},,{},{},5000,{},100.00,{},,,,\n", i, i,
                           2'900'000'000'000 + i, i % 10 == 0 ? "5" : "", i % 4 == 0 ? 1 : 0, i * 3 % 700,
                           i > first + 5 && i % 7 == 0 ? std::to_string(i - 5) : "");
    return csv;
}

void Chain::make_hq() {
    hq_.program = hq::Headquarters::create(folder_.file("hq"), {"Chain", "CZK", "Europe/Prague"}, hq_clock_, hq_random_, hq_.disk.vfs());
    hq_.program->set_policy(policy(), "policy.json");
    hq_.program->import_catalogue(write(folder_, "products.csv", products_csv()));
    hq_.program->import_customers(write(folder_, "customers.csv", customers_csv(1, settings_.customers)));
}

void Chain::make_branch(int number) {
    auto branch = std::make_unique<Branch>();
    branch->name = {number, 1};
    branch->folder = folder_.file(fmt::format("node-{}", number));
    branch->clock.set(now());
    branch->random = SeededRandom(settings_.seed * 1000 + static_cast<std::uint64_t>(number));
    branch->skew_ms = dice_.below(3) ? dice_.below(600'000) - 300'000 : dice_.below(172'800'000) - 86'400'000;
    branch->online_percent = number % 3 == 0 ? 4 : number % 3 == 1 ? 60 : 20;
    branch->machine.program =
        node::Node::create(branch->folder, {branch->name, fmt::format("Shop {}", number), "CZK", "Europe/Prague", "cs"}, branch->clock, branch->random,
                           branch->machine.disk.vfs());
    hq_.program->add_branch(branch->name, fmt::format("Shop {}", number));
    const sync::Bytes answer = sync::accept_invitation(*branch->machine.program, hq_.program->invite(branch->name, ""), "invitation");
    hq_.program->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
    const std::string reply = hq_.program->export_reply(branch->name).bytes;
    sync::apply_down(*branch->machine.program, sync::bytes_of(reply), "first reply");
    branch->acknowledged = branch->machine.program->ledger().head();
    branches_.push_back(std::move(branch));
}

void Chain::change_at_hq() {
    const std::int64_t what = dice_.below(3);
    const std::string text = what == 0 ? products_csv() : what == 1 ? policy() : customers_csv(settings_.customers + 1, settings_.customers + 5);
    const std::string path = write(folder_, what == 1 ? "policy.json" : what == 0 ? "products.csv" : "customers.csv", text);
    // A change that the cut took away is made again, as a person would.
    const auto change = [&] {
        if (what == 0) hq_.program->import_catalogue(path);
        if (what == 1) hq_.program->set_policy(text, path);
        if (what == 2) hq_.program->import_customers(path);
    };
    if (!at_hq(change, true)) change();
    if (what == 2) settings_.customers += 5;
}

}  // namespace paprsek::sim
