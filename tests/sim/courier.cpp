// What carries bundles, and what it does to them.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "node/base/error.h"
#include "sync/exchange.h"
#include "tests/sim/chain.h"

namespace paprsek::sim {

void Chain::send(Branch& branch, bool up) {
    const auto index = static_cast<std::size_t>(branch.name.branch) - 1;
    Parcel parcel{up, index, index, {}, false, 0};
    if (up) {
        sync::prepare_up(*branch.machine.program);
        const sync::Bytes bytes = sync::make_up(*branch.machine.program, nullptr, 1 + dice_.below(200))->bytes;
        parcel.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    } else {
        parcel.bytes = hq_.program->export_reply(branch.name).bytes;
    }
    post(std::move(parcel));
}

/// By wire at once, by stick later; lost, doubled, rotten, cut or swapped on the way.
void Chain::post(Parcel parcel) {
    ++tally_.parcels;
    if (chance(80)) return;  // lost
    parcel.hours = dice_.below(3) ? 0 : static_cast<int>(dice_.below(60));
    if (chance(60)) {
        Parcel again = parcel;
        again.hours += static_cast<int>(dice_.below(30));
        parcels_.push_back(std::move(again));
    }
    const std::int64_t harm = dice_.below(1000);
    if (harm < 30) {
        auto& byte = parcel.bytes[one_of(parcel.bytes.size())];
        byte = static_cast<char>(byte ^ (1 << dice_.below(8)));
    } else if (harm < 50) {
        parcel.bytes.resize(one_of(parcel.bytes.size()));
    } else if (harm < 70 && !parcel.up && branches_.size() > 1) {
        parcel.to = (parcel.to + 1) % branches_.size();
    }
    parcel.harmed = harm < 50 || parcel.to != parcel.branch;
    tally_.harmed += parcel.harmed;
    parcels_.push_back(std::move(parcel));
}

void Chain::deliver_due() {
    std::deque<Parcel> waiting;
    std::swap(waiting, parcels_);
    // In no order that anybody meant.
    for (std::size_t i = waiting.size(); i > 1; --i) std::swap(waiting[i - 1], waiting[one_of(i)]);
    for (Parcel& parcel : waiting) {
        if (parcel.hours-- > 0)
            parcels_.push_back(std::move(parcel));
        else
            deliver(std::move(parcel));
    }
}

void Chain::deliver(Parcel parcel) {
    try {
        if (parcel.up)
            take_in_at_hq(parcel);
        else
            take_in_at_branch(parcel);
    } catch (const node::Error& error) {
        // An old copy may come too late for what its receiver has become.
        const bool outdated = disturbed(*branches_[parcel.branch]);
        if ((!parcel.harmed && !outdated) || error.exit() != node::Exit::refused)
            broken(fmt::format("a bundle {} {} was refused: {}", parcel.up ? "from" : "to", print(branches_[parcel.branch]->name), error.what()));
        return;
    }
    if (parcel.harmed) broken(fmt::format("a harmed bundle of {} was taken", print(branches_[parcel.branch]->name)));
}

void Chain::take_in_at_hq(const Parcel& parcel) {
    hq::MergeReport report;
    if (!at_hq([&] { report = hq_.program->import(parcel.bytes, "bundle"); }, true)) return;
    Branch& branch = *branches_[parcel.branch];
    if (report.outcome == hq::Merged::forked && !branch.restored) broken(fmt::format("HQ sees a fork of {}", print(branch.name)));
    if (report.facts_now < branch.at_hq && !branch.restored)
        broken(fmt::format("HQ held {} facts of {} and holds {}", branch.at_hq, print(branch.name), report.facts_now));
    branch.at_hq = report.facts_now;
    if (chance(700)) send(branch, false);
}

void Chain::take_in_at_branch(const Parcel& parcel) {
    Branch& branch = *branches_[parcel.to];
    sync::DownReport report;
    if (!at_branch(branch, [&] { report = sync::apply_down(*branch.machine.program, sync::bytes_of(parcel.bytes), "reply"); }, true)) return;
    if (!report.message.empty() && !disturbed(branch)) broken(fmt::format("{}: {}", print(branch.name), report.message));
}

}  // namespace paprsek::sim
