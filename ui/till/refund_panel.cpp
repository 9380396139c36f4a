// Goods that come back (T9): of a past receipt, by what is left of it, whole or in part; or without one, with a reason and a permission.
#include <algorithm>

#include "fiscal/receipt/proof.h"
#include "node/codes.h"
#include "node/lookup.h"
#include "node/receipts.h"
#include "node/sale_left.h"
#include "ui/kit/form.h"
#include "ui/sentences.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"
#include "ui/till/split_view.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

class RefundPanel final : public Panel {
public:
    explicit RefundPanel(Desk& desk) : desk_(desk), ways_(tender_keys(desk.policy())) {
        reason_ = form_.add_text(tr("Why does it come back?"), {.length_max = 120});
        customer_ = form_.add_text(tr("Customer (number or card; may stay empty)"), {.accepts = TextField::Accepts::code, .length_max = 60});
        code_ =
            form_.add_text(tr("Code of what comes back"),
                           {.accepts = TextField::Accepts::code, .length_max = 64, .placeholder = tr("Scan or type, then Enter; 3* for three")});
        if (!desk.receipt_chosen.empty()) load(std::exchange(desk.receipt_chosen, {}));
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        if (doing_ == Doing::number) {
            if (press.enter())
                load(number_.text());
            else if (press.is(GLFW_KEY_F3))
                desk_.open(PanelName::receipts);
            else if (press.is(GLFW_KEY_F5))
                doing_ = Doing::bare;
            else if (press.is(GLFW_KEY_F11) && asked_)
                desk_.open(PanelName::sync);
            else if (number_.handle(press))
                refused_.clear(), asked_ = false;
            else
                return false;
            return true;
        }
        if (press.is(GLFW_KEY_ESCAPE)) {
            doing_ = Doing::number;
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            way_ = (way_ + 1) % ways_.size();
            return true;
        }
        if (press.is(GLFW_KEY_F12)) {
            doing_ == Doing::lines ? give_back() : give_back_bare();
            return true;
        }
        if (doing_ == Doing::lines) return split_.key(press) || press.character != 0;
        if (press.enter()) {
            if (form_.focused() == code_ && !form_.text(code_).empty())
                add(form_.text(code_));
            else
                form_.focus(code_);
            return true;
        }
        if (press.is(GLFW_KEY_DELETE) && form_.text(form_.focused()).empty() && !goods_.empty()) {
            take_out();
            return true;
        }
        if (press.is(GLFW_KEY_PAGE_DOWN) || press.is(GLFW_KEY_PAGE_UP)) return list_.handle(press, static_cast<int>(goods_.size()), 1);
        return form_.key(press);
    }

    /// Back from the exchange: what was asked for may be here now.
    void returned() override {
        if (doing_ == Doing::number && std::exchange(asked_, false)) load(number_.text());
    }

    /// Here a scan is what comes back: a slip's code, or goods without one.
    bool scan(const std::string& text) override {
        if (doing_ == Doing::bare) {
            add(text);
            return true;
        }
        const auto proof = fiscal::parse_proof(text);
        if (!proof) return false;
        if (proof->node != desk_.node.info().node) {
            doing_ = Doing::number;
            if (proof->name.empty())
                wrong(tr("That slip is another till's: type the number that stands on it."));
            else
                load(proof->name);
            return true;
        }
        desk_.guarded([&] {
            const auto fact = desk_.node.ledger().fact(proof->seq);
            if (fact && fact->kind == schema::kind::sale)
                load(node::print_receipt_number(proof->node, node::parse_receipt(fact->kind, fact->body).number));
            else
                wrong(tr("That is no receipt of this till."));
        });
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::undo, tr("Refund"), subtitle(), "Esc"}, closed);
        if (closed) {
            if (doing_ == Doing::number)
                desk_.back();
            else
                doing_ = Doing::number;
        }
        if (doing_ == Doing::number) return draw_number(ui, inside);
        draw_foot(ui, inside.cut_bottom(50, space::m));
        if (doing_ == Doing::lines)
            split_.draw(ui, inside, desk_.words, tr("Still with the customer"), tr("Comes back"));
        else
            draw_bare(ui, inside);
    }

private:
    enum class Doing { number, lines, bare };

    std::string subtitle() const {
        if (doing_ == Doing::lines) return fill_in(tr("{} of {}: what is left of it"), {original_->shown, desk_.words.date_time(original_->at)});
        return doing_ == Doing::bare ? tr("Without a receipt: goods at today's price") : tr("With the receipt, or without it");
    }

    void wrong(const std::string& sentence) { desk_.toasts.show(Tone::danger, Icon::exclamation, sentence); }

    /// "17" is this till's receipt 17; "4.1-000017" one of another till, as far as headquarters has handed it down.
    void load(const std::string& text) {
        refused_.clear();
        if (text.empty()) return;
        desk_.guarded([&] {
            node::SaleLeft found;
            const node::Outcome outcome = node::look_up_sale(desk_.node, text, found);
            if (!outcome.ok()) {
                refused_ = say(outcome.message);
                asked_ = outcome.refusal == node::Refusal::receipt_asked;
                number_.propose(text);
                desk_.sounds.play(Sound::refused);
                return;
            }
            original_ = std::move(found);
            begin_lines();
        });
    }

    void begin_lines() {
        const std::vector<node::Quantity> left = node::left_to_refund(original_->sale, original_->refunds);
        std::vector<SplitView::Item> items;
        for (std::size_t i = 0; i < left.size(); ++i) {
            const node::BookedLine& line = original_->sale.lines[i];
            if (left[i] <= node::Quantity{}) continue;
            const auto net = static_cast<std::int64_t>(static_cast<__int128>(line.net.raw()) * left[i].raw() / line.quantity.raw());
            items.push_back({i, line.name.empty() ? line.code : line.name, node::Money::of(net), left[i]});
        }
        if (items.empty()) return wrong(fill_in(tr("Everything of {} was given back already."), {original_->shown}));
        split_.begin(std::move(items), [this](const std::vector<node::DraftPart>& parts) { return priced(parts); });
        doing_ = Doing::lines;
        way_ = paid_by();
    }

    /// What of these lines goes back, by the rule itself.
    node::Refund refund_of(const std::vector<node::DraftPart>& parts) const {
        std::vector<node::RefundRequest> requests;
        for (const auto& item : items(parts)) requests.push_back({item.code, item.code, item.text, *item.quantity});
        return node::refund(original_->sale, original_->refunds, requests);
    }

    /// Money goes back the way most of it came, where that is left.
    std::size_t paid_by() const {
        const auto& pay = original_->sale.pay;
        const auto most = std::max_element(pay.begin(), pay.end(), [](const node::Tender& a, const node::Tender& b) { return a.amount < b.amount; });
        if (most == pay.end()) return 0;
        const auto way = std::find_if(ways_.begin(), ways_.end(), [&](const TenderKey& each) { return each.rule.name == most->shown(); });
        return way == ways_.end() ? 0 : static_cast<std::size_t>(way - ways_.begin());
    }

    node::Money money_of(const std::vector<node::DraftPart>& parts) const {
        const node::Refund refund = refund_of(parts);
        return refund.fault == node::RefundFault::none ? refund.fact.net() - refund.fact.redeemed : node::Money{};
    }

    /// What goes back for each of these parts, added to its line.
    void add_money(const std::vector<node::DraftPart>& parts, std::vector<node::Money>& lines) const {
        const node::Refund refund = refund_of(parts);
        if (refund.fault != node::RefundFault::none) return;
        for (std::size_t i = 0; i < refund.fact.lines.size(); ++i) lines[parts[refund.request_of[i]].line] += refund.fact.lines[i].paid;
    }

    /// The right goes back first; the left is what would go back after it.
    std::optional<SplitView::Priced> priced(const std::vector<node::DraftPart>& parts) const {
        const std::vector<node::Quantity> left = node::left_to_refund(original_->sale, original_->refunds);
        SplitView::Priced priced;
        priced.moved.resize(left.size());
        priced.left.resize(left.size());
        priced.right.resize(left.size());
        std::vector<node::DraftPart> all;
        for (std::size_t i = 0; i < left.size(); ++i)
            if (left[i] > node::Quantity{}) all.push_back({i, std::nullopt});
        for (const node::DraftPart& part : parts) priced.moved[part.line] = part.quantity.value_or(left[part.line]);
        add_money(all, priced.left);
        add_money(parts, priced.right);
        for (std::size_t i = 0; i < left.size(); ++i) {
            priced.left[i] -= priced.right[i];
            priced.left_sum += priced.left[i];
            priced.right_sum += priced.right[i];
        }
        return priced;
    }

    /// What the session is asked for.
    std::vector<node::Till::RefundItem> items(const std::vector<node::DraftPart>& parts) const {
        std::vector<node::Till::RefundItem> items;
        const std::vector<node::Quantity> left = node::left_to_refund(original_->sale, original_->refunds);
        for (const node::DraftPart& part : parts) {
            const node::BookedLine& line = original_->sale.lines[part.line];
            const node::Quantity quantity = part.quantity.value_or(left[part.line]);
            const std::string code = line.product.empty() ? line.code : line.product;
            items.push_back({code, code.empty() ? line.name : std::string(), quantity});
        }
        return items;
    }

    /// What goes back for that, by the rule itself.
    node::Money due() const { return money_of(split_.parts()); }

    std::vector<node::Tender> money_back(node::Money amount) const {
        const TenderKey& way = ways_[way_];
        if (way.rule.counts_as == node::TenderKind::cash || amount.is_zero()) return {};
        return {{way.rule.counts_as, amount, way.rule.name == node::print(way.rule.counts_as) ? "" : way.rule.name}};
    }

    void finish(const node::Booked& booked) {
        desk_.booked = booked;
        desk_.open(PanelName::receipt);
    }

    void give_back() {
        if (split_.parts().empty()) return wrong(tr("Choose what comes back: Enter moves a line to the right."));
        const auto booked = std::make_shared<node::Booked>();
        desk_.act([this, items = items(split_.parts()), back = money_back(due()), booked] { return desk_.till.refund(original_->shown, items, back, *booked); },
                  [this, booked] { finish(*booked); });
    }

    struct Returned {
        node::Till::ReturnedGoods goods;
        std::string name;
        node::Money price;
        node::Quantity quantity;
        node::Money sum() const { return node::times(price, quantity); }
    };

    void add(const std::string& text) {
        desk_.guarded([&] {
            const std::size_t star = text.find('*');
            auto quantity = star == std::string::npos ? std::nullopt : Words::parse_typed<node::Quantity>(text.substr(0, star));
            const std::string code = star == std::string::npos ? text : text.substr(star + 1);
            const node::CodeReading reading = node::read_code(desk_.node.database(), desk_.node.policy(), code);
            if (!reading.product) return wrong(fill_in(tr("The code {} is not in the catalogue."), {code}));
            if (!quantity) quantity = reading.quantity;
            const node::Money price =
                reading.price ? *reading.price : node::price_on(reading.product->prices, reading.product->price, node::price_day(desk_.node));
            goods_.push_back({{code, {}, quantity, {}, {}}, reading.product->name, price, quantity.value_or(node::one_piece)});
            list_.select(static_cast<int>(goods_.size()) - 1);
            form_.set_text(code_, "");
        });
    }

    void take_out() {
        const auto at = static_cast<std::size_t>(std::clamp(list_.selected, 0, static_cast<int>(goods_.size()) - 1));
        goods_.erase(goods_.begin() + static_cast<std::ptrdiff_t>(at));
        list_.select(static_cast<int>(goods_.size()) - 1);
    }

    node::Money bare_sum() const {
        node::Money sum;
        for (const Returned& each : goods_) sum += each.sum();
        return sum;
    }

    void give_back_bare() {
        std::vector<node::Till::ReturnedGoods> goods;
        for (const Returned& each : goods_) goods.push_back(each.goods);
        const auto booked = std::make_shared<node::Booked>();
        const bool done = desk_.act([this, reason = form_.text(reason_), customer = form_.text(customer_), goods, back = money_back(bare_sum()),
                                     booked] { return desk_.till.refund_without_receipt(reason, customer, goods, back, *booked); },
                                    [this, booked] { finish(*booked); });
        if (!done && form_.text(reason_).empty()) form_.focus(reason_);
    }

    void draw_number(Ui& ui, Rect inside) {
        Rect middle = inside.middle(std::min(inside.w, 600.0F), std::min(inside.h, 420.0F));
        ui.canvas.text(middle.cut_top(30, space::s), tr("Which receipt does it come from?"), Type::title, ui.theme.ink, Align::centre);
        text_field(ui, middle.cut_top(54, space::s), number_,
                   {.placeholder = tr("Receipt number, or scan the code at its end"), .icon = Icon::barcode, .focused = true, .type = Type::title});
        ui.canvas.text(middle.cut_top(24, space::m), tr("For another till of the chain type the whole number, such as 4.1-000017."), Type::caption,
                       ui.theme.ink_soft, Align::centre);
        const Button show{
            .label = tr("Show what can be given back"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid, .enabled = !number_.empty()};
        if (button(ui, middle.cut_top(50, space::m), show)) load(number_.text());
        const Rect row = middle.cut_top(48, space::l);
        if (button(ui, row.cell(0, 2, 0, 1, space::s), {.label = tr("Choose from the list"), .key = "F3", .icon = Icon::history}))
            desk_.open(PanelName::receipts);
        if (button(ui, row.cell(1, 2, 0, 1, space::s), {.label = tr("Without a receipt"), .key = "F5", .icon = Icon::ban})) doing_ = Doing::bare;
        if (refused_.empty()) return;
        const Tone tone = asked_ ? Tone::accent : Tone::danger;
        notice(ui, middle.cut_top(74, space::s), tone, asked_ ? Icon::cloud : Icon::warning, refused_);
        if (asked_ && button(ui, middle.cut_top(46), {.label = tr("Exchange with headquarters"), .key = "F11", .icon = Icon::exchange}))
            desk_.open(PanelName::sync);
    }

    void draw_foot(Ui& ui, Rect foot) {
        const node::Money exact = doing_ == Doing::lines ? due() : bare_sum();
        const bool in_cash = ways_[way_].rule.counts_as == node::TenderKind::cash;
        const node::Money sum = in_cash ? node::rounded_to(exact, desk_.policy().cash_rounding) : exact;
        const std::string by = sum == exact ? std::string(tr("Money goes back by"))
                                            : fill_in(tr("Rounded by {}, back by"), {signed_money(desk_.words, sum - exact)});
        const Rect ok = foot.cut_right(std::min(260.0F, foot.w * 0.3F), space::m);
        const bool any = doing_ == Doing::lines ? !split_.parts().empty() : !goods_.empty();
        const Button give{
            .label = fill_in(tr("Give back {}"), {desk_.words.money(sum)}), .key = "F12", .tone = Tone::warn, .look = ButtonLook::solid, .enabled = any};
        if (button(ui, ok, give))
            doing_ == Doing::lines ? give_back() : give_back_bare();
        ui.canvas.text(foot.cut_left(ui.canvas.width(by, Type::caption) + space::xs, space::s), by, Type::caption, ui.theme.ink_soft);
        key_cap(ui, foot.cut_right(40), "F3", ui.theme.ink_faint, ui.theme.ink_faint.alpha(0.5F));
        std::vector<std::string> options;
        for (const TenderKey& way : ways_) options.push_back(way.rule.counts_as == node::TenderKind::account ? tr("Account") : tender_label(way.rule.name));
        if (const int clicked = options_bar(ui, foot, options, way_); clicked >= 0) way_ = static_cast<std::size_t>(clicked);
    }

    void draw_bare(Ui& ui, Rect inside) {
        Rect left = inside.cut_left(inside.w * 0.42F, space::l);
        form_.draw(ui, left.cut_top(form_.height(), space::m));
        notice(ui, left.cut_top(64), Tone::warn, Icon::info_circle, tr("Goods are taken at today's price. It needs its own permission and a reason."));
        if (goods_.empty()) {
            empty_state(ui, inside, Icon::barcode, tr("Scan what comes back"), tr("Del takes the chosen line out again."));
            return;
        }
        const Column columns[] = {
            {tr("Qty"), 60, 0, Align::right}, {tr("Product"), 0, 1}, {tr("Price"), 90, 0, Align::right}, {tr("Total"), 90, 0, Align::right}};
        table(ui, inside, list_, columns, static_cast<int>(goods_.size()), {}, [&](int i, auto cells) {
            const Returned& each = goods_[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], desk_.words.quantity(each.quantity), Type::strong, ui.theme.ink);
            ui.canvas.text(cells[1], each.name, Type::strong, ui.theme.ink);
            ui.canvas.number(cells[2], desk_.words.bare_money(each.price), Type::body, ui.theme.ink_soft);
            ui.canvas.number(cells[3], desk_.words.bare_money(each.sum()), Type::strong, ui.theme.ink);
        });
    }

    Desk& desk_;
    std::vector<TenderKey> ways_;
    std::size_t way_ = 0;
    Doing doing_ = Doing::number;
    TextField number_{TextField::Accepts::code, 40};
    std::string refused_;  ///< why the number that was typed shows nothing
    bool asked_ = false;   ///< headquarters is asked for it: that is no mistake
    std::optional<node::SaleLeft> original_;
    SplitView split_;
    Form form_;
    std::size_t reason_ = 0, customer_ = 0, code_ = 0;
    std::vector<Returned> goods_;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_refund_panel(Desk& desk) { return std::make_unique<RefundPanel>(desk); }

}  // namespace paprsek::ui
