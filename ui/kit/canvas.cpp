#include "ui/kit/canvas.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "ui/kit/inspection.h"
#include "ui/kit/picture.h"
#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

ImU32 packed(Color c) { return IM_COL32(c.r, c.g, c.b, c.a); }

bool is_figure(char32_t c) { return c >= '0' && c <= '9'; }

/// The next smaller one of the same weight, where there is any.
std::optional<Type> smaller(Type type) {
    switch (type) {
        case Type::total: return Type::figure;
        case Type::figure: return Type::title;
        case Type::title: return Type::strong;
        case Type::strong: return Type::caption_strong;
        case Type::body: return Type::caption;
        case Type::caption:
        case Type::caption_strong: break;
    }
    return std::nullopt;
}

}  // namespace

float Canvas::snap(float value) const { return std::round(value * scale_); }

void Canvas::fill(Rect rect, Color color, float corner) {
    list_.AddRectFilled({snap(rect.x), snap(rect.y)}, {snap(rect.right()), snap(rect.bottom())}, packed(color), corner * scale_);
    if (inspection_ != nullptr) inspection_->fill(rect, clipped(), color);
}

void Canvas::outline(Rect rect, Color color, float corner, float thickness) {
    list_.AddRect({snap(rect.x), snap(rect.y)}, {snap(rect.right()), snap(rect.bottom())}, packed(color), corner * scale_, 0,
                                std::max(1.0F, std::round(thickness * scale_)));
}

void Canvas::line(Point from, Point to, Color color, float thickness) {
    // Horizontal and vertical lines are filled rectangles: an anti-aliased line of one pixel would be blurred over two.
    const float width = std::max(1.0F, std::round(thickness * scale_));
    if (from.y == to.y) {
        list_.AddRectFilled({snap(from.x), snap(from.y)}, {snap(to.x), snap(from.y) + width}, packed(color));
    } else if (from.x == to.x) {
        list_.AddRectFilled({snap(from.x), snap(from.y)}, {snap(from.x) + width, snap(to.y)}, packed(color));
    } else {
        list_.AddLine({from.x * scale_, from.y * scale_}, {to.x * scale_, to.y * scale_}, packed(color), width);
    }
}

void Canvas::circle(Point centre, float radius, Color color) {
    list_.AddCircleFilled({centre.x * scale_, centre.y * scale_}, radius * scale_, packed(color));
    // Letters in a circle stand on the square within it.
    if (inspection_ != nullptr) inspection_->fill(Rect{centre.x, centre.y, 0, 0}.inset(-radius * 0.7F), clipped(), color);
}

void Canvas::shadow(Rect rect, float corner, Color color, float height) {
    // Rings that fade outwards, not stacked filled cards: what lies under the card need not be painted many times over,
    // which matters where a processor draws instead of a graphics card.
    constexpr int rings = 8;
    const float drop = height * 0.4F;
    const float step = (height + drop) / rings;
    for (int i = 0; i < rings; ++i) {
        const float spread = step * (static_cast<float>(i) + 0.5F) - drop;
        const Rect ring = rect.inset(-spread).moved(0, drop);
        list_.AddRect({ring.x * scale_, ring.y * scale_}, {ring.right() * scale_, ring.bottom() * scale_},
                      packed(color.alpha(1 - (static_cast<float>(i) + 0.5F) / rings)), std::max(0.0F, corner + spread) * scale_, 0, step * scale_);
    }
}

float Canvas::width(std::string_view utf8, Type type) const {
    if (utf8.empty()) return 0;  // ImGui would look for the end of a null pointer
    const ImFont& font = fonts_.face(type);
    return font.CalcTextSizeA(font.FontSize, FLT_MAX, 0, utf8.data(), utf8.data() + utf8.size()).x / scale_;
}

float Canvas::line_height(Type type) const { return fonts_.face(type).FontSize / scale_; }

Rect Canvas::clipped() const {
    const ImVec2 from = list_.GetClipRectMin(), to = list_.GetClipRectMax();
    return {from.x / scale_, from.y / scale_, (to.x - from.x) / scale_, (to.y - from.y) / scale_};
}

void Canvas::tell(Rect line, float wide, Type type, Color color, std::string_view shown, std::string_view whole, bool cut) {
    if (inspection_ == nullptr) return;
    // What is inked of a line: capitals are about 0.6 of its height.
    const float high = line_height(type) * 0.6F;
    inspection_->text({{line.x, line.centre().y - high / 2, wide, high}, clipped(), std::string(shown), std::string(whole), cut, color, false});
}

float Canvas::text(Rect rect, std::string_view utf8, Type type, Color color, Align align) { return line_of(rect, utf8, utf8, type, color, align); }

float Canvas::line_of(Rect rect, std::string_view utf8, std::string_view whole, Type type, Color color, Align align) {
    if (utf8.empty()) return 0;
    const ImFont& font = fonts_.face(type);
    float wide = width(utf8, type);
    std::string shortened;
    const bool cut = wide > rect.w + 0.5F;
    if (cut) {
        const float room = rect.w - width("…", type);
        std::size_t end = 0;
        for (std::size_t next = 0; next < utf8.size();) {
            next = utf8_next(utf8, next);
            if (width(utf8.substr(0, next), type) > room) break;
            end = next;
        }
        if (end == 0 && rect.w < width("…", type)) {
            tell(rect, 0, type, color, "", whole, true);
            return 0;
        }
        shortened = std::string(utf8.substr(0, end)) + "…";
        utf8 = shortened;
        wide = width(utf8, type);
    }
    float x = rect.x;
    if (align == Align::centre) x = rect.x + (rect.w - wide) / 2;
    if (align == Align::right) x = rect.right() - wide;
    const ImVec2 at{snap(x), std::round((rect.y + rect.h / 2) * scale_ - font.FontSize / 2)};
    list_.AddText(&font, font.FontSize, at, packed(color), utf8.data(), utf8.data() + utf8.size());
    tell({x, rect.y, rect.w, rect.h}, wide, type, color, utf8, whole, cut);
    return wide;
}

float Canvas::number_width(std::string_view utf8, Type type) const {
    const ImFont& font = fonts_.face(type);
    const float figure = font.GetCharAdvance('0');
    float wide = 0;
    for (std::size_t i = 0; i < utf8.size();) {
        const char32_t c = utf8_decode(utf8, i);
        wide += is_figure(c) ? figure : font.GetCharAdvance(static_cast<ImWchar>(c));
        i = utf8_next(utf8, i);
    }
    return wide / scale_;
}

float Canvas::number(Rect rect, std::string_view utf8, Type type, Color color, Align align) {
    const float wide = number_width(utf8, type);
    if (wide > rect.w + 0.5F) {
        const auto less = smaller(type);
        return less ? number(rect, utf8, *less, color, align) : text(rect, utf8, type, color, align);
    }
    const ImFont& font = fonts_.face(type);
    const float figure = font.GetCharAdvance('0');
    float x = snap(rect.x);
    if (align == Align::centre) x = snap(rect.x + (rect.w - wide) / 2);
    if (align == Align::right) x = snap(rect.right() - wide);
    const float y = std::round((rect.y + rect.h / 2) * scale_ - font.FontSize / 2);
    for (std::size_t i = 0; i < utf8.size();) {
        const char32_t c = utf8_decode(utf8, i);
        const std::size_t next = utf8_next(utf8, i);
        const float advance = font.GetCharAdvance(static_cast<ImWchar>(c));
        const float cell = is_figure(c) ? figure : advance;
        list_.AddText(&font, font.FontSize, {std::round(x + (cell - advance) / 2), y}, packed(color), utf8.data() + i, utf8.data() + next);
        x += cell;
        i = next;
    }
    tell({x / scale_ - wide, rect.y, rect.w, rect.h}, wide, type, color, utf8, utf8, false);
    return wide;
}

std::size_t Canvas::wrapped_at(float width, std::string_view utf8, Type type) const {
    const char* wrap = fonts_.face(type).CalcWordWrapPositionA(1, utf8.data(), utf8.data() + utf8.size(), width * scale_);
    const auto length = static_cast<std::size_t>(wrap - utf8.data());
    return length == 0 ? utf8_next(utf8, 0) : length;
}

float Canvas::paragraph_height(float width, std::string_view utf8, Type type) const {
    int lines = 0;
    for (; !utf8.empty(); ++lines) {
        utf8.remove_prefix(wrapped_at(width, utf8, type));
        while (utf8.starts_with(' ') || utf8.starts_with('\n')) utf8.remove_prefix(1);
    }
    return static_cast<float>(lines) * line_height(type);
}

float Canvas::paragraph(Rect rect, std::string_view utf8, Type type, Color color, Align align) {
    const float line = line_height(type);
    const int lines_max = std::max(1, static_cast<int>((rect.h + 1) / line));
    const std::string_view whole = utf8;
    int lines = 0;
    while (!utf8.empty() && lines < lines_max) {
        const Rect row{rect.x, rect.y + static_cast<float>(lines) * line, rect.w, line};
        ++lines;
        const std::size_t length = wrapped_at(rect.w, utf8, type);
        // ImGui breaks a word that is longer than the line: it is told as cut.
        const bool breaks = length < utf8.size() && std::string_view(" \n").find(utf8[length]) == std::string_view::npos &&
                            std::string_view(" -.,;:!?/\"").find(utf8[length - 1]) == std::string_view::npos;
        // The last line that fits takes the whole rest, so that text() puts the ellipsis.
        const std::string_view shown = lines == lines_max ? utf8 : utf8.substr(0, length);
        line_of(row, shown, whole, type, color, align);
        if (breaks && lines < lines_max) tell(row, 1, type, color, shown, whole, true);
        utf8.remove_prefix(length);
        while (utf8.starts_with(' ') || utf8.starts_with('\n')) utf8.remove_prefix(1);
    }
    return static_cast<float>(lines) * line;
}

void Canvas::icon(Rect rect, Icon icon, IconSize size, Color color) {
    if (icon == Icon::none) return;
    const ImFont& font = fonts_.icons(size);
    const ImFontGlyph* glyph = font.FindGlyphNoFallback(static_cast<ImWchar>(icon));
    if (glyph == nullptr) return;
    // Centred by what is inked: Font Awesome's advance widths and baselines differ from icon to icon.
    const Point middle = rect.centre();
    const ImVec2 at{std::round(middle.x * scale_ - (glyph->X0 + glyph->X1) / 2), std::round(middle.y * scale_ - (glyph->Y0 + glyph->Y1) / 2)};
    font.RenderChar(&list_, font.FontSize, at, packed(color), static_cast<ImWchar>(icon));
    if (inspection_ == nullptr) return;
    const std::string name = fmt::format("icon:{:X}", static_cast<std::uint32_t>(icon));
    inspection_->text({rect.middle(8, 8), clipped(), name, name, false, color, true});
}

void Canvas::picture(Rect rect, const Picture& picture) {
    const Clip clip(*this, rect);
    const float unit = rect.w / static_cast<float>(picture.width());
    int top = 0;
    for (const unsigned strip : picture.strips()) {
        const int bottom = std::min(top + Picture::strip_rows, picture.height());
        const float from = snap(rect.y + static_cast<float>(top) * unit), to = snap(rect.y + static_cast<float>(bottom) * unit);
        list_.AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(strip)), {snap(rect.x), from}, {snap(rect.right()), to});
        top = bottom;
    }
}

Canvas::Clip::Clip(Canvas& canvas, Rect rect) : canvas_(canvas) {
    canvas_.list_.PushClipRect({canvas_.snap(rect.x), canvas_.snap(rect.y)}, {canvas_.snap(rect.right()), canvas_.snap(rect.bottom())}, true);
}

Canvas::Clip::~Clip() { canvas_.list_.PopClipRect(); }

}  // namespace paprsek::ui
