// The chain simulator. A failing seed is printed with the command that replays it:
//
//   build/dev/bin/sim --seed N --nodes N --days N [--customers N] [--restore branches|headquarters|clones] [--rights] [--elsewhere]
//
// Without a seed it plays the fixed ones and a fresh one, as ctest does.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <optional>
#include <random>

#include "tests/sim/chain.h"

namespace {

using namespace paprsek;

const std::array<std::string, 4> names = {"nothing", "branches", "headquarters", "clones"};

/// False when an invariant did not hold.
bool play(const sim::Settings& settings) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string command = fmt::format("build/dev/bin/sim --seed {} --nodes {} --days {} --customers {} --restore {}{}{}", settings.seed, settings.nodes,
                                            settings.days, settings.customers, names[static_cast<std::size_t>(settings.accidents)],
                                            settings.rights ? " --rights" : "", settings.elsewhere ? " --elsewhere" : "");
    try {
        const sim::Tally tally = sim::Chain(settings).run();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        fmt::print("seed {}: {} branches, {} days, {} facts, {} customers, {} bundles ({} harmed), {} power cuts, ", settings.seed, settings.nodes,
                   settings.days, tally.facts, tally.customers, tally.parcels, tally.harmed, tally.power_cuts);
        fmt::print("{} disks restored, {} copied, {} acts refused, {} refunds elsewhere, {} quiet periods, {} exceptions; ", tally.restored, tally.copied,
                   tally.refused_acts, tally.elsewhere, tally.quiet_periods, tally.exceptions);
        fmt::print("{:.1f} s, {:.0f} branch-days an hour\n", seconds, settings.nodes * settings.days / seconds * 3600);
        std::cout.flush();
        return true;
    } catch (const std::exception& error) {
        fmt::print("seed {} FAILED: {}\nreplay: {}\n", settings.seed, error.what(), command);
        return false;
    }
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app{"Simulates a whole chain from a seed and checks its invariants."};
    std::optional<std::uint64_t> seed;
    sim::Settings settings;
    app.add_option("--seed", seed, "replays this one");
    app.add_option("--nodes", settings.nodes, "branches")->check(CLI::Range(1, 50));
    app.add_option("--days", settings.days)->check(CLI::Range(1, 10'000));
    app.add_option("--customers", settings.customers)->check(CLI::Range(100, 100'000));
    app.add_flag("--elsewhere", settings.elsewhere, "goods are given back at other branches, too");
    app.add_flag("--rights", settings.rights, "points and credit are spent by right");
    std::string restored = names[0];
    app.add_option("--restore", restored, "whose disks are replaced by old copies, or copied (clones)")
        ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
    CLI11_PARSE(app, count, arguments);
    settings.accidents = static_cast<sim::Accidents>(std::find(names.begin(), names.end(), restored) - names.begin());
    if (seed) {
        settings.seed = *seed;
        return play(settings) ? 0 : 1;
    }
    bool well = true;
    using sim::Accidents;
    for (const sim::Settings& fixed :
         {sim::Settings{1, 3, 12, 300, Accidents::none}, sim::Settings{2, 8, 6, 1000, Accidents::none}, sim::Settings{3, 50, 1, 1000, Accidents::none},
          sim::Settings{4, 4, 12, 300, Accidents::branches}, sim::Settings{5, 4, 12, 300, Accidents::headquarters},
          sim::Settings{4, 4, 10, 100, Accidents::none, true}, sim::Settings{6, 4, 12, 300, Accidents::clones}, sim::Settings{7, 3, 3, 5000, Accidents::none},
          sim::Settings{306, 4, 12, 100, Accidents::branches, true}, sim::Settings{4'046'400'223, 4, 8, 200, Accidents::branches, true},
          sim::Settings{8, 4, 8, 150, Accidents::none, false, true}, sim::Settings{5, 4, 8, 150, Accidents::headquarters, false, true},
          sim::Settings{2'556'252'370, 4, 8, 200, Accidents::clones, true}})
        well = play(fixed) && well;
    std::random_device fresh;
    for (const Accidents accidents : {Accidents::none, Accidents::branches, Accidents::headquarters, Accidents::clones})
        well = play({fresh(), 4, 8, 400, accidents}) && well;
    for (const Accidents accidents : {Accidents::none, Accidents::branches, Accidents::headquarters, Accidents::clones})
        well = play({fresh(), 4, 8, 200, accidents, true}) && well;
    return well ? 0 : 1;
}
