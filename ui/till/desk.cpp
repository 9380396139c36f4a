#include "ui/till/desk.h"

#include <algorithm>

#include "fiscal/service.h"
#include "node/base/error.h"
#include "node/cashbook.h"
#include "node/printing.h"
#include "ui/faults.h"
#include "ui/sentences.h"
#include "ui/till/exchange_watch.h"
#include "ui/till/printer_watch.h"

namespace paprsek::ui {

Desk::Desk(node::Node& branch, node::Till& session, const Settings& own)
    : node(branch), till(session), words(branch.info().currency, branch.info().locale, branch.zone()), background(branch.folder()),
      printer_answers(std::make_shared<PrinterAnswers>()), exchange(std::make_shared<ExchangeJob>()), settings(own), policy_(branch.policy()) {
    apply_settings();
    select_last_line();
}

void Desk::apply_settings() {
    set_language(settings.language.empty() ? node.info().locale : settings.language);
    words = Words(node.info().currency, language(), node.zone());
    sounds.set_on(settings.sound);
    set_keymap(settings.keys);
}

void Desk::set_settings(const Settings& wanted) {
    settings = wanted;
    settings_changed_ = true;
    apply_settings();
    guarded([&] { save_settings(node.folder(), settings); });
}

bool Desk::may_make_product(int line) const {
    const auto& lines = view().lines;
    return !status.hq_name && line >= 0 && line < static_cast<int>(lines.size()) && lines[static_cast<std::size_t>(line)].unknown;
}

void Desk::make_product(int line) {
    new_product = view().lines[static_cast<std::size_t>(line)].line.code;
    open(PanelName::product);
}

void Desk::guarded(const std::function<void()>& work) {
    try {
        work();
    } catch (const node::Error& error) {
        toasts.show(Tone::danger, Icon::warning, refusal_text({}, error.why(), error.hint()));
    } catch (const node::Overflow&) {
        toasts.show(Tone::danger, Icon::warning, tr("That amount is too large."));
    }
}

node::Outcome Desk::run(const std::function<node::Outcome()>& command, bool& well) {
    node::Outcome outcome;
    const std::string customer_before = view().customer ? view().customer->id : std::string();
    guarded([&] {
        outcome = command();
        well = outcome.ok();
    });
    const auto& customer = view().customer;
    if (well && customer && customer->is_new && customer->id != customer_before && node.policy().alert_new_customer)
        toasts.show(Tone::warn, Icon::bell, fill_in(tr("A new customer: {}"), {customer->shown}));
    if (well && !outcome.message.empty()) toasts.show(Tone::accent, Icon::info_circle, say(outcome.message));
    selected_line = std::min(selected_line, static_cast<int>(view().lines.size()) - 1);
    return outcome;
}

void Desk::refuse(const node::Outcome& outcome) {
    if (outcome.ok()) return;
    sounds.play(outcome.refusal == node::Refusal::unknown_code ? Sound::unknown : Sound::refused);
    toasts.show(Tone::danger, Icon::exclamation, say(outcome.message));
}

std::optional<std::string> Desk::subject_of(PanelName panel) const {
    if (panel == PanelName::product) return new_product.empty() ? std::optional(product) : std::nullopt;
    if (panel == PanelName::person) return new_card.empty() ? std::optional(subject) : std::nullopt;
    return std::string();
}

bool Desk::act(const std::function<node::Outcome()>& command) {
    bool well = false;
    const node::Outcome outcome = run(command, well);
    refuse(outcome);
    return well;
}

void Desk::sold(node::Booked paid) {
    booked = std::move(paid);
    selected_line = -1;
    code.clear();
    toasts.forget_refusals();
    if (!booked->fact.loan.is_zero()) tell_short_drawer();
    if (printer != nullptr) printer->paid(*booked);
    refresh_status();
}

std::string Desk::take_multiplier() {
    std::string typed = code.text();
    if (!typed.ends_with('*')) return {};
    code.clear();
    return typed;
}

/// A loan was handed out that is not there by the books.
void Desk::tell_short_drawer() {
    guarded([&] {
        const node::Money left = node::drawer(node.database());
        if (left < node::Money{}) toasts.show(Tone::warn, Icon::warning, fill_in(tr("The drawer should hold {} now."), {words.money(left)}));
    });
}

void Desk::acted(bool drawer) {
    if (printer == nullptr) return;
    printer->print_due();
    if (drawer) printer->open_drawer();
    refresh_status();
}

bool Desk::act(std::function<node::Outcome()> command, std::function<void()> done) {
    bool well = false;
    const node::Outcome outcome = run(command, well);
    if (outcome.refusal == node::Refusal::not_permitted && outcome.permission) {
        pending_ = {[this, command = std::move(command), done = std::move(done)] { act(command, done); }, *outcome.permission, outcome.message};
        return false;
    }
    refuse(outcome);
    if (well && done) done();
    return well;
}

std::function<std::string(std::int64_t)> Desk::file_times() const {
    return [this](std::int64_t unix_seconds) { return words.date_time(node::Instant{unix_seconds * 1000}); };
}

void Desk::tell_busy() { toasts.show(Tone::warn, Icon::clock, tr("Something is still being done: wait until it is.")); }

void Desk::act_beside(std::string doing, Beside::Command command, std::function<void()> done, bool may_stop) {
    if (beside_.running()) {
        tell_busy();
        return;
    }
    const auto begun = till.hands();
    Beside::Job job{.doing = doing, .may_stop = may_stop, .command = command, .ended = {}, .threw = [this] { refresh_status(); }};
    job.ended = [this, doing = std::move(doing), command = std::move(command), done = std::move(done), may_stop, begun](const node::Outcome& outcome,
                                                                                                                      node::Till::Hands left) {
        const bool same = till.hands() == begun;
        take_left(begun, std::move(left));
        if (same && outcome.refusal == node::Refusal::not_permitted && outcome.permission) {
            pending_ = {[this, doing, command, done, may_stop] { act_beside(doing, command, done, may_stop); }, *outcome.permission, outcome.message, doing};
            return;
        }
        bool well = false;
        run(
            [&] {
                if (outcome.ok()) till.refresh();
                return outcome;
            },
            well);
        refuse(outcome);
        refresh_status();
        if (well && done) done();
    };
    beside_.begin(node.folder(), till.hands(), std::move(job));
}

/// Somebody else may have come meanwhile, or something was lent: then only what was used up is gone.
void Desk::take_left(const node::Till::Hands& begun, node::Till::Hands left) {
    node::Till::Hands now = till.hands();
    if (now == begun) return till.take_hands(std::move(left));
    for (const node::Approval& lent : begun.lent) {
        if (std::count(left.lent.begin(), left.lent.end(), lent) >= std::count(now.lent.begin(), now.lent.end(), lent)) continue;
        now.lent.erase(std::find(now.lent.begin(), now.lent.end(), lent));
    }
    till.take_hands(std::move(now));
}

bool Desk::follow_beside() {
    bool ended = false;
    for (Beside* each : {&beside_, &check_}) {
        bool one = true;  // also where it threw
        guarded([&] { one = each->follow(); });
        ended = ended || one;
    }
    return ended;
}

bool Desk::follow_receipt(double now) {
    if (!till.keeping() && !tone_) return false;
    constexpr double patience = 1;  // seconds: a disk takes some hundredths
    bool kept = false, failed = true;
    guarded([&] {
        kept = till.kept();
        failed = false;
    });
    if (failed) {
        selected_line = std::min(selected_line, static_cast<int>(view().lines.size()) - 1);
        tone_ = Sound::refused;
    }
    if (kept || failed) {
        if (tone_) sounds.play(*std::exchange(tone_, std::nullopt));
        keeping_since_.reset();
        slow_told_ = false;
        return failed;
    }
    if (!keeping_since_) keeping_since_ = now;
    if (slow_told_ || now - *keeping_since_ < patience) return false;
    slow_told_ = true;
    toasts.show(Tone::warn, Icon::clock, tr("The disk is slow: what is on the receipt is not saved yet."));
    return true;
}

void Desk::check(Beside::Command command, std::function<void(const node::Outcome&, node::Till::Hands)> ended) {
    check_.begin(node.folder(), till.hands(), {.doing = {}, .command = std::move(command), .ended = std::move(ended), .threw = {}});
}

void Desk::log_in(const node::Credential& credential, Told told) {
    if (!credential.badge.empty()) {
        guarded([&] { told(till.log_in_cashier(credential)); });
        return;
    }
    check([credential](node::Till& session, node::Node&, Progress&) { return session.log_in_cashier(credential); },
          [this, told = std::move(told)](const node::Outcome& outcome, node::Till::Hands left) {
              till.take_hands(std::move(left));
              told(outcome);
          });
}

void Desk::approve(const node::Credential& credential, Told told) {
    if (!pending_) return;
    if (!credential.badge.empty()) {
        node::Outcome outcome;
        bool well = false;
        outcome = run([&] { return till.approve(credential, pending_->permission); }, well);
        told(outcome);
        if (well) approved();
        return;
    }
    check([credential, permission = pending_->permission](node::Till& session, node::Node&, Progress&) { return session.approve(credential, permission); },
          [this, told = std::move(told)](const node::Outcome& outcome, node::Till::Hands left) {
              if (!pending_) return;  // given up meanwhile: nothing is lent
              till.take_hands(std::move(left));
              told(outcome);
              if (outcome.ok()) approved();
          });
}

/// It may need a second permission, and then it waits again.
void Desk::approved() {
    const Pending pending = *std::exchange(pending_, std::nullopt);
    pending.again();
}

bool Desk::refresh_status() {
    NodeStatus now;
    std::int64_t head = head_seen_;
    guarded([&] {
        node.policy();
        head = node.ledger().head().seq;
        const node::HqReceipt receipt = node.hq_receipt();
        const node::StateCursor state = node.state_cursor();
        now.facts = head;
        now.unsent = head - receipt.seq;
        now.receipt_at = receipt.at;
        now.state_version = state.version;
        now.state_at = state.at;
        if (const auto enrolment = node.enrolment()) now.hq_name = enrolment->hq_name;
        const node::PendingPrints prints = node::pending_prints(node.database());
        now.prints_pending = prints.all();
        now.prints_for_person = prints.person;
        if (prints.all() > 0) now.prints_since = fiscal::pending_since(node);
        // The first unsent fact only moves when a receipt comes or the first new fact is booked.
        if (now.unsent == 0) now.unsent_since.reset();
        else if (status.unsent_since && status.receipt_at == now.receipt_at) now.unsent_since = status.unsent_since;
        else if (const auto first = node.ledger().fact(receipt.seq + 1)) now.unsent_since = node::Instant{first->at};
    });
    // Another process (the agent, an import) brought state or booked on this ledger.
    const bool from_outside = now.state_version != status.state_version && head_seen_ >= 0;
    head_seen_ = head;
    if (now == status) return false;
    status = now;
    if (from_outside) guarded([&] { till.refresh(); });
    return true;
}

}  // namespace paprsek::ui
