// One product (T1, T15): made or changed where the shop keeps its own goods, shown where HQ does. A code that is scanned here is added.
// A code that nobody knew at the till is filled in, and rung up once the product is there.
#include <algorithm>

#include "node/codes.h"
#include "node/product_desk.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ProductPanel final : public Panel {
public:
    explicit ProductPanel(Desk& desk)
        : desk_(desk), code_(std::exchange(desk.new_product, {})), vat_groups_(desk.policy().vat_groups()) {
        if (code_.empty()) load(desk_.product);
        build();
        desk_.guarded([&] { groups_ = node::product_groups(desk_.node.database()); });
    }

    Cover cover() const override { return Cover::whole; }
    bool unsaved() const override { return form_.changed(); }
    std::string subject() const override { return row_ ? row_->key : std::string(); }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        if (press.is(GLFW_KEY_ESCAPE)) {
            leave();
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        if (press.key == GLFW_KEY_PAGE_UP || press.key == GLFW_KEY_PAGE_DOWN) {
            codes_.handle(press, row_ ? static_cast<int>(row_->codes.size()) : 0, 1);
            return true;
        }
        return form_.key(press) || press.character != 0;
    }

    bool scan(const std::string& text) override {
        if (at_hq()) return false;
        form_.focus(code);
        form_.set_text(code, text);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string title = row_ ? row_->name : std::string(tr("New product"));
        const std::string below = row_ ? row_->key : std::string(tr("Name, code and price are enough"));
        Rect inside = sheet(ui, area, {Icon::tag, title, below, "Esc"}, closed);
        if (closed) leave();
        const Rect foot = inside.cut_bottom(46, space::m);
        if (at_hq())
            notice(ui, foot, Tone::accent, Icon::info_circle, tr("Headquarters keeps the products of this chain: they change with its next reply."));
        else if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        Rect side = inside.cut_right(std::clamp(inside.w * 0.27F, 240.0F, 340.0F), space::l);
        form_.draw(ui, inside, 2, !question_.open() && !at_hq());
        ui.canvas.fill(side, ui.theme.sunken, radius::control);
        side = side.inset(space::m);
        if (row_) draw_codes(ui, side.cut_top(side.h * 0.45F, space::m));
        draw_groups(ui, side);
    }

private:
    enum Field : std::size_t { name, price, code, group, vat, cost, points, linked, dealers, field_count };

    bool at_hq() const { return desk_.status.hq_name.has_value(); }

    void load(const std::string& key) {
        if (key.empty()) return;
        desk_.guarded([&] { row_ = node::product_row(desk_.node.database(), key); });
        if (row_) codes_.selected = 0;
    }

    void build() {
        using Accepts = TextField::Accepts;
        const std::string sign = desk_.words.currency_sign();
        const node::ProductRow row = row_.value_or(node::ProductRow{});
        const auto amount = [&](const auto& value) { return value ? desk_.words.typed(*value) : std::string(); };
        form_.clear();
        form_.add_text(tr("Product name"), {}, row.name);
        form_.add_text(tr("Price"), {.accepts = Accepts::amount, .length_max = 14, .suffix = sign}, row_ ? desk_.words.typed(row.price) : "");
        form_.add_text(row_ ? tr("Add a code") : tr("Code"), {.accepts = Accepts::code, .length_max = 60, .placeholder = tr("Scan it")}, "");
        form_.add_text(tr("Group"), {.placeholder = tr("No group")}, row.group);
        std::vector<std::string> shown;
        const node::Date day = desk_.node.zone().local(desk_.node.clock().now()).date;
        for (const std::string& each : vat_groups_) {
            const auto rate = desk_.policy().vat_rate(each, day);
            shown.push_back(rate ? fill_in("{} {}", {each, desk_.words.percent(*rate)}) : each);
        }
        const auto at = std::find(vat_groups_.begin(), vat_groups_.end(), row.vat);
        form_.add_choice(tr("VAT group"), shown, at == vat_groups_.end() ? 0 : static_cast<std::size_t>(at - vat_groups_.begin()));
        form_.add_text(tr("Cost of a piece"), {.accepts = Accepts::amount, .length_max = 14, .suffix = sign, .placeholder = tr("Not known")}, amount(row.cost));
        form_.add_text(tr("Points"), {.accepts = Accepts::amount, .length_max = 14, .placeholder = tr("By the policy")}, amount(row.points));
        form_.add_text(tr("Sold with it (code)"), {.accepts = Accepts::code, .placeholder = tr("e.g. a returnable bottle")}, row.linked);
        form_.add_text(tr("Discounts of dealers"), {.accepts = Accepts::code, .placeholder = "DEA:20|VIP:30"}, row.dealers);
        if (!code_.empty()) form_.set_text(code, code_);
        form_.settle();
        form_.focus(name);
        for (std::size_t field = 0; at_hq() && field < field_count; ++field) form_.set_enabled(field, false);
    }

    std::vector<Action> actions() {
        if (at_hq()) return {};
        std::vector<Action> list;
        list.push_back({tr("Next group"), Icon::list, GLFW_KEY_F3, [this] { next_group(); }, false, Tone::neutral, ButtonLook::outline, !groups_.empty()});
        if (row_) list.push_back({tr("Future prices"), Icon::clock, GLFW_KEY_F5, [this] { desk_.open(PanelName::product_prices); }});
        if (row_)
            list.push_back({tr("Drop code"), Icon::ban, GLFW_KEY_D, [this] { ask_drop(); }, true, Tone::neutral, ButtonLook::outline, row_->codes.size() > 1});
        list.push_back({code_.empty() ? tr("Save") : tr("Save and sell"), Icon::check, GLFW_KEY_ENTER, [this] { save(); }, false, Tone::accent,
                        ButtonLook::solid});
        return list;
    }

    void leave() {
        if (!form_.changed()) return desk_.back();
        question_.ask_leave([this] {
            form_.settle();
            desk_.back();
        });
    }

    void next_group() {
        const auto at = std::find(groups_.begin(), groups_.end(), form_.text(group));
        const std::size_t next = at == groups_.end() ? 0 : static_cast<std::size_t>(at - groups_.begin() + 1) % groups_.size();
        form_.set_text(group, groups_[next]);
        group_list_.select(static_cast<int>(next));
    }

    void wrong(Field field, const char* sentence) {
        form_.focus(field);
        desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
    }

    /// With the point of a program, for whichever separator was typed; false and a sentence where it is no amount.
    template <class D>
    bool amount_of(Field field, const char* sentence, std::optional<std::string>& value) {
        if (row_ && !form_.changed(field)) return true;
        if (form_.text(field).empty()) {
            value = "";
            return true;
        }
        const auto amount = Words::parse_typed<D>(form_.text(field));
        if (amount) value = node::print(*amount);
        else wrong(field, sentence);
        return amount.has_value();
    }

    void save() {
        node::ProductChange change;
        if (row_) change.product = row_->key;
        const auto text = [&](Field field, std::optional<std::string>& value) {
            if (!row_ || form_.changed(field)) value = form_.text(field);
        };
        if (form_.text(name).empty()) return wrong(name, tr("Say what it is."));
        text(name, change.name);
        text(group, change.group);
        text(linked, change.linked);
        text(dealers, change.dealers);
        if (!row_ || form_.changed(price)) {
            change.price = Words::parse_typed<node::Money>(form_.text(price));
            if (!change.price) return wrong(price, tr("That is not an amount."));
        }
        if (!amount_of<node::Money>(cost, tr("That is not an amount."), change.cost)) return;
        if (!amount_of<node::Points>(points, tr("That is no number of points."), change.points)) return;
        if (!vat_groups_.empty() && (!row_ || form_.changed(vat))) change.vat = vat_groups_[form_.chosen(vat)];
        if (!form_.text(code).empty()) change.codes.push_back(form_.text(code));
        else if (!row_) return wrong(code, tr("Scan its code, or type one."));
        apply(change);
    }

    void apply(const node::ProductChange& change) {
        const auto booked = std::make_shared<node::ProductBooked>();
        const auto command = [this, change, booked] {
            if (node::Outcome outcome = desk_.till.demand(node::Permission::manage_stock); !outcome.ok()) return outcome;
            return node::change_product(desk_.node, change, *booked);
        };
        desk_.act(command, [this, booked] { applied(*booked); });
    }

    void applied(const node::ProductBooked& booked) {
        desk_.goods_changed = true;
        form_.settle();
        const std::string& title = booked.product.name;
        if (booked.seq == 0) desk_.toasts.show(Tone::neutral, Icon::info_circle, tr("Nothing was changed."));
        else desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} is saved"), {title}));
        for (const std::string& doubtful : booked.doubtful)
            desk_.toasts.show(Tone::warn, Icon::warning, fill_in(tr("The check digit of {} is wrong; the code is kept as it is."), {doubtful}));
        if (code_.empty()) return desk_.back();
        sell(booked.product);
        desk_.close();
    }

    /// The red rows with one of its codes become the product, each with its quantity; the new line stands before the old one goes.
    void sell(const node::ProductRow& product) {
        const auto& lines = desk_.view().lines;
        bool stood = false;
        for (std::size_t line = lines.size(); line-- > 0;) {
            const std::string each = node::normalise_code(lines[line].line.code);
            if (!lines[line].unknown || std::find(product.codes.begin(), product.codes.end(), each) == product.codes.end()) continue;
            stood = true;
            const node::Quantity quantity = lines[line].line.quantity;
            if (desk_.act([&] { return desk_.till.scan(each, quantity); })) desk_.act([&] { return desk_.till.void_line(line); });
        }
        if (!stood) desk_.act([&] { return desk_.till.scan(product.key); });
        desk_.select_last_line();
    }

    void ask_drop() {
        const auto at = static_cast<std::size_t>(std::clamp(codes_.selected, 0, static_cast<int>(row_->codes.size()) - 1));
        const std::string gone = row_->codes[at];
        question_.ask(fill_in(tr("Take the code {} away? Whoever scans it finds nothing from then on."), {gone}), tr("Take it away"), Tone::danger,
                      [this, gone] {
                          node::ProductChange change;
                          change.product = row_->key;
                          change.drop_codes = {gone};
                          apply(change);
                      });
    }

    void draw_codes(Ui& ui, Rect rect) {
        ui.canvas.text(rect.cut_top(24, space::xs), tr("Codes (PgUp, PgDn)"), Type::caption_strong, ui.theme.ink_soft);
        list(ui, rect, codes_, static_cast<int>(row_->codes.size()), {.row_height = 42, .zebra = false}, [&](int i, Rect at) {
            Rect cell = at.inset(space::s, 0);
            ui.canvas.icon(cell.cut_left(20, space::s), Icon::barcode, IconSize::small, ui.theme.ink_soft);
            ui.canvas.number(cell, row_->codes[static_cast<std::size_t>(i)], Type::body, ui.theme.ink, Align::left);
        });
    }

    void draw_groups(Ui& ui, Rect rect) {
        ui.canvas.text(rect.cut_top(24, space::xs), tr("Groups"), Type::caption_strong, ui.theme.ink_soft);
        if (groups_.empty()) {
            ui.canvas.paragraph(rect, tr("A group begins with the first product that names it."), Type::body, ui.theme.ink_soft);
            return;
        }
        const auto at = std::find(groups_.begin(), groups_.end(), form_.text(group));
        group_list_.selected = at == groups_.end() ? -1 : static_cast<int>(at - groups_.begin());
        const ListEvents events =
            list(ui, rect, group_list_, static_cast<int>(groups_.size()), {.row_height = 42, .zebra = false}, [&](int i, Rect cell) {
                ui.canvas.text(cell.inset(space::s, 0), groups_[static_cast<std::size_t>(i)], Type::body, ui.theme.ink);
            });
        if (events.clicked >= 0 && !at_hq()) form_.set_text(group, groups_[static_cast<std::size_t>(events.clicked)]);
    }

    Desk& desk_;
    std::string code_;  ///< nobody's yet, and waited for at the till
    std::vector<std::string> vat_groups_, groups_;
    std::optional<node::ProductRow> row_;
    Form form_;
    ListState codes_, group_list_;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_product_panel(Desk& desk) { return std::make_unique<ProductPanel>(desk); }

}  // namespace paprsek::ui
