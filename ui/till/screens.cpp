#include "ui/till/screens.h"

#include <algorithm>

namespace paprsek::ui {
namespace {

constexpr std::optional<Section> no_menu = std::nullopt;

constexpr Screen table[] = {
    // At the sale.
    {PanelName::payment, "payment", mark("Payment"), Icon::money, "F12", no_menu, make_payment_panel},
    {PanelName::redeem, "redeem", mark("Points"), Icon::gift, "V", no_menu, make_redeem_panel},
    {PanelName::line, "line", mark("Edit line"), Icon::pencil, "F4", no_menu, make_line_panel},
    {PanelName::menu, "menu", mark("Menu"), Icon::list, "F10", no_menu, make_menu_panel},
    {PanelName::products, "products", mark("Products"), Icon::search, "F9", Section::sale, make_products_panel},
    {PanelName::receipt, "receipt", mark("Last receipt"), Icon::file, "F6", Section::sale, make_receipt_panel},

    // Customers and loyalty.
    {PanelName::customer, "customer", mark("Customer"), Icon::user, "F1", Section::customers, make_customer_panel},

    // Goods and stock.

    // Cash, closing, reports.

    // Set-up.
    {PanelName::sync, "sync", mark("Send to HQ"), Icon::exchange, "F7", Section::setup, make_sync_panel},
    {PanelName::printer, "printer", mark("Printer"), Icon::print, "", Section::setup, make_printer_panel},
    {PanelName::help, "help", mark("Help"), Icon::info_circle, "F2", Section::setup, make_help_panel},
};

}  // namespace

const char* section_title(Section section) {
    switch (section) {
        case Section::sale: return tr("At the till");
        case Section::customers: return tr("Customers");
        case Section::goods: return tr("Goods");
        case Section::money: return tr("Money");
        case Section::setup: return tr("This till");
    }
    return "";
}

std::span<const Screen> screens() { return table; }

const Screen* screen_of(PanelName name) {
    const auto found = std::find_if(std::begin(table), std::end(table), [&](const Screen& screen) { return screen.name == name; });
    return found == std::end(table) ? nullptr : found;
}

std::optional<PanelName> panel_from(std::string_view id) {
    if (id == "till") return PanelName::none;
    const auto found = std::find_if(std::begin(table), std::end(table), [&](const Screen& screen) { return screen.id == id; });
    if (found == std::end(table)) return std::nullopt;
    return found->name;
}

std::unique_ptr<Panel> make_panel(PanelName name, Desk& desk) {
    const Screen* screen = screen_of(name);
    return screen == nullptr ? nullptr : screen->make(desk);
}

}  // namespace paprsek::ui
