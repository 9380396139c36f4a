#include "ui/till/beside_view.h"

#include "ui/kit/widgets.h"

namespace paprsek::ui {
namespace {

void stop_or_leave(Desk& desk) {
    if (desk.beside().may_stop()) desk.beside().progress()->cancel();
    else desk.back();
}

}  // namespace

bool beside_key(Desk& desk, const KeyPress& press) {
    if (!desk.beside().running()) return false;
    if (press.is(GLFW_KEY_ESCAPE)) stop_or_leave(desk);
    return true;
}

bool beside_keeps_scan(Desk& desk) {
    if (!desk.beside().running()) return false;
    desk.sounds.play(Sound::unknown);
    desk.tell_busy();
    return true;
}

void draw_beside(Ui& ui, Rect rect, Desk& desk) {
    if (!desk.beside().running()) return;
    const char* label = desk.beside().may_stop() ? tr("Stop") : tr("Leave");
    if (button(ui, rect.cut_right(140, space::m), {.label = label, .key = "Esc"})) stop_or_leave(desk);
    const float width = ui.canvas.width(desk.beside().doing(), Type::strong);
    ui.canvas.text(rect.cut_left(std::min(width, rect.w / 2), space::m), desk.beside().doing(), Type::strong, ui.theme.ink);
    progress_bar(ui, rect.middle(rect.w, 8), desk.beside().progress()->share());
}

}  // namespace paprsek::ui
