// What one customer owes (A5): full, item by item with who served, or brief, a receipt a row. From here to paper, PDF or the printer.
#include "node/customers.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

/// A receipt of the brief statement.
struct BriefRow {
    std::int64_t receipt = 0;
    node::Instant at;
    node::Money open;
};

class StatementPanel final : public Panel {
public:
    explicit StatementPanel(Desk& desk) : desk_(desk), customer_(record_of(desk, desk.subject)), reading_(desk.background) {
        if (customer_) load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting(); }
    void returned() override {
        if (customer_) load();
    }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = reading_.poll(); });
        if (changed) sum_up();
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (press.key == GLFW_KEY_LEFT || press.key == GLFW_KEY_RIGHT || press.is(GLFW_KEY_TAB)) {
            brief_ = !brief_;
            return true;
        }
        return act_by_key(actions(), press) || list_.handle(press, rows());
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string who = customer_ ? title_of(*customer_) : std::string(tr("Nobody chosen"));
        Rect inside = sheet(ui, area, {Icon::file, tr("Statement of unpaid items"), who, "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        if (items().empty()) {
            empty_state(ui, inside, Icon::check, tr("Nothing unpaid"), tr("What is charged to the account will stand here."));
            return;
        }
        Rect head = inside.cut_top(46, space::m);
        const Rect total = head.cut_right(260, space::l);
        labelled(ui, total, tr("Unpaid in all"), desk_.words.money(sum_), Type::title, ui.theme.warn, Align::right);
        const int clicked =
            options_bar(ui, head.cut_left(std::min(head.w, 420.0F)), {tr("Full: item by item"), tr("Brief: receipt by receipt")}, brief_ ? 1 : 0);
        if (clicked >= 0) brief_ = clicked == 1;
        if (brief_)
            draw_brief(ui, inside);
        else
            draw_full(ui, inside);
    }

private:
    const std::vector<node::AccountItem>& items() const {
        static const std::vector<node::AccountItem> none;
        return reading_.answered() ? reading_.result() : none;
    }
    int rows() const { return static_cast<int>(brief_ ? receipts_.size() : items().size()); }

    void load() {
        reading_.ask([id = customer_->terms.id](node::Node& branch) { return node::open_items(branch.database(), id); });
    }

    void sum_up() {
        receipts_.clear();
        sum_ = {};
        for (const node::AccountItem& item : items()) {
            sum_ += item.open();
            if (receipts_.empty() || receipts_.back().receipt != item.receipt) receipts_.push_back({item.receipt, item.at, {}});
            receipts_.back().open += item.open();
        }
    }

    std::vector<Action> actions() {
        const bool any = !items().empty();
        return {{tr("Settle"), Icon::money, GLFW_KEY_F5, [this] { desk_.open(PanelName::settle); }, false, Tone::neutral, ButtonLook::outline, any},
                {tr("Print or PDF"), Icon::print, GLFW_KEY_F11,
                 [this] {
                     desk_.slip = brief_ ? "brief-statement" : "statement";
                     desk_.open(PanelName::slip);
                 },
                 false, Tone::accent, ButtonLook::solid, any}};
    }

    void draw_full(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("When"), 130, 0},
                                  {tr("Receipt"), 110, 0},
                                  {tr("Served by"), 120, 0},
                                  {tr("Item"), 0, 1},
                                  {tr("Quantity"), 80, 0, Align::right},
                                  {tr("Amount"), 110, 0, Align::right}};
        table(ui, rect, list_, columns, rows(), {.row_height = 38}, [&](int i, auto cells) {
            const node::AccountItem& item = items()[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], desk_.words.date_time(item.at), Type::caption, t.ink_soft);
            ui.canvas.text(cells[1], node::print_receipt_number(desk_.node.info().node, item.receipt), Type::caption, t.ink_soft);
            ui.canvas.text(cells[2], item.cashier, Type::caption, t.ink_soft);
            ui.canvas.text(cells[3], item.name.empty() ? tr("Credit") : item.name.c_str(), Type::strong, t.ink);
            ui.canvas.number(cells[4], desk_.words.quantity(item.quantity - item.settled_quantity), Type::body, t.ink);
            ui.canvas.number(cells[5], desk_.words.bare_money(item.open()), Type::strong, t.ink);
        });
    }

    void draw_brief(Ui& ui, Rect rect) {
        const Column columns[] = {{tr("Day"), 130, 0}, {tr("Receipt"), 0, 1}, {tr("Amount"), 130, 0, Align::right}};
        table(ui, rect, list_, columns, rows(), {.row_height = 38}, [&](int i, auto cells) {
            const BriefRow& row = receipts_[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], desk_.words.date(row.at), Type::body, ui.theme.ink_soft);
            ui.canvas.text(cells[1], node::print_receipt_number(desk_.node.info().node, row.receipt), Type::body, ui.theme.ink);
            ui.canvas.number(cells[2], desk_.words.bare_money(row.open), Type::strong, ui.theme.ink);
        });
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    bool brief_ = false;
    node::Money sum_;
    std::vector<BriefRow> receipts_;
    ListState list_;
    Reading<std::vector<node::AccountItem>> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_statement_panel(Desk& desk) { return std::make_unique<StatementPanel>(desk); }

}  // namespace paprsek::ui
