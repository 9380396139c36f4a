// Glyphs for a scale take longer to draw than a frame: they are drawn on another thread, and Fonts::load() takes them when they are there.
// From the window's thread. One at a time.
#pragma once

namespace paprsek::ui {

/// Begins where nothing is under way; wakes the window at the end.
void prepare_fonts(float scale);
/// load() would not wait.
bool fonts_prepared(float scale);

}  // namespace paprsek::ui
