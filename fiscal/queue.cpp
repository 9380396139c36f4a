#include "fiscal/queue.h"

#include <fmt/format.h>

#include <algorithm>

#include "fiscal/from_fact.h"
#include "fiscal/service.h"
#include "fiscal/vat.h"
#include "node/base/error.h"
#include "node/receipts.h"

namespace paprsek::fiscal {
namespace {

namespace kind = schema::kind;
using node::Money;

constexpr const char* seen_setting = "device_seen";

Money cash_of(const node::ActFact& act, std::string_view what) {
    if (what == kind::cash) return act.amount;
    Money cash = -act.change;
    for (const node::Tender& tender : act.pay)
        if (tender.with == node::TenderKind::cash) cash += tender.amount;
    return cash;
}

}  // namespace

// ------------------------------------------------------------------------------------------------ what is due

PrintQueue::Work PrintQueue::work_of(std::int64_t seq) {
    const auto fact = node_.ledger().fact(seq);
    if (!fact) node::fail("print queue", fmt::format("fact {} is due and not in the ledger", seq), "run: paprsek verify NODE");
    Work work;
    const bool fiscal = device_.profile().fiscal;
    if (fact->kind == kind::sale || fact->kind == kind::refund) {
        const node::ReceiptFact receipt = node::parse_receipt(fact->kind, fact->body);
        if (!fiscal || !receipt.refund) work.receipt = receipt_of(node_, seq, Issue::original);
        // On a fiscal printer goods that come back are cash that goes out.
        if (fiscal) work.cash = receipt.refund ? receipt.cash_kept() : -receipt.loan;
        if (fiscal && work.receipt && work.receipt->total + (receipt.redemption_is_payment ? receipt.redeemed : Money{}) <= Money{}) work.receipt.reset();
    } else if (fact->kind == kind::day_closed) {
        work.closing = fiscal;
    } else if (fiscal) {
        work.cash = cash_of(node::parse_act(fact->body), fact->kind);
    }
    return work;
}

Reply PrintQueue::open_line() {
    if (device_.connected()) return {};
    session_of_ = -1;
    checked_ = false;
    return device_.connect();
}

bool PrintQueue::fit_to_sell(std::string& why) {
    const auto fault = check();
    why = fault.value_or("");
    return !fault;
}

std::optional<std::string> PrintQueue::check() {
    if (Reply reply = open_line(); !reply.ok()) return reply.why;
    if (checked_ || !device_.profile().fiscal) return std::nullopt;
    DeviceRates rates;
    if (Reply reply = device_.vat_rates(rates); !reply.ok()) return reply.why;
    std::map<std::string, node::Rate> wanted;
    const node::Date today = node_.zone().local(wall_.now()).date;
    for (const std::string& group : node_.policy().vat_groups())
        if (const auto rate = node_.policy().vat_rate(group, today)) wanted[group] = *rate;
    if (auto why = missing_rate(rates, wanted)) return why;
    std::int64_t clock = 0;
    if (Reply reply = device_.clock(clock); !reply.ok()) return reply.why;
    if (auto why = clock_off(clock, wall_seconds(node_.zone(), wall_.now()), options_.clock_tolerance_s)) return why;
    checked_ = true;
    return std::nullopt;
}

void PrintQueue::keep(const Job& job) { node::keep_job(node_.database(), {job.seq, job.person, json_of(job)}); }

PrintQueue::Progress PrintQueue::wait(const std::string& why) {
    waiting_ = why;
    return Progress::waiting;
}

PrintQueue::Progress PrintQueue::hand_over(Job& job, const std::string& why, const Holding* found) {
    job.person = true;
    job.why = why;
    if (found) job.found = *found;
    if (found && device_.connected())
        if (auto text = device_.printed_text(found->counter)) job.journal = text->substr(0, 4'000);
    keep(job);
    return Progress::person;
}

void PrintQueue::book(const Job& job, const char* how) {
    node::PrintedFact printed;
    printed.of = job.seq;
    printed.how = how;
    printed.device = device_.identity().serial;
    printed.document = job.document;
    printed.total = job.total;
    node::book_printed(node_, printed);
}

PrintQueue::Report PrintQueue::work(std::size_t most) {
    Report report;
    waiting_.clear();
    day_.reset();
    auto due = node::prints_due(node_.database(), most);
    const auto in_hand = node::print_job(node_.database(), 0);
    if (due.empty() && !in_hand) return report;
    if (std::string why; !fit_to_sell(why)) {
        report.waiting = why;
        return report;
    }
    if (in_hand) {
        // It stands open on the device, so its sale comes first. Without one nobody will ever pay it.
        const auto sale = std::find_if(due.begin(), due.end(), [&](std::int64_t seq) { return node_.ledger().fact(seq)->kind == kind::sale; });
        if (sale != due.end())
            std::rotate(due.begin(), sale, sale + 1);
        else if (auto why = abandon()) {
            report.waiting = *why;
            return report;
        }
    }
    for (const std::int64_t seq : due) {
        const Progress progress = one(seq);
        if (progress == Progress::done) ++report.printed;
        if (progress == Progress::person) ++report.handed_over;
        if (progress == Progress::waiting) break;
    }
    // What the device's day comes to now: whoever closes it behind our back is found out by it.
    if (report.printed && device_.profile().fiscal) {
        if (Holding now; !day_ && device_.connected() && device_.holding(now).ok()) day_ = now;
        if (day_) note_day(*day_);
    }
    report.waiting = waiting_;
    return report;
}

/// By what it was and what was printed since: it need not be asked again.
void PrintQueue::day_grows(const Job& job, const std::map<node::TenderKind, Money>& paid, Money cash) {
    day_ = job.before;
    if (!day_) return;
    for (const auto& [tender, sum] : paid)
        if (const auto counted = day_->day.paid.find(tender); counted != day_->day.paid.end()) counted->second += sum;
    (cash < Money{} ? day_->day.cash_out : day_->day.cash_in) += cash < Money{} ? -cash : cash;
}

void PrintQueue::note_day(const Holding& holding) {
    node::Transaction transaction(node_.database());
    node_.set_setting(seen_setting, node::Json{{"serial", device_.identity().serial}, {"held", json_of(holding)}}.dump());
    transaction.commit();
}

std::optional<std::string> PrintQueue::look_at_day(const Holding& holding) {
    const auto setting = node_.setting(seen_setting);
    const auto seen = setting ? node::Json::parse(*setting, nullptr, false) : node::Json();
    if (!seen.is_object() || seen.value("serial", "") != device_.identity().serial) return std::nullopt;
    const Job before = parse_job(0, false, node::Json{{"before", seen["held"]}}.dump());
    if (!before.before || !day_was_closed(*before.before, holding)) return std::nullopt;
    node::DeviceClosedFact closed;
    closed.device = device_.identity().serial;
    closed.number = holding.closures;
    closed.expected = node::printed_since_device_closed(node_.database());
    node::book_device_closed(node_, closed);
    note_day(holding);
    day_.reset();
    return fmt::format("The printer's day was closed behind the till's back, with {} printed by the till in it.", node::print(closed.expected));
}

// ------------------------------------------------------------------------------------------------ one of them

PrintQueue::Progress PrintQueue::one(std::int64_t seq) {
    const Work work = work_of(seq);
    if (work.receipt) adopt(seq, *work.receipt);
    const auto kept = node::print_job(node_.database(), seq);
    Job job = kept ? parse_job(seq, kept->person, kept->body) : Job{};
    job.seq = seq;
    if (!work.receipt && !work.closing && work.cash.is_zero()) {
        book(job, "nothing");
        return Progress::done;
    }
    if (job.part == Part::receipt && work.receipt) {
        if (auto why = device_.unfit(*work.receipt); why && job.sent < 0) return hand_over(job, *why, nullptr);
        const Progress progress = print_receipt(job, *work.receipt);
        if (progress != Progress::done) return progress;
    }
    if (job.part == Part::receipt) {
        job.part = work.cash.is_zero() ? Part::closing : Part::cash;
        job.before.reset();
        job.sent = -1;
        if (!work.cash.is_zero()) keep(job);
    }
    if (job.part == Part::cash) {
        const Progress progress = move_cash(job, work.cash);
        if (progress != Progress::done) return progress;
        day_grows(job, {}, work.cash);
    }
    if (work.closing) {
        day_.reset();
        return close_day(job);
    }
    book(job, "printed");
    return Progress::done;
}

bool PrintQueue::ask(Holding& holding) {
    if (std::string why; !fit_to_sell(why)) {
        wait(why);
        return false;
    }
    if (Reply reply = device_.holding(holding); !reply.ok()) {
        wait(reply.why);
        return false;
    }
    return true;
}

/// Notes how the device stands, before anything of a part is sent.
bool PrintQueue::begin(Job& job) {
    Holding now;
    if (!ask(now)) return false;
    if (now.open == Holding::Open::non_fiscal) {
        if (Reply reply = device_.end_text(); !reply.ok()) return wait(reply.why), false;
        if (!ask(now)) return false;
    }
    if (now.open != Holding::Open::nothing) {
        wait("A receipt is open on the printer that is not of this till: finish it there.");
        return false;
    }
    look_at_day(now);
    job.before = now;
    job.sent = -1;
    job.cancel_sent = false;
    return true;
}

PrintQueue::Progress PrintQueue::move_cash(Job& job, Money amount) {
    if (!job.before || job.sent < 0) {
        if (!begin(job)) return Progress::waiting;
    } else {
        Holding now;
        if (!ask(now)) return Progress::waiting;
        const auto moved = cash_was_moved(job.before->day, now.day, amount);
        if (!moved) return hand_over(job, "The printer's cash was moved by another amount than this one.", &now);
        if (*moved) return Progress::done;
        if (now.open != Holding::Open::nothing && !begin(job)) return Progress::waiting;
    }
    job.sent = 0;
    keep(job);
    const Reply reply = device_.move_cash(amount);
    if (reply.ok()) return Progress::done;
    if (reply.answer == Answer::refused) return hand_over(job, reply.why, nullptr);
    if (reply.answer == Answer::unknown && device_.connected()) {
        Holding now;
        if (ask(now) && cash_was_moved(job.before->day, now.day, amount) == true) return Progress::done;
    }
    return wait(reply.why);
}

PrintQueue::Progress PrintQueue::close_day(Job& job) {
    node::DeviceClosedFact closed;
    closed.of = job.seq;
    closed.device = device_.identity().serial;
    closed.expected = node::printed_since_device_closed(node_.database());
    const auto found = [&](const Holding& now) {
        closed.number = now.closures;
        Money sum;
        for (const auto& [tender, paid] : job.before->day.paid) sum += paid;
        if (!device_.profile().day_sums.empty()) closed.total = sum;
        node::book_device_closed(node_, closed);
        checked_ = false;  // rates may change with the day
        return Progress::done;
    };
    if (!job.before || job.sent < 0) {
        if (!begin(job)) return Progress::waiting;
        closed.expected = node::printed_since_device_closed(node_.database());  // it may have been closed meanwhile
    } else {
        Holding now;
        if (!ask(now)) return Progress::waiting;
        if (day_was_closed(*job.before, now)) return found(now);
        if (now.open != Holding::Open::nothing && !begin(job)) return Progress::waiting;
    }
    job.sent = 0;
    keep(job);
    DayReport report;
    const Reply reply = device_.report(ReportKind::z, report);
    if (reply.ok()) {
        closed.number = report.closures;
        closed.total = report.total();
        node::book_device_closed(node_, closed);
        checked_ = false;
        return Progress::done;
    }
    if (reply.answer == Answer::refused) return hand_over(job, reply.why, nullptr);
    if (reply.answer == Answer::unknown && device_.connected()) {
        Holding now;
        if (ask(now) && day_was_closed(*job.before, now)) return found(now);
    }
    return wait(reply.why);
}

void PrintQueue::resolve(std::int64_t seq, Resolution resolution, const std::string& cashier, const std::string& reason) {
    const auto kept = node::print_job(node_.database(), seq);
    if (!kept || !kept->person) node::refuse(fmt::format("fact {}", seq), "does not wait for a person", "see: paprsek device NODE pending");
    const Job job = parse_job(seq, true, kept->body);
    if (resolution == Resolution::again) {
        Job anew;
        anew.seq = seq;
        return keep(anew);
    }
    node::PrintedFact printed;
    printed.of = seq;
    printed.how = resolution == Resolution::printed ? "by_hand" : "given_up";
    printed.device = device_.identity().serial;
    printed.cashier = cashier;
    printed.reason = reason;
    if (resolution == Resolution::printed) {
        const Work work = work_of(seq);
        if (work.receipt && device_.profile().fiscal && !device_.unfit(*work.receipt)) printed.total = total_of(device_.plan(*work.receipt));
    }
    node::book_printed(node_, printed);
}

}  // namespace paprsek::fiscal
