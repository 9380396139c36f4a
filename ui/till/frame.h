// The fixed regions around the receipt and the panels: title strip, key bar, status strip, and the total.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ui/till/desk.h"

namespace paprsek::ui {

/// Logo, branch, and who the customer is; the head is red for a recognised one (L2). A touched button comes back as its key.
std::optional<KeyPress> draw_title_strip(Ui& ui, Rect rect, const Desk& desk, bool hide_customer);

/// The same while nobody may work: the shop alone.
void draw_closed_strip(Ui& ui, Rect rect, const Desk& desk);

/// Where in the title strip the customer stands.
Rect customer_region(Rect strip);

/// What lies above the bar.
struct OverBar {
    PanelName open = PanelName::none;
    bool receipt_in_sight = true;        ///< and nothing is asked over it
    std::vector<std::string> taken = {};  ///< the keys that stand on the open screen: there they mean what they say there
};

enum class BarButton { customer, products, edit_line, void_line, points, put_aside, tables, hq, menu };

/// Every key on its button (U1), unless it means something else just now. Which button was touched: it does what it says, whatever its key
/// would do then.
std::optional<BarButton> draw_key_bar(Ui& ui, Rect rect, const Desk& desk, const OverBar& over);

/// Network and unsent facts, printer, cashier, version of prices: always in sight (U4).
std::optional<KeyPress> draw_status_strip(Ui& ui, Rect rect, Desk& desk);

void draw_total(Ui& ui, Rect rect, const Desk& desk);

}  // namespace paprsek::ui
