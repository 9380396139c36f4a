// A shop for tests: a node in a temporary folder, with a clock that stands where it is put, driven by the same lines of
// JSON, CSV and policy that the command line takes.
#pragma once
#include <fstream>
#include <memory>
#include <string>

#include "node/branch_import.h"
#include "node/node.h"
#include "node/reports.h"
#include "node/script.h"
#include "tests/support/amounts.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

class Shop {
public:
    explicit Shop(node::NodeName name = {3, 1}, const std::string& currency = "CZK", const std::string& time_zone = "Europe/Prague")
        : clock_(instant(monday_morning)),
          random_(1),
          node_(node::Node::create(folder_.file("node"), {name, "Shop", currency, time_zone, "cs"}, clock_, random_)),
          script_(std::make_unique<node::Script>(*node_, clock_)) {
        node_->database().execute("PRAGMA synchronous = OFF");  // quick; what a power cut leaves is tests/crash's matter
    }

    node::Node& node() { return *node_; }
    node::Database& database() { return node_->database(); }
    node::ManualClock& clock() { return clock_; }
    node::Random& random() { return random_; }
    const TemporaryFolder& folder() const { return folder_; }
    std::string node_folder() const { return folder_.file("node"); }

    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_.file(name), std::ios::binary) << bytes;
        return folder_.file(name);
    }
    node::ImportReport catalogue(const std::string& csv) { return node::import_catalogue(*node_, write("catalogue.csv", csv)); }
    node::ImportReport customers(const std::string& csv) { return node::import_customers(*node_, write("customers.csv", csv)); }
    void policy(const std::string& json) { node_->set_policy(json, "policy.json"); }

    /// The answer to a script line; keys of `line` in single quotes, for they read better in C++.
    node::Json play(std::string line) {
        for (char& c : line)
            if (c == '\'') c = '"';
        return node::Json::parse(script_->play(line, ++number_).json);
    }
    /// The refusal's name, or "" when the line was booked.
    std::string refusal(const std::string& line) {
        const node::Json answer = play(line);
        return answer.contains("refused") ? answer["refused"].get<std::string>() : std::string();
    }
    node::Json customer(const std::string& number_or_card) {
        for (const node::Json& row : node::report(*node_, "customers", {})) {
            if (row["number"].is_number() && std::to_string(row["number"].get<std::int64_t>()) == number_or_card) return row;
            for (const node::Json& card : row["cards"])
                if (card == number_or_card) return row;
        }
        return {};
    }
    std::int64_t facts() { return node_->ledger().head().seq; }
    node::Verification verify() { return node::verify(node_->database(), node_->info().node); }

private:
    TemporaryFolder folder_;
    node::ManualClock clock_;
    SeededRandom random_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<node::Script> script_;
    std::size_t number_ = 0;
};

}  // namespace paprsek::test
