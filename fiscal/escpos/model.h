// What a model of receipt printer can do: data, as in fiscal/profile.h, for the language ESC/POS.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "fiscal/escpos/code_page.h"
#include "fiscal/profile.h"

namespace paprsek::fiscal {

/// How a printer tells that it has printed what came before.
enum class Fence {
    none,           ///< it does not: that the line took the bytes has to do
    queued_status,  ///< GS r is answered in its turn
    process_id      ///< GS ( H repeats four letters in its turn
};
enum class Cutter { none, partial, full };

struct EscposModel {
    std::string_view name;   ///< "escpos-epson"
    std::string_view shown;  ///< for people
    int columns = 48;        ///< of font A
    int dots = 576;          ///< across
    /// Pages with Czech and Romanian letters and the number under which `1B 74` selects them, the better first; an empty name ends
    /// the list. A line with a letter that none of them has is printed as a picture.
    struct Page {
        std::string_view page;
        unsigned char number = 0;
    };
    std::array<Page, 2> pages{};
    bool kanji = true;    ///< may start in a two-byte mode, and has to be told to leave it (1C 2E)
    bool answers = true;  ///< real-time status (10 04)
    Fence fence = Fence::queued_status;
    Cutter cutter = Cutter::partial;
    int feed_before_cut = 4;  ///< lines between print head and cutter, or tear-off edge
    bool drawer = true;
    bool qr = true;         ///< QR of its own (GS ( k); else as a picture
    bool bars = true;       ///< CODE128 of its own (GS k 73); else as a picture
    int band = 255;         ///< rows of dots in one raster command, at most
    int fence_ms = 20'000;  ///< how long a long receipt may take to be printed

    int cell_width() const { return dots / columns; }
};
inline constexpr int escpos_cell_height = 24, escpos_line_height = 30;
inline constexpr unsigned char line_feed = 0x0A, data_link = 0x10;

std::span<const EscposModel> escpos_models();
/// nullptr where there is none of this name.
const EscposModel* find_escpos_model(std::string_view name);
/// The same for whoever knows only fiscal/profile.h.
std::span<const Profile> escpos_profiles();

}  // namespace paprsek::fiscal
