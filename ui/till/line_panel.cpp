// F4, Enter or a double click on a line: its quantity, price and discount, and why it costs what it costs. An unknown code
// gets its price here.
#include <algorithm>
#include <array>

#include "ui/kit/list.h"
#include "ui/till/favourites.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

std::string reason_text(const Words& words, const node::Reason& reason) {
    const std::string percent = words.percent(reason.figure);
    switch (reason.why) {
        case node::Why::unit_price: return tr("Price of the catalogue");
        case node::Why::typed_price: return tr("Price typed at the till");
        case node::Why::embedded_price: return tr("Price from the code");
        case node::Why::excluded: return tr("Excluded goods: no discount, no points");
        case node::Why::manual_ignored: return tr("The discount given was left out: excluded goods");
        case node::Why::fixed_discount: return fill_in(tr("The customer's own discount {}"), {percent});
        case node::Why::programme_discount: return fill_in(tr("Programme {} {}"), {reason.subject, percent});
        case node::Why::dealer_discount: return fill_in(tr("Dealer {} {}"), {reason.subject, percent});
        case node::Why::level_discount: {
            const auto spend = node::parse<node::Money>(reason.subject);
            return fill_in(tr("For a spend of {} and more {}"), {spend ? words.money(*spend) : reason.subject, percent});
        }
        case node::Why::time_discount: return fill_in(tr("At this time of day {}"), {percent});
        case node::Why::manual_discount: return fill_in(tr("Given by the cashier {}"), {percent});
        case node::Why::capped: return tr("Held at 100 %");
        case node::Why::points_of_product: return tr("Points set for the product");
        case node::Why::points_of_price: return tr("Points by the price");
        case node::Why::points_of_margin: return tr("Points by the margin");
        case node::Why::multiplier: return fill_in(tr("Points times {}"), {node::print(reason.figure)});
        case node::Why::no_points_mode: return tr("No points today: discounts by spend");
    }
    return {};
}

class LinePanel final : public Panel {
public:
    explicit LinePanel(Desk& desk) : desk_(desk) { load(); }

    Cover cover() const override { return Cover::tiles; }
    void leaving() override { desk_.edited_line = -1; }

    bool key(const KeyPress& press) override {
        if (press.enter()) {
            confirm();
            return true;
        }
        if (press.is(GLFW_KEY_TAB) || press.is(GLFW_KEY_DOWN) || press.is(GLFW_KEY_UP)) {
            focus(press.shift || press.key == GLFW_KEY_UP ? (focused_ + 2) % 3 : (focused_ + 1) % 3);
            return true;
        }
        if (press.is(GLFW_KEY_INSERT) && desk_.may_make_product(static_cast<int>(index_))) {
            desk_.make_product(static_cast<int>(index_));
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            turn();
            return true;
        }
        // Where something is being typed, Del takes letters away.
        if (press.is(GLFW_KEY_DELETE) && (fields_[focused_].empty() || fields_[focused_].proposed())) {
            void_line();
            return true;
        }
        return fields_[focused_].handle(press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const node::ViewLine* line = current();
        const std::string title = line == nullptr ? tr("No line") : line->unknown ? tr("Unknown code") : line->line.name;
        Rect inside = sheet(ui, area, {Icon::pencil, title, line != nullptr ? line->line.code : std::string(), "Esc"}, closed);
        if (closed || line == nullptr) {
            desk_.close();
            return;
        }
        const Rect foot = inside.cut_bottom(48, space::m);
        Rect row = inside.cut_top(72, space::m);
        const char* labels[] = {tr("Quantity"), tr("Unit price"), tr("Discount")};
        const std::string suffixes[] = {"×", desk_.words.currency_sign(), "%"};
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            Rect cell = row.cell(static_cast<int>(i), 3, 0, 1, space::s);
            ui.canvas.text(cell.cut_top(20, 2), labels[i], Type::caption, ui.theme.ink_soft);
            if (text_field(ui, cell, fields_[i], {.focused = i == focused_, .type = Type::title, .suffix = suffixes[i], .align = Align::right}))
                focused_ = i;
        }
        if (const int at = static_cast<int>(index_); desk_.may_make_product(at)) {
            if (button(ui, inside.cut_bottom(48, space::s), {.label = tr("Make a product"), .key = "Ins", .icon = Icon::plus})) {
                desk_.make_product(at);
                return;
            }
        }
        draw_reasons(ui, inside, *line);
        if (button(ui, foot.cell(0, 2, 0, 1, space::s),
                   {.label = line->unknown ? tr("Void line") : tr("Void line"), .key = "Del", .icon = Icon::trash, .tone = Tone::danger}))
            void_line();
        if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Save"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid}))
            confirm();
    }

private:
    const node::ViewLine* current() const {
        const auto& lines = desk_.view().lines;
        return index_ < lines.size() ? &lines[index_] : nullptr;
    }

    void load() {
        index_ = desk_.selected_line < 0 ? desk_.view().lines.size() : static_cast<std::size_t>(desk_.selected_line);
        const node::ViewLine* line = current();
        if (line == nullptr) return;
        desk_.edited_line = static_cast<int>(index_);
        loaded_ = {desk_.words.typed(line->line.quantity), line->unknown ? "" : desk_.words.typed(line->line.price), ""};
        for (const node::Reason& reason : line->why) {
            if (reason.why == node::Why::manual_discount) loaded_[2] = desk_.words.typed(reason.figure);
        }
        for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i].set(loaded_[i]);
        focus(line->unknown ? 1 : 0);
    }

    void focus(std::size_t field) {
        fields_[focused_].set(fields_[focused_].text());
        focused_ = field;
        fields_[field].propose(fields_[field].text());
    }

    /// F3: its product stands among the tiles, or does no more.
    void turn() {
        const node::ViewLine* line = current();
        if (line != nullptr && !line->line.product.empty()) favourites_.turn(line->line.product, line->line.name);
    }

    void draw_reasons(Ui& ui, Rect rect, const node::ViewLine& line) {
        Rect head = rect.cut_top(line.line.product.empty() ? 22 : 42, 2);
        if (!line.line.product.empty() && favourites_.draw_button(ui, head.cut_right(168, space::s), line.line.product)) turn();
        ui.canvas.text(head, line.unknown ? tr("Give it a price to sell it as it is.") : tr("Why this price?"), Type::caption_strong,
                       ui.theme.ink_soft);
        if (line.unknown) return;
        const auto count = static_cast<int>(line.why.size());
        const float row_height = std::clamp(rect.h / static_cast<float>(std::max(count, 1)), 20.0F, 26.0F);
        list(ui, rect, reasons_, count, {.row_height = row_height, .zebra = false, .focused = false, .bare = true},
             [&](int i, Rect row) {
                 ui.canvas.circle({row.x + 5, row.y + row.h / 2}, 2.5F, ui.theme.accent);
                 row.cut_left(16);
                 ui.canvas.text(row, reason_text(desk_.words, line.why[static_cast<std::size_t>(i)]), Type::body, ui.theme.ink);
             });
    }

    void void_line() {
        desk_.act([this] { return desk_.till.void_line(index_); }, [this] { desk_.close(); });
    }

    /// Sends only what was changed, each as the session's own command; one that needs an approval is followed by the others after it.
    void confirm(std::size_t field = 0) {
        while (field < fields_.size() && fields_[field].text() == loaded_[field]) ++field;
        if (field == fields_.size()) {
            desk_.close();
            return;
        }
        const std::function<node::Outcome()> command = command_of(field);
        if (!command) return;
        desk_.act(command, [this, field] {
            loaded_[field] = fields_[field].text();
            // L13: it was taken, and changes nothing.
            if (field == 2 && current() != nullptr && current()->manual_ignored)
                desk_.toasts.show(Tone::warn, Icon::warning, tr("The discount given was left out: excluded goods"));
            confirm(field + 1);
        });
    }

    /// Nothing, and a sentence, where the field holds no figure.
    std::function<node::Outcome()> command_of(std::size_t field) {
        const std::string& text = fields_[field].text();
        const auto wrong = [&](const char* sentence) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
            return nullptr;
        };
        if (field == 0) {
            const auto quantity = Words::parse_typed<node::Quantity>(text);
            if (!quantity) return wrong(tr("That is not a quantity."));
            return [this, quantity] { return desk_.till.set_quantity(index_, *quantity); };
        }
        if (field == 1) {
            const auto price = Words::parse_typed<node::Money>(text);
            if (!price) return wrong(tr("That is not an amount."));
            return [this, price] { return desk_.till.set_price(index_, *price); };
        }
        const auto percent = text.empty() ? node::Rate{} : Words::parse_typed<node::Rate>(text);
        if (!percent) return wrong(tr("That is not a percentage."));
        return [this, percent] { return desk_.till.set_discount(index_, *percent); };
    }

    Desk& desk_;
    std::size_t index_ = 0;
    std::array<TextField, 3> fields_{TextField(TextField::Accepts::amount, 10), TextField(TextField::Accepts::amount, 14),
                                     TextField(TextField::Accepts::amount, 8)};
    std::array<std::string, 3> loaded_;
    std::size_t focused_ = 0;
    ListState reasons_;
    Favourites favourites_{desk_};
};

}  // namespace

std::unique_ptr<Panel> make_line_panel(Desk& desk) { return std::make_unique<LinePanel>(desk); }

}  // namespace paprsek::ui
