// A screen whose command runs beside the window (ui/till/beside.h): how far it is, in the place of its buttons.
#pragma once
#include "ui/till/desk.h"

namespace paprsek::ui {

/// While a command runs every key is used: Esc stops it where that is possible, and else leaves the screen; it goes on then.
bool beside_key(Desk& desk, const KeyPress& press);
/// A scan that the screen would take while a command runs: the cashier hears that it has to wait. False where none runs.
bool beside_keeps_scan(Desk& desk);
/// What is being done, how far it is, and the button of that key.
void draw_beside(Ui& ui, Rect rect, Desk& desk);

}  // namespace paprsek::ui
