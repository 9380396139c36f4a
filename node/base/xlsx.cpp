#include "node/base/xlsx.h"

#include <expat.h>
#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "node/base/clock.h"
#include "node/base/error.h"
#include "node/base/text.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_columns = 1000;
constexpr int number_digits = 15;  // what a double holds of a decimal number for certain, and what spreadsheets show

// ------------------------------------------------------------------------------------------------ archive

class Archive {
public:
    Archive(const std::string& bytes, const std::string& name) : name_(name) {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
        if (source) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
        const std::string why = archive_ ? "" : zip_error_strerror(&error);
        if (!archive_ && source) zip_source_free(source);
        zip_error_fini(&error);
        if (!archive_) refuse(name, "is a broken spreadsheet: " + why, "save it again, as .xlsx or as CSV UTF-8");
    }

    /// Nothing where the archive has no such part.
    std::optional<std::string> part(const std::string& path) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat(archive_.get(), path.c_str(), ZIP_FL_NOCASE, &stat) != 0) return std::nullopt;
        const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(archive_.get(), stat.index, 0), &zip_fclose);
        if (!file) refuse(name_, fmt::format("is a broken spreadsheet: {} cannot be unpacked", path), "save it again, without a password");
        std::string text;
        std::vector<char> buffer(1u << 16);
        for (;;) {
            const auto read = zip_fread(file.get(), buffer.data(), buffer.size());
            if (read < 0) refuse(name_, fmt::format("is a broken spreadsheet: {} cannot be unpacked", path), "save it again, without a password");
            if (read == 0) return text;
            unpacked_ += static_cast<std::size_t>(read);  // what the archive says of its sizes proves nothing
            if (unpacked_ > max_csv_bytes) refuse(name_, fmt::format("unpacks to more than {} MiB", max_csv_bytes >> 20));
            text.append(buffer.data(), static_cast<std::size_t>(read));
        }
    }

private:
    struct Discard {
        void operator()(zip_t* archive) const { zip_discard(archive); }
    };
    const std::string& name_;
    std::unique_ptr<zip_t, Discard> archive_;
    std::size_t unpacked_ = 0;
};

// ------------------------------------------------------------------------------------------------ XML

using Attributes = std::map<std::string, std::string>;

/// Names without their namespaces' prefixes.
struct XmlReader {
    std::function<void(const std::string&, const Attributes&)> start;
    std::function<void(const std::string&)> end;
    std::function<void(std::string_view)> text;
    XML_Parser parser = nullptr;
    std::exception_ptr thrown;  // an exception does not pass through Expat, which is C

    template <class Act>
    void guard(Act act) {
        if (thrown) return;
        try {
            act();
        } catch (...) {
            thrown = std::current_exception();
            XML_StopParser(parser, XML_FALSE);
        }
    }
};

std::string local_name(const char* name) {
    const std::string_view text = name;
    const auto colon = text.rfind(':');
    return std::string(colon == std::string_view::npos ? text : text.substr(colon + 1));
}

void on_start(void* user, const char* name, const char** pairs) {
    auto& reader = *static_cast<XmlReader*>(user);
    reader.guard([&] {
        Attributes attributes;
        for (; *pairs; pairs += 2) attributes[local_name(pairs[0])] = pairs[1];
        reader.start(local_name(name), attributes);
    });
}

void on_end(void* user, const char* name) {
    auto& reader = *static_cast<XmlReader*>(user);
    reader.guard([&] { reader.end(local_name(name)); });
}

void on_text(void* user, const char* text, int size) {
    auto& reader = *static_cast<XmlReader*>(user);
    reader.guard([&] { reader.text({text, static_cast<std::size_t>(size)}); });
}

/// A spreadsheet has no document type, and with one come entities that grow.
void on_doctype(void* user, const char*, const char*, const char*, int) {
    auto& reader = *static_cast<XmlReader*>(user);
    XML_StopParser(reader.parser, XML_FALSE);
}

void parse_xml(const std::string& xml, const std::string& name, XmlReader reader) {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), &XML_ParserFree);
    if (!parser) fail(name, "out of memory");
    reader.parser = parser.get();
    XML_SetUserData(parser.get(), &reader);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    bool ok = true;
    constexpr std::size_t piece = 1u << 20;
    for (std::size_t at = 0; ok && (at < xml.size() || at == 0); at += piece) {
        const std::size_t size = std::min(piece, xml.size() - at);
        ok = XML_Parse(parser.get(), xml.data() + at, static_cast<int>(size), at + size == xml.size()) == XML_STATUS_OK;
    }
    if (reader.thrown) std::rethrow_exception(reader.thrown);
    if (!ok) refuse(name, fmt::format("is a broken spreadsheet: {}", XML_ErrorString(XML_GetErrorCode(parser.get()))), "save it again");
}

std::string attribute(const Attributes& attributes, const char* key) {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "" : found->second;
}

std::optional<std::int64_t> whole(std::string_view text) {
    if (!all_digits(text) || text.size() > 9) return std::nullopt;
    return std::stoll(std::string(text));
}

// ------------------------------------------------------------------------------------------------ parts

/// Where the first sheet lies.
std::string first_sheet(Archive& archive, const std::string& name) {
    std::string id, target;
    const auto nothing = [](auto&&...) {};
    if (const auto workbook = archive.part("xl/workbook.xml"))
        parse_xml(*workbook, name, {[&](const std::string& tag, const Attributes& attributes) {
                                    if (tag == "sheet" && id.empty()) id = attribute(attributes, "id");
                                }, nothing, nothing, nullptr, {}});
    else
        refuse(name, "is no spreadsheet", "save the table as .xlsx or as CSV UTF-8");
    if (const auto relations = archive.part("xl/_rels/workbook.xml.rels"))
        parse_xml(*relations, name, {[&](const std::string& tag, const Attributes& attributes) {
                                     if (tag == "Relationship" && attribute(attributes, "Id") == id) target = attribute(attributes, "Target");
                                 }, nothing, nothing, nullptr, {}});
    if (target.empty()) return "xl/worksheets/sheet1.xml";
    return target.front() == '/' ? target.substr(1) : "xl/" + target;
}

/// Texts that cells name by number; of a text with marks all of its pieces, without what says how it is read aloud (rPh).
std::vector<std::string> shared_texts(Archive& archive, const std::string& name) {
    std::vector<std::string> texts;
    const auto part = archive.part("xl/sharedStrings.xml");
    if (!part) return texts;
    bool inside = false, aloud = false;
    parse_xml(*part, name, {[&](const std::string& tag, const Attributes&) {
                            if (tag == "si") texts.emplace_back();
                            if (tag == "rPh") aloud = true;
                            inside = tag == "t" && !aloud && !texts.empty();
                        },
                        [&](const std::string& tag) {
                            if (tag == "rPh") aloud = false;
                            inside = false;
                        },
                        [&](std::string_view text) {
                            if (inside) texts.back() += text;
                        }, nullptr, {}});
    return texts;
}

/// Whether a number's format shows a day: one of the formats that every spreadsheet knows, or one with a year or day in it.
bool shows_day(std::int64_t id, const std::map<std::int64_t, std::string>& formats) {
    if ((id >= 14 && id <= 17) || id == 22) return true;
    const auto found = formats.find(id);
    if (found == formats.end()) return false;
    bool quoted = false, bracket = false;
    for (const char c : found->second) {
        if (c == '"') quoted = !quoted;
        if (c == '[') bracket = true;
        if (c == ']') bracket = false;
        if (!quoted && !bracket && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) return true;
    }
    return false;
}

/// Which of the styles that cells name show days.
std::set<std::int64_t> day_styles(Archive& archive, const std::string& name) {
    std::set<std::int64_t> days;
    const auto part = archive.part("xl/styles.xml");
    if (!part) return days;
    std::map<std::int64_t, std::string> formats;
    bool cells = false;
    std::int64_t count = 0;
    parse_xml(*part, name, {[&](const std::string& tag, const Attributes& attributes) {
                            const std::int64_t id = whole(attribute(attributes, "numFmtId")).value_or(0);
                            if (tag == "numFmt") formats[id] = attribute(attributes, "formatCode");
                            if (tag == "cellXfs") cells = true;
                            if (tag == "xf" && cells && shows_day(id, formats)) days.insert(count);
                            if (tag == "xf" && cells) ++count;
                        },
                        [&](const std::string& tag) {
                            if (tag == "cellXfs") cells = false;
                        },
                        [](std::string_view) {}, nullptr, {}});
    return days;
}

// ------------------------------------------------------------------------------------------------ numbers

/// "1.25E-2", "12.900000000000001" as a plain decimal of 15 digits; nothing where the text is no number. By digits alone: no amount passes
/// through floating point.
std::optional<std::string> plain_number(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::int64_t exponent = 0;
    if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view power = text.substr(e + 1);
        const bool down = power.starts_with('-');
        if (down || power.starts_with('+')) power.remove_prefix(1);
        const auto value = whole(power);
        if (!value || *value > 400) return std::nullopt;
        exponent = down ? -*value : *value;
        text = text.substr(0, e);
    }
    std::string digits(text);
    if (const auto point = digits.find('.'); point != std::string::npos) {
        exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    if (!all_digits(digits)) return std::nullopt;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() > number_digits) {
        exponent += static_cast<std::int64_t>(digits.size()) - number_digits;
        const bool up = digits[number_digits] >= '5';
        digits.resize(number_digits);
        if (up) {
            auto digit = digits.rbegin();
            for (; digit != digits.rend() && *digit == '9'; ++digit) *digit = '0';
            if (digit != digits.rend())
                ++*digit;
            else
                digits.insert(0, 1, '1');
        }
    }
    if (digits.empty()) return "0";
    if (exponent > 0) digits.append(static_cast<std::size_t>(exponent), '0');
    if (exponent < 0) {
        const auto after = static_cast<std::size_t>(-exponent);
        if (digits.size() <= after) digits.insert(0, after + 1 - digits.size(), '0');
        digits.insert(digits.size() - after, 1, '.');
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.back() == '.') digits.pop_back();
    }
    return (negative ? "-" : "") + digits;
}

/// A spreadsheet counts days from 1899-12-30.
std::string day_of(const std::string& number) {
    constexpr std::int64_t day_zero = -25'569;
    const auto days = whole(std::string_view(number).substr(0, number.find('.')));
    return days ? print(Date{static_cast<std::int32_t>(*days + day_zero)}) : number;
}

// ------------------------------------------------------------------------------------------------ sheet

struct Cell {
    std::string place, type, style, value;
};

class Sheet {
public:
    Sheet(Archive& archive, const std::string& name) : name_(name), texts_(shared_texts(archive, name)), days_(day_styles(archive, name)) {}

    XmlReader reader() {
        return {[this](const std::string& tag, const Attributes& attributes) { start(tag, attributes); }, [this](const std::string& tag) { end(tag); },
                [this](std::string_view text) {
                    if (inside_) cell_.value += text;
                },
                nullptr, {}};
    }
    std::vector<CsvRow> take() { return std::move(rows_); }

private:
    void start(const std::string& tag, const Attributes& attributes) {
        if (tag == "row") {
            const auto line = whole(attribute(attributes, "r"));
            rows_.push_back({line ? static_cast<std::size_t>(*line) : (rows_.empty() ? 1 : rows_.back().line + 1), {}});
        } else if (tag == "c" && !rows_.empty()) {
            cell_ = {attribute(attributes, "r"), attribute(attributes, "t"), attribute(attributes, "s"), {}};
            in_cell_ = true;
        }
        if (tag == "rPh") aloud_ = true;
        inside_ = in_cell_ && !aloud_ && (tag == "v" || tag == "t");
    }

    void end(const std::string& tag) {
        inside_ = false;
        if (tag == "rPh") aloud_ = false;
        if (tag != "c" || !in_cell_) return;
        in_cell_ = false;
        std::vector<std::string>& fields = rows_.back().fields;
        const std::size_t column = cell_.place.empty() ? fields.size() : column_of(cell_.place);
        if (column < fields.size() || column >= max_columns) refuse(place(), "stands where no cell can", "save the spreadsheet again");
        std::string text = text_of();
        if (text.empty()) return;
        fields.resize(column);
        fields.push_back(std::move(text));
    }

    std::string place() const { return fmt::format("{} cell {}", name_, cell_.place); }

    /// "AB12" is the 28th column: 27.
    static std::size_t column_of(const std::string& place) {
        std::size_t column = 0;
        for (const char c : place) {
            if (c < 'A' || c > 'Z' || column > max_columns) break;
            column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
        }
        return column == 0 ? max_columns : column - 1;
    }

    std::string text_of() const {
        if (cell_.type == "s") {
            const auto index = whole(cell_.value);
            if (!index || static_cast<std::size_t>(*index) >= texts_.size()) refuse(place(), "names a text that is not there", "save the spreadsheet again");
            return texts_[static_cast<std::size_t>(*index)];
        }
        if (cell_.type == "e") refuse(place(), fmt::format("is the error {}", cell_.value), "correct the formula");
        if (!cell_.type.empty() && cell_.type != "n") return cell_.value;  // text, true and false, a day in words
        if (cell_.value.empty()) return {};
        const auto number = plain_number(cell_.value);
        if (!number) refuse(place(), "is no number", "save the spreadsheet again");
        const auto style = whole(cell_.style);
        return style && days_.contains(*style) ? day_of(*number) : *number;
    }

    const std::string& name_;
    std::vector<std::string> texts_;
    std::set<std::int64_t> days_;
    std::vector<CsvRow> rows_;
    Cell cell_;
    bool in_cell_ = false, inside_ = false, aloud_ = false;
};

}  // namespace

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

std::vector<CsvRow> read_sheet(const std::string& bytes, const std::string& name) {
    Archive archive(bytes, name);
    const auto part = archive.part(first_sheet(archive, name));
    if (!part) refuse(name, "has no sheet", "save the table as .xlsx or as CSV UTF-8");
    Sheet sheet(archive, name);
    parse_xml(*part, name, sheet.reader());
    return sheet.take();
}

}  // namespace paprsek::node
