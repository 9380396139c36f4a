// A stocktake (T13): the list of what is expected is frozen when it is opened; goods are counted by scanning or typing, in any order and
// in several places; closing books counted − expected. While a list is open this screen takes every scan.
#include <algorithm>

#include "node/stock_lists.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/beside_view.h"
#include "ui/till/goods_entry.h"
#include "ui/till/screens.h"
#include "ui/till/stock_words.h"

namespace paprsek::ui {
namespace {

struct ShownSheet {
    std::optional<node::StocktakeSheet> sheet;
    std::vector<node::StocktakeRow> rows;
};

class StocktakePanel final : public Panel {
public:
    explicit StocktakePanel(Desk& desk) : desk_(desk), entry_(desk, GoodsEntry::Asks::quantity), shown_(desk.background) {
        desk_.guarded([&] {
            stocks_ = node::stock_names(desk_.node.database());
            groups_ = node::product_groups(desk_.node.database());
        });
        group_list_.selected = 0;
        read_head();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !shown_.waiting(); }
    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = shown_.poll(); });
        // What was done beside may have opened or closed the list, or have stopped half way.
        if (std::exchange(busy_, desk_.beside().running()) && !busy_) read_head();
        if (changed) {
            sheet_ = shown_.result().sheet;
            const auto& rows = shown_.result().rows;
            const auto last = std::find_if(rows.begin(), rows.end(), [&](const node::StocktakeRow& row) { return row.product == last_; });
            if (last != rows.end())
                list_.select(static_cast<int>(last - rows.begin()));
            else
                list_.selected = std::clamp(list_.selected, rows.empty() ? -1 : 0, static_cast<int>(rows.size()) - 1);
        }
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (beside_key(desk_, press)) return true;
        if (question_.key(press)) return true;
        if (closing_) return closing_key(press);
        if (act_by_key(actions(), press)) return true;
        if (!sheet_) return group_list_.handle(press, groups()) || press.character != 0;
        return (entry_.idle() && list_.handle(press, rows())) || entry_key(press);
    }

    bool scan(const std::string& code) override {
        if (beside_keeps_scan(desk_)) return true;
        if (!sheet_ || closing_ || question_.open()) return sheet_.has_value();
        if (const auto typed = entry_.pending()) count(*typed, true);
        if (const auto goods = entry_.scan(code)) count(*goods, false);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string below = fill_in("{} · {}", {stock_title(desk_.stock), state_words()});
        Rect inside = sheet(ui, area, {Icon::barcode, tr("Stocktake"), below, "Esc"}, closed);
        if (closed) {
            if (closing_)
                closing_ = false;
            else
                desk_.back();
        }
        const Rect foot = inside.cut_bottom(46, space::m);
        if (desk_.beside().running())
            draw_beside(ui, foot, desk_);
        else if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, closing_ ? closing_actions() : actions());
        const Ui::PointerOff off(ui, question_.open() || desk_.beside().running());
        if (!sheet_) return draw_begin(ui, inside);
        draw_figures(ui, inside.cut_top(56, space::m));
        if (closing_) return draw_closing(ui, inside);
        bool clicked = false;
        entry_.draw(ui, inside.cut_top(50, space::s), true, clicked);
        if (entry_.searching()) return entry_.draw_found(ui, inside);
        draw_rows(ui, inside);
    }

private:
    static constexpr int shown_max = 500;
    enum Closing : std::size_t { rest, reason };

    int rows() const { return shown_.answered() ? static_cast<int>(shown_.result().rows.size()) : 0; }
    int groups() const { return static_cast<int>(groups_.size()) + 1; }  // the first is everything
    const node::StocktakeRow* chosen() const {
        return list_.selected >= 0 && list_.selected < rows() ? &shown_.result().rows[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    std::string state_words() const {
        if (!sheet_) return tr("no list is open");
        const std::string what = sheet_->group.empty() ? std::string(tr("everything")) : sheet_->group;
        return fill_in(tr("{}, as it was on {}"), {what, desk_.words.date_time(sheet_->at)});
    }

    bool entry_key(const KeyPress& press) {
        bool used = false;
        if (const auto goods = entry_.key(press, used)) count(*goods, true);
        return used || press.character != 0;
    }

    void reload() {
        shown_.ask([stock = desk_.stock, filter = filter_](node::Node& branch) {
            return ShownSheet{node::stocktake_sheet(branch.database(), stock), node::stocktake_rows(branch.database(), stock, "", filter, shown_max)};
        });
    }

    std::vector<Action> actions() {
        const Action stock{tr("Next stock"), Icon::store, GLFW_KEY_F3, [this] { next(); }, false, Tone::neutral, ButtonLook::outline, stocks_.size() > 1};
        if (!sheet_) return {stock, {tr("Open the list"), Icon::check, GLFW_KEY_ENTER, [this] { open_list(); }, false, Tone::accent, ButtonLook::solid}};
        static constexpr const char* filters[] = {mark("All goods"), mark("Not counted"), mark("Differences")};
        const std::size_t following = (static_cast<std::size_t>(filter_) + 1) % std::size(filters);
        std::vector<Action> list = {
            stock, {tr(filters[following]), Icon::list, GLFW_KEY_F5, [this, following] { set_filter(static_cast<node::StocktakeFilter>(following)); }}};
        list.push_back({tr("Give it up"), Icon::ban, GLFW_KEY_DELETE, [this] { ask_cancel(); }, true, Tone::danger});
        if (entry_.idle())
            list.push_back({chosen() != nullptr && chosen()->counted ? tr("Count again") : tr("Count"), Icon::pencil, GLFW_KEY_ENTER, [this] { recount(); },
                            false, Tone::neutral, ButtonLook::outline, chosen() != nullptr});
        else
            list.push_back({tr("Count"), Icon::check, GLFW_KEY_ENTER, [this] { entry_key(pressed(GLFW_KEY_ENTER)); }});
        list.push_back({tr("Close it"), Icon::check, GLFW_KEY_F12, [this] { begin_closing(); }, false, Tone::go, ButtonLook::solid});
        return list;
    }
    std::vector<Action> closing_actions() {
        return {{tr("Back to counting"), Icon::arrow_left, GLFW_KEY_ESCAPE, [this] { closing_ = false; }},
                {tr("Book the differences"), Icon::check, GLFW_KEY_ENTER, [this] { close(); }, false, Tone::go, ButtonLook::solid}};
    }

    void next() {
        desk_.stock = next_stock(stocks_, desk_.stock);
        entry_.clear();
        last_.clear();
        read_head();
    }

    void set_filter(node::StocktakeFilter filter) {
        filter_ = filter;
        list_ = {};
        reload();
    }

    /// Whether a list is open is known at once, for the next scan is the list's; its figures come from beside the window.
    void read_head() {
        desk_.guarded([&] { sheet_ = node::stocktake_head(desk_.node.database(), desk_.stock); });
        reload();
    }

    void open_list() {
        const std::string group = group_list_.selected > 0 ? groups_[static_cast<std::size_t>(group_list_.selected) - 1] : std::string();
        const auto products = std::make_shared<std::int64_t>(0);
        const auto by = std::make_shared<node::StockHand>();
        const auto command = [stock = desk_.stock, group, by, products](node::Till& session, node::Node& branch, Progress& progress) {
            *by = {};
            if (node::Outcome outcome = stock_hand(session, *by); !outcome.ok()) return outcome;
            return node::open_stocktake(branch, stock, group, by->cashier, *products, making_way(progress));
        };
        const auto here = alive_.only([this, by] {
            if (!by->approvals.empty()) lent_to_ = by->cashier;
        });
        desk_.act_beside(
            tr("Freezing the list"), command,
            [&desk = desk_, products, here] {
                here();
                if (*products == 0) {
                    desk.toasts.show(Tone::neutral, Icon::ban, tr("Stopped: no list is open."));
                    return;
                }
                desk.toasts.show(Tone::go, Icon::check,
                                 fill_in(tr_n("{} product is on the list: count it.", "{} products are on the list: count them.", *products),
                                         {desk.words.count(*products)}));
            },
            true);
        busy_ = desk_.beside().running();
    }

    /// What a second person once said yes to on this screen holds for every count of the same cashier: a scan that asks each time would
    /// count nothing. What the cashier may alone is looked up each time. Nothing is booked by it: closing asks again.
    void count(const EnteredGoods& goods, bool replace) {
        const auto counted = std::make_shared<node::Counted>();
        const auto command = [this, goods, replace, stock = desk_.stock, counted] {
            node::StockHand by;
            const node::Outcome outcome = stock_hand(desk_.till, by);
            const bool lent = outcome.refusal == node::Refusal::not_permitted && lent_to_ == by.cashier;
            if (!outcome.ok() && !lent) return outcome;
            if (!by.approvals.empty()) lent_to_ = by.cashier;
            return node::count_stock(desk_.node, stock, goods.product, goods.quantity, replace, *counted);
        };
        desk_.act(command, [this, counted, replace] {
            last_ = counted->product;
            if (!replace) entry_.edit({counted->product, counted->name, counted->counted, std::nullopt});
            desk_.sounds.play(Sound::scanned);
            reload();
        });
    }

    void recount() {
        const node::StocktakeRow& row = *chosen();
        last_ = row.product;
        entry_.edit({row.product, row.name, row.counted.value_or(node::Quantity{}), std::nullopt});
    }

    void ask_cancel() {
        question_.ask(tr("Give the stocktake up? What was counted is forgotten, and nothing is booked."), tr("Give it up"), Tone::danger, [this] {
            const auto command = [stock = desk_.stock](node::Till& session, node::Node& branch, Progress& progress) {
                node::StockHand by;
                if (node::Outcome outcome = stock_hand(session, by); !outcome.ok()) return outcome;
                return node::cancel_stocktake(branch, stock, making_way(progress));
            };
            desk_.act_beside(tr("Giving the stocktake up"), command, [&desk = desk_, here = alive_.only([this] { entry_.clear(); })] {
                desk.toasts.show(Tone::neutral, Icon::ban, tr("The stocktake is given up; nothing is booked."));
                here();
            });
            busy_ = desk_.beside().running();
        });
    }

    void begin_closing() {
        if (const auto typed = entry_.pending()) count(*typed, true);
        entry_.clear();
        reload();
        form_.clear();
        form_.add_choice(tr("Products not counted"), {tr("stays as it is"), tr("is gone")});
        form_.add_text(tr("Why"), {.length_max = 200, .placeholder = tr("Yearly, a check, …")});
        form_.focus(rest);
        closing_ = true;
    }

    bool closing_key(const KeyPress& press) {
        if (act_by_key(closing_actions(), press)) return true;
        return form_.key(press) || press.character != 0;
    }

    void close() {
        const auto closed = std::make_shared<node::StocktakeClosed>();
        const auto uncounted = form_.chosen(rest) == 1 ? node::Uncounted::zero : node::Uncounted::keep;
        const auto command = [stock = desk_.stock, uncounted, why = form_.text(reason), closed](node::Till& session, node::Node& branch,
                                                                                              Progress& progress) {
            node::StockHand by;
            if (node::Outcome outcome = stock_hand(session, by); !outcome.ok()) return outcome;
            return node::close_stocktake(branch, stock, uncounted, why, by, *closed, making_way(progress));
        };
        desk_.act_beside(tr("Booking what was counted"), command, [&desk = desk_, closed, here = alive_.only([this] { closing_ = false; })] {
            const auto count = static_cast<std::int64_t>(closed->lines.size());
            const std::string name = node::print(node::FactName{desk.node.info().node, closed->seqs.front()});
            desk.toasts.show(
                Tone::go, Icon::check,
                fill_in(tr_n("Booked as {}: {} product was counted.", "Booked as {}: {} products were counted.", count), {name, desk.words.count(count)}));
            here();
        });
        busy_ = desk_.beside().running();
    }

    void draw_begin(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        Rect side = rect.cut_right(std::min(420.0F, rect.w * 0.4F), space::l);
        ui.canvas.text(rect.cut_top(24, space::xs), tr("What is counted"), Type::caption_strong, t.ink_soft);
        const ListEvents events = list(ui, rect, group_list_, groups(), {.row_height = 42}, [&](int i, Rect row) {
            const std::string name = i == 0 ? std::string(tr("Everything")) : groups_[static_cast<std::size_t>(i) - 1];
            ui.canvas.text(row.inset(space::s, 0), name, i == group_list_.selected ? Type::strong : Type::body, t.ink);
        });
        if (events.activated >= 0) open_list();
        ui.canvas.fill(side, t.sunken, radius::control);
        side = side.inset(space::l);
        ui.canvas.text(side.cut_top(26, space::s), tr("How it works"), Type::strong, t.ink);
        for (const char* step :
             {tr("The list is frozen with what is expected now. What is sold meanwhile is not lost: the difference is booked, not the count."),
              tr("Scan each piece, or scan one and type how many there are. Goods may lie in several places: scans add up."),
              tr("A list of a group counts the groups below it, too. Selling goes on all the time.")})
            side.cut_top(ui.canvas.paragraph(side, step, Type::body, t.ink_soft), space::m);
    }

    void draw_figures(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::control);
        if (sheet_->products == 0) return;  // still being read
        rect = rect.inset(space::m, space::xs);
        const std::string counted = fill_in(tr("{} of {}"), {desk_.words.count(sheet_->counted), desk_.words.count(sheet_->products)});
        Rect first = rect.cell(0, 3, 0, 1, space::m);
        labelled(ui, first, tr("Counted"), counted, Type::title, t.ink);
        labelled(ui, rect.cell(1, 3, 0, 1, space::m), tr("Differences"), desk_.words.count(sheet_->differing), Type::title,
                 sheet_->differing > 0 ? t.warn : t.ink_soft, Align::right);
        const node::Money by = sheet_->difference.value_or(node::Money{});
        const std::string worth = sheet_->difference ? (by > node::Money{} ? "+" : "") + desk_.words.money(by) : std::string();
        labelled(ui, rect.cell(2, 3, 0, 1, space::m), tr("Worth of the difference"), worth, Type::title, by < node::Money{} ? t.danger : t.ink, Align::right);
    }

    void draw_closing(Ui& ui, Rect rect) {
        rect = rect.middle(std::min(rect.w, 720.0F), rect.h);
        form_.draw(ui, rect.cut_top(form_.height(1), space::l), 1);
        const bool zero = form_.chosen(rest) == 1;
        const std::int64_t left = zero ? sheet_->missing : sheet_->products - sheet_->counted;
        const char* pattern = zero ? tr_n("{} product that nobody counted is booked to zero.", "{} products that nobody counted are booked to zero.", left)
                                   : tr_n("{} product that nobody counted stays as it is.", "{} products that nobody counted stay as they are.", left);
        const bool gone = zero && left > 0;
        notice(ui, rect.cut_top(48), gone ? Tone::warn : Tone::accent, gone ? Icon::warning : Icon::info_circle, fill_in(pattern, {desk_.words.count(left)}));
    }

    void draw_rows(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        if (rows() == 0) {
            if (shown_.waiting()) return;
            const bool differing = filter_ == node::StocktakeFilter::differing;
            empty_state(ui, rect, Icon::check, differing ? tr("Nothing differs") : tr("Everything is counted"),
                        tr("F5 shows all goods of the list; F12 closes it."));
            return;
        }
        const Column columns[] = {
            {tr("Product"), 0, 1}, {tr("Expected"), 120, 0, Align::right}, {tr("Counted"), 120, 0, Align::right}, {tr("Difference"), 120, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, rows(), {.focused = entry_.idle()}, [&](int i, auto cells) {
            const node::StocktakeRow& row = shown_.result().rows[static_cast<std::size_t>(i)];
            Rect name = cells[0].inset(0, 4);
            ui.canvas.text(name.cut_top(name.h / 2 + 1), row.name, Type::strong, t.ink);
            ui.canvas.text(name, row.product, Type::caption, t.ink_faint);
            ui.canvas.number(cells[1], desk_.words.quantity(row.expected), Type::body, t.ink_soft);
            if (!row.counted) {
                ui.canvas.text(cells[2], tr("not yet"), Type::caption, t.ink_faint, Align::right);
                return;
            }
            const node::Quantity by = *row.counted - row.expected;
            ui.canvas.number(cells[2], desk_.words.quantity(*row.counted), Type::strong, t.ink);
            if (by.is_zero())
                ui.canvas.icon({cells[3].right() - 22, cells[3].y, 22, cells[3].h}, Icon::check, IconSize::small, t.go);
            else
                ui.canvas.number(cells[3], signed_quantity(desk_.words, by), Type::strong, by < node::Quantity{} ? t.danger : t.warn);
        });
        if (events.activated >= 0) recount();
    }

    Desk& desk_;
    Alive alive_;
    GoodsEntry entry_;
    Reading<ShownSheet> shown_;
    std::optional<node::StocktakeSheet> sheet_;
    std::vector<std::string> stocks_, groups_;
    node::StocktakeFilter filter_ = node::StocktakeFilter::all;
    ListState list_, group_list_;
    std::string last_;  ///< the product counted last
    std::string lent_to_;  ///< the cashier for whom a second person said yes
    bool busy_ = false, closing_ = false;
    Form form_;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_stocktake_panel(Desk& desk) { return std::make_unique<StocktakePanel>(desk); }

}  // namespace paprsek::ui
