// A laid-out slip of paper: lines of letters, codes and pictures from top to bottom. It is made once (layout.h), and printed as
// text, on a receipt printer, as PDF and on the screen: the same lines everywhere.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fiscal/receipt/bitmap.h"
#include "fiscal/receipt/symbol.h"

namespace paprsek::fiscal {

/// One line. Its letters are as many times as broad and high as `across` and `down` say (1 or 2).
struct Row {
    std::string text;  ///< UTF-8 as it stands on the paper, the blanks before it too; at most columns ÷ across letters, none behind
    bool bold = false;
    int across = 1, down = 1;
    friend bool operator==(const Row&, const Row&) = default;
};

/// A code in the middle of the line, for a scanner.
struct CodeBlock {
    SymbolKind kind = SymbolKind::qr;
    std::string data;  ///< ASCII that can be seen
    friend bool operator==(const CodeBlock&, const CodeBlock&) = default;
};

/// In the middle of the line.
struct Picture {
    std::shared_ptr<const Bitmap> dots;
};

struct Slip {
    int columns = 48;
    std::vector<std::variant<Row, CodeBlock, Picture>> blocks;
};

/// For terminals and tests: a line a row; a code as its kind in brackets ("[QR]"), a picture as "[logo]".
std::string print_text(const Slip& slip);

/// Pages of a PDF: as broad as the paper (32 columns: 58 mm, else 80 mm), as long as the slip. Throws Error (operating) where the
/// disk refuses; the file is whole or not there.
void write_pdf(const Slip& slip, const std::string& path);
/// The same as a picture of dots, 203 to the inch, as a printer prints it and a screen shows it.
Bitmap picture_of(const Slip& slip);

struct RowStyle {
    bool bold = false;
    int across = 1, down = 1;
};

/// Writes lines of a slip one under another.
class Roll {
public:
    using Style = RowStyle;
    static constexpr int least_columns = 24, most_columns = 64;

    /// `columns` from least_columns to most_columns.
    explicit Roll(int columns);

    /// Broken into as many lines as it takes; `indent` blanks before each. An empty text is an empty line.
    void left(std::string_view text, Style style = {}, int indent = 0);
    void centre(std::string_view text, Style style = {});
    /// `left` from the left, broken where it must be, and `right` at the right edge of its last line.
    void pair(std::string_view left, std::string_view right, Style style = {}, int indent = 0);
    /// Texts at the right edges of columns of these widths, the first one at its left edge; the widths make the whole line.
    void cells(const std::vector<std::string>& texts, const std::vector<int>& widths, Style style = {});
    void rule(char of = '-');
    void code(SymbolKind kind, std::string data);
    void picture(std::shared_ptr<const Bitmap> dots);
    int columns() const { return slip_.columns; }

    Slip take() { return std::move(slip_); }

private:
    void row(std::u32string letters, Style style);
    Slip slip_;
};

}  // namespace paprsek::fiscal
