// Goods between branches (T13): what this till sent and took in, each with its lines; what was sent to this very branch is on its way until
// it is taken in here. What other branches took in, and what is missing, only headquarters sees.
#include <algorithm>

#include "node/paper/table.h"
#include "node/stock_lists.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/file_job.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"
#include "ui/till/stock_words.h"

namespace paprsek::ui {
namespace {

class TransfersPanel final : public Panel {
public:
    explicit TransfersPanel(Desk& desk) : desk_(desk), files_(desk), documents_(desk.background) { ask(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !documents_.waiting() && files_.settled(); }
    void returned() override { ask(); }
    bool tick() override {
        bool changed = files_.tick();
        desk_.guarded([&] {
            if (!documents_.poll()) return;
            changed = true;
            list_.selected = std::clamp(list_.selected, rows() > 0 ? 0 : -1, rows() - 1);
            show();
        });
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (files_.key(press) || act_by_key(actions(), press)) return true;
        if (!list_.handle(press, rows())) return press.character != 0;
        show();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::exchange, tr("Transfers"), tr("Goods sent to other branches, and what arrived here"), "Esc"}, closed);
        if (closed) desk_.back();
        const Rect foot = inside.cut_bottom(46, space::m);
        if (files_.running())
            files_.draw_progress(ui, foot);
        else
            draw_actions(ui, foot, actions());
        if (rows() == 0) {
            if (!documents_.waiting())
                empty_state(ui, inside, Icon::exchange, tr("Nothing was sent or taken in yet"),
                            tr("F3 sends goods to another branch; F5 takes in what another branch sent."));
            return;
        }
        Rect right = inside.cut_right(std::max(340.0F, inside.w * 0.36F), space::l);
        draw_list(ui, inside);
        draw_lines(ui, right);
    }

private:
    static constexpr int shown_max = 500;

    int rows() const { return documents_.answered() ? static_cast<int>(documents_.result().size()) : 0; }
    const node::StockDocument* chosen() const {
        return list_.selected >= 0 && list_.selected < rows() ? &documents_.result()[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void ask() {
        documents_.ask([](node::Node& branch) {
            return node::stock_documents(branch, node::StockDocuments::transfers, {node::Instant{INT64_MIN}, node::Instant{INT64_MAX}}, shown_max);
        });
    }

    void show() {
        lines_.clear();
        if (const node::StockDocument* document = chosen()) desk_.guarded([&] { lines_ = node::stock_document_lines(desk_.node.database(), document->seq); });
        lines_list_ = {};
    }

    std::vector<Action> actions() {
        const bool here = chosen() != nullptr && chosen()->on_the_way;
        return {{tr("As PDF"), Icon::file, GLFW_KEY_P, [this] { save(); }, true, Tone::neutral, ButtonLook::outline, chosen() != nullptr},
                {tr("Send goods"), Icon::upload, GLFW_KEY_F3, [this] { desk_.open(PanelName::stock_send); }},
                {tr("Take goods in"), Icon::download, GLFW_KEY_F5, [this] { take_in(""); }},
                {tr("Take this in"), Icon::check, GLFW_KEY_ENTER, [this] { take_in(chosen()->name); }, false, Tone::accent, ButtonLook::solid, here}};
    }

    void take_in(const std::string& sent) {
        desk_.transfer = sent;
        desk_.open(PanelName::stock_arrive);
    }

    std::string title_of(const node::StockDocument& document) const {
        if (document.kind == "sent") return fill_in(tr("To branch {}"), {std::to_string(document.to)});
        return fill_in(tr("Arrived, sent as {}"), {document.from});
    }

    void save() {
        node::Table table;
        table.title = fill_in("{} · {}", {title_of(*chosen()), chosen()->name});
        table.subtitle = fill_in("{} · {} · {}", {desk_.node.info().name, desk_.words.date_time(chosen()->at), chosen()->document});
        table.columns = {
            {"code", tr("Code"), node::CellKind::text}, {"name", tr("Product"), node::CellKind::text}, {"qty", tr("Quantity"), node::CellKind::quantity}};
        for (const node::StockLine& line : lines_)
            table.rows.push_back(
                {{"code", line.product}, {"name", line.name}, {"qty", node::print(line.quantity < node::Quantity{} ? -line.quantity : line.quantity)}});
        const std::string file = file_stem(title_of(*chosen()) + "-" + chosen()->name) + ".pdf";
        files_.begin(tr("Save the delivery note as PDF"), {FileChooser::Mode::save, ".pdf", file, {}},
                     [table = std::move(table)](node::Node&, const std::filesystem::path& path, Progress&) {
                         node::write_pages(table, path);
                         return fill_in(tr("Saved: {}"), {path.filename().string()});
                     });
    }

    std::string state_of(const node::StockDocument& document) const {
        if (document.kind != "sent") return tr("taken in");
        if (!document.arrived.empty()) return fill_in(tr("taken in as {}"), {document.arrived});
        return document.on_the_way ? tr("on its way here") : tr("sent; HQ sees whether it arrived");
    }

    void draw_list(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("When"), 116, 0}, {tr("Transfer"), 0, 1}, {tr("Lines"), 70, 0, Align::right}, {tr("Value"), 110, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, rows(), {.row_height = 52}, [&](int i, auto cells) {
            const node::StockDocument& document = documents_.result()[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], desk_.words.date(document.at), Type::body, t.ink_soft, Align::left);
            Rect name = cells[1].inset(0, 5);
            ui.canvas.text(name.cut_top(name.h / 2), title_of(document), Type::strong, t.ink);
            ui.canvas.text(name, state_of(document), Type::caption, document.on_the_way ? t.warn : t.ink_soft);
            ui.canvas.number(cells[2], desk_.words.count(document.lines), Type::body, t.ink);
            ui.canvas.number(cells[3], document.value ? desk_.words.bare_money(*document.value) : "", Type::body, t.ink);
        });
        if (events.clicked >= 0) show();
        if (events.activated >= 0 && chosen() != nullptr && chosen()->on_the_way) take_in(chosen()->name);
    }

    void draw_lines(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::card);
        rect = rect.inset(space::m);
        const node::StockDocument* document = chosen();
        if (document == nullptr) return;
        ui.canvas.text(rect.cut_top(28), document->name, Type::title, t.ink);
        std::string below = stock_title(document->stock);
        for (const std::string& part : {document->cashier, document->document})
            if (!part.empty()) below += " · " + part;
        ui.canvas.text(rect.cut_top(22, space::s), below, Type::caption, t.ink_soft);
        list(ui, rect, lines_list_, static_cast<int>(lines_.size()), {.row_height = 40, .zebra = false, .focused = false}, [&](int i, Rect row) {
            const node::StockLine& line = lines_[static_cast<std::size_t>(i)];
            row = row.inset(space::xs, 0);
            ui.canvas.number(row.cut_right(90), signed_quantity(desk_.words, line.quantity), Type::strong, t.ink);
            ui.canvas.text(row, line.name, Type::body, t.ink);
        });
    }

    Desk& desk_;
    FileJob files_;
    Reading<std::vector<node::StockDocument>> documents_;
    std::vector<node::StockLine> lines_;
    ListState list_, lines_list_;
};

}  // namespace

std::unique_ptr<Panel> make_transfers_panel(Desk& desk) { return std::make_unique<TransfersPanel>(desk); }

}  // namespace paprsek::ui
