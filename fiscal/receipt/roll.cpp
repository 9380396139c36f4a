#include <algorithm>
#include <cassert>

#include "fiscal/receipt/letters.h"
#include "fiscal/receipt/slip.h"

namespace paprsek::fiscal {
namespace {

std::u32string blanks(std::size_t count) { return std::u32string(count, U' '); }

}  // namespace

Roll::Roll(int columns) {
    assert(columns >= least_columns && columns <= most_columns);
    slip_.columns = columns;
}

void Roll::row(std::u32string letters, Style style) {
    letters.erase(letters.find_last_not_of(U' ') + 1);
    slip_.blocks.push_back(Row{utf8_of(letters), style.bold, style.across, style.down});
}

void Roll::left(std::string_view text, Style style, int indent) {
    const std::size_t places = static_cast<std::size_t>(slip_.columns / style.across - indent);
    for (const std::u32string& line : wrap(letters_of(text), places)) row(blanks(static_cast<std::size_t>(indent)) + line, style);
}

void Roll::centre(std::string_view text, Style style) {
    const std::size_t places = static_cast<std::size_t>(slip_.columns / style.across);
    for (const std::u32string& line : wrap(letters_of(text), places)) row(blanks((places - line.size()) / 2) + line, style);
}

void Roll::pair(std::string_view left, std::string_view right, Style style, int indent) {
    const std::size_t before = static_cast<std::size_t>(indent), places = static_cast<std::size_t>(slip_.columns / style.across) - before;
    std::u32string last = letters_of(right);
    if (last.size() > places) last.resize(places);
    std::vector<std::u32string> lines = wrap(letters_of(left), places);
    if (lines.back().size() + 1 + last.size() > places && !lines.back().empty()) {
        // Broken once more, so that the right text stands beside the end of the left one, or else below it.
        const std::size_t beside = places - std::min(places - 1, last.size() + 1);
        std::vector<std::u32string> again =
            lines.back().size() > beside && beside >= places / 3 ? wrap(lines.back(), beside) : std::vector{lines.back(), std::u32string()};
        lines.pop_back();
        lines.insert(lines.end(), again.begin(), again.end());
        if (lines.back().size() + 1 + last.size() > places) lines.emplace_back();
    }
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) row(blanks(before) + lines[i], style);
    row(blanks(before) + lines.back() + blanks(places - lines.back().size() - last.size()) + last, style);
}

void Roll::cells(const std::vector<std::string>& texts, const std::vector<int>& widths, Style style) {
    assert(texts.size() == widths.size());
    std::u32string line;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::u32string text = letters_of(texts[i]);
        const auto width = static_cast<std::size_t>(widths[i]);
        // A number is never cut: it pushes the others to the right, and where the line is full it goes below.
        const std::u32string pad = blanks(width > text.size() ? width - text.size() : i ? 1 : 0);
        line += i ? pad + text : text + pad;
    }
    if (line.size() > static_cast<std::size_t>(slip_.columns)) {
        std::string all;
        for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
        return left(all, style);
    }
    row(std::move(line), style);
}

void Roll::rule(char of) { row(std::u32string(static_cast<std::size_t>(slip_.columns), static_cast<char32_t>(of)), {}); }
void Roll::code(SymbolKind kind, std::string data) { slip_.blocks.push_back(CodeBlock{kind, std::move(data)}); }
void Roll::picture(std::shared_ptr<const Bitmap> dots) {
    if (dots && !dots->empty()) slip_.blocks.push_back(Picture{std::move(dots)});
}

}  // namespace paprsek::fiscal
