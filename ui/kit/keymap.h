// Function keys changed about by the shop (U1): what a key means, and which key means it. A permutation, so that every action keeps
// a key and no key has two. F1, F9 and F12 are the same at every till.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paprsek::ui {

inline constexpr int function_keys = 12;

// [i] is the number of the key (1 to 12) that does what F(i + 1) does on a till as it is delivered.
using Keymap = std::array<std::uint8_t, function_keys>;
inline constexpr Keymap keys_as_delivered{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

bool is_fixed_key(int number);
// A permutation that leaves the fixed keys alone.
bool is_keymap(const Keymap& map);
// `map` with what F`meaning` did done by F`number`, which gives its own meaning in return; nothing where one of them is fixed.
std::optional<Keymap> exchanged(const Keymap& map, int meaning, int number);

// Of the window, by its thread.
void set_keymap(const Keymap& map);
const Keymap& keymap();
// A GLFW key as it was pressed: the key whose meaning it has.
int meaning_of(int key);
// "F4": the cap to show for it. Every other text comes back as it is.
std::string shown_key(std::string_view cap);

}  // namespace paprsek::ui
