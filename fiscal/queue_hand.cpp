// The receipt in hand, printed line by line as it is rung up (synchronous): what is on paper follows what is on the screen, and at the
// payment the receipt becomes a sale like any other on its way.
#include <algorithm>

#include "fiscal/queue.h"

namespace paprsek::fiscal {
namespace {

bool same(const Step& a, const Step& b) { return a.kind == b.kind && a.line == b.line && a.text == b.text && a.amount == b.amount; }

/// A line taken back, as one piece of what it came to.
Step taken_back(const Step& sale) {
    Step step = sale;
    step.kind = StepKind::strike;
    step.text.clear();
    step.line.price = step.line.gross = step.line.net = step.line.paid = sale.amount;
    step.line.quantity = node::one_piece;
    step.line.discount = {};
    return step;
}

}  // namespace

/// Behind what was sent already: strikes for what is gone, sales for what is new. Once it is being paid, nothing is changed any more.
void PrintQueue::bring_in_line(Job& job, const std::vector<Step>& wanted) {
    const auto sent = static_cast<std::size_t>(std::max(0, job.sent));
    if (sent > job.lines.size()) return;
    job.lines.resize(std::min(job.lines.size(), sent));
    std::vector<Step> held;
    for (const Step& step : job.lines) {
        if (step.kind != StepKind::strike) {
            held.push_back(step);
            continue;
        }
        const auto sale = std::find_if(held.begin(), held.end(), [&](const Step& other) { return same(taken_back(other), step); });
        if (sale != held.end()) held.erase(sale);
    }
    std::vector<Step> missing;
    for (const Step& step : wanted) {
        const auto there = std::find_if(held.begin(), held.end(), [&](const Step& other) { return same(other, step); });
        if (there == held.end())
            missing.push_back(step);
        else
            held.erase(there);
    }
    for (const Step& step : held)
        if (step.kind == StepKind::sale) job.lines.push_back(taken_back(step));
    job.lines.insert(job.lines.end(), missing.begin(), missing.end());
}

void PrintQueue::adopt(std::int64_t seq, const Receipt& receipt) {
    const auto in_hand = node::print_job(node_.database(), 0);
    if (!in_hand) return;
    if (!node::print_job(node_.database(), seq) && !receipt.refund) {
        Job job = parse_job(0, false, in_hand->body);
        job.seq = seq;
        if (job.sent >= 0) {
            if (session_of_ == 0) session_of_ = seq;
            keep(job);  // first there, then no more here: whatever comes between, it is somewhere
        }
    }
    if (!receipt.refund) node::drop_job(node_.database(), 0);
}

std::optional<std::string> PrintQueue::follow(const Receipt& wanted) {
    if (!device_.profile().fiscal) return std::nullopt;
    if (!node::prints_due(node_.database(), 1).empty()) return "Something before it is not printed yet.";
    if (auto why = device_.unfit(wanted)) return why;
    if (std::string why; !fit_to_sell(why)) return why;
    const auto kept = node::print_job(node_.database(), 0);
    Job job = kept ? parse_job(0, false, kept->body) : Job{};
    if (job.sent < 0 && wanted.lines.empty()) return std::nullopt;
    bool sure = session_of_ == 0;
    for (int round = 0; round < most_rounds; ++round) {
        std::vector<Step> plan = device_.plan(wanted);
        const auto pay = std::find_if(plan.begin(), plan.end(), [](const Step& step) { return step.kind == StepKind::pay; });
        bring_in_line(job, {plan.begin() + 1, pay});
        plan.erase(plan.begin() + 1, plan.end());
        plan.insert(plan.end(), job.lines.begin(), job.lines.end());
        Progress progress = Progress::again;
        if (job.sent < 0)
            progress = begin(job) ? run_steps(job, wanted, plan, 0) : Progress::waiting;
        else if (sure)
            progress = run_steps(job, wanted, plan, static_cast<std::size_t>(job.sent) + 1);
        else
            progress = recover(job, wanted, plan);
        if (progress == Progress::done) return std::nullopt;
        if (progress == Progress::waiting) return waiting_;
        if (progress == Progress::person) {  // nothing is sold yet: the sale will be printed whole
            node::drop_job(node_.database(), 0);
            return job.why;
        }
        sure = false;
    }
    return "The printer gives no steady answer.";
}

std::optional<std::string> PrintQueue::abandon() {
    const auto kept = node::print_job(node_.database(), 0);
    if (!kept) return std::nullopt;
    const Job job = parse_job(0, false, kept->body);
    if (std::string why; job.sent >= 0 && !fit_to_sell(why)) return why;
    for (int round = 0; job.sent >= 0 && round < most_rounds; ++round) {
        Holding now;
        if (!ask(now)) return waiting_;
        if (now.open != Holding::Open::fiscal) break;
        const Reply reply = device_.profile().cancel ? device_.cancel() : device_.strike_open();
        if (reply.answer == Answer::not_ready || reply.answer == Answer::refused) return reply.why;
    }
    node::drop_job(node_.database(), 0);
    session_of_ = -1;
    return std::nullopt;
}

}  // namespace paprsek::fiscal
