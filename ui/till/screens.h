// The table of the till's panels: what each is called, where it stands in the menu, and what makes it.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "ui/till/desk.h"

namespace paprsek::ui {

enum class Section { sale, customers, goods, money, setup };
/// As the menu heads it.
const char* section_title(Section section);

struct Screen {
    PanelName name;
    std::string_view id;    ///< as --screen names it
    const char* label;      ///< English; tr() says it
    Icon icon;
    std::string_view key;   ///< its function key, as the button shows it; empty where only the menu leads there
    /// Where it stands in the menu; nothing: it does not (it belongs to a line, a payment …).
    std::optional<Section> section;
    std::unique_ptr<Panel> (*make)(Desk&);
};

/// In the menu's order.
std::span<const Screen> screens();
const Screen* screen_of(PanelName name);
std::optional<PanelName> panel_from(std::string_view id);
std::unique_ptr<Panel> make_panel(PanelName name, Desk& desk);

std::unique_ptr<Panel> make_products_panel(Desk& desk);
std::unique_ptr<Panel> make_favourites_panel(Desk& desk);
std::unique_ptr<Panel> make_customer_panel(Desk& desk);
std::unique_ptr<Panel> make_person_panel(Desk& desk);
std::unique_ptr<Panel> make_correction_panel(Desk& desk);
std::unique_ptr<Panel> make_deposit_panel(Desk& desk);
std::unique_ptr<Panel> make_goods_points_panel(Desk& desk);
std::unique_ptr<Panel> make_import_goods_panel(Desk& desk);
std::unique_ptr<Panel> make_import_customers_panel(Desk& desk);
std::unique_ptr<Panel> make_merge_panel(Desk& desk);
std::unique_ptr<Panel> make_purchases_panel(Desk& desk);
std::unique_ptr<Panel> make_settle_panel(Desk& desk);
std::unique_ptr<Panel> make_slip_panel(Desk& desk);
std::unique_ptr<Panel> make_statement_panel(Desk& desk);
std::unique_ptr<Panel> make_account_payments_panel(Desk& desk);
std::unique_ptr<Panel> make_customers_panel(Desk& desk);
std::unique_ptr<Panel> make_cards_panel(Desk& desk);
std::unique_ptr<Panel> make_loyalty_panel(Desk& desk);
std::unique_ptr<Panel> make_referral_panel(Desk& desk);
std::unique_ptr<Panel> make_reset_panel(Desk& desk);
std::unique_ptr<Panel> make_payment_panel(Desk& desk);
std::unique_ptr<Panel> make_redeem_panel(Desk& desk);
std::unique_ptr<Panel> make_line_panel(Desk& desk);
std::unique_ptr<Panel> make_text_line_panel(Desk& desk);
std::unique_ptr<Panel> make_void_panel(Desk& desk);
std::unique_ptr<Panel> make_tables_panel(Desk& desk);
std::unique_ptr<Panel> make_receipt_panel(Desk& desk);
std::unique_ptr<Panel> make_receipts_panel(Desk& desk);
std::unique_ptr<Panel> make_refund_panel(Desk& desk);
std::unique_ptr<Panel> make_catalogue_panel(Desk& desk);
std::unique_ptr<Panel> make_product_panel(Desk& desk);
std::unique_ptr<Panel> make_product_prices_panel(Desk& desk);
std::unique_ptr<Panel> make_stock_panel(Desk& desk);
std::unique_ptr<Panel> make_stock_moves_panel(Desk& desk);
std::unique_ptr<Panel> make_goods_in_panel(Desk& desk);
std::unique_ptr<Panel> make_stock_adjust_panel(Desk& desk);
std::unique_ptr<Panel> make_transfers_panel(Desk& desk);
std::unique_ptr<Panel> make_stock_send_panel(Desk& desk);
std::unique_ptr<Panel> make_stock_arrive_panel(Desk& desk);
std::unique_ptr<Panel> make_stocktake_panel(Desk& desk);
std::unique_ptr<Panel> make_cash_panel(Desk& desk);
std::unique_ptr<Panel> make_reports_panel(Desk& desk);
std::unique_ptr<Panel> make_sync_panel(Desk& desk);
std::unique_ptr<Panel> make_printer_panel(Desk& desk);
std::unique_ptr<Panel> make_stationery_panel(Desk& desk);
std::unique_ptr<Panel> make_users_panel(Desk& desk);
std::unique_ptr<Panel> make_scans_panel(Desk& desk);
std::unique_ptr<Panel> make_settings_panel(Desk& desk);
std::unique_ptr<Panel> make_help_panel(Desk& desk);
std::unique_ptr<Panel> make_menu_panel(Desk& desk);

}  // namespace paprsek::ui
