// A document of stock by hand (T13): goods in, an adjustment with its reason, goods sent to another branch, goods that arrived. Every scan
// is a line; what is on the document is booked whole by F12, by the same function as the command line's.
#include <algorithm>

#include "node/codes.h"
#include "node/goods_in.h"
#include "node/stock_lists.h"
#include "ui/faults.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/beside_view.h"
#include "ui/till/file_job.h"
#include "ui/till/goods_entry.h"
#include "ui/till/screens.h"
#include "ui/till/stock_words.h"

namespace paprsek::ui {
namespace {

namespace kind = schema::kind;

struct DocumentKind {
    std::string_view kind;
    const char* title;
    const char* below;
    Icon icon;
    GoodsEntry::Asks asks;
    const char* book;
};
constexpr DocumentKind goods_in{kind::stock_received,
                                mark("Goods in"),
                                mark("Scan what came; without a cost the average cost is used"),
                                Icon::download,
                                GoodsEntry::Asks::quantity_and_cost,
                                mark("Book it in")};
constexpr DocumentKind adjustment{kind::stock_adjusted,
                                  mark("Adjust stock"),
                                  mark("Broken, gone, found: minus and plus change the sign"),
                                  Icon::pencil,
                                  GoodsEntry::Asks::signed_quantity,
                                  mark("Book the adjustment")};
constexpr DocumentKind sending{kind::stock_sent, mark("Send goods"),         mark("To another branch of the chain; they leave this stock at once"),
                               Icon::upload,     GoodsEntry::Asks::quantity, mark("Send")};
constexpr DocumentKind arrival{kind::stock_arrived,
                               mark("Take goods in"),
                               mark("Sent by another branch: what really came is what counts"),
                               Icon::download,
                               GoodsEntry::Asks::quantity_and_cost,
                               mark("Take in")};

struct FileGoods {
    std::string document;
    std::vector<EnteredGoods> goods;
    std::vector<std::string> faults;
};

class StockDocumentPanel final : public Panel {
public:
    StockDocumentPanel(Desk& desk, const DocumentKind& what) : desk_(desk), what_(what), entry_(desk, what.asks), files_(desk) {
        desk_.guarded([&] { stocks_ = node::stock_names(desk_.node.database()); });
        build_head();
        if (what_.kind == kind::stock_arrived && !desk_.transfer.empty()) begin_with(std::exchange(desk_.transfer, {}));
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return files_.settled() && !files_.running(); }
    /// What arrives is begun anew from the list of what was sent.
    bool unsaved() const override { return !lines_.empty() && what_.kind != kind::stock_arrived; }

    bool tick() override {
        const bool changed = files_.tick();
        if (files_.take_done() && from_file_) take_file(std::move(*std::exchange(from_file_, nullptr)));
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (beside_key(desk_, press) || files_.key(press) || question_.key(press)) return true;
        faults_.clear();  // told until the next key
        if (press.is(GLFW_KEY_TAB)) {
            walk(press.shift);
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        if (press.is(GLFW_KEY_ESCAPE) && (in_head_ || entry_.idle()) && !lines_.empty()) {
            ask_leave();
            return true;
        }
        if (in_head_) return head_key(press);
        return entry_key(press);
    }

    bool scan(const std::string& code) override {
        if (question_.open() || files_.choosing()) return true;
        if (beside_keeps_scan(desk_)) return true;
        faults_.clear();
        if (const auto typed = entry_.pending()) put(*typed, true);
        in_head_ = false;
        const auto goods = entry_.scan(code);
        if (!goods) return true;
        put(sign_of(*goods), false);
        entry_.edit(lines_[static_cast<std::size_t>(list_.selected)].goods);
        return true;
    }

    bool drop(const std::vector<std::filesystem::path>& files) override {
        if (what_.kind != kind::stock_received || files.empty() || files_.running()) return false;
        files_.start(files.front(), reading_work());
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside = sheet(ui, area, {what_.icon, tr(what_.title), tr(what_.below), "Esc"}, closed);
        if (closed) {
            if (lines_.empty())
                desk_.back();
            else
                ask_leave();
        }
        const Rect foot = inside.cut_bottom(46, space::m);
        if (desk_.beside().running())
            draw_beside(ui, foot, desk_);
        else if (question_.open())
            question_.draw(ui, foot);
        else if (files_.running())
            files_.draw_progress(ui, foot);
        else
            draw_actions(ui, foot, actions());
        const Ui::PointerOff off(ui, question_.open() || desk_.beside().running());
        Rect head = inside.cut_top(head_.height(head_columns_), space::m);
        if (head_.draw(ui, head, head_columns_, in_head_ && !question_.open())) in_head_ = true;
        bool entry_clicked = false;
        entry_.draw(ui, inside.cut_top(50, space::s), !in_head_ && !question_.open(), entry_clicked);
        if (entry_clicked) in_head_ = false;
        if (!faults_.empty()) return draw_faults(ui, inside);
        if (entry_.searching()) return entry_.draw_found(ui, inside);
        draw_lines(ui, inside);
    }

private:
    struct Line {
        EnteredGoods goods;
        node::StockLevel level;  ///< before it
    };
    enum Head : std::size_t { stock, first, second };

    bool brings() const { return what_.asks == GoodsEntry::Asks::quantity_and_cost; }

    void build_head() {
        const FormText name{.length_max = node::max_stock_name_bytes, .placeholder = tr("Main stock")};
        const FormText document{.length_max = node::max_document_bytes, .placeholder = tr("Not demanded")};
        if (what_.kind == kind::stock_received) {
            head_.add_text(tr("Into the stock"), name, desk_.stock);
            head_.add_text(tr("The supplier's document"), document);
        } else if (what_.kind == kind::stock_adjusted) {
            head_.add_text(tr("Stock"), name, desk_.stock);
            head_.add_text(tr("Why"), {.length_max = 200, .placeholder = tr("The reason is kept with the adjustment")});
        } else if (what_.kind == kind::stock_sent) {
            head_.add_text(tr("From the stock"), name, desk_.stock);
            head_.add_text(tr("To the branch"), {.accepts = TextField::Accepts::digits, .length_max = 4, .placeholder = tr("Its number")});
            head_.add_text(tr("Remark"), document);
            head_columns_ = 3;
        } else {
            head_.add_text(tr("Into the stock"), name, desk_.stock);
            head_.add_text(tr("Number of the transfer"), {.length_max = 40, .placeholder = "4.1/57"});
        }
    }

    /// A transfer to this branch of which this till knows the goods: they stand on the document as they were sent.
    void begin_with(const std::string& sent) {
        head_.set_text(first, sent);
        const auto name = node::parse_fact_name(sent);
        if (!name || name->node != desk_.node.info().node) return;
        desk_.guarded([&] {
            for (const node::StockLine& line : node::stock_document_lines(desk_.node.database(), name->seq))
                put({line.product, line.name, -line.quantity, line.cost}, true);
        });
    }

    EnteredGoods sign_of(EnteredGoods goods) const {
        if (what_.asks == GoodsEntry::Asks::signed_quantity) goods.quantity = -goods.quantity;  // what is scanned is off, till + is pressed
        return goods;
    }

    /// A line a product. `whole`: its quantity and cost become these; else the quantity is added.
    void put(const EnteredGoods& goods, bool whole) {
        const auto known = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) { return line.goods.product == goods.product; });
        if (known == lines_.end()) {
            lines_.push_back({goods, {}});
            desk_.guarded([&] { lines_.back().level = node::stock_level(desk_.node.database(), head_.text(stock), goods.product); });
            list_.select(static_cast<int>(lines_.size()) - 1);
            return;
        }
        if (whole)
            known->goods = goods;
        else
            known->goods.quantity += known->goods.quantity > node::Quantity{} && goods.quantity < node::Quantity{} ? -goods.quantity : goods.quantity;
        list_.select(static_cast<int>(known - lines_.begin()));
    }

    void walk(bool back) {
        if (!in_head_) {
            if (entry_.walk(back)) return;
            in_head_ = true;
            head_.focus(back ? head_fields() - 1 : 0);
            return;
        }
        const std::size_t at = head_.focused();
        if (back ? at > 0 : at + 1 < head_fields()) {
            head_.focus(back ? at - 1 : at + 1);
            return;
        }
        in_head_ = false;
        entry_.enter_at(back);
    }
    std::size_t head_fields() const { return what_.kind == kind::stock_sent ? 3 : 2; }

    bool head_key(const KeyPress& press) {
        if (press.enter()) {
            in_head_ = false;
            entry_.enter_at(false);
            return true;
        }
        const bool used = head_.key(press);
        if (head_.focused() == stock) read_levels();
        return used || press.character != 0;
    }

    bool entry_key(const KeyPress& press) {
        if (entry_.idle()) {
            if (press.enter()) {
                if (chosen() != nullptr) entry_.edit(chosen()->goods);
                return true;
            }
            if (list_.handle(press, static_cast<int>(lines_.size()))) return true;
        }
        bool used = false;
        if (const auto goods = entry_.key(press, used)) {
            if (goods->quantity.is_zero())
                desk_.toasts.show(Tone::danger, Icon::exclamation, tr("A quantity of zero moves nothing."));
            else
                put(*goods, true);
        }
        return used || press.character != 0;
    }

    Line* chosen() {
        return list_.selected >= 0 && list_.selected < static_cast<int>(lines_.size()) ? &lines_[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    std::vector<Action> actions() {
        std::vector<Action> list;
        const bool idle = entry_.idle() && !in_head_;
        if (idle) {
            list.push_back(
                {tr("Take off"), Icon::trash, GLFW_KEY_DELETE, [this] { take_off(); }, false, Tone::neutral, ButtonLook::outline, chosen() != nullptr});
            list.push_back({tr("Edit"), Icon::pencil, GLFW_KEY_ENTER, [this] { entry_.edit(chosen()->goods); }, false, Tone::neutral, ButtonLook::outline,
                            chosen() != nullptr});
        }
        if (!idle && !in_head_) list.push_back({tr("Put on"), Icon::plus, GLFW_KEY_ENTER, [this] { entry_key(pressed(GLFW_KEY_ENTER)); }});
        list.push_back(
            {tr("Next stock"), Icon::store, GLFW_KEY_F5, [this] { next_stock_name(); }, false, Tone::neutral, ButtonLook::outline, stocks_.size() > 1});
        if (what_.kind == kind::stock_received) list.push_back({tr("From a file"), Icon::folder, GLFW_KEY_F3, [this] { choose_file(); }});
        list.push_back({tr(what_.book), Icon::check, GLFW_KEY_F12, [this] { book(); }, false, Tone::go, ButtonLook::solid, !lines_.empty()});
        return list;
    }

    void take_off() {
        lines_.erase(lines_.begin() + list_.selected);
        list_.selected = std::min(list_.selected, static_cast<int>(lines_.size()) - 1);
    }

    void next_stock_name() {
        head_.set_text(stock, next_stock(stocks_, head_.text(stock)));
        read_levels();
    }

    void read_levels() {
        desk_.guarded([&] {
            for (Line& line : lines_) line.level = node::stock_level(desk_.node.database(), head_.text(stock), line.goods.product);
        });
    }

    void ask_leave() {
        const auto count = static_cast<std::int64_t>(lines_.size());
        question_.ask(fill_in(tr_n("Leave without booking {} line?", "Leave without booking {} lines?", count), {desk_.words.count(count)}), tr("Leave"),
                      Tone::warn, [this] { leave(); });
    }

    void choose_file() { files_.begin(tr("Goods in from a file"), {FileChooser::Mode::open, ".csv", "", {}}, reading_work()); }

    FileJob::Work reading_work() {
        from_file_ = std::make_shared<FileGoods>();
        return [read = from_file_](node::Node& branch, const std::filesystem::path& file, Progress&) {
            node::GoodsList list = node::read_goods(branch, file.string());
            read->document = std::move(list.document);
            read->faults = std::move(list.faults);
            for (const node::StockItem& item : list.items) {
                if (const auto row = node::product_row(branch.database(), node::normalise_code(item.code)))
                    read->goods.push_back({row->key, row->name, item.quantity, item.cost});
            }
            return read->faults.empty() ? fill_in(tr("{} is read"), {file.filename().string()}) : std::string();  // the faults say more
        };
    }

    void take_file(FileGoods read) {
        if (!read.faults.empty()) {
            faults_ = std::move(read.faults);
            return;
        }
        if (head_.text(first).empty()) head_.set_text(first, read.document);
        for (const EnteredGoods& goods : read.goods) put(goods, false);
    }

    void book() {
        if (const auto typed = entry_.pending()) put(*typed, true);
        auto act = std::make_shared<node::StockAct>();
        act->stock = head_.text(stock);
        if (what_.kind == kind::stock_adjusted)
            act->reason = head_.text(first);
        else if (what_.kind == kind::stock_received)
            act->document = head_.text(first);
        else if (what_.kind == kind::stock_arrived)
            act->from = head_.text(first);
        else if (const auto branch = Words::parse_typed<node::Quantity>(head_.text(first)))
            act->to = static_cast<int>(branch->raw() / node::one_piece.raw());
        if (what_.kind == kind::stock_sent) act->document = head_.text(second);
        for (const Line& line : lines_) act->items.push_back({line.goods.product, line.goods.quantity, line.goods.cost});
        if (demanded_missing()) return;
        const auto booked = std::make_shared<node::StockBooked>();
        const auto command = [kind = what_.kind, act, booked](node::Till& session, node::Node& branch, Progress&) {
            act->by = {};
            if (node::Outcome outcome = stock_hand(session, act->by); !outcome.ok()) return outcome;
            return node::book_stock(branch, kind, *act, *booked);
        };
        desk_.act_beside(tr("Booking the document"), command, [&desk = desk_, what = &what_, booked, leave = alive_.only([this] { leave(); })] {
            tell_booked(desk, *what, *booked);
            leave();
        });
    }

    /// What the document cannot be booked without: its field is chosen, and what it wants is said.
    bool demanded_missing() {
        const char* sentence = what_.kind == kind::stock_adjusted  ? tr("Say why the stock is put right.")
                               : what_.kind == kind::stock_sent    ? tr("To which branch? Type its number.")
                               : what_.kind == kind::stock_arrived ? tr("Type the name under which it was sent; it stands on the sender's list of transfers.")
                                                                   : nullptr;
        if (sentence == nullptr || !head_.text(first).empty()) return false;
        in_head_ = true;
        head_.focus(first);
        desk_.toasts.show(Tone::danger, Icon::exclamation, sentence);
        return true;
    }

    static void tell_booked(Desk& desk, const DocumentKind& what, const node::StockBooked& booked) {
        const std::string name = node::print(node::FactName{desk.node.info().node, booked.seq});
        const auto count = static_cast<std::int64_t>(booked.fact.lines.size());
        const char* pattern = what.kind == kind::stock_sent ? tr("Sent as {}: the other branch takes it in under that name.")
                                                             : tr_n("Booked as {}: {} line.", "Booked as {}: {} lines.", count);
        desk.toasts.show(Tone::go, Icon::check, fill_in(pattern, {name, desk.words.count(count)}));
        const auto below =
            std::count_if(booked.levels.begin(), booked.levels.end(), [](const node::StockLevel& level) { return level.quantity < node::Quantity{}; });
        if (below > 0)
            desk.toasts.show(Tone::warn, Icon::warning,
                             fill_in(tr_n("{} product is below zero now.", "{} products are below zero now.", below), {desk.words.count(below)}));
    }

    void leave() {
        lines_.clear();
        desk_.back();
    }

    void draw_faults(Ui& ui, Rect rect) {
        const auto count = static_cast<std::int64_t>(faults_.size());
        notice(ui, rect.cut_top(44, space::s), Tone::danger, Icon::warning,
               fill_in(tr_n("{} row is wrong, nothing is taken over: mend the file and choose it again.",
                            "{} rows are wrong, nothing is taken over: mend the file and choose it again.", count),
                       {desk_.words.count(count)}));
        list(ui, rect, faults_list_, static_cast<int>(faults_.size()), {.row_height = 36, .focused = false},
             [&](int i, Rect row) { ui.canvas.text(row.inset(space::s, 0), said_fault(faults_[static_cast<std::size_t>(i)]), Type::body, ui.theme.ink); });
    }

    void draw_lines(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        if (lines_.empty()) {
            empty_state(ui, rect, Icon::barcode, tr("Nothing on the document yet"),
                        tr("Every scan adds one piece; type a number after it for the quantity."));
            return;
        }
        draw_sum(ui, rect.cut_bottom(34, space::xs));
        std::vector<Column> columns = {{tr("Product"), 0, 1}, {tr("In stock"), 110, 0, Align::right}, {tr("Quantity"), 110, 0, Align::right}};
        if (brings())
            columns.insert(columns.end(), {{tr("Cost of a piece"), 130, 0, Align::right}, {tr("Value"), 120, 0, Align::right}});
        else
            columns.push_back({tr("Then"), 110, 0, Align::right});
        const ListEvents events =
            table(ui, rect, list_, columns, static_cast<int>(lines_.size()), {.focused = entry_.idle() && !in_head_}, [&](int i, auto cells) {
                const Line& line = lines_[static_cast<std::size_t>(i)];
                Rect name = cells[0].inset(0, 4);
                ui.canvas.text(name.cut_top(name.h / 2 + 1), line.goods.name, Type::strong, t.ink);
                ui.canvas.text(name, line.goods.product, Type::caption, t.ink_faint);
                ui.canvas.number(cells[1], desk_.words.quantity(line.level.quantity), Type::body,
                                 line.level.quantity < node::Quantity{} ? t.danger : t.ink_soft);
                const bool off = line.goods.quantity < node::Quantity{};
                ui.canvas.number(cells[2], desk_.words.quantity(line.goods.quantity), Type::strong, off ? t.danger : t.ink);
                if (!brings()) {
                    const node::Quantity then =
                        what_.kind == kind::stock_sent ? line.level.quantity - line.goods.quantity : line.level.quantity + line.goods.quantity;
                    ui.canvas.number(cells[3], desk_.words.quantity(then), Type::body, then < node::Quantity{} ? t.danger : t.ink);
                    return;
                }
                const auto cost = line.goods.cost ? line.goods.cost : line.level.average;
                ui.canvas.number(cells[3], cost ? cost_words(desk_.words, *cost) : "", Type::body, line.goods.cost ? t.ink : t.ink_faint);
                const auto value = node::worth_of({line.goods.quantity, cost});
                ui.canvas.number(cells[4], value ? desk_.words.bare_money(*value) : "", Type::body, t.ink);
            });
        if (events.clicked >= 0) in_head_ = false;
        if (events.activated >= 0) entry_.edit(lines_[static_cast<std::size_t>(events.activated)].goods);
    }

    void draw_sum(Ui& ui, Rect rect) {
        const auto count = static_cast<std::int64_t>(lines_.size());
        ui.canvas.text(rect, fill_in(tr_n("{} line", "{} lines", count), {desk_.words.count(count)}), Type::strong, ui.theme.ink_soft);
        if (!brings()) return;
        node::Wide sum = 0;
        for (const Line& line : lines_) {
            if (const auto value = node::worth_of({line.goods.quantity, line.goods.cost ? line.goods.cost : line.level.average})) sum += value->raw();
        }
        if (sum <= node::Money::max_value) ui.canvas.number(rect.inset(space::s, 0), desk_.words.money(node::Money::of_wide(sum)), Type::title, ui.theme.ink);
    }

    Desk& desk_;
    Alive alive_;
    const DocumentKind& what_;
    Form head_;
    int head_columns_ = 2;
    bool in_head_ = false;
    GoodsEntry entry_;
    FileJob files_;
    std::shared_ptr<FileGoods> from_file_;  ///< written by the worker until the job is done
    std::vector<std::string> stocks_, faults_;
    std::vector<Line> lines_;
    ListState list_, faults_list_;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_goods_in_panel(Desk& desk) { return std::make_unique<StockDocumentPanel>(desk, goods_in); }
std::unique_ptr<Panel> make_stock_adjust_panel(Desk& desk) { return std::make_unique<StockDocumentPanel>(desk, adjustment); }
std::unique_ptr<Panel> make_stock_send_panel(Desk& desk) { return std::make_unique<StockDocumentPanel>(desk, sending); }
std::unique_ptr<Panel> make_stock_arrive_panel(Desk& desk) { return std::make_unique<StockDocumentPanel>(desk, arrival); }

}  // namespace paprsek::ui
