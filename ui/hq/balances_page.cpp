// F4: every customer with merged balances.
#include "ui/hq/search.h"

namespace paprsek::ui {
namespace {

class BalancesPage final : public Page {
public:
    explicit BalancesPage(Console& console) : console_(console) {}

    void enter() override { search_.want(); }
    bool settled() const override { return search_.settled(); }
    bool key(const KeyPress& press) override { return search_.key(press); }
    bool tick() override { return search_.tick(); }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        Rect inside = card(ui, area);
        search_.draw_field(ui, inside.cut_top(50, space::s), tr("Name, number or card"));
        const auto& found = search_.found();
        if (found.empty()) {
            empty_state(ui, inside, Icon::users, search_.looking() ? tr("Looking…") : tr("Nobody found"),
                        tr("Fewer letters find more; marks over letters do not matter."));
            return;
        }
        const Column columns[] = {{tr("No."), 52, 0, Align::right},     {tr("Customer"), 0, 1},
                                  {tr("Cards"), 140, 0},               {tr("Points"), 100, 0, Align::right},
                                  {tr("Spend"), 110, 0, Align::right},  {tr("Debt"), 100, 0, Align::right},
                                  {tr("Last purchase"), 110, 0, Align::right}};
        table(ui, inside, search_.list, columns, static_cast<int>(found.size()), {}, [&](int i, auto cells) {
            const hq::CustomerBalance& customer = found[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], customer.number ? std::to_string(*customer.number) : "–", Type::body, t.ink_soft);
            ui.canvas.text(cells[1], customer.name.empty() ? tr("Card without a name") : customer.name.c_str(), Type::strong,
                           customer.name.empty() ? t.ink_faint : t.ink);
            std::string cards = customer.cards.empty() ? "" : customer.cards.front();
            const auto others = static_cast<std::int64_t>(customer.cards.size()) - 1;
            if (others > 0) cards += "  +" + std::to_string(others);
            ui.canvas.text(cells[2], cards, Type::caption, t.ink_soft);
            ui.canvas.number(cells[3], console_.words.points_column(customer.points), Type::strong, customer.points.raw() < 0 ? t.danger : t.accent);
            ui.canvas.number(cells[4], console_.words.bare_money(customer.spend), Type::body, t.ink);
            ui.canvas.number(cells[5], console_.words.bare_money(customer.debt), Type::body, customer.debt.is_zero() ? t.ink_faint : t.warn);
            ui.canvas.number(cells[6], customer.last ? console_.words.date(*customer.last) : "–", Type::caption, t.ink_soft);
        });
    }

private:
    Console& console_;
    Search<hq::CustomerBalance> search_{console_, [](hq::Headquarters& headquarters, const std::string& text, std::size_t most) {
                                            return headquarters.customers(text, most);
                                        }};
};

}  // namespace

std::unique_ptr<Page> make_balances_page(Console& console) { return std::make_unique<BalancesPage>(console); }

}  // namespace paprsek::ui
