#include "ui/kit/keymap.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace paprsek::ui {
namespace {

Keymap in_force = keys_as_delivered;

}  // namespace

bool is_fixed_key(int number) { return number == 1 || number == 9 || number == 12; }

bool is_keymap(const Keymap& map) {
    Keymap sorted = map;
    std::sort(sorted.begin(), sorted.end());
    return sorted == keys_as_delivered && map[0] == 1 && map[8] == 9 && map[11] == 12;
}

std::optional<Keymap> exchanged(const Keymap& map, int meaning, int number) {
    if (meaning < 1 || meaning > function_keys || number < 1 || number > function_keys) return std::nullopt;
    if (is_fixed_key(meaning) || is_fixed_key(number)) return std::nullopt;
    Keymap changed = map;
    const auto other = std::find(changed.begin(), changed.end(), static_cast<std::uint8_t>(number));
    std::swap(changed[static_cast<std::size_t>(meaning - 1)], *other);
    return changed;
}

void set_keymap(const Keymap& map) { in_force = is_keymap(map) ? map : keys_as_delivered; }
const Keymap& keymap() { return in_force; }

int meaning_of(int key) {
    if (key < GLFW_KEY_F1 || key > GLFW_KEY_F12) return key;
    const auto found = std::find(in_force.begin(), in_force.end(), static_cast<std::uint8_t>(key - GLFW_KEY_F1 + 1));
    return GLFW_KEY_F1 + static_cast<int>(found - in_force.begin());
}

std::string shown_key(std::string_view cap) {
    int number = 0;
    if (cap.size() < 2 || cap[0] != 'F') return std::string(cap);
    const auto read = std::from_chars(cap.data() + 1, cap.data() + cap.size(), number);
    if (read.ec != std::errc() || read.ptr != cap.data() + cap.size() || number < 1 || number > function_keys) return std::string(cap);
    return "F" + std::to_string(in_force[static_cast<std::size_t>(number - 1)]);
}

}  // namespace paprsek::ui
