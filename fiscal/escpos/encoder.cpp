#include "fiscal/escpos/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <initializer_list>

#include "fiscal/receipt/letters.h"
#include "node/base/error.h"
#include "node/base/text.h"

namespace paprsek::fiscal {
namespace {

constexpr unsigned char esc = 0x1B, gs = 0x1D, fs = 0x1C;
constexpr int most_code_bytes = 255;

class Encoder {
public:
    Encoder(const EscposModel& model) : model_(model), letters_(model.cell_width(), escpos_cell_height) {
        put({esc, 0x40});
        if (model.kanji) put({fs, 0x2E});
    }

    void row(const Row& row) {
        const std::u32string letters = letters_of(row.text);
        if (letters.empty()) return put({line_feed});
        for (const EscposModel::Page& page : model_.pages) {
            if (page.page.empty()) break;
            const auto bytes = encode_line(letters, *find_code_page(page.page));
            if (!bytes) continue;
            // ASCII is the same in every page, and a page that is selected already stays.
            const bool plain = std::all_of(bytes->begin(), bytes->end(), [](unsigned char byte) { return byte < 0x80; });
            if (!plain) select(page.number);
            return text(row, *bytes);
        }
        const std::optional<Bytes> ascii = encode_line(letters, code_pages()[0]);
        if (ascii && std::all_of(ascii->begin(), ascii->end(), [](unsigned char byte) { return byte < 0x80; })) return text(row, *ascii);
        style({});
        raster(letters_.draw(letters, row.bold, row.across, row.down), 1, 1);
        put({esc, 0x4A, escpos_line_height - escpos_cell_height});
    }

    void code(const CodeBlock& code) {
        style({});
        put({esc, 0x61, 1});
        if (!own_code(code)) picture_of_code(code);
        put({esc, 0x61, 0});
    }

    void picture(const Bitmap& dots) {
        style({});
        put({esc, 0x61, 1});
        raster(dots, 1, 1);
        put({esc, 0x61, 0});
    }

    void finish() {
        style({});
        put({esc, 0x64, static_cast<unsigned char>(model_.feed_before_cut)});
        if (model_.cutter == Cutter::partial) put({gs, 0x56, 1});
        if (model_.cutter == Cutter::full) put({gs, 0x56, 0});
    }

    void put(std::initializer_list<unsigned char> bytes) { bytes_.append(bytes.begin(), bytes.size()); }
    void put(const Bytes& bytes) { bytes_ += bytes; }
    Bytes take() { return std::move(bytes_); }

private:
    void select(unsigned char page) {
        if (page_ == page) return;
        put({esc, 0x74, page});
        page_ = page;
    }
    void style(const RowStyle& wanted) {
        if (wanted.bold != style_.bold) put({esc, 0x45, static_cast<unsigned char>(wanted.bold)});
        if (wanted.across != style_.across || wanted.down != style_.down)
            put({gs, 0x21, static_cast<unsigned char>((wanted.across - 1) << 4 | (wanted.down - 1))});
        style_ = wanted;
    }
    void text(const Row& row, const Bytes& bytes) {
        style({row.bold, row.across, row.down});
        put(bytes);
        put({line_feed});
    }

    /// By the printer's own means; false where it has none, or where its data would read as a real-time command.
    bool own_code(const CodeBlock& code) {
        const std::string& data = code.data;
        const bool visible = std::all_of(data.begin(), data.end(), [](char c) { return c >= ' ' && c <= '~'; });
        if (data.empty() || data.size() > most_code_bytes || !visible)
            node::refuse("the code " + data, "does not go onto paper", "it takes 1 to 255 ASCII letters");
        Bytes bytes;
        if (code.kind == SymbolKind::qr && model_.qr)
            bytes = own_qr(data);
        else if (code.kind == SymbolKind::code128 && model_.bars)
            bytes = own_bars(data);
        if (bytes.empty() || holds_real_time_command(bytes)) return false;
        put(bytes);
        return true;
    }

    Bytes own_qr(const std::string& data) const {
        Bytes bytes;
        const auto function = [&](unsigned char number, std::initializer_list<unsigned char> parameters, std::string_view text = {}) {
            const std::size_t size = 2 + parameters.size() + text.size();
            bytes += Bytes{gs, 0x28, 0x6B, static_cast<unsigned char>(size % 256), static_cast<unsigned char>(size / 256), 0x31, number};
            bytes.append(parameters.begin(), parameters.size());
            bytes.append(text.begin(), text.end());
        };
        function(0x41, {0x32, 0x00});                                             // model 2
        function(0x43, {static_cast<unsigned char>(model_.dots > 400 ? 5 : 4)});  // dots a module
        function(0x45, {0x31});                                                   // level M
        function(0x50, {0x30}, data);
        function(0x51, {0x30});
        return bytes;
    }

    /// Pairs of digits take half the room.
    Bytes own_bars(const std::string& data) const {
        const bool pairs = node::all_digits(data) && data.size() % 2 == 0;
        Bytes content = {'{', static_cast<unsigned char>(pairs ? 'C' : 'B')};
        for (std::size_t i = 0; i < data.size(); ++i) {
            if (pairs) {
                content += static_cast<unsigned char>((data[i] - '0') * 10 + data[i + 1] - '0');
                ++i;
            } else {
                content += static_cast<unsigned char>(data[i]);
                if (data[i] == '{') content += static_cast<unsigned char>('{');
            }
        }
        const int modules = 35 + 11 * (pairs ? static_cast<int>(data.size()) / 2 : static_cast<int>(data.size())) + 20;
        const int width = std::min(3, model_.dots / modules);
        if (width < 2 || content.size() > most_code_bytes) return {};  // the printer would print nothing
        Bytes bytes = {gs, 0x68, 72, gs, 0x77, static_cast<unsigned char>(width), gs, 0x48, 0, gs, 0x6B, 73};
        bytes += static_cast<unsigned char>(content.size());
        return bytes + content;
    }

    void picture_of_code(const CodeBlock& code) {
        const auto modules = symbol_of(code.kind, code.data);
        if (!modules) node::refuse("the code " + code.data, "is none of the kind " + std::string(print(code.kind)));
        const bool square = code.kind == SymbolKind::qr;
        const int quiet = square ? 8 : 20, size = std::clamp(model_.dots / (modules->width() + quiet), 1, square ? 5 : 3);
        raster(*modules, size, square ? size : 72);
    }

    /// Each dot of the picture as `across` × `down` dots, in bands that the printer's memory takes.
    void raster(const Bitmap& picture, int across, int down) {
        Bitmap dots(std::min(model_.dots, picture.width() * across), picture.height() * down);
        dots.draw(picture, 0, 0, across, down);
        const auto wide = static_cast<unsigned>(dots.bytes_a_row());
        for (int from = 0; from < dots.height(); from += model_.band) {
            const int rows = std::min(model_.band, dots.height() - from);
            put({gs, 0x76, 0x30, 0, static_cast<unsigned char>(wide % 256), static_cast<unsigned char>(wide / 256), static_cast<unsigned char>(rows % 256),
                 static_cast<unsigned char>(rows / 256)});
            Bytes band;
            for (int y = from; y < from + rows; ++y) band.append(dots.row(y).data(), wide);
            defuse(band);
            put(band);
        }
    }

    const EscposModel& model_;
    Lettering letters_;
    Bytes bytes_;
    std::optional<unsigned char> page_;
    RowStyle style_;
};

bool is_real_time(unsigned char byte) { return byte == 0x04 || byte == 0x05 || byte == 0x14; }

}  // namespace

bool holds_real_time_command(ByteView bytes) {
    for (std::size_t i = 1; i < bytes.size(); ++i)
        if (bytes[i - 1] == data_link && is_real_time(bytes[i])) return true;
    return false;
}

void defuse(Bytes& dots) {
    for (std::size_t i = 1; i < dots.size(); ++i)
        if (dots[i - 1] == data_link && is_real_time(dots[i])) dots[i - 1] = 0x18;
}

std::optional<Bytes> encode_line(std::u32string_view letters, const CodePage& page) {
    Bytes bytes;
    for (const char32_t letter : letters) {
        auto byte = byte_of(page, letter);
        if (!byte) byte = byte_of(page, stand_in(letter));
        if (!byte) return std::nullopt;
        bytes += *byte;
    }
    return bytes;
}

Bytes drawer_pulse(int ms, bool second) {
    auto on = static_cast<unsigned char>(std::clamp(ms / 2, 1, 255));
    if (on == data_link) ++on;  // 10 followed by a short pause could read as a real-time command
    return {esc, 0x70, static_cast<unsigned char>(second), on, on};
}

Bytes escpos_bytes(const Slip& slip, const EscposModel& model, Drawer drawer) {
    if (slip.columns > model.columns)
        node::refuse("the slip", fmt::format("has {} columns, and {} prints {}", slip.columns, model.name, model.columns),
                     fmt::format("lay it out in {} columns", model.columns));
    Encoder encoder(model);
    if (drawer == Drawer::opens && model.drawer) encoder.put(drawer_pulse());
    for (const auto& block : slip.blocks) {
        if (const Row* row = std::get_if<Row>(&block)) encoder.row(*row);
        if (const CodeBlock* code = std::get_if<CodeBlock>(&block)) encoder.code(*code);
        if (const Picture* picture = std::get_if<Picture>(&block)) encoder.picture(*picture->dots);
    }
    encoder.finish();
    Bytes bytes = encoder.take();
    assert(!holds_real_time_command(bytes));
    return bytes;
}

}  // namespace paprsek::fiscal
