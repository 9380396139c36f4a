#include "ui/kit/frame_times.h"

#include <time.h>

#include <stdexcept>

namespace paprsek::ui {
namespace {

/// That this thread was on a processor, since it began.
std::int64_t cpu_us() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

std::int64_t microseconds(std::chrono::steady_clock::duration time) { return std::chrono::duration_cast<std::chrono::microseconds>(time).count(); }

}  // namespace

FrameTimes::FrameTimes(const std::filesystem::path& file) : out_(file, std::ios::trunc) {
    // `at` is of the machine's clock since it was switched on (CLOCK_MONOTONIC), so that other programs can place it.
    out_ << "at_us,where,keys,scans,input_us,tick_us,draw_us,render_us,swap_us,input_statements,tick_statements,draw_statements,steps,work_cpu_us" << std::endl;
    if (!out_) throw std::runtime_error("--frame-times: " + file.string() + " cannot be written");
}

void FrameTimes::begin(const std::string& where, Asked asked) {
    parts_ = {};
    keys_ = scans_ = 0;
    where_ = where;
    asked_ = asked;
    begun_cpu_us_ = cpu_us();
    work_cpu_us_ = 0;
    last_ = Clock::now();
}

void FrameTimes::done(Part part, Asked asked) {
    const Clock::time_point now = Clock::now();
    Spent& spent = parts_[static_cast<std::size_t>(part)];
    spent.us += microseconds(now - last_);
    spent.statements += asked.statements - asked_.statements;
    spent.steps += asked.steps - asked_.steps;
    last_ = now;
    asked_ = asked;
    if (part <= Part::draw) work_cpu_us_ = cpu_us() - begun_cpu_us_;
}

void FrameTimes::end(const std::string& where) {
    const auto of = [this](Part part) -> const Spent& { return parts_[static_cast<std::size_t>(part)]; };
    std::int64_t statements = 0, steps = 0;
    for (const Spent& spent : parts_) {
        statements += spent.statements;
        steps += spent.steps;
    }
    constexpr std::int64_t noticed_us = 1000;
    if (keys_ == 0 && scans_ == 0 && statements == 0 && of(Part::draw).us == 0 && of(Part::input).us + of(Part::tick).us < noticed_us) return;
    out_ << microseconds(last_.time_since_epoch()) << ',' << (where == where_ ? where : where_ + '>' + where) << ',' << keys_ << ',' << scans_;
    for (const Spent& spent : parts_) out_ << ',' << spent.us;
    for (const Part part : {Part::input, Part::tick, Part::draw}) out_ << ',' << of(part).statements;
    out_ << ',' << steps << ',' << work_cpu_us_ << std::endl;
}

}  // namespace paprsek::ui
