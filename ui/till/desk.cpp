#include "ui/till/desk.h"

#include "fiscal/service.h"
#include "node/base/error.h"
#include "node/printing.h"
#include "ui/faults.h"
#include "ui/sentences.h"
#include "ui/till/exchange_watch.h"
#include "ui/till/printer_watch.h"

namespace paprsek::ui {

Desk::Desk(node::Node& branch, node::Till& session, const Settings& own)
    : node(branch), till(session), words(branch.info().currency, branch.info().locale, branch.zone()), background(branch.folder()),
      printer_answers(std::make_shared<PrinterAnswers>()), exchange(std::make_shared<ExchangeJob>()), settings(own) {
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

bool Desk::act(const std::function<node::Outcome()>& command) {
    bool well = false;
    const node::Outcome outcome = run(command, well);
    refuse(outcome);
    return well;
}

void Desk::sold(node::Booked paid) {
    booked = std::move(paid);
    selected_line = -1;
    if (printer != nullptr) printer->paid(*booked);
    refresh_status();
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
        pending_ = {std::move(command), std::move(done), *outcome.permission, outcome.message};
        return false;
    }
    refuse(outcome);
    if (well && done) done();
    return well;
}

node::Outcome Desk::approve(const node::Credential& credential) {
    if (!pending_) return {};
    bool well = false;
    node::Outcome outcome = run([&] { return till.approve(credential, pending_->permission); }, well);
    if (!well) return outcome;
    // It may need a second permission, and then it waits again.
    const Pending approved = *std::exchange(pending_, std::nullopt);
    act(approved.command, approved.done);
    return {};
}

bool Desk::refresh_status() {
    NodeStatus now;
    std::int64_t head = head_seen_;
    guarded([&] {
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
