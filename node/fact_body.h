// Writing and reading the canonical JSON of facts: what node/facts.cpp and node/stock_fact.cpp share. No other header includes
// this one, for it brings simdjson along.
#pragma once
#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/decimal.h"
#include "node/base/error.h"
#include "node/base/json.h"
#include "node/facts.h"

namespace paprsek::node {

inline constexpr std::size_t max_lines = 10'000;

template <class D>
void put(Json& json, const char* key, D value, D usual = D{}) {
    if (value != usual) json[key] = value.raw();
}

inline void put(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
}

inline void put(Json& json, const Place& place) {
    put(json, "area", place.area);
    put(json, "table", place.table);
}

using Element = simdjson::dom::element;

/// Reading a body: fields not known are ignored, for an older program may read a newer fact. A ledger is read by the hundred
/// thousand facts (merging at HQ, verify), so this does not build a document but looks into simdjson's, which stands until
/// the next body is parsed on this thread.
class Body {
public:
    Body(std::string_view text, const char* what) : what_(what) {
        static thread_local simdjson::dom::parser parser;
        Element document;
        if (parser.parse(text.data(), text.size()).get(document) != simdjson::SUCCESS) refuse(what, "the body is not JSON");
        if (document.get(object_) != simdjson::SUCCESS) bad("the body");
        look();
    }
    Body(Element element, const char* what) : what_(what) {
        if (element.get(object_) != simdjson::SUCCESS) bad("the body");
        look();
    }

    Body(simdjson::dom::object object, const char* what) : object_(object), what_(what) { look(); }

    bool has(std::string_view key) const {
        Element value;
        return get(key, value);
    }
    template <class D>
    D decimal(std::string_view key, D usual = D{}) const {
        const auto value = find(key);
        return value ? decimal_of<D>(*value, key) : usual;
    }
    template <class D>
    D decimal_of(Element value, std::string_view key) const {
        std::int64_t raw = 0;
        if (value.get(raw) != simdjson::SUCCESS || raw > D::max_value || raw < -D::max_value) bad(key);
        return D::of(raw);
    }
    std::int64_t integer(std::string_view key) const {
        std::int64_t number = 0;
        const auto value = find(key);
        if (value && value->get(number) != simdjson::SUCCESS) bad(key);
        return number;
    }
    std::string text(std::string_view key) const {
        std::string_view view;
        const auto value = find(key);
        if (value && value->get(view) != simdjson::SUCCESS) bad(key);
        return std::string(view);
    }
    bool flag(std::string_view key) const {
        bool flag = false;
        const auto value = find(key);
        if (value && value->get(flag) != simdjson::SUCCESS) bad(key);
        return flag;
    }
    std::optional<simdjson::dom::object> object(std::string_view key) const {
        const auto value = find(key);
        if (!value) return std::nullopt;
        simdjson::dom::object object;
        if (value->get(object) != simdjson::SUCCESS) bad(key);
        return object;
    }
    std::optional<simdjson::dom::array> array(std::string_view key) const {
        const auto value = find(key);
        if (!value) return std::nullopt;
        simdjson::dom::array array;
        if (value->get(array) != simdjson::SUCCESS || array.size() > max_lines) bad(key);
        return array;
    }
    std::vector<std::string> texts(std::string_view key) const {
        std::vector<std::string> list;
        if (const auto items = array(key))
            for (const Element item : *items) {
                std::string_view text;
                if (item.get(text) != simdjson::SUCCESS) bad(key);
                list.emplace_back(text);
            }
        return list;
    }
    [[noreturn]] void bad(std::string_view key) const { refuse(what_, fmt::format("\"{}\" does not have the form of this kind of fact", key)); }

private:
    struct Field {
        std::string_view key;
        Element value;
    };
    static constexpr std::uint64_t mark_of(std::string_view key) {
        const auto byte = [](char c) { return static_cast<unsigned char>(c); };
        return key.empty() ? 1 : std::uint64_t{1} << ((key.size() * 5 + byte(key.front()) + byte(key.back()) * 3u) % 64);
    }
    /// Walks over the fields once: a reader asks for twice as many as there are, and marks tell most of those that are not there.
    void look() {
        for (const auto& [key, value] : object_) {
            if (known_ == fields_.size()) {
                marks_ = ~std::uint64_t{0};
                return;
            }
            marks_ |= mark_of(key);
            fields_[known_++] = {key, value};
        }
    }
    bool get(std::string_view key, Element& value) const {
        if (!(marks_ & mark_of(key))) return false;
        for (std::size_t i = 0; i < known_; ++i)
            if (fields_[i].key == key) {
                value = fields_[i].value;
                return true;
            }
        return known_ == fields_.size() && object_[key].get(value) == simdjson::SUCCESS;
    }
    std::optional<Element> find(std::string_view key) const {
        Element value;
        if (!get(key, value) || value.is_null()) return std::nullopt;
        return value;
    }
    simdjson::dom::object object_;
    std::array<Field, 16> fields_;  ///< the first ones
    std::size_t known_ = 0;
    std::uint64_t marks_ = 0;       ///< of the keys
    const char* what_;
};

inline Place parse_place(const Body& body) { return {body.text("area"), body.text("table")}; }

inline Json json_of(const std::vector<Approval>& approvals) {
    Json json = Json::array();
    for (const Approval& approval : approvals) json.push_back({{"by", approval.by}, {"for", approval.what}});
    return json;
}

inline std::vector<Approval> parse_approvals(const Body& body) {
    std::vector<Approval> approvals;
    const auto list = body.array("approvals");
    if (!list) return approvals;
    for (const Element item : *list) {
        const Body fields(item, "an approval");
        approvals.push_back({fields.text("by"), fields.text("for")});
    }
    return approvals;
}

}  // namespace paprsek::node
