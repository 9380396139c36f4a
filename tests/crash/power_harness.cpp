#include "tests/crash/power_harness.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "node/base/error.h"

namespace paprsek::test {
namespace {

using Tear = PowerDisk::Tear;

/// Where a life broke off.
struct Cut {
    PowerDisk::Image image;
    std::size_t acknowledged = 0;
    std::int64_t step = 0;
};

void play(Workplace& place, std::size_t act) {
    place.clock.set({1'772'438'400'000 + 60'000 * static_cast<std::int64_t>(act + 1)});
    place.random = SeededRandom(act + 1);
    place.play(act);
}

/// Looks without being a step, or failing.
std::string observe(Workplace& place) {
    place.disk.count(false);
    std::string state = place.state();
    place.disk.count(true);
    return state;
}

std::string faults_of(Workplace& place) {
    place.disk.count(false);
    std::string text;
    for (const std::string& fault : place.faults()) text += fault + "; ";
    place.disk.count(true);
    return text;
}

std::string damage_of(Workplace& place) {
    place.disk.count(false);
    const std::string text = place.damage();
    place.disk.count(true);
    return text;
}

/// The first line in which two states differ, for a message that can be read.
std::string difference(const std::string& is, const std::string& should) {
    const auto [a, b] = std::mismatch(is.begin(), is.end(), should.begin(), should.end());
    const auto line = [](const std::string& text, std::string::const_iterator at) {
        const auto offset = static_cast<std::size_t>(at - text.begin());
        const std::size_t newline = offset ? text.rfind('\n', offset - 1) : std::string::npos;
        const std::size_t first = newline == std::string::npos ? 0 : newline + 1;
        return text.substr(first, std::min<std::size_t>(200, text.find('\n', offset) - first));
    };
    return a == is.end() && b == should.end() ? "" : fmt::format("is \"{}\", should be \"{}\"", line(is, a), line(should, b));
}

class Trial {
public:
    explicit Trial(const Scenario& scenario) : scenario_(scenario) {
        PowerDisk disk;
        scenario_.prepare(disk);
        disk.settle();
        prepared_ = disk.image();
    }

    /// The life in which all goes well: the states to compare with, and an image at each step.
    void run_well() {
        PowerDisk disk;
        disk.start(prepared_, Tear::all_kept);
        std::size_t acknowledged = 0;
        disk.on_step = [&] { cuts_.push_back({disk.image(), acknowledged, disk.steps()}); };
        auto place = scenario_.start(disk);
        place->open();
        const auto keep_state = [&] {
            states_.push_back(observe(*place));
            REQUIRE(faults_of(*place) == "");
        };
        for (keep_state(); acknowledged < scenario_.acts; keep_state()) {
            play(*place, acknowledged);
            ++acknowledged;
        }
        place.reset();
        cuts_.push_back({disk.image(), acknowledged, disk.steps() + 1});
    }

    void cut_everywhere() {
        for (const Cut& cut : cuts_) {
            live_after(cut, Tear::nothing_kept, 0);
            live_after(cut, Tear::all_kept, 0);
            for (std::uint64_t seed = 1; seed <= tears(); ++seed) live_after(cut, Tear::by_seed, seed + 1000 * static_cast<std::uint64_t>(cut.step));
        }
        MESSAGE(fmt::format("{}: {} acts, {} steps, {} cuts", scenario_.name, scenario_.acts, cuts_.size(), lives_));
    }

    void fail_everywhere(int code) {
        std::int64_t failures = 0;
        for (const bool lasting : {false, true})
            for (std::int64_t call = 1; live_with_failure(call, code, lasting); ++call) ++failures;
        MESSAGE(fmt::format("{}: {} at {} calls", scenario_.name, code == SQLITE_FULL ? "a full disk" : "an I/O error", failures));
    }

private:
    /// Torn disks at every place: PAPRSEK_TEARS=N for more than one.
    static std::uint64_t tears() {
        const char* wanted = std::getenv("PAPRSEK_TEARS");
        return wanted ? std::stoull(wanted) : 1;
    }
    bool in_parts(std::size_t act) const { return std::find(scenario_.in_parts.begin(), scenario_.in_parts.end(), act) != scenario_.in_parts.end(); }

    /// How many acts the disk holds after a cut: those acknowledged, or one more. A state that is known has been verified.
    std::size_t acts_held(Workplace& place, std::size_t acknowledged) {
        CHECK(damage_of(place) == "");
        const std::string state = observe(place);
        if (acknowledged < scenario_.acts && state == states_[acknowledged + 1]) return acknowledged + 1;
        if (acknowledged < scenario_.acts && in_parts(acknowledged))
            CHECK(faults_of(place) == "");
        else
            CHECK(difference(state, states_[acknowledged]) == "");
        return acknowledged;
    }

    /// A life after a cut, to the end of the scenario. By a seed it is cut once more, and lived again.
    void live_after(const Cut& cut, Tear tear, std::uint64_t seed) {
        ++lives_;
        CAPTURE(scenario_.name);
        CAPTURE(cut.step);
        CAPTURE(static_cast<int>(tear));
        CAPTURE(seed);
        PowerDisk disk;
        disk.start(cut.image, tear, seed);
        std::optional<Cut> second;
        std::size_t held = cut.acknowledged;
        if (tear == Tear::by_seed && !cut_again_) {
            const auto at = 1 + static_cast<std::int64_t>(seed * 7919 % 60);
            disk.on_step = [&disk, &second, &held, at] {
                if (disk.steps() == at) second = Cut{disk.image(), held, at};
            };
        }
        try {
            auto place = scenario_.start(disk);
            place->open();
            held = acts_held(*place, cut.acknowledged);
            // What is left by the plain tears, the torn ones contain as well.
            if (tear != Tear::by_seed) return;
            for (; held < scenario_.acts; ++held) play(*place, held);
            CHECK(difference(observe(*place), states_.back()) == "");
        } catch (const std::exception& error) {
            FAIL_CHECK(std::string(error.what()));
        }
        if (!second) return;
        cut_again_ = true;
        live_after(*second, Tear::by_seed, seed + 1);
        cut_again_ = false;
    }

    /// What a person gets to read: one sentence, of the three parts.
    void check_sentence(const node::Error& error) {
        CAPTURE(std::string(error.what()));
        CHECK(error.exit() == node::Exit::operating);
        CHECK(!error.subject().empty());
        CHECK(!error.why().empty());
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        CHECK(std::string(error.what()).find("SELECT") == std::string::npos);
    }

    /// False when the failing call lies beyond the scenario.
    bool live_with_failure(std::int64_t call, int code, bool lasting) {
        CAPTURE(scenario_.name);
        CAPTURE(call);
        CAPTURE(code);
        CAPTURE(lasting);
        PowerDisk disk;
        disk.start(prepared_, Tear::all_kept);
        disk.fail_at(call, code, lasting);
        try {
            auto place = scenario_.start(disk);
            try {
                place->open();
            } catch (const node::Error& error) {
                check_sentence(error);
                disk.fail_at(0, 0, false);
                place->open();
            }
            for (std::size_t act = 0; act < scenario_.acts; ++act) {
                const auto before = disk.failures();
                try {
                    play(*place, act);
                } catch (const node::Error& error) {
                    CAPTURE(act);
                    CAPTURE(std::string(error.what()));
                    check_sentence(error);
                    disk.fail_at(0, 0, false);
                    // "Nothing was booked", and the same program goes on.
                    if (!in_parts(act)) CHECK(difference(observe(*place), states_[act]) == "");
                    play(*place, act);
                }
                if (disk.failures() > before && !in_parts(act)) CHECK(difference(observe(*place), states_[act + 1]) == "");
            }
            place.reset();  // failing still, perhaps
            const bool hit = disk.failures() > 0;
            disk.fail_at(0, 0, false);
            place = scenario_.start(disk);
            place->open();
            CHECK(damage_of(*place) == "");
            CHECK(difference(observe(*place), states_.back()) == "");
            return hit;
        } catch (const std::exception& error) {
            FAIL_CHECK(std::string(error.what()));
            return disk.failures() > 0;
        }
    }

    const Scenario& scenario_;
    PowerDisk::Image prepared_;
    std::vector<std::string> states_;  ///< after 0, 1 … all acts
    std::vector<Cut> cuts_;
    std::int64_t lives_ = 0;
    bool cut_again_ = false;
};

}  // namespace

void at_every_place(const Scenario& scenario) {
    Trial trial(scenario);
    trial.run_well();
    trial.cut_everywhere();
    trial.fail_everywhere(SQLITE_FULL);
    trial.fail_everywhere(SQLITE_IOERR);
}

std::string content_of(node::Database& database) {
    std::string content;
    std::vector<std::string> tables;
    // The index of words is checked by itself; how its rows lie is its own affair.
    auto names = database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%search%' ORDER BY name");
    while (names.step()) tables.push_back(names.text(0));
    for (const std::string& table : tables) {
        std::vector<std::string> rows;
        for (auto row = database.query("SELECT * FROM " + table); row.step();) {
            std::string& text = rows.emplace_back(table);
            for (int column = 0; column < row.columns(); ++column) text += "|" + row.optional_text(column).value_or("-");
            text += '\n';
        }
        std::sort(rows.begin(), rows.end());
        for (const std::string& row : rows) content += row;
    }
    return content;
}

std::string damage_of(node::Database& database) {
    const std::string found = database.text("PRAGMA integrity_check").value_or("");
    if (database.integer("SELECT 1 FROM sqlite_master WHERE name = 'product_search'"))
        database.execute("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)");
    return found == "ok" ? "" : found;
}

}  // namespace paprsek::test
