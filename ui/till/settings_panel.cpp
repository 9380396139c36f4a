// This till's own settings. What is changed acts at once and is kept.
#include <array>

#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

constexpr std::array zooms{80, 90, 100, 110, 125, 150, 175, 200};
constexpr std::array lock_minutes{0, 1, 2, 5, 10, 15, 30, 60};

/// The place of `value`, or of the nearest one above it.
template <std::size_t N>
std::size_t index_of(const std::array<int, N>& values, int value) {
    for (std::size_t i = 0; i < N; ++i) {
        if (values[i] >= value) return i;
    }
    return N - 1;
}

class SettingsPanel final : public Panel {
public:
    explicit SettingsPanel(Desk& desk) : desk_(desk) {
        for (int number = 1; number <= function_keys; ++number) {
            if (!is_fixed_key(number)) keys_.push_back(number);
        }
        const Settings& now = desk_.settings;
        language_ = form_.add_choice(tr("Language"), {"English", "Čeština", "Română"}, place_of_language());
        theme_ = form_.add_choice(tr("Colours"), {tr("Light"), tr("Dark"), tr("High contrast")}, static_cast<std::size_t>(now.theme));
        std::vector<std::string> sizes, waits;
        for (const int zoom : zooms) sizes.push_back(std::to_string(zoom));
        zoom_ = form_.add_choice(tr("Size in per cent"), sizes, index_of(zooms, now.zoom_percent));
        for (const int minutes : lock_minutes) waits.push_back(minutes == 0 ? std::string(tr("never")) : std::to_string(minutes));
        lock_ = form_.add_choice(tr("Lock after minutes without a key"), waits, index_of(lock_minutes, now.lock_minutes));
        mirrored_ = form_.add_flag(tr("For the left hand: the receipt stands at the right"), now.mirrored);
        sound_ = form_.add_flag(tr("Sound on scan, unknown code and refusal"), now.sound);
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        if (waits_for_key_) {
            take_key(press);
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            on_keys_ = !on_keys_;
            if (on_keys_ && list_.selected < 0) list_.select(0);
            return true;
        }
        if (press.is(GLFW_KEY_F5)) {
            as_delivered();
            return true;
        }
        if (!on_keys_) {
            const bool used = form_.key(press);
            apply();
            return used || press.character != 0;
        }
        if (press.is(GLFW_KEY_ESCAPE)) on_keys_ = false;
        else if (press.enter()) waits_for_key_ = list_.selected >= 0;
        else if (!list_.handle(press, static_cast<int>(keys_.size()))) return press.character != 0;
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::cog, tr("Settings"), tr("Of this till alone; what is changed acts at once"), "Esc"}, closed);
        if (closed) desk_.back();
        Rect right = inside.cut_right(std::max(340.0F, inside.w * 0.4F), space::xl);
        if (form_.draw(ui, inside.cut_top(form_.height(), space::m), 1, !on_keys_)) {
            on_keys_ = false;
            apply();
        }
        const int fits = static_cast<int>(ui.zoom_max * 100 + 0.5F);
        if (const int wanted = zooms[form_.chosen(zoom_)]; wanted > fits) {
            const std::string sentence = fill_in(tr("This window has room for {} per cent at most: larger sizes need a larger one."), {std::to_string(fits)});
            notice(ui, inside.cut_top(std::min(inside.h, 56.0F)), Tone::neutral, Icon::info_circle, sentence);
        }
        draw_keys(ui, right);
    }

private:
    static std::size_t place_of_language() {
        for (std::size_t i = 0; i < std::size(languages); ++i) {
            if (languages[i] == language()) return i;
        }
        return 0;
    }

    void apply() {
        Settings wanted = desk_.settings;
        if (form_.changed(language_)) wanted.language = languages[form_.chosen(language_)];
        if (form_.changed(theme_)) wanted.theme = static_cast<ThemeName>(form_.chosen(theme_));
        if (form_.changed(zoom_)) wanted.zoom_percent = zooms[form_.chosen(zoom_)];
        wanted.mirrored = form_.flag(mirrored_);
        wanted.sound = form_.flag(sound_);
        // Whoever may be locked out does not say when.
        if (form_.changed(lock_)) {
            const int minutes = lock_minutes[form_.chosen(lock_)];
            form_.settle();
            desk_.act([this] { return desk_.till.demand(node::Permission::manage_users); },
                      [this, minutes] {
                          Settings changed = desk_.settings;
                          changed.lock_minutes = minutes;
                          desk_.set_settings(changed);
                      });
        } else if (wanted != desk_.settings) {
            form_.settle();
            desk_.set_settings(wanted);
        }
    }

    void as_delivered() {
        Settings changed = desk_.settings;
        changed.keys = keys_as_delivered;
        desk_.set_settings(changed);
    }

    void take_key(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) {
            waits_for_key_ = false;
            return;
        }
        if (press.key < GLFW_KEY_F1 || press.key > GLFW_KEY_F12) return;
        waits_for_key_ = false;
        // What arrives is what the key means; the key itself is the one whose meaning that is.
        const int pressed_number = desk_.settings.keys[static_cast<std::size_t>(press.key - GLFW_KEY_F1)];
        const int meaning = keys_[static_cast<std::size_t>(list_.selected)];
        const auto changed = exchanged(desk_.settings.keys, meaning, pressed_number);
        if (!changed) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("F1, F9 and F12 are the same at every till."));
            return;
        }
        Settings wanted = desk_.settings;
        wanted.keys = *changed;
        desk_.set_settings(wanted);
    }

    static std::string meaning_text(int number) {
        const std::string cap = "F" + std::to_string(number);
        for (const Screen& screen : screens()) {
            if (screen.key == cap) return tr(screen.label);
        }
        if (number == 8) return tr("Light, dark, high contrast");
        return fill_in(tr("What screens call {}"), {cap});
    }

    void draw_keys(Ui& ui, Rect rect) {
        Rect head = rect.cut_top(26, space::s);
        ui.canvas.text(head, tr("Keys"), Type::strong, ui.theme.ink);
        ui.canvas.text(head, tr("two keys swap places"), Type::caption, ui.theme.ink_soft, Align::right);
        Rect foot = rect.cut_bottom(48);
        rect.cut_bottom(space::m);
        if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("Change keys"), .key = "F3", .icon = Icon::pencil, .selected = on_keys_})) {
            on_keys_ = !on_keys_;
            if (list_.selected < 0) list_.select(0);
        }
        if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Original keys"), .key = "F5", .icon = Icon::undo})) as_delivered();
        const ListEvents events = list(ui, rect, list_, static_cast<int>(keys_.size()), {.row_height = 44, .focused = on_keys_}, [&](int i, Rect row) {
            Rect line = row.inset(space::m, 0);
            const int number = keys_[static_cast<std::size_t>(i)];
            const bool waits = waits_for_key_ && i == list_.selected;
            if (waits) ui.canvas.text(line, tr("Press the new key"), Type::caption_strong, ui.theme.accent, Align::right);
            else {
                const Ui::KeysNamed named(ui);
                key_cap(ui, line, "F" + std::to_string(number), ui.theme.ink, ui.theme.ink_faint);
            }
            ui.canvas.text(line, meaning_text(number), Type::body, ui.theme.ink);
        });
        if (events.clicked >= 0) on_keys_ = true;
        if (events.activated >= 0) waits_for_key_ = true;
    }

    Desk& desk_;
    Form form_;
    std::size_t language_ = 0, theme_ = 0, zoom_ = 0, lock_ = 0, mirrored_ = 0, sound_ = 0;
    std::vector<int> keys_;
    ListState list_;
    bool on_keys_ = false, waits_for_key_ = false;
};

}  // namespace

std::unique_ptr<Panel> make_settings_panel(Desk& desk) { return std::make_unique<SettingsPanel>(desk); }

}  // namespace paprsek::ui
