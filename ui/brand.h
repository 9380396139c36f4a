// The product's mark.
#pragma once
#include "ui/kit/ui.h"

namespace paprsek::ui {

/// The ray: a sun with eight spokes, HQ and its branches.
void draw_mark(Ui& ui, Rect rect);

}  // namespace paprsek::ui
