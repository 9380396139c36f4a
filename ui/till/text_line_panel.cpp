// F11: a line without a product: its text, price and VAT group (T4), from texts that are kept at hand.
#include <algorithm>

#include "node/presets.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class TextLinePanel final : public Panel {
public:
    explicit TextLinePanel(Desk& desk) : desk_(desk), groups_(desk.policy().vat_groups()) {
        text_ = form_.add_text(tr("Text"), {.length_max = node::max_preset_bytes, .placeholder = tr("e.g. loan for a game")});
        price_ = form_.add_text(tr("Price"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk.words.currency_sign()});
        quantity_ = form_.add_text(tr("Quantity"), {.accepts = TextField::Accepts::amount, .length_max = 10, .suffix = "×"}, "1");
        std::vector<std::string> shown;
        for (const std::string& group : groups_) shown.push_back(group_title(group));
        vat_ = form_.add_choice(tr("VAT group"), shown);
        desk_.guarded([&] { presets_ = node::presets_of(desk_.node); });
    }

    bool key(const KeyPress& press) override {
        if (press.enter()) {
            add();
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            keep();
            return true;
        }
        if (press.is(GLFW_KEY_F5)) {
            forget();
            return true;
        }
        // Page keys walk through the texts that are kept; each fills the form.
        if (press.is(GLFW_KEY_PAGE_DOWN) || press.is(GLFW_KEY_PAGE_UP)) {
            const auto count = presets_.texts.size();
            if (count > 0) take(chosen_ < count ? (chosen_ + (press.key == GLFW_KEY_PAGE_DOWN ? 1 : count - 1)) % count : 0);
            return true;
        }
        return form_.key(press) || press.character != 0;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::pencil, tr("Text line"), tr("Something to sell that is not in the catalogue"), "Esc"}, closed);
        if (closed) desk_.close();
        Rect foot = inside.cut_bottom(48, space::m);
        const bool kept = chosen_ < presets_.texts.size();
        const Action keeping = kept ? Action{tr("Forget this text"), Icon::trash, GLFW_KEY_F5, [this] { forget(); }}
                                    : Action{tr("Keep this text"), Icon::star, GLFW_KEY_F3, [this] { keep(); }};
        draw_actions(ui, foot, {keeping, {tr("Put on the receipt"), Icon::none, GLFW_KEY_ENTER, [this] { add(); }, false, Tone::accent, ButtonLook::solid}});
        form_.draw(ui, inside.cut_top(form_.height(2), space::l), 2);
        draw_presets(ui, inside);
    }

private:
    std::string group_title(const std::string& group) const {
        const auto rate = desk_.policy().vat_rate(group, desk_.node.zone().local(desk_.node.clock().now()).date);
        return rate ? fill_in("{} {}", {group, desk_.words.percent(*rate)}) : group;
    }

    void draw_presets(Ui& ui, Rect inside) {
        Rect head = inside.cut_top(24, space::s);
        key_cap(ui, head, "PgDn", ui.theme.ink_faint, ui.theme.ink_faint.alpha(0.5F));
        ui.canvas.text(head, tr("Texts at hand"), Type::caption_strong, ui.theme.ink_soft);
        if (presets_.texts.empty()) {
            empty_state(ui, inside, Icon::star, tr("No text is kept yet"), tr("Fill it in once, and F3 keeps it here for a touch."));
            return;
        }
        constexpr float height = 46, price_width = 58;
        const float wide = (inside.w - 8 - space::s) / 2 - 2 * space::m;
        const auto fits = [&](const node::PresetText& preset) {
            return ui.canvas.width(preset.text, Type::strong) <= wide - (preset.price ? price_width + space::xs : 0);
        };
        const Type type = std::all_of(presets_.texts.begin(), presets_.texts.end(), fits) ? Type::strong : Type::caption_strong;
        const int rows = (static_cast<int>(presets_.texts.size()) + 1) / 2;
        list(ui, inside, list_, rows, {.row_height = height + space::s, .zebra = false, .focused = false, .bare = true}, [&](int row, Rect at) {
            at.h = height;
            for (int column = 0; column < 2; ++column) {
                const auto index = static_cast<std::size_t>(row * 2 + column);
                if (index >= presets_.texts.size()) return;
                const node::PresetText& preset = presets_.texts[index];
                Rect cell = Rect{at.x, at.y, at.w - 8, at.h}.cell(column, 2, 0, 1, space::s);
                if (button(ui, cell, {.selected = index == chosen_})) take(index);
                cell = cell.inset(space::m, 0);
                if (preset.price)
                    ui.canvas.number(cell.cut_right(price_width, space::xs), desk_.words.bare_money(*preset.price), Type::strong, ui.theme.ink_soft);
                const float line = ui.canvas.line_height(Type::caption_strong);
                if (ui.canvas.width(preset.text, type) <= cell.w)
                    ui.canvas.text(cell, preset.text, type, ui.theme.ink);
                else
                    ui.canvas.paragraph({cell.x, cell.centre().y - line, cell.w, 2 * line + 1}, preset.text, type, ui.theme.ink);
            }
        });
    }

    void take(std::size_t index) {
        chosen_ = index;
        list_.select(static_cast<int>(index / 2));
        const node::PresetText& preset = presets_.texts[index];
        form_.set_text(text_, preset.text);
        form_.set_text(price_, preset.price ? desk_.words.typed(*preset.price) : "");
        const auto group = std::find(groups_.begin(), groups_.end(), preset.vat);
        form_.set_chosen(vat_, group == groups_.end() ? 0 : static_cast<std::size_t>(group - groups_.begin()));
        form_.focus(price_);
    }

    std::string group() const { return groups_.empty() ? std::string() : groups_[form_.chosen(vat_)]; }

    void wrong(const char* sentence, std::size_t field) {
        desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
        form_.focus(field);
    }

    void add() {
        if (form_.text(text_).empty()) return wrong(tr("Say what it is."), text_);
        const auto price = Words::parse_typed<node::Money>(form_.text(price_));
        if (!price) return wrong(tr("That is not an amount."), price_);
        const auto quantity = Words::parse_typed<node::Quantity>(form_.text(quantity_));
        if (!quantity) return wrong(tr("That is not a quantity."), quantity_);
        desk_.act(
            [this, text = form_.text(text_), price = *price, vat = group(), quantity = *quantity] { return desk_.till.add_open(text, price, vat, quantity); },
            [this] {
                desk_.select_last_line();
                desk_.close();
            });
    }

    void keep() {
        if (form_.text(text_).empty()) return wrong(tr("Say what it is."), text_);
        node::PresetText preset{form_.text(text_), Words::parse_typed<node::Money>(form_.text(price_)), group()};
        desk_.guarded([&] {
            node::Presets presets = node::presets_of(desk_.node);
            std::erase_if(presets.texts, [&](const node::PresetText& each) { return each.text == preset.text; });
            presets.texts.push_back(preset);
            node::set_presets(desk_.node, presets);
            presets_ = presets;
            chosen_ = presets_.texts.size() - 1;
            desk_.toasts.show(Tone::go, Icon::star, tr("The text is kept."));
        });
    }

    void forget() {
        if (chosen_ >= presets_.texts.size()) return;
        desk_.guarded([&] {
            node::Presets presets = node::presets_of(desk_.node);
            std::erase_if(presets.texts, [&](const node::PresetText& each) { return each.text == presets_.texts[chosen_].text; });
            node::set_presets(desk_.node, presets);
            presets_ = presets;
            chosen_ = nothing;
        });
    }

    static constexpr std::size_t nothing = static_cast<std::size_t>(-1);
    Desk& desk_;
    std::vector<std::string> groups_;
    Form form_;
    std::size_t text_ = 0, price_ = 0, quantity_ = 0, vat_ = 0;
    node::Presets presets_;
    std::size_t chosen_ = nothing;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_text_line_panel(Desk& desk) { return std::make_unique<TextLinePanel>(desk); }

}  // namespace paprsek::ui
