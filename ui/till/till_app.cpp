#include "ui/till/till_app.h"

#include <algorithm>

#include "ui/till/frame.h"
#include "ui/till/printer_watch.h"
#include "ui/till/screens.h"

namespace paprsek::ui {

TillApp::TillApp(node::Node& node, node::Till& till, ShellOptions& options, fiscal::PrinterWorker* printer)
    : desk_(node, till), options_(options), receipt_(desk_), tiles_(desk_), approval_(desk_) {
    desk_.printer = printer;
    if (printer != nullptr) printer->follow(desk_.view());  // the receipt that was in hand when the program ended
    desk_.refresh_status();
}

void TillApp::open(PanelName name) {
    desk_.give_up();
    approval_.clear();
    open_ = name;
    panel_ = make_panel(name, desk_);
}

void TillApp::follow_wishes() {
    if (desk_.take_back()) leave();
    while (const auto wanted = desk_.take_wanted()) open(*wanted);
}

/// Keys that mean the same everywhere.
bool TillApp::function_key(const KeyPress& press) {
    if (press.control || press.alt) return false;
    const auto toggle = [&](PanelName name) {
        open(open_ == name ? PanelName::none : name);
        return true;
    };
    switch (press.key) {
        case GLFW_KEY_F1: return toggle(PanelName::customer);
        case GLFW_KEY_F2: return toggle(PanelName::help);
        case GLFW_KEY_F4:
            if (!desk_.view().lines.empty()) toggle(PanelName::line);
            return true;
        case GLFW_KEY_F6: return toggle(PanelName::receipt);
        case GLFW_KEY_F7: return toggle(PanelName::sync);
        case GLFW_KEY_F8:
            options_.theme = next_theme(options_.theme);
            return true;
        case GLFW_KEY_F9: return toggle(PanelName::products);
        case GLFW_KEY_F10: return toggle(PanelName::menu);
        case GLFW_KEY_F12:
            if (desk_.view().lines.empty()) desk_.toasts.show(Tone::neutral, Icon::cart, tr("Nothing to pay yet."));
            else open(PanelName::payment);
            return true;
        default: return false;
    }
}

/// V and Shift+Del count only where nothing is being typed.
bool TillApp::letter_key(const KeyPress& press) {
    if (!receipt_.code_empty() || press.control || press.alt) return false;
    if (press.character == 'v' || press.character == 'V') {
        open(PanelName::redeem);
        return true;
    }
    if (press.key == GLFW_KEY_DELETE && press.shift && !desk_.view().lines.empty()) {
        desk_.act([this] { return desk_.till.void_receipt(); },
                  [this] { desk_.toasts.show(Tone::neutral, Icon::trash, tr("The whole receipt was taken off.")); });
        return true;
    }
    return false;
}

void TillApp::key(const KeyPress& press) {
    if (desk_.pending() && approval_.key(press)) {
        follow_wishes();
        return;
    }
    if (panel_ && open_ == PanelName::payment && press.is(GLFW_KEY_F12)) {
        panel_->key(press);  // F12 twice pays exact
    } else if (panel_ && open_ == PanelName::receipt && press.is(GLFW_KEY_F12)) {
        panel_->key(press);
    } else if (!function_key(press)) {
        const bool used = panel_ && panel_->key(press);
        follow_wishes();
        if (!used && panel_ && press.is(GLFW_KEY_ESCAPE)) leave();
        else if (!used && !panel_ && !letter_key(press)) receipt_.key(press);
    }
    follow_wishes();
}

void TillApp::scan(const std::string& text) {
    if (desk_.pending()) {
        approval_.scan(text);
        follow_wishes();
        return;
    }
    if (!panel_ || !panel_->scan(text)) {
        // The next customer has begun; a sheet that belongs to the last one would be in the way.
        if (open_ == PanelName::receipt) open(PanelName::none);
        receipt_.scan(text);
        if (panel_ && panel_->cover() == Panel::Cover::whole) tell_scanned();
    }
    follow_wishes();
}

void TillApp::drop(const std::vector<std::filesystem::path>& files) {
    if (!panel_ || !panel_->drop(files)) {
        open(PanelName::sync);
        panel_->drop(files);
    }
}

bool TillApp::tick(double now) {
    bool changed = take_printer_news(desk_);
    changed = (panel_ && panel_->tick()) || changed;
    follow_wishes();
    constexpr double interval = 2;
    if (now - looked_at_ < interval) return changed;
    looked_at_ = now;
    const std::int64_t state_before = desk_.status.state_version;
    changed = desk_.refresh_status() || changed;
    if (desk_.status.state_version != state_before) tiles_.reload();
    const std::int64_t minute = desk_.node.clock().now().ms / 60'000;
    changed = changed || minute != minute_;
    minute_ = minute;
    return changed;
}

/// Back to where it was opened from: the menu's screens to the menu, all else to the receipt.
void TillApp::leave() {
    const Screen* screen = screen_of(open_);
    const bool from_menu = screen != nullptr && screen->section && screen->key.empty();
    open(from_menu ? PanelName::menu : PanelName::none);
}

/// The receipt lies under a screen: a toast says where the scan went.
void TillApp::tell_scanned() {
    if (desk_.view().lines.empty()) return;
    const node::ViewLine& line = desk_.view().lines.back();
    desk_.toasts.show(line.unknown ? Tone::danger : Tone::go, Icon::cart,
                      line.unknown ? fill_in(tr("Unknown code on the receipt: {}"), {line.line.code}) : fill_in(tr("On the receipt: {}"), {line.line.name}));
}

bool TillApp::settled() const { return (!panel_ || panel_->settled()) && (desk_.printer == nullptr || desk_.printer->settled()); }

void TillApp::later(const std::optional<KeyPress>& press) {
    if (press) touched_ = press;
}

void TillApp::draw_pad(Ui& ui, Rect area) {
    Rect inside = card(ui, area, space::m);
    const Rect pay = inside.cut_right(std::max(130.0F, inside.w * 0.28F), space::s);
    later(number_pad(ui, inside));
    const bool can = !desk_.view().lines.empty();
    if (button(ui, pay, {.label = tr("Pay"), .tone = Tone::go, .look = ButtonLook::solid, .enabled = can, .type = Type::figure}))
        later(pressed(GLFW_KEY_F12));
    const Color cap = can ? ui.theme.on_go.alpha(0.7F) : ui.theme.ink_faint;
    key_cap(ui, {pay.x, pay.y + pay.h / 2 + 20, pay.w, 30}, "F12", cap, cap.alpha(0.5F), Align::centre);
}

void TillApp::draw_right(Ui& ui, Rect area) {
    const Rect whole = area;
    const float pad_height = std::clamp(area.h * 0.36F, 190.0F, 264.0F);
    const Rect pad = area.cut_bottom(pad_height, space::m);
    const bool under_side = panel_ && panel_->cover() != Panel::Cover::tiles;
    if (!under_side) draw_pad(ui, pad);
    if (!panel_) tiles_.draw(ui, area);
    else panel_->draw(ui, under_side ? whole : area);
}

/// Receipt and panels, or a panel over both; and over the panels the approval that something waits for.
void TillApp::draw_body(Ui& ui, Rect body) {
    Rect right = body;
    Rect left = right.cut_left(std::max(576.0F, body.w * 0.54F), space::m);
    const bool waits = desk_.pending().has_value();
    const Rect over = right;
    {
        const Ui::PointerOff off(ui, waits);
        if (panel_ && panel_->cover() == Panel::Cover::whole) {
            panel_->draw(ui, body);
        } else {
            draw_total(ui, left.cut_bottom(112, space::m), desk_);
            receipt_.draw(ui, left, panel_ == nullptr && !waits);
            draw_right(ui, right);
        }
    }
    if (waits) approval_.draw(ui, over);
}

void TillApp::draw(Ui& ui, Rect area) {
    touched_.reset();
    Rect strip = area.cut_top(60);
    later(draw_title_strip(ui, strip, desk_, desk_.node.policy().hide_customer_info));
    later(draw_status_strip(ui, area.cut_bottom(32), desk_));
    Rect body = area.inset(space::m);
    later(draw_key_bar(ui, body.cut_bottom(46, space::m), desk_, open_));
    draw_body(ui, body);
    // Over the shop's name: never over the receipt, the total or a button.
    desk_.toasts.draw(ui, {strip.x + 52, strip.y, customer_region(strip).x - strip.x - 52, strip.h});
    if (touched_) key(*touched_);
    follow_wishes();
    if (touched_ || ui.pointer.released) ui.redraw_at(ui.now);
}

}  // namespace paprsek::ui
