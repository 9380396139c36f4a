#include "ui/till/desk.h"

#include "fiscal/service.h"
#include "node/base/error.h"
#include "node/printing.h"
#include "ui/till/printer_watch.h"

namespace paprsek::ui {

Desk::Desk(node::Node& branch, node::Till& session)
    : node(branch), till(session), words(branch.info().currency, branch.info().locale, branch.zone()), background(branch.folder()),
      printer_answers(std::make_shared<PrinterAnswers>()) {
    select_last_line();
}

void Desk::guarded(const std::function<void()>& work) {
    try {
        work();
    } catch (const node::Error& error) {
        toasts.show(Tone::danger, Icon::warning, error.hint().empty() ? error.why() : error.why() + ". " + error.hint());
    } catch (const node::Overflow&) {
        toasts.show(Tone::danger, Icon::warning, tr("That amount is too large."));
    }
}

node::Outcome Desk::run(const std::function<node::Outcome()>& command, bool& well) {
    node::Outcome outcome;
    guarded([&] {
        outcome = command();
        well = outcome.ok();
    });
    if (well && !outcome.message.empty()) toasts.show(Tone::accent, Icon::info_circle, outcome.message);
    selected_line = std::min(selected_line, static_cast<int>(view().lines.size()) - 1);
    return outcome;
}

bool Desk::act(const std::function<node::Outcome()>& command) {
    bool well = false;
    const node::Outcome outcome = run(command, well);
    if (!outcome.ok()) toasts.show(Tone::danger, Icon::exclamation, outcome.message);
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
    if (!outcome.ok()) toasts.show(Tone::danger, Icon::exclamation, outcome.message);
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
