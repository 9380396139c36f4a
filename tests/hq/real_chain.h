// HQ and real branches in one process: tills that are driven as a window drives them, bundles carried by hand, each branch with a clock
// of its own. What happens is drawn from a seed (random_chain.h) or told by a test.
#pragma once
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/node.h"
#include "node/script.h"
#include "node/till.h"
#include "sync/exchange.h"
#include "tests/support/amounts.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

class RealChain {
public:
    struct Branch {
        node::NodeName name;
        std::string folder;
        node::ManualClock clock;
        SeededRandom random{1};
        std::unique_ptr<node::Node> node;
        std::unique_ptr<node::Script> script;
        std::unique_ptr<node::Till> till;  ///< a window's
        std::size_t lines = 0;
    };

    explicit RealChain(int branches, std::uint64_t seed = 7, const std::string& policy = {}, const std::string& products = {},
                       const std::string& customers = {}, const std::string& where = {})
        : clock(instant(monday_morning)), random(seed) {
        hq = hq::Headquarters::create(where.empty() ? folder.file("hq") : where, {"Chain", "CZK", "Europe/Prague"}, clock, random);
        if (!policy.empty()) hq->set_policy(policy, "policy.json");
        if (!products.empty()) catalogue(products);
        if (!customers.empty()) hq->import_customers(write("customers.csv", customers));
        for (int number = 1; number <= branches; ++number) join(number);
    }

    Branch& branch(int number) { return *list[static_cast<std::size_t>(number) - 1]; }

    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(folder.file(name), std::ios::binary) << text;
        return folder.file(name);
    }
    void catalogue(const std::string& csv) { hq->import_catalogue(write("catalogue.csv", csv)); }

    /// The answer to a script line, with ' for ".
    node::Json play(int number, std::string line) {
        for (char& c : line)
            if (c == '\'') c = '"';
        Branch& at = branch(number);
        return node::Json::parse(at.script->play(line, ++at.lines).json);
    }
    std::string up(int number) {
        node::Node& node = *branch(number).node;
        sync::prepare_up(node);
        const auto bundle = sync::make_up(node);
        return {reinterpret_cast<const char*>(bundle->bytes.data()), bundle->bytes.size()};
    }
    hq::MergeReport bring(const std::string& bundle) {
        hq::MergeReport report = hq->import(bundle, "bundle");
        recomputed += report.recomputed;
        for (bool left = true; left;) {
            const hq::RecomputeProgress more = hq->recompute(1000);
            recomputed += more.sales;
            left = more.left;
        }
        return report;
    }
    std::string down(int number) { return hq->export_reply(branch(number).name).bytes; }
    sync::DownReport take(int number, const std::string& reply, const sync::Progress& progress = {}) {
        const auto report = sync::apply_down(*branch(number).node, sync::bytes_of(reply), "reply", progress);
        if (progress) return report;
        branch(number).till->refresh();
        return report;
    }
    void exchange(int number) {
        for (bool more = true; more;) {
            const auto report = bring(up(number));
            more = take(number, down(number)).more || report.facts_now < branch(number).node->ledger().head().seq;
        }
    }
    std::vector<hq::Exception> mismatches() {
        auto all = hq->exceptions(false);
        std::erase_if(all, [](const hq::Exception& each) { return each.kind != "price_mismatch"; });
        return all;
    }

    TemporaryFolder folder;
    node::ManualClock clock;
    SeededRandom random;
    std::unique_ptr<hq::Headquarters> hq;
    std::vector<std::unique_ptr<Branch>> list;
    std::int64_t recomputed = 0;  ///< sales that HQ computed again

private:
    void join(int number) {
        auto made = std::make_unique<Branch>();
        made->name = {number, 1};
        made->folder = folder.file("node-" + std::to_string(number));
        made->clock.set(clock.now());
        made->random = SeededRandom(random.next());
        made->node = node::Node::create(made->folder, {made->name, "Shop", "CZK", "Europe/Prague", "cs"}, made->clock, made->random);
        made->node->database().execute("PRAGMA synchronous = OFF");  // quick; what a power cut leaves is tests/crash's matter
        hq->add_branch(made->name, "Shop");
        const sync::Bytes answer = sync::accept_invitation(*made->node, hq->invite(made->name, ""), "invitation");
        hq->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
        made->script = std::make_unique<node::Script>(*made->node, made->clock);
        made->till = std::make_unique<node::Till>(*made->node, node::Keep::every_command);
        made->till->set_cashier("anna");
        list.push_back(std::move(made));
        take(number, down(number));
    }
};

}  // namespace paprsek::test
