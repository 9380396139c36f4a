#include "node/base/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "node/base/error.h"
#include "node/base/text.h"

namespace paprsek::node {
namespace {

constexpr int max_depth = 32;

}  // namespace

Json parse_json(std::string_view text, const std::string& what, std::size_t max_bytes) {
    if (text.size() > max_bytes) refuse(what, fmt::format("is longer than {} bytes", max_bytes));
    std::vector<std::set<std::string>> keys;
    std::string fault;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        switch (event) {
            case Json::parse_event_t::object_start:
            case Json::parse_event_t::array_start:
                if (depth >= max_depth && fault.empty()) fault = fmt::format("is nested deeper than {}", max_depth);
                keys.emplace_back();
                break;
            case Json::parse_event_t::object_end:
            case Json::parse_event_t::array_end:
                if (!keys.empty()) keys.pop_back();
                break;
            case Json::parse_event_t::key:
                if (!keys.empty() && !keys.back().insert(parsed.get_ref<const std::string&>()).second && fault.empty())
                    fault = fmt::format("the field \"{}\" is given twice", parsed.get_ref<const std::string&>());
                break;
            case Json::parse_event_t::value: break;
        }
        if (!fault.empty()) refuse(what, fault);
        return true;
    };
    try {
        Json json = Json::parse(text, watch);
        return json;
    } catch (const Json::exception& e) {
        if (!nfc(text)) refuse(what, "is not UTF-8", "save the file as UTF-8");  // and its bytes must not get into the message
        std::string why = e.what();
        if (const auto bracket = why.find("] "); bracket != std::string::npos) why = why.substr(bracket + 2);
        if (!nfc(why)) why.erase(std::min(why.find("; last read"), why.size()));  // which may end within a letter
        refuse(what, "is not JSON: " + why);
    }
}

std::string canonical(const Json& json) { return json.dump(); }

void CanonicalObject::name(std::string_view key) {
    assert(last_ < key);
    last_ = key;
    if (json_.size() > 1) json_ += ',';
    quoted(key);
    json_ += ':';
}

void CanonicalObject::quoted(std::string_view text) {
    const auto escaped = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), escaped) || !simdjson::validate_utf8(text.data(), text.size())) {
        json_ += node::canonical(Json(std::string(text)));
        return;
    }
    json_ += '"';
    json_ += text;
    json_ += '"';
}

void CanonicalObject::text(std::string_view key, std::string_view value) {
    name(key);
    quoted(value);
}

void CanonicalObject::canonical(std::string_view key, std::string_view json) {
    name(key);
    json_ += json;
}

void CanonicalObject::texts(std::string_view key, const std::vector<std::string>& values) {
    name(key);
    json_ += '[';
    for (const std::string& value : values) {
        if (&value != &values.front()) json_ += ',';
        quoted(value);
    }
    json_ += ']';
}

void CanonicalObject::integer(std::string_view key, std::int64_t value) {
    name(key);
    fmt::format_to(std::back_inserter(json_), "{}", value);
}

void CanonicalObject::flag(std::string_view key, bool value) {
    name(key);
    json_ += value ? "true" : "false";
}

std::string CanonicalObject::finish() {
    json_ += '}';
    return std::move(json_);
}

Fields::Fields(const Json& object, std::string what, bool strict) : object_(object), what_(std::move(what)), strict_(strict) {
    if (!object.is_object()) refuse(what_, "is not an object in braces");
}

const Json* Fields::find(const char* key) {
    seen_.insert(key);
    const auto found = object_.find(key);
    if (found == object_.end() || found->is_null()) return nullptr;
    return &*found;
}

bool Fields::has(const char* key) { return find(key) != nullptr; }

const Json& Fields::get(const char* key) {
    const Json* value = find(key);
    if (!value) refuse_field(key, "is missing");
    return *value;
}

std::string Fields::text(const char* key) {
    const Json& value = get(key);
    if (!value.is_string()) refuse_field(key, "is not a text in quotes");
    return value.get<std::string>();
}

std::optional<std::string> Fields::optional_text(const char* key) {
    if (!has(key)) return std::nullopt;
    return text(key);
}

bool Fields::flag(const char* key, bool fallback) {
    const Json* value = find(key);
    if (!value) return fallback;
    if (!value->is_boolean()) refuse_field(key, "is neither true nor false");
    return value->get<bool>();
}

std::int64_t Fields::integer(const char* key) {
    const Json& value = get(key);
    if (!value.is_number_integer()) refuse_field(key, "is not a whole number");
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) refuse_field(key, "is too large");
    return value.get<std::int64_t>();
}

std::int64_t Fields::count(const char* key) {
    const std::int64_t value = integer(key);
    if (value < 0) refuse_field(key, "is negative");
    return value;
}

void Fields::done() const {
    if (!strict_) return;
    for (const auto& [key, value] : object_.items())
        if (!seen_.contains(std::string_view(key))) refuse(what_, fmt::format("the field \"{}\" is not known", key));
}

void Fields::refuse_field(const char* key, const std::string& why, const std::string& hint) const {
    refuse(what_, fmt::format("\"{}\" {}", key, why), hint);
}

void Fields::refuse_decimal(const char* key, int digits) const {
    refuse_field(key, fmt::format("is not a decimal number with at most {} digits after the point", digits), "write it in quotes, such as \"12.90\"");
}

}  // namespace paprsek::node
