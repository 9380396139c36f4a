// What the window's thread did between two waits, and how long each part took: a line each in a CSV file, for whoever wants to know
// why a till feels slow. Nothing is measured where nobody asked for it.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace paprsek::ui {

/// What a program asked its database so far.
struct Asked {
    std::int64_t statements = 0;
    std::int64_t steps = 0;  ///< of SQLite's machine
};

/// One round of the window's loop at a time: begin(), done() after each part that there was, end().
class FrameTimes {
public:
    enum class Part { input, tick, draw, render, swap };

    /// Throws std::runtime_error where the file cannot be written.
    explicit FrameTimes(const std::filesystem::path& file);

    void begin(const std::string& where, Asked asked);
    void key() { ++keys_; }
    void scan() { ++scans_; }
    void done(Part part, Asked asked);
    /// `where` is what is open now. A round in which nothing happened leaves no line. Each line is on disk's way at once, for a till may
    /// be switched off.
    void end(const std::string& where);

private:
    using Clock = std::chrono::steady_clock;
    struct Spent {
        std::int64_t us = 0, statements = 0, steps = 0;
    };

    std::ofstream out_;
    std::array<Spent, 5> parts_{};
    std::string where_;
    Clock::time_point last_;
    std::int64_t begun_cpu_us_ = 0, work_cpu_us_ = 0;
    Asked asked_;
    int keys_ = 0, scans_ = 0;
};

}  // namespace paprsek::ui
