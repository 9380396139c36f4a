// The fixed regions around the receipt and the panels: title strip, key bar, status strip, and the total.
#pragma once
#include <optional>

#include "ui/till/desk.h"

namespace paprsek::ui {

/// Logo, branch, and who the customer is; the head is red for a recognised one (L2). A touched button comes back as its key.
std::optional<KeyPress> draw_title_strip(Ui& ui, Rect rect, const Desk& desk, bool hide_customer);

/// Where in the title strip the customer stands.
Rect customer_region(Rect strip);

/// Every key on its button (U1).
std::optional<KeyPress> draw_key_bar(Ui& ui, Rect rect, const Desk& desk, PanelName open);

/// Network and unsent facts, printer, cashier, version of prices: always in sight (U4).
std::optional<KeyPress> draw_status_strip(Ui& ui, Rect rect, Desk& desk);

void draw_total(Ui& ui, Rect rect, const Desk& desk);

}  // namespace paprsek::ui
