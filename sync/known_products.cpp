#include "sync/known_products.h"

#include <algorithm>
#include <cassert>

#include "node/base/json.h"
#include "node/facts.h"

namespace paprsek::sync {
namespace {

constexpr std::size_t products_a_line = 50;
constexpr std::size_t digest_letters = 8;

/// Gives each code that stands in canonical JSON: a quote within a text is escaped, so that this is a key and nothing else.
template <class Take>
void for_each_code(std::string_view text, Take take) {
    constexpr std::string_view key = "\"code\":\"";
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string_view::npos;) {
        at += key.size();
        const std::size_t end = std::min(text.find('"', at), text.size());
        const std::string_view code = text.substr(at, end - at);
        if (!code.empty() && code.find('\\') == std::string_view::npos) take(code);
        at = end;
    }
}

}  // namespace

void SoldCodes::add(std::string_view body) {
    for_each_code(body, [&](std::string_view code) {
        if (codes_.size() < max_known_products && codes_.find(code) == codes_.end()) codes_.emplace(code);
    });
}

void SoldCodes::remove(std::string_view text) {
    for_each_code(text, [&](std::string_view code) {
        if (const auto found = codes_.find(code); found != codes_.end()) codes_.erase(found);
    });
}

bool ProductWriter::add(std::int64_t place, std::string_view code, const node::ProductRow& row) {
    assert(place >= 0 && (places_.empty() || places_.back() < place));
    node::CanonicalObject json;
    json.text("code", code);
    if (row.cost) json.integer("cost", row.cost->raw());
    json.text("name", row.name);
    json.integer("price", row.price.raw());
    if (!row.vat.empty()) json.text("vat", row.vat);
    std::string product = json.finish();
    if (places_.size() == max_known_products || bytes_ + product.size() > max_product_lines_bytes) return false;
    bytes_ += product.size();
    places_.push_back(place);
    products_.push_back(std::move(product));
    return true;
}

std::vector<std::string> ProductWriter::lines() const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < products_.size(); ++i) {
        if (i % products_a_line == 0) lines.emplace_back("0\tsale\t{\"lines\":[");
        lines.back() += products_[i];
        lines.back() += i % products_a_line == products_a_line - 1 || i + 1 == products_.size() ? "]}" : ",";
    }
    return lines;
}

std::string ProductWriter::digest() const {
    std::string text;
    for (const std::string& product : products_) text += product + "\n";
    return node::digest_of(text).substr(0, digest_letters);
}

}  // namespace paprsek::sync
