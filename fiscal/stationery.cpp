#include <fmt/format.h>

#include "fiscal/from_fact.h"
#include "fiscal/receipt/letters.h"
#include "node/base/error.h"
#include "node/base/json.h"

namespace paprsek::fiscal {
namespace {

using node::Json;

constexpr std::string_view text_setting = "stationery", logo_setting = "stationery_logo";
/// A logo as high as 80 mm paper is broad.
constexpr int narrow_logo = 384, broad_logo = 576, highest_logo = 576;

std::string_view proof_name(ProofAs proof) { return proof == ProofAs::none ? "none" : proof == ProofAs::qr ? "qr" : "bars"; }

std::vector<std::string> read_lines(node::Fields& fields, const char* key) {
    std::vector<std::string> lines;
    if (!fields.has(key)) return lines;
    const Json& list = fields.get(key);
    if (!list.is_array() || list.size() > most_stationery_lines)
        fields.refuse_field(key, fmt::format("is not a list of at most {} lines", most_stationery_lines));
    for (const Json& line : list) {
        if (!line.is_string() || letters_of(line.get_ref<const std::string&>()).size() > most_stationery_letters)
            fields.refuse_field(key, fmt::format("holds something that is no text of at most {} letters", most_stationery_letters));
        lines.push_back(utf8_of(letters_of(line.get<std::string>())));
    }
    return lines;
}

Stationery parse_stationery(std::string_view text, const std::string& what) {
    const Json json = node::parse_json(text, what, 64u << 10);
    node::Fields fields(json, what);
    Stationery read;
    read.header = read_lines(fields, "header");
    read.footer = read_lines(fields, "footer");
    if (fields.has("columns")) {
        const std::int64_t columns = fields.integer("columns");
        if (columns < Roll::least_columns || columns > Roll::most_columns)
            fields.refuse_field("columns", fmt::format("is {}", columns),
                                fmt::format("{} to {}; 32 and 48 are usual", Roll::least_columns, Roll::most_columns));
        read.columns = static_cast<int>(columns);
    }
    if (const auto proof = fields.optional_text("proof")) {
        if (*proof == "none")
            read.proof = ProofAs::none;
        else if (*proof == "bars")
            read.proof = ProofAs::bars;
        else if (*proof != "qr")
            fields.refuse_field("proof", "is \"" + *proof + "\"", "qr, bars or none");
    }
    fields.done();
    return read;
}

Json text_json(const Stationery& stationery) {
    return {{"header", stationery.header}, {"footer", stationery.footer}, {"columns", stationery.columns}, {"proof", proof_name(stationery.proof)}};
}

/// "WIDTHxHEIGHT:" and the rows in hexadecimal digits.
std::string print_dots(const Bitmap& dots) {
    std::string text = fmt::format("{}x{}:", dots.width(), dots.height());
    for (int y = 0; y < dots.height(); ++y)
        for (const unsigned char byte : dots.row(y)) text += fmt::format("{:02x}", byte);
    return text;
}

/// Of our own writing: what does not have the form is no logo.
std::shared_ptr<const Bitmap> read_dots(const std::string& text) {
    int width = 0, height = 0, begin = 0;
    if (std::sscanf(text.c_str(), "%4dx%4d:%n", &width, &height, &begin) != 2 || begin == 0 || width < 1 || width > broad_logo || height < 1 ||
        height > highest_logo)
        return nullptr;
    auto dots = std::make_shared<Bitmap>(width, height);
    std::size_t at = static_cast<std::size_t>(begin);
    if (text.size() - at != static_cast<std::size_t>(2 * dots->bytes_a_row() * height)) return nullptr;
    for (int y = 0; y < height; ++y)
        for (unsigned char& byte : dots->row(y)) {
            byte = static_cast<unsigned char>(std::stoi(text.substr(at, 2), nullptr, 16));
            at += 2;
        }
    return dots;
}

}  // namespace

Stationery stationery(node::Node& node) {
    Stationery read;
    if (const auto text = node.setting(text_setting)) read = parse_stationery(*text, std::string(text_setting));
    if (const auto dots = node.setting(logo_setting)) read.logo = read_dots(*dots);
    return read;
}

std::string kept_stationery(node::Node& node) { return node.setting(text_setting).value_or("") + '\n' + node.setting(logo_setting).value_or(""); }

void set_stationery(node::Node& node, std::string_view json, const std::string& what, std::optional<std::string_view> logo) {
    const Stationery parsed = parse_stationery(json, what);
    std::string dots;
    if (logo && !logo->empty()) {
        const Bitmap picture = read_png(*logo, "the logo", parsed.columns <= 32 ? narrow_logo : broad_logo);
        if (picture.height() > highest_logo)
            node::refuse("the logo", fmt::format("is {} dots high", picture.height()), fmt::format("at most {}", highest_logo));
        dots = print_dots(picture);
    }
    node::Transaction transaction(node.database());
    node.set_setting(text_setting, node::canonical(text_json(parsed)));
    if (logo) node.set_setting(logo_setting, dots);
    transaction.commit();
}

node::Json stationery_json(const Stationery& stationery) {
    Json json = text_json(stationery);
    json["logo"] = stationery.logo ? Json(fmt::format("{}x{}", stationery.logo->width(), stationery.logo->height())) : Json(nullptr);
    return json;
}

Form form_of(node::Node& node, std::optional<int> columns) {
    const Stationery set = stationery(node);
    Form form{columns.value_or(set.columns), node.info().locale, set.proof, set.logo};
    // A logo for broad paper does not go onto narrow paper.
    if (form.logo && form.columns <= 32 && form.logo->width() > narrow_logo) form.logo = nullptr;
    return form;
}

}  // namespace paprsek::fiscal
