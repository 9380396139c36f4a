// What one till keeps for itself: language, look, sound, keys. A small file in the node's folder, beside the ledger and no part of it.
#pragma once
#include <string>

#include "ui/kit/keymap.h"
#include "ui/kit/theme.h"

namespace paprsek::ui {

struct Settings {
    std::string language;                 ///< "cs", "ro", "en"; empty = as the node's locale
    ThemeName theme = ThemeName::light;
    int zoom_percent = 100;               ///< 50 to 300
    bool mirrored = false;                ///< the receipt at the right, for the left hand
    bool sound = true;
    int lock_minutes = 0;                 ///< after so long without a key the till locks itself; 0 = never, at most 240
    Keymap keys = keys_as_delivered;
    friend bool operator==(const Settings&, const Settings&) = default;
};

inline constexpr int zoom_percent_min = 50, zoom_percent_max = 300, lock_minutes_max = 240;

/// FOLDER/till-settings.json. No file = as delivered. A file that cannot be read as such is told in `fault`, a sentence for the
/// cashier, and the till works as delivered; nothing is ever refused for its settings.
Settings load_settings(const std::string& folder, std::string& fault);
/// Whole or not at all. Throws node::Error (operating).
void save_settings(const std::string& folder, const Settings& settings);

}  // namespace paprsek::ui
