// Who brought whom (L15): of one customer, or all. A tie is made, changed or cancelled here; opened by the red dot at log-in it needs no
// more than the cashier's right to change customers.
#include "node/referrals.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ReferralPanel final : public Panel {
public:
    explicit ReferralPanel(Desk& desk) : desk_(desk), about_(record_of(desk, std::exchange(desk.subject, {}))), all_(!about_), reading_(desk.background) {
        load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting(); }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = reading_.poll(); });
        if (changed && list_.selected < 0 && !rows().empty()) list_.selected = 0;
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        if (editing_) {
            if (press.is(GLFW_KEY_ESCAPE))
                editing_ = false;
            else if (!act_by_key(edit_actions(), press))
                form_.key(press);
            return true;
        }
        return act_by_key(actions(), press) || list_.handle(press, static_cast<int>(rows().size()));
    }

    bool scan(const std::string& text) override { return editing_ && form_.scan(text.starts_with(';') ? text.substr(1) : text); }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const auto& referral = desk_.policy().referral;
        const std::string share = !referral ? std::string(tr("No share is set: nothing is passed on until the policy says so"))
                                            : fill_in(referral->of_spend ? tr("{} of the spend goes to whoever brought the customer")
                                                                         : tr("{} of the points go to whoever brought the customer"),
                                                      {desk_.words.percent(referral->share)});
        Rect inside = sheet(ui, area, {Icon::sitemap, all_ ? std::string(tr("Referrals")) : title_of(*about_), share, "Esc"}, closed);
        if (closed) {
            if (editing_)
                editing_ = false;
            else
                desk_.back();
        }
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, editing_ ? edit_actions() : actions());
        if (editing_) form_.draw(ui, inside.cut_top(form_.height(2), space::l), 2);
        if (rows().empty()) {
            if (!reading_.waiting())
                empty_state(ui, inside, Icon::sitemap, all_ ? tr("Nobody brought anybody yet") : tr("This customer has brought nobody yet"),
                            tr("Ins ties two customers: a share of what the one earns goes to the other, by itself."));
            return;
        }
        const Theme& t = ui.theme;
        const Column columns[] = {
            {tr("Who brought"), 0, 1}, {tr("Whom"), 0, 1}, {tr("Points passed on"), 140, 0, Align::right}, {tr("Spend passed on"), 140, 0, Align::right}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(rows().size()), {.focused = !editing_}, [&](int i, auto cells) {
            const node::ReferralRow& row = rows()[static_cast<std::size_t>(i)];
            draw_person(ui, cells[0], row.referrer);
            draw_person(ui, cells[1], row.customer);
            ui.canvas.number(cells[2], row.points.is_zero() ? "" : desk_.words.points_column(row.points), Type::strong, t.accent);
            ui.canvas.number(cells[3], row.spend.is_zero() ? "" : desk_.words.bare_money(row.spend), Type::strong, t.ink);
        });
        if (editing_) return;
        if (events.activated >= 0) edit();
        if (events.context >= 0) {
            list_.select(events.context);
            ask_cancel();
        }
    }

private:
    enum Field : std::size_t { customer, referrer };

    const std::vector<node::ReferralRow>& rows() const {
        static const std::vector<node::ReferralRow> none;
        return reading_.answered() ? reading_.result() : none;
    }
    const node::ReferralRow* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(rows().size()) ? &rows()[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void load() {
        constexpr int shown_max = 500;
        reading_.ask([of = all_ ? std::string() : about_->terms.id](node::Node& branch) { return node::referral_rows(branch.database(), of, shown_max); });
    }

    std::vector<Action> actions() {
        const bool any = chosen() != nullptr;
        return {{tr("New referral"), Icon::plus, GLFW_KEY_INSERT, [this] { begin(about_ ? handle_of(*about_) : std::string(), {}); }},
                {tr("Remove referral"), Icon::trash, GLFW_KEY_DELETE, [this] { ask_cancel(); }, false, Tone::danger, ButtonLook::outline, any},
                {all_ ? tr("This customer alone") : tr("All customers"), Icon::users, GLFW_KEY_F3,
                 [this] {
                     all_ = !all_;
                     list_ = {};
                     load();
                 },
                 false, Tone::neutral, ButtonLook::outline, about_.has_value()},
                {tr("Customer's data"), Icon::user, GLFW_KEY_F5,
                 [this] {
                     desk_.subject = chosen()->customer.terms.id;
                     desk_.open(PanelName::person);
                 },
                 false, Tone::neutral, ButtonLook::outline, any},
                {tr("Edit"), Icon::pencil, GLFW_KEY_ENTER, [this] { edit(); }, false, Tone::accent, ButtonLook::solid, any}};
    }

    std::vector<Action> edit_actions() {
        return {
            {tr("Leave it"), Icon::times, GLFW_KEY_ESCAPE, [this] { editing_ = false; }},
            {tr("Save"), Icon::check, GLFW_KEY_ENTER, [this] { save(form_.text(customer), form_.text(referrer)); }, false, Tone::accent, ButtonLook::solid}};
    }

    void edit() {
        if (const node::ReferralRow* row = chosen()) begin(handle_of(row->customer), handle_of(row->referrer));
    }

    void begin(const std::string& whom, const std::string& by) {
        form_.clear();
        form_.add_text(tr("Customer: number or card"), {.accepts = TextField::Accepts::code, .length_max = 120}, whom);
        form_.add_text(tr("Brought by: number or card"), {.accepts = TextField::Accepts::code, .length_max = 120}, by);
        form_.focus(whom.empty() ? customer : referrer);
        editing_ = true;
    }

    void save(const std::string& whom, const std::string& by) {
        if (whom.empty() || by.empty()) {
            form_.focus(whom.empty() ? customer : referrer);
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("Both customers are needed, by number or card."));
            return;
        }
        set(whom, by, tr("They are tied: a share goes over with every purchase"));
    }

    void ask_cancel() {
        const node::ReferralRow* row = chosen();
        if (row == nullptr) return;
        question_.ask(fill_in(tr("Cancel the tie of {} to {}? What was passed on stays."), {title_of(row->customer), title_of(row->referrer)}), tr("Cancel it"),
                      Tone::danger, [this, whom = handle_of(row->customer)] { set(whom, {}, tr("The tie is cancelled")); });
    }

    void set(const std::string& whom, const std::string& by, const char* done) {
        node::CustomerChange change;
        change.customer = whom;
        change.referrer = by;
        const auto command = [this, change] {
            node::CustomerBooked booked;
            return change_customer(desk_, change, booked);
        };
        desk_.act(command, [this, done] {
            desk_.toasts.show(Tone::go, Icon::check, done);
            editing_ = false;
            load();
        });
    }

    void draw_person(Ui& ui, Rect cell, const node::CustomerRecord& person) {
        cell = cell.inset(0, 4);
        ui.canvas.text(cell.cut_top(cell.h / 2), title_of(person), Type::strong, ui.theme.ink);
        ui.canvas.text(cell, handle_of(person), Type::caption, ui.theme.ink_faint);
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> about_;
    bool all_;
    bool editing_ = false;
    Form form_;
    ListState list_;
    Question question_;
    Reading<std::vector<node::ReferralRow>> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_referral_panel(Desk& desk) { return std::make_unique<ReferralPanel>(desk); }

}  // namespace paprsek::ui
