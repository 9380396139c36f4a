// The glyphs of ImGui's atlas as OpenGL draws them: a byte a pixel, where ImGui's own backend takes four.
#pragma once

namespace paprsek::ui {

/// OpenGL 3.3 reads one byte as a colour by a rule that the texture carries; the windows ask for 3.2 and nearly always get more.
bool can_swizzle();

/// From the window's thread, while its OpenGL context is current.
class GlyphTexture {
public:
    GlyphTexture() = default;
    ~GlyphTexture();
    GlyphTexture(const GlyphTexture&) = delete;
    GlyphTexture& operator=(const GlyphTexture&) = delete;

    /// Gives OpenGL the atlas of the current ImGui context, which need not keep its pixels after that.
    void upload();

private:
    unsigned texture_ = 0;
};

}  // namespace paprsek::ui
