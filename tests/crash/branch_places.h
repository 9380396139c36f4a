// A branch's program on a test's own disk, and the acts that are played there.
#pragma once
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/branch_import.h"
#include "node/node.h"
#include "node/script.h"
#include "tests/crash/power_harness.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

inline const node::NodeInfo power_shop{{3, 1}, "Shop", "CZK", "Europe/Prague", "cs"};

/// What the branch scenarios need beside the disk: a folder for keys and files to import.
class Folder {
public:
    std::string node() const { return folder_.file("node"); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_.file(name), std::ios::binary) << text;
        return folder_.file(name);
    }
    const TemporaryFolder& root() const { return folder_; }

private:
    TemporaryFolder folder_;
};

/// An opened node and a list of acts on it.
class BranchPlace : public Workplace {
public:
    using Acts = std::vector<std::function<void(BranchPlace&)>>;
    BranchPlace(PowerDisk& disk_used, std::string folder, const Acts& acts) : Workplace(disk_used), folder_(std::move(folder)), acts_(acts) {}

    void open() override { node_ = node::Node::open(folder_, clock, random, disk.vfs()); }
    void play(std::size_t act) override { acts_[act](*this); }
    std::string state() override { return content_of(node_->database()); }
    std::vector<std::string> faults() override { return node::verify(node_->database(), node_->info().node).faults; }
    std::string damage() override { return damage_of(node_->database()); }

    node::Node& node() { return *node_; }
    /// A line of a sell script; refused where the test expects otherwise.
    void sell(const std::string& line) {
        if (!script_) script_ = std::make_unique<node::Script>(*node_, clock);
        const auto answer = script_->play(line, 1);
        if (answer.refused) throw std::runtime_error(answer.json);
    }

protected:
    std::string folder_;
    const Acts& acts_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<node::Script> script_;
};

/// A shop with a policy, 40 products and 20 customers.
void prepare_shop(PowerDisk& disk, const Folder& folder);
std::string products_csv(int count, int price_step);
std::string customers_csv(int count, int opening_points);

}  // namespace paprsek::test
