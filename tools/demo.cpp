#include "tools/demo.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "hq/headquarters.h"
#include "node/reports.h"
#include "node/script.h"
#include "sync/exchange.h"
#include "tools/edge.h"

extern char** environ;

namespace paprsek::tools {
namespace {

namespace fs = std::filesystem;
using node::Json;

constexpr const char* marker = ".paprsek-demo";
constexpr int branches = 3;
constexpr const char* names[branches] = {"Kiosk Náměstí", "Market Lipová", "Chioșc Gara"};

std::string beside_program(const std::string& name) { return (fs::read_symlink("/proc/self/exe").parent_path() / name).string(); }

/// The project's own data: in the source tree, or where a package put it.
std::string find_data() {
    for (const char* place : {"../../../tools/demo_data", "../share/paprsek/demo_data"})
        if (fs::exists(fs::path(beside_program(place)) / "products.csv")) return fs::canonical(beside_program(place)).string();
    node::refuse("demo data", "is not beside the program", "name its folder: --data DIR");
}

void make_folder(const std::string& folder) {
    if (fs::exists(folder) && !fs::is_empty(folder)) {
        if (!fs::exists(fs::path(folder) / marker)) node::refuse(folder, "is not empty and no demo made it", "name another: --dir DIR");
        fs::remove_all(folder);
    }
    fs::create_directories(fs::path(folder) / "stick");
    std::ofstream(fs::path(folder) / marker) << "This folder was made by: paprsek demo. The next demo makes it anew.\n";
}

/// The steps of the demonstration, told as they happen.
class Demo {
public:
    explicit Demo(const DemoOptions& options) : options_(options) {}

    node::Exit run() {
        make_folder(options_.folder);
        data_ = options_.data;
        if (!options_.real.empty()) {
            say("Making products, customers and baskets from {} …", options_.real);
            data_ = path("data");
            fs::create_directories(data_);
            write_real_data(options_.real, data_);
        } else if (data_.empty()) {
            data_ = find_data();
        }
        set_up_headquarters();
        for (int branch = 1; branch <= branches; ++branch) set_up_branch(branch);
        say("");
        say("The network is gone. Each branch sells for a day on its own ledger:");
        for (int branch = 1; branch <= branches; ++branch) sell(branch);
        say("");
        say("The sticks go to headquarters, and its replies back:");
        carry();
        compare();
        if (options_.json) print(outcome_, true);
        if (!good_) return node::Exit::refused;
        open_windows();
        return node::Exit::ok;
    }

private:
    template <class... Args>
    void say(fmt::format_string<Args...> text, Args&&... args) {
        if (!options_.json) std::cout << fmt::format(text, std::forward<Args>(args)...) << std::endl;
    }
    std::string path(const std::string& name) const { return (fs::path(options_.folder) / name).string(); }
    std::string stick(const std::string& name) const { return path("stick/" + name); }
    static node::NodeName name_of(int branch) { return {branch, 1}; }
    std::string folder_of(int branch) const { return path(fmt::format("branch-{}", branch)); }
    node::Node& branch(int number) { return *nodes_[number - 1]; }

    void set_up_headquarters() {
        headquarters_ = hq::Headquarters::create(path("hq"), {"Paprsek demo", "CZK", "Europe/Prague"}, clock_, node::system_random());
        headquarters_->set_policy(node::read_file(data_ + "/policy.json", 1u << 20), "policy.json");
        headquarters_->import_catalogue(data_ + "/groups.csv");
        const auto products = headquarters_->import_catalogue(data_ + "/products.csv").rows;
        const auto customers = headquarters_->import_customers(data_ + "/customers.csv");
        say("Headquarters \"{}\": {} products, {} customers, one policy.", headquarters_->info().name, products.rows, customers.rows);
    }

    /// Node, invitation, answer and first state, all by files on the stick.
    void set_up_branch(int number) {
        const node::NodeName name = name_of(number);
        nodes_[number - 1] =
            node::Node::create(folder_of(number), {name, names[number - 1], "CZK", "Europe/Prague", number == 3 ? "ro" : "cs"}, clock_, node::system_random());
        headquarters_->add_branch(name, names[number - 1]);
        const std::string invitation = headquarters_->invite(name, "");
        write(stick(fmt::format("invitation-{}.json", number)), invitation);
        write(stick(fmt::format("answer-{}.bundle", number)), sync::accept_invitation(branch(number), invitation, "invitation"));
        headquarters_->import_files({stick(fmt::format("answer-{}.bundle", number))});
        reply(number);
        say("Branch {} \"{}\" has joined and holds the catalogue.", node::print(name), names[number - 1]);
    }

    void sell(int number) {
        node::Node& node = branch(number);
        std::ifstream script(data_ + fmt::format("/b{}.jsonl", number));
        std::ofstream answers(path(fmt::format("answers-{}.jsonl", number)));
        const auto start = std::chrono::steady_clock::now();
        std::int64_t lines = 0, refused = 0;
        {
            node::Script player(node, clock_);
            for (std::string line; std::getline(script, line);) {
                if (line.empty()) continue;
                const auto answer = player.play(line, static_cast<std::size_t>(++lines));
                answers << answer.json << '\n';
                refused += answer.refused;
                if (lines % 50 == 0 && !options_.json && ::isatty(1)) std::cout << fmt::format("\r  {} …", lines) << std::flush;
            }
        }
        if (!options_.json && ::isatty(1)) std::cout << '\r';
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        Takings takings;
        for (const Json& day : node::report(node, "sales", {})) takings.add(day);
        say("  {}: {} receipts, {} refunds, {} CZK taken, {} refused; {} facts, none of them sent ({:.1f} s)", node::print(name_of(number)), takings.receipts,
            takings.refunds, node::print(takings.total), refused, node.ledger().head().seq, seconds);
        good_ = good_ && refused == 0;
        outcome_["branches"].push_back({{"node", node::print(name_of(number))},
                                        {"receipts", takings.receipts},
                                        {"refunds", takings.refunds},
                                        {"total", node::print(takings.total)},
                                        {"refused", refused},
                                        {"facts", node.ledger().head().seq}});
    }

    void carry() {
        clock_.set(node::system_clock().now());  // the day is told of the past, the files are carried now
        for (int number = 1; number <= branches; ++number) {
            sync::prepare_up(branch(number));
            const auto bundle = sync::make_up(branch(number));
            const std::string file = stick(fmt::format("branch-{}-to-hq.bundle", number));
            write(file, bundle->bytes);
            const auto report = headquarters_->import_files({file}).front();
            say("  {} → HQ: {} new facts in {} bytes, {} exceptions", node::print(name_of(number)), report.new_facts, bundle->bytes.size(),
                report.exceptions.size());
            good_ = good_ && report.outcome == hq::Merged::new_facts;
        }
        for (int number = 1; number <= branches; ++number) {
            const auto rows = reply(number);
            say("  HQ → {}: receipt up to fact {}, {} rows of state", node::print(name_of(number)), branch(number).hq_receipt().seq, rows);
        }
    }

    /// HQ's reply by file, applied.
    std::int64_t reply(int number) {
        const std::string file = stick(fmt::format("hq-to-branch-{}.bundle", number));
        const hq::Reply made = headquarters_->export_reply(name_of(number));
        write(file, made.bytes);
        return sync::apply_down(branch(number), sync::read_whole(file, sync::max_bundle_bytes), file).rows;
    }

    /// Every customer's points, spend and debt: HQ's against each branch's; and both sides verify themselves.
    void compare() {
        const auto key = [](const Json& row) { return row.at("number").dump() + row.at("cards").dump(); };
        std::map<std::string, Json> at_hq;
        for (const Json& row : headquarters_->report("customers").rows) at_hq[key(row)] = row;
        std::int64_t different = 0;
        for (int number = 1; number <= branches; ++number) {
            const Json rows = node::report(branch(number), "customers", {});
            if (rows.size() != at_hq.size()) ++different;
            for (const Json& row : rows) {
                const auto found = at_hq.find(key(row));
                for (const char* field : {"points", "spend", "debt"})
                    if (found == at_hq.end() || found->second.at(field) != row.at(field)) ++different;
            }
            const auto verified = node::verify(branch(number).database(), name_of(number));
            good_ = good_ && verified.ok() && branch(number).ledger().head().seq == branch(number).hq_receipt().seq;
        }
        const auto verified = headquarters_->verify();
        good_ = good_ && verified.ok() && different == 0;
        outcome_["customers"] = at_hq.size();
        outcome_["differences"] = different;
        outcome_["facts"] = verified.facts;
        outcome_["good"] = good_;
        say("");
        if (good_)
            say("Every one of {} facts is at headquarters exactly once, and the points, spend and debt of all {} customers\nare the same at headquarters and "
                "in every branch. All ledgers verify.",
                verified.facts, at_hq.size());
        else
            say("SOMETHING DOES NOT AGREE: {} differences; run paprsek verify and paprsek-hq verify on {}.", different, options_.folder);
    }

    void open_windows() {
        const bool display = ::getenv("DISPLAY") || ::getenv("WAYLAND_DISPLAY");
        const std::string till = beside_program("paprsek-till"), console = beside_program("paprsek-hq-console");
        if (options_.headless || options_.json || !display || !fs::exists(till)) {
            say("\nLook around:\n  {} {}\n  {} {}\n  {} report {} customers\n  {} status {}\n  {} exceptions {}", till, folder_of(2), console, path("hq"),
                beside_program("paprsek"), folder_of(1), beside_program("paprsek-hq"), path("hq"), beside_program("paprsek-hq"), path("hq"));
            return;
        }
        say("\nOpening the till of branch 2.1 and the console of headquarters. Close both to end the demo.");
        nodes_[1].reset();
        headquarters_.reset();
        const pid_t windows[] = {start(till, folder_of(2)), start(console, path("hq"))};
        for (const pid_t window : windows) ::waitpid(window, nullptr, 0);
    }

    static pid_t start(const std::string& program, const std::string& folder) {
        std::string first = program, second = folder;
        char* arguments[] = {first.data(), second.data(), nullptr};
        pid_t child = 0;
        if (::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) node::fail(program, "cannot be started");
        return child;
    }

    static void write(const std::string& file, std::string_view text) { sync::write_atomically(file, sync::bytes_of(text)); }
    static void write(const std::string& file, const sync::Bytes& bytes) { sync::write_atomically(file, bytes); }

    struct Takings {
        std::int64_t receipts = 0, refunds = 0;
        node::Money total;
        void add(const Json& day) {
            receipts += day.at("receipts").get<std::int64_t>();
            refunds += day.at("refunds").get<std::int64_t>();
            total += node::parse<node::Money>(day.at("total").get<std::string>()).value_or(node::Money{});
        }
    };

    const DemoOptions& options_;
    std::string data_;
    node::ManualClock clock_{*node::parse_instant("2026-03-02T06:00:00+01:00")};
    std::unique_ptr<hq::Headquarters> headquarters_;
    std::unique_ptr<node::Node> nodes_[branches];
    Json outcome_ = Json::object();
    bool good_ = true;
};

}  // namespace

node::Exit run_demo(const DemoOptions& options) { return Demo(options).run(); }

}  // namespace paprsek::tools
