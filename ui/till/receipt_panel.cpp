// After the sale: the change due, large, and the receipt as it would be printed. The next scan or key begins the next sale.
#include <algorithm>

#include "node/receipts.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

/// One printed line: what stands left and right, and how.
struct Print {
    std::string left, right;
    Type type = Type::caption;
    bool rule = false;  ///< a dashed line instead of text
    Align align = Align::left;
};

class ReceiptPaper {
public:
    ReceiptPaper(const Desk& desk, const node::Booked& booked) : words_(desk.words), fact_(booked.fact) {
        const node::NodeInfo& info = desk.node.info();
        add({info.name, "", Type::strong, false, Align::centre});
        add({node::print_receipt_number(info.node, fact_.number) + "   " + words_.date_time(booked.at), "", Type::caption, false, Align::centre});
        if (!fact_.cashier.empty()) add({fill_in(tr("Served by {}"), {fact_.cashier}), "", Type::caption, false, Align::centre});
        if (const node::Place& place = fact_.place; !place.empty())
            add({fill_in(tr("Table: {}"), {place.area.empty() ? place.table : place.area + ", " + place.table}), "", Type::caption, false, Align::centre});
        rule();
        for (const node::BookedLine& line : fact_.lines) add_line(line);
        rule();
        add_totals();
        rule();
        add_vat();
        if (booked.customer) add_customer(*booked.customer, desk.policy().hide_customer_info);
    }
    const std::vector<Print>& prints() const { return prints_; }

private:
    void add(Print print) { prints_.push_back(std::move(print)); }
    void rule() { prints_.push_back({"", "", Type::caption, true, Align::left}); }

    void add_line(const node::BookedLine& line) {
        add({line.name.empty() ? line.code : line.name, words_.bare_money(line.gross), Type::caption_strong, false, Align::left});
        add({words_.quantity(line.quantity) + " × " + words_.bare_money(line.price), "", Type::caption, false, Align::left});
        if (!line.discount.is_zero()) add({tr("Discount"), words_.bare_money(-line.discount), Type::caption, false, Align::left});
    }

    void add_totals() {
        if (!fact_.redeemed.is_zero())
            add({tr("Paid from loyalty account"), words_.bare_money(-fact_.redeemed), Type::caption_strong, false, Align::left});
        if (!fact_.rounding.is_zero()) add({tr("Rounding"), words_.bare_money(fact_.rounding), Type::caption, false, Align::left});
        add({tr("Total"), words_.money(fact_.total()), Type::title, false, Align::left});
        for (const node::Tender& tender : fact_.pay)
            add({tender_label(tender), words_.bare_money(tender.amount), Type::caption, false, Align::left});
        if (!fact_.change.is_zero()) add({tr("Change"), words_.bare_money(-fact_.change), Type::caption, false, Align::left});
        if (!fact_.loan.is_zero())
            add({fact_.refund ? tr("Cash taken back") : tr("Cash handed out"), words_.bare_money(fact_.loan), Type::caption, false, Align::left});
    }

    void add_vat() {
        for (const auto& row : fact_.vat())
            add({fill_in(tr("VAT {} {}, base {}"), {row.group, words_.percent(row.rate), words_.bare_money(row.base)}), words_.bare_money(row.tax),
                 Type::caption, false, Align::left});
    }

    /// As on paper (fiscal/from_fact.cpp).
    void add_customer(const node::ViewCustomer& customer, bool hide) {
        rule();
        if (hide) {
            add({customer.number ? std::to_string(*customer.number) : customer.shown, "", Type::caption_strong, false, Align::left});
            return;
        }
        add({customer.name.empty() ? customer.shown : customer.name, "", Type::caption_strong, false, Align::left});
        if (!fact_.points().is_zero()) add({tr("Points for this purchase"), words_.points_column(fact_.points()), Type::caption, false, Align::left});
        if (!fact_.taken.is_zero()) add({tr("Points spent"), words_.points_column(-fact_.taken), Type::caption, false, Align::left});
        add({tr("Points now"), words_.points_column(customer.points), Type::caption_strong, false, Align::left});
    }

    const Words& words_;
    const node::ReceiptFact& fact_;
    std::vector<Print> prints_;
};

class ReceiptPanel final : public Panel {
public:
    explicit ReceiptPanel(Desk& desk) : desk_(desk) {
        if (!desk.booked) desk.guarded([&] { desk.booked = newest(desk.node); });
        if (desk.booked) prints_ = ReceiptPaper(desk, *desk.booked).prints();
    }

    bool finishes() const override { return true; }

    bool key(const KeyPress& press) override {
        if (press.enter() || press.is(GLFW_KEY_F12)) {
            desk_.close();
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            desk_.open(PanelName::receipts);
            return true;
        }
        if (paper_.handle(press, static_cast<int>(prints_.size()))) return true;
        // Whatever else is typed belongs to the next customer.
        if (press.character != 0) desk_.close();
        return false;
    }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        bool closed = false;
        const std::string number = desk_.booked ? node::print_receipt_number(desk_.node.info().node, desk_.booked->fact.number) : "";
        const bool back = desk_.booked && desk_.booked->fact.refund;
        const bool owed = desk_.booked && !desk_.booked->fact.pay.empty() &&
                          std::all_of(desk_.booked->fact.pay.begin(), desk_.booked->fact.pay.end(),
                                      [](const node::Tender& tender) { return tender.with == node::TenderKind::account; });
        const char* const title = !desk_.booked ? tr("Last receipt") : back ? tr("Given back") : owed ? tr("On the customer's account") : tr("Paid");
        Rect inside = sheet(ui, area, {Icon::check_circle, title, number, "Esc"}, closed);
        if (closed) desk_.close();
        if (!desk_.booked) {
            empty_state(ui, inside, Icon::print, tr("No receipt yet"), tr("The last receipt of this till shows here."));
            return;
        }
        const node::ReceiptFact& fact = desk_.booked->fact;
        const Rect foot = inside.cut_bottom(50, space::m);
        Rect change = inside.cut_top(92, space::m);
        ui.canvas.fill(change, t.go_soft, radius::card);
        change = change.inset(20, space::m);
        labelled(ui, change.cell(0, 2, 0, 1, space::m), tr("Total"), desk_.words.money(fact.total()), Type::title, t.ink);
        const Hand hand = hand_of(fact);
        if (!owed || !hand.amount.is_zero())
            labelled(ui, change.cell(1, 2, 0, 1, space::m), hand.label, desk_.words.money(hand.amount), Type::figure, t.go, Align::right);
        draw_paper(ui, inside);
        draw_actions(ui, foot,
                     {{tr("All receipts"), Icon::history, GLFW_KEY_F3, [this] { desk_.open(PanelName::receipts); }},
                      {tr("Next customer"), Icon::none, GLFW_KEY_ENTER, [this] { desk_.close(); }, false, Tone::accent, ButtonLook::solid}});
    }

private:
    /// Of this till, as the ledger has it: after a start nobody has paid here yet.
    static std::optional<node::Booked> newest(node::Node& branch) {
        const std::int64_t number = node::highest_number(branch.database(), "receipt");
        auto found = number ? node::receipt_by_number(branch.database(), branch.info().node, number) : std::nullopt;
        if (!found) return std::nullopt;
        node::Booked booked;
        booked.seq = found->seq;
        booked.at = found->at;
        booked.fact = std::move(found->fact);
        return booked;
    }

    void draw_paper(Ui& ui, Rect rect) {
        // Paper is white and ink is dark in every theme.
        constexpr Color white = Color::hex(0xFFFEFA);
        constexpr Color ink = Color::hex(0x1B1B1B);
        const Rect paper = rect.middle(std::min(rect.w, 380.0F), rect.h);
        ui.canvas.shadow(paper, 2, ui.theme.shadow, 8);
        ui.canvas.fill(paper, white);
        ui.canvas.outline(paper, Color::hex(0xE4E0D4), 0);
        constexpr float row = 20;
        list(ui, paper.inset(2, space::m), paper_, static_cast<int>(prints_.size()),
             {.row_height = row, .zebra = false, .focused = false, .bare = true}, [&](int i, Rect at) {
                 const Print& print = prints_[static_cast<std::size_t>(i)];
                 Rect line = at.inset(18, 0);
                 if (print.rule) {
                     for (float x = line.x; x < line.right(); x += 8)
                         ui.canvas.line({x, line.y + row / 2}, {std::min(x + 4, line.right()), line.y + row / 2}, ink.alpha(0.4F));
                     return;
                 }
                 if (!print.right.empty())
                     ui.canvas.number(line.cut_right(ui.canvas.number_width(print.right, print.type) + 1, space::s), print.right, print.type, ink);
                 ui.canvas.text(line, print.left, print.type, ink, print.align);
             });
    }

    Desk& desk_;
    std::vector<Print> prints_;
    ListState paper_;
};

}  // namespace

std::unique_ptr<Panel> make_receipt_panel(Desk& desk) { return std::make_unique<ReceiptPanel>(desk); }

}  // namespace paprsek::ui
