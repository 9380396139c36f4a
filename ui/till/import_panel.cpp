// Goods or customers from a table that somebody made elsewhere (C4): the file is read first and what would change is told, then it is taken
// over, whole or not at all. A branch of a chain has them from headquarters.
#include "node/branch_import.h"
#include "node/row_faults.h"
#include "ui/faults.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/beside_view.h"
#include "ui/till/file_job.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

/// What a table says and comes to.
struct Read {
    std::filesystem::path file;
    std::optional<node::ImportReport> report;  ///< nothing: its rows are wrong
    std::vector<node::RowFault> faults;
};

struct TableWords {
    const char* title;
    const char* columns;  ///< as the file heads them
    node::Permission permission;
    node::ImportReport (*import)(node::Node&, const std::string&, bool preview);
};
constexpr TableWords goods_table = {mark("Goods from a file"), "code, name, group, price, vat, cost, points",
                                    node::Permission::manage_stock, node::import_catalogue};
constexpr TableWords customers_table = {mark("Customers from a file"),
                                        "number, name, cards, dealer, discount, charge_to_account, limit, points, spend, phone, email, address",
                                        node::Permission::manage_customers, node::import_customers};

class ImportPanel final : public Panel {
public:
    ImportPanel(Desk& desk, const TableWords& what) : desk_(desk), what_(what), files_(desk) { choose(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return files_.settled() && !files_.running(); }

    bool tick() override {
        const bool changed = files_.tick();
        if (files_.take_done() && reading_) read_ = std::move(*std::exchange(reading_, nullptr));
        return changed;
    }

    bool key(const KeyPress& press) override {
        return beside_key(desk_, press) || files_.key(press) || act_by_key(actions(), press) || list_.handle(press, rows());
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        std::string below = read_.file.filename().string();
        if (below.empty()) below = tr("A table as CSV or Excel; its first row names the columns");
        Rect inside = sheet(ui, area, {Icon::download, tr(what_.title), below, "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        if (files_.running()) return files_.draw_progress(ui, inside.cut_top(46));
        if (read_.file.empty())
            empty_state(ui, inside, Icon::download, tr("No file is chosen yet"), fill_in(tr("Columns that are understood: {}."), {what_.columns}));
        else if (read_.report)
            draw_report(ui, inside);
        else
            draw_faults(ui, inside);
    }

private:
    int rows() const { return static_cast<int>(read_.report ? read_.report->warnings.size() : read_.faults.size()); }

    void choose() {
        const auto read = std::make_shared<Read>();
        reading_ = read;
        files_.begin(tr(what_.title), {FileChooser::Mode::open, "", "", {}},
                     [read, import = what_.import](node::Node& branch, const std::filesystem::path& file, Progress&) {
                         read->file = file;
                         try {
                             read->report = import(branch, file.string(), true);
                         } catch (const node::RowErrors& errors) {
                             read->faults = errors.faults();
                         }
                         return std::string();  // the screen says it
                     });
    }

    void take() {
        const auto report = std::make_shared<node::ImportReport>();
        const auto command = [what = &what_, file = read_.file, report](node::Till& session, node::Node& branch, Progress&) {
            if (auto outcome = session.demand(what->permission); !outcome.ok()) return outcome;
            *report = what->import(branch, file.string(), false);
            return node::Outcome{};
        };
        desk_.act_beside(tr("Taking the table over"), command, [&desk = desk_, report, leave = alive_.only([this] { desk_.back(); })] {
            desk.goods_changed = true;
            desk.toasts.show(Tone::go, Icon::check,
                             fill_in(tr("Taken over: {} new, {} changed"), {desk.words.count(report->added), desk.words.count(report->changed)}));
            leave();
        });
    }

    std::vector<Action> actions() {
        const bool can = read_.report && read_.report->added + read_.report->changed > 0 && !files_.running();
        return {{tr("Choose a file…"), Icon::folder, GLFW_KEY_F3, [this] { choose(); }},
                {tr("Take it over"), Icon::check, GLFW_KEY_ENTER, [this] { take(); }, false, Tone::accent, ButtonLook::solid, can}};
    }

    void draw_report(Ui& ui, Rect inside) {
        const node::ImportReport& report = *read_.report;
        Rect figures = inside.cut_top(74, space::m);
        const auto figure = [&](int column, const char* label, std::int64_t count, Color ink) {
            const Rect cell = figures.cell(column, 4, 0, 1, space::m);
            ui.canvas.fill(cell, ui.theme.sunken, radius::control);
            labelled(ui, cell.inset(space::l, space::s), label, desk_.words.count(count), Type::title, ink);
        };
        figure(0, tr("Rows"), report.rows, ui.theme.ink);
        figure(1, tr("Added"), report.added, ui.theme.go);
        figure(2, tr("Changed"), report.changed, ui.theme.accent);
        figure(3, tr("As they were"), report.unchanged, ui.theme.ink_soft);
        if (report.warnings.empty()) {
            empty_state(ui, inside, Icon::check, tr("Every row is right"), tr("Nothing is changed before it is taken over."));
            return;
        }
        notice(ui, inside.cut_top(44, space::s), Tone::warn, Icon::warning, tr("To check; the rows are taken over all the same:"));
        draw_rows(ui, inside, [&](std::size_t i) { return said_fault(report.warnings[i]); });
    }

    void draw_faults(Ui& ui, Rect inside) {
        const auto count = static_cast<std::int64_t>(read_.faults.size());
        notice(ui, inside.cut_top(44, space::s), Tone::danger, Icon::warning,
               fill_in(tr_n("{} row is wrong, nothing is taken over: mend the file and choose it again.",
                            "{} rows are wrong, nothing is taken over: mend the file and choose it again.", count),
                       {desk_.words.count(count)}));
        draw_rows(ui, inside, [&](std::size_t i) { return said_fault(read_.faults[i].place + ": " + read_.faults[i].why); });
    }

    template <class Text>
    void draw_rows(Ui& ui, Rect rect, Text text) {
        list(ui, rect, list_, rows(), {.row_height = 36, .focused = false},
             [&](int i, Rect row) { ui.canvas.text(row.inset(space::s, 0), text(static_cast<std::size_t>(i)), Type::body, ui.theme.ink); });
    }

    Desk& desk_;
    Alive alive_;
    const TableWords& what_;
    FileJob files_;
    std::shared_ptr<Read> reading_;
    Read read_;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_import_goods_panel(Desk& desk) { return std::make_unique<ImportPanel>(desk, goods_table); }
std::unique_ptr<Panel> make_import_customers_panel(Desk& desk) { return std::make_unique<ImportPanel>(desk, customers_table); }

}  // namespace paprsek::ui
