// A second writer of bundles, from sync/BUNDLE.md alone: it shows that the page is enough to write a reader's match, and it
// writes what BundleWriter never would.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/sync/support.h"

namespace paprsek::sync::test {

/// zstd as it comes; `window_log` 0 = zstd's choice.
Bytes zstd_pack(std::string_view text, int level = 3, int window_log = 0);

struct Forgery {
    std::string header;         ///< JSON; see header_of()
    Bytes packed;
    std::size_t chunk = 64u << 10;
    bool final_tag = true;      ///< the last chunk says that it is the last
    bool bind_header = true;    ///< the first chunk is authenticated together with the clear part
    unsigned char version = 1;
};

/// A facts header from 3.1 to HQ that names `payload_bytes`; `more` are further fields, such as R"("colour":"red",)".
std::string header_of(const Pair& pair, std::uint64_t payload_bytes, std::string_view more = {});
/// Sealed to HQ and signed by the branch of `pair`.
Bytes forge(Pair& pair, const Forgery& forgery);

}  // namespace paprsek::sync::test
