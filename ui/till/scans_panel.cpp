// The scan inspector (T2, T3): the last bursts of keys with their times, whether they were taken for a scan and why not, how the code was
// read (the rule that matched, and why the others did not), and what came of it. A code that is typed here is only read.
#include <fmt/format.h>

#include <algorithm>

#include "node/lookup.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/kit/utf8.h"
#include "ui/sentences.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

std::string milliseconds(double seconds) { return fmt::format("{:.0f}", seconds * 1000); }

class ScansPanel final : public Panel {
public:
    explicit ScansPanel(Desk& desk) : desk_(desk) {
        look_for_news();
        if (!desk_.scans.entries().empty()) show(0);
    }

    Cover cover() const override { return Cover::whole; }
    bool tick() override { return look_for_news(); }

    bool key(const KeyPress& press) override {
        if (press.enter()) {
            if (!field_.empty()) read(field_.text());
            field_.clear();
            return true;
        }
        const bool in_text = press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END;
        if (!in_text && list_.handle(press, rows())) {
            show(list_.selected);
            return true;
        }
        return field_.handle(press) || press.character != 0;
    }

    /// What is scanned here is only looked at.
    bool scan(const std::string& text) override {
        read(text);
        scanned_ = true;
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside =
            sheet(ui, area, {Icon::barcode, tr("Scanner test"), tr("What is scanned or typed here is only looked at: nothing is sold"), "Esc"}, closed);
        if (closed) desk_.back();
        Rect head = inside.cut_top(48, space::m);
        const Button look{.label = tr("Read"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid, .enabled = !field_.empty()};
        const bool go = button(ui, head.cut_right(180, space::s), look);
        text_field(ui, head, field_, {.placeholder = tr("Scan, or type a code"), .icon = Icon::barcode, .focused = true, .type = Type::title});
        if (go) key(pressed(GLFW_KEY_ENTER));
        Rect left = inside.cut_left(std::clamp(inside.w * 0.34F, 320.0F, 460.0F), space::l);
        draw_list(ui, left);
        draw_reading(ui, inside);
    }

private:
    using Kind = node::CodeReading::Kind;

    int rows() const { return static_cast<int>(desk_.scans.entries().size()); }

    bool look_for_news() {
        if (seen_ == desk_.scans.count()) return false;
        seen_ = desk_.scans.count();
        // What is typed into the field is not pushed away by its own keys.
        list_.selected = -1;
        if (std::exchange(scanned_, false)) show(0);
        return true;
    }

    void show(int row) {
        list_.select(row);
        if (row < 0 || row >= rows()) return;
        const ScanEntry chosen = desk_.scans.entries()[static_cast<std::size_t>(row)];
        read(chosen.burst.text);
        entry_ = chosen;
    }

    /// A code by itself.
    void read(const std::string& text) {
        entry_.reset();
        const std::string code = text.starts_with(';') ? text.substr(1) : text;
        desk_.guarded([&] { reading_ = node::read_code(desk_.node.database(), desk_.node.policy(), code, node::Explain::yes); });
        text_ = reading_.kind == Kind::badge ? std::string(tr("a badge: its code is not shown")) : text;
    }

    static const char* short_verdict(const Burst& burst) {
        switch (burst.verdict) {
            case Burst::Verdict::scan:
                return tr("a scan");
            case Burst::Verdict::too_short:
                return tr("too short");
            case Burst::Verdict::few_digits:
                return tr("letters");
            case Burst::Verdict::no_enter:
                return tr("no Enter");
            case Burst::Verdict::other_key:
                return tr("broken off");
            case Burst::Verdict::starred:
                return tr("a quantity");
            case Burst::Verdict::typed:
                return tr("typed");
        }
        return "";
    }

    static std::string verdict(const Burst& burst) {
        const std::string longest = milliseconds(ScanLog::longest_pause(burst));
        switch (burst.verdict) {
            case Burst::Verdict::scan:
                return burst.fragments > 1 ? fill_in(tr("A scan, with a stall of {} ms inside that was overlooked."), {longest})
                                           : fill_in(tr("A scan: no pause longer than {} ms, and Enter behind it."), {longest});
            case Burst::Verdict::too_short:
                return fill_in(tr("Taken as typing: fast enough, but a scan has at least {} characters."), {std::to_string(InputQueue::scan_length_min)});
            case Burst::Verdict::few_digits:
                return tr("Taken as typing: fast enough, but more letters than digits.");
            case Burst::Verdict::no_enter:
                return tr("Taken as typing: fast enough, but no Enter came behind it. Set the scanner to send Enter after each code.");
            case Burst::Verdict::other_key:
                return tr("Taken as typing: a key that is no part of a code came before Enter.");
            case Burst::Verdict::starred:
                return tr("Taken as typing: what stands before a star is a quantity.");
            case Burst::Verdict::typed:
                return fill_in(tr("Taken as typing: pauses of up to {} ms between the keys; a scanner makes less than {} ms."),
                               {longest, milliseconds(InputQueue::scan_gap)});
        }
        return {};
    }

    void draw_list(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.text(rect.cut_top(24, space::xs), tr("Last scans"), Type::caption_strong, t.ink_soft);
        if (rows() == 0) {
            empty_state(ui, rect, Icon::barcode, tr("Nothing was scanned yet"), tr("Scan something: its keys and their timing will show here."));
            return;
        }
        const ListEvents events = list(ui, rect, list_, rows(), {.row_height = 52}, [&](int i, Rect row) {
            const ScanEntry& each = desk_.scans.entries()[static_cast<std::size_t>(i)];
            row = row.inset(space::s, 5);
            const bool is_scan = each.burst.verdict == Burst::Verdict::scan;
            const float wide = chip_width(ui, short_verdict(each.burst));
            chip(ui, {row.right() - wide, row.y + row.h / 2}, short_verdict(each.burst), is_scan ? Tone::go : Tone::warn);
            row.w -= wide + space::s;
            ui.canvas.number(row.cut_top(row.h / 2 + 1), each.burst.text.empty() ? std::string("—") : each.burst.text, Type::strong, t.ink, Align::left);
            ui.canvas.text(row, fill_in(tr("{} · {} keys"), {desk_.words.time(each.at), std::to_string(each.burst.keys.size())}), Type::caption, t.ink_faint);
        });
        if (events.clicked >= 0) show(events.clicked);
    }

    void draw_keys(Ui& ui, Rect& rect, const Burst& burst) {
        const Theme& t = ui.theme;
        ui.canvas.text(rect.cut_top(22, space::xs), tr("Keys, and the milliseconds before each"), Type::caption_strong, t.ink_soft);
        constexpr float width = 50, height = 56;
        const int columns = std::max(1, static_cast<int>((rect.w + space::xs) / (width + space::xs)));
        const std::size_t most = static_cast<std::size_t>(columns) * 2;
        const std::size_t count = std::min(burst.keys.size(), most);
        for (std::size_t i = 0; i < count; ++i) {
            const KeyPress& press = burst.keys[i];
            const int at = static_cast<int>(i);
            Rect cell{rect.x + static_cast<float>(at % columns) * (width + space::xs), rect.y + static_cast<float>(at / columns) * (height + space::xs), width,
                      height};
            const double pause = i > 0 ? std::max(0.0, press.earliest - burst.keys[i - 1].at) : 0;
            const bool late = pause > InputQueue::scan_gap;
            ui.canvas.fill(cell, late ? t.warn_soft : t.sunken, radius::small);
            ui.canvas.text(cell.cut_bottom(20), i > 0 ? milliseconds(pause) : std::string(), Type::caption, late ? t.warn : t.ink_faint, Align::centre);
            ui.canvas.text(cell, key_text(press), press.enter() ? Type::caption_strong : Type::strong, t.ink, Align::centre);
        }
        const auto lines = static_cast<float>((count + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns));
        rect.cut_top(lines * (height + space::xs), space::m);
    }

    /// As the layout gave it, and the digit of its place where that is another one.
    static std::string key_text(const KeyPress& press) {
        if (press.enter()) return "Enter";
        std::string text;
        if (press.character != 0) utf8_append(text, press.character);
        const auto digit = press.digit();
        if (digit && text != std::string(1, *digit)) text += (text.empty() ? "" : " ") + std::string(1, *digit);
        return text.empty() ? "·" : text;
    }

    void draw_reading(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        if (text_.empty()) {
            empty_state(ui, rect, Icon::search, tr("No code chosen"), tr("Shows how a code is read: by which rule, and why by no other."));
            return;
        }
        ui.canvas.number(rect.cut_top(36, space::s), text_, Type::figure, t.ink, Align::left);
        if (entry_) {
            const bool is_scan = entry_->burst.verdict == Burst::Verdict::scan;
            notice(ui, rect.cut_top(44, space::m), is_scan ? Tone::go : Tone::warn, is_scan ? Icon::check : Icon::warning, verdict(entry_->burst));
            draw_keys(ui, rect, entry_->burst);
        }
        const Rect meaning = rect.cut_top(56, space::m);
        const bool found = reading_.kind != Kind::nothing;
        notice(ui, meaning, found ? Tone::accent : Tone::danger, icon_of(), meaning_words());
        if (entry_ && !entry_->came_of_it.empty()) {
            Rect line = rect.cut_top(24, space::m);
            ui.canvas.icon(line.cut_left(24, space::s), entry_->wrong ? Icon::warning : Icon::check, IconSize::small, entry_->wrong ? t.danger : t.go);
            ui.canvas.text(line, entry_->came_of_it, Type::body, entry_->wrong ? t.danger : t.ink);
        }
        ui.canvas.text(rect.cut_top(22, space::xs), tr("How it was read, in this order"), Type::caption_strong, t.ink_soft);
        list(ui, rect, steps_list_, static_cast<int>(reading_.steps.size()), {.row_height = 46, .zebra = true, .focused = false}, [&](int i, Rect row) {
            const node::LookupStep& step = reading_.steps[static_cast<std::size_t>(i)];
            row = row.inset(space::s, 3);
            ui.canvas.icon(row.cut_left(24, space::s), step.matched ? Icon::check_circle : Icon::times, IconSize::small, step.matched ? t.go : t.ink_faint);
            ui.canvas.text(row.cut_top(row.h / 2), say(step.asked), Type::strong, step.matched ? t.ink : t.ink_soft);
            ui.canvas.text(row, step.matched ? meaning_words() : say(step.why), Type::caption, step.matched ? t.go : t.ink_faint);
        });
    }

    Icon icon_of() const {
        switch (reading_.kind) {
            case Kind::product:
                return Icon::tag;
            case Kind::customer:
                return Icon::user;
            case Kind::badge:
                return Icon::id_card;
            case Kind::nothing:
                return Icon::exclamation;
        }
        return Icon::none;
    }

    std::string meaning_words() const {
        switch (reading_.kind) {
            case Kind::product: {
                const node::Product& product = *reading_.product;
                if (reading_.quantity) return fill_in(tr("{}, {} kg inside the code"), {product.name, desk_.words.quantity(*reading_.quantity)});
                if (reading_.price) return fill_in(tr("{}, for {} as the code says"), {product.name, desk_.words.money(*reading_.price)});
                return fill_in(tr("{} for {}"), {product.name, desk_.words.money(product.price)});
            }
            case Kind::customer:
                return reading_.customer.empty() ? tr("A customer's card, of nobody yet") : tr("A customer's card");
            case Kind::badge:
                return tr("A cashier's badge");
            case Kind::nothing:
                return tr("Unknown at this till: in a sale it would be a red row");
        }
        return {};
    }

    Desk& desk_;
    TextField field_{TextField::Accepts::code, 120};
    ListState list_, steps_list_;
    std::size_t seen_ = 0;
    bool scanned_ = false;            ///< the newest entry is to be shown when it is there
    std::optional<ScanEntry> entry_;  ///< the one that is shown; none: a code that was typed
    std::string text_;
    node::CodeReading reading_;
};

}  // namespace

std::unique_ptr<Panel> make_scans_panel(Desk& desk) { return std::make_unique<ScansPanel>(desk); }

}  // namespace paprsek::ui
