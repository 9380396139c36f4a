#include "fiscal/escpos/model.h"

#include <algorithm>

namespace paprsek::fiscal {
namespace {

using TwoPages = std::array<EscposModel::Page, 2>;

// Numbers of CP852 and CP1250 differ by maker; where only one is known, there is only one.
constexpr TwoPages epson = {{{"CP852", 18}, {"CP1250", 45}}}, only_852 = {{{"CP852", 18}, {}}};

constexpr std::array models = {
    EscposModel{.name = "escpos-epson", .shown = "Epson TM-T20, TM-T88 and the like, 80 mm", .pages = epson, .kanji = false, .fence = Fence::process_id},
    EscposModel{.name = "escpos-epson-42",
                .shown = "Epson TM-T88 of 180 dots an inch, 80 mm",
                .columns = 42,
                .dots = 504,
                .pages = epson,
                .kanji = false,
                .fence = Fence::process_id},
    EscposModel{.name = "escpos-epson-58", .shown = "Epson, 58 mm", .columns = 32, .dots = 384, .pages = epson, .kanji = false, .fence = Fence::process_id},
    EscposModel{.name = "escpos-epson-old",
                .shown = "Epson of the first generations (TM-T88II, TM-T90), 80 mm",
                .columns = 42,
                .dots = 504,
                .pages = only_852,
                .kanji = false,
                .qr = false},
    EscposModel{.name = "escpos-star", .shown = "Star in ESC/POS mode, 80 mm", .pages = only_852, .cutter = Cutter::full, .feed_before_cut = 3},
    EscposModel{.name = "escpos-bixolon", .shown = "Bixolon, 80 mm", .pages = {{{"CP852", 18}, {"CP1250", 47}}}},
    EscposModel{.name = "escpos-citizen", .shown = "Citizen, 80 mm", .pages = {{{"CP852", 6}, {}}}},
    EscposModel{.name = "escpos-xprinter", .shown = "Xprinter and other cheap 80 mm printers", .pages = only_852},
    EscposModel{.name = "escpos-58",
                .shown = "cheap 58 mm printers (POS-5890 and its kin): no cutter",
                .columns = 32,
                .dots = 384,
                .pages = {{{"CP852", 18}, {"CP1250", 72}}},
                .fence = Fence::none,
                .cutter = Cutter::none,
                .feed_before_cut = 3,
                .qr = false,
                .band = 24},
    EscposModel{.name = "escpos-58-pictures",
                .shown = "58 mm printers without Central European letters (MPT, Metapace): such lines as pictures",
                .columns = 32,
                .dots = 384,
                .fence = Fence::none,
                .cutter = Cutter::none,
                .feed_before_cut = 3,
                .qr = false,
                .bars = false,
                .band = 24},
};

Profile paper_profile(const EscposModel& model) {
    Profile profile;
    profile.name = model.name;
    profile.shown = model.shown;
    profile.dialect = Dialect::escpos;
    profile.columns = model.columns;
    profile.drawer_ms_least = model.drawer ? 2 : 0;
    profile.drawer_ms_most = model.drawer ? 510 : 0;
    return profile;
}

}  // namespace

std::span<const EscposModel> escpos_models() { return models; }

const EscposModel* find_escpos_model(std::string_view name) {
    const auto found = std::find_if(models.begin(), models.end(), [&](const EscposModel& model) { return model.name == name; });
    return found == models.end() ? nullptr : &*found;
}

std::span<const Profile> escpos_profiles() {
    static const auto all = [] {
        std::array<Profile, models.size()> made;
        std::transform(models.begin(), models.end(), made.begin(), paper_profile);
        return made;
    }();
    return all;
}

}  // namespace paprsek::fiscal
