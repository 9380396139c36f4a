// F4: every customer with merged balances, searched as one types. The search runs on a worker: a chain has many customers.
#include "ui/hq/console.h"
#include "ui/kit/list.h"

namespace paprsek::ui {
namespace {

constexpr std::size_t most_found = 500;

class BalancesPage final : public Page {
public:
    explicit BalancesPage(Console& console) : console_(console) {}

    void enter() override { wanted_ = true; }
    bool settled() const override { return !searching_.running() && !wanted_; }

    bool key(const KeyPress& press) override {
        if (press.is(GLFW_KEY_ESCAPE)) {
            field_.clear();
            wanted_ = true;
            return true;
        }
        const bool in_text = press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END;
        if (!in_text && list_.handle(press, static_cast<int>(found_.size()), 14)) return true;
        if (!field_.handle(press)) return false;
        wanted_ = true;
        return true;
    }

    bool tick() override {
        bool changed = false;
        try {
            if (auto found = searching_.take()) {
                found_ = std::move(*found);
                list_.selected = std::min(list_.selected, static_cast<int>(found_.size()) - 1);
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        // Letters typed while a search runs are answered by the next one.
        if ((wanted_ || merged_seen_ != console_.status.facts) && !searching_.running()) {
            wanted_ = false;
            merged_seen_ = console_.status.facts;
            searching_.start([where = console_.folder, text = field_.text()](Progress&) { return Console::open(where)->customers(text, most_found); });
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        Rect inside = card(ui, area);
        Rect head = inside.cut_top(50, space::s);
        const std::string count = found_.size() == most_found
                                      ? fill_in(tr("The first {}"), {console_.words.count(most_found)})
                                      : fill_in(tr("{} found"), {console_.words.count(static_cast<std::int64_t>(found_.size()))});
        ui.canvas.text(head.cut_right(130, space::m), count, Type::caption, t.ink_soft, Align::right);
        text_field(ui, head, field_, {.placeholder = tr("Name, number or card"), .icon = Icon::search, .focused = true, .type = Type::title});
        if (found_.empty()) {
            empty_state(ui, inside, Icon::users, searching_.running() ? tr("Looking…") : tr("Nobody found"),
                        tr("Fewer letters find more; marks over letters do not matter."));
            return;
        }
        const Column columns[] = {{tr("No."), 52, 0, Align::right},     {tr("Customer"), 0, 1},
                                  {tr("Cards"), 140, 0},               {tr("Points"), 100, 0, Align::right},
                                  {tr("Spend"), 110, 0, Align::right},  {tr("On account"), 100, 0, Align::right},
                                  {tr("Last purchase"), 110, 0, Align::right}};
        table(ui, inside, list_, columns, static_cast<int>(found_.size()), {}, [&](int i, auto cells) {
            const hq::CustomerBalance& customer = found_[static_cast<std::size_t>(i)];
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
    TextField field_;
    ListState list_;
    std::vector<hq::CustomerBalance> found_;
    Task<std::vector<hq::CustomerBalance>> searching_;
    bool wanted_ = true;
    std::int64_t merged_seen_ = -1;
};

}  // namespace

std::unique_ptr<Page> make_balances_page(Console& console) { return std::make_unique<BalancesPage>(console); }

}  // namespace paprsek::ui
