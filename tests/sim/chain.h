// A whole chain in one process, from a seed: HQ, branches, customers, couriers, a bad network, wrong clocks and power cuts.
// Everything that happens is drawn from the seed, so that a failure is replayed exactly (main.cpp tells how).
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/node.h"
#include "node/script.h"
#include "tests/crash/power_vfs.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::sim {

using test::SeededRandom;

/// Whose disks are replaced by old copies; clones: a branch's disk is copied, and both machines sell under its name for a while.
enum class Accidents { none, branches, headquarters, clones };

struct Settings {
    std::uint64_t seed = 1;
    int nodes = 8;
    int days = 10;
    int customers = 2000;
    Accidents accidents = Accidents::none;
    bool rights = false;  ///< points and credit are spent by right, else by allowance
    bool elsewhere = false;  ///< goods are given back at other branches, too
};

/// What happened, for the line at the end.
struct Tally {
    std::int64_t facts = 0, refused_acts = 0, parcels = 0, harmed = 0, power_cuts = 0, quiet_periods = 0, exceptions = 0, customers = 0,
                 restored = 0, copied = 0, elsewhere = 0;
};

/// From here on cards that HQ has not given out.
inline constexpr std::int64_t first_unknown_card = 2'911'000'000'000;

/// An invariant that did not hold; says where and what.
class Broken : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A program and its disk. A power cut within a piece of work: what was done after the cut has not happened.
template <class Program>
class Machine {
public:
    /// Runs `work`; false when the power was cut within. `open` starts the program again then.
    template <class Work, class Open>
    bool run(Work work, Open open, SeededRandom& dice, bool cut) {
        std::optional<test::PowerDisk::Image> image;
        if (cut) {
            const std::int64_t at = disk.steps() + 1 + dice.below(20);
            disk.on_step = [&image, at, this] {
                if (disk.steps() == at) image = disk.image();
            };
        }
        try {
            work();
        } catch (...) {
            disk.on_step = nullptr;  // a harmed bundle: refused work is not cut
            throw;
        }
        disk.on_step = nullptr;
        if (!image) return true;
        program.reset();
        disk.start(*image, test::PowerDisk::Tear::by_seed, dice.next());
        open();
        return false;
    }

    test::PowerDisk disk;
    std::unique_ptr<Program> program;
};

/// A bundle on its way, by wire or on a stick.
struct Parcel {
    bool up = true;
    std::size_t branch = 0;  ///< whose exchange it belongs to
    std::size_t to = 0;      ///< down: the branch that gets it, another one when sticks were swapped
    std::string bytes;
    bool harmed = false;     ///< rotten, cut or swapped: must be refused without a trace
    int hours = 0;           ///< until it arrives
};

class Chain {
public:
    explicit Chain(const Settings& settings);
    /// Throws Broken.
    Tally run();

private:
    struct Branch {
        node::NodeName name;
        std::string folder;
        node::ManualClock clock;
        SeededRandom random{1};
        Machine<node::Node> machine;
        std::int64_t skew_ms = 0;
        int online_percent = 50;        ///< chance of an exchange in an hour with acts
        node::Head acknowledged;        ///< the newest fact of which somebody was told
        std::int64_t at_hq = 0;         ///< facts that HQ acknowledged having merged
        std::vector<std::string> receipts;  ///< of today, for refunds
        struct Backup {
            test::PowerDisk::Image image;
            node::Head acknowledged;
        };
        std::optional<Backup> backup;
        std::unique_ptr<Branch> twin;  ///< the other machine with a copy of its disk
        int twin_hours = 0;            ///< until that one has told HQ what it sold and is switched off
        bool copied = false;     ///< two histories go on under its name: HQ shows that of the newest epoch
        bool restored = false;   ///< from it or copied, at least once: its ledger may have forked
        bool unsettled = false;  ///< and it has not exchanged undisturbed since
    };

    // accidents.cpp
    void hour_of_accidents();
    void restore_branch(Branch& branch);
    void copy_branch(Branch& branch);
    void hour_of_twin(Branch& branch);
    void retire_twin(Branch& branch);
    void restore_hq();
    void check_same(Branch& branch);
    /// What HQ holds of the branch's own epoch, whichever it shows.
    node::Head held_of(Branch& branch);
    bool disturbed(const Branch& branch) const { return branch.restored || hq_restored_; }

    // setting_up.cpp
    void make_hq();
    void make_branch(int number);
    std::string products_csv();
    std::string customers_csv(int first, int last);
    std::string policy();

    // chain.cpp
    void hour(int number);
    void act(Branch& branch);
    std::string act_line(Branch& branch);
    std::string sale_line(Branch& branch);
    std::string customer();
    void change_at_hq();
    void open(Branch& branch);
    void open_hq();
    bool at_hq(const std::function<void()>& work, bool may_cut);
    bool at_branch(Branch& branch, const std::function<void()>& work, bool may_cut);

    // courier.cpp
    void send(Branch& branch, bool up);
    void post(Parcel parcel);
    void deliver_due();
    void deliver(Parcel parcel);
    void take_in_at_hq(const Parcel& parcel);
    void take_in_at_branch(const Parcel& parcel);

    // invariants.cpp
    void quiet(bool all);
    void exchange(Branch& branch);
    void check(const std::vector<bool>& reported);
    void check_ledger(Branch& branch);
    void check_balances(const std::vector<bool>& reported);
    void check_sums();

    // rights.cpp
    void check_rights();

    // refunds.cpp
    struct Sold {
        std::string receipt, code;
    };
    std::string refund_elsewhere();
    void check_refunds();
    [[noreturn]] void broken(const std::string& what) const;

    /// An index into so many.
    std::size_t one_of(std::size_t count) { return static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(count))); }
    bool chance(int per_mille) { return dice_.below(1000) < per_mille; }
    node::Instant now() const { return {start_ms_ + hours_ * 3'600'000}; }

    Settings settings_;
    test::TemporaryFolder folder_;
    SeededRandom dice_;
    Machine<hq::Headquarters> hq_;
    node::ManualClock hq_clock_;
    SeededRandom hq_random_;
    std::vector<std::unique_ptr<Branch>> branches_;
    std::deque<Parcel> parcels_;
    std::deque<Sold> sold_;  ///< of late, anywhere
    std::optional<test::PowerDisk::Image> hq_backup_;
    bool hq_restored_ = false;
    std::int64_t start_ms_ = 1'772'431'200'000;  ///< Monday 2026-03-02, 7:00 in Prague
    std::int64_t hours_ = 0;
    Tally tally_;
};

}  // namespace paprsek::sim
