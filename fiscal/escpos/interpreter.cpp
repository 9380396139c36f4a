#include "fiscal/escpos/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace paprsek::fiscal {
namespace {

constexpr std::size_t most_waiting = 1u << 20, most_refused = 1000, most_replies = 64u << 10;
constexpr unsigned char zero = 0x00;

/// Where the length of a command's data stands.
enum class Rest {
    none,        ///< `fixed` bytes and no more
    to_zero,     ///< up to a zero byte
    counted_2,   ///< the last two fixed bytes, the lower one first
    counted_4,   ///< the last four
    image,       ///< 1B 2A m nL nH
    raster,      ///< 1D 76 30 m xL xH yL yH
    image_rows,  ///< 1D 2A x y: 8 · x · y
    bars,        ///< 1D 6B m …: two forms
    cut,         ///< 1D 56 m, and n where m ≥ 65
    pulse,       ///< 1B 70 m t1 t2, and what some send without the two times
    real_time    ///< 10 14 fn …
};

int flag(unsigned char byte) { return byte & 1; }  // 00 and 30 are off, 01 and 31 on
int choice(unsigned char byte) { return byte >= 0x30 ? byte - 0x30 : byte; }

}  // namespace

struct EscposInterpreter::Command {
    std::string_view name;
    Bytes prefix;
    std::size_t fixed = 0;
    Rest rest = Rest::none;
    std::function<void(EscposInterpreter&, ByteView)> act = {};  ///< none: it changes nothing that can be seen
};

const std::vector<EscposInterpreter::Command>& EscposInterpreter::commands() {
    using It = EscposInterpreter;
    const auto word = [](ByteView bytes, std::size_t at) { return bytes[at] | bytes[at + 1] << 8; };
    static const std::vector<Command> all = {
        {"HT", {0x09}, 0, Rest::none, [](It& it, ByteView) { it.move_to((it.x_ / (8 * it.cell_width()) + 1) * 8 * it.cell_width()); }},
        {"LF", {line_feed}, 0, Rest::none, [](It& it, ByteView) { it.end_line(); }},
        {"FF", {0x0C}},
        {"CR", {0x0D}},
        {"CAN", {0x18}},
        {"DLE EOT", {data_link, 0x04}, 1},  // these three were obeyed as they came in
        {"DLE ENQ", {data_link, 0x05}, 1},
        {"DLE DC4", {data_link, 0x14}, 1, Rest::real_time},
        {"ESC SP", {0x1B, 0x20}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.right_space = a[0]; }},
        {"ESC !",
         {0x1B, 0x21},
         1,
         Rest::none,
         [](It& it, ByteView a) {
             it.modes_.font = a[0] & 1;
             it.modes_.bold = a[0] & 0x08;
             it.modes_.down = a[0] & 0x10 ? 2 : 1;
             it.modes_.across = a[0] & 0x20 ? 2 : 1;
             it.modes_.underline = a[0] & 0x80 ? 1 : 0;
         }},
        {"ESC $", {0x1B, 0x24}, 2, Rest::none, [word](It& it, ByteView a) { it.move_to(word(a, 0)); }},
        {"ESC %", {0x1B, 0x25}, 1},
        {"ESC *", {0x1B, 0x2A}, 3, Rest::image, [](It& it, ByteView a) { it.bit_image(a); }},
        {"ESC -", {0x1B, 0x2D}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.underline = choice(a[0]) % 3; }},
        {"ESC 2", {0x1B, 0x32}, 0, Rest::none, [](It& it, ByteView) { it.modes_.spacing = escpos_line_height; }},
        {"ESC 3", {0x1B, 0x33}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.spacing = a[0]; }},
        {"ESC =", {0x1B, 0x3D}, 1},
        {"ESC ?", {0x1B, 0x3F}, 1},
        {"ESC @",
         {0x1B, 0x40},
         0,
         Rest::none,
         [](It& it, ByteView) {
             it.modes_ = {};
             it.modes_.page = &code_pages()[0];
             it.line_.clear();
             it.x_ = 0;
         }},
        {"ESC D", {0x1B, 0x44}, 0, Rest::to_zero},
        {"ESC E", {0x1B, 0x45}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.bold = flag(a[0]); }},
        {"ESC G", {0x1B, 0x47}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.bold = flag(a[0]); }},
        {"ESC J", {0x1B, 0x4A}, 1, Rest::none, [](It& it, ByteView a) { it.feed_dots(a[0]); }},
        {"ESC M", {0x1B, 0x4D}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.font = flag(a[0]); }},
        {"ESC R", {0x1B, 0x52}, 1},
        {"ESC S", {0x1B, 0x53}},
        {"ESC V", {0x1B, 0x56}, 1},
        {"ESC \\", {0x1B, 0x5C}, 2, Rest::none, [word](It& it, ByteView a) { it.move_to(it.x_ + (word(a, 0) >= 0x8000 ? word(a, 0) - 0x10000 : word(a, 0))); }},
        {"ESC a",
         {0x1B, 0x61},
         1,
         Rest::none,
         [](It& it, ByteView a) {
             if (it.line_.empty()) it.modes_.align = choice(a[0]) % 3;  // at the beginning of a line alone
         }},
        {"ESC c", {0x1B, 0x63}, 2},
        {"ESC d", {0x1B, 0x64}, 1, Rest::none, [](It& it, ByteView a) { it.feed_dots(a[0] * it.modes_.spacing); }},
        {"ESC i", {0x1B, 0x69}, 0, Rest::none, [](It& it, ByteView) { it.end_paper(true); }},
        {"ESC m", {0x1B, 0x6D}, 0, Rest::none, [](It& it, ByteView) { it.end_paper(true); }},
        {"ESC p",
         {0x1B, 0x70},
         1,
         Rest::pulse,
         [](It& it, ByteView) {
             ++it.drawer_pulses_;
             it.set_drawer_open(true);
         }},
        {"ESC r", {0x1B, 0x72}, 1},
        {"ESC t", {0x1B, 0x74}, 1, Rest::none, [](It& it, ByteView a) { it.select_page(a[0]); }},
        {"ESC {", {0x1B, 0x7B}, 1},
        {"FS !", {0x1C, 0x21}, 1},
        {"FS &", {0x1C, 0x26}},
        {"FS (", {0x1C, 0x28}, 3, Rest::counted_2},
        {"FS -", {0x1C, 0x2D}, 1},
        {"FS .", {0x1C, 0x2E}},
        {"FS C", {0x1C, 0x43}, 1},
        {"FS S", {0x1C, 0x53}, 2},
        {"FS W", {0x1C, 0x57}, 1},
        {"FS p", {0x1C, 0x70}, 2},
        {"GS !",
         {0x1D, 0x21},
         1,
         Rest::none,
         [](It& it, ByteView a) {
             it.modes_.across = (a[0] >> 4 & 7) + 1;
             it.modes_.down = (a[0] & 7) + 1;
         }},
        {"GS ( A", {0x1D, 0x28, 0x41}, 2, Rest::counted_2},
        {"GS ( C", {0x1D, 0x28, 0x43}, 2, Rest::counted_2},
        {"GS ( D", {0x1D, 0x28, 0x44}, 2, Rest::counted_2},
        {"GS ( E", {0x1D, 0x28, 0x45}, 2, Rest::counted_2},
        {"GS ( H",
         {0x1D, 0x28, 0x48},
         2,
         Rest::counted_2,
         [](It& it, ByteView a) {
             if (a.size() < 8 || a[2] != 0x30 || a[3] != 0x30 || it.model_.fence != Fence::process_id) return;
             it.replies_ += Bytes{0x37, 0x22} + Bytes(a.substr(4, 4)) + Bytes{0x00};
         }},
        {"GS ( K", {0x1D, 0x28, 0x4B}, 2, Rest::counted_2},
        {"GS ( L", {0x1D, 0x28, 0x4C}, 2, Rest::counted_2, [](It& it, ByteView a) { it.graphics(a.substr(2)); }},
        {"GS ( M", {0x1D, 0x28, 0x4D}, 2, Rest::counted_2},
        {"GS ( N", {0x1D, 0x28, 0x4E}, 2, Rest::counted_2},
        {"GS ( k", {0x1D, 0x28, 0x6B}, 2, Rest::counted_2, [](It& it, ByteView a) { it.code_function(a.substr(2)); }},
        {"GS *", {0x1D, 0x2A}, 2, Rest::image_rows},
        {"GS 8 L", {0x1D, 0x38, 0x4C}, 4, Rest::counted_4, [](It& it, ByteView a) { it.graphics(a.substr(4)); }},
        {"GS B", {0x1D, 0x42}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.inverted = flag(a[0]); }},
        {"GS H", {0x1D, 0x48}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.bar_text = choice(a[0]) % 4; }},
        {"GS I", {0x1D, 0x49}, 1, Rest::none, [](It& it, ByteView a) { it.say_identity(a[0]); }},
        {"GS L",
         {0x1D, 0x4C},
         2,
         Rest::none,
         [word](It& it, ByteView a) {
             if (it.line_.empty()) it.modes_.margin = std::min(word(a, 0), it.model_.dots - it.cell_width());
         }},
        {"GS P", {0x1D, 0x50}, 2},
        {"GS V",
         {0x1D, 0x56},
         1,
         Rest::cut,
         [](It& it, ByteView a) {
             if (a.size() > 1) it.feed_dots(a[1]);
             it.end_paper(true);
         }},
        {"GS W",
         {0x1D, 0x57},
         2,
         Rest::none,
         [word](It& it, ByteView a) {
             if (it.line_.empty()) it.modes_.width = word(a, 0);
         }},
        {"GS a",
         {0x1D, 0x61},
         1,
         Rest::none,
         [](It& it, ByteView a) {
             it.automatic_ = a[0];
             if (a[0] && it.model_.answers) it.replies_ += it.automatic_status();
         }},
        {"GS b", {0x1D, 0x62}, 1},
        {"GS f", {0x1D, 0x66}, 1},
        {"GS h", {0x1D, 0x68}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.bar_height = std::max<int>(1, a[0]); }},
        {"GS k", {0x1D, 0x6B}, 1, Rest::bars, [](It& it, ByteView a) { it.bars(a); }},
        {"GS r",
         {0x1D, 0x72},
         1,
         Rest::none,
         [](It& it, ByteView a) {
             if (it.model_.fence == Fence::none) return;
             const int what = choice(a[0]);
             if (what == 1) it.replies_ += static_cast<unsigned char>(it.roll_ == PaperRoll::enough ? 0x00 : it.roll_ == PaperRoll::low ? 0x03 : 0x0C);
             if (what == 2) it.replies_ += static_cast<unsigned char>(it.drawer_open_ ? 0x00 : 0x01);
         }},
        {"GS v 0", {0x1D, 0x76, 0x30}, 5, Rest::raster, [](It& it, ByteView a) { it.raster(a); }},
        {"GS w", {0x1D, 0x77}, 1, Rest::none, [](It& it, ByteView a) { it.modes_.bar_width = std::clamp<int>(a[0], 1, 6); }},
    };
    return all;
}

EscposInterpreter::EscposInterpreter(const EscposModel& model) : model_(model), large_(model.cell_width(), escpos_cell_height), small_(9, 17) {
    modes_.page = &code_pages()[0];
    current_.dots = Bitmap(model.dots, 0);
}
EscposInterpreter::~EscposInterpreter() = default;

void EscposInterpreter::feed(ByteView bytes) {
    obey_real_time(bytes);
    const std::size_t room = most_waiting - std::min(most_waiting, waiting_.size());
    if (bytes.size() > room) refuse(fmt::format("{} bytes beyond what the printer's memory takes", bytes.size() - room));
    waiting_ += bytes.substr(0, room);
    work();
}

Bytes EscposInterpreter::take_replies() { return std::exchange(replies_, {}); }

/// A printer looks for these three while bytes arrive, before it knows what they belong to.
void EscposInterpreter::obey_real_time(ByteView bytes) {
    for (const unsigned char byte : bytes) {
        if (before_last_ == data_link && (last_ == 0x04 || last_ == 0x05 || last_ == 0x14)) real_time(last_, byte);
        before_last_ = last_;
        last_ = byte;
    }
}

void EscposInterpreter::real_time(unsigned char command, unsigned char number) {
    if (command == 0x04 && model_.answers && number >= 1 && number <= 4) replies_ += status(number);
    if (command == 0x05 && number == 2 && cutter_stuck_) {
        cutter_stuck_ = false;
        waiting_.clear();
        line_.clear();
        x_ = 0;
    }
    if (command == 0x14 && number == 1) {
        ++drawer_pulses_;
        set_drawer_open(true);
    }
}

void EscposInterpreter::work() {
    std::size_t at = 0;
    while (at < waiting_.size() && can_print()) {
        const std::size_t size = step(ByteView(waiting_).substr(at));
        if (size == 0) break;
        at += size;
        if (replies_.size() > most_replies) replies_.erase(0, replies_.size() - most_replies);
    }
    waiting_.erase(0, at);
}

std::size_t EscposInterpreter::step(ByteView bytes) {
    if (bytes[0] >= 0x20 && bytes[0] != 0x7F) {
        put_letter(letter_of(*modes_.page, bytes[0]));
        return 1;
    }
    bool longer = false;
    for (const Command& command : commands()) {
        const std::size_t common = std::min(command.prefix.size(), bytes.size());
        if (bytes.substr(0, common) != ByteView(command.prefix).substr(0, common)) continue;
        if (bytes.size() < command.prefix.size()) {
            longer = true;
            continue;
        }
        const std::size_t size = size_of(command, bytes.substr(command.prefix.size()));
        if (size == 0 && (command.fixed > 0 || command.rest != Rest::none)) return 0;
        obey(command, bytes.substr(command.prefix.size(), size));
        return command.prefix.size() + size;
    }
    if (longer) return 0;
    const bool lead = bytes[0] == 0x1B || bytes[0] == 0x1C || bytes[0] == 0x1D || bytes[0] == data_link;
    if (!lead) {
        refuse(fmt::format("{:02X}", bytes[0]));
        return 1;
    }
    if (bytes.size() < 2) return 0;
    refuse(fmt::format("{:02X} {:02X}", bytes[0], bytes[1]));
    return 2;
}

/// Of the arguments at the front of `bytes`; 0 = they are not all there.
std::size_t EscposInterpreter::size_of(const Command& command, ByteView bytes) const {
    if (bytes.size() < command.fixed) return 0;
    const auto whole = [&](std::size_t size) { return bytes.size() < size ? 0 : size; };
    const auto word = [&](std::size_t at) { return static_cast<std::size_t>(bytes[at] | bytes[at + 1] << 8); };
    const std::size_t fixed = command.fixed;
    switch (command.rest) {
        case Rest::none:
            return fixed;
        case Rest::to_zero:
            return bytes.find(zero) == ByteView::npos ? 0 : bytes.find(zero) + 1;
            return whole(fixed + bytes[fixed - 1]);
        case Rest::counted_2:
            return whole(fixed + word(fixed - 2));
        case Rest::counted_4: {
            const std::size_t size = word(fixed - 4) | word(fixed - 2) << 16;
            return size > most_waiting / 2 ? fixed : whole(fixed + size);  // no picture is so large: the rest is read as what it is
        }
        case Rest::image:
            return whole(fixed + word(1) * (bytes[0] >= 32 ? 3 : 1));
        case Rest::raster: {
            const std::size_t size = word(1) * word(3);
            return size > most_waiting / 2 ? fixed : whole(fixed + size);
        }
        case Rest::image_rows:
            return whole(fixed + 8u * bytes[0] * bytes[1]);
        case Rest::bars: {
            if (bytes[0] >= 65) return bytes.size() < 2 ? 0 : whole(2u + bytes[1]);
            const std::size_t end = bytes.find(zero, 1);
            return end == ByteView::npos ? (bytes.size() > 300 ? 1 : 0) : end + 1;
        }
        case Rest::cut:
            return whole(bytes[0] == 65 || bytes[0] == 66 || bytes[0] >= 97 ? 2 : 1);
        case Rest::pulse:
            if (bytes.size() < 3) return 0;
            // Some leave the two times out: then the next command stands there.
            return bytes[1] == 0x1B && std::any_of(commands().begin(), commands().end(),
                                                   [&](const Command& each) {
                                                       return each.prefix == Bytes{0x1B, bytes[2]};
                                                   })
                       ? 1
                       : 3;
        case Rest::real_time:
            return whole(bytes[0] == 8 ? 8 : 3);
    }
    return fixed;
}

void EscposInterpreter::obey(const Command& command, ByteView arguments) {
    // Real-time commands in the data of another one were obeyed as they came in, though nobody meant them.
    if (command.prefix[0] != data_link)
        for (std::size_t i = 1; i < arguments.size(); ++i)
            if (arguments[i - 1] == data_link && (arguments[i] == 0x04 || arguments[i] == 0x05 || arguments[i] == 0x14)) ++accidents_;
    if (command.act) command.act(*this, arguments);
}

void EscposInterpreter::refuse(std::string what) {
    if (refused_.size() < most_refused) refused_.push_back(std::move(what));
}

void EscposInterpreter::restart() {
    waiting_.clear();
    replies_.clear();
    line_.clear();
    x_ = 0;
    modes_ = {};
    modes_.page = &code_pages()[0];
    automatic_ = 0;
    last_ = before_last_ = 0;
    stored_graphics_.reset();
}

void EscposInterpreter::set_paper(PaperRoll roll) {
    roll_ = roll;
    if (roll != PaperRoll::out) paper_left_.reset();
    status_changed();
    work();
}

void EscposInterpreter::set_cover(bool open) {
    cover_open_ = open;
    status_changed();
    work();
}

void EscposInterpreter::set_drawer_open(bool open) {
    if (drawer_open_ == open) return;
    drawer_open_ = open;
    status_changed();
}

unsigned char EscposInterpreter::status(int number) const {
    const bool offline = !can_print();
    int bits = 0x12;
    if (number == 1) bits |= (drawer_open_ ? 0 : 0x04) | (offline ? 0x08 : 0);
    if (number == 2) bits |= (cover_open_ ? 0x04 : 0) | (roll_ == PaperRoll::out ? 0x20 : 0);
    if (number == 3) bits |= cutter_stuck_ ? 0x08 : 0;
    if (number == 4) bits |= (roll_ != PaperRoll::enough ? 0x0C : 0) | (roll_ == PaperRoll::out ? 0x60 : 0);
    return static_cast<unsigned char>(bits);
}

Bytes EscposInterpreter::automatic_status() const {
    const int first = 0x10 | (drawer_open_ ? 0 : 0x04) | (can_print() ? 0 : 0x08) | (cover_open_ ? 0x20 : 0);
    const int third = (roll_ != PaperRoll::enough ? 0x03 : 0) | (roll_ == PaperRoll::out ? 0x0C : 0);
    return {static_cast<unsigned char>(first), 0x00, static_cast<unsigned char>(third), 0x00};
}

void EscposInterpreter::status_changed() {
    if (automatic_ && model_.answers) replies_ += automatic_status();
}

}  // namespace paprsek::fiscal
