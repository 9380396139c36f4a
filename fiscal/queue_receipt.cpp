// A receipt on its way: step by step, and what follows from a fault.
#include <fmt/format.h>

#include <algorithm>

#include "fiscal/queue.h"
#include "fiscal/vat.h"

namespace paprsek::fiscal {

using node::Money;

namespace {

std::size_t first_pay(const std::vector<Step>& plan) {
    const auto pay = std::find_if(plan.begin(), plan.end(), [](const Step& step) { return step.kind == StepKind::pay; });
    return static_cast<std::size_t>(pay - plan.begin());
}

}  // namespace

/// What is sold is as it was rung up, where it was printed line by line.
std::vector<Step> PrintQueue::plan_of(Job& job, const Receipt& receipt) const {
    std::vector<Step> plan = device_.plan(receipt);
    if (job.lines.empty()) return plan;
    const std::size_t pay = first_pay(plan);
    bring_in_line(job, {plan.begin() + 1, plan.begin() + static_cast<std::ptrdiff_t>(pay)});
    std::vector<Step> whole{plan.front()};
    whole.insert(whole.end(), job.lines.begin(), job.lines.end());
    whole.insert(whole.end(), plan.begin() + static_cast<std::ptrdiff_t>(pay), plan.end());
    return whole;
}

PrintQueue::Progress PrintQueue::print_receipt(Job& job, const Receipt& receipt) {
    for (int round = 0; round < most_rounds; ++round) {
        const std::vector<Step> plan = plan_of(job, receipt);
        Progress progress = Progress::again;
        if (job.sent >= 0)
            progress = recover(job, receipt, plan);
        else if (device_.profile().fiscal && !begin(job))
            progress = Progress::waiting;
        else
            progress = run_steps(job, receipt, plan, 0);
        if (progress == Progress::done) {
            job.total = device_.profile().fiscal ? total_of(plan) : Money{};
            if (device_.profile().fiscal) day_grows(job, day_change(plan), {});
            job.lines.clear();
        }
        if (progress != Progress::again) return progress;
    }
    return hand_over(job, "The printer gives no steady answer.", nullptr);
}

PrintQueue::Progress PrintQueue::run_steps(Job& job, const Receipt& receipt, const std::vector<Step>& plan, std::size_t from) {
    session_of_ = job.seq;
    const std::size_t pay = first_pay(plan);
    for (std::size_t i = from; i < plan.size(); ++i) {
        if (i == pay && device_.profile().fiscal && plan[i].kind == StepKind::pay) {
            // The device rounds by itself: what it came to is compared before there is no way back.
            Money sold;
            if (Reply reply = device_.sold(sold); !reply.ok()) return device_.connected() ? wait(reply.why) : Progress::again;
            if (sold != total_of(plan)) {
                const std::string why = fmt::format("The printer comes to {} where the receipt comes to {}.", node::print(sold), node::print(total_of(plan)));
                const Progress undone = device_.profile().cancel ? cancel_and_start(job) : strike_out(job);
                return undone == Progress::again ? hand_over(job, why, nullptr) : undone;
            }
        }
        job.sent = static_cast<int>(i);
        keep(job);
        const Reply reply = device_.perform(plan[i], receipt);
        if (reply.ok()) {
            if (reply.document) job.document = reply.document;
            continue;
        }
        if (reply.answer == Answer::unknown) {
            if (!device_.profile().fiscal) return hand_over(job, reply.why + " Nobody knows whether the paper came out.", nullptr);
            waiting_ = reply.why;
            return Progress::again;
        }
        if (reply.answer == Answer::not_ready) {
            if (!device_.profile().fiscal) {
                job.sent = -1;  // nothing of it was printed
                keep(job);
            }
            return wait(reply.why);
        }
        if (i == 0 && device_.profile().fiscal) {  // nothing is on the device; the same will be tried again
            Holding now;
            if (!ask(now)) return Progress::waiting;
            if (now.open == Holding::Open::nothing) return wait(reply.why);
            return Progress::again;
        }
        if (plan[i].kind != StepKind::pay && plan[i].kind != StepKind::close && device_.profile().cancel) {
            const Progress undone = cancel_and_start(job);
            return undone == Progress::again ? hand_over(job, reply.why, nullptr) : undone;
        }
        Holding now;
        if (!ask(now)) return Progress::waiting;
        return hand_over(job, reply.why, &now);
    }
    return Progress::done;
}

PrintQueue::Progress PrintQueue::recover(Job& job, const Receipt& receipt, const std::vector<Step>& plan) {
    if (device_.profile().dialect == Dialect::paper) {  // a file that is written again is the same file
        job.sent = -1;
        return Progress::again;
    }
    if (!device_.profile().fiscal) return hand_over(job, "Nobody knows whether the paper came out.", nullptr);
    Holding now;
    if (!ask(now)) {
        // A silent device: the question is asked over a new line, once.
        if (!ask(now)) return Progress::waiting;
    }
    waiting_.clear();
    Evidence evidence;
    evidence.before = job.before.value_or(Holding{});
    evidence.plan = plan;
    evidence.sent = job.sent;
    evidence.cancel_sent = job.cancel_sent;
    evidence.same_session = session_of_ == job.seq;
    evidence.mode = job.lines.empty() ? options_.mode : Mode::synchronous;
    evidence.can_cancel = device_.profile().cancel;
    evidence.counts_all_tenders = !device_.profile().day_sums.empty();
    if (now.open == Holding::Open::nothing && now.counter > evidence.before.counter && !receipt.number.empty())
        for (std::int64_t document = now.counter; document > std::max(evidence.before.counter, now.counter - 20) && !evidence.journal_names_it; --document)
            if (const auto text = device_.printed_text(document); text && text->find(receipt.number) != std::string::npos) {
                evidence.journal_names_it = true;
                job.document = document;
            }
    return act_on(job, receipt, plan, decide(evidence, now), now);
}

PrintQueue::Progress PrintQueue::act_on(Job& job, const Receipt& receipt, const std::vector<Step>& plan, const Decision& decision, const Holding& now) {
    switch (decision.verdict) {
        case Verdict::start:
            job.before.reset();
            job.sent = -1;
            job.cancel_sent = false;
            job.lines.clear();
            return Progress::again;
        case Verdict::printed:
            if (!job.document) job.document = now.counter;
            return Progress::done;
        case Verdict::go_on:
            return run_steps(job, receipt, plan, decision.from);
        case Verdict::cancel:
            return cancel_and_start(job);
        case Verdict::strike_out:
            return strike_out(job);
        case Verdict::pay_and_close: {
            if (!decision.rest.is_zero()) {
                const Tender rest{node::TenderKind::cash, decision.rest, {}};
                if (Reply reply = device_.perform({StepKind::pay, {}, rest, {}, decision.rest}, receipt); reply.answer == Answer::unknown)
                    return Progress::again;
            }
            const Reply reply = device_.perform({StepKind::close, {}, {}, {}, {}}, receipt);
            if (reply.answer == Answer::unknown) return Progress::again;
            if (!reply.ok()) return wait(reply.why);
            if (!decision.person) return Progress::again;
            Holding after;
            return hand_over(job, decision.why, ask(after) ? &after : nullptr);
        }
        case Verdict::end_text:
            if (Reply reply = device_.end_text(); reply.answer == Answer::not_ready || reply.answer == Answer::refused) return wait(reply.why);
            return Progress::again;
        case Verdict::wait:
            return wait(decision.why);
        case Verdict::person:
            return hand_over(job, decision.why, &now);
    }
    return Progress::person;
}

PrintQueue::Progress PrintQueue::cancel_and_start(Job& job) {
    job.cancel_sent = true;
    keep(job);
    const Reply reply = device_.cancel();
    if (reply.answer == Answer::not_ready) return wait(reply.why);
    if (!reply.ok()) return Progress::again;  // unknown, or refused because there is nothing to cancel: look again
    job.before.reset();
    job.sent = -1;
    job.cancel_sent = false;
    job.lines.clear();
    session_of_ = -1;
    keep(job);
    return Progress::again;
}

/// Takes back what is open on a model that cannot cancel, and closes it with nothing to pay.
PrintQueue::Progress PrintQueue::strike_out(Job& job) {
    const Reply reply = device_.strike_open();
    Holding after;
    if (!ask(after)) return Progress::waiting;
    if (reply.answer == Answer::unknown || reply.answer == Answer::not_ready) return wait(reply.why);
    return hand_over(job, reply.ok() ? "The printer held other lines than the receipt; they were taken back, and nothing was paid." : reply.why, &after);
}

}  // namespace paprsek::fiscal
