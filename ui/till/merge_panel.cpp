// Two customers who are one (L4): the other is searched, both stand side by side, and one question later all balances, cards and unpaid
// items are together. A branch of a chain is told that headquarters decides it.
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class MergePanel final : public Panel {
public:
    explicit MergePanel(Desk& desk) : desk_(desk), gone_(record_of(desk, desk.subject)), searching_(desk.background) {
        if (gone_) search();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !searching_.waiting(); }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = searching_.poll(); });
        if (changed) {
            list_ = {};
            if (!found().empty() && !field_.empty()) list_.selected = 0;  // nobody stays by chance
        }
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (!gone_) return false;
        if (question_.key(press)) return true;
        if (act_by_key(actions(), press)) return true;
        if (list_.handle(press, static_cast<int>(found().size()))) return true;
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    bool scan(const std::string& text) override {
        field_.set(text.starts_with(';') ? text.substr(1) : text);
        if (gone_) search();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::chain, tr("Merge two customers"), gone_ ? title_of(*gone_) : std::string(tr("Nobody chosen")), "Esc"}, closed);
        if (closed) desk_.back();
        if (!gone_) {
            empty_state(ui, inside, Icon::user, tr("Nobody chosen"), tr("Choose a customer first: F1, or the list of customers."));
            return;
        }
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        Rect left = inside.cut_left(inside.w * 0.36F, space::l);
        draw_person(ui, left.cut_top(150, space::m), tr("Is merged into the other"), *gone_);
        if (const auto* into = chosen()) draw_person(ui, left.cut_top(150, space::m), tr("Stays, and gets everything"), *into);
        text_field(ui, inside.cut_top(46, space::s), field_,
                   {.placeholder = tr("Who stays: card, number or name"), .icon = Icon::search, .focused = !question_.open(), .type = Type::title});
        if (found().empty()) {
            if (!searching_.waiting()) empty_state(ui, inside, Icon::user, tr("Nobody found"), tr("Type a name, a number or the beginning of a card."));
            return;
        }
        const Column columns[] = {{tr("No."), 52, 0, Align::right}, {tr("Name"), 0, 1}, {tr("Card"), 140, 0}, {tr("Points"), 90, 0, Align::right}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(found().size()), {}, [&](int i, auto cells) {
            const node::CustomerRecord& each = found()[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], each.number ? std::to_string(*each.number) : "–", Type::strong, ui.theme.ink_soft);
            ui.canvas.text(cells[1], title_of(each), Type::strong, ui.theme.ink);
            ui.canvas.number(cells[2], each.terms.cards.empty() ? "" : each.terms.cards.front(), Type::caption, ui.theme.ink_soft, Align::left);
            ui.canvas.number(cells[3], desk_.words.points_column(each.terms.points), Type::body, ui.theme.ink);
        });
        if (events.activated >= 0) ask();
    }

private:
    const std::vector<node::CustomerRecord>& found() const {
        static const std::vector<node::CustomerRecord> nobody;
        return searching_.answered() ? searching_.result() : nobody;
    }
    const node::CustomerRecord* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(found().size()) ? &found()[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void search() {
        searching_.ask([text = field_.text(), self = gone_->terms.id](node::Node& branch) {
            constexpr int shown_max = 50;
            std::vector<node::CustomerRecord> records;
            for (const node::FoundCustomer& each : node::search_customers(branch.database(), text, shown_max)) {
                if (each.id == self) continue;
                if (auto record = node::customer_by_id(branch.database(), each.id)) records.push_back(std::move(*record));
            }
            return records;
        });
    }

    std::vector<Action> actions() {
        return {{tr("Merge"), Icon::chain, GLFW_KEY_ENTER, [this] { ask(); }, false, Tone::accent, ButtonLook::solid, chosen() != nullptr}};
    }

    void ask() {
        const node::CustomerRecord* into = chosen();
        if (into == nullptr) return;
        question_.ask(
            fill_in(tr("{} becomes one with {}: all points, spend, debts and cards. It can be taken apart again."), {title_of(*gone_), title_of(*into)}),
            tr("Merge"), Tone::warn, [this, id = into->terms.id] { merge(id); });
    }

    void merge(const std::string& into) {
        const auto booked = std::make_shared<node::CustomerBooked>();
        const auto command = [gone = gone_->terms.id, into, booked](node::Till& session, node::Node& branch, Progress&) {
            node::Hand hand;
            if (auto outcome = hand_for(session, {node::Permission::manage_customers}, hand); !outcome.ok()) return outcome;
            return node::merge_customers(branch, hand, gone, into, *booked);
        };
        const auto leave = alive_.only([this, booked] {
            desk_.subject = booked->customer.terms.id;
            desk_.back();
        });
        desk_.act_beside(tr("Merging two customers"), command, [&desk = desk_, booked, leave] {
            desk.toasts.show(Tone::go, Icon::check, fill_in(tr("{} has it all now"), {title_of(booked->customer)}));
            leave();
        });
    }

    void draw_person(Ui& ui, Rect rect, const char* label, const node::CustomerRecord& customer) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::control);
        Rect inside = rect.inset(space::m);
        ui.canvas.text(inside.cut_top(20), label, Type::caption_strong, t.accent);
        ui.canvas.text(inside.cut_top(28), title_of(customer), Type::title, t.ink);
        ui.canvas.text(inside.cut_top(22, space::xs), line_of(desk_.words, customer), Type::caption, t.ink_soft);
        const auto figure = [&](int column, const char* name, const std::string& value) {
            labelled(ui, inside.cell(column, 3, 0, 1, space::s), name, value, Type::strong, t.ink);
        };
        figure(0, tr("Points"), desk_.words.points(customer.terms.points));
        figure(1, tr("Spend"), desk_.words.bare_money(customer.terms.spend));
        figure(2, tr("Debt"), desk_.words.bare_money(customer.terms.debt));
    }

    Desk& desk_;
    Alive alive_;
    std::optional<node::CustomerRecord> gone_;
    TextField field_;
    ListState list_;
    Question question_;
    Reading<std::vector<node::CustomerRecord>> searching_;
};

}  // namespace

std::unique_ptr<Panel> make_merge_panel(Desk& desk) { return std::make_unique<MergePanel>(desk); }

}  // namespace paprsek::ui
