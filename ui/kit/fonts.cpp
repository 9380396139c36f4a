#include "ui/kit/fonts.h"

#include <imgui.h>

#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <future>
#include <initializer_list>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include "node/base/csv.h"
#include "ui/kit/fonts_beside.h"
#include "ui/kit/icons.h"
#include "ui/kit/task.h"

namespace paprsek::ui {
namespace {

constexpr const char* inter = "/usr/share/fonts/opentype/inter/";
constexpr const char* dejavu = "/usr/share/fonts/truetype/dejavu/";
constexpr const char* awesome = "/usr/share/fonts/truetype/font-awesome/fontawesome-webfont.ttf";

// ImGui's own default ends at U+00FF; Czech needs 0100-017F and Romanian the commas of 0218-021B.
constexpr ImWchar text_ranges[] = {0x0020, 0x007E, 0x00A0, 0x017F, 0x0218, 0x021B, 0x2010, 0x2027, 0x202F, 0x203A, 0x20AC,
                                   0x20AC, 0x2190, 0x2193, 0x2212, 0x2212, 0x2260, 0x2265, 0x2713, 0x2713, 0};

// Inter's line is 1.21 em high and ImGui sizes a font by its line, so a designer's 15 px are 18.2 here.
constexpr float line_per_em = 1.21F;

struct Face {
    const char* file;      // in Inter's folder
    const char* fallback;  // in DejaVu's folder
    float size;            // em, logical units
};
constexpr Face faces[type_count] = {
        {"Inter-Regular.otf", "DejaVuSans.ttf", 12.5F},     {"Inter-SemiBold.otf", "DejaVuSans-Bold.ttf", 12.5F},
        {"Inter-Regular.otf", "DejaVuSans.ttf", 15},        {"Inter-SemiBold.otf", "DejaVuSans-Bold.ttf", 15},
        {"Inter-SemiBold.otf", "DejaVuSans-Bold.ttf", 19},  {"InterDisplay-SemiBold.otf", "DejaVuSans-Bold.ttf", 27},
        {"InterDisplay-Bold.otf", "DejaVuSans-Bold.ttf", 54},
};
constexpr float icon_sizes[icon_size_count] = {16, 21, 36};

std::string first_existing(std::initializer_list<std::string> candidates) {
    for (const std::string& candidate : candidates) {
        if (std::filesystem::exists(candidate)) return candidate;
    }
    return {};
}

/// Font files, each read once for all sizes that it is drawn in.
class Files {
public:
    /// The atlas reads `file` until it is built and no longer.
    ImFont* add(ImFontAtlas& atlas, const std::string& file, float size, ImFontConfig config) {
        std::string& bytes = read_[file];
        if (bytes.empty()) bytes = node::read_file(file, 16u << 20);
        config.FontDataOwnedByAtlas = false;
        return atlas.AddFontFromMemoryTTF(bytes.data(), static_cast<int>(bytes.size()), size, &config);
    }

private:
    std::map<std::string, std::string> read_;
};

ImFont* add_face(ImFontAtlas& atlas, Files& files, const Face& face, float scale) {
    const std::string fallback = std::string(dejavu) + face.fallback;
    const std::string file = first_existing({std::string(inter) + face.file, fallback});
    if (file.empty()) throw std::runtime_error("fonts: neither Inter nor DejaVu is installed (packages fonts-inter, fonts-dejavu-core)");
    const float size = std::round(face.size * line_per_em * scale);
    ImFontConfig config;
    config.OversampleH = size < 30 ? 2 : 1;
    config.GlyphRanges = text_ranges;
    ImFont* font = files.add(atlas, file, size, config);
    // DejaVu fills the letters that Inter lacks; a till must never show a box in place of a letter.
    if (file != fallback && std::filesystem::exists(fallback)) {
        config.MergeMode = true;
        files.add(atlas, fallback, size, config);
    }
    return font;
}

using Atlas = std::unique_ptr<ImFontAtlas, void (*)(ImFontAtlas*)>;

struct Built {
    Atlas atlas{nullptr, [](ImFontAtlas* gone) { IM_DELETE(gone); }};
    std::array<ImFont*, type_count> faces{};
    std::array<ImFont*, icon_size_count> icons{};
};

/// From any thread.
Built build(float scale) {
    Built built;
    built.atlas.reset(IM_NEW(ImFontAtlas)());
    ImFontAtlas& atlas = *built.atlas;
    Files files;
    for (int i = 0; i < type_count; ++i) built.faces[static_cast<std::size_t>(i)] = add_face(atlas, files, faces[i], scale);

    if (!std::filesystem::exists(awesome)) throw std::runtime_error("fonts: Font Awesome is not installed (package fonts-font-awesome)");
    static const std::vector<ImWchar> icon_ranges = [] {  // the atlas keeps a pointer to it
        std::vector<ImWchar> ranges;
        for (const Icon icon : icons_in_use) ranges.insert(ranges.end(), 2, static_cast<ImWchar>(icon));
        ranges.push_back(0);
        return ranges;
    }();
    for (int i = 0; i < icon_size_count; ++i) {
        ImFontConfig config;
        config.OversampleH = 1;
        config.GlyphRanges = icon_ranges.data();
        built.icons[static_cast<std::size_t>(i)] = files.add(atlas, awesome, std::round(icon_sizes[i] * scale), config);
    }
    if (!atlas.Build()) throw std::runtime_error("fonts: the glyphs cannot be drawn (a font file is damaged)");
    atlas.ClearInputData();  // it goes with `files`
    return built;
}

/// What prepare_fonts() began; a program has one window.
struct BuildingAtlas {
    float scale = 0;
    std::future<Built> built;
};
BuildingAtlas& building_atlas() {
    static BuildingAtlas one;
    return one;
}

bool is_there(const std::future<Built>& built) { return built.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

}  // namespace

void prepare_fonts(float scale) {
    BuildingAtlas& under_way = building_atlas();
    if (under_way.built.valid() && (under_way.scale == scale || !is_there(under_way.built))) return;
    under_way.scale = scale;
    under_way.built = std::async(std::launch::async, [scale] {
        Built built = build(scale);
        wake();
        return built;
    });
}

bool fonts_prepared(float scale) { return building_atlas().built.valid() && building_atlas().scale == scale && is_there(building_atlas().built); }

void Fonts::load(float scale) {
    const bool prepared = building_atlas().built.valid() && building_atlas().scale == scale;
    Built built = prepared ? building_atlas().built.get() : build(scale);
    faces_ = built.faces;
    icons_ = built.icons;
    ImFontAtlas*& in_use = ImGui::GetIO().Fonts;  // the context deletes the last one
    IM_DELETE(in_use);
    in_use = built.atlas.release();
}

}  // namespace paprsek::ui
