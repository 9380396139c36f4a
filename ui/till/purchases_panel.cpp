// What a customer bought (L4, T14), and every movement of points, spend and account as a bank statement. Both can be saved.
#include <algorithm>

#include "node/reports.h"
#include "node/sales_reports.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/table_view.h"
#include "ui/till/people.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

struct Bought {
    std::optional<node::Instant> at;
    std::string receipt, name;
    node::Quantity quantity;
    node::Money discount, net;
};
struct Past {
    std::vector<Bought> goods;  ///< the newest first
    std::vector<MovementRow> movements;
    node::Money net;
    bool cut = false;  ///< there is more than the screen shows
};

class PurchasesPanel final : public Panel {
public:
    explicit PurchasesPanel(Desk& desk) : desk_(desk), customer_(record_of(desk, desk.subject)), saving_(desk), reading_(desk.background) {
        if (customer_) load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting() && saving_.settled(); }

    bool tick() override {
        bool changed = saving_.tick();
        desk_.guarded([&] {
            if (!reading_.poll()) return;
            changed = true;
            movements_list_.select(static_cast<int>(reading_.result().movements.size()) - 1);
        });
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (saving_.key(press)) return true;
        if (press.key == GLFW_KEY_LEFT || press.key == GLFW_KEY_RIGHT || press.is(GLFW_KEY_TAB)) {
            movements_ = !movements_;
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        if (!reading_.answered()) return false;
        const Past& past = reading_.result();
        return movements_ ? movements_list_.handle(press, static_cast<int>(past.movements.size()))
                          : goods_list_.handle(press, static_cast<int>(past.goods.size()));
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside =
            sheet(ui, area, {Icon::history, tr("What was bought"), customer_ ? title_of(*customer_) : std::string(tr("Nobody chosen")), "Esc"}, closed);
        if (closed) desk_.back();
        if (saving_.choosing()) {
            saving_.draw(ui, inside);
            return;
        }
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        Rect head = inside.cut_top(46, space::m);
        const int clicked = options_bar(ui, head.cut_left(std::min(head.w, 420.0F), space::l), {tr("Goods"), tr("Points, spend, account")}, movements_ ? 1 : 0);
        if (clicked >= 0) movements_ = clicked == 1;
        if (!reading_.answered()) return;
        const Past& past = reading_.result();
        labelled(ui, head, past.cut ? tr("Of the purchases shown") : tr("In all"), desk_.words.money(past.net), Type::title, ui.theme.ink, Align::right);
        if (movements_)
            draw_movements(ui, inside, past);
        else
            draw_goods(ui, inside, past);
    }

private:
    void load() {
        reading_.ask([customer = *customer_](node::Node& branch) {
            constexpr std::size_t goods_max = 2000;
            constexpr int movements_max = 1000;
            Past past;
            for (const node::Json& json : node::purchases(branch, customer, {node::Instant{INT64_MIN}, node::Instant{INT64_MAX}})) {
                past.cut = past.goods.size() == goods_max;
                if (past.cut) break;
                Bought bought;
                bought.at = node::parse_instant(json.at("at").get<std::string>());
                bought.receipt = json.value("receipt", "");
                bought.name = json.value("name", "");
                bought.quantity = node::parse<node::Quantity>(json.value("qty", "")).value_or(node::Quantity{});
                bought.discount = node::parse<node::Money>(json.value("discount", "")).value_or(node::Money{});
                bought.net = node::parse<node::Money>(json.value("net", "")).value_or(node::Money{});
                past.net += bought.net;
                past.goods.push_back(std::move(bought));
            }
            past.movements = movement_rows(branch, customer, movements_max);
            return past;
        });
    }

    std::vector<Action> actions() {
        return {{tr("Save the list"), Icon::download, GLFW_KEY_F11, [this] { save(); }, false, Tone::accent, ButtonLook::solid, customer_.has_value()}};
    }

    void save() {
        node::ReportRange range;
        range.customer = handle_of(*customer_);
        const std::string kind = movements_ ? "movements" : "purchases";
        const char* const said = movements_ ? tr("Movements of points") : tr("What a customer bought");
        saving_.begin(file_stem(said) + "-" + handle_of(*customer_) + ".pdf",
                      [range, kind, figures = desk_.words.figures()](node::Node& branch, const std::filesystem::path& file) {
                          save_table(in_words(node::report_table(branch, kind, range), figures), file, figures);
                      });
    }

    void draw_goods(Ui& ui, Rect rect, const Past& past) {
        const Theme& t = ui.theme;
        if (past.goods.empty()) {
            empty_state(ui, rect, Icon::cart, tr("Nothing bought here yet"), tr("Purchases at this till show here, the newest first."));
            return;
        }
        const Column columns[] = {{tr("When"), 140, 0},
                                  {tr("Receipt"), 110, 0},
                                  {tr("Goods"), 0, 1},
                                  {tr("Quantity"), 80, 0, Align::right},
                                  {tr("Discount"), 90, 0, Align::right},
                                  {tr("Amount"), 110, 0, Align::right}};
        table(ui, rect, goods_list_, columns, static_cast<int>(past.goods.size()), {.row_height = 36}, [&](int i, auto cells) {
            const Bought& bought = past.goods[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], bought.at ? desk_.words.date_time(*bought.at) : "", Type::caption, t.ink_soft);
            ui.canvas.text(cells[1], bought.receipt, Type::caption, t.ink_soft);
            ui.canvas.text(cells[2], bought.name, Type::body, t.ink);
            ui.canvas.number(cells[3], desk_.words.quantity(bought.quantity), Type::body, t.ink);
            ui.canvas.number(cells[4], bought.discount.is_zero() ? "" : desk_.words.bare_money(bought.discount), Type::body, t.ink_soft);
            ui.canvas.number(cells[5], desk_.words.bare_money(bought.net), Type::strong, bought.net < node::Money{} ? t.danger : t.ink);
        });
    }

    void draw_movements(Ui& ui, Rect rect, const Past& past) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("When"), 130, 0},
                                  {tr("Movement"), 0, 1},
                                  {tr("Points"), 80, 0, Align::right},
                                  {tr("Balance"), 80, 0, Align::right},
                                  {tr("Spend"), 100, 0, Align::right},
                                  {tr("Balance"), 100, 0, Align::right},
                                  {tr("Account"), 90, 0, Align::right},
                                  {tr("Balance"), 90, 0, Align::right}};
        table(ui, rect, movements_list_, columns, static_cast<int>(past.movements.size()), {.row_height = 44}, [&](int i, auto cells) {
            const MovementRow& row = past.movements[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], row.at ? desk_.words.date_time(*row.at) : "", Type::caption, t.ink_soft);
            Rect what = cells[1].inset(0, 4);
            ui.canvas.text(what.cut_top(what.h / 2), movement_name(row.kind), Type::strong, t.ink);
            std::string below = row.document;
            for (const std::string& part : {row.remark, row.cashier}) {
                if (!part.empty()) below += " · " + part;
            }
            ui.canvas.text(what, below, Type::caption, t.ink_faint);
            ui.canvas.number(cells[2], signed_points(desk_.words, row.points), Type::body, row.points < node::Points{} ? t.danger : t.go);
            ui.canvas.number(cells[3], desk_.words.points_column(row.points_after), Type::strong, t.ink);
            ui.canvas.number(cells[4], signed_money(desk_.words, row.spend), Type::body, row.spend < node::Money{} ? t.danger : t.ink_soft);
            ui.canvas.number(cells[5], desk_.words.bare_money(row.spend_after), Type::body, t.ink);
            ui.canvas.number(cells[6], signed_money(desk_.words, row.debt), Type::body, row.debt < node::Money{} ? t.go : t.warn);
            ui.canvas.number(cells[7], desk_.words.bare_money(row.debt_after), Type::body, t.ink);
        });
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    bool movements_ = false;
    ListState goods_list_, movements_list_;
    SaveFile saving_;
    Reading<Past> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_purchases_panel(Desk& desk) { return std::make_unique<PurchasesPanel>(desk); }

}  // namespace paprsek::ui
