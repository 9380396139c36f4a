// Disks that are lost and come back from an old copy: a branch's, or headquarters' own.
//
// Not both in one run: what a branch lost and HQ alone kept is truly gone when HQ loses it as well.
#include <fmt/format.h>

#include "node/rights.h"
#include "node/state_digest.h"
#include "tests/sim/chain.h"

namespace paprsek::sim {

void Chain::hour_of_accidents() {
    if (settings_.accidents == Accidents::none) return;
    const bool at_hq = settings_.accidents == Accidents::headquarters;
    if (at_hq) {
        if (!hq_backup_ || chance(15)) hq_backup_ = hq_.disk.image();
        if (chance(12)) restore_hq();
        return;
    }
    if (settings_.accidents == Accidents::clones) {
        for (auto& branch : branches_) {
            if (branch->twin)
                hour_of_twin(*branch);
            else if (chance(8))
                copy_branch(*branch);
        }
        return;
    }
    for (auto& branch : branches_) {
        if (chance(20)) branch->backup = {branch->machine.disk.image(), branch->acknowledged};
        if (branch->backup && chance(10)) restore_branch(*branch);
    }
}

/// Facts since the backup that HQ has not got are lost for good; those that it has must come back.
void Chain::restore_branch(Branch& branch) {
    branch.machine.program.reset();
    branch.machine.disk.start(branch.backup->image, test::PowerDisk::Tear::all_kept);
    branch.acknowledged = branch.backup->acknowledged;
    branch.receipts.clear();
    branch.restored = branch.unsettled = true;
    ++tally_.restored;
    open(branch);
    if (!settings_.rights) return;
    // As `paprsek restore` says it. A disk put back behind its back believes to hold what the lost one spent: no till can know.
    node::Transaction transaction(branch.machine.program->database());
    branch.machine.program->set_setting(node::restored_setting, std::string(node::fresh_restore));
    transaction.commit();
}

/// From here on two machines sell under one name, which neither of them can know before it exchanges.
void Chain::copy_branch(Branch& branch) {
    auto twin = std::make_unique<Branch>();
    twin->name = branch.name;
    twin->folder = branch.folder;
    twin->clock.set(branch.clock.now());
    twin->random = SeededRandom(dice_.next());
    twin->acknowledged = branch.acknowledged;
    branch.copied = twin->restored = branch.restored = branch.unsettled = true;
    twin->machine.disk.start(branch.machine.disk.image(), test::PowerDisk::Tear::all_kept);
    open(*twin);
    branch.twin = std::move(twin);
    branch.twin_hours = 1 + static_cast<int>(dice_.below(40));
    ++tally_.copied;
}

void Chain::hour_of_twin(Branch& branch) {
    Branch& twin = *branch.twin;
    twin.clock.set({now().ms + branch.skew_ms});
    act(twin);
    if (chance(50)) exchange(twin);  // the owner forks next time, and so on
    branch.unsettled = true;
    if (--branch.twin_hours <= 0) retire_twin(branch);
}

/// Nothing that it sold is lost, and what HQ acknowledged of either stands.
void Chain::retire_twin(Branch& branch) {
    if (!branch.twin) return;
    exchange(*branch.twin);
    check_ledger(*branch.twin);
    branch.twin.reset();
}

/// What HQ knew since is lost: its imports for good, the branches' facts until they send them again.
void Chain::restore_hq() {
    hq_.program.reset();
    hq_.disk.start(*hq_backup_, test::PowerDisk::Tear::all_kept);
    for (auto& branch : branches_) branch->at_hq = 0;
    hq_restored_ = true;
    ++tally_.restored;
    open_hq();
}

node::Head Chain::held_of(Branch& branch) {
    node::Database hq(folder_.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = hq_.disk.vfs()});
    auto row = hq.query("SELECT c.held, hex(c.head) FROM node n JOIN chain c ON c.node = n.id WHERE n.branch = ? AND c.epoch = ?", branch.name.branch,
                        branch.machine.program->epoch());
    node::Head head;
    if (row.step()) {
        head.seq = row.integer(0);
        schema::from_hex(row.text(1), head.hash);
    }
    return head;
}

/// Both hold every fact that either of them ever gave the other, in the ledger or beside it, and the same state.
void Chain::check_same(Branch& branch) {
    node::Database hq(folder_.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = hq_.disk.vfs()});
    const auto there = hq.integer("SELECT count(*) FROM node n JOIN chain c ON c.node = n.id JOIN fact f ON f.id >> 32 = c.id WHERE n.branch = ?",
                                  branch.name.branch);
    node::Node& node = *branch.machine.program;
    const auto here = node.database().integer("SELECT count(*) FROM any_fact");
    if (here != there) broken(fmt::format("{} holds {} facts in its ledger and beside it, HQ {} of it", print(branch.name), *here, *there));
    const auto [version, digest] = hq_.program->state_digest();
    if (node.state_cursor().version != version)
        broken(fmt::format("{} holds version {} of HQ's state, HQ {}", print(branch.name), node.state_cursor().version, version));
    if (node::stored_state_digest(node.database()) != digest) broken(fmt::format("{} holds other rows at version {} than HQ", print(branch.name), version));
}

}  // namespace paprsek::sim
