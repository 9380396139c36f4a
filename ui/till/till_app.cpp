#include "ui/till/till_app.h"

#include <algorithm>

#include "node/base/error.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/lookup.h"
#include "ui/kit/keymap.h"
#include "ui/till/exchange_watch.h"
#include "ui/till/frame.h"
#include "ui/till/open_beside.h"
#include "ui/till/printer_watch.h"
#include "ui/till/screens.h"

namespace paprsek::ui {

TillApp::TillApp(node::Node& node, node::Till& till, ShellOptions& options, const Settings& settings, fiscal::PrinterWorker* printer)
    : desk_(node, till, settings), options_(options), receipt_(desk_), tiles_(desk_), approval_(desk_), login_(desk_) {
    desk_.printer = printer;
    if (printer != nullptr) printer->follow(desk_.view());  // the receipt that was in hand when the program ended
    desk_.refresh_status();
    login_.reset();
}

void TillApp::open(PanelName name) {
    if (panel_) panel_->leaving();
    forget_screen();
    keep({open_, std::move(panel_)});
    for (Left& each : way_) keep(std::move(each));
    way_.clear();
    desk_.subject = desk_.view().customer ? desk_.view().customer->id : std::string();  // until a screen names another one
    open_ = name;
    panel_ = panel_of(name);
}

/// A delivery note of eighty lines is not gone because a customer comes.
void TillApp::keep(Left left) {
    if (!left.panel || !left.panel->unsaved()) return;
    const Screen* screen = screen_of(left.name);
    desk_.toasts.show(Tone::neutral, Icon::clock, fill_in(tr("“{}” waits with what was entered"), {screen != nullptr ? tr(screen->label) : ""}));
    const std::string subject = left.panel->subject();
    kept_[{left.name, subject}] = std::move(left.panel);
}

std::unique_ptr<Panel> TillApp::panel_of(PanelName name) {
    const std::optional<std::string> subject = desk_.subject_of(name);
    auto kept = subject ? kept_.extract({name, *subject}) : decltype(kept_)::node_type();
    if (!kept) return make_panel(name, desk_);
    kept.mapped()->returned();
    return std::move(kept.mapped());
}

bool TillApp::show(const std::string& screen) {
    const auto name = panel_from(screen);
    if (name) open(*name);
    return name.has_value();
}

/// What waited for a second person's approval belonged to the screen that goes, and so did what it refused.
void TillApp::forget_screen() {
    desk_.give_up();
    approval_.clear();
    desk_.toasts.forget_seen_refusals();
}

/// Esc leads back to it from there. What lies over the tiles belongs to the sale, and so does a screen with a key of its own that
/// the menu leads to: from these the way back is the receipt.
void TillApp::open_from_here(PanelName name) {
    const Screen* screen = screen_of(name);
    const bool to_the_sale = !panel_ || panel_->cover() == Panel::Cover::tiles || name == PanelName::none ||
                             (open_ == PanelName::menu && screen != nullptr && !screen->key.empty());
    if (to_the_sale) {
        open(name);
        return;
    }
    panel_->leaving();
    forget_screen();
    way_.push_back({open_, std::move(panel_)});
    open_ = name;
    panel_ = panel_of(name);
}

void TillApp::tell(const std::string& fault) {
    if (!fault.empty()) desk_.toasts.show(Tone::warn, Icon::warning, fault);
}

void TillApp::follow_wishes() {
    while (desk_.take_back()) leave();  // one that has nothing left to show goes on at once
    while (const auto wanted = desk_.take_wanted()) open_from_here(*wanted);
    if (std::exchange(desk_.goods_changed, false)) tiles_.reload();
    follow_settings();
    // Whoever comes next finds no screen of the last one.
    const bool out = login_.wanted();
    if (out && !was_out_) {
        desk_.give_up();
        approval_.clear();
        login_.reset();
    } else if (!out && was_out_ && desk_.view().cashier != cashier_) {
        open(PanelName::none);
    }
    if (!out) cashier_ = desk_.view().cashier;
    was_out_ = out;
}

void TillApp::follow_settings() {
    if (!desk_.take_settings_changed()) return;
    const std::string spoken = language();
    options_.theme = desk_.settings.theme;
    options_.zoom = static_cast<float>(desk_.settings.zoom_percent) / 100;
    if (spoken == spoken_) return;
    spoken_ = spoken;
    panel_ = make_panel(open_, desk_);  // it says what it was made with
}

void TillApp::lock() {
    if (!desk_.view().staff.guarded) desk_.open(PanelName::users);
    else if (!login_.wanted()) desk_.act([this] { return desk_.till.lock(); });
}

/// Keys that mean the same everywhere.
bool TillApp::function_key(const KeyPress& press) {
    if (press.control && press.key == GLFW_KEY_L) {
        lock();
        return true;
    }
    if (press.control || press.alt) return false;
    const auto toggled = [&](PanelName name) {
        toggle(name);
        return true;
    };
    // The settings may be waiting for any of them, to give it another meaning.
    if (open_ == PanelName::settings && panel_ && panel_->key(press)) return true;
    switch (press.key) {
        case GLFW_KEY_F1: return toggled(PanelName::customer);
        case GLFW_KEY_F2: return toggled(PanelName::help);
        case GLFW_KEY_F4:
            if (!desk_.view().lines.empty()) toggle(PanelName::line);
            return true;
        // The screens have these first: each prints on its buttons what they do there.
        case GLFW_KEY_F3: return (panel_ && panel_->key(press)) || toggled(PanelName::tables);
        case GLFW_KEY_F5:
            if (!panel_ || !panel_->key(press)) put_aside();
            return true;
        case GLFW_KEY_F11: return (panel_ && panel_->key(press)) || toggled(PanelName::text_line);
        case GLFW_KEY_F6: return toggled(PanelName::receipt);
        case GLFW_KEY_F7: return toggled(PanelName::sync);
        case GLFW_KEY_F8:
        {
            Settings changed = desk_.settings;
            changed.theme = next_theme(options_.theme);
            desk_.set_settings(changed);
            return true;
        }
        case GLFW_KEY_F9: return toggled(PanelName::products);
        case GLFW_KEY_F10: return toggled(PanelName::menu);
        case GLFW_KEY_F12:
            if (panel_ && panel_->cover() == Panel::Cover::whole && panel_->key(press)) return true;  // finishes what the screen is for
            if (desk_.view().lines.empty()) desk_.toasts.show(Tone::neutral, Icon::cart, tr("Nothing to pay yet."));
            else open(PanelName::payment);
            return true;
        default: return false;
    }
}

/// F5: the receipt in hand goes where it stands, or among those at no table; with nothing in hand, what lies aside is shown.
void TillApp::put_aside() {
    if (desk_.view().lines.empty() && desk_.view().place.empty()) return open(PanelName::tables);
    if (!desk_.act([&] { return desk_.till.park(); })) return;
    desk_.selected_line = -1;
    desk_.code.clear();
    desk_.toasts.show(Tone::go, Icon::inbox, tr("Put aside. F3 shows what lies there."));
    open(PanelName::none);
}

/// Ctrl+Z: the last line that was rung up, whichever is chosen.
void TillApp::undo_last_line() {
    const std::size_t count = desk_.view().lines.size();
    if (count == 0) return;
    const node::ViewLine& line = desk_.view().lines.back();
    const std::string name = line.unknown ? line.line.code : line.line.name;
    desk_.act([this, count] { return desk_.till.void_line(count - 1, tr("Undone at once")); },
              [this, name] {
                  desk_.select_last_line();
                  desk_.toasts.show(Tone::neutral, Icon::undo, fill_in(tr("Taken off again: {}"), {name}));
              });
}

/// V and Ctrl+Z count only where nothing is being typed.
bool TillApp::letter_key(const KeyPress& press) {
    if (press.alt) return false;
    if (press.key == GLFW_KEY_DELETE && press.shift && !press.control && !desk_.view().lines.empty()) {
        open(PanelName::void_receipt);
        return true;
    }
    if (!receipt_.code_empty()) return false;
    if (press.control) {
        if (press.key != GLFW_KEY_Z) return false;
        undo_last_line();
        return true;
    }
    if (press.character == 'v' || press.character == 'V') {
        open(PanelName::redeem);
        return true;
    }
    return false;
}

void TillApp::key(const KeyPress& press) {
    KeyPress meant = press;
    meant.key = meaning_of(press.key);
    active_at_ = now_;
    if (desk_.checking() || !held_.empty()) held_.emplace_back(meant);
    else act_on(meant);
}

/// What came while a PIN was being checked is meant for what is there after it.
void TillApp::take_held() {
    while (!held_.empty() && !desk_.checking()) {
        const auto event = std::move(held_.front());
        held_.pop_front();
        if (const auto* press = std::get_if<KeyPress>(&event)) act_on(*press);
        else take_scan(std::get<std::string>(event));
    }
}

void TillApp::act_on(const KeyPress& press) {
    if (login_.wanted()) {
        login_.key(press);
        follow_wishes();
        return;
    }
    if (desk_.pending() && approval_.key(press)) {
        follow_wishes();
        return;
    }
    if (panel_ && panel_->finishes() && press.is(GLFW_KEY_F12)) {
        panel_->key(press);
    } else if (!function_key(press)) {
        const bool used = panel_ && panel_->key(press);
        follow_wishes();
        if (!used && panel_ && press.is(GLFW_KEY_ESCAPE)) leave();
        else if (!used && !panel_ && !letter_key(press)) receipt_.key(press);
    }
    follow_wishes();
}

void TillApp::toggle(PanelName name) { open(open_ == name ? PanelName::none : name); }

/// A button of the key bar does what it says, also where the open screen has another use for its key.
void TillApp::touch_bar(BarButton button) {
    switch (button) {
        case BarButton::customer: toggle(PanelName::customer); break;
        case BarButton::products: toggle(PanelName::products); break;
        case BarButton::edit_line: toggle(PanelName::line); break;
        case BarButton::void_line:
            if (open_ == PanelName::line) panel_->key(pressed(GLFW_KEY_DELETE));  // the line that it shows
            else receipt_.void_selected();
            break;
        case BarButton::points: open(PanelName::redeem); break;
        case BarButton::put_aside: put_aside(); break;
        case BarButton::tables: toggle(PanelName::tables); break;
        case BarButton::hq: toggle(PanelName::sync); break;
        case BarButton::menu: toggle(PanelName::menu); break;
    }
    follow_wishes();
}

void TillApp::scan(const std::string& text) {
    if (desk_.checking() || !held_.empty()) {
        noted_ = false;
        held_.emplace_back(text);
        return;
    }
    take_scan(text);
    note_outcome(text);
}

void TillApp::take_scan(const std::string& text) {
    active_at_ = now_;
    if (login_.wanted()) {
        login_.scan(text);
        follow_wishes();
        return;
    }
    // Goods are rung up while somebody is asked for a badge, too (T3).
    if (desk_.pending() && is_badge(text)) {
        approval_.scan(text);
        follow_wishes();
        return;
    }
    taken_by_ = open_;
    if (!panel_ || !panel_->scan(text)) {
        taken_by_ = PanelName::none;
        // The next customer has begun; a sheet that belongs to the last one would be in the way.
        if (open_ == PanelName::receipt) open(PanelName::none);
        receipt_.scan(text);
        if (panel_ && panel_->cover() == Panel::Cover::whole) tell_scanned();
    }
    follow_wishes();
}

bool TillApp::is_badge(const std::string& code) {
    bool badge = false;
    desk_.guarded([&] {
        badge = node::read_code(desk_.node.database(), desk_.node.policy(), code).kind == node::CodeReading::Kind::badge ||
                node::user_by_badge(desk_.node.database(), node::normalise_code(code));
    });
    return badge;
}

/// For the scan inspector. Badges and PINs, and what is typed of users, are nobody's to look at.
void TillApp::burst(const Burst& burst) {
    noted_ = false;
    if (login_.wanted() || desk_.pending() || open_ == PanelName::users) return;
    const bool badge = burst.verdict == Burst::Verdict::scan && is_badge(burst.text);
    if (!badge) noted_ = desk_.scans.add(burst, desk_.node.clock().now(), open_ == PanelName::scans);
}

void TillApp::note_outcome(const std::string& code) {
    if (!std::exchange(noted_, false)) return;
    if (taken_by_ == PanelName::scans) return;  // it is only looked at
    if (taken_by_ != PanelName::none) {
        const Screen* screen = screen_of(taken_by_);
        desk_.scans.tell(fill_in(tr("The screen “{}” took it"), {screen != nullptr ? tr(screen->label) : ""}), false);
        return;
    }
    const auto& view = desk_.view();
    const bool is_line = !view.lines.empty() && view.lines.back().line.code == node::normalise_code(code);
    if (is_line && view.lines.back().unknown) desk_.scans.tell(tr("An unknown code: a red row on the receipt"), true);
    else if (is_line) desk_.scans.tell(fill_in(tr("On the receipt: {}"), {view.lines.back().line.name}), false);
    else if (view.customer) desk_.scans.tell(fill_in(tr("The customer on the receipt: {}"), {view.customer->shown}), false);
    else desk_.scans.tell(tr("It went to the receipt, and became no line"), true);
}

void TillApp::drop(const std::vector<std::filesystem::path>& files) {
    if (login_.wanted()) return;
    if (!panel_ || !panel_->drop(files)) {
        open(PanelName::sync);
        panel_->drop(files);
    }
}

bool TillApp::tick(double now) {
    bool changed = take_printer_news(desk_);
    changed = desk_.follow_receipt(now) || changed;
    changed = follow_exchange(desk_) || changed;
    changed = desk_.follow_beside() || changed;
    changed = tiles_.tick() || changed;
    changed = (panel_ && panel_->tick()) || changed;
    now_ = now;
    // Ctrl + and − are the shell's; the size is kept all the same.
    const int percent = static_cast<int>(options_.zoom * 100 + 0.5F);
    if (percent != desk_.settings.zoom_percent && !options_.screenshot && !options_.play) {
        Settings resized = desk_.settings;
        resized.zoom_percent = percent;
        desk_.set_settings(resized);
    }
    const auto& staff = desk_.view().staff;
    const double patience = 60.0 * desk_.settings.lock_minutes;
    if (patience > 0 && staff.guarded && staff.logged_in && !staff.locked && now - active_at_ > patience) {
        lock();
        changed = true;
    }
    follow_wishes();
    take_held();
    read_ahead();
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

/// Once, a moment after the till is there: not in the way of the first scan.
void TillApp::read_ahead() {
    constexpr double moment = 1;  // seconds
    if (ahead_.running()) ahead_.take();
    if (!settled_at_ && tiles_.settled()) settled_at_ = now_;
    if (!settled_at_ || now_ - *settled_at_ < moment || ahead_begun_) return;
    ahead_begun_ = true;
    ahead_.start([folder = desk_.node.folder()](Progress& progress) {
        try {
            node::read_ahead(open_beside(folder)->database(), [&progress] { return !progress.cancelled(); });
        } catch (const node::Error&) {
            return false;  // the scan that needs it says what is wrong
        }
        return true;
    });
}

/// Back to where it was opened from.
void TillApp::leave() {
    if (way_.empty()) {
        open(PanelName::none);
        return;
    }
    if (panel_) panel_->leaving();
    forget_screen();
    keep({open_, std::move(panel_)});
    open_ = way_.back().name;
    panel_ = std::move(way_.back().panel);
    way_.pop_back();
    panel_->returned();
}

/// The receipt lies under a screen: a toast says where the scan went.
void TillApp::tell_scanned() {
    if (desk_.view().lines.empty()) return;
    const node::ViewLine& line = desk_.view().lines.back();
    desk_.toasts.show(line.unknown ? Tone::danger : Tone::go, Icon::cart,
                      line.unknown ? fill_in(tr("Unknown code on the receipt: {}"), {line.line.code}) : fill_in(tr("On the receipt: {}"), {line.line.name}));
}

bool TillApp::settled() const {
    const bool read = tiles_.settled() && (!panel_ || panel_->settled());
    return read && !desk_.till.keeping() && !desk_.beside().running() && (desk_.printer == nullptr || desk_.printer->settled());
}

std::string TillApp::where() const {
    if (login_.wanted()) return "login";
    if (desk_.pending()) return "approval";
    const Screen* screen = screen_of(open_);
    return screen != nullptr ? std::string(screen->id) : "till";
}

void TillApp::later(const std::optional<KeyPress>& press) {
    if (press) touched_ = press;
}

void TillApp::draw_pad(Ui& ui, Rect area) {
    Rect inside = card(ui, area, space::m);
    const Rect pay = inside.cut_right(std::max(130.0F, inside.w * 0.28F), space::s);
    later(number_pad(ui, inside));
    const auto& lines = desk_.view().lines;
    const bool can = std::any_of(lines.begin(), lines.end(), [](const node::ViewLine& line) { return !line.unknown; });
    if (button(ui, pay, {.label = tr("Pay"), .tone = Tone::go, .look = ButtonLook::solid, .enabled = can, .type = Type::figure}) && !ui.pointer.twice)
        later(pressed(GLFW_KEY_F12));  // a second tap of one who taps twice is no "exact cash"
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
    else draw_panel(ui, under_side ? whole : area);
}

void TillApp::draw_panel(Ui& ui, Rect area) {
    ui.keys_shown.clear();
    panel_->draw(ui, area);
    taken_keys_ = std::move(ui.keys_shown);
}

/// Receipt and panels, or a panel over both; and over the panels the approval that something waits for.
void TillApp::draw_body(Ui& ui, Rect body) {
    Rect right = body;
    const float receipt_width = std::max(576.0F, body.w * 0.54F);
    Rect left = desk_.settings.mirrored ? right.cut_right(receipt_width, space::m) : right.cut_left(receipt_width, space::m);
    const bool waits = desk_.pending().has_value();
    const Rect over = right;
    taken_keys_.clear();
    {
        const Ui::PointerOff off(ui, waits);
        if (panel_ && panel_->cover() == Panel::Cover::whole) {
            draw_panel(ui, body);
        } else {
            draw_total(ui, left.cut_bottom(112, space::m), desk_);
            receipt_.draw(ui, left, panel_ == nullptr && !waits);
            draw_right(ui, right);
        }
    }
    if (!waits) return;
    ui.keys_shown = std::move(taken_keys_);
    approval_.draw(ui, over);
    taken_keys_ = std::move(ui.keys_shown);
}

void TillApp::draw(Ui& ui, Rect area) {
    touched_.reset();
    ui.screen = panel_.get();
    if (ui.pointer.pressed || ui.pointer.released) active_at_ = now_;
    Rect strip = area.cut_top(60);
    if (login_.wanted()) {
        draw_closed_strip(ui, strip, desk_);
        login_.draw(ui, area);
        desk_.toasts.draw(ui, {strip.x + 52, strip.y, customer_region(strip).x - strip.x - 52, strip.h});
        follow_wishes();
        if (ui.pointer.released) ui.redraw_at(ui.now);
        return;
    }
    later(draw_title_strip(ui, strip, desk_, desk_.policy().hide_customer_info));
    later(draw_status_strip(ui, area.cut_bottom(32), desk_));
    Rect body = area.inset(space::m);
    const Rect bar = body.cut_bottom(46, space::m);
    draw_body(ui, body);
    const bool whole = panel_ && panel_->cover() == Panel::Cover::whole;
    bar_touched_ = draw_key_bar(ui, bar, desk_, {open_, !whole && !desk_.pending(), taken_keys_});
    // Over the shop's name: never over the receipt, the total or a button.
    desk_.toasts.draw(ui, {strip.x + 52, strip.y, customer_region(strip).x - strip.x - 52, strip.h});
    if (touched_) act_on(*touched_);
    if (bar_touched_) touch_bar(*bar_touched_);
    follow_wishes();
    if (touched_ || bar_touched_ || ui.pointer.released) ui.redraw_at(ui.now);
}

}  // namespace paprsek::ui
