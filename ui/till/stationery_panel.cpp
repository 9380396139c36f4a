// What stands on this till's receipts beside the sale: lines under the shop's name and at the end, the logo, how broad the paper is, and
// the code for checking. Beside it a receipt as it will be.
#include <algorithm>

#include "fiscal/from_fact.h"
#include "fiscal/worker.h"
#include "node/base/csv.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/file_job.h"
#include "ui/till/paper.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

constexpr std::size_t longest_logo_file = 4u << 20;

/// A receipt that shows all that the settings change. Nobody can take it for a real one: it has no number of this till and no hash.
fiscal::Receipt sample(const Desk& desk, const fiscal::Stationery& set) {
    fiscal::Receipt receipt;
    const node::NodeInfo& info = desk.node.info();
    receipt.seq = 1;
    receipt.number = node::print_receipt_number(info.node, 0);
    receipt.at = desk.node.clock().now();
    receipt.local = desk.node.zone().local(receipt.at);
    receipt.currency = info.currency;
    receipt.shop = info.name;
    receipt.header = set.header;
    receipt.footer = set.footer;
    receipt.cashier = desk.view().cashier;
    const node::Money price = node::Money::of(120'00);
    receipt.lines.push_back({.code = {}, .name = tr("Something sold"), .vat = {}, .price = price, .gross = price, .discount = {}, .net = price, .paid = price,
                             .points = {}});
    receipt.net = receipt.total = price;
    receipt.pay.push_back({node::TenderKind::cash, price});
    receipt.hash = std::string(64, '0');
    return receipt;
}

/// Lines of text one under another, each a field.
struct Lines {
    std::vector<TextField> fields =
        std::vector<TextField>(fiscal::most_stationery_lines, TextField(TextField::Accepts::anything, fiscal::most_stationery_letters));
    ListState list;

    void set(const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < fields.size(); ++i) fields[i].set(i < texts.size() ? texts[i] : std::string());
        list.select(0);
    }
    /// Empty ones between others are meant; those at the end are not.
    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const TextField& field : fields) all.push_back(field.text());
        while (!all.empty() && all.back().empty()) all.pop_back();
        return all;
    }
    TextField& here() { return fields[static_cast<std::size_t>(list.selected)]; }
};

class StationeryPanel final : public Panel {
public:
    explicit StationeryPanel(Desk& desk) : desk_(desk), files_(desk), sample_(desk.background) { load(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return files_.settled() && !sample_.waiting() && !stale_; }

    bool key(const KeyPress& press) override {
        if (files_.key(press)) return true;
        if (act_by_key(actions(), press)) return true;
        if (press.is(GLFW_KEY_TAB)) {
            at_ = static_cast<At>((static_cast<int>(at_) + (press.shift ? 2 : 1)) % 3);
            return true;
        }
        if (press.character == 0 && press.is(GLFW_KEY_ESCAPE)) return false;
        if (at_ == At::options) form_.key(press);
        else if (press.key == GLFW_KEY_UP || press.key == GLFW_KEY_DOWN || press.key == GLFW_KEY_PAGE_UP || press.key == GLFW_KEY_PAGE_DOWN)
            lines().list.handle(press, static_cast<int>(fiscal::most_stationery_lines));
        else lines().here().handle(press);
        show();
        return true;  // nothing typed here reaches the receipt
    }

    bool tick() override {
        bool changed = files_.tick();
        if (stale_) lay_out_sample();
        desk_.guarded([&] {
            if (!sample_.poll()) return;
            changed = true;
            paper_.show(sample_.result());
        });
        if (!files_.take_done()) return changed;
        desk_.guarded([&] { set_.logo = fiscal::stationery(desk_.node).logo; });
        if (desk_.printer != nullptr) desk_.printer->set_anew();
        show();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::file, tr("Look of receipts"), tr("Of this till alone, on paper, PDF and screen"), "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        if (files_.running()) files_.draw_progress(ui, inside.cut_bottom(42, space::s));
        paper_.draw(ui, inside.cut_right(std::clamp(inside.w * 0.36F, 320.0F, 440.0F), space::l));
        if (form_.draw(ui, inside.cut_bottom(form_.height(2), space::m), 2, at_ == At::options)) {
            at_ = At::options;
            show();
        }
        draw_lines(ui, inside.cell(0, 2, 0, 1, space::l), head_, At::head, tr("Under the shop's name"), tr("Address, tax number"));
        draw_lines(ui, inside.cell(1, 2, 0, 1, space::l), foot_, At::foot, tr("At the end"), tr("Thanks, opening hours"));
    }

private:
    enum class At { head, foot, options };

    void load() {
        desk_.guarded([&] { set_ = fiscal::stationery(desk_.node); });
        head_.set(set_.header);
        foot_.set(set_.footer);
        for (const int usual : {32, 42, 48}) columns_.push_back(usual);
        if (std::find(columns_.begin(), columns_.end(), set_.columns) == columns_.end()) columns_.push_back(set_.columns);
        std::vector<std::string> shown;
        for (const int each : columns_) shown.push_back(std::to_string(each));
        const auto at = std::find(columns_.begin(), columns_.end(), set_.columns);
        letters_ = form_.add_choice(tr("Characters in a line"), shown, static_cast<std::size_t>(at - columns_.begin()));
        proof_ = form_.add_choice(tr("Code for checking the receipt"), {tr("no code"), "QR", tr("bars")}, static_cast<std::size_t>(set_.proof));
        show();
    }

    Lines& lines() { return at_ == At::foot ? foot_ : head_; }

    fiscal::Stationery wanted() const {
        fiscal::Stationery wanted = set_;
        wanted.header = head_.texts();
        wanted.footer = foot_.texts();
        wanted.columns = columns_[form_.chosen(letters_)];
        wanted.proof = static_cast<fiscal::ProofAs>(form_.chosen(proof_));
        return wanted;
    }

    void show() {
        stale_ = true;
        wake();
    }

    /// The newest look alone is laid out, beside the window.
    void lay_out_sample() {
        stale_ = false;
        desk_.guarded([&] {
            const fiscal::Stationery now = wanted();
            const bool too_broad = now.logo && now.columns <= 32 && now.logo->width() > 384;
            const fiscal::Form form{now.columns, desk_.node.info().locale, now.proof, too_broad ? nullptr : now.logo};
            sample_.ask([receipt = sample(desk_, now), form](node::Node&) { return fiscal::picture_of(lay_out(receipt, form)); });
        });
    }

    std::vector<Action> actions() {
        const bool idle = !files_.running();
        return {{tr("Logo…"), Icon::folder, GLFW_KEY_F3, [this] { choose_logo(); }, false, Tone::neutral, ButtonLook::outline, idle},
                {tr("No logo"), Icon::ban, GLFW_KEY_F5, [this] { drop_logo(); }, false, Tone::neutral, ButtonLook::outline, idle && set_.logo != nullptr},
                {tr("Save"), Icon::check, GLFW_KEY_ENTER, [this] { save(); }, false, Tone::accent, ButtonLook::solid}};
    }

    /// As the command line has it, without the logo, which is kept beside it.
    static std::string text_of(const fiscal::Stationery& stationery) {
        node::Json text = fiscal::stationery_json(stationery);
        text.erase("logo");
        return text.dump();
    }

    void with_permission(std::function<void()> act) {
        desk_.act([this] { return desk_.till.demand(node::Permission::change_policy); }, std::move(act));
    }

    void save() {
        with_permission([this] {
            desk_.guarded([&] {
                fiscal::set_stationery(desk_.node, text_of(wanted()), tr("Look of receipts"));
                set_ = fiscal::stationery(desk_.node);
                if (desk_.printer != nullptr) desk_.printer->set_anew();
                desk_.toasts.show(Tone::go, Icon::check, tr("Receipts look so from now on."));
            });
        });
    }

    void choose_logo() {
        with_permission([this] {
            files_.begin(tr("A logo for receipts"), {FileChooser::Mode::open, ".png", "", {}},
                         [](node::Node& branch, const std::filesystem::path& file, Progress&) {
                             const std::string picture = node::read_file(file.string(), longest_logo_file);
                             fiscal::set_stationery(branch, text_of(fiscal::stationery(branch)), file.filename().string(), picture);
                             return std::string(tr("The logo is kept."));
                         });
        });
    }

    void drop_logo() {
        with_permission([this] {
            desk_.guarded([&] {
                fiscal::set_stationery(desk_.node, text_of(fiscal::stationery(desk_.node)), tr("Look of receipts"), std::string_view());
                set_.logo = nullptr;
                if (desk_.printer != nullptr) desk_.printer->set_anew();
            });
            show();
        });
    }

    void draw_lines(Ui& ui, Rect rect, Lines& lines, At at, const char* title, const char* placeholder) {
        const bool here = at_ == at;
        ui.canvas.text(rect.cut_top(22, space::xs), title, Type::caption_strong, here ? ui.theme.accent : ui.theme.ink_soft);
        list(ui, rect, lines.list, static_cast<int>(lines.fields.size()), {.row_height = 48, .zebra = false, .focused = false, .bare = true},
             [&](int i, Rect row) {
                 Rect cell{row.x, row.y, row.w - 10, row.h - 6};
                 const FieldLook look{.placeholder = i == 0 ? placeholder : "", .focused = here && i == lines.list.selected};
                 if (!text_field(ui, cell, lines.fields[static_cast<std::size_t>(i)], look)) return;
                 at_ = at;
                 lines.list.selected = i;
             });
    }

    Desk& desk_;
    FileJob files_;
    fiscal::Stationery set_;
    Lines head_, foot_;
    std::vector<int> columns_;
    Form form_;
    std::size_t letters_ = 0, proof_ = 0;
    At at_ = At::head;
    bool stale_ = true;
    Reading<fiscal::Bitmap> sample_;
    Paper paper_;
};

}  // namespace

std::unique_ptr<Panel> make_stationery_panel(Desk& desk) { return std::make_unique<StationeryPanel>(desk); }

}  // namespace paprsek::ui
