// The code on a picture of paper, read by another program as a telephone would.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "fiscal/receipt/bitmap.h"
#include "node/base/csv.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

inline std::string scanned(const std::string& png) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("paper.png"), std::ios::binary) << png;
    if (std::system(("cd '" + folder.path() + "' && zbarimg --quiet --raw paper.png > seen 2>/dev/null").c_str()) != 0) return "(no code)";
    return node::read_file(folder.file("seen"), 1u << 20);
}
inline std::string scanned(const fiscal::Bitmap& dots) { return scanned(png_of(dots, 30)); }

}  // namespace paprsek::test
