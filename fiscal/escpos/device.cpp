#include "fiscal/escpos/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

constexpr int answer_ms = 700, write_ms = 30'000, recover_ms = 1'000, line_ms = 100;
constexpr std::size_t chunk = 512;  ///< written at once, so that a printer that stops is noticed within one

Reply printer_cannot(std::string what) { return {Answer::refused, "A receipt printer " + std::move(what) + "."}; }

/// 0xx1xx10: what answers 10 04 n. Anything else on the line is somebody else's.
bool is_status(unsigned char byte) { return (byte & 0x93) == 0x12; }
/// 0xx0xx00: what answers 1D 72.
bool is_queued_status(unsigned char byte) { return (byte & 0x90) == 0x00; }

}  // namespace

EscposDevice::EscposDevice(EscposOptions options) : options_(std::move(options)) {
    assert(options_.model && options_.open);
    options_.form.columns = options_.model->columns;
    options_.silent = options_.silent || options_.address.starts_with("cups:");
    identity_.model = options_.model->shown;
}

Reply EscposDevice::lost(const std::string& why, Answer answer) {
    line_.reset();  // what comes late over a new line cannot be taken for an answer
    return {answer, why};
}

Reply EscposDevice::connect() {
    line_.reset();
    try {
        line_ = options_.open();
        if (options_.silent) return {};
        drain();
        if (ask(1)) return {};
    } catch (const LinkLost& error) {
        return lost(fmt::format("The printer is not there: {}.", error.what()), Answer::not_ready);
    } catch (const node::Error& error) {
        if (error.exit() == node::Exit::usage) throw;
        return lost(fmt::format("The printer is not there: {}", error.what()), Answer::not_ready);
    }
    return lost(fmt::format("The printer at {} does not answer: is it switched on? One that never answers is set up as silent.", options_.address),
                Answer::not_ready);
}

void EscposDevice::drain() {
    std::array<unsigned char, 256> junk{};
    for (int i = 0; i < 100 && line_->read(junk, line_->now_ms()) > 0; ++i) continue;
}

std::optional<unsigned char> EscposDevice::ask(unsigned char number) {
    const std::int64_t deadline = line_->now_ms() + answer_ms;
    line_->write(Bytes{0x10, 0x04, number}, deadline);
    std::array<unsigned char, 1> byte{};
    while (line_->read(byte, deadline) > 0)
        if (is_status(byte[0])) return byte[0];
    return std::nullopt;
}

bool EscposDevice::read_status(Status& status, bool& cutter) {
    std::array<unsigned char, 5> answers{};
    for (unsigned char number = 1; number <= 4; ++number) {
        const auto answer = ask(number);
        if (!answer) return false;
        answers[number] = *answer;
    }
    const auto fault = [&](bool there, Fault what) {
        if (there) status.faults.push_back(what);
    };
    cutter = answers[3] & 0x08;
    const bool paper_out = answers[2] & 0x20 || answers[4] & 0x60, cover = answers[2] & 0x04;
    fault(paper_out, Fault::paper_out);
    fault(cover, Fault::cover_open);
    // Offline for no reason that it names, too.
    fault(cutter || answers[3] & 0x60 || (answers[2] & 0x40 && !paper_out && !cover) || (answers[1] & 0x08 && !paper_out && !cover && !cutter),
          Fault::mechanism);
    if (answers[4] & 0x0C && !paper_out) status.warnings.push_back(Fault::paper_low);
    return true;
}

Reply EscposDevice::status(Status& status) {
    status = {};
    if (!line_)
        if (Reply reply = connect(); !reply.ok()) return reply;
    if (options_.silent) return {};
    try {
        bool cutter = false;
        if (!read_status(status, cutter)) return lost("The printer does not answer.", Answer::not_ready);
    } catch (const LinkLost& error) {
        return lost(fmt::format("The line to the printer broke: {}.", error.what()), Answer::not_ready);
    }
    return {};
}

/// Everything up to here changes nothing on the paper, and may be done again.
Reply EscposDevice::send(ByteView bytes) {
    if (!line_)
        if (Reply reply = connect(); !reply.ok()) return reply;
    try {
        if (!options_.silent) {
            drain();
            Status status;
            bool cutter = false;
            if (!read_status(status, cutter)) return lost("The printer does not answer.", Answer::not_ready);
            if (cutter) {
                // A cutter that stuck goes on after this; what the printer still held is dropped, and nothing of ours is among it.
                line_->write(Bytes{0x10, 0x05, 0x02}, line_->now_ms() + answer_ms);
                line_->pause(recover_ms);
                status = {};
                if (!read_status(status, cutter)) return lost("The printer does not answer.", Answer::not_ready);
            }
            if (!status.ready()) return {Answer::not_ready, sentence(status.faults.front())};
        }
    } catch (const LinkLost& error) {
        return lost(fmt::format("The line to the printer broke: {}.", error.what()), Answer::not_ready);
    }
    try {
        // A long document takes its time.
        const int patience_ms = line_ms * static_cast<int>(std::count(bytes.begin(), bytes.end(), 0x0A));
        // A spooler takes the document whole.
        const std::size_t step = options_.silent ? bytes.size() : chunk;
        for (std::size_t at = 0; at < bytes.size(); at += step) line_->write(bytes.substr(at, step), line_->now_ms() + write_ms + patience_ms);
        return fence(patience_ms);
    } catch (const LinkLost& error) {
        return lost(fmt::format("The line to the printer broke while it was printing: {}.", error.what()));
    }
}

/// Waits until the printer has done all that it was sent.
Reply EscposDevice::fence(int patience_ms) {
    if (options_.silent) return {};
    const EscposModel& model = *options_.model;
    if (model.fence == Fence::none) {
        Status status;
        bool cutter = false;
        if (!read_status(status, cutter)) return lost("The printer was sent everything, and does not answer.");
        if (!status.ready()) return lost(sentence(status.faults.front()) + " It was in the middle of printing.");
        return {};
    }
    Bytes wanted;
    if (model.fence == Fence::process_id) {
        // Four letters that are this document's alone.
        ++fences_;
        Bytes mark;
        for (unsigned rest = fences_, i = 0; i < 4; ++i, rest /= 64) mark += static_cast<unsigned char>(0x21 + rest % 64);
        line_->write(Bytes{0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30} + mark, line_->now_ms() + write_ms);
        wanted = Bytes{0x37, 0x22} + mark + Bytes{0x00};
    } else {
        line_->write(Bytes{0x1D, 0x72, 0x01}, line_->now_ms() + write_ms);
    }
    const std::int64_t deadline = line_->now_ms() + model.fence_ms + patience_ms;
    Bytes seen;
    std::array<unsigned char, 64> bytes{};
    for (std::size_t count = line_->read(bytes, deadline); count > 0; count = line_->read(bytes, deadline)) {
        seen.append(bytes.data(), count);
        if (wanted.empty() ? std::any_of(seen.begin(), seen.end(), is_queued_status) : seen.find(wanted) != Bytes::npos) return {};
        if (seen.size() > 4096) seen.erase(0, seen.size() - wanted.size());
    }
    Status status;
    bool cutter = false;
    if (read_status(status, cutter) && !status.ready()) return lost(sentence(status.faults.front()) + " It was in the middle of printing.");
    return lost("The printer was sent everything, and does not say that it is printed.");
}

std::optional<std::string> EscposDevice::unfit(const Receipt& receipt) const {
    if (!node::parse_node_name(std::string_view(receipt.number).substr(0, receipt.number.find('-')))) return "The receipt has no number.";
    return std::nullopt;
}

std::vector<Step> EscposDevice::plan(const Receipt&) const {
    Step step;
    step.kind = StepKind::document;
    return {step};
}

Reply EscposDevice::perform(const Step& step, const Receipt& receipt) {
    if (step.kind != StepKind::document) return printer_cannot("prints a receipt at once, not in steps");
    return print(lay_out(receipt, options_.form));
}

Reply EscposDevice::print(const Slip& slip) { return send(escpos_bytes(slip, *options_.model)); }

Reply EscposDevice::cancel() { return printer_cannot("cannot take back what is on the paper"); }
Reply EscposDevice::holding(Holding& holding) {
    holding = {};
    return printer_cannot("does not remember what it has printed");
}
Reply EscposDevice::vat_rates(std::vector<std::optional<node::Rate>>& rates) {
    rates.clear();
    return printer_cannot("has no VAT letters");
}
Reply EscposDevice::clock(std::int64_t& local_seconds) {
    local_seconds = 0;
    return printer_cannot("has no clock");
}
Reply EscposDevice::set_clock(std::int64_t) { return printer_cannot("has no clock"); }
Reply EscposDevice::report(ReportKind, DayReport& report) {
    report = {};
    return printer_cannot("keeps no day");
}
Reply EscposDevice::move_cash(node::Money) { return printer_cannot("counts no cash"); }
Reply EscposDevice::display(const std::string&, const std::string&) { return printer_cannot("has no customer display"); }

Reply EscposDevice::open_drawer() {
    if (!options_.model->drawer) return printer_cannot("of this model opens no drawer");
    return send(drawer_pulse(100, options_.second_drawer));
}

Reply EscposDevice::test_page() { return print(escpos_test_page(*options_.model)); }

Slip escpos_test_page(const EscposModel& model) {
    Roll roll(model.columns);
    roll.centre("Paprsek", {true, 2, 2});
    roll.centre(model.shown);
    roll.rule();
    roll.pair("escpos", model.name);
    roll.pair("columns", std::to_string(model.columns));
    for (const EscposModel::Page& page : model.pages)
        if (!page.page.empty()) roll.pair(page.page, std::to_string(page.number));
    roll.rule();
    roll.left("Příliš žluťoučký kůň úpěl ďábelské ódy");
    roll.left("PŘÍLIŠ ŽLUŤOUČKÝ KŮŇ ÚPĚL ĎÁBELSKÉ ÓDY");
    roll.left("Gheața își măsoară vârsta în țări; ĂÂÎȘȚ");
    roll.left("1 234,50 Kč  5 €  12,90 lei");
    roll.left("bold", {true, 1, 1});
    roll.left("large", {false, 2, 2});
    std::string ruler;
    for (int i = 1; i <= model.columns; ++i) ruler += static_cast<char>('0' + i % 10);
    roll.left(ruler);
    roll.code(SymbolKind::code128, "0123456789");
    roll.code(SymbolKind::qr, "PAPRSEK");
    return roll.take();
}

}  // namespace paprsek::fiscal
