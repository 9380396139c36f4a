#include "node/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/codes.h"

namespace paprsek::node {
namespace {

PresetText read_text(Fields& fields) {
    PresetText preset;
    preset.text = std::string(trim(fields.text("text")));
    preset.price = fields.optional_decimal<Money>("price");
    preset.vat = fields.optional_text("vat").value_or("");
    if (preset.text.empty() || preset.text.size() > max_preset_bytes)
        fields.refuse_field("text", fmt::format("is empty or longer than {} bytes", max_preset_bytes));
    if (preset.price && *preset.price < Money{}) fields.refuse_field("price", "is below zero");
    if (preset.vat.size() > 20) fields.refuse_field("vat", "is no VAT group");
    fields.done();
    return preset;
}

}  // namespace

Presets parse_presets(std::string_view text, const std::string& what) {
    const Json json = parse_json(text, what, 1u << 20);
    Fields fields(json, what);
    Presets presets;
    if (const Json* texts = fields.find("texts")) {
        if (!texts->is_array()) fields.refuse_field("texts", "is not a list in brackets");
        if (texts->size() > max_preset_texts) fields.refuse_field("texts", fmt::format("has more than {} texts", max_preset_texts));
        for (const Json& item : *texts) {
            Fields entry(item, fmt::format("{} texts [{}]", what, presets.texts.size() + 1));
            presets.texts.push_back(read_text(entry));
        }
    }
    if (const Json* favourites = fields.find("favourites")) {
        if (!favourites->is_array()) fields.refuse_field("favourites", "is not a list in brackets");
        if (favourites->size() > max_favourites) fields.refuse_field("favourites", fmt::format("has more than {} products", max_favourites));
        std::set<std::string> seen;
        for (const Json& item : *favourites) {
            const std::string code = item.is_string() ? normalise_code(item.get_ref<const std::string&>()) : std::string();
            if (code.empty()) fields.refuse_field("favourites", "holds something that is no code");
            if (seen.insert(code).second) presets.favourites.push_back(code);
        }
    }
    fields.done();
    return presets;
}

std::string presets_json(const Presets& presets) {
    Json json = {{"texts", Json::array()}, {"favourites", presets.favourites}};
    for (const PresetText& preset : presets.texts) {
        Json entry = {{"text", preset.text}};
        if (preset.price) entry["price"] = print(*preset.price);
        if (!preset.vat.empty()) entry["vat"] = preset.vat;
        json["texts"].push_back(std::move(entry));
    }
    return canonical(json);
}

Presets presets_of(Node& node) {
    const auto json = node.setting("presets");
    return json ? parse_presets(*json, "presets") : Presets{};
}

void set_presets(Node& node, const Presets& presets) {
    const std::string json = presets_json(presets);
    const Presets checked = parse_presets(json, "presets");  // the bounds hold for whoever sets them
    Transaction transaction(node.database());
    node.set_setting("presets", presets_json(checked));
    transaction.commit();
}

std::vector<FoundProduct> favourite_products(Node& node) {
    std::vector<FoundProduct> found;
    const PriceDay today = price_day(node);
    for (const std::string& code : presets_of(node).favourites) {
        auto row = product_row(node.database(), code);
        const auto same = [&](const FoundProduct& each) { return row && each.key == row->key; };
        if (!row || std::any_of(found.begin(), found.end(), same)) continue;
        const auto prices = parse_listed_prices(row->prices);
        found.push_back({row->key, row->name, row->group, prices ? price_on(*prices, row->price, today) : row->price});
    }
    return found;
}

bool turn_favourite(Node& node, std::string_view key) {
    Transaction transaction(node.database());
    Presets presets = presets_of(node);
    const bool was = std::erase_if(presets.favourites, [&](const std::string& code) {
                         const auto row = product_row(node.database(), code);
                         return row && row->key == key;
                     }) > 0;
    if (!was) {
        if (presets.favourites.size() >= max_favourites)
            refuse("favourites", fmt::format("has more than {} products", max_favourites), "take one off first");
        presets.favourites.emplace_back(key);
    }
    node.set_setting("presets", presets_json(presets));
    transaction.commit();
    return !was;
}

bool move_favourite(Node& node, std::string_view key, int by) {
    Transaction transaction(node.database());
    Presets presets = presets_of(node);
    // The places of those that are shown: a product's first code stands for it.
    std::vector<std::size_t> places;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < presets.favourites.size(); ++i) {
        const auto row = product_row(node.database(), presets.favourites[i]);
        if (!row || std::find(keys.begin(), keys.end(), row->key) != keys.end()) continue;
        places.push_back(i);
        keys.push_back(row->key);
    }
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found == keys.end()) return false;
    const auto last = static_cast<std::ptrdiff_t>(keys.size()) - 1, from = found - keys.begin();
    const std::ptrdiff_t to = std::clamp<std::ptrdiff_t>(from + by, 0, last);
    if (to == from) return false;
    const std::ptrdiff_t step = to > from ? 1 : -1;
    for (std::ptrdiff_t i = from; i != to; i += step)
        std::swap(presets.favourites[places[static_cast<std::size_t>(i)]], presets.favourites[places[static_cast<std::size_t>(i + step)]]);
    node.set_setting("presets", presets_json(presets));
    transaction.commit();
    return true;
}

}  // namespace paprsek::node
