#include "fiscal/simulator/machine.h"

#include <fmt/format.h>

#include <algorithm>

#include "fiscal/datecs/fields.h"
#include "fiscal/text.h"

namespace paprsek::fiscal::simulator {
namespace {

constexpr std::array mishap_names = {"drop-request",   "drop-reply",     "double-reply", "late-reply",  "corrupt-reply", "busy",          "not-taken",
                                     "restart-before", "restart-after",  "paper-out",    "cover-open",  "memory-full",   "clock-not-set", "day-too-long",
                                     "noise",          "wrong-sequence", "by-hand",      "split-reply", "drop-line"};

const std::set<int> printing = {38, 39, 42, 48, 49, 51, 52, 53, 54, 56, 60, 70, 109};

}  // namespace

std::string_view print(Mishap mishap) { return mishap_names.at(static_cast<std::size_t>(mishap)); }

std::optional<Mishap> parse_mishap(std::string_view text) {
    const auto found = std::find(mishap_names.begin(), mishap_names.end(), text);
    if (found == mishap_names.end()) return std::nullopt;
    return static_cast<Mishap>(found - mishap_names.begin());
}

Machine::Machine(Settings settings, Memory memory, Behaviour behaviour)
    : register_(std::move(settings), std::move(memory)),
      behaviour_(behaviour),
      reader_(register_.settings().profile.dialect == Dialect::datecs_x ? datecs::Form::x : datecs::Form::classic, datecs::Reader::Side::device) {
    if (behaviour_.remembers_sequence && register_.memory().last_sequence >= 0) {
        last_request_ = datecs::Message{0, static_cast<unsigned char>(register_.memory().last_sequence), {}, {}};
        last_reply_ = encode(form(), {74, last_request_->sequence, {}, status({})});
    }
}

datecs::Form Machine::form() const { return register_.settings().profile.dialect == Dialect::datecs_x ? datecs::Form::x : datecs::Form::classic; }

void Machine::plan(std::int64_t at, Mishap mishap, int count) { planned_.emplace(at, std::pair(mishap, count)); }

void Machine::at_random(std::function<std::int64_t(std::int64_t)> draw, int per_mille) {
    draw_ = std::move(draw);
    per_mille_ = per_mille;
}

void Machine::say(const std::string& event) const {
    if (on_event) on_event(event);
}

std::string Machine::utf8(const std::string& text) const { return text_of_device(text, register_.settings().profile.encoding); }
std::string Machine::bytes(const std::string& text, std::size_t most) const { return device_text(text, register_.settings().profile.encoding, most); }

void Machine::out(const Bytes& bytes, std::int64_t at_ms) {
    for (const unsigned char byte : bytes) {
        // In order of time, and behind what leaves at the same time.
        const auto place = std::upper_bound(output_.begin(), output_.end(), at_ms, [](std::int64_t at, const auto& entry) { return at < entry.first; });
        output_.insert(place, {at_ms, byte});
    }
}

std::optional<std::int64_t> Machine::next_at() const { return output_.empty() ? std::nullopt : std::optional(output_.front().first); }

unsigned char Machine::send() {
    const unsigned char byte = output_.front().second;
    output_.pop_front();
    return byte;
}

void Machine::restart(std::int64_t now_ms) {
    say("switched off and on");
    output_.clear();
    reader_.forget();
    dead_until_ = now_ms + behaviour_.boot_ms;
    busy_until_ = dead_until_;
    not_taken_left_ = 0;
    if (!behaviour_.remembers_sequence) {
        last_request_.reset();
        last_reply_.clear();
    }
    register_.power_returned();
    if (on_change) on_change();
}

void Machine::receive(unsigned char byte, std::int64_t now_ms) {
    if (now_ms < dead_until_) return;
    reader_.feed({&byte, 1});
    while (const auto event = reader_.next()) {
        if (event->kind == datecs::Reader::Kind::message) {
            handle(event->message, now_ms);
        } else if (event->kind == datecs::Reader::Kind::damaged) {
            say("a frame that is damaged: NAK");
            out(Bytes(1, datecs::nak), std::max(now_ms, busy_until_) + 2);
        }
    }
}

std::vector<Mishap> Machine::mishaps_now(std::map<Mishap, int>& counts) {
    std::vector<Mishap> now;
    const auto [first, last] = planned_.equal_range(requests_);
    for (auto planned = first; planned != last; ++planned) {
        now.push_back(planned->second.first);
        counts[planned->second.first] = planned->second.second;
    }
    planned_.erase(first, last);
    if (draw_ && draw_(1000) < per_mille_) {
        now.push_back(static_cast<Mishap>(draw_(static_cast<std::int64_t>(mishap_names.size()))));
        counts[now.back()] = 3;
    }
    for (const Mishap mishap : now) say(fmt::format("mishap: {}", print(mishap)));
    return now;
}

void Machine::switches(Mishap mishap) {
    switch (mishap) {
        case Mishap::paper_out:
            register_.paper = false;
            break;
        case Mishap::cover_open:
            register_.cover = true;
            break;
        case Mishap::memory_full:
            register_.full = true;
            break;
        case Mishap::clock_not_set:
            register_.clock_set = false;
            break;
        case Mishap::day_too_long:
            register_.day_too_long = true;
            break;
        case Mishap::by_hand:
            register_.sell_by_hand(node::Money::of(777));
            break;
        default:
            break;
    }
}

void Machine::handle(const datecs::Message& request, std::int64_t now_ms) {
    if (not_taken_left_ > 0) {
        --not_taken_left_;
        out(Bytes(1, datecs::nak), now_ms + 2);
        return;
    }
    const bool again =
        last_request_ && last_request_->sequence == request.sequence && (!behaviour_.compares_command || last_request_->command == request.command);
    if (again && !last_reply_.empty()) {
        say(fmt::format("number {:02X} again: the last reply is repeated", request.sequence));
        out(last_reply_, std::max(now_ms, busy_until_) + 2);
        return;
    }
    ++requests_;
    std::map<Mishap, int> counts;
    const auto now = mishaps_now(counts);
    const auto happens = [&](Mishap mishap) { return std::find(now.begin(), now.end(), mishap) != now.end(); };
    for (const Mishap mishap : now) switches(mishap);
    if (happens(Mishap::drop_request)) return;
    if (happens(Mishap::drop_line)) {
        line_dropped_ = true;
        output_.clear();
        return;
    }
    if (happens(Mishap::restart_before)) return restart(now_ms);
    if (happens(Mishap::not_taken)) {
        not_taken_left_ = counts[Mishap::not_taken] - 1;
        --requests_;  // it counts when it is taken
        out(Bytes(1, datecs::nak), now_ms + 2);
        return;
    }
    if (happens(Mishap::noise)) {
        const std::string modem = "AT+CPIN?\r\n";
        out(Bytes(modem.begin(), modem.end()), now_ms + 1);
    }
    const Answered answered = execute(request);
    last_request_ = request;
    register_.memory().last_sequence = request.sequence;
    last_reply_ = encode(form(), {request.command, request.sequence, answered.data, status(answered)});
    if (on_change && (printing.contains(request.command) || request.command == 61 || request.command == 69)) on_change();
    say(fmt::format("command {} {:02X} {}{}", request.command, request.sequence, utf8(request.data),
                    answered.refusal == Refusal::none ? "" : fmt::format(" -> refused ({})", static_cast<int>(answered.refusal))));
    if (happens(Mishap::restart_after)) return restart(now_ms);

    const int extra = happens(Mishap::busy) ? counts[Mishap::busy] * 60 : 0;
    const std::int64_t start = std::max(now_ms, busy_until_), done = start + answered.ms + extra + (happens(Mishap::late_reply) ? 2'000 : 0);
    busy_until_ = done;
    if (!happens(Mishap::late_reply))
        for (std::int64_t at = start + 60; at < done; at += 60) out(Bytes(1, datecs::syn), at);
    if (happens(Mishap::drop_reply)) return;
    Bytes reply = last_reply_;
    if (happens(Mishap::wrong_sequence)) reply = encode(form(), {request.command, datecs::after(request.sequence), answered.data, status(answered)});
    if (happens(Mishap::corrupt_reply)) reply[reply.size() / 2] ^= 0x10;
    if (happens(Mishap::split_reply)) {
        for (std::size_t i = 0; i < reply.size(); ++i) out(reply.substr(i, 1), done + static_cast<std::int64_t>(i) * 5);
        return;
    }
    out(reply, done);
    if (happens(Mishap::double_reply)) out(reply, done + 1);
}

Machine::Answered Machine::execute(const datecs::Message& request) {
    Answered answered = form() == datecs::Form::x ? x(request.command, request.data) : classic(request.command, request.data);
    const bool is_report = request.command == 69;
    answered.ms = answered.refusal != Refusal::none    ? behaviour_.reply_ms
                  : is_report                          ? behaviour_.report_ms
                  : printing.contains(request.command) ? behaviour_.print_ms
                                                       : behaviour_.reply_ms;
    if (answered.refusal != Refusal::none && form() == datecs::Form::classic) answered.data.clear();
    return answered;
}

std::vector<unsigned char> Machine::first_generation_status() const {
    std::vector<unsigned char> bytes(6, 0x80);
    const auto set = [&](std::size_t byte, int bit, bool on) {
        if (on) bytes[byte] = static_cast<unsigned char>(bytes[byte] | (1 << bit));
    };
    set(1, 5, register_.cover);
    bytes[3] = 0x8F;
    set(5, 5, true);
    return bytes;
}

std::vector<unsigned char> Machine::status(const Answered& answered) const {
    const Profile& profile = register_.settings().profile;
    const bool is_x = form() == datecs::Form::x, first = profile.vat_groups == 4;
    std::vector<unsigned char> bytes = first ? first_generation_status() : std::vector<unsigned char>(is_x ? 8 : 6, 0x80);
    const auto set = [&](std::size_t byte, int bit, bool on) {
        if (on) bytes[byte] = static_cast<unsigned char>(bytes[byte] | (1 << bit));
    };
    if (!first) {
        set(0, 6, register_.cover);
        set(4, 2, true);
        set(4, 1, true);
    }
    set(0, 2, !register_.clock_set);
    const auto& open = register_.memory().open;
    set(2, 5, open && !open->fiscal);
    set(2, 3, open && open->fiscal);
    set(2, 1, register_.paper_low);
    set(2, 0, !register_.paper);
    set(4, 4, register_.full);
    set(4, 5, register_.full);
    set(5, 4, true);
    set(5, 3, true);
    set(5, 1, true);
    if (!is_x) {
        const Refusal why = answered.refusal;
        const bool silent = why == Refusal::none || why == Refusal::paper_out || why == Refusal::cover_open;
        set(0, 0, why == Refusal::syntax);
        set(0, 1, why == Refusal::unknown);
        set(1, 0, why == Refusal::too_large);
        set(1, 1, !silent && why != Refusal::syntax && why != Refusal::unknown);
        set(1, 1, why == Refusal::cover_open);
    }
    set(0, 5, (bytes[0] & 0x13) || (bytes[1] & 0x0E) || (bytes[2] & 0x01));
    return bytes;
}

}  // namespace paprsek::fiscal::simulator
