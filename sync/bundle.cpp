#include "sync/bundle.h"

#include <fmt/format.h>
#include <sodium.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "node/base/error.h"
#include "node/base/json.h"
#include "sync/record_coder.h"

namespace paprsek::sync {
namespace {

// The layout; sync/BUNDLE.md draws it.
constexpr std::string_view magic = "PAPRSEK";
constexpr unsigned char zstd_format = 1, record_format = 2, known_format = 3, product_format = 4, newest_format = product_format;
constexpr std::size_t prefix_bytes = 20;  // magic 7, version 1, length of the bundle 8, length of the header 4
constexpr std::size_t key_bytes = crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr std::size_t sealed_key_bytes = key_bytes + crypto_box_SEALBYTES;
constexpr std::size_t stream_header_bytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t chunk_bytes = 64u << 10;  // of packed text; what must be in memory to check a seal
constexpr std::size_t chunk_overhead = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t signature_bytes = crypto_sign_BYTES;

// How hard zstd packs, by the size of the text; measured on sales of three lines (bytes a sale, and MB of text a second): a till's
// day or month waits at most about a second, a first load of HQ's state is not held up.
constexpr std::size_t small_text_bytes = 1u << 20;   // level 19: 2–3 MB/s
constexpr int small_level = 19;
constexpr std::size_t middle_text_bytes = 8u << 20;  // level 15: 9 MB/s, 10 % longer than level 19
constexpr int middle_level = 15;
constexpr int large_level = 12;                      // 40 MB/s; with long matches as short as level 15 (34 bytes a sale)
constexpr int large_window_log = 24;
constexpr std::size_t whole_text_bytes = max_record_bytes;  // what is longer is packed as it comes
constexpr int state_level = 5;                       // 100 MB/s, a quarter longer than level 12: a first load waits for it

/// A bundle's own key, wiped when it goes.
struct StreamKey {
    std::array<unsigned char, key_bytes> bytes{};
    ~StreamKey() { sodium_memzero(bytes.data(), bytes.size()); }
};

void put_big_endian(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) bytes.push_back(static_cast<unsigned char>(value >> (8 * i)));
}

void put(Bytes& bytes, BytesView more) {
    const std::size_t at = bytes.size();
    bytes.resize(at + more.size());
    std::copy(more.begin(), more.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint64_t big_endian(BytesView bytes) {
    std::uint64_t value = 0;
    for (const unsigned char byte : bytes) value = value << 8 | byte;
    return value;
}

/// "1,234,567"
std::string grouped(std::uint64_t value) {
    std::string digits = std::to_string(value);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string called(node::NodeName name) { return name == node::hq_node ? "HQ" : "node " + node::print(name); }

std::string print_header(const BundleHeader& header) {
    node::Json json = {{"at", header.at.ms},       {"bytes", header.payload_bytes}, {"from", node::print(header.from)}, {"from_key", header.sender_key},
                       {"kind", print(header.kind)}, {"to", node::print(header.to)},  {"to_key", header.receiver_key}};
    if (header.kind != BundleKind::enrolment) {
        json["epoch"] = header.epoch;
        json["first"] = header.first;
        json["last"] = header.last;
    }
    if (header.sender) json["key"] = to_hex(*header.sender);
    return node::canonical(json);
}

BundleKind parse_kind(const std::string& text, const std::string& what) {
    for (const BundleKind kind : {BundleKind::facts, BundleKind::state, BundleKind::enrolment})
        if (print(kind) == text) return kind;
    node::refuse(what, "holds \"" + text + "\", which this program does not know", "upgrade Paprsek here");
}

node::NodeName name_field(node::Fields& fields, const char* key) {
    const auto name = node::parse_node_name(fields.text(key));
    if (!name) fields.refuse_field(key, "is no node's name");
    return *name;
}

BundleHeader parse_header(std::string_view text, const std::string& what) {
    const std::string place = what + ", header";
    const node::Json json = node::parse_json(text, place, max_header_bytes);
    node::Fields fields(json, place);  // never fields.done(): a newer program may say more
    BundleHeader header;
    header.kind = parse_kind(fields.text("kind"), what);
    header.from = name_field(fields, "from");
    header.to = name_field(fields, "to");
    header.at = {fields.integer("at")};
    header.sender_key = fields.text("from_key");
    header.receiver_key = fields.text("to_key");
    header.payload_bytes = static_cast<std::uint64_t>(fields.count("bytes"));
    if (header.kind == BundleKind::enrolment) {
        header.sender = parse_public_key(fields.text("key"));
        if (!header.sender) fields.refuse_field("key", "is no public key");
    } else {
        header.epoch = fields.count("epoch");
        header.first = fields.count("first");
        header.last = fields.count("last");
        if (header.last < header.first - 1) fields.refuse_field("last", "is before \"first\"");
    }
    return header;
}

std::size_t header_length(BytesView bytes) { return static_cast<std::size_t>(big_endian(bytes.subspan(16, 4))); }

/// The parts of a bundle whose lengths have been checked.
struct Parts {
    BytesView clear, sealed_key, stream_header, chunks, signed_part;
    Signature signature;
};

/// `bytes` went through read_header().
Parts split(BytesView bytes) {
    const std::size_t key = prefix_bytes + header_length(bytes), stream = key + sealed_key_bytes, chunks = stream + stream_header_bytes;
    const std::size_t end = bytes.size() - signature_bytes;
    Parts parts{bytes.first(key), bytes.subspan(key, sealed_key_bytes), bytes.subspan(stream, stream_header_bytes),
                bytes.subspan(chunks, end - chunks), bytes.first(end), {}};
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(end), bytes.end(), parts.signature.begin());
    return parts;
}

}  // namespace

std::string_view print(BundleKind kind) {
    switch (kind) {
        case BundleKind::facts: return "facts";
        case BundleKind::state: return "state";
        case BundleKind::enrolment: return "enrolment";
    }
    return "";
}

BundleHeader read_clear_header(BytesView bytes, std::uint64_t size, const std::string& what) {
    const char* again = "copy or export it again";
    const std::size_t known = std::min(bytes.size(), magic.size());
    if (known == 0 || std::memcmp(bytes.data(), magic.data(), known) != 0)
        node::refuse(what, bytes.empty() ? "is empty" : "is not a Paprsek bundle", "choose a file that Paprsek exported");
    if (bytes.size() < prefix_bytes) node::refuse(what, fmt::format("is cut: only {} bytes are left of it", bytes.size()), again);
    if (bytes[magic.size()] < zstd_format || bytes[magic.size()] > newest_format)
        node::refuse(what, fmt::format("is of format {}, this program reads formats {} to {}", bytes[magic.size()], zstd_format, newest_format),
                     "upgrade Paprsek here");

    const std::uint64_t length = big_endian(bytes.subspan(8, 8));
    if (length > max_bundle_bytes || size > max_bundle_bytes)
        node::refuse(what, fmt::format("is too large: {} bytes, at most {}", grouped(std::max(length, size)), grouped(max_bundle_bytes)),
                     "export it in several parts");
    if (size < length) node::refuse(what, fmt::format("is cut: {} of {} bytes", grouped(size), grouped(length)), again);
    if (size > length) node::refuse(what, fmt::format("was changed or damaged on the way: {} bytes instead of {}", grouped(size), grouped(length)), again);

    const std::size_t header_bytes = header_length(bytes);
    const std::size_t least = prefix_bytes + sealed_key_bytes + stream_header_bytes + chunk_overhead + 1 + signature_bytes;
    if (header_bytes > max_header_bytes || size < least || header_bytes > size - least)
        node::refuse(what, "was changed or damaged on the way: its parts do not fit its length", again);
    BundleHeader header = parse_header({reinterpret_cast<const char*>(bytes.data()) + prefix_bytes, header_bytes}, what);
    header.bundle_bytes = length;
    return header;
}

BundleHeader read_header(BytesView bytes, const std::string& what) { return read_clear_header(bytes, bytes.size(), what); }

bool signed_by(BytesView bytes, const PublicKey& sender) {
    const Parts parts = split(bytes);
    return verify(sender, parts.signed_part, parts.signature);
}

// ----------------------------------------------------------------------------------------------------------------- writer

struct BundleWriter::Packer {
    ZSTD_CCtx* context = ZSTD_createCCtx();
    std::string start;  ///< the text's beginning, kept until it is known whether it stays small
    bool streaming = false;
    std::uint64_t payload_bytes = 0;
    unsigned char format = zstd_format;
    Bytes packed;
    std::vector<std::string> known;
    bool products = false;

    Packer() { assert(context); }
    ~Packer() { ZSTD_freeCCtx(context); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    void set(ZSTD_cParameter parameter, int value) {
        const std::size_t result = ZSTD_CCtx_setParameter(context, parameter, value);
        assert(!ZSTD_isError(result));
    }

    void pack(std::string_view text, ZSTD_EndDirective directive) {
        ZSTD_inBuffer in{text.data(), text.size(), 0};
        for (;;) {
            const std::size_t before = packed.size();
            packed.resize(before + ZSTD_CStreamOutSize());
            ZSTD_outBuffer out{packed.data() + before, packed.size() - before, 0};
            const std::size_t left = ZSTD_compressStream2(context, &out, &in, directive);
            if (ZSTD_isError(left)) node::fail("the bundle", fmt::format("packing failed: {}", ZSTD_getErrorName(left)));
            packed.resize(before + out.pos);
            if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
        }
    }

    void set_large() {
        set(ZSTD_c_compressionLevel, large_level);
        set(ZSTD_c_windowLog, large_window_log);
        set(ZSTD_c_enableLongDistanceMatching, 1);
    }

    void start_streaming() {
        streaming = true;
        set_large();
        pack(start, ZSTD_e_continue);
        start = {};
    }

    void append(std::string_view text) {
        payload_bytes += text.size();
        if (payload_bytes > max_payload_bytes)
            node::refuse("the bundle", fmt::format("holds more than {} bytes of text", grouped(max_payload_bytes)), "export less at a time");
        if (!streaming && start.size() + text.size() > whole_text_bytes) start_streaming();
        if (streaming)
            pack(text, ZSTD_e_continue);
        else
            start += text;
    }

    bool pack_facts() {
        auto records = pack_records(start);
        auto by_known = known.empty() ? std::nullopt : pack_records(start, known);
        const bool shorter = by_known && (!records || by_known->size() < records->size());
        if (!shorter && !records) return false;
        packed = std::move(shorter ? *by_known : *records);
        format = !shorter ? record_format : products ? product_format : known_format;
        return true;
    }

    void end(BundleKind kind) {
        // Only where there are facts: an exchange with nothing new is not to learn a packing first.
        if (kind == BundleKind::facts && !streaming && start.find('\n') + 1 < start.size() && pack_facts()) return;
        if (!streaming && start.size() <= small_text_bytes)
            set(ZSTD_c_compressionLevel, small_level);
        else if (!streaming && kind == BundleKind::state)
            set(ZSTD_c_compressionLevel, state_level);
        else if (!streaming && start.size() <= middle_text_bytes)
            set(ZSTD_c_compressionLevel, middle_level);
        else if (!streaming)
            set_large();
        pack(start, ZSTD_e_end);
    }
};

BundleWriter::BundleWriter() : packer_(std::make_unique<Packer>()) {}
BundleWriter::~BundleWriter() = default;
void BundleWriter::append(std::string_view text) { packer_->append(text); }
std::uint64_t BundleWriter::payload_bytes() const { return packer_->payload_bytes; }
void BundleWriter::know(std::vector<std::string> lines, bool products) {
    packer_->known = std::move(lines);
    packer_->products = products;
}

Bytes BundleWriter::finish(BundleHeader header, const Identity& sender, const PublicKey& receiver, node::Random& random) {
    packer_->end(header.kind);
    const BytesView packed = packer_->packed;
    const std::size_t chunks = (packed.size() + chunk_bytes - 1) / chunk_bytes;

    header.sender_key = fingerprint(sender.public_key());
    header.receiver_key = fingerprint(receiver);
    header.payload_bytes = packer_->payload_bytes;
    if (header.kind == BundleKind::enrolment) header.sender = sender.public_key();
    const std::string clear = print_header(header);
    header.bundle_bytes = prefix_bytes + clear.size() + sealed_key_bytes + stream_header_bytes + packed.size() + chunks * chunk_overhead + signature_bytes;
    if (header.bundle_bytes > max_bundle_bytes)
        node::refuse("the bundle", fmt::format("would be {} bytes long, at most {}", grouped(header.bundle_bytes), grouped(max_bundle_bytes)),
                     "export less at a time");

    Bytes bundle;
    bundle.reserve(header.bundle_bytes);
    put(bundle, bytes_of(magic));
    bundle.push_back(packer_->format);
    put_big_endian(bundle, header.bundle_bytes, 8);
    put_big_endian(bundle, clear.size(), 4);
    put(bundle, bytes_of(clear));
    const Bytes bound = bundle;  // the clear part, authenticated together with the first chunk

    StreamKey key;
    random.fill(key.bytes);
    put(bundle, seal(key.bytes, receiver, random));
    std::array<unsigned char, stream_header_bytes> stream_header;
    random.fill(stream_header);
    put(bundle, stream_header);

    // init_push would draw the stream's header itself; init_pull makes the same state from ours.
    crypto_secretstream_xchacha20poly1305_state stream;
    crypto_secretstream_xchacha20poly1305_init_pull(&stream, stream_header.data(), key.bytes.data());
    for (std::size_t i = 0; i < chunks; ++i) {
        const BytesView chunk = packed.subspan(i * chunk_bytes, std::min(chunk_bytes, packed.size() - i * chunk_bytes));
        const std::size_t at = bundle.size();
        bundle.resize(at + chunk.size() + chunk_overhead);
        const unsigned char tag = i + 1 == chunks ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
        crypto_secretstream_xchacha20poly1305_push(&stream, bundle.data() + at, nullptr, chunk.data(), chunk.size(), bound.data(), i == 0 ? bound.size() : 0,
                                                   tag);
    }
    sodium_memzero(&stream, sizeof stream);

    put(bundle, sender.sign(bundle));
    assert(bundle.size() == header.bundle_bytes);
    return bundle;
}

// ----------------------------------------------------------------------------------------------------------------- reader

/// The text, deciphered and unpacked piece by piece; can start again from the beginning.
class BundleReader::Text {
public:
    Text(std::string what, const Parts& parts, const StreamKey& key, std::uint64_t payload_bytes, FindLines find)
        : what_(std::move(what)), parts_(parts), key_(key), records_(parts.clear[magic.size()] != zstd_format), find_(std::move(find)),
          payload_bytes_(payload_bytes), context_(ZSTD_createDCtx()) {
        assert(context_);
        const std::size_t result = ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, max_window_log);
        assert(!ZSTD_isError(result));
        restart();
    }
    ~Text() {
        ZSTD_freeDCtx(context_);
        sodium_memzero(&stream_, sizeof stream_);
    }
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;

    void restart() {
        begin_ = searched_ = 0;
        if (kept_) return;
        crypto_secretstream_xchacha20poly1305_init_pull(&stream_, parts_.stream_header.data(), key_.bytes.data());
        ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
        chunks_ = parts_.chunks;
        first_chunk_ = true;
        frame_ended_ = false;
        in_ = {plain_.data(), 0, 0};
        produced_ = 0;
        text_.clear();
    }

    /// Call when all lines were read once.
    bool whole() const { return whole_; }

    std::optional<std::string_view> line() {
        for (;;) {
            const std::size_t end = text_.find('\n', searched_);
            if (end != std::string::npos) {
                const std::string_view found = std::string_view(text_).substr(begin_, end - begin_);
                if (found.size() > max_line_bytes) refuse_long_line();
                begin_ = searched_ = end + 1;
                return found;
            }
            if (text_.size() - begin_ > max_line_bytes) refuse_long_line();
            if (kept_) {
                if (begin_ != text_.size()) refuse_payload("ends in the middle of a line");
                return std::nullopt;
            }
            if (records_) {
                unpack_records_once();
                continue;
            }
            text_.erase(0, begin_);
            begin_ = 0;
            searched_ = text_.size();
            if (!unpack_more()) return std::nullopt;
        }
    }

private:
    [[noreturn]] void refuse_payload(const std::string& why) const {
        node::refuse(what_, why, "it was written by a faulty program; tell who looks after Paprsek");
    }
    [[noreturn]] void refuse_long_line() const { refuse_payload(fmt::format("holds a line longer than {} bytes", grouped(max_line_bytes))); }

    /// All the text, which is short enough to be kept for the second pass.
    void unpack_records_once() {
        if (payload_bytes_ > max_record_bytes)
            refuse_payload(fmt::format("holds more than {} bytes of text in this format", grouped(max_record_bytes)));
        Bytes packed;
        while (!chunks_.empty()) {
            decipher_chunk();
            put(packed, BytesView(plain_).first(in_.size));
        }
        auto unpacked = unpack_records(packed, static_cast<std::size_t>(payload_bytes_), find_);
        if (!unpacked) refuse_payload("does not unpack");
        whole_ = unpacked->whole;
        text_ = std::move(unpacked->text);
        if (whole_ && text_.size() != payload_bytes_) refuse_length(text_.size());
        kept_ = true;
    }

    [[noreturn]] void refuse_length(std::uint64_t bytes) const {
        refuse_payload(fmt::format("unpacks to {} bytes, its header names {}", grouped(bytes), grouped(payload_bytes_)));
    }

    /// Appends some text; false at the end, which is checked.
    bool unpack_more() {
        for (;;) {
            if (in_.pos == in_.size && !frame_ended_ && !chunks_.empty()) decipher_chunk();
            if (frame_ended_) {
                check_end();
                return false;
            }
            const std::size_t before = text_.size();
            text_.resize(before + ZSTD_DStreamOutSize());
            ZSTD_outBuffer out{text_.data() + before, text_.size() - before, 0};
            const std::size_t left = ZSTD_decompressStream(context_, &out, &in_);
            text_.resize(before + out.pos);
            if (ZSTD_isError(left)) refuse_packing(left);
            produced_ += out.pos;
            if (produced_ > payload_bytes_) refuse_payload(fmt::format("unpacks to more than the {} bytes that its header names", grouped(payload_bytes_)));
            frame_ended_ = left == 0;
            if (out.pos > 0) return true;
            if (!frame_ended_ && in_.pos == in_.size && chunks_.empty()) refuse_payload("ends in the middle of its text");
        }
    }

    void decipher_chunk() {
        const std::size_t size = std::min(chunks_.size(), chunk_bytes + chunk_overhead);
        unsigned char tag = 0;
        const BytesView bound = first_chunk_ ? parts_.clear : BytesView{};
        if (size <= chunk_overhead ||
            crypto_secretstream_xchacha20poly1305_pull(&stream_, plain_.data(), nullptr, &tag, chunks_.data(), size, bound.data(), bound.size()) != 0)
            refuse_payload("cannot be deciphered");
        chunks_ = chunks_.subspan(size);
        first_chunk_ = false;
        if ((tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) != chunks_.empty()) refuse_payload("does not end where its cipher ends");
        in_ = {plain_.data(), size - chunk_overhead, 0};
    }

    void check_end() const {
        if (in_.pos != in_.size || !chunks_.empty()) refuse_payload("holds more than its text");
        if (produced_ != payload_bytes_) refuse_length(produced_);
        if (!text_.empty()) refuse_payload("ends in the middle of a line");
    }

    [[noreturn]] void refuse_packing(std::size_t error) const {
        switch (ZSTD_getErrorCode(error)) {
            case ZSTD_error_frameParameter_windowTooLarge:
                refuse_payload(fmt::format("needs more than {} bytes of memory to unpack", grouped(1ull << max_window_log)));
            case ZSTD_error_dictionary_wrong: node::refuse(what_, "is packed with a dictionary that this program does not have", "upgrade Paprsek here");
            default: refuse_payload(fmt::format("does not unpack: {}", ZSTD_getErrorName(error)));
        }
    }

    std::string what_;
    Parts parts_;
    StreamKey key_;
    bool records_;                      ///< packed by sync/record_coder.h, else by zstd
    FindLines find_;                    ///< what the records may be packed by
    bool kept_ = false;                 ///< records, unpacked: the text is all there, and stays for the second pass
    bool whole_ = true;                 ///< of records: not the first line alone
    std::uint64_t payload_bytes_;
    ZSTD_DCtx* context_;
    crypto_secretstream_xchacha20poly1305_state stream_{};
    BytesView chunks_;  ///< those still to come
    bool first_chunk_ = true, frame_ended_ = false;
    std::array<unsigned char, chunk_bytes> plain_{};  ///< the deciphered chunk
    ZSTD_inBuffer in_{};
    std::uint64_t produced_ = 0;
    std::string text_;  ///< unpacked, from `begin_` on not yet handed out, up to `searched_` without a line end
    std::size_t begin_ = 0, searched_ = 0;
};

BundleReader::BundleReader(BytesView bytes, std::string what, node::NodeName me, const Identity& receiver, const PublicKey& sender,
                           const KnownLines& known)
    : what_(std::move(what)), header_(read_header(bytes, what_)) {
    if (header_.to != me) node::refuse(what_, fmt::format("is for {}, this is {}", called(header_.to), called(me)), "take it there");
    // The fingerprints prove nothing; they tell an honest mix-up from damage.
    if (header_.sender_key != fingerprint(sender))
        node::refuse(what_, fmt::format("is signed by another key than that of {} known here", called(header_.from)),
                     "it comes from another chain, or the sender was set up anew");
    if (header_.receiver_key != fingerprint(receiver.public_key()))
        node::refuse(what_, fmt::format("is sealed to another key than that of {}", called(me)),
                     "it is for another chain, or from before this one was set up anew; export it again");
    const Parts parts = split(bytes);
    if (!verify(sender, parts.signed_part, parts.signature)) node::refuse(what_, "was changed or damaged on the way", "copy or export it again");

    StreamKey key;
    if (!receiver.open_seal(parts.sealed_key, key.bytes)) node::refuse(what_, "its seal does not open with the key of " + called(me), "export it again");
    if (header_.payload_bytes > max_payload_bytes)
        node::refuse(what_, fmt::format("unpacks to {} bytes, at most {}", grouped(header_.payload_bytes), grouped(max_payload_bytes)),
                     "export it in several parts");
    if (header_.payload_bytes > ratio_free_bytes + max_ratio * parts.chunks.size())
        node::refuse(what_, fmt::format("is a zip bomb: {} bytes would unpack to {}", grouped(parts.chunks.size()), grouped(header_.payload_bytes)));

    const bool by_known = bytes[magic.size()] >= known_format;
    if (by_known && header_.kind != BundleKind::facts) node::refuse(what_, fmt::format("is packed as only facts are, and holds {}", print(header_.kind)));
    const FindLines find = [&](std::string_view first_line) {
        return !by_known ? Lines() : known ? known(header_, first_line) : std::nullopt;
    };
    text_ = std::make_unique<Text>(what_, parts, key, header_.payload_bytes, find);
    while (text_->line()) ++lines_;
    whole_ = text_->whole();
    text_->restart();
}

BundleReader::~BundleReader() = default;

std::optional<std::string_view> BundleReader::next_line() {
    const auto line = text_->line();
    if (line) ++line_number_;
    return line;
}

}  // namespace paprsek::sync
