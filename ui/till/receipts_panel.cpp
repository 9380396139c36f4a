// Past receipts by day, searched by number, code, text or customer; each shown as its paper, printed again, kept as PDF, or given back.
#include "fiscal/from_fact.h"
#include "fiscal/receipt/proof.h"
#include "node/receipts.h"
#include "ui/till/file_job.h"
#include "ui/till/paper.h"
#include "ui/till/print_work.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ReceiptsPanel final : public Panel {
public:
    explicit ReceiptsPanel(Desk& desk) : desk_(desk), files_(desk), found_(desk.background), slip_(desk.background) {
        day_ = desk.node.zone().local(desk.node.clock().now()).date;
        search();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !found_.waiting() && !slip_.waiting() && files_.settled(); }

    bool key(const KeyPress& press) override {
        if (files_.key(press)) return true;
        if (field_.empty() && (press.is(GLFW_KEY_LEFT) || press.is(GLFW_KEY_RIGHT))) {
            turn(press.key == GLFW_KEY_LEFT ? -1 : 1);
            return true;
        }
        if (press.is(GLFW_KEY_F3))
            save();
        else if (press.is(GLFW_KEY_F5))
            print();
        else if (press.is(GLFW_KEY_F11))
            give_back();
        else if (list_.handle(press, rows()))
            show();
        else if (field_.handle(press))
            search();
        else
            return false;
        return true;
    }

    /// The code at the end of every slip names its receipt; whatever else is scanned is goods.
    bool scan(const std::string& text) override {
        const auto proof = fiscal::parse_proof(text);
        if (!proof || proof->node != desk_.node.info().node) return false;
        desk_.guarded([&] {
            const auto fact = desk_.node.ledger().fact(proof->seq);
            if (!fact || (fact->kind != schema::kind::sale && fact->kind != schema::kind::refund)) {
                desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is no receipt of this till."));
                return;
            }
            field_.set(std::to_string(node::parse_receipt(fact->kind, fact->body).number));
            search();
        });
        return true;
    }

    bool tick() override {
        bool changed = files_.tick();
        desk_.guarded([&] {
            if (found_.poll()) {
                changed = true;
                list_.select(rows() > 0 ? 0 : -1);
                show();
            }
            if (slip_.poll()) {
                changed = true;
                paper_.show(slip_.result());
            }
        });
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside =
            sheet(ui, area, {Icon::history, tr("Receipts"), tr("Number, product, text or customer; the code on a slip can be scanned"), "Esc"}, closed);
        if (closed) desk_.back();
        Rect right = inside.cut_right(std::max(430.0F, inside.w * 0.42F), space::l);
        Rect head = inside.cut_top(48, space::m);
        if (button(ui, head.cut_left(52, space::s), {.key = "←", .icon = Icon::angle_left})) turn(-1);
        const std::string day = desk_.words.date(desk_.node.zone().start_of(day_));
        const Rect date = head.cut_left(116, space::s);
        ui.canvas.text(date, day, Type::strong, ui.theme.ink, Align::centre);
        if (button(ui, head.cut_left(52, space::m), {.key = "→", .icon = Icon::angle_right})) turn(1);
        text_field(ui, head, field_, {.placeholder = tr("Search"), .icon = Icon::search, .focused = true});
        draw_list(ui, inside);
        draw_paper(ui, right);
    }

private:
    static constexpr int shown_max = 500;

    int rows() const { return found_.answered() ? static_cast<int>(found_.result().size()) : 0; }
    const node::ReceiptEntry* chosen() const {
        return list_.selected >= 0 && list_.selected < rows() ? &found_.result()[static_cast<std::size_t>(list_.selected)] : nullptr;
    }
    std::string name_of(const node::ReceiptEntry& entry) const { return node::print_receipt_number(desk_.node.info().node, entry.number); }

    void turn(int days) {
        day_.days += days;
        search();
    }

    void search() {
        const node::Instant from = desk_.node.zone().start_of(day_);
        const node::Instant to = desk_.node.zone().start_of({day_.days + 1});
        found_.ask([from, to, text = field_.text()](node::Node& branch) { return node::receipts_between(branch.database(), from, to, text, shown_max); });
    }

    void show() {
        paper_.clear();
        const node::ReceiptEntry* entry = chosen();
        if (entry == nullptr) return;
        slip_.ask([name = name_of(*entry)](node::Node& branch) {
            return fiscal::picture_of(fiscal::slip_of(branch, name, fiscal::form_of(branch), fiscal::Issue::copy));
        });
    }

    void print() {
        if (const node::ReceiptEntry* entry = chosen()) print_slip(desk_, name_of(*entry));
    }

    void save() {
        const node::ReceiptEntry* entry = chosen();
        if (entry == nullptr) return;
        const std::string name = name_of(*entry);
        files_.begin(tr("Save the receipt as PDF"), {FileChooser::Mode::save, ".pdf", file_stem(std::string(tr("Receipt")) + "-" + name) + ".pdf", {}},
                     [name](node::Node& branch, const std::filesystem::path& file, Progress&) {
                         fiscal::write_pdf(fiscal::slip_of(branch, name, fiscal::form_of(branch), fiscal::Issue::copy), file);
                         return fill_in(tr("Saved: {}"), {file.filename().string()});
                     });
    }

    void give_back() {
        const node::ReceiptEntry* entry = chosen();
        if (entry == nullptr || entry->refund) return;
        desk_.receipt_chosen = name_of(*entry);
        desk_.open(PanelName::refund);
    }

    void draw_list(Ui& ui, Rect inside) {
        if (rows() == 0) {
            empty_state(ui, inside, Icon::history, found_.waiting() ? tr("Searching…") : tr("No receipt on this day"),
                        tr("Left and Right turn the day; a number finds a receipt of any day."));
            return;
        }
        const bool wide = inside.w > 560;
        std::vector<Column> columns = {{tr("Number"), 112, 0}, {tr("Time"), 56, 0}, {tr("Customer"), 0, 1}, {tr("Total"), 96, 0, Align::right}};
        if (wide) columns.insert(columns.begin() + 2, {tr("Served by"), 96, 0});
        const ListEvents events = table(ui, inside, list_, columns, rows(), {.row_height = 40}, [&](int i, auto cells) {
            const node::ReceiptEntry& entry = found_.result()[static_cast<std::size_t>(i)];
            const Color ink = entry.refund ? ui.theme.danger : ui.theme.ink;
            std::size_t at = 0;
            ui.canvas.number(cells[at++], name_of(entry), Type::strong, ink, Align::left);
            ui.canvas.number(cells[at++], desk_.words.time(entry.at), Type::body, ui.theme.ink_soft, Align::left);
            if (wide) ui.canvas.text(cells[at++], entry.cashier, Type::body, ui.theme.ink_soft);
            ui.canvas.text(cells[at++], entry.refund ? std::string(tr("Given back")) : entry.customer, Type::body, ink);
            ui.canvas.number(cells[at], desk_.words.bare_money(entry.total), Type::strong, ink);
        });
        if (events.clicked >= 0) show();
        if (events.activated >= 0) give_back();
    }

    void draw_paper(Ui& ui, Rect rect) {
        Rect foot = rect.cut_bottom(46, space::m);
        const node::ReceiptEntry* entry = chosen();
        if (files_.running()) {
            files_.draw_progress(ui, foot);
        } else {
            const bool any = entry != nullptr;
            const int clicked = button_row(ui, foot,
                                           {{.label = tr("As PDF"), .key = "F3", .enabled = any},
                                            {.label = tr("Print"), .key = "F5", .enabled = any},
                                            {.label = tr("Give back"), .key = "F11", .tone = Tone::warn, .enabled = any && !entry->refund}});
            if (clicked == 0)
                save();
            else if (clicked == 1)
                print();
            else if (clicked == 2)
                give_back();
        }
        ui.canvas.fill(rect, ui.theme.sunken, radius::card);
        const Rect desk = rect.inset(space::m);
        if (paper_.empty())
            empty_state(ui, desk, Icon::file, tr("No receipt chosen"), tr("The receipt shows here."));
        else
            paper_.draw(ui, desk);
    }

    Desk& desk_;
    FileJob files_;
    node::Date day_;
    TextField field_;
    ListState list_;
    Reading<std::vector<node::ReceiptEntry>> found_;
    Reading<fiscal::Bitmap> slip_;
    Paper paper_;
};

}  // namespace

std::unique_ptr<Panel> make_receipts_panel(Desk& desk) { return std::make_unique<ReceiptsPanel>(desk); }

}  // namespace paprsek::ui
