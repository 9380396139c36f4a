// Barcodes and QR as modules, the narrowest bars and dots that they are made of.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fiscal/receipt/bitmap.h"

namespace paprsek::fiscal {

enum class SymbolKind { upc_a, upc_e, ean13, ean8, code39, itf, codabar, code93, code128, qr };
std::string_view print(SymbolKind kind);

/// How much of a QR may be destroyed: 7, 15, 25 or 30 %.
enum class QrLevel { low, medium, quartile, high };

/// A module a dot, without the quiet zone; bars are one dot high. Nothing where `data` does not fit the kind. The check digit of an
/// EAN or UPC may be given or left out.
std::optional<Bitmap> symbol_of(SymbolKind kind, const std::string& data, QrLevel level = QrLevel::medium);

}  // namespace paprsek::fiscal
