// The last bursts of keys for the scan inspector: what was scanned, and what came fast and was no scan. What people type is kept only
// while the inspector is open.
#pragma once
#include <deque>
#include <string>

#include "node/base/clock.h"
#include "ui/kit/input.h"

namespace paprsek::ui {

struct ScanEntry {
    Burst burst;
    node::Instant at;
    std::string came_of_it;  ///< a sentence; empty where nothing was told
    bool wrong = false;      ///< nobody wants that to come of it
};

class ScanLog {
public:
    static constexpr std::size_t kept_max = 30;

    /// True where it is kept. `all`: what is typed, too; keys that follow each other closely become one entry.
    bool add(const Burst& burst, node::Instant at, bool all);
    /// What came of the newest one.
    void tell(std::string sentence, bool wrong);
    const std::deque<ScanEntry>& entries() const { return entries_; }  ///< the newest first
    /// How many were ever kept, for whoever looks for news.
    std::size_t count() const { return count_; }
    /// The longest pause in the burst that is certain, in seconds.
    static double longest_pause(const Burst& burst);

private:
    std::deque<ScanEntry> entries_;
    std::size_t count_ = 0;
};

}  // namespace paprsek::ui
