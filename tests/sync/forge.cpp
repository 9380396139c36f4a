#include "tests/sync/forge.h"

#include <fmt/format.h>
#include <sodium.h>
#include <zstd.h>

#include <algorithm>
#include <stdexcept>

namespace paprsek::sync::test {
namespace {

void put(Bytes& bytes, BytesView more) {
    for (const unsigned char byte : more) bytes.push_back(byte);
}

void put_number(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) bytes.push_back(static_cast<unsigned char>(value >> (8 * i)));
}

}  // namespace

Bytes zstd_pack(std::string_view text, int level, int window_log) {
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    if (window_log) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    // In two steps, so that zstd does not know the size beforehand and keeps the window as it was asked for.
    Bytes packed(ZSTD_compressBound(text.size()) + 1000);
    ZSTD_outBuffer out{packed.data(), packed.size(), 0};
    ZSTD_inBuffer first{text.data(), text.size() / 2, 0}, second{text.data() + text.size() / 2, text.size() - text.size() / 2, 0};
    ZSTD_compressStream2(context, &out, &first, ZSTD_e_continue);
    const std::size_t left = ZSTD_compressStream2(context, &out, &second, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    if (left != 0 || first.pos != first.size) throw std::runtime_error("zstd");
    packed.resize(out.pos);
    return packed;
}

std::string header_of(const Pair& pair, std::uint64_t payload_bytes, std::string_view more) {
    return fmt::format(
        R"({{{}"at":1772500000000,"bytes":{},"epoch":1,"first":1,"from":"3.1","from_key":"{}","kind":"facts","last":0,"to":"0.0","to_key":"{}"}})", more,
        payload_bytes, fingerprint(pair.branch.public_key()), fingerprint(pair.hq.public_key()));
}

Bytes forge(Pair& pair, const Forgery& forgery) {
    const std::size_t chunks = (forgery.packed.size() + forgery.chunk - 1) / forgery.chunk;
    Bytes bundle;
    put(bundle, bytes_of("PAPRSEK"));
    bundle.push_back(forgery.version);
    put_number(bundle, 20 + forgery.header.size() + 80 + 24 + forgery.packed.size() + 17 * chunks + 64, 8);
    put_number(bundle, forgery.header.size(), 4);
    put(bundle, bytes_of(forgery.header));
    const Bytes clear = bundle;

    unsigned char key[32], sealed[80], receiver[32], header[24];
    pair.random.fill(key);
    if (crypto_sign_ed25519_pk_to_curve25519(receiver, pair.hq.public_key().bytes.data()) != 0) throw std::runtime_error("key");
    crypto_box_seal(sealed, key, sizeof key, receiver);
    put(bundle, sealed);
    crypto_secretstream_xchacha20poly1305_state state;
    crypto_secretstream_xchacha20poly1305_init_push(&state, header, key);
    put(bundle, header);
    for (std::size_t i = 0; i < chunks; ++i) {
        const std::size_t from = i * forgery.chunk, size = std::min(forgery.chunk, forgery.packed.size() - from);
        Bytes chunk(size + 17);
        const bool last = i + 1 == chunks && forgery.final_tag;
        const bool bound = i == 0 && forgery.bind_header;
        crypto_secretstream_xchacha20poly1305_push(&state, chunk.data(), nullptr, forgery.packed.data() + from, size, clear.data(), bound ? clear.size() : 0,
                                                   last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
        put(bundle, chunk);
    }
    put(bundle, pair.branch.sign(bundle));
    return bundle;
}

}  // namespace paprsek::sync::test
