#include "ui/till/scan_log.h"

#include <algorithm>

namespace paprsek::ui {
namespace {

constexpr std::size_t code_length_min = 4;  // shorter bursts are amounts
constexpr double one_text = 0.5;            // a longer pause ends what somebody types

bool looks_like_code(const std::string& text) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return text.size() >= code_length_min && digits * 2 >= static_cast<std::ptrdiff_t>(text.size());
}

/// A key that edits or opens something says nothing of a scanner.
bool writes(const KeyPress& press) { return press.character != 0 || press.enter() || press.digit(); }

}  // namespace

bool ScanLog::add(const Burst& burst, node::Instant at, bool all) {
    const bool scanned = burst.verdict == Burst::Verdict::scan;
    if (!scanned && !all && !looks_like_code(burst.text)) return false;
    if (!scanned && std::none_of(burst.keys.begin(), burst.keys.end(), writes)) return false;
    if (burst.verdict == Burst::Verdict::typed && !entries_.empty()) {
        Burst& last = entries_.front().burst;
        const bool goes_on = last.verdict == Burst::Verdict::typed && !last.keys.back().enter() && burst.keys.front().at - last.keys.back().at < one_text;
        if (goes_on && last.keys.size() < 64) {
            last.keys.push_back(burst.keys.front());
            const bool with_enter = last.keys.back().enter();
            last.text = scan_text(last.keys.data(), last.keys.data() + last.keys.size() - (with_enter ? 1 : 0));
            ++count_;
            return true;
        }
    }
    if (burst.text.empty()) return false;  // an Enter by itself
    if (entries_.size() == kept_max) entries_.pop_back();
    entries_.push_front({burst, at, {}, false});
    ++count_;
    return true;
}

void ScanLog::tell(std::string sentence, bool wrong) {
    if (entries_.empty()) return;
    entries_.front().came_of_it = std::move(sentence);
    entries_.front().wrong = wrong;
}

double ScanLog::longest_pause(const Burst& burst) {
    double longest = 0;
    for (std::size_t i = 1; i < burst.keys.size(); ++i) longest = std::max(longest, burst.keys[i].earliest - burst.keys[i - 1].at);
    return longest;
}

}  // namespace paprsek::ui
