#include "fiscal/receipt/symbol.h"

#include <zint.h>

#include <algorithm>
#include <array>
#include <memory>

#include "node/base/text.h"

namespace paprsek::fiscal {
namespace {

struct Kind {
    SymbolKind kind;
    std::string_view name;
    int zint;
    std::size_t digits;  ///< without the check digit; 0 = any length
};
constexpr std::array kinds = {
    Kind{SymbolKind::upc_a, "UPC-A", BARCODE_UPCA, 11},       Kind{SymbolKind::upc_e, "UPC-E", BARCODE_UPCE, 0},
    Kind{SymbolKind::ean13, "EAN-13", BARCODE_EANX, 12},      Kind{SymbolKind::ean8, "EAN-8", BARCODE_EANX, 7},
    Kind{SymbolKind::code39, "CODE39", BARCODE_CODE39, 0},    Kind{SymbolKind::itf, "ITF", BARCODE_C25INTER, 0},
    Kind{SymbolKind::codabar, "CODABAR", BARCODE_CODABAR, 0}, Kind{SymbolKind::code93, "CODE93", BARCODE_CODE93, 0},
    Kind{SymbolKind::code128, "CODE128", BARCODE_CODE128, 0}, Kind{SymbolKind::qr, "QR", BARCODE_QRCODE, 0},
};
const Kind& row_of(SymbolKind kind) {
    return *std::find_if(kinds.begin(), kinds.end(), [&](const Kind& each) { return each.kind == kind; });
}

constexpr std::size_t longest_text = 2000;

}  // namespace

std::string_view print(SymbolKind kind) { return row_of(kind).name; }

std::optional<Bitmap> symbol_of(SymbolKind kind, const std::string& data, QrLevel level) {
    const Kind& row = row_of(kind);
    std::string text = data;
    if (text.empty() || text.size() > longest_text) return std::nullopt;
    if (row.digits) {
        if (!node::all_digits(text) || (text.size() != row.digits && text.size() != row.digits + 1)) return std::nullopt;
        text.resize(row.digits);  // the encoder adds the check digit itself
    }
    const std::unique_ptr<zint_symbol, decltype(&ZBarcode_Delete)> symbol(ZBarcode_Create(), &ZBarcode_Delete);
    if (!symbol) throw std::bad_alloc();
    symbol->symbology = row.zint;
    symbol->input_mode = DATA_MODE;  // bytes as they are
    if (kind == SymbolKind::qr) symbol->option_1 = static_cast<int>(level) + 1;
    if (ZBarcode_Encode(symbol.get(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) >= ZINT_ERROR) return std::nullopt;
    // EAN and UPC come with longer bars in rows of their own; one row is all bars.
    const int rows = kind == SymbolKind::qr ? symbol->rows : 1;
    Bitmap modules(symbol->width, rows);
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < symbol->width; ++x)
            if (symbol->encoded_data[y][x / 8] >> (x % 8) & 1) modules.set(x, y);
    return modules;
}

}  // namespace paprsek::fiscal
