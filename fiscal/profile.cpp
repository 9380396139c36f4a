#include "fiscal/profile.h"

#include "fiscal/escpos/model.h"
#include "fiscal/receipt/pdf_device.h"

namespace paprsek::fiscal {
namespace {

Profile datecs(std::string_view name, std::string_view shown, Dialect dialect) {
    Profile profile;
    profile.name = name;
    profile.shown = shown;
    profile.dialect = dialect;
    profile.fiscal = true;
    profile.vat_groups = 8;
    profile.max_data = 213;
    profile.cancel = true;
    profile.percent = true;
    profile.absolute = true;
    profile.display_bytes = 20;
    profile.max_price = 99'999'999;
    profile.max_quantity = 99'999'999;
    profile.drawer_ms_least = 5;
    profile.drawer_ms_most = 100;
    profile.operators = 16;
    return profile;
}

/// The oldest printers, FP-550F; by what is known of it the MP-500TR too, whose own wire manual is not public.
Profile datecs_p550() {
    Profile profile = datecs("datecs-p550", "Datecs MP-500TR, FP-550F (first generation)", Dialect::datecs_classic);
    profile.columns = 32;
    profile.vat_groups = 4;
    profile.item_bytes = 25;
    profile.item_lines = 2;
    profile.text_bytes = 28;
    profile.max_sales = 99;
    profile.max_data = 91;
    profile.cancel = false;
    profile.absolute = false;
    profile.drawer_ms_most = 25;
    profile.password = "000000";
    profile.tender_codes = "PDNC";
    profile.day_sums = "PNDC";
    return profile;
}

Profile datecs_p() {
    Profile profile = datecs("datecs-p", "Datecs FP-800, FP-2000, FP-650, FMP-10 (printers, classic firmware)", Dialect::datecs_classic);
    profile.columns = 42;
    profile.item_bytes = 42;
    profile.item_lines = 2;
    profile.text_bytes = 42;
    profile.max_sales = 512;
    profile.journal = true;
    profile.password = "0000";
    profile.tender_codes = "PDNC";
    profile.day_sums = "PNDC";
    return profile;
}

Profile datecs_ecr() {
    Profile profile = datecs("datecs-ecr", "Datecs DP-05, DP-25, DP-35, DP-150 (registers, classic firmware)", Dialect::datecs_classic);
    profile.columns = 32;
    profile.item_bytes = 22;
    profile.text_bytes = 32;
    profile.max_sales = 120;
    profile.operators = 30;
    profile.password = "1";
    profile.tender_codes = "PCND";
    profile.day_sums = "PNCD";
    return profile;
}

Profile datecs_x() {
    Profile profile = datecs("datecs-x", "Datecs with X firmware: all newer models, Romanian ones since 2018", Dialect::datecs_x);
    profile.columns = 48;
    profile.item_bytes = 72;
    profile.text_bytes = 46;
    profile.max_sales = 512;
    profile.journal = true;
    profile.operators = 30;
    profile.password = "1";
    profile.tender_codes = "0134";
    profile.busy_ms = 120'000;
    return profile;
}

Profile none() {
    Profile profile;
    profile.name = "none";
    profile.shown = "no printer";
    return profile;
}

}  // namespace

std::span<const Profile> profiles() {
    static const std::vector<Profile> all = [] {
        std::vector<Profile> made = {none(), pdf_profile(), datecs_p550(), datecs_p(), datecs_ecr(), datecs_x()};
        made.insert(made.end(), escpos_profiles().begin(), escpos_profiles().end());
        return made;
    }();
    return all;
}

const Profile* find_profile(std::string_view name) {
    for (const Profile& profile : profiles())
        if (profile.name == name) return &profile;
    return nullptr;
}

std::string profile_names() {
    std::string names;
    for (const Profile& profile : profiles()) names += (names.empty() ? "" : ", ") + std::string(profile.name);
    return names;
}

}  // namespace paprsek::fiscal
