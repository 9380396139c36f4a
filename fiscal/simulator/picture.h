// What came out of a simulated printer as a person sees it: a strip of thermal paper on the counter, torn off at both ends.
#pragma once
#include <string>

#include "fiscal/receipt/bitmap.h"
#include "fiscal/simulator/register.h"

namespace paprsek::fiscal::simulator {

/// The letters that a fiscal device prints, at 8 dots a millimetre: what is in the middle, what is bold, what is tall.
Bitmap dots_of(const Document& document, const Settings& settings);

/// A PNG of the strip: `dots` in the grey of thermal paper, one to a pixel, with margins, shadow and torn edges. What is longer than
/// longest_png is cut off.
std::string picture_of(const Bitmap& dots);

}  // namespace paprsek::fiscal::simulator
