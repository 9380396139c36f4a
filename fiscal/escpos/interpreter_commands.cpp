// What a command does that needs more than a line: code pages, codes, pictures.
#include <fmt/format.h>

#include <algorithm>

#include "fiscal/escpos/interpreter.h"

namespace paprsek::fiscal {
namespace {

std::string text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Where all makers agree; CP852 and CP1250 stand where the model says.
std::string_view common_page(unsigned char number) {
    switch (number) {
        case 0:
            return "CP437";
        case 1:
            return "JIS_X0201";
        case 2:
            return "CP850";
        case 3:
            return "CP860";
        case 4:
            return "CP863";
        case 5:
            return "CP865";
        case 16:
            return "CP1252";
        case 17:
            return "CP866";
        case 18:
            return "CP852";
        case 19:
            return "CP858";
        case 39:
            return "ISO8859-2";
        case 40:
            return "ISO8859-15";
        case 45:
            return "CP1250";
        case 46:
            return "CP1251";
        default:
            return {};
    }
}

/// The letters of a CODE128 out of its sets: {A {B {C choose, {1 to {4 are functions, {{ is a brace.
std::optional<std::string> letters_of_code128(ByteView data) {
    if (data.size() < 2 || data[0] != '{' || data[1] < 'A' || data[1] > 'C') return std::nullopt;
    std::string text;
    unsigned char set = 'B';
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data[i] == '{') {
            if (++i == data.size()) return std::nullopt;
            if (data[i] >= 'A' && data[i] <= 'C')
                set = data[i];
            else if (data[i] == '{')
                text += '{';
            else if (data[i] != 'S' && (data[i] < '1' || data[i] > '4'))
                return std::nullopt;
        } else if (set == 'C') {
            if (data[i] > 99) return std::nullopt;
            text += fmt::format("{:02}", data[i]);
        } else {
            text += static_cast<char>(data[i]);
        }
    }
    return text;
}

std::optional<SymbolKind> kind_of_bars(int number) {
    switch (number) {
        case 0:
            return SymbolKind::upc_a;
        case 1:
            return SymbolKind::upc_e;
        case 2:
            return SymbolKind::ean13;
        case 3:
            return SymbolKind::ean8;
        case 4:
            return SymbolKind::code39;
        case 5:
            return SymbolKind::itf;
        case 6:
            return SymbolKind::codabar;
        case 7:
            return SymbolKind::code93;
        case 8:
            return SymbolKind::code128;
        default:
            return std::nullopt;
    }
}

/// Rows of whole bytes as dots; what is broader or longer than any paper, or has no data, is left out.
Bitmap bitmap_of(ByteView data, std::size_t bytes_a_row, std::size_t rows) {
    constexpr std::size_t most_bytes = 128, most_rows = 4096;
    if (bytes_a_row == 0) return {};
    Bitmap dots(static_cast<int>(std::min(bytes_a_row, most_bytes) * 8), static_cast<int>(std::min({rows, most_rows, data.size() / bytes_a_row})));
    for (int y = 0; y < dots.height(); ++y) {
        const ByteView row = data.substr(static_cast<std::size_t>(y) * bytes_a_row, static_cast<std::size_t>(dots.bytes_a_row()));
        std::copy(row.begin(), row.end(), dots.row(y).begin());
    }
    return dots;
}

}  // namespace

void EscposInterpreter::select_page(unsigned char number) {
    std::string_view name;
    for (const EscposModel::Page& page : model_.pages)
        if (!page.page.empty() && page.number == number) name = page.page;
    if (name.empty()) {
        name = common_page(number);
        // A model that has these letters elsewhere, or not at all, does not have them here.
        if (name == "CP852" || name == "CP1250") name = {};
    }
    const CodePage* page = find_code_page(name);
    if (!page) return refuse(fmt::format("1B 74 {:02X}: no such code page", number));
    modes_.page = page;
}

void EscposInterpreter::say_identity(unsigned char number) {
    if (!model_.answers) return;
    if (number >= 0x31 && number <= 0x33) number = static_cast<unsigned char>(number - 0x30);
    if (number >= 1 && number <= 3) replies_ += static_cast<unsigned char>(number == 1 ? 0x20 : number == 2 ? 0x02 : 0x01);
    if (number < 65 || number > 69) return;
    replies_ += static_cast<unsigned char>(0x5F);
    for (const char c : number == 66 ? std::string_view("Paprsek") : number == 67 ? model_.name : std::string_view("1"))
        replies_ += static_cast<unsigned char>(c);
    replies_ += static_cast<unsigned char>(0x00);
}

/// GS ( k cn fn …: QR (cn 31). PDF417 and others are passed over by name.
void EscposInterpreter::code_function(ByteView data) {
    if (data.size() < 2) return refuse("1D 28 6B without a function");
    if (data[0] != 0x31) return refuse(fmt::format("1D 28 6B {:02X} {:02X}", data[0], data[1]));
    switch (data[1]) {
        case 0x41:
            return;
        case 0x43:
            if (data.size() > 2) modes_.qr_size = std::clamp<int>(data[2], 1, 16);
            return;
        case 0x45:
            if (data.size() > 2 && data[2] >= 0x30 && data[2] <= 0x33) modes_.qr_level = static_cast<QrLevel>(data[2] - 0x30);
            return;
        case 0x50:
            modes_.qr_data = data.size() > 3 ? text_of(data.substr(3)) : std::string();
            return;
        case 0x51:
            if (!model_.qr) return refuse("QR");
            return place_code(SymbolKind::qr, modes_.qr_data, modes_.qr_size, modes_.qr_size);
        case 0x52:
            return;
        default:
            return refuse(fmt::format("1D 28 6B 31 {:02X}", data[1]));
    }
}

/// GS ( L and GS 8 L: a raster picture is stored (fn 70) and then printed (fn 02 or 32).
void EscposInterpreter::graphics(ByteView data) {
    if (data.size() < 2) return refuse("1D 28 4C without a function");
    const unsigned char function = data[1];
    if (function == 0x02 || function == 0x32) {
        if (stored_graphics_) place(*stored_graphics_);
        stored_graphics_.reset();
        return;
    }
    if (function != 0x70 || data.size() < 10) {
        if (function != 0x01 && function != 0x31) refuse(fmt::format("1D 28 4C {:02X} {:02X}", data[0], function));
        return;
    }
    const int across = std::clamp<int>(data[3], 1, 2), down = std::clamp<int>(data[4], 1, 2);
    const auto width = static_cast<std::size_t>(data[6] | data[7] << 8), height = static_cast<std::size_t>(data[8] | data[9] << 8);
    const Bitmap dots = bitmap_of(data.substr(10), (width + 7) / 8, height);
    Bitmap large(dots.width() * across, dots.height() * down);
    large.draw(dots, 0, 0, across, down);
    stored_graphics_ = std::move(large);
}

/// GS k: m 0–6 with a zero at the end, m 65–73 with a count.
void EscposInterpreter::bars(ByteView arguments) {
    const bool counted = arguments[0] >= 65;
    const auto kind = kind_of_bars(counted ? arguments[0] - 65 : arguments[0] <= 6 ? arguments[0] : -1);
    if (!kind || (*kind == SymbolKind::code128 && !model_.bars)) return refuse(fmt::format("1D 6B {:02X}", arguments[0]));
    if (!counted && arguments.size() < 2) return refuse("1D 6B without an end");
    const ByteView data = counted ? arguments.substr(2) : arguments.substr(1, arguments.size() - 2);
    std::optional<std::string> text = text_of(data);
    if (*kind == SymbolKind::code128) text = letters_of_code128(data);
    if (!text) return refuse(fmt::format("{} with {}", print(*kind), text_of(data)));
    place_code(*kind, *text, modes_.bar_width, modes_.bar_height);
}

/// ESC * m nL nH: columns of 8 or 24 dots, the highest bit above.
void EscposInterpreter::bit_image(ByteView arguments) {
    const int mode = arguments[0];
    if (mode != 0 && mode != 1 && mode != 32 && mode != 33) return refuse(fmt::format("1B 2A {:02X}", mode));
    const int bytes = mode >= 32 ? 3 : 1, across = mode % 2 ? 1 : 2, down = bytes == 1 ? 3 : 1;
    const int columns = std::min(arguments[1] | arguments[2] << 8, model_.dots);
    Bitmap dots(columns * across, 24);
    for (int x = 0; x < columns; ++x)
        for (int y = 0; y < 8 * bytes; ++y) {
            const unsigned char byte = arguments[static_cast<std::size_t>(3 + x * bytes + y / 8)];
            if (!(byte >> (7 - y % 8) & 1)) continue;
            for (int i = 0; i < across * down; ++i) dots.set(x * across + i % across, y * down + i / across);
        }
    put_dots(dots);
}

void EscposInterpreter::raster(ByteView arguments) {
    const int mode = arguments[0] & 3;
    const auto bytes = static_cast<std::size_t>(arguments[1] | arguments[2] << 8), rows = static_cast<std::size_t>(arguments[3] | arguments[4] << 8);
    if (arguments.size() < 5 + bytes * rows) return refuse(fmt::format("a picture of {} by {} dots", bytes * 8, rows));
    place(bitmap_of(arguments.substr(5), bytes, rows), mode & 1 ? 2 : 1, mode & 2 ? 2 : 1);
}

}  // namespace paprsek::fiscal
