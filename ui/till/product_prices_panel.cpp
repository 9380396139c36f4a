// Prices of one product beside its own (T15): from a day on, and of a price list. Each is set and taken out at once.
#include <algorithm>

#include "node/price_list.h"
#include "node/product_desk.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ProductPricesPanel final : public Panel {
public:
    explicit ProductPricesPanel(Desk& desk) : desk_(desk) {
        load();
        form_.add_text(tr("Price"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign()});
        form_.add_text(tr("From the day"), {.length_max = 14}, desk_.words.date(node::Date{now_.day.days + 1}));
        form_.add_text(tr("Price list"), {.length_max = node::max_price_list_bytes, .placeholder = tr("None: for everybody")});
        form_.focus(price);
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        if (act_by_key(actions(), press)) return true;
        if (press.key == GLFW_KEY_PAGE_UP || press.key == GLFW_KEY_PAGE_DOWN) {
            list_.handle(press, static_cast<int>(prices_.size()), 1);
            return true;
        }
        return form_.key(press) || press.character != 0;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::clock, tr("Future and list prices"), row_ ? row_->name : std::string(), "Esc"}, closed);
        if (closed) desk_.back();
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        Rect left = inside.cut_left(std::min(inside.w * 0.4F, 420.0F), space::l);
        form_.draw(ui, left.cut_top(form_.height(1), space::l), 1);
        ui.canvas.paragraph(left, tr("From midnight of that day it is sold for this price, until a later one begins. Where a branch sells by a price list, "
                                     "the list's price comes first."),
                            Type::caption, ui.theme.ink_soft);
        draw_prices(ui, inside);
    }

private:
    enum Field : std::size_t { price, from, of_list };

    void load() {
        prices_.clear();
        desk_.guarded([&] {
            row_ = node::product_row(desk_.node.database(), desk_.product);
            if (row_) prices_ = node::parse_listed_prices(row_->prices).value_or(prices_);
            now_ = node::price_day(desk_.node);
        });
        list_.selected = std::clamp(list_.selected, prices_.empty() ? -1 : 0, static_cast<int>(prices_.size()) - 1);
    }

    std::vector<Action> actions() {
        return {{tr("Remove the price"), Icon::trash, GLFW_KEY_D, [this] { take_out(); }, true, Tone::danger, ButtonLook::outline, !prices_.empty()},
                {tr("Set the price"), Icon::check, GLFW_KEY_ENTER, [this] { set(); }, false, Tone::accent, ButtonLook::solid, row_.has_value()}};
    }

    void wrong(Field field, const char* sentence) {
        form_.focus(field);
        desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
    }

    void set() {
        const auto amount = Words::parse_typed<node::Money>(form_.text(price));
        if (!amount) return wrong(price, tr("That is not an amount."));
        const auto day = Words::parse_day(form_.text(from));
        if (!day) return wrong(from, tr("That is not a day."));
        apply({form_.text(of_list), *day, *amount}, tr("The price is set."));
    }

    void take_out() {
        const node::ListedPrice& gone = prices_[static_cast<std::size_t>(std::max(list_.selected, 0))];
        apply({gone.list, gone.from, std::nullopt}, tr("The price is taken out."));
    }

    void apply(node::PriceChange price_change, const char* done) {
        node::ProductChange change;
        change.product = row_->key;
        change.prices.push_back(std::move(price_change));
        const auto command = [this, change] {
            if (node::Outcome outcome = desk_.till.demand(node::Permission::manage_stock); !outcome.ok()) return outcome;
            node::ProductBooked booked;
            return node::change_product(desk_.node, change, booked);
        };
        desk_.act(command, [this, done] {
            desk_.goods_changed = true;
            desk_.toasts.show(Tone::go, Icon::check, done);
            form_.set_text(price, "");
            form_.focus(price);
            load();
        });
    }

    void draw_prices(Ui& ui, Rect rect) {
        if (prices_.empty()) {
            empty_state(ui, rect, Icon::clock, tr("No other prices"),
                        row_ ? fill_in(tr("It is sold for {}, always and everywhere."), {desk_.words.money(row_->price)}) : std::string());
            return;
        }
        const Column columns[] = {{tr("From the day"), 120}, {tr("Price list"), 0, 1}, {tr("Price"), 110, 0, Align::right}};
        ui.canvas.text(rect.cut_top(24, space::xs), tr("PgUp and PgDn choose the price to remove"), Type::caption, ui.theme.ink_soft);
        const node::ListedPrice* const in_force = node::listed_price_on(prices_, now_);
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(prices_.size()), {.row_height = 44}, [&](int i, auto cells) {
            const node::ListedPrice& each = prices_[static_cast<std::size_t>(i)];
            const bool now = &each == in_force;
            const Color ink = now ? ui.theme.go : each.from > now_.day ? ui.theme.ink : ui.theme.ink_faint;
            ui.canvas.number(cells[0], desk_.words.date(each.from), Type::body, ink, Align::left);
            ui.canvas.text(cells[1], now ? fill_in(tr("{} · now"), {name_of(each)}) : name_of(each), now ? Type::strong : Type::body, ink);
            ui.canvas.number(cells[2], desk_.words.bare_money(each.price), Type::strong, ink);
        });
        if (events.clicked >= 0) list_.selected = events.clicked;
    }

    static std::string name_of(const node::ListedPrice& each) { return each.list.empty() ? std::string(tr("For everybody")) : each.list; }

    Desk& desk_;
    std::optional<node::ProductRow> row_;
    std::vector<node::ListedPrice> prices_;
    node::PriceDay now_;
    Form form_;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_product_prices_panel(Desk& desk) { return std::make_unique<ProductPricesPanel>(desk); }

}  // namespace paprsek::ui
