// What a shop keeps at hand on its till: texts for lines without a product ("loan for a game", T4), and favourites, the products that
// stand first among the tiles (T1). A setting of the till, not of its ledger.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/catalogue.h"
#include "node/node.h"

namespace paprsek::node {

struct PresetText {
    std::string text;
    std::optional<Money> price;  ///< nothing = typed each time
    std::string vat;             ///< empty = the policy's first group
    friend bool operator==(const PresetText&, const PresetText&) = default;
};
inline constexpr std::size_t max_preset_texts = 100, max_favourites = 200, max_preset_bytes = 120;

struct Presets {
    std::vector<PresetText> texts;
    std::vector<std::string> favourites;  ///< codes, normalised, each once
    friend bool operator==(const Presets&, const Presets&) = default;
};

/// {"texts":[{"text":"Loan for a game","price":"50","vat":"A"}],"favourites":["8594001021239"]}; both may be left out.
/// Throws Error (refused) naming `what`.
Presets parse_presets(std::string_view json, const std::string& what);
std::string presets_json(const Presets& presets);

Presets presets_of(Node& node);
/// Durable on return.
void set_presets(Node& node, const Presets& presets);

/// In their order, at today's prices. A code that no product has (any more) is passed over and stays a favourite for when one has it.
std::vector<FoundProduct> favourite_products(Node& node);
/// The product with this key becomes the last favourite, or is none any more by whichever of its codes; true: it is one now. Throws
/// Error (refused) where there are max_favourites. Durable on return.
bool turn_favourite(Node& node, std::string_view key);
/// Among those that favourite_products() gives, the product with this key goes `by` places later (negative: earlier), at most to an end.
/// Favourites that no product has keep their places between the others. True where it moved. Durable on return.
bool move_favourite(Node& node, std::string_view key, int by);

}  // namespace paprsek::node
