// What the packing (sync/record_coder.cpp) remembers of each place where a value may stand.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sync/coder_models.h"
#include "sync/record_line.h"

namespace paprsek::sync {

/// Fields that others follow from. They come first, in this order; what is not named here comes in the order of keys.
enum class Role : std::uint8_t { card, code, quantity, price, customer, lines, redeemed, change, other, amount, by_price, discount, rounding, vat, rates };
inline Role role_of(std::string_view key) {
    struct Known {
        std::string_view key;
        Role role;
    };
    static constexpr Known known[] = {{"card", Role::card},         {"code", Role::code},         {"qty", Role::quantity},     {"price", Role::price},
                                      {"customer", Role::customer}, {"lines", Role::lines},       {"redeemed", Role::redeemed}, {"change", Role::change},
                                      {"amount", Role::amount},     {"cost", Role::by_price},     {"gross", Role::by_price},   {"paid", Role::by_price},
                                      {"points", Role::by_price},   {"discount", Role::discount}, {"rounding", Role::rounding}, {"vat", Role::vat},
                                      {"rates", Role::rates}};
    for (const Known& each : known)
        if (each.key == key) return each.role;
    return Role::other;
}
inline int rank_of(Role role) { return std::min(static_cast<int>(role), static_cast<int>(Role::other)); }

/// What stood at a place when last something was said about the same product, or card.
struct Memory {
    enum class State : std::uint8_t { unknown, absent, there, integer, text };  ///< `there`: an object or array
    State state = State::unknown;
    std::uint32_t text = Dictionary::none;
    std::int64_t number = 0, quantity = 0;
};

/// Where in a line a value may stand, and what is known of those that stood there.
struct Place {
    Place(std::string_view its_key, Dictionary* its_dictionary)
        : key(its_key), printed_key("\"" + key + "\":"), role(role_of(its_key)), dictionary(its_dictionary) {}
    std::string key;
    std::string printed_key;  ///< as it stands before its value
    Role role;
    Dictionary* dictionary;

    std::vector<std::unique_ptr<Place>> children;  ///< of an object, as they were met first
    std::vector<std::uint8_t> order, printed;      ///< of the children: as they are packed, and by their keys
    std::unique_ptr<Place> item;                   ///< of an array
    std::vector<std::vector<Memory>> memories;     ///< of an object, by anchor, of each child

    Type last_type = Type::object;
    BitModel same_type;
    std::array<BitModel, 8> type;
    BitModel another_key;
    std::array<BitModel, 12> present;
    bool was_present = false;
    std::array<std::array<BitModel, 8>, 8> hit;  ///< by what hit last
    std::uint8_t last_hit = 7;
    std::unique_ptr<NumberModel> numbers;
    std::int64_t last_number = 0, last_step = 0;
    std::uint32_t last_text = Dictionary::none;
};

}  // namespace paprsek::sync
