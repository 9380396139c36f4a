// F3: receipts put aside and the tables of a restaurant (T7): what is free, what stands open since when, for how much; opened, moved,
// merged, divided and struck out here. F5 at the till puts a receipt aside.
#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

#include "node/parked.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/screens.h"
#include "ui/till/split_view.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

/// A table of the plan, or a receipt that lies at none.
struct Spot {
    node::Place place;
    std::optional<node::ParkedView> receipt;
    bool in_hand = false;
};

struct Found {
    std::vector<node::ParkedView> parked;
    std::vector<node::AreaView> areas;
};

class TablesPanel final : public Panel {
public:
    explicit TablesPanel(Desk& desk) : desk_(desk), reading_(desk.background) {
        areas_.push_back({tr("At no table"), {}});
        load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting(); }
    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = reading_.poll(); });
        if (changed) take(std::move(reading_.result()));
        for (; !held_.empty() && !reading_.waiting(); held_.pop_front()) key(KeyPress(held_.front()));
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (doing_ == Doing::split) return key_split(press);
        if (doing_ == Doing::plan) return key_plan(press);
        if (doing_ == Doing::strike || doing_ == Doing::tab) return key_field(press);
        if (press.is(GLFW_KEY_ESCAPE) && doing_ != Doing::look) return stop();
        if (reading_.waiting() && !press.is(GLFW_KEY_ESCAPE)) {  // what is shown may be over: the key is for what comes
            held_.push_back(press);
            return true;
        }
        if (press.enter()) {
            choose();
            return true;
        }
        if (press.is(GLFW_KEY_TAB)) {
            show_area((area_ + 1) % areas_.size());
            return true;
        }
        if (move_selection(press)) return true;
        if (doing_ != Doing::look || press.control || press.alt) return press.character != 0;
        switch (press.key) {
            case GLFW_KEY_M:
                begin(Doing::move);
                return true;
            case GLFW_KEY_G:
                begin(Doing::merge);
                return true;
            case GLFW_KEY_S:
                begin_split();
                return true;
            case GLFW_KEY_DELETE:
                begin(Doing::strike);
                return true;
            case GLFW_KEY_N:
                begin_field(Doing::tab);
                return true;
            case GLFW_KEY_P:
                park_here();
                return true;
            case GLFW_KEY_E:
                begin_plan();
                return true;
            default:
                return press.character != 0;
        }
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::coffee, tr("Put aside and tables"), subtitle(), "Esc"}, closed);
        if (closed && (doing_ == Doing::look || !stop())) desk_.back();
        if (doing_ == Doing::split) return draw_split(ui, inside);
        if (doing_ == Doing::plan) return draw_plan_editor(ui, inside);
        Rect right = inside.cut_right(std::max(320.0F, inside.w * 0.34F), space::l);
        draw_areas(ui, inside.cut_top(44, space::m));
        draw_foot(ui, inside.cut_bottom(46, space::m));
        draw_spots(ui, inside);
        draw_chosen(ui, right);
    }

private:
    enum class Doing { look, move, merge, strike, tab, split, plan };

    std::string subtitle() const {
        switch (doing_) {
            case Doing::move:
                return fill_in(tr("Where does {} go? Choose a free table and press Enter"), {title(from_)});
            case Doing::merge:
                return fill_in(tr("What does {} join? Choose an open receipt and press Enter"), {title(from_)});
            case Doing::split:
                return tr("What goes onto a receipt of its own");
            case Doing::plan:
                return tr("Table plan");
            default:
                break;
        }
        if (const auto& lines = desk_.view().lines; !lines.empty())
            return fill_in(tr("In hand: {} for {}"), {title_of(desk_.view().place, tr("a receipt")), desk_.words.money(desk_.view().due)});
        return tr("Open receipts stay here until they are paid, whatever happens to the computer");
    }

    static std::string title_of(const node::Place& place, const char* otherwise) {
        if (place.empty()) return otherwise;
        return place.area.empty() ? place.table : place.area + " · " + place.table;
    }
    std::string title(const Spot& spot) const {
        return spot.receipt && spot.place.empty() ? fill_in(tr("Receipt {}"), {std::to_string(spot.receipt->id)}) : title_of(spot.place, tr("a receipt"));
    }

    void load() {
        reading_.ask([](node::Node& branch) {
            // Takes up the open receipt as it lies on disk, for where it stands.
            node::Till session(branch, node::Keep::every_command);
            return Found{session.parked(), session.tables()};
        });
    }

    void take(Found found) {
        areas_.clear();
        std::vector<Spot> aside;
        for (node::ParkedView& parked : found.parked) {
            if (parked.place.empty()) aside.push_back({{}, std::move(parked), false});
        }
        areas_.push_back({tr("At no table"), std::move(aside)});
        for (node::AreaView& area : found.areas) {
            std::vector<Spot> spots;
            for (node::TableView& table : area.tables) spots.push_back({{area.name, table.name}, std::move(table.receipt), table.in_hand});
            areas_.push_back({area.name.empty() ? std::string(tr("Tables")) : area.name, std::move(spots)});
        }
        if (std::exchange(first_look_, false)) area_ = areas_[0].spots.empty() && areas_.size() > 1 ? 1 : 0;
        show_area(std::min(area_, areas_.size() - 1), true);
        const auto joined = std::exchange(joined_, std::nullopt);
        const std::vector<Spot>& spots = areas_[area_].spots;
        for (std::size_t i = 0; joined && i < spots.size(); ++i)
            if (hand_or_id(spots[i]) == joined) selected_ = static_cast<int>(i);
    }

    void show_area(std::size_t area, bool stay = false) {
        area_ = area;
        const int count = static_cast<int>(areas_[area_].spots.size());
        if (!stay) selected_ = 0;
        selected_ = std::clamp(selected_, 0, std::max(0, count - 1));
        scroll_.select(selected_ / std::max(1, columns_));
    }

    Spot* chosen() {
        std::vector<Spot>& spots = areas_[area_].spots;
        return selected_ < static_cast<int>(spots.size()) ? &spots[static_cast<std::size_t>(selected_)] : nullptr;
    }

    bool move_selection(const KeyPress& press) {
        int by = 0;
        switch (press.key) {
            case GLFW_KEY_LEFT:
                by = -1;
                break;
            case GLFW_KEY_RIGHT:
                by = 1;
                break;
            case GLFW_KEY_UP:
                by = -columns_;
                break;
            case GLFW_KEY_DOWN:
                by = columns_;
                break;
            default:
                return false;
        }
        const int count = static_cast<int>(areas_[area_].spots.size());
        if (selected_ + by >= 0 && selected_ + by < count) selected_ += by;
        scroll_.select(selected_ / std::max(1, columns_));
        return true;
    }

    bool stop() {
        doing_ = Doing::look;
        return true;
    }

    /// Whatever became of it, the plan is read again: another till may have been quicker.
    void run(std::function<node::Outcome()> command, std::function<void()> well = {}) {
        doing_ = Doing::look;
        const bool done = desk_.act(std::move(command), [this, well = std::move(well)] {
            desk_.select_last_line();
            load();
            if (well) well();
        });
        if (!done) load();
    }

    /// Enter, or a touch on what is chosen already.
    void choose() {
        Spot* spot = chosen();
        if (spot == nullptr) return;
        if ((doing_ == Doing::move || doing_ == Doing::merge) && stays(*spot)) return;
        if (doing_ == Doing::move) {
            const node::Place place = spot->place;
            const std::string what = title(from_), where = title(*spot);
            run([this, from = hand_or_id(from_), place] { return desk_.till.move(from, place); },
                [this, what, where] { desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} is at {} now."), {what, where})); });
            return;
        }
        if (doing_ == Doing::merge) {
            const auto into = hand_or_id(*spot);
            if (!from_.receipt) return;
            const std::string what = title(from_), where = title(*spot);
            run([this, from = from_.receipt->id, into] { return desk_.till.merge(from, into); },
                [this, into, what, where] {
                    joined_ = into;  // stands there also where the one that is gone stood before it
                    desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("{} and {} are one receipt now."), {what, where}));
                });
            return;
        }
        if (spot->in_hand) return desk_.close();
        run([this, id = hand_or_id(*spot), place = spot->place] { return id ? desk_.till.recall(*id) : desk_.till.open_table(place); },
            [this] { desk_.close(); });
    }

    /// Whether what is to be moved or joined stands there itself.
    bool stays(const Spot& spot) const { return spot.place == from_.place && spot.in_hand == from_.in_hand && hand_or_id(spot) == hand_or_id(from_); }

    static std::optional<std::int64_t> hand_or_id(const Spot& spot) { return spot.receipt ? std::optional(spot.receipt->id) : std::nullopt; }

    void begin(Doing doing) {
        const Spot* spot = chosen();
        if (spot == nullptr || (!spot->receipt && !(spot->in_hand && doing == Doing::move))) return;
        from_ = *spot;
        if (doing == Doing::strike) return begin_field(doing);
        doing_ = doing;
    }

    void begin_field(Doing doing) {
        doing_ = doing;
        field_.clear();
    }

    void begin_split() {
        const Spot* spot = chosen();
        if (spot == nullptr || (!spot->receipt && !spot->in_hand)) return;
        from_ = *spot;
        split_.begin(spot->in_hand ? desk_.view().lines : spot->receipt->lines, [this, id = hand_or_id(from_)](const auto& parts) {
            std::optional<SplitView::Priced> priced;
            node::Till::SplitPreview found;
            if (!desk_.act([&] { return desk_.till.preview_split(id, parts, found); })) return priced;
            return std::optional(SplitView::Priced{found.moved, found.rest, found.part, found.rest_due, found.part_due});
        });
        doing_ = Doing::split;
    }

    void park_here() {
        const Spot* spot = chosen();
        if (desk_.view().lines.empty() && desk_.view().place.empty()) return;
        const node::Place place = spot != nullptr && !spot->receipt && !spot->in_hand ? spot->place : node::Place{};
        run([this, place] { return desk_.till.park(place); }, [this] { desk_.toasts.show(Tone::go, Icon::check, tr("Put aside.")); });
    }

    bool key_field(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) return stop();
        if (press.enter()) {
            confirm_field();
            return true;
        }
        return field_.handle(press);
    }

    void confirm_field() {
        if (doing_ == Doing::strike) {
            if (from_.receipt) run([this, id = from_.receipt->id, why = field_.text()] { return desk_.till.void_parked(id, {}, why); });
            return;
        }
        if (field_.empty()) return;
        const node::Place place{area_ == 0 ? std::string() : areas_[area_].spots.empty() ? std::string() : areas_[area_].spots[0].place.area, field_.text()};
        run([this, place] { return desk_.till.open_table(place); }, [this] { desk_.close(); });
    }

    // Divided: what goes to the right is put aside by itself, or paid at once.

    bool key_split(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) return stop();
        if (press.is(GLFW_KEY_F12)) {
            part(true);
            return true;
        }
        if (press.is(GLFW_KEY_F5)) {
            part(false);
            return true;
        }
        return split_.key(press) || press.character != 0;
    }

    void part(bool pay) {
        const std::vector<node::DraftPart> parts = split_.parts();
        if (parts.empty()) {
            desk_.toasts.show(Tone::neutral, Icon::info_circle, tr("Nothing was moved to the right yet."));
            return;
        }
        const auto from = hand_or_id(from_);
        if (pay)
            return run([this, from, parts] { return from ? desk_.till.take_part(*from, parts) : desk_.till.keep_part(parts); },
                       [this] { desk_.open(PanelName::payment); });
        run([this, from, parts] { return desk_.till.split(from, parts, {}); },
            [this] { desk_.toasts.show(Tone::go, Icon::check, tr("Divided: the part is put aside.")); });
    }

    void draw_split(Ui& ui, Rect inside) {
        const Rect foot = inside.cut_bottom(48, space::m);
        split_.draw(ui, inside, desk_.words, title(from_), tr("On a receipt of its own"));
        const bool any = !split_.parts().empty();
        if (button(ui, foot.cell(0, 3, 0, 1, space::s), {.label = tr("Back"), .key = "Esc", .icon = Icon::arrow_left}))
            stop();
        else if (button(ui, foot.cell(1, 3, 0, 1, space::s), {.label = tr("Put the part aside"), .key = "F5", .icon = Icon::inbox, .enabled = any}))
            part(false);
        const Button pay{.label = tr("Pay the part"), .key = "F12", .tone = Tone::go, .look = ButtonLook::solid, .enabled = any};
        if (button(ui, foot.cell(2, 3, 0, 1, space::s), pay)) part(true);
    }

    // The plan: an area a row, its tables by name.

    void begin_plan() {
        plan_.clear();
        desk_.guarded([&] {
            for (const node::Area& area : node::tables_of(desk_.node)) {
                std::string names;
                for (const std::string& table : area.tables) names += (names.empty() ? "" : ", ") + table;
                add_plan_row(area.name, names);
            }
        });
        if (!plan_.empty()) add_plan_row("", "");  // there is always room for one more
        while (plan_.empty() || plan_rows_ < plan_rows_min) add_plan_row("", "");
        doing_ = Doing::plan;
    }
    void add_plan_row(const std::string& area, const std::string& tables) {
        if (plan_.empty()) plan_rows_ = 0;
        plan_.add_text(tr("Area"), {.length_max = node::max_place_bytes, .placeholder = tr("e.g. Garden")}, area);
        plan_.add_text(tr("Its tables, with commas between"), {.length_max = 4000, .placeholder = "1, 2, 3"}, tables);
        ++plan_rows_;
    }

    bool key_plan(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) return stop();
        if (press.enter()) {
            keep_plan();
            return true;
        }
        return plan_.key(press);
    }

    static std::vector<std::string> names_of(const std::string& text) {
        std::vector<std::string> names;
        std::size_t from = 0;
        while (from <= text.size()) {
            const std::size_t comma = std::min(text.find(',', from), text.size());
            std::string name = text.substr(from, comma - from);
            name.erase(0, name.find_first_not_of(' '));
            name.erase(name.find_last_not_of(' ') + 1);
            if (!name.empty()) names.push_back(name);
            from = comma + 1;
        }
        return names;
    }

    void keep_plan() {
        std::vector<node::Area> areas;
        for (std::size_t row = 0; row < plan_rows_; ++row) {
            node::Area area{plan_.text(row * 2), names_of(plan_.text(row * 2 + 1))};
            if (area.tables.empty() && !area.name.empty()) {
                desk_.toasts.show(Tone::danger, Icon::exclamation, fill_in(tr("{} has no tables: name them, or take the area away."), {area.name}));
                return plan_.focus(row * 2 + 1);
            }
            if (!area.tables.empty()) areas.push_back(std::move(area));
        }
        desk_.act([this] { return desk_.till.demand(node::Permission::change_policy); }, [this, areas] { keep(areas); });
    }

    void keep(const std::vector<node::Area>& areas) {
        desk_.guarded([&] {
            // As a file of the command line would be: the same bounds, the same sentences.
            node::set_tables(desk_.node, node::parse_tables(node::tables_json(areas), tr("The plan")));
            doing_ = Doing::look;
            first_look_ = true;
            load();
            desk_.toasts.show(Tone::go, Icon::check, tr("The plan is kept."));
        });
    }

    void draw_plan_editor(Ui& ui, Rect inside) {
        const Rect foot = inside.cut_bottom(48, space::m);
        plan_.draw(ui, inside, 2);
        if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("Back"), .key = "Esc", .icon = Icon::arrow_left}))
            stop();
        else if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Save"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid}))
            keep_plan();
    }

    // The picture.

    void draw_areas(Ui& ui, Rect rect) {
        key_cap(ui, rect, "Tab", ui.theme.ink_faint, ui.theme.ink_faint.alpha(0.5F));
        rect.cut_right(48);
        for (std::size_t i = 0; i < areas_.size(); ++i) {
            const auto open = std::count_if(areas_[i].spots.begin(), areas_[i].spots.end(), [](const Spot& spot) { return spot.receipt || spot.in_hand; });
            const std::string label = open == 0 ? areas_[i].name : areas_[i].name + "  " + desk_.words.count(open);
            const float width = ui.canvas.width(label, Type::strong) + 34;
            if (width > rect.w) break;
            if (choice_chip(ui, rect.cut_left(width, space::s).inset(0, 2), label, i == area_)) show_area(i);
        }
    }

    void draw_spots(Ui& ui, Rect rect) {
        const std::vector<Spot>& spots = areas_[area_].spots;
        if (spots.empty()) {
            empty_state(ui, rect, Icon::inbox, tr("Nothing is put aside"), tr("F5 at the till puts a receipt aside; N opens a tab under a name."));
            return;
        }
        columns_ = std::max(2, static_cast<int>(rect.w / 168));
        constexpr float height = 110;
        const int rows = (static_cast<int>(spots.size()) + columns_ - 1) / columns_;
        int touched = -1;
        list(ui, rect, scroll_, rows, {.row_height = height + space::s, .zebra = false, .focused = false, .bare = true}, [&](int row, Rect at) {
            at.h = height;
            at.w -= 8;
            for (int column = 0; column < columns_; ++column) {
                const int index = row * columns_ + column;
                if (index >= static_cast<int>(spots.size())) return;
                if (draw_spot(ui, at.cell(column, columns_, 0, 1, space::s), spots[static_cast<std::size_t>(index)], index == selected_)) touched = index;
            }
        });
        if (touched < 0) return;
        const bool again = touched == selected_;
        selected_ = touched;
        if (again || doing_ != Doing::look) choose();
    }

    bool draw_spot(Ui& ui, Rect rect, const Spot& spot, bool selected) {
        const Theme& t = ui.theme;
        const bool open = spot.receipt.has_value();
        const Tone tone = spot.in_hand ? Tone::accent : open ? Tone::warn : Tone::neutral;
        ui.canvas.fill(rect, open || spot.in_hand ? tone_soft(t, tone) : t.sunken, radius::control);
        ui.canvas.outline(rect, selected ? t.accent : ui.hovered(rect) ? t.ink_faint : t.line, radius::control, selected ? 2.5F : 1.0F);
        Rect inside = rect.inset(space::m, space::s);
        // Whose it is has the whole breadth: a waiter looks for that, and finds the sum below.
        const std::string name = spot.place.empty() ? title(spot) : spot.place.table;
        const bool fits = ui.canvas.width(name, Type::title) <= inside.w;
        ui.canvas.text(inside.cut_top(28), name, fits ? Type::title : Type::caption_strong, t.ink);
        const Rect second = inside.cut_top(20);
        if (spot.in_hand)
            ui.canvas.text(second, tr("In hand"), Type::caption_strong, t.accent);
        else if (!open)
            ui.canvas.text(second, tr("Free"), Type::caption, t.ink_faint);
        else
            ui.canvas.text(second, fill_in(tr("since {}"), {since(spot.receipt->opened)}), Type::caption, t.ink_soft);
        if (open) draw_open(ui, inside, *spot.receipt);
        return ui.clicked(rect);
    }

    /// For whom, or else of what it is, and how much.
    void draw_open(Ui& ui, Rect inside, const node::ParkedView& receipt) {
        const Theme& t = ui.theme;
        Rect whose = inside.cut_top(20);
        if (receipt.customer) {
            ui.canvas.icon(whose.cut_left(16, 4), Icon::user, IconSize::small, t.danger);
            ui.canvas.text(whose, receipt.customer->name.empty() ? receipt.customer->shown : receipt.customer->name, Type::caption, t.ink_soft);
        } else if (receipt.unresolved) {
            ui.canvas.text(whose, tr("Unknown code"), Type::caption_strong, t.danger);
        } else if (!receipt.lines.empty()) {
            ui.canvas.text(whose, receipt.lines.front().line.name, Type::caption, t.ink_soft);
        }
        ui.canvas.number(inside, desk_.words.bare_money(receipt.due - sum_of(receipt.given)), Type::strong, t.ink);
    }

    std::string since(node::Instant at) const {
        const node::Instant now = desk_.node.clock().now();
        return now.ms - at.ms < 12 * 3'600'000LL ? desk_.words.time(at) : desk_.words.date_time(at);
    }

    void draw_foot(Ui& ui, Rect rect) {
        const bool hand = !desk_.view().lines.empty() || !desk_.view().place.empty();
        const int clicked = button_row(ui, rect,
                                       {{.label = tr("Put the receipt aside"), .key = "P", .icon = Icon::inbox, .enabled = hand},
                                        {.label = tr("New tab…"), .key = "N", .icon = Icon::plus},
                                        {.label = tr("Edit the plan"), .key = "E", .icon = Icon::pencil}});
        if (clicked == 0)
            park_here();
        else if (clicked == 1)
            begin_field(Doing::tab);
        else if (clicked == 2)
            begin_plan();
    }

    void draw_chosen(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::card);
        Rect inside = rect.inset(space::l);
        if (doing_ == Doing::tab || doing_ == Doing::strike) return draw_field(ui, inside);
        Spot* spot = chosen();
        if (spot == nullptr) {
            empty_state(ui, inside, Icon::coffee, tr("Nothing chosen"), tr("Choose a table or a receipt on the left."));
            return;
        }
        if (doing_ == Doing::move || doing_ == Doing::merge) return draw_target(ui, inside, *spot);
        draw_actions(ui, inside.cut_bottom(46 * 3 + 2 * space::s, space::m), *spot);
        ui.canvas.text(inside.cut_top(30, space::s), title(*spot), Type::title, t.ink);
        const std::vector<node::ViewLine>* lines = spot->in_hand ? &desk_.view().lines : spot->receipt ? &spot->receipt->lines : nullptr;
        if (lines == nullptr || lines->empty()) {
            empty_state(ui, inside, Icon::check, lines == nullptr ? tr("This table is free") : tr("Nothing rung up yet"),
                        tr("Enter begins a receipt here; what is scanned then belongs to it."));
            return;
        }
        Rect total = inside.cut_bottom(40);
        ui.canvas.line({total.x, total.y + 2}, {total.right(), total.y + 2}, t.line);
        const auto& given = spot->in_hand ? desk_.view().given : spot->receipt->given;
        ui.canvas.text(total, given.empty() ? tr("To pay") : tr("Still to pay"), Type::strong, t.ink_soft);
        const node::Money due = spot->in_hand ? desk_.view().due : spot->receipt->due;
        ui.canvas.number(total, desk_.words.money(due - sum_of(given)), Type::title, t.ink);
        float quantities = 30, sums = 66;
        for (const node::ViewLine& line : *lines) {
            quantities = std::max(quantities, ui.canvas.number_width(desk_.words.quantity(line.line.quantity), Type::body) + 1);
            sums = std::max(sums, ui.canvas.number_width(desk_.words.bare_money(line.line.net), Type::body) + 1);
        }
        const Column columns[] = {{{}, quantities, 0, Align::right}, {{}, 0, 1}, {{}, sums, 0, Align::right}};
        list(ui, inside, lines_, static_cast<int>(lines->size()), {.row_height = 30, .zebra = false, .focused = false, .bare = true}, [&](int i, Rect row) {
            const node::ViewLine& line = (*lines)[static_cast<std::size_t>(i)];
            const auto cells = column_cells(columns, row);
            ui.canvas.number(cells[0], desk_.words.quantity(line.line.quantity), Type::body, t.ink_soft);
            ui.canvas.text(cells[1], line.unknown ? line.line.code : line.line.name, Type::body, line.unknown ? t.danger : t.ink);
            ui.canvas.number(cells[2], desk_.words.bare_money(line.line.net), Type::body, t.ink);
        });
    }

    void draw_actions(Ui& ui, Rect rect, const Spot& spot) {
        const bool open = spot.receipt.has_value();
        const Rect first = rect.cell(0, 1, 0, 3, space::s);
        const char* label = spot.in_hand ? tr("Go on with it") : open ? tr("Open it") : tr("Begin a receipt here");
        if (button(ui, first, {.label = label, .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid})) return choose();
        const auto cell = [&](int column, int row) { return rect.cell(column, 2, row, 3, space::s); };
        const Rect places[] = {cell(0, 1), cell(1, 1), cell(0, 2), cell(1, 2)};
        const bool any = open || spot.in_hand;
        const int clicked = button_row(ui, places,
                                       {{.label = tr("Move"), .key = "M", .icon = Icon::exchange, .enabled = any},
                                        {.label = tr("Merge with another"), .key = "G", .icon = Icon::chain, .enabled = open},
                                        {.label = tr("Split"), .key = "S", .icon = Icon::sitemap, .enabled = any},
                                        {.label = tr("Strike out"), .key = "Del", .icon = Icon::trash, .tone = Tone::danger, .enabled = open}});
        if (clicked == 0)
            begin(Doing::move);
        else if (clicked == 1)
            begin(Doing::merge);
        else if (clicked == 2)
            begin_split();
        else if (clicked == 3)
            begin(Doing::strike);
    }

    /// The way back and the answer, which has the more room the longer it is.
    std::vector<Action> answers(const char* yes, Tone tone, bool can, std::function<void()> then) {
        return {{tr("Back"), Icon::none, GLFW_KEY_ESCAPE, [this] { stop(); }},
                {yes, Icon::none, GLFW_KEY_ENTER, std::move(then), false, tone, ButtonLook::solid, can}};
    }

    void draw_target(Ui& ui, Rect inside, const Spot& spot) {
        const bool moving = doing_ == Doing::move, same = stays(spot);
        const Rect foot = inside.cut_bottom(46);
        ui::draw_actions(ui, foot, answers(moving ? tr("Move here") : tr("Join it"), Tone::accent, !same, [this] { choose(); }));
        if (doing_ == Doing::look) return;  // answered, and what it was about may be gone
        const char* what = same     ? tr("{} stands here: choose another place.")
                           : moving ? tr("{} goes to {}.")
                                    : tr("{} joins {}, and both are one receipt.");
        notice(ui, inside.cut_top(76), Tone::accent, Icon::info_circle, fill_in(what, {title(from_), title(spot)}));
    }

    void draw_field(Ui& ui, Rect inside) {
        const bool strike = doing_ == Doing::strike;
        ui.canvas.text(inside.cut_top(30, space::s), strike ? fill_in(tr("Strike out {}?"), {title(from_)}) : std::string(tr("A tab under a name")),
                       Type::title, ui.theme.ink);
        text_field(ui, inside.cut_top(50, space::m), field_,
                   {.placeholder = strike ? tr("Why? (may stay empty)") : tr("Whose, or which table"), .focused = true});
        if (strike && from_.receipt && !from_.receipt->given.empty())
            notice(ui, inside.cut_top(60, space::m), Tone::warn, Icon::money,
                   fill_in(tr("Paid already, and to be given back: {}."), {parts_text(from_.receipt->given, desk_.words)}));
        if (strike)
            ui.canvas.paragraph(inside.cut_top(60), tr("Everything on it is struck out and stands in the list of traces."), Type::body, ui.theme.ink_soft);
        ui::draw_actions(ui, inside.cut_bottom(46),
                         answers(strike ? tr("Strike it out") : tr("Begin"), strike ? Tone::danger : Tone::accent, true, [this] { confirm_field(); }));
    }

    struct Room {
        std::string name;
        std::vector<Spot> spots;
    };
    static constexpr std::size_t plan_rows_min = 4;
    Desk& desk_;
    Reading<Found> reading_;
    std::deque<KeyPress> held_;  ///< came while it was read
    std::vector<Room> areas_;
    std::size_t area_ = 0;
    bool first_look_ = true;  ///< the area with something on it is shown
    int selected_ = 0, columns_ = 4;
    std::optional<std::int64_t> joined_;  ///< to be chosen when the plan is read again
    ListState scroll_, lines_;
    Doing doing_ = Doing::look;
    Spot from_;
    TextField field_{TextField::Accepts::anything, node::max_place_bytes};
    SplitView split_;
    Form plan_;
    std::size_t plan_rows_ = 0;
};

}  // namespace

std::unique_ptr<Panel> make_tables_panel(Desk& desk) { return std::make_unique<TablesPanel>(desk); }

}  // namespace paprsek::ui
