// All customers (L4): searched as one types, with their balances; a new one, an old one's data, the way to the till.
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class CustomersPanel final : public Panel {
public:
    explicit CustomersPanel(Desk& desk) : desk_(desk), searching_(desk.background) { search(); }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !searching_.waiting(); }
    void returned() override {
        keep_row_ = true;
        search();
    }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = searching_.poll(); });
        if (changed) {
            if (!std::exchange(keep_row_, false)) list_ = {};
            if (list_.selected < 0 && !found().empty()) list_.selected = 0;
        }
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (act_by_key(actions(), press)) return true;
        if (list_.handle(press, static_cast<int>(found().size()))) return true;
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    /// A card that is scanned here is looked for.
    bool scan(const std::string& text) override {
        field_.set(text.starts_with(';') ? text.substr(1) : text);
        search();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string count = desk_.words.count(static_cast<std::int64_t>(found().size()));
        const bool full = static_cast<int>(found().size()) == shown_max;
        const std::string below = fill_in(full ? tr("The first {}: type more to find others") : tr("{} found"), {count});
        Rect inside = sheet(ui, area, {Icon::users, tr("All customers"), below, "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        text_field(ui, inside.cut_top(48, space::s), field_,
                   {.placeholder = tr("Name, number or card; a scan finds as well"), .icon = Icon::search, .focused = true, .type = Type::title});
        if (found().empty()) {
            if (!searching_.waiting())
                empty_state(ui, inside, Icon::users, field_.empty() ? tr("No customer yet") : tr("Nobody found"),
                            tr("Ins makes a new customer; F3 takes a pile of cards, one scan after another."));
            return;
        }
        draw_table(ui, inside);
    }

private:
    static constexpr int shown_max = 100;

    const std::vector<node::CustomerRecord>& found() const {
        static const std::vector<node::CustomerRecord> nobody;
        return searching_.answered() ? searching_.result() : nobody;
    }
    const node::CustomerRecord* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(found().size()) ? &found()[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void search() {
        searching_.ask([text = field_.text()](node::Node& branch) {
            std::vector<node::CustomerRecord> records;
            for (const node::FoundCustomer& each : node::search_customers(branch.database(), text, shown_max)) {
                if (auto record = node::customer_by_id(branch.database(), each.id)) records.push_back(std::move(*record));
            }
            return records;
        });
    }

    std::vector<Action> actions() {
        const bool any = chosen() != nullptr;
        const auto go = [this](PanelName panel, bool somebody) {
            return [this, panel, somebody] {
                desk_.subject = somebody && chosen() != nullptr ? chosen()->terms.id : std::string();
                desk_.open(panel);
            };
        };
        return {{tr("New"), Icon::plus, GLFW_KEY_INSERT, go(PanelName::person, false)},
                {tr("From a file"), Icon::download, GLFW_KEY_O, go(PanelName::import_customers, false), true, Tone::neutral, ButtonLook::outline,
                 !desk_.status.hq_name},
                {tr("Scan cards"), Icon::barcode, GLFW_KEY_F3, go(PanelName::cards, false)},
                {tr("Bought"), Icon::history, GLFW_KEY_F5, go(PanelName::purchases, true), false, Tone::neutral, ButtonLook::outline, any},
                {tr("Merge"), Icon::chain, GLFW_KEY_F11, go(PanelName::merge, true), false, Tone::neutral, ButtonLook::outline, any},
                {tr("To the till"), Icon::cart, GLFW_KEY_T, [this] { serve(); }, true, Tone::neutral, ButtonLook::outline, any},
                {tr("Edit"), Icon::pencil, GLFW_KEY_ENTER, go(PanelName::person, true), false, Tone::accent, ButtonLook::solid, any}};
    }

    void serve() {
        const std::string handle = handle_of(*chosen());
        if (desk_.act([&] { return desk_.till.log_in(handle); })) desk_.close();
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("No."), 54, 0, Align::right},
                                  {tr("Name"), 0, 1},
                                  {tr("Card"), 130, 0},
                                  {tr("Points"), 84, 0, Align::right},
                                  {tr("Spend"), 110, 0, Align::right},
                                  {tr("Debt"), 100, 0, Align::right},
                                  {tr("Last purchase"), 110, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(found().size()), {}, [&](int i, auto cells) {
            const node::CustomerRecord& each = found()[static_cast<std::size_t>(i)];
            const bool named = !each.texts.name.empty();
            ui.canvas.number(cells[0], each.number ? std::to_string(*each.number) : "–", Type::strong, t.ink_soft);
            ui.canvas.text(cells[1], named ? each.texts.name.c_str() : tr("Card without a name"), Type::strong, named ? t.ink : t.ink_faint);
            ui.canvas.number(cells[2], each.terms.cards.empty() ? "" : each.terms.cards.front(), Type::caption, t.ink_soft, Align::left);
            ui.canvas.number(cells[3], desk_.words.points_column(each.terms.points), Type::body, each.terms.points < node::Points{} ? t.danger : t.accent);
            ui.canvas.number(cells[4], desk_.words.bare_money(each.terms.spend), Type::body, t.ink);
            ui.canvas.number(cells[5], each.terms.debt.is_zero() ? "" : desk_.words.bare_money(each.terms.debt), Type::body, t.warn);
            ui.canvas.text(cells[6], each.last_purchase ? desk_.words.date(*each.last_purchase) : "", Type::caption, t.ink_soft, Align::right);
        });
        if (events.activated >= 0) {
            desk_.subject = found()[static_cast<std::size_t>(events.activated)].terms.id;
            desk_.open(PanelName::person);
        }
    }

    Desk& desk_;
    TextField field_;
    ListState list_;
    bool keep_row_ = false;
    Reading<std::vector<node::CustomerRecord>> searching_;
};

}  // namespace

std::unique_ptr<Panel> make_customers_panel(Desk& desk) { return std::make_unique<CustomersPanel>(desk); }

}  // namespace paprsek::ui
