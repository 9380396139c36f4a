// All that moved one product's stock (T13), the newest on top, with what lay there after each: why the stock is what it is.
#include <algorithm>

#include "node/catalogue.h"
#include "node/stock_report.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"
#include "ui/till/stock_words.h"

namespace paprsek::ui {
namespace {

struct Move {
    std::optional<node::Instant> at;
    std::string kind, stock, document, cashier, reason;
    node::Quantity by, left;
};

class StockMovesPanel final : public Panel {
public:
    explicit StockMovesPanel(Desk& desk) : desk_(desk), title_(desk.product), moves_(desk.background) {
        desk_.guarded([&] {
            if (const auto row = node::product_row(desk_.node.database(), desk_.product)) title_ = row->name;
        });
        moves_.ask([code = desk.product](node::Node& branch) { return read(branch, code); });
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !moves_.waiting(); }
    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = moves_.poll(); });
        if (changed && rows() > 0) list_.select(0);
        return changed;
    }
    bool key(const KeyPress& press) override { return list_.handle(press, rows()) || press.character != 0; }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string below = rows() == most ? fill_in(tr("The newest {}"), {desk_.words.count(most)}) : desk_.product;
        Rect inside = sheet(ui, area, {Icon::history, title_, below, "Esc"}, closed);
        if (closed) desk_.back();
        if (rows() == 0) {
            if (!moves_.waiting())
                empty_state(ui, inside, Icon::history, tr("It never moved"), tr("Sales, goods in, counts and transfers of it will stand here."));
            return;
        }
        const Theme& t = ui.theme;
        const bool wide = inside.w > 1100;
        std::vector<Column> columns = {{tr("When"), 150, 0}, {tr("What"), 110, 0}, {tr("Document"), 0, 1}, {tr("Stock"), 160, 0}};
        if (wide) columns.insert(columns.end(), {{tr("Served by"), 120, 0}, {tr("Why"), 0, 1.2F}});
        columns.insert(columns.end(), {{tr("Moved"), 100, 0, Align::right}, {tr("Left"), 110, 0, Align::right}});
        table(ui, inside, list_, columns, rows(), {.row_height = 40}, [&](int i, auto cells) {
            const Move& move = moves_.result()[static_cast<std::size_t>(i)];
            std::size_t at = 0;
            ui.canvas.number(cells[at++], move.at ? desk_.words.date_time(*move.at) : "", Type::body, t.ink_soft, Align::left);
            ui.canvas.text(cells[at++], stock_kind_name(move.kind), Type::strong, t.ink);
            const std::string& narrow = move.reason.empty() ? move.document : move.reason;
            ui.canvas.text(cells[at++], wide ? move.document : narrow, Type::body, t.ink);
            ui.canvas.text(cells[at++], stock_title(move.stock), Type::body, t.ink_soft);
            if (wide) {
                ui.canvas.text(cells[at++], move.cashier, Type::body, t.ink_soft);
                ui.canvas.text(cells[at++], move.reason, Type::body, t.ink_soft);
            }
            ui.canvas.number(cells[at++], signed_quantity(desk_.words, move.by), Type::strong, move.by < node::Quantity{} ? t.ink : t.go);
            ui.canvas.number(cells[at], desk_.words.quantity(move.left), Type::body, move.left < node::Quantity{} ? t.danger : t.ink);
        });
    }

private:
    static constexpr int most = 2000;

    int rows() const { return moves_.answered() ? static_cast<int>(moves_.result().size()) : 0; }

    static std::vector<Move> read(node::Node& branch, const std::string& code) {
        const node::Json all = node::stock_moves(branch, code, {node::Instant{INT64_MIN}, node::Instant{INT64_MAX}});
        std::vector<Move> moves;
        for (auto json = all.rbegin(); json != all.rend() && moves.size() < most; ++json) {
            const auto text = [&](const char* key) { return json->value(key, std::string()); };
            moves.push_back({node::parse_instant(text("at")), text("kind"), text("stock_name"), text("document"), text("cashier"), text("reason"),
                             node::parse<node::Quantity>(text("qty")).value_or(node::Quantity{}),
                             node::parse<node::Quantity>(text("left")).value_or(node::Quantity{})});
        }
        return moves;
    }

    Desk& desk_;
    std::string title_;
    ListState list_;
    Reading<std::vector<Move>> moves_;
};

}  // namespace

std::unique_ptr<Panel> make_stock_moves_panel(Desk& desk) { return std::make_unique<StockMovesPanel>(desk); }

}  // namespace paprsek::ui
