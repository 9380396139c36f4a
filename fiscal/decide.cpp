#include "fiscal/decide.h"

#include <fmt/format.h>

#include <algorithm>

namespace paprsek::fiscal {

using node::Money;
using node::TenderKind;

std::string_view print(Mode mode) {
    static constexpr std::array names = {"asynchronous", "synchronous", "ecr"};
    return names.at(static_cast<std::size_t>(mode));
}

std::optional<Mode> parse_mode(std::string_view text) {
    for (const Mode mode : {Mode::asynchronous, Mode::synchronous, Mode::ecr})
        if (print(mode) == text) return mode;
    return std::nullopt;
}

std::string_view print(Verdict verdict) {
    static constexpr std::array names = {"start", "printed", "go_on", "cancel", "strike_out", "pay_and_close", "end_text", "wait", "person"};
    return names.at(static_cast<std::size_t>(verdict));
}

Money total_of(const std::vector<Step>& plan) {
    Money total;
    for (const Step& step : plan) {
        if (step.kind == StepKind::sale) total += step.amount;
        if (step.kind == StepKind::strike) total -= step.amount;
    }
    return total;
}

std::map<TenderKind, Money> day_change(const std::vector<Step>& plan) {
    std::map<TenderKind, Money> change;
    Money due = total_of(plan);
    for (const Step& step : plan) {
        if (step.kind != StepKind::pay) continue;
        const Money taken = step.tender.amount.is_zero() ? due : std::min(step.tender.amount, due);  // nothing named = the rest
        change[step.tender.with] += taken;
        due -= taken;
    }
    return change;
}

namespace {

bool is_sum(const Step& step) { return step.kind == StepKind::sale || step.kind == StepKind::strike; }

/// Index of the first step behind the first `items` sales, or nothing where they do not come to `amount`.
std::optional<std::size_t> behind_sales(const std::vector<Step>& plan, std::int64_t items, Money amount) {
    Money sum;
    std::int64_t count = 0;
    std::size_t behind = 1;  // the opening
    for (std::size_t i = 0; i < plan.size() && count < items; ++i) {
        if (!is_sum(plan[i])) continue;
        sum += plan[i].kind == StepKind::sale ? plan[i].amount : -plan[i].amount;
        ++count;
        behind = i + 1;
    }
    if (count != items || sum != amount) return std::nullopt;
    return behind;
}

bool raised_by(const DaySums& before, const DaySums& now, const std::map<TenderKind, Money>& change) {
    for (const auto& [tender, sum] : now.paid) {
        const auto was = before.paid.find(tender);
        const auto by = change.find(tender);
        if (sum - (was == before.paid.end() ? Money{} : was->second) != (by == change.end() ? Money{} : by->second)) return false;
    }
    return !now.paid.empty();
}

Decision closed(const Evidence& evidence, const Holding& now) {
    const auto& before = evidence.before;
    if (now.counter == before.counter && now.day.paid == before.day.paid) return {Verdict::start, 0, {}, false, "The printer has printed nothing since."};
    if (evidence.journal_names_it) return {Verdict::printed, 0, {}, false, "The printer's journal has the receipt."};
    if (now.counter != before.counter + 1)
        return {Verdict::person,
                0,
                {},
                true,
                fmt::format("The printer has printed {} documents since, not one: somebody else used it.", now.counter - before.counter)};
    const auto change = day_change(evidence.plan);
    const bool unchanged = now.day.paid == before.day.paid;
    const bool ours = raised_by(before.day, now.day, change) && now.amount == total_of(evidence.plan);
    // Where the device tells of cash alone, a receipt paid by card leaves no trace in its sums.
    if (ours && (evidence.counts_all_tenders || !unchanged)) return {Verdict::printed, 0, {}, false, "The printer's day was raised by this receipt."};
    if (unchanged && evidence.cancel_sent && evidence.counts_all_tenders) return {Verdict::start, 0, {}, false, "The receipt was cancelled."};
    if (unchanged && evidence.cancel_sent && now.paid.is_zero()) return {Verdict::start, 0, {}, false, "The receipt was cancelled."};
    if (unchanged)
        return {Verdict::person,
                0,
                {},
                true,
                "The printer has printed one document more, and its day's sums are as they were: it may have been cancelled by hand."};
    return {Verdict::person, 0, {}, true, "The printer's day was raised by another amount than this receipt's."};
}

Decision open_receipt(const Evidence& evidence, const Holding& now) {
    const auto& plan = evidence.plan;
    const Money total = total_of(plan);
    const bool ours = now.amount == total;
    if (now.paid.is_zero()) {
        const auto behind = behind_sales(plan, now.items, now.amount);
        if (behind && (evidence.same_session || evidence.mode != Mode::asynchronous || !evidence.can_cancel))
            return {Verdict::go_on, *behind, {}, false, fmt::format("The printer holds the first {} lines.", now.items)};
        if (evidence.can_cancel) return {Verdict::cancel, 0, {}, false, behind ? "A part of the receipt is printed." : "The open receipt is another one."};
        return {Verdict::strike_out, 0, now.amount, true, "The printer holds other lines than the receipt, and cannot cancel."};
    }
    // Paid in part or whole: there is no way back.
    Money paid;
    for (std::size_t i = 0; ours && i < plan.size(); ++i) {
        if (plan[i].kind != StepKind::pay) continue;
        paid += plan[i].tender.amount.is_zero() ? total - paid : plan[i].tender.amount;
        if (paid == now.paid) return {Verdict::go_on, i + 1, {}, false, "The receipt is paid up to there."};
    }
    const Money rest = now.paid < now.amount ? now.amount - now.paid : Money{};
    return {Verdict::pay_and_close, 0, rest, !ours, ours ? "The receipt is being paid." : "The receipt on the printer is another one, and it is being paid."};
}

}  // namespace

Decision decide(const Evidence& evidence, const Holding& now) {
    if (now.open == Holding::Open::non_fiscal) return {Verdict::end_text, 0, {}, false, "A non-fiscal document is open on the printer."};
    if (evidence.sent < 0) {
        if (now.open == Holding::Open::fiscal)
            return {Verdict::wait, 0, {}, false, "A receipt is open on the printer that is not of this till: finish it there."};
        return {Verdict::start, 0, {}, false, "Nothing was sent yet."};
    }
    return now.open == Holding::Open::fiscal ? open_receipt(evidence, now) : closed(evidence, now);
}

std::optional<bool> cash_was_moved(const DaySums& before, const DaySums& now, Money amount) {
    const Money in = now.cash_in - before.cash_in, out = now.cash_out - before.cash_out;
    if (in.is_zero() && out.is_zero()) return false;
    if (amount > Money{} ? (in == amount && out.is_zero()) : (out == -amount && in.is_zero())) return true;
    return std::nullopt;
}

bool day_was_closed(const Holding& before, const Holding& now) {
    if (now.closures > before.closures) return true;
    // Within a day sums only grow.
    if (now.day.cash_in < before.day.cash_in || now.day.cash_out < before.day.cash_out) return true;
    return std::any_of(before.day.paid.begin(), before.day.paid.end(), [&](const auto& sum) {
        const auto is = now.day.paid.find(sum.first);
        return is != now.day.paid.end() && is->second < sum.second;
    });
}

}  // namespace paprsek::fiscal
