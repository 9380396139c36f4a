// Real tills and HQ in one process, with two customers and three products; bundles are carried by hand.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/node.h"
#include "node/rights.h"
#include "node/script.h"
#include "sync/exchange.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

inline constexpr const char* tills_policy =
    R"({"mode":"points","point_value":"0.05","cash_rounding":"1.00","referral":{"share":"5","of":"points"},"excluded_products":["T"],
    "vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}],"offline":{"spend":"allowance","per_customer":"500.00","per_day":"2000.00"}})";

/// HQ and tills in one process; bundles are carried by hand.
class Tills {
public:
    explicit Tills(const std::vector<node::NodeName>& names = {{3, 1}, {3, 2}, {5, 1}}) {
        hq = hq::Headquarters::create(folder.file("hq"), {"Chain", "CZK", "Europe/Prague"}, clock, random);
        hq->set_policy(tills_policy, "policy.json");
        hq->import_catalogue(write("products.csv", "code,name,group,price,vat,cost\nA,Bread,,12.90,B,7\nB,Soap,,33.33,A,20.01\nT,Cigarettes,,139.00,A,120\n"));
        hq->import_customers(write("customers.csv",
                                   "number,name,cards,charge_to_account,limit,points,referrer\n1,Petr,2900000000018,1,500,2000,\n"
                                   "2,Eva,2900000000025,1,500,700,1\n"));
        for (const node::NodeName name : names) {
            auto& node = nodes[print(name)];
            node = node::Node::create(folder.file(print(name)), {name, "Shop", "CZK", "Europe/Prague", "cs"}, clock, random);
            node->database().execute("PRAGMA synchronous = OFF");
            hq->add_branch(name, "Shop");
            hq->import(bytes_of(sync::accept_invitation(*node, hq->invite(name, ""), "invitation")), "answer");
            take(print(name));
        }
    }
    static std::string bytes_of(const sync::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(folder.file(name), std::ios::binary) << text;
        return folder.file(name);
    }
    node::Json play(const std::string& till, std::string line) {
        for (char& c : line)
            if (c == '\'') c = '"';
        clock.set({clock.now().ms + 60'000});
        node::Script script(*nodes.at(till), clock);
        return node::Json::parse(script.play(line, 1).json);
    }
    void bring(const std::string& till) {
        clock.set({clock.now().ms + 1000});
        sync::prepare_up(*nodes.at(till));
        hq->import(bytes_of(sync::make_up(*nodes.at(till))->bytes), "up");
    }
    sync::DownReport take(const std::string& till) {
        return sync::apply_down(*nodes.at(till), sync::bytes_of(hq->export_reply(*node::parse_node_name(till)).bytes), "down");
    }
    void exchange(const std::string& till) {
        for (bool again = true; again;) {
            bring(till);
            const auto report = take(till);
            again = report.again || report.more;
        }
    }
    void all_exchange() {
        for (int i = 0; i < 2; ++i)
            for (const auto& [till, node] : nodes) exchange(till);
    }
    void check_well() {
        CHECK(hq->verify().faults == std::vector<std::string>{});
        for (const auto& [till, node] : nodes) {
            CAPTURE(till);
            CHECK(node::verify(node->database(), node->info().node).faults == std::vector<std::string>{});
        }
    }

    test::TemporaryFolder folder;
    test::SeededRandom random{5};
    node::ManualClock clock{node::Instant{1'772'438'400'000}};
    std::unique_ptr<hq::Headquarters> hq;
    std::map<std::string, std::unique_ptr<node::Node>> nodes;
};

}  // namespace paprsek::test
