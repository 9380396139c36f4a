#include "ui/till/settings.h"

#include <algorithm>
#include <filesystem>

#include "node/base/csv.h"
#include "node/base/error.h"
#include "node/base/json.h"
#include "sync/files.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

using node::Json;

constexpr std::size_t max_bytes = 8192;
constexpr std::string_view theme_names[] = {"light", "dark", "contrast"};

std::string file_of(const std::string& folder) { return (std::filesystem::path(folder) / "till-settings.json").string(); }

int within(node::Fields& fields, const char* key, int least, int most) {
    const std::int64_t value = fields.integer(key);
    if (value < least || value > most) fields.refuse_field(key, "is out of range");
    return static_cast<int>(value);
}

Keymap keymap_of(node::Fields& fields) {
    const Json& list = fields.get("keys");
    Keymap map{};
    if (!list.is_array() || list.size() != map.size()) fields.refuse_field("keys", "is no list of twelve keys");
    for (std::size_t i = 0; i < map.size(); ++i) {
        const bool number = list[i].is_number_integer() && list[i].get<std::int64_t>() >= 1 && list[i].get<std::int64_t>() <= function_keys;
        if (!number) fields.refuse_field("keys", "is no list of twelve keys");
        map[i] = list[i].get<std::uint8_t>();
    }
    if (!is_keymap(map)) fields.refuse_field("keys", "gives a key twice, or moves F1, F9 or F12");
    return map;
}

Settings parse_settings(const std::string& text, const std::string& what) {
    const Json json = node::parse_json(text, what, max_bytes);
    node::Fields fields(json, what, false);  // a newer program's settings are passed over
    Settings settings;
    if (const auto language = fields.optional_text("language")) {
        if (!language->empty() && std::find(std::begin(languages), std::end(languages), *language) == std::end(languages))
            fields.refuse_field("language", "is none of en, cs, ro");
        settings.language = *language;
    }
    if (const auto name = fields.optional_text("theme")) {
        const auto theme = theme_from(*name);
        if (!theme) fields.refuse_field("theme", "is none of light, dark, contrast");
        settings.theme = *theme;
    }
    if (fields.has("zoom_percent")) settings.zoom_percent = within(fields, "zoom_percent", zoom_percent_min, zoom_percent_max);
    if (fields.has("lock_minutes")) settings.lock_minutes = within(fields, "lock_minutes", 0, lock_minutes_max);
    settings.mirrored = fields.flag("mirrored", settings.mirrored);
    settings.sound = fields.flag("sound", settings.sound);
    if (fields.has("keys")) settings.keys = keymap_of(fields);
    return settings;
}

}  // namespace

Settings load_settings(const std::string& folder, std::string& fault) {
    const std::string file = file_of(folder);
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return {};
    try {
        return parse_settings(node::read_file(file, max_bytes), file);
    } catch (const node::Error&) {
        fault = tr("This till's settings cannot be read: it works as delivered until they are saved again.");
        return {};
    }
}

void save_settings(const std::string& folder, const Settings& settings) {
    const Json json = {{"language", settings.language}, {"theme", theme_names[static_cast<std::size_t>(settings.theme)]},
                       {"zoom_percent", settings.zoom_percent}, {"mirrored", settings.mirrored}, {"sound", settings.sound},
                       {"lock_minutes", settings.lock_minutes}, {"keys", settings.keys}};
    const std::string text = json.dump(2) + "\n";
    sync::write_atomically(file_of(folder), sync::bytes_of(text));
}

}  // namespace paprsek::ui
