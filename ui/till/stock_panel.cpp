// What lies in the stocks of this branch (T13): levels with their average cost and value, searched as one types, those below zero marked;
// from here goods come in, are put right, counted, sent on, and each product's movements are shown.
#include <algorithm>

#include "node/stock_lists.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"
#include "ui/till/stock_words.h"

namespace paprsek::ui {
namespace {

struct Levels {
    node::StockSheet sheet;
    std::vector<std::string> names;  ///< of all stocks
    std::string sells_from;
};

class StockPanel final : public Panel {
public:
    explicit StockPanel(Desk& desk) : desk_(desk), levels_(desk.background) { ask(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !levels_.waiting(); }
    void returned() override {
        keep_row_ = true;
        ask();
    }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = levels_.poll(); });
        if (changed) {
            if (!std::exchange(keep_row_, false)) list_ = {};
            list_.selected = std::clamp(list_.selected, rows() > 0 ? 0 : -1, rows() - 1);
        }
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (act_by_key(upper_actions(), press) || act_by_key(actions(), press)) return true;
        if (list_.handle(press, rows())) return true;
        if (!field_.handle(press)) return false;
        ask();
        return true;
    }

    /// What is scanned here is looked for.
    bool scan(const std::string& text) override {
        field_.set(text);
        below_zero_ = false;
        ask();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string count = desk_.words.count(rows());
        const bool more = levels_.answered() && levels_.result().sheet.more;
        const std::string below = fill_in(more ? tr("The first {}: type more to find others") : tr("{} found"), {count});
        Rect inside = sheet(ui, area, {Icon::inbox, tr("Stock"), below, "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        draw_actions(ui, inside.cut_bottom(46, space::s), upper_actions());
        draw_head(ui, inside.cut_top(52, space::m));
        text_field(ui, inside.cut_top(48, space::s), field_,
                   {.placeholder = tr("Name or code; a scan finds as well"), .icon = Icon::search, .focused = true, .type = Type::title});
        if (rows() > 0) return draw_table(ui, inside);
        if (!levels_.answered()) return;
        if (below_zero_)
            empty_state(ui, inside, Icon::check, tr("Nothing is below zero"), tr("Goods are below zero where more was sold than was booked in."));
        else if (field_.empty())
            empty_state(ui, inside, Icon::inbox, tr("Nothing in stock yet"), tr("What you book in “Goods in” shows here; sales take it out."));
        else
            empty_state(ui, inside, Icon::inbox, tr("No product has such a name"), tr("A few letters are enough; accents do not matter."));
    }

private:
    static constexpr int shown_max = 200;

    int rows() const { return levels_.answered() ? static_cast<int>(levels_.result().sheet.rows.size()) : 0; }
    const node::StockRow* chosen() const {
        return list_.selected >= 0 && list_.selected < rows() ? &levels_.result().sheet.rows[static_cast<std::size_t>(list_.selected)] : nullptr;
    }
    bool several() const { return levels_.answered() && levels_.result().names.size() > 1; }

    void ask() {
        const auto filter = below_zero_ ? node::StockFilter::below_zero : node::StockFilter::all;
        levels_.ask([stock = desk_.stock, text = field_.text(), filter](node::Node& branch) {
            return Levels{node::stock_sheet(branch.database(), stock, text, filter, shown_max), node::stock_names(branch.database()), node::sells_from(branch)};
        });
    }

    std::vector<Action> upper_actions() {
        const bool sells = levels_.answered() && levels_.result().sells_from == desk_.stock;
        return {{tr("Next stock"), Icon::store, GLFW_KEY_F3, [this] { next(); }, false, Tone::neutral, ButtonLook::outline, several()},
                {below_zero_ ? tr("All goods") : tr("Below zero"), Icon::warning, GLFW_KEY_F5, [this] { toggle_below_zero(); }},
                {tr("Sell from here"), Icon::cart, GLFW_KEY_S, [this] { sell_here(); }, true, Tone::neutral, ButtonLook::outline, several() && !sells},
                {tr("Movements"), Icon::history, GLFW_KEY_ENTER, [this] { open_moves(); }, false, Tone::accent, ButtonLook::solid, chosen() != nullptr}};
    }
    std::vector<Action> actions() {
        return {{tr("Goods in"), Icon::download, GLFW_KEY_G, [this] { desk_.open(PanelName::goods_in); }, true},
                {tr("Adjust"), Icon::pencil, GLFW_KEY_J, [this] { desk_.open(PanelName::stock_adjust); }, true},
                {tr("Stocktake"), Icon::barcode, GLFW_KEY_K, [this] { desk_.open(PanelName::stocktake); }, true},
                {tr("Transfers"), Icon::exchange, GLFW_KEY_T, [this] { desk_.open(PanelName::transfers); }, true}};
    }

    void next() {
        desk_.stock = next_stock(levels_.result().names, desk_.stock);
        ask();
    }

    void toggle_below_zero() {
        below_zero_ = !below_zero_;
        ask();
    }

    void sell_here() {
        const auto command = [this, stock = desk_.stock] {
            if (node::Outcome outcome = desk_.till.demand(node::Permission::manage_stock); !outcome.ok()) return outcome;
            return node::sell_from(desk_.node, stock);
        };
        desk_.act(command, [this, stock = desk_.stock] {
            desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("The till sells from this stock now: {}"), {stock_title(stock)}));
            keep_row_ = true;
            ask();
        });
    }

    void open_moves() {
        desk_.product = chosen()->product;
        desk_.open(PanelName::stock_moves);
    }

    void draw_head(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::control);
        rect = rect.inset(space::m, space::xs);
        Rect title = rect.cut_left(rect.w * 0.36F, space::m);
        const bool sells = levels_.answered() && levels_.result().sells_from == desk_.stock;
        labelled(ui, title, sells ? tr("Stock · the till sells from it") : tr("Stock"), stock_title(desk_.stock), Type::title, t.ink);
        if (!levels_.answered()) return;
        const node::StockSheet& all = levels_.result().sheet;
        const Rect value = rect.cut_right(rect.w * 0.44F, space::m), below = rect.cut_right(rect.w * 0.45F, space::m);
        labelled(ui, value, tr("Worth"), all.value ? desk_.words.money(*all.value) : "", Type::title, t.ink, Align::right);
        labelled(ui, below, tr("Below zero"), desk_.words.count(all.below_zero), Type::title, all.below_zero > 0 ? t.danger : t.ink_soft, Align::right);
        labelled(ui, rect, tr("Products"), desk_.words.count(all.products), Type::title, t.ink, Align::right);
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("Product"), 0, 1},
                                  {tr("Group"), 150, 0},
                                  {tr("In stock"), 120, 0, Align::right},
                                  {tr("Average cost"), 120, 0, Align::right},
                                  {tr("Value"), 130, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, rows(), {}, [&](int i, auto cells) {
            const node::StockRow& row = levels_.result().sheet.rows[static_cast<std::size_t>(i)];
            const bool below = row.level.quantity < node::Quantity{};
            Rect name = cells[0].inset(0, 4);
            ui.canvas.text(name.cut_top(name.h / 2 + 1), row.name, Type::strong, t.ink);
            ui.canvas.text(name, row.product, Type::caption, t.ink_faint);
            ui.canvas.text(cells[1], row.group, Type::caption, t.ink_soft);
            Rect quantity = cells[2];
            if (below) ui.canvas.icon(quantity.cut_left(22), Icon::warning, IconSize::small, t.danger);
            ui.canvas.number(quantity, desk_.words.quantity(row.level.quantity), Type::strong, below ? t.danger : t.ink);
            ui.canvas.number(cells[3], row.level.average ? cost_words(desk_.words, *row.level.average) : "", Type::body, t.ink_soft);
            ui.canvas.number(cells[4], row.value ? desk_.words.bare_money(*row.value) : "", Type::body, below ? t.danger : t.ink);
        });
        if (events.activated >= 0) open_moves();
    }

    Desk& desk_;
    TextField field_;
    ListState list_;
    bool below_zero_ = false, keep_row_ = false;
    Reading<Levels> levels_;
};

}  // namespace

std::unique_ptr<Panel> make_stock_panel(Desk& desk) { return std::make_unique<StockPanel>(desk); }

}  // namespace paprsek::ui
