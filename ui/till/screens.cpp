#include "ui/till/screens.h"

#include <algorithm>

namespace paprsek::ui {
namespace {

constexpr std::optional<Section> no_menu = std::nullopt;

constexpr Screen screen_table[] = {
    // At the sale.
    {PanelName::payment, "payment", mark("Payment"), Icon::money, "F12", no_menu, make_payment_panel},
    {PanelName::redeem, "redeem", mark("Points"), Icon::gift, "V", no_menu, make_redeem_panel},
    {PanelName::line, "line", mark("Edit line"), Icon::pencil, "F4", no_menu, make_line_panel},
    {PanelName::menu, "menu", mark("Menu"), Icon::list, "F10", no_menu, make_menu_panel},
    {PanelName::products, "products", mark("Products"), Icon::search, "F9", Section::sale, make_products_panel},
    {PanelName::favourites, "favourites", mark("Favourites"), Icon::star, "", Section::sale, make_favourites_panel},
    {PanelName::text_line, "text-line", mark("Text line"), Icon::pencil, "F11", Section::sale, make_text_line_panel},
    {PanelName::void_receipt, "void", mark("Strike out the receipt"), Icon::trash, "Shift Del", no_menu, make_void_panel},
    {PanelName::tables, "tables", mark("Put aside, tables"), Icon::coffee, "F3", Section::sale, make_tables_panel},
    {PanelName::receipt, "receipt", mark("Last receipt"), Icon::file, "F6", Section::sale, make_receipt_panel},
    {PanelName::receipts, "receipts", mark("Receipts"), Icon::history, "", Section::sale, make_receipts_panel},
    {PanelName::refund, "refund", mark("Refund"), Icon::undo, "", Section::sale, make_refund_panel},

    // Customers and loyalty.
    {PanelName::customer, "customer", mark("Customer"), Icon::user, "F1", Section::customers, make_customer_panel},
    {PanelName::customers, "customers", mark("All customers"), Icon::users, "", Section::customers, make_customers_panel},
    {PanelName::cards, "cards", mark("Add cards"), Icon::id_card, "", Section::customers, make_cards_panel},
    {PanelName::account_payments, "account-payments", mark("Account payments"), Icon::history, "", Section::customers, make_account_payments_panel},
    {PanelName::referral, "referral", mark("Referrals"), Icon::sitemap, "", Section::customers, make_referral_panel},
    {PanelName::loyalty, "loyalty", mark("Points and discounts"), Icon::gift, "", Section::customers, make_loyalty_panel},
    {PanelName::reset, "reset", mark("Set to zero"), Icon::ban, "", Section::customers, make_reset_panel},
    {PanelName::person, "person", mark("Customer's data"), Icon::user, "", no_menu, make_person_panel},
    {PanelName::correction, "correction", mark("Correct points and spend"), Icon::pencil, "", no_menu, make_correction_panel},
    {PanelName::deposit, "deposit", mark("Pay in"), Icon::money, "", no_menu, make_deposit_panel},
    {PanelName::merge, "merge", mark("Merge two customers"), Icon::chain, "", no_menu, make_merge_panel},
    {PanelName::purchases, "purchases", mark("What was bought"), Icon::history, "", no_menu, make_purchases_panel},
    {PanelName::settle, "settle", mark("Settle the account"), Icon::money, "", no_menu, make_settle_panel},
    {PanelName::statement, "statement", mark("Statement"), Icon::file, "", no_menu, make_statement_panel},
    {PanelName::slip, "slip", mark("Slip"), Icon::print, "", no_menu, make_slip_panel},

    {PanelName::import_goods, "import-goods", mark("Goods from a file"), Icon::download, "", no_menu, make_import_goods_panel},
    {PanelName::import_customers, "import-customers", mark("Customers from a file"), Icon::download, "", no_menu, make_import_customers_panel},
    {PanelName::goods_points, "goods-points", mark("Points of goods"), Icon::tags, "", no_menu, make_goods_points_panel},

    // Goods and stock.
    {PanelName::catalogue, "catalogue", mark("Goods and prices"), Icon::tags, "", Section::goods, make_catalogue_panel},
    {PanelName::product, "product", mark("A product"), Icon::tag, "", no_menu, make_product_panel},
    {PanelName::product_prices, "product-prices", mark("Future and list prices"), Icon::clock, "", no_menu, make_product_prices_panel},
    {PanelName::stock, "stock", mark("Stock"), Icon::inbox, "", Section::goods, make_stock_panel},
    {PanelName::goods_in, "goods-in", mark("Goods in"), Icon::download, "", Section::goods, make_goods_in_panel},
    {PanelName::stock_adjust, "stock-adjust", mark("Adjust stock"), Icon::pencil, "", Section::goods, make_stock_adjust_panel},
    {PanelName::stocktake, "stocktake", mark("Stocktake"), Icon::barcode, "", Section::goods, make_stocktake_panel},
    {PanelName::transfers, "transfers", mark("Transfers"), Icon::exchange, "", Section::goods, make_transfers_panel},
    {PanelName::stock_moves, "stock-moves", mark("Movements of a product"), Icon::history, "", no_menu, make_stock_moves_panel},
    {PanelName::stock_send, "stock-send", mark("Send goods"), Icon::upload, "", no_menu, make_stock_send_panel},
    {PanelName::stock_arrive, "stock-arrive", mark("Take goods in"), Icon::download, "", no_menu, make_stock_arrive_panel},

    // Cash, closing, reports.
    {PanelName::cash, "cash", mark("Cash and closing"), Icon::money, "", Section::money, make_cash_panel},
    {PanelName::reports, "reports", mark("Reports"), Icon::list, "", Section::money, make_reports_panel},

    // Set-up.
    {PanelName::sync, "sync", mark("HQ"), Icon::exchange, "F7", Section::setup, make_sync_panel},
    {PanelName::printer, "printer", mark("Printer"), Icon::print, "", Section::setup, make_printer_panel},
    {PanelName::stationery, "stationery", mark("Look of receipts"), Icon::file, "", Section::setup, make_stationery_panel},
    {PanelName::scans, "scans", mark("Scanner test"), Icon::barcode, "", Section::setup, make_scans_panel},
    {PanelName::users, "users", mark("Users"), Icon::users, "", Section::setup, make_users_panel},
    {PanelName::settings, "settings", mark("Settings"), Icon::cog, "", Section::setup, make_settings_panel},
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

std::span<const Screen> screens() { return screen_table; }

const Screen* screen_of(PanelName name) {
    const auto found = std::find_if(std::begin(screen_table), std::end(screen_table), [&](const Screen& screen) { return screen.name == name; });
    return found == std::end(screen_table) ? nullptr : found;
}

std::optional<PanelName> panel_from(std::string_view id) {
    if (id == "till") return PanelName::none;
    const auto found = std::find_if(std::begin(screen_table), std::end(screen_table), [&](const Screen& screen) { return screen.id == id; });
    if (found == std::end(screen_table)) return std::nullopt;
    return found->name;
}

std::unique_ptr<Panel> make_panel(PanelName name, Desk& desk) {
    const Screen* screen = screen_of(name);
    return screen == nullptr ? nullptr : screen->make(desk);
}

}  // namespace paprsek::ui
