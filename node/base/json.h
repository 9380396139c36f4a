// JSON at the edges: bounded parsing, canonical printing, and a reader of objects that refuses unknown fields.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/decimal.h"

namespace paprsek::node {

using Json = nlohmann::json;

/// Parses one document. Refuses (Error naming `what` and the place) more than `max_bytes`, nesting deeper than 32,
/// invalid UTF-8 and a key given twice.
Json parse_json(std::string_view text, const std::string& what, std::size_t max_bytes = 16u << 20);

/// Sorted keys, no blanks, UTF-8 as it is: the form that is hashed.
std::string canonical(const Json& json);

/// Writes an object of plain fields as canonical() would, without the Json: rows of HQ's state are some hundred thousand. The caller names
/// the fields in the order of their bytes, each once (asserted). Throws as canonical() on a text that is not UTF-8.
class CanonicalObject {
public:
    void text(std::string_view key, std::string_view value);
    void texts(std::string_view key, const std::vector<std::string>& values);
    void integer(std::string_view key, std::int64_t value);
    void flag(std::string_view key, bool value);
    /// What is in that form already.
    void canonical(std::string_view key, std::string_view json);
    /// Call once, last.
    std::string finish();

private:
    void name(std::string_view key);
    void quoted(std::string_view text);
    std::string json_ = "{";
    std::string_view last_;  ///< keys are literals
};

/// Reads the fields of one object; `done()` refuses those that nobody asked for. Every refusal names `what` and the field.
class Fields {
public:
    /// Not `strict`: unknown fields are passed over, as an older program does with a newer one's rows.
    Fields(const Json& object, std::string what, bool strict = true);
    bool strict() const { return strict_; }

    bool has(const char* key);  ///< present and not null
    const Json* find(const char* key);
    const Json& get(const char* key);

    std::string text(const char* key);
    std::optional<std::string> optional_text(const char* key);
    bool flag(const char* key, bool fallback);
    std::int64_t integer(const char* key);
    std::int64_t count(const char* key);  ///< an integer that is not negative
    /// Decimals travel as strings ("12.90"); a JSON integer is taken too, a fraction is not, for it may not be exact.
    template <class D>
    D decimal(const char* key) {
        return decimal_of<D>(get(key), key);
    }
    template <class D>
    std::optional<D> optional_decimal(const char* key) {
        const Json* value = find(key);
        if (!value) return std::nullopt;
        return decimal_of<D>(*value, key);
    }

    void done() const;
    [[noreturn]] void refuse_field(const char* key, const std::string& why, const std::string& hint = {}) const;
    const std::string& what() const { return what_; }

private:
    template <class D>
    D decimal_of(const Json& value, const char* key) {
        std::optional<D> decimal;
        if (value.is_string()) decimal = parse<D>(value.get_ref<const std::string&>());
        if (value.is_number_integer()) decimal = parse<D>(value.dump());
        if (!decimal) refuse_decimal(key, D::digits);
        return *decimal;
    }
    [[noreturn]] void refuse_decimal(const char* key, int digits) const;

    const Json& object_;
    std::string what_;
    bool strict_;
    std::set<std::string_view> seen_;
};

}  // namespace paprsek::node
