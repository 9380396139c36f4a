#include "ui/till/approval_sheet.h"

#include "ui/sentences.h"

namespace paprsek::ui {

void ApprovalSheet::clear() {
    pin_.clear();
    wrong_.clear();
}

void ApprovalSheet::say_yes(const node::Credential& credential) {
    pin_.clear();
    desk_.approve(credential, [this](const node::Outcome& outcome) { wrong_ = say(outcome.message); });
}

bool ApprovalSheet::key(const KeyPress& press) {
    if (press.key >= GLFW_KEY_F1 && press.key <= GLFW_KEY_F25) return false;
    if (press.is(GLFW_KEY_ESCAPE)) {
        clear();
        desk_.give_up();
    } else if (press.enter()) {
        if (!pin_.empty()) say_yes({pin_.text(), "", ""});
    } else if (press.key != GLFW_KEY_TAB && press.pasted.empty()) {
        pin_.handle(press);
        wrong_.clear();
    }
    return true;
}

void ApprovalSheet::scan(const std::string& text) { say_yes({"", text, ""}); }

void ApprovalSheet::draw(Ui& ui, Rect area) {
    const auto& pending = desk_.pending();
    if (!pending) return;
    bool closed = false;
    Rect inside = sheet(ui, area, {Icon::user, tr("A second person's approval"), tr("By PIN or badge; Esc gives it up"), "Esc"}, closed);
    notice(ui, inside.cut_top(64, space::m), Tone::warn, Icon::info_circle, say(pending->sentence));
    if (!pending->doing.empty()) ui.canvas.text(inside.cut_top(28, space::s), pending->doing, Type::strong, ui.theme.ink, Align::centre);
    const float width = std::min(inside.w, 360.0F);
    Rect column = inside.middle(width, std::min(inside.h, 430.0F));
    const Rect sentence = column.cut_bottom(48);
    pin_dots(ui, column.cut_top(54, space::m), pin_.text().size(), !wrong_.empty());
    const auto touched = pin_pad(ui, column);
    if (!wrong_.empty()) notice(ui, sentence.moved(0, space::s), Tone::danger, Icon::exclamation, wrong_);
    if (closed) key(pressed(GLFW_KEY_ESCAPE));
    else if (touched) key(*touched);
}

}  // namespace paprsek::ui
