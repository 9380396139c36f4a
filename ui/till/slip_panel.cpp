// A slip of paper: settled accounts, statements, any receipt. On the screen as it is printed, saved as PDF, or sent to the receipt printer.
#include "fiscal/from_fact.h"
#include "ui/kit/actions.h"
#include "ui/kit/task.h"
#include "ui/till/paper.h"
#include "ui/till/people.h"
#include "ui/till/print_work.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

bool is_statement(const std::string& name) { return name == "statement" || name == "brief-statement"; }

/// On the worker's thread. `customer`: of a statement.
fiscal::Slip make_slip(node::Node& branch, const std::string& name, const std::string& customer) {
    const fiscal::Form form = fiscal::form_of(branch);
    if (is_statement(name)) return fiscal::statement_of(branch, customer, name == "brief-statement", form);
    return fiscal::slip_of(branch, name, form, fiscal::Issue::original);
}

/// What stands on the screen; nothing where it would be longer than a picture may be.
struct ShownSlip {
    std::optional<fiscal::Bitmap> dots;
};

class SlipPanel final : public Panel {
public:
    explicit SlipPanel(Desk& desk) : desk_(desk), name_(desk.slip), saving_(desk), reading_(desk.background) {
        if (is_statement(name_)) {
            if (const auto customer = record_of(desk, desk.subject)) customer_ = handle_of(*customer);
        }
        if (!name_.empty()) load();
    }

    Cover cover() const override { return Cover::whole; }
    bool finishes() const override { return true; }
    bool settled() const override { return !reading_.waiting() && saving_.settled(); }

    bool tick() override {
        bool changed = saving_.tick();
        desk_.guarded([&] {
            if (reading_.poll()) {
                changed = true;
                if (reading_.result().dots) paper_.show(*reading_.result().dots);
            }
        });
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (saving_.key(press)) return true;
        if (press.is(GLFW_KEY_F12)) {
            desk_.back();
            return true;
        }
        return act_by_key(actions(), press) || paper_.key(press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const char* title = name_ == "statement" ? tr("Statement") : name_ == "brief-statement" ? tr("Brief statement") : tr("Slip");
        Rect inside = sheet(ui, area, {Icon::print, title, is_statement(name_) ? "" : name_, "Esc"}, closed);
        if (closed) desk_.back();
        if (saving_.choosing()) {
            saving_.draw(ui, inside);
            return;
        }
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        if (!paper_.empty())
            paper_.draw(ui, inside);
        else if (reading_.answered() && !reading_.result().dots)
            empty_state(ui, inside, Icon::file, tr("Longer than a screen shows"), tr("It can be saved as PDF or printed whole."));
        else if (!reading_.waiting())
            empty_state(ui, inside, Icon::file, tr("No slip"), tr("Slips of receipts, payments and statements show here."));
    }

private:
    void load() {
        reading_.ask([name = name_, customer = customer_](node::Node& branch) {
            const fiscal::Slip slip = make_slip(branch, name, customer);
            constexpr std::size_t blocks_max = 1200;
            ShownSlip shown;
            if (slip.blocks.size() <= blocks_max) shown.dots = fiscal::picture_of(slip);
            return shown;
        });
    }

    std::string file_name() const {
        const char* const said = name_ == "statement" ? tr("Statement") : name_ == "brief-statement" ? tr("Brief statement") : tr("Slip");
        return file_stem(std::string(said) + "-" + (is_statement(name_) ? customer_ : name_)) + ".pdf";
    }

    std::vector<Action> actions() {
        const bool any = !name_.empty();
        return {{tr("Save as PDF"), Icon::download, GLFW_KEY_F11, [this] { save(); }, false, Tone::neutral, ButtonLook::outline, any},
                {tr("Print"), Icon::print, GLFW_KEY_F3, [this] { print(); }, false, Tone::neutral, ButtonLook::outline, any},
                {tr("Done"), Icon::check, GLFW_KEY_ENTER, [this] { desk_.back(); }, false, Tone::accent, ButtonLook::solid}};
    }

    void save() {
        saving_.begin(file_name(), [name = name_, customer = customer_](node::Node& branch, const std::filesystem::path& file) {
            fiscal::write_pdf(make_slip(branch, name, customer), file);
        });
    }

    void print() { print_slip(desk_, name_, customer_); }

    Desk& desk_;
    std::string name_, customer_;
    Paper paper_;
    SaveFile saving_;
    Reading<ShownSlip> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_slip_panel(Desk& desk) { return std::make_unique<SlipPanel>(desk); }

}  // namespace paprsek::ui
