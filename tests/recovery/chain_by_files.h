// A chain of real programs in a folder: one HQ, till 3.1 (and whoever else), bundles carried by hand.
#pragma once
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "tests/support/desk.h"

namespace paprsek::test {

class ChainByFiles : public Desk {
public:
    ChainByFiles() {
        ok(run("init hq --name Chain"));
        write("products.csv", "code,name,group,price,vat\n8594001021239,Rohlik,,10.00,B\n");
        ok(run("catalogue hq import products.csv"));
        write("policy.json", R"({"mode":"points","allow_customer_by_card":true})");
        ok(run("policy hq --set policy.json"));
        join("shop", 3);
    }
    static void ok(const Ran& ran) {
        CHECK_MESSAGE(ran.exit == 0, ran.err);
    }
    void join(const std::string& folder, int branch) {
        ok(run(fmt::format("branch hq add {} --name Shop{}", branch, branch)));
        ok(run(fmt::format("init {} --branch {} --name Shop{}", folder, branch, branch), "paprsek"));
        ok(run(fmt::format("invite hq {}.1 --to invitation", branch)));
        ok(run(fmt::format("enroll {} --invite invitation --out answer", folder), "paprsek"));
        ok(run("import hq answer"));
        exchange(folder, branch);
    }
    /// Sales of one piece each to the card, a minute apart; the last answer.
    node::Json sell(const std::string& folder, int count, const std::string& card = "2900000000018", const std::string& more = "") {
        std::string script;
        for (int i = 0; i < count; ++i)
            script += fmt::format(R"({{"at":"2026-03-02T10:{:02}:{:02}+01:00","customer":"{}","lines":[{{"code":"8594001021239"}}]{}}})", minute_ / 60,
                                  minute_ % 60, card, more) +
                      "\n",
                ++minute_;
        write("script", script);
        const Ran ran = run("sell " + folder + " --script script", "paprsek");
        ok(ran);
        return last_line(ran.out);
    }
    Ran play(const std::string& folder, const std::string& line) {
        write("script", line + "\n");
        return run("sell " + folder + " --script script", "paprsek");
    }
    static node::Json last_line(const std::string& out) {
        const auto end = out.find_last_not_of('\n');
        const auto begin = out.find_last_of('\n', end);
        return node::Json::parse(out.substr(begin == std::string::npos ? 0 : begin + 1), nullptr, false);
    }
    /// To HQ and back, as often as the reply asks for; the last import's report at the node.
    node::Json exchange(const std::string& folder, int branch = 3) {
        up(folder);
        return down(folder, branch);
    }
    node::Json up(const std::string& folder) {
        ok(run("export " + folder + " --to up", "paprsek"));
        return run("import hq up --json").json()[0];
    }
    node::Json down(const std::string& folder, int branch = 3) {
        ok(run(fmt::format("export hq --to down {}.1", branch)));
        return run("import " + folder + " down --json", "paprsek").json()[0];
    }
    node::Json status(const std::string& folder) const { return run("status " + folder + " --json", "paprsek").json(); }
    node::Json hq_node(int branch = 3) const {
        const node::Json status = run("status hq --json").json();
        for (const node::Json& each : status["nodes"])
            if (each["node"] == fmt::format("{}.1", branch)) return each;
        return {};
    }
    /// Points of the card at a node or at HQ.
    std::string points(const std::string& folder, const std::string& card = "2900000000018") const {
        const node::Json rows = run("report " + folder + " customers --json", folder == "hq" ? "paprsek-hq" : "paprsek").json();
        for (const node::Json& row : rows)
            for (const node::Json& each : row["cards"])
                if (each == card) return row["points"].get<std::string>();
        return "none";
    }
    /// Both sides hold the same, and both say that all is well.
    void check_equal(const std::string& folder, int branch = 3) const {
        const node::Json here = status(folder), there = hq_node(branch);
        CHECK(here["facts"] == there["facts"]);
        CHECK(here["head"] == there["head"]);
        CHECK(here["epoch"] == there["epoch"]);
        CHECK(here["unsent"] == 0);
        CHECK(points(folder) == points("hq"));
        const Ran node = run("verify " + folder, "paprsek"), hq = run("verify hq");
        CHECK_MESSAGE(node.exit == 0, node.err);
        CHECK_MESSAGE(hq.exit == 0, hq.err);
    }
    void copy(const std::string& from, const std::string& to) const {
        std::filesystem::remove_all(file(to));
        std::filesystem::copy(file(from), file(to), std::filesystem::copy_options::recursive);
    }
    std::int64_t sales_at_hq() const { return run("status hq --json").json()["sales"].get<std::int64_t>(); }

private:
    int minute_ = 0;
};

}  // namespace paprsek::test
