// F2: every key and what it does.
#include <algorithm>
#include <iterator>

#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class HelpPanel final : public Panel {
public:
    explicit HelpPanel(Desk& desk) : desk_(desk) {}

    bool key(const KeyPress& press) override {
        if (press.enter() || press.is(GLFW_KEY_F2)) {
            desk_.close();
            return true;
        }
        return list_.handle(press, 22);
    }

    void draw(Ui& ui, Rect area) override {
        const struct {
            const char* key;
            const char* what;
        } rows[] = {
            {"Enter", tr("Takes the code typed; on an empty field, edits the line")},
            {"3*", tr("Before a code or a scan: three pieces")},
            {";", tr("Then a card: the customer, without leaving the receipt")},
            {"F1", tr("Customer by number, card or name")},
            {"F9", tr("Products, searched as you type")},
            {"F4", tr("Quantity, price and discount of the line")},
            {"+  −", tr("One piece more or fewer on the line")},
            {"Del", tr("Takes the line off")},
            {"Shift Del", tr("Takes the whole receipt off")},
            {"V", tr("Pays with the customer's points")},
            {"F12", tr("Payment; Enter there takes exact cash")},
            {"F6", tr("The last receipt again")},
            {"F11", tr("A line without a product: text, price, VAT group")},
            {"F5", tr("Puts the receipt aside")},
            {"F3", tr("What was put aside; tables")},
            {"Ctrl Z", tr("Takes off what was rung up last")},
            {"F7", tr("What waits for HQ; export and import by file")},
            {"F8", tr("Light, dark, high contrast")},
            {"F10", tr("Everything else: customers, goods, money, set-up")},
            {"Ctrl L", tr("Locks the till; the next one logs in")},
            {"Ctrl + −", tr("Larger and smaller")},
            {"Esc", tr("Back")},
        };
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::info_circle, tr("Keys"), tr("Each stands on its button, too"), "Esc"}, closed);
        if (closed) desk_.close();
        // All of one size: the larger one where every row has room for it.
        constexpr float key_width = 74;
        const float room = inside.w - key_width - 3 * space::s;
        const bool large = std::all_of(std::begin(rows), std::end(rows), [&](const auto& row) { return ui.canvas.width(row.what, Type::body) <= room; });
        list(ui, inside, list_, static_cast<int>(std::size(rows)), {.row_height = 42, .focused = false, .bare = true}, [&](int i, Rect row) {
            Rect line = row.inset(space::s, 0);
            const Ui::KeysNamed named(ui);
            key_cap(ui, line.cut_left(key_width, space::s), rows[i].key, ui.theme.ink_soft, ui.theme.ink_faint, Align::left);
            const float height = ui.canvas.line_height(Type::caption);
            if (large || ui.canvas.width(rows[i].what, Type::caption) <= line.w)
                ui.canvas.text(line, rows[i].what, large ? Type::body : Type::caption, ui.theme.ink);
            else
                ui.canvas.paragraph({line.x, line.centre().y - height, line.w, 2 * height + 1}, rows[i].what, Type::caption, ui.theme.ink);
        });
    }

private:
    Desk& desk_;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_help_panel(Desk& desk) { return std::make_unique<HelpPanel>(desk); }

}  // namespace paprsek::ui
