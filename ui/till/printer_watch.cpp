#include "ui/till/printer_watch.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "node/base/text.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

using fiscal::Fault;
using fiscal::PrinterNews;
using fiscal::PrinterState;
using fiscal::Wish;
using Line = PrinterState::Line;

const char* fault_words(Fault fault) {
    switch (fault) {
        case Fault::paper_out: return tr("The printer is out of paper");
        case Fault::paper_low: return tr("The printer's paper is running out");
        case Fault::cover_open: return tr("The printer's cover is open");
        case Fault::memory_full: return tr("The printer's memory is full");
        case Fault::memory_near_full: return tr("The printer's memory is nearly full");
        case Fault::memory_error: return tr("The printer's memory has a fault");
        case Fault::clock_not_set: return tr("The printer's clock is not set");
        case Fault::not_fiscal: return tr("The printer is not registered with the tax office");
        case Fault::mechanism: return tr("The printer's mechanism is stuck");
        case Fault::day_too_long: return tr("The printer wants its daily Z report");
        case Fault::locked: return tr("The printer is locked");
    }
    return "";
}

/// Without what is advised to those who work with commands: "…: see paprsek device NODE pending."
std::string without_commands(std::string text) {
    static constexpr std::pair<std::string_view, char> advice[] = {{" (paprsek ", ')'}, {": see paprsek ", '.'}};
    for (const auto& [begins, ends] : advice) {
        const std::size_t at = text.find(begins), end = text.find(ends, at == std::string::npos ? 0 : at + begins.size());
        if (at != std::string::npos && end != std::string::npos) text.erase(at, end - at + (ends == ')' ? 1 : 0));
    }
    return text;
}

void tell_trouble(Desk& desk, const PrinterNews& news) {
    const PrinterState state = desk.printer->state();
    const bool away = state.line == Line::away && state.faults.empty();
    std::string text = !state.faults.empty() ? std::string(fault_words(state.faults.front())) + "." : driver_sentence(news.why);
    if (away) text = tr("The printer does not answer.");
    if (state.forbidden) desk.toasts.show(Tone::danger, Icon::ban, text);
    else desk.toasts.show(Tone::danger, Icon::print, text + " " + tr("You can go on selling; receipts wait for it."));
}

/// A slip that somebody asked for, and the printer cannot.
void tell_waits(Desk& desk, const PrinterNews& news) {
    const PrinterState state = desk.printer->state();
    const std::string why = state.line == Line::away ? std::string(tr("The printer does not answer.")) : driver_sentence(news.why);
    desk.toasts.show(Tone::warn, Icon::print, why + " " + tr("The slip waits, and is printed by itself."));
}

void tell_done(Desk& desk, PrinterAnswers& answers, const PrinterNews& news) {
    switch (news.wish) {
        case Wish::test_page: desk.toasts.show(Tone::go, Icon::print, tr("The test page is printed.")); break;
        case Wish::clock: desk.toasts.show(Tone::go, Icon::clock, tr("The printer's clock is set.")); break;
        case Wish::resolve: desk.toasts.show(Tone::go, Icon::check, tr("Noted.")); break;
        case Wish::report_x:
        case Wish::report_z:
            answers.report = news.report;
            answers.z = news.wish == Wish::report_z;
            break;
        case Wish::collect:
            if (news.collected.seq == 0) desk.toasts.show(Tone::neutral, Icon::inbox, tr("Nothing was sold on the register itself."));
            else
                desk.toasts.show(Tone::go, Icon::inbox, fill_in(tr("Collected: {} as receipt {}"),
                                                               {desk.words.money(news.collected.total), news.collected.number}));
            break;
        case Wish::find:
            answers.looked = news.looked;
            answers.looking = false;
            break;
        case Wish::slip: desk.toasts.show(Tone::go, Icon::print, tr("The slip is printed.")); break;
        case Wish::drawer: desk.toasts.show(Tone::go, Icon::inbox, tr("The drawer is open.")); break;
        case Wish::look:
        case Wish::drop_slips: break;
    }
}

}  // namespace

std::string driver_sentence(const std::string& sentence) {
    const std::string english = without_commands(sentence);
    const std::string whole = say(english);
    if (whole != english) return whole;
    // Two sentences, one after the other: what is wrong, and what follows from it.
    const std::size_t end = english.find(". ");
    return end == std::string::npos ? whole : say(english.substr(0, end + 1)) + " " + driver_sentence(english.substr(end + 2));
}

std::string line_reason(const std::string& why, const std::string& address) {
    const std::string named = address + ": ";
    const std::size_t at = address.empty() ? std::string::npos : why.find(named);
    if (at == std::string::npos) return driver_sentence(why);
    std::string reason = why.substr(at + named.size());
    reason.resize(std::min(reason.size(), reason.find(" (")));  // what to do about it stands above
    while (reason.ends_with('.') || reason.ends_with(')')) reason.pop_back();
    return node::with_capital(say(reason)) + ".";
}

bool take_printer_news(Desk& desk) {
    if (desk.printer == nullptr) return false;
    const auto all = desk.printer->take_news();
    PrinterAnswers& answers = *desk.printer_answers;
    for (const PrinterNews& news : all) {
        ++answers.told;
        switch (news.kind) {
            case PrinterNews::Kind::trouble: tell_trouble(desk, news); break;
            case PrinterNews::Kind::mended: desk.toasts.show(Tone::go, Icon::print, tr("The printer is ready again.")); break;
            case PrinterNews::Kind::person:
                desk.toasts.show(Tone::warn, Icon::print, tr("A receipt needs your word: was it printed? See Printer in the menu."));
                break;
            case PrinterNews::Kind::waits: tell_waits(desk, news); break;
            case PrinterNews::Kind::done: tell_done(desk, answers, news); break;
            case PrinterNews::Kind::not_done:
                answers.looking = answers.looking && news.wish != Wish::find;
                if (desk.printer->state().line == Line::away) desk.toasts.show(Tone::danger, Icon::plug, tr("The printer does not answer."));
                else desk.toasts.show(Tone::danger, Icon::print, driver_sentence(news.why));
                break;
        }
    }
    if (!all.empty()) desk.refresh_status();
    return !all.empty();
}

PrinterWords printer_words(const Desk& desk) {
    if (desk.printer == nullptr) return {Icon::print, Tone::neutral, tr("Receipts on the screen")};
    const PrinterState state = desk.printer->state();
    const NodeStatus& status = desk.status;
    if (state.line == Line::none) return {Icon::print, Tone::neutral, tr("Receipts on the screen")};
    if (status.prints_for_person > 0)
        return {Icon::exclamation, Tone::danger, fill_in(tr("Printer: {} need your word"), {desk.words.count(status.prints_for_person)})};
    std::string waits;
    const std::int64_t all = status.prints_pending + static_cast<std::int64_t>(state.slips);
    if (all > 0) {
        waits = fill_in(tr(" · {} wait"), {desk.words.count(all)});
        if (status.prints_since) waits += fill_in(tr(", oldest {}"), {format_age((desk.node.clock().now().ms - status.prints_since->ms) / 1000)});
    }
    if (state.line == Line::asking) return {Icon::print, Tone::neutral, tr("Looking for the printer…") + waits};
    if (state.line == Line::elsewhere) return {Icon::print, Tone::warn, tr("Another program drives the printer") + waits};
    if (state.line == Line::away) return {Icon::plug, Tone::danger, tr("The printer does not answer") + waits};
    if (state.forbidden) return {Icon::ban, Tone::danger, tr("Printer: no selling, see Menu")};
    if (!state.faults.empty()) return {Icon::print, Tone::danger, fault_words(state.faults.front()) + waits};
    if (state.busy || status.prints_pending > 0) return {Icon::print, Tone::accent, tr("Printing…") + (status.prints_pending > 1 ? waits : std::string())};
    if (!state.warnings.empty()) return {Icon::print, Tone::warn, fault_words(state.warnings.front())};
    return {Icon::print, Tone::go, tr("Printer ready")};
}

Tone printer_tone(const PrinterState& state) {
    if (state.line == Line::none || state.line == Line::asking) return Tone::neutral;
    if (state.line == Line::elsewhere) return Tone::warn;
    if (!state.ready()) return Tone::danger;
    return state.warnings.empty() ? Tone::go : Tone::warn;
}

std::string printer_title(const PrinterState& state) {
    switch (state.line) {
        case Line::none: return tr("No printer");
        case Line::asking: return tr("Looking…");
        case Line::elsewhere: return tr("In use elsewhere");
        case Line::away: return tr("Does not answer");
        case Line::connected: break;
    }
    if (state.forbidden) return tr("Not to be sold with");
    if (!state.faults.empty()) return tr("Needs you");
    return tr("Ready");
}

std::string printer_sentence(const PrinterState& state) {
    if (state.line == Line::none) return tr("Receipts are shown on the screen. Press S to set a printer up.");
    if (state.line == Line::asking) return tr("It is being asked how it is.");
    if (state.line == Line::elsewhere) return tr("Another program drives it just now. What is due waits until that one is done.");
    if (state.line == Line::away) return tr("Check its cable and its switch. You can go on selling; receipts wait for it.");
    if (state.forbidden) return driver_sentence(state.why);
    if (!state.faults.empty()) return std::string(fault_words(state.faults.front())) + ". " + tr("Printing goes on by itself once it is seen to.");
    if (!state.warnings.empty()) return std::string(fault_words(state.warnings.front())) + ".";
    return tr("Receipts are printed by themselves.");
}

std::string mode_words(fiscal::Mode mode) {
    switch (mode) {
        case fiscal::Mode::asynchronous: return tr("Whole receipt after payment");
        case fiscal::Mode::synchronous: return tr("Each line as it is rung up");
        case fiscal::Mode::ecr: return tr("Register of its own (ECR)");
    }
    return "";
}

}  // namespace paprsek::ui
