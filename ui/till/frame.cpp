#include "ui/till/frame.h"

#include <algorithm>
#include <string_view>

#include "ui/brand.h"
#include "ui/till/exchange_watch.h"
#include "ui/till/printer_watch.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

void draw_customer(Ui& ui, Rect rect, const Desk& desk, const node::ViewCustomer& customer, bool hide) {
    const Theme& t = ui.theme;
    const bool named = !customer.name.empty();
    std::string who, below;
    if (hide) {  // nobody at the counter reads who it is (L2)
        who = tr("Recognised");
        below = customer.number ? std::to_string(*customer.number) : customer.shown;
    } else {
        who = customer.number ? std::to_string(*customer.number) + "  " : "";
        who += named ? customer.name : customer.shown;
        const bool by_number = customer.number && customer.shown == std::to_string(*customer.number);  // which stands before the name
        below = customer.is_new ? tr("New customer") : !named ? tr("Card without a name") : by_number ? "" : customer.shown;
        if (customer.last_purchase) below = fill_in(tr("Last purchase {}"), {desk.words.date(*customer.last_purchase)});
        labelled(ui, rect.cut_right(106, space::s), tr("Spend"), desk.words.money(customer.spend), Type::strong, t.on_strip, Align::right,
                 t.on_strip_soft);
        labelled(ui, rect.cut_right(80, space::s), tr("Points"), desk.words.points(customer.points), Type::strong, t.brand, Align::right,
                 t.on_strip_soft);
        if (!customer.debt.is_zero())
            labelled(ui, rect.cut_right(96, space::s), tr("Debt"), desk.words.money(customer.debt), Type::strong, t.on_strip, Align::right,
                     t.on_strip_soft);
    }
    ui.canvas.text(rect.cut_top(rect.h / 2), who, Type::strong, t.on_strip);
    ui.canvas.text(rect, below, Type::caption, t.on_strip_soft);
}

/// Who, and what role; the item locks the till.
std::string cashier_text(const Desk& desk) {
    const node::TillView& view = desk.view();
    if (view.cashier.empty()) return tr("No cashier named");
    return view.staff.guarded ? fill_in(tr("{}, Ctrl L locks"), {view.cashier}) : view.cashier;
}

std::string unsent_text(const Desk& desk, node::Instant now) {
    const NodeStatus& status = desk.status;
    if (!status.hq_name) return tr("This shop stands alone");
    if (desk.exchange->work.running()) return tr("Exchanging with HQ…");
    if (status.unsent == 0) return tr("HQ holds everything");
    std::string text = fill_in(tr("Not at HQ yet: {}"), {desk.words.count(status.unsent)});
    if (status.unsent_since) text += fill_in(tr(" · oldest {}"), {format_age((now.ms - status.unsent_since->ms) / 1000)});
    return text;
}

}  // namespace

Rect customer_region(Rect strip) {
    return strip.inset(space::m, space::s).cut_right(std::min(680.0F, strip.w * 0.62F));
}

void draw_closed_strip(Ui& ui, Rect rect, const Desk& desk) {
    const Theme& t = ui.theme;
    ui.canvas.fill(rect, t.strip);
    if (t.name != ThemeName::light) ui.canvas.line({rect.x, rect.bottom() - 1}, {rect.right(), rect.bottom() - 1}, t.strip_line);
    Rect inside = rect.inset(space::l, space::s);
    draw_mark(ui, inside.cut_left(40, space::s));
    Rect name{inside.x, inside.y, customer_region(rect).x - inside.x - space::m, inside.h};
    ui.canvas.text(name.cut_top(name.h / 2 + 3), desk.node.info().name, Type::title, t.on_strip);
    ui.canvas.text(name, fill_in(tr("Till {}"), {node::print(desk.node.info().node)}), Type::caption, t.on_strip_soft);
}

std::optional<KeyPress> draw_title_strip(Ui& ui, Rect rect, const Desk& desk, bool hide_customer) {
    const Theme& t = ui.theme;
    draw_closed_strip(ui, rect, desk);
    const Rect customer = customer_region(rect);

    std::optional<KeyPress> touched;
    const auto& known = desk.view().customer;
    const bool contrast = t.name == ThemeName::contrast;  // its lines are as bright as its letters
    ui.canvas.fill(customer, known ? mix(t.strip, t.danger, 0.22F) : mix(t.strip, t.strip_line, contrast ? 0.16F : 0.45F), radius::control);
    if (ui.hovered(customer)) ui.canvas.outline(customer, t.on_strip_soft, radius::control);
    if (ui.clicked(customer)) touched = pressed(GLFW_KEY_F1);
    Rect line = customer.inset(space::m, 3);
    const Rect head = line.cut_left(36, space::m);
    ui.canvas.circle(head.centre(), 18, known ? t.danger : t.strip_line);
    ui.canvas.icon(head, Icon::user, IconSize::medium, known ? t.on_danger : contrast ? t.strip : t.on_strip_soft);
    key_cap(ui, line, "F1", t.on_strip_soft, t.on_strip_soft.alpha(0.5F));
    line.cut_right(40);
    if (known) {
        draw_customer(ui, line, desk, *known, hide_customer);
    } else {
        ui.canvas.text(line.cut_top(line.h / 2), tr("No customer"), Type::strong, t.on_strip_soft);
        ui.canvas.text(line, tr("Scan a card, or press ; and scan"), Type::caption, t.on_strip_soft);
    }
    return touched;
}

std::optional<BarButton> draw_key_bar(Ui& ui, Rect rect, const Desk& desk, const OverBar& over) {
    const node::TillView& view = desk.view();
    const bool has_lines = !view.lines.empty();
    const bool chosen = desk.selected_line >= 0 && has_lines;
    const bool closed = over.open == PanelName::none;
    const auto stands = [&](std::string_view cap) {
        if ((cap == "Del" || cap == "V") && !closed) return false;  // letters and corrections are the open screen's
        return std::find(over.taken.begin(), over.taken.end(), cap) == over.taken.end();
    };
    struct Entry {
        const char* label;
        const char* cap;
        Icon icon;
        BarButton button;
        PanelName panel;
        bool enabled;
    };
    const Entry entries[] = {
        {tr("Customer"), "F1", Icon::user, BarButton::customer, PanelName::customer, true},
        {tr("Products"), "F9", Icon::search, BarButton::products, PanelName::products, true},
        {tr("Edit line"), "F4", Icon::pencil, BarButton::edit_line, PanelName::line, chosen},
        {tr("Void line"), "Del", Icon::trash, BarButton::void_line, PanelName::none, chosen && over.receipt_in_sight},
        {tr("Points"), "V", Icon::gift, BarButton::points, PanelName::redeem, view.redeemable.has_value()},
        has_lines ? Entry{tr("Put aside"), "F5", Icon::inbox, BarButton::put_aside, PanelName::none, true}
                  : Entry{tr("Tables"), "F3", Icon::inbox, BarButton::tables, PanelName::tables, true},
        {tr("HQ"), "F7", Icon::exchange, BarButton::hq, PanelName::sync, true},
        {tr("Menu"), "F10", Icon::list, BarButton::menu, PanelName::menu, true},
    };
    std::optional<BarButton> touched;
    const int count = static_cast<int>(std::size(entries));
    for (int i = 0; i < count; ++i) {
        const Entry& entry = entries[i];
        const bool selected = over.open == entry.panel && !closed;
        const Rect cell = rect.cell(i, count, 0, 1, space::s);
        const bool narrow = cell.w < 165;
        const Button look{.label = entry.label,
                          .key = stands(entry.cap) ? entry.cap : "",
                          .icon = narrow ? Icon::none : entry.icon,
                          .enabled = entry.enabled,
                          .selected = selected,
                          .type = narrow ? Type::caption_strong : Type::strong,
                          .align = Align::left};
        if (button(ui, cell, look)) touched = entry.button;
    }
    return touched;
}

std::optional<KeyPress> draw_status_strip(Ui& ui, Rect rect, Desk& desk) {
    const Theme& t = ui.theme;
    ui.canvas.fill(rect, t.surface);
    ui.canvas.line({rect.x, rect.y}, {rect.right(), rect.y}, t.line);
    const node::Instant now = desk.node.clock().now();
    Rect inside = rect.inset(space::l, 0);
    struct Item {
        Icon icon;
        std::string text;
        Color color;
    };
    const NodeStatus& status = desk.status;
    const bool waits = status.hq_name && status.unsent > 0;
    // Of today the hour says enough: the day stands at the right.
    const bool today = status.state_at && desk.words.date(*status.state_at) == desk.words.date(now);
    const std::string prices =
        status.state_at ? fill_in(tr("Prices of {}"), {today ? desk.words.time(*status.state_at) : desk.words.date_time(*status.state_at)})
                        : std::string(tr("Own price list"));
    const PrinterWords printer = printer_words(desk);
    const bool busy = desk.beside().running();  // what goes on though its screen was left
    Item items[] = {
        busy ? Item{Icon::clock, desk.beside().doing(), t.accent}
             : Item{waits ? Icon::cloud : Icon::check_circle, unsent_text(desk, now), waits ? t.warn : t.go},
        {printer.icon, printer.text, printer.tone == Tone::neutral ? t.ink_soft : tone_color(t, printer.tone)},
        {Icon::user, cashier_text(desk), t.ink_soft},
        {Icon::tags, prices, t.ink_soft},
    };
    const std::string clock = desk.words.date_time(now);
    ui.canvas.number(inside.cut_right(ui.canvas.number_width(clock, Type::caption_strong) + 4, space::xl), clock, Type::caption_strong, t.ink_soft);
    std::optional<KeyPress> touched;
    KeyPress lock = pressed(GLFW_KEY_L);
    lock.control = true;
    // Where there is no room for all of it, the prices are the first to be told without their hour, and then not at all: F7 shows them.
    const auto fits = [&] {
        float wanted = 3 * space::xl;
        for (const Item& item : items) wanted += ui.canvas.width(item.text, Type::caption) + 26;
        return wanted <= inside.w;
    };
    if (!fits() && status.state_at && !today) items[3].text = desk.words.date(*status.state_at);
    const bool all = fits();
    for (int i = 0; const Item& item : items) {
        if (item.icon == Icon::tags && !all) continue;
        const float width = std::min(inside.w, ui.canvas.width(item.text, Type::caption) + 26);
        Rect cell = inside.cut_left(width, space::xl);
        const int place = i++;
        if (place == 0 && ui.clicked(cell)) touched = pressed(GLFW_KEY_F7);
        if (place == 1 && ui.clicked(cell)) desk.open(PanelName::printer);
        if (item.icon == Icon::user && ui.clicked(cell)) touched = lock;
        ui.canvas.icon(cell.cut_left(18, 6), item.icon, IconSize::small, item.color);
        ui.canvas.text(cell, item.text, Type::caption, t.ink_soft);
    }
    return touched;
}

void draw_total(Ui& ui, Rect rect, const Desk& desk) {
    const Theme& t = ui.theme;
    const node::TillView& view = desk.view();
    ui.canvas.fill(rect, t.strip, radius::card);
    if (t.name != ThemeName::light) ui.canvas.outline(rect, t.strip_line, radius::card);
    Rect inside = rect.inset(20, space::m);
    Rect facts = inside.cut_left(std::min(250.0F, inside.w * 0.42F), space::m);
    const float row = facts.h / 4;
    const auto fact = [&](const char* label, const std::string& value, Color color) {
        Rect line = facts.cut_top(row);
        ui.canvas.text(line, label, Type::caption, t.on_strip_soft);
        ui.canvas.number(line, value, Type::caption_strong, color);
    };
    fact(tr("Lines"), desk.words.count(static_cast<std::int64_t>(view.lines.size())), t.on_strip);
    fact(tr("Discount"), desk.words.bare_money(-view.discount), view.discount.is_zero() ? t.on_strip_soft : t.brand);
    fact(tr("Paid by points"), desk.words.bare_money(-view.redeemed), view.redeemed.is_zero() ? t.on_strip_soft : t.brand);
    fact(tr("Points earned"), desk.words.points(view.points), view.points.is_zero() ? t.on_strip_soft : t.on_strip);

    ui.canvas.line({facts.right() + space::m, inside.y + 4}, {facts.right() + space::m, inside.bottom() - 4}, t.strip_line);
    inside.cut_left(space::m);
    Rect label = inside.cut_top(20);
    ui.canvas.text(label, view.given.empty() ? tr("To pay") : tr("Still to pay"), Type::strong, t.on_strip_soft, Align::right);
    if (!view.given.empty())
        ui.canvas.text(label, fill_in(tr("paid: {}"), {desk.words.money(sum_of(view.given))}), Type::caption_strong, t.brand);
    else if (view.cash_due != view.due)
        ui.canvas.text(label, fill_in(tr("in cash {}"), {desk.words.money(view.cash_due)}), Type::caption, t.on_strip_soft);
    const std::string total = desk.words.money(view.due - sum_of(view.given));
    const Type type = ui.canvas.width(total, Type::total) <= inside.w ? Type::total : Type::figure;
    ui.canvas.text(inside, total, type, t.on_strip, Align::right);
}

}  // namespace paprsek::ui
