// The bundle: the one form in which nodes and HQ send anything, by network or as a file (sync/BUNDLE.md is its specification).
//
//   clear header → packed text → XChaCha20-Poly1305 with a fresh key sealed to the receiver → Ed25519 signature over all of it
//
// What comes out of a BundleReader was written by the sender, for this receiver, and is whole. Nothing of a bundle that
// fails any check is handed out.
#pragma once
#include <cstdint>
#include <memory>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/random.h"
#include "node/facts.h"
#include "sync/files.h"
#include "sync/keys.h"

namespace paprsek::sync {

/// 128 MiB: about three million sales; fits a stick, an upload and a small HQ's memory.
inline constexpr std::uint64_t max_bundle_bytes = 128ull << 20;
/// 1 GiB of text: what a full bundle of facts unpacks to, with room.
inline constexpr std::uint64_t max_payload_bytes = 1ull << 30;
/// Real facts pack 10 to 60 times. Beyond the first MiB of text, more than 1,000 times is a zip bomb.
inline constexpr std::uint64_t max_ratio = 1000;
inline constexpr std::uint64_t ratio_free_bytes = 1ull << 20;
/// A header is a few hundred bytes; 16 KiB leave room for fields that are not known today.
inline constexpr std::size_t max_header_bytes = 16u << 10;
/// A line holds one fact (body ≤ 1 MiB, schema/fact.h) with its personal texts.
inline constexpr std::size_t max_line_bytes = (1u << 20) + (128u << 10);
/// Bundles are read with a window of at most 32 MiB: what a reader may be made to allocate.
inline constexpr int max_window_log = 25;

/// What a bundle of facts may be packed by, at most: lines that its receiver is known to hold, and their bytes.
inline constexpr std::size_t max_known_lines = 4000;
inline constexpr std::size_t max_known_bytes = 4u << 20;

enum class BundleKind { facts, state, enrolment };
std::string_view print(BundleKind kind);

/// The clear part: what a courier, an inbox or a person may know. Signed, not secret.
struct BundleHeader {
    BundleKind kind = BundleKind::facts;
    node::NodeName from, to;
    std::int64_t epoch = 0;     ///< facts: the sender's epoch; state: HQ's epoch; enrolment: 0
    std::int64_t first = 0;     ///< facts: first seq; state: the version after which the rows begin; enrolment: 0
    std::int64_t last = 0;      ///< facts: last seq (first − 1: no facts); state: the version through which they go
    node::Instant at;           ///< when it was written, by the sender's clock
    std::optional<PublicKey> sender;  ///< enrolment only: the key that signed, for HQ does not know it yet

    // Filled in by BundleWriter.
    std::string sender_key, receiver_key;  ///< fingerprints
    std::uint64_t payload_bytes = 0;       ///< of the text
    std::uint64_t bundle_bytes = 0;        ///< of the whole bundle
};

/// Reads the clear header without any key, to find out whose bundle it is. Nothing in it is proven before a BundleReader
/// took the bundle. Fields not known are ignored. Throws Error (refused), `what` naming the bundle: no bundle at all, of a
/// newer format, cut ("is cut: 1,234 of 5,678 bytes"), too large, a header that does not have the form.
BundleHeader read_header(BytesView bytes, const std::string& what);

/// The same of a bundle that is still coming in: `beginning` holds its first bytes, max_header_bytes + 20 of them or more, and
/// `length` is what it will have.
BundleHeader read_clear_header(BytesView beginning, std::uint64_t length, const std::string& what);

/// Whether `sender` signed this bundle, which went through read_header(): enough to know whose it is before anything costly is
/// done with it. A BundleReader checks it again, and all the rest. Any thread.
bool signed_by(BytesView bytes, const PublicKey& sender);

/// Packs text. Not for several threads at once.
class BundleWriter {
public:
    BundleWriter();
    ~BundleWriter();
    BundleWriter(const BundleWriter&) = delete;
    BundleWriter& operator=(const BundleWriter&) = delete;

    /// Any pieces of the text, which is lines that each end with "\n". Throws Error (refused) beyond max_payload_bytes.
    void append(std::string_view text);
    std::uint64_t payload_bytes() const;
    /// Lines that the receiver of facts is known to hold, so that they need not be said again (BUNDLE.md "Format 3", and "Format 4" where
    /// `products` are among them), within max_known_lines and max_known_bytes. The text's first line has to name them. Used where it
    /// makes the bundle shorter.
    void know(std::vector<std::string> lines, bool products = false);
    /// Seals and signs; call once. The same text, header, keys and randomness give the same bytes.
    /// Throws Error (refused) when the bundle would be longer than max_bundle_bytes.
    Bytes finish(BundleHeader header, const Identity& sender, const PublicKey& receiver, node::Random& random);

private:
    struct Packer;
    std::unique_ptr<Packer> packer_;
};

/// Finds the lines that a bundle of format 3 or 4 is packed by, from its header and the first line of its text. Nothing: they are not held
/// here. May throw Error (refused).
using KnownLines = std::function<std::optional<std::vector<std::string>>(const BundleHeader& header, std::string_view first_line)>;

/// Opens a bundle. Memory: the bytes given, and the window (≤ 32 MiB) and one line, or what sync/record_coder.h takes, whatever is inside.
class BundleReader {
public:
    /// `bytes` must outlive the reader. `me` is the receiver's name (HQ: node::hq_node). Checks, in this order: length and
    /// header, receiver, signature, seal, and then the whole payload once (deciphering, unpacking, every bound), so that
    /// next_line() cannot fail afterwards: a bundle is refused whole, before anything of it is used.
    /// Throws Error (refused) with `what` as the subject and a sentence that says which check failed.
    /// `known`, called at most once, now: where it finds nothing, or there is none, the first line of what is packed by known lines is
    /// all that can be read.
    BundleReader(BytesView bytes, std::string what, node::NodeName me, const Identity& receiver, const PublicKey& sender, const KnownLines& known = {});
    ~BundleReader();
    BundleReader(const BundleReader&) = delete;
    BundleReader& operator=(const BundleReader&) = delete;

    const BundleHeader& header() const { return header_; }
    const std::string& what() const { return what_; }
    /// The next line without its "\n", or nothing at the end. Lives until the next call.
    std::optional<std::string_view> next_line();
    /// The number of the line that next_line() gave last, from 1.
    std::int64_t line_number() const { return line_number_; }
    /// How many lines the bundle holds.
    std::int64_t lines() const { return lines_; }
    /// False: it is packed by lines that are not held here, and next_line() gives the first line alone.
    bool whole() const { return whole_; }

private:
    class Text;
    std::string what_;
    BundleHeader header_;
    std::unique_ptr<Text> text_;
    std::int64_t line_number_ = 0;
    std::int64_t lines_ = 0;
    bool whole_ = true;
};

}  // namespace paprsek::sync
