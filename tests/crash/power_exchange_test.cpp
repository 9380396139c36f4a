// HQ, and a branch taking in HQ's state, whose power is cut and whose disk fails at every place.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "hq/headquarters.h"
#include "node/base/error.h"
#include "sync/exchange.h"
#include "tests/crash/branch_places.h"

using namespace paprsek;
using namespace paprsek::test;

namespace {

std::string text_of(const sync::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// HQ's program on a test's own disk.
class HqPlace : public Workplace {
public:
    using Acts = std::vector<std::function<void(hq::Headquarters&)>>;
    HqPlace(PowerDisk& disk_used, std::string folder, const Acts& acts) : Workplace(disk_used), folder_(std::move(folder)), acts_(acts) {}
    void open() override { hq_ = hq::Headquarters::open(folder_, clock, random, disk.vfs()); }
    void play(std::size_t act) override { acts_[act](*hq_); }
    std::string state() override {
        // Merged sales are computed again in transactions of their own, whenever there is time: every state has that behind it.
        while (hq_->recompute(1000).left) {
        }
        node::Database database(folder_ + "/hq.db", {.create = false, .read_only = true, .vfs = disk.vfs()});
        return content_of(database);
    }
    std::vector<std::string> faults() override { return hq_->verify().faults; }
    std::string damage() override {
        node::Database database(folder_ + "/hq.db", {.create = false, .read_only = false, .vfs = disk.vfs()});
        return damage_of(database);
    }

protected:
    std::string folder_;
    const Acts& acts_;
    std::unique_ptr<hq::Headquarters> hq_;
};

const hq::HqInfo chain_info{"Chain", "CZK", "Europe/Prague"};

class HqCreation final : public HqPlace {
public:
    using HqPlace::HqPlace;
    void open() override {
        const auto failures = disk.failures();
        try {
            HqPlace::open();
        } catch (const node::Error&) {
            if (disk.failures() > failures) throw;
        }
    }
    void play(std::size_t) override {
        if (!hq_) open();
        if (!hq_) hq_ = hq::Headquarters::create(folder_, chain_info, clock, random, disk.vfs());
    }
    std::string state() override { return hq_ ? HqPlace::state() : "none"; }
    std::vector<std::string> faults() override { return hq_ ? HqPlace::faults() : std::vector<std::string>{}; }
    std::string damage() override { return hq_ ? HqPlace::damage() : ""; }
};

/// An HQ with one branch, on disks of their own, and what they send each other: prepared once, played again and again.
struct Pair {
    Pair() {
        auto hq = hq::Headquarters::create(hq_folder(), chain_info, clock, random, hq_disk.vfs());
        hq->add_branch({3, 1}, "Shop");
        hq->import_catalogue(folder.write("products.csv", products_csv(150, 1)));
        hq->import_customers(folder.write("customers.csv", customers_csv(120, 500)));
        auto node = node::Node::create(folder.node(), power_shop, clock, random, node_disk.vfs());
        hq->import(text_of(sync::accept_invitation(*node, hq->invite({3, 1}, ""), "invitation")), "answer");
        enrolled_hq = kept(hq_disk, hq);
        enrolled_node = kept(node_disk, node);
        hq = hq::Headquarters::open(hq_folder(), clock, random, hq_disk.vfs());
        node = node::Node::open(folder.node(), clock, random, node_disk.vfs());
        first_reply = hq->export_reply({3, 1}).bytes;
        sync::apply_down(*node, sync::bytes_of(first_reply), "reply");
        node::Script script(*node, clock);
        script.play(R"({"customer":"5","lines":[{"code":"1001","qty":"2"}]})", 1);
        first_up = text_of(sync::make_up(*node)->bytes);
        const auto previous = sync::make_up(*node);
        script.play(R"({"customer":"2911111111117","lines":[{"code":"1002"}],"redeem":"max"})", 2);
        script.play(R"({"customer":"5","lines":[{"code":"1003"}],"redeem":"max"})", 3);
        middle_up = text_of(sync::make_up(*node, &*previous)->bytes);
        const auto middle = sync::make_up(*node, &*previous);
        script.play(R"({"deposit":{"customer":"6","amount":"50.00"}})", 4);
        late_up = text_of(sync::make_up(*node, &*middle)->bytes);
    }

    template <class Program>
    static PowerDisk::Image kept(PowerDisk& disk, std::unique_ptr<Program>& program) {
        program.reset();
        disk.settle();
        return disk.image();
    }
    std::string hq_folder() const { return folder.root().file("hq"); }

    Folder folder;
    PowerDisk hq_disk, node_disk;
    node::ManualClock clock{node::Instant{1'772'438'300'000}};
    SeededRandom random{7};
    PowerDisk::Image enrolled_hq, enrolled_node;
    std::string first_reply, first_up, middle_up, late_up;
};

}  // namespace

TEST_CASE("an HQ is made") {
    const Folder folder;
    const HqPlace::Acts none;
    at_every_place({"making an HQ", 1, {}, [](PowerDisk&) {},
                    [&](PowerDisk& disk) { return std::make_unique<HqCreation>(disk, folder.root().file("hq"), none); }});
}

TEST_CASE("HQ merges bundles that come early, doubled and in order") {
    const Pair pair;
    const auto merge = [](const std::string& bytes) { return [&bytes](hq::Headquarters& hq) { hq.import(bytes, "bundle"); }; };
    const HqPlace::Acts acts{merge(pair.first_up), merge(pair.late_up), merge(pair.first_up), merge(pair.middle_up)};
    at_every_place({"merging", acts.size(), {}, [&](PowerDisk& disk) { disk.start(pair.enrolled_hq, PowerDisk::Tear::all_kept); },
                    [&](PowerDisk& disk) { return std::make_unique<HqPlace>(disk, pair.hq_folder(), acts); }});
}

TEST_CASE("HQ takes in tables, a policy and a branch") {
    const Pair pair;
    const std::string products = pair.folder.write("more.csv", products_csv(40, 2)), customers = pair.folder.write("people.csv", customers_csv(30, 700));
    const HqPlace::Acts acts{[&](hq::Headquarters& hq) { hq.import_catalogue(products); },
                             [&](hq::Headquarters& hq) { hq.import_customers(customers); },
                             [](hq::Headquarters& hq) { hq.set_policy(R"({"point_value":"0.10"})", "policy.json"); },
                             [](hq::Headquarters& hq) { hq.add_branch({4, 1}, "Another"); },
                             [](hq::Headquarters& hq) { hq.invite({4, 1}, ""); }};
    at_every_place({"HQ's imports", acts.size(), {}, [&](PowerDisk& disk) { disk.start(pair.enrolled_hq, PowerDisk::Tear::all_kept); },
                    [&](PowerDisk& disk) { return std::make_unique<HqPlace>(disk, pair.hq_folder(), acts); }});
}

TEST_CASE("a branch joins and takes in HQ's state by slices") {
    const Pair pair;
    const auto apply = [](const std::string& bytes) {
        return [&bytes](BranchPlace& place) { sync::apply_down(place.node(), sync::bytes_of(bytes), "reply"); };
    };
    const BranchPlace::Acts acts{apply(pair.first_reply),
                                 [](BranchPlace& place) { place.sell(R"({"customer":"5","lines":[{"code":"1001","qty":"2"}]})"); },
                                 apply(pair.first_reply),
                                 [](BranchPlace& place) { sync::make_up(place.node()); }};
    at_every_place({"taking in state", acts.size(), {0, 2}, [&](PowerDisk& disk) { disk.start(pair.enrolled_node, PowerDisk::Tear::all_kept); },
                    [&](PowerDisk& disk) { return std::make_unique<BranchPlace>(disk, pair.folder.node(), acts); }});
}
