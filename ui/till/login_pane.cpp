#include "ui/till/login_pane.h"

#include <algorithm>

#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

constexpr float person_height = 54;

}  // namespace

bool LoginPane::wanted() const {
    const auto& staff = desk_.view().staff;
    return staff.guarded && (!staff.logged_in || staff.locked);
}

void LoginPane::reset() {
    pin_.clear();
    wrong_.clear();
    chosen_ = -1;
    desk_.guarded([&] { users_ = node::all_users(desk_.node.database()); });
}

void LoginPane::log_in(const node::Credential& credential) {
    pin_.clear();
    desk_.log_in(credential, [this](const node::Outcome& outcome) {
        wrong_ = say(outcome.message);
        if (outcome.ok()) reset();
        else desk_.sounds.play(Sound::refused);
    });
}

/// Whoever locked the till goes; the receipt stays for the next one.
void LoginPane::log_out() {
    if (desk_.view().staff.logged_in) desk_.act([this] { return desk_.till.log_out_cashier(); });
}

void LoginPane::choose(int by) {
    const int count = static_cast<int>(users_.size());
    chosen_ = std::clamp(chosen_ + by, -1, count - 1);
    pin_.clear();
    wrong_.clear();
}

void LoginPane::key(const KeyPress& press) {
    if (press.enter()) {
        if (!pin_.empty()) log_in({pin_.text(), "", chosen_ < 0 ? std::string() : users_[static_cast<std::size_t>(chosen_)].name});
    } else if (press.is(GLFW_KEY_UP)) {
        choose(-1);
    } else if (press.is(GLFW_KEY_DOWN)) {
        choose(1);
    } else if (press.is(GLFW_KEY_DELETE) && pin_.empty()) {
        log_out();
    } else if (press.is(GLFW_KEY_ESCAPE)) {
        pin_.clear();
        wrong_.clear();
    } else if (press.pasted.empty()) {
        if (pin_.handle(press)) wrong_.clear();
    }
}

void LoginPane::scan(const std::string& text) { log_in({"", text, ""}); }

void LoginPane::draw_names(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    ui.canvas.text(rect.cut_top(26, space::s), tr("Who works here"), Type::caption_strong, t.ink_soft);
    const auto fit = std::max(1, static_cast<int>(rect.h / person_height));
    const int count = static_cast<int>(users_.size());
    const int first = std::clamp(chosen_ - fit + 1, 0, std::max(0, count - fit));
    for (int i = first; i < std::min(count, first + fit); ++i) {
        const node::User& user = users_[static_cast<std::size_t>(i)];
        const Button look{.label = user.name, .icon = Icon::user, .selected = i == chosen_, .align = Align::left};
        if (button(ui, rect.cut_top(person_height - space::s, space::s), look)) {
            chosen_ = i == chosen_ ? -1 : i;
            pin_.clear();
        }
    }
}

void LoginPane::draw_pin(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    const bool locked = desk_.view().staff.locked;
    ui.canvas.text(rect.cut_top(30), locked ? fill_in(tr("Locked by {}"), {desk_.view().cashier}) : std::string(tr("Log in")), Type::title, t.ink);
    ui.canvas.text(rect.cut_top(24, space::m), tr("Enter your PIN, or scan your badge"), Type::caption, t.ink_soft);
    pin_dots(ui, rect.cut_top(56, space::m), pin_.text().size(), !wrong_.empty());
    const Rect foot = rect.cut_bottom(48);
    rect.cut_bottom(space::m);
    if (!wrong_.empty()) notice(ui, foot, Tone::danger, Icon::exclamation, wrong_);
    else if (locked && button(ui, foot, {.label = tr("Log out"), .key = "Del", .icon = Icon::times})) log_out();
    if (const auto touched = pin_pad(ui, rect)) key(*touched);
}

void LoginPane::draw(Ui& ui, Rect area) {
    const float height = std::min(area.h - 2 * space::l, 580.0F);
    Rect inside = card(ui, area.middle(std::min(area.w - 2 * space::l, 760.0F), height), space::xl);
    draw_names(ui, inside.cut_left(std::min(280.0F, inside.w * 0.4F), space::xl));
    draw_pin(ui, inside);
}

}  // namespace paprsek::ui
