#include "ui/kit/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "node/base/text.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

Rect common(Rect a, Rect b) {
    const float left = std::max(a.x, b.x), top = std::max(a.y, b.y);
    return {left, top, std::max(0.0F, std::min(a.right(), b.right()) - left), std::max(0.0F, std::min(a.bottom(), b.bottom()) - top)};
}

bool covers(Rect outer, Rect inner) {
    return outer.x <= inner.x + 1 && outer.y <= inner.y + 1 && outer.right() + 1 >= inner.right() && outer.bottom() + 1 >= inner.bottom();
}

double luminance(Color c) {
    const auto linear = [](std::uint8_t channel) {
        const double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

Color painted(Color paper, Color over) {
    Color mixed = mix(paper, over, static_cast<float>(over.a) / 255);
    mixed.a = 255;
    return mixed;
}

/// No letters: bytes of a text that is gone, or of another encoding.
bool garbled(std::string_view text) {
    return !node::nfc(text) || std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

std::string letters_alone(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

std::string print_rect(Rect rect) { return fmt::format("{:.0f},{:.0f} {:.0f}x{:.0f}", rect.x, rect.y, rect.w, rect.h); }

}  // namespace

double contrast(Color ink, Color paper) {
    const double a = luminance(ink), b = luminance(paper);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

std::string_view name_of(Inspection::Fault::Kind kind) {
    switch (kind) {
        case Inspection::Fault::Kind::cut: return "cut";
        case Inspection::Fault::Kind::overlap: return "overlap";
        case Inspection::Fault::Kind::outside: return "outside";
        case Inspection::Fault::Kind::faint: return "faint";
        case Inspection::Fault::Kind::garbled: return "garbled";
    }
    return "";
}

void Inspection::begin(Rect window) {
    window_ = window;
    acts_.clear();
    texts_.clear();
}

void Inspection::fill(Rect rect, Rect clip, Color color) {
    if (color.a > 0) acts_.push_back({common(rect, clip), color, -1});
}

void Inspection::text(Text drawn) {
    acts_.push_back({common(drawn.at, drawn.clip), drawn.ink, static_cast<int>(texts_.size())});
    texts_.push_back(std::move(drawn));
}

bool Inspection::painted_over(std::size_t act, Rect part) const {
    constexpr int opaque = 200;
    for (std::size_t i = act + 1; i < acts_.size(); ++i) {
        if (acts_[i].text < 0 && acts_[i].color.a >= opaque && covers(acts_[i].rect, part)) return true;
    }
    return false;
}

Color Inspection::under(std::size_t act) const {
    const Point middle = acts_[act].rect.centre();
    Color paper = Color::hex(0);
    for (std::size_t i = 0; i < act; ++i) {
        if (acts_[i].text < 0 && acts_[i].rect.contains(middle)) paper = painted(paper, acts_[i].color);
    }
    return paper;
}

std::vector<Inspection::Text> Inspection::texts() const {
    std::vector<Text> seen;
    for (std::size_t i = 0; i < acts_.size(); ++i) {
        if (acts_[i].text >= 0 && acts_[i].rect.w > 0 && acts_[i].rect.h > 0 && !painted_over(i, acts_[i].rect))
            seen.push_back(texts_[static_cast<std::size_t>(acts_[i].text)]);
    }
    return seen;
}

bool Inspection::find(std::string_view whole, Point& middle) const {
    for (std::size_t i = acts_.size(); i-- > 0;) {
        const Act& act = acts_[i];
        if (act.text < 0 || texts_[static_cast<std::size_t>(act.text)].whole != whole) continue;
        if (act.rect.w < 2 || act.rect.h < 2 || painted_over(i, act.rect)) continue;
        middle = act.rect.centre();
        return true;
    }
    return false;
}

/// Letters on letters: boxes that share more than their edges, and neither is hidden.
void Inspection::find_overlaps(std::vector<Fault>& faults) const {
    constexpr float slack = 2;
    const auto judged = [this](const Act& act) { return act.text >= 0 && !texts_[static_cast<std::size_t>(act.text)].icon; };
    for (std::size_t i = 0; i < acts_.size(); ++i) {
        if (!judged(acts_[i])) continue;
        for (std::size_t j = i + 1; j < acts_.size(); ++j) {
            if (!judged(acts_[j])) continue;
            const Rect shared = common(acts_[i].rect, acts_[j].rect);
            if (shared.w <= slack || shared.h <= slack || painted_over(j, shared)) continue;
            bool hidden = false;
            for (std::size_t k = i + 1; k < j && !hidden; ++k)
                hidden = acts_[k].text < 0 && acts_[k].color.a >= 200 && covers(acts_[k].rect, shared);
            if (hidden) continue;
            const Text &one = texts_[static_cast<std::size_t>(acts_[i].text)], &other = texts_[static_cast<std::size_t>(acts_[j].text)];
            faults.push_back({Fault::Kind::overlap, one.whole, fmt::format("{} at {}", other.whole, print_rect(shared)),
                              is_said(one.whole) || is_said(other.whole)});
        }
    }
}

std::vector<Inspection::Fault> Inspection::faults() const {
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < acts_.size(); ++i) {
        if (acts_[i].text < 0) continue;
        const Text& text = texts_[static_cast<std::size_t>(acts_[i].text)];
        if (text.icon) continue;
        if (garbled(text.whole)) {
            faults.push_back({Fault::Kind::garbled, letters_alone(text.whole), print_rect(text.at), true});
            continue;
        }
        const bool words = is_said(text.whole);
        const bool in_sight = acts_[i].rect.w > 0 && acts_[i].rect.h > 0;
        if (text.cut && !painted_over(i, acts_[i].rect)) faults.push_back({Fault::Kind::cut, text.whole, text.shown, words});
        if (!covers(window_, text.at) && covers(text.clip, window_)) faults.push_back({Fault::Kind::outside, text.whole, print_rect(text.at), words});
        constexpr double readable = 3;  // WCAG: large or bold text, and the least for any
        if (!in_sight || painted_over(i, acts_[i].rect)) continue;
        const Color paper = under(i);
        if (const double ratio = contrast(painted(paper, text.ink), paper); ratio < readable)
            faults.push_back({Fault::Kind::faint, text.whole, fmt::format("{:.1f}", ratio), words});
    }
    find_overlaps(faults);
    return faults;
}

}  // namespace paprsek::ui
