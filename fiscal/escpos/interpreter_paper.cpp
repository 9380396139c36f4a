// The paper: letters and dots of a line until it ends, then dots on the strip.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "fiscal/escpos/interpreter.h"
#include "fiscal/receipt/letters.h"

namespace paprsek::fiscal {
namespace {

/// Letters are drawn once for all printers of a thread: there are some thousand at most, for a byte is a letter of one of few pages.
const Bitmap& glyph(const Lettering& lettering, char32_t letter, bool bold) {
    thread_local std::map<std::tuple<char32_t, bool, int, int>, Bitmap> drawn;
    const auto [place, added] = drawn.try_emplace({letter, bold, lettering.cell_width(), lettering.cell_height()});
    if (added) place->second = lettering.draw({&letter, 1}, bold);
    return place->second;
}

constexpr std::size_t most_lines = 10'000, most_codes = 1'000, most_pieces = 2'000;

}  // namespace

std::string PrintedPaper::text() const {
    std::string all;
    for (const PrintedLine& line : lines) all += line.text + '\n';
    return all;
}

int EscposInterpreter::cell_width() const { return (modes_.font ? small_ : large_).cell_width() * modes_.across + modes_.right_space; }
int EscposInterpreter::cell_height() const { return (modes_.font ? small_ : large_).cell_height() * modes_.down; }
int EscposInterpreter::area() const {
    const int room = model_.dots - modes_.margin;
    return modes_.width > 0 ? std::min(modes_.width, room) : room;
}

void EscposInterpreter::put_letter(char32_t letter) {
    const int width = cell_width();
    if (x_ + width > area() && !line_.empty()) end_line();
    Piece* last = line_.empty() ? nullptr : &line_.back();
    const bool joins = last && !last->letters.empty() && last->x + last->width == x_ && last->bold == modes_.bold && last->inverted == modes_.inverted &&
                       last->underlined == (modes_.underline > 0) && last->across == modes_.across && last->down == modes_.down && last->font == modes_.font;
    if (!joins) {
        if (line_.size() >= most_pieces) end_line();
        Piece piece;
        piece.x = x_;
        piece.height = cell_height();
        piece.bold = modes_.bold;
        piece.inverted = modes_.inverted;
        piece.underlined = modes_.underline > 0;
        piece.across = modes_.across;
        piece.down = modes_.down;
        piece.font = modes_.font;
        last = &line_.emplace_back(std::move(piece));
    }
    last->letters += letter;
    last->width += width;
    x_ += width;
}

void EscposInterpreter::move_to(int x) { x_ = std::clamp(x, 0, model_.dots); }

void EscposInterpreter::put_dots(const Bitmap& dots) {
    if (line_.size() >= most_pieces) end_line();
    Piece piece;
    piece.x = x_;
    piece.width = dots.width();
    piece.height = dots.height();
    piece.dots = dots;
    line_.push_back(std::move(piece));
    x_ = std::min(x_ + dots.width(), model_.dots);
}

/// Prints the line and goes to the next.
void EscposInterpreter::end_line() {
    int height = 0, right = 0;
    for (const Piece& piece : line_) {
        height = std::max(height, piece.height);
        right = std::max(right, piece.x + piece.width);
    }
    const int left = modes_.margin + std::max(0, area() - right) * modes_.align / 2;
    std::stable_sort(line_.begin(), line_.end(), [](const Piece& a, const Piece& b) { return a.x < b.x; });
    PrintedLine printed;
    int end = 0;
    current_.dots.grow_to(y_ + height);
    for (const Piece& piece : line_) {
        const int x = left + piece.x, y = y_ + height - piece.height;
        if (piece.letters.empty()) {
            current_.dots.draw(piece.dots, x, y);
            continue;
        }
        const Lettering& lettering = piece.font ? small_ : large_;
        const int each = piece.width / static_cast<int>(piece.letters.size());
        for (std::size_t i = 0; i < piece.letters.size(); ++i) {
            current_.dots.draw(glyph(lettering, piece.letters[i], piece.bold), x + each * static_cast<int>(i), y, piece.across, piece.down);
        }
        if (piece.underlined)
            for (int i = 0; i < piece.width; ++i)
                if (x + i < current_.dots.width() && y + piece.height - 1 < current_.dots.height()) current_.dots.set(x + i, y + piece.height - 1);
        if (piece.inverted) current_.dots.invert(x, y, piece.width, piece.height);
        const int blanks = std::max(0, piece.x - end + each / 2) / std::max(1, each);
        if (printed.text.empty()) printed = {{}, piece.bold, piece.across, piece.down};
        printed.text += std::string(static_cast<std::size_t>(blanks), ' ') + utf8_of(piece.letters);
        end = piece.x + piece.width;
    }
    const bool has_letters = std::any_of(line_.begin(), line_.end(), [](const Piece& piece) { return !piece.letters.empty(); });
    printed.text.erase(printed.text.find_last_not_of(' ') + 1);
    if ((has_letters || line_.empty()) && current_.lines.size() < most_lines) current_.lines.push_back(std::move(printed));
    line_.clear();
    x_ = 0;
    advance(std::max(height, modes_.spacing));
}

/// Prints what stands in the line, and so many dots on.
void EscposInterpreter::feed_dots(int dots) {
    if (!line_.empty()) {
        const int spacing = std::exchange(modes_.spacing, 0);
        end_line();
        modes_.spacing = spacing;
    }
    advance(dots);
}

void EscposInterpreter::advance(int dots) {
    y_ = std::min(y_ + dots, Bitmap::max_height);
    current_.dots.grow_to(y_);
    if (!paper_left_) return;
    *paper_left_ -= dots;
    if (*paper_left_ <= 0) {
        roll_ = PaperRoll::out;
        paper_left_.reset();
        status_changed();
    }
}

void EscposInterpreter::place(const Bitmap& dots, int across, int down) {
    if (!line_.empty()) end_line();
    const int left = modes_.margin + std::max(0, area() - dots.width() * across) * modes_.align / 2;
    current_.dots.grow_to(y_ + dots.height() * down);
    current_.dots.draw(dots, left, y_, across, down);
    advance(dots.height() * down);
}

void EscposInterpreter::place_code(SymbolKind kind, const std::string& data, int module, int height) {
    const auto modules = symbol_of(kind, data);
    if (!modules || modules->width() * module > area()) return refuse(fmt::format("{} with {}", print(kind), data.substr(0, 100)));
    if (current_.codes.size() < most_codes) current_.codes.push_back({kind, data});
    const bool square = kind == SymbolKind::qr;
    const auto legend = [&] {
        const std::u32string letters = letters_of(data);
        for (const char32_t letter : letters.substr(0, static_cast<std::size_t>(model_.columns))) put_letter(letter);
        end_line();
    };
    if (!square && modes_.bar_text & 1) legend();
    place(square ? *symbol_of(kind, data, modes_.qr_level) : *modules, module, square ? module : height);
    if (!square && modes_.bar_text & 2) legend();
}

void EscposInterpreter::end_paper(bool cut) {
    if (!line_.empty()) end_line();
    current_.cut = cut;
    if (!current_.lines.empty() || !current_.codes.empty() || y_ > 0) {
        finished_.push_back(std::move(current_));
        if (finished_.size() > keep) finished_.pop_front();
    }
    current_ = {};
    current_.dots = Bitmap(model_.dots, 0);
    y_ = 0;
}

}  // namespace paprsek::fiscal
