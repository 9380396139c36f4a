#include "sync/keys.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cassert>

#include "node/base/error.h"
#include "schema/fact.h"

namespace paprsek::sync {
namespace {

constexpr std::string_view file_title = "paprsek key 1\n";

/// Idempotent; chooses the fast implementations for this processor.
void ready() {
    if (sodium_init() < 0) node::fail("encryption", "libsodium does not start on this computer");
}

/// The X25519 half of a public key; false for what is no usable key (not on the curve, of small order, outside the main group).
bool box_key(const PublicKey& key, std::array<unsigned char, crypto_box_PUBLICKEYBYTES>& box) {
    return crypto_sign_ed25519_pk_to_curve25519(box.data(), key.bytes.data()) == 0;
}

}  // namespace

std::string to_hex(const PublicKey& key) { return schema::to_hex(key.bytes); }

std::optional<PublicKey> parse_public_key(std::string_view text) {
    PublicKey key;
    std::array<unsigned char, crypto_box_PUBLICKEYBYTES> box;
    if (!schema::from_hex(text, key.bytes) || !box_key(key, box)) return std::nullopt;
    return key;
}

std::string fingerprint(const PublicKey& key) { return to_hex(key).substr(0, 16); }

bool verify(const PublicKey& key, BytesView bytes, const Signature& signature) {
    ready();
    return crypto_sign_verify_detached(signature.data(), bytes.data(), bytes.size(), key.bytes.data()) == 0;
}

Identity::Identity(const std::array<unsigned char, 32>& seed) {
    ready();
    crypto_sign_seed_keypair(public_.bytes.data(), secret_.data(), seed.data());
}

Identity::~Identity() { sodium_memzero(secret_.data(), secret_.size()); }

Identity Identity::make(node::Random& random) {
    std::array<unsigned char, 32> seed;
    random.fill(seed);
    const Identity identity(seed);
    sodium_memzero(seed.data(), seed.size());
    return identity;
}

bool Identity::exists(const std::filesystem::path& folder) { return std::filesystem::exists(folder / identity_file); }

Identity Identity::load(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / identity_file;
    Bytes bytes = read_whole(path, 1000);
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
        node::refuse(path.string(), "the secret key can be read by others", fmt::format("take the right away: chmod 600 {}", path.string()));

    const Identity identity = parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
    sodium_memzero(bytes.data(), bytes.size());
    return identity;
}

Identity Identity::parse(std::string_view text, const std::string& what) {
    std::array<unsigned char, 32> seed;
    const bool formed = text.size() == file_title.size() + 65 && text.starts_with(file_title) && text.back() == '\n' &&
                        schema::from_hex(text.substr(file_title.size(), 64), seed);
    if (!formed) node::refuse(what, "is damaged: it does not hold a key", "restore it from a backup, or enrol anew");
    const Identity identity(seed);
    sodium_memzero(seed.data(), seed.size());
    return identity;
}

std::string Identity::print() const {
    std::array<unsigned char, 32> seed;
    crypto_sign_ed25519_sk_to_seed(seed.data(), secret_.data());
    std::string text = fmt::format("{}{}\n", file_title, schema::to_hex(seed));
    sodium_memzero(seed.data(), seed.size());
    return text;
}

void Identity::save(const std::filesystem::path& folder) const {
    const std::filesystem::path path = folder / identity_file;
    if (exists(folder)) node::refuse(path.string(), "there is a key already");
    std::string text = print();
    write_atomically(path, bytes_of(text), FileMode::secret);
    sodium_memzero(text.data(), text.size());
}

Signature Identity::sign(BytesView bytes) const {
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, bytes.data(), bytes.size(), secret_.data());
    return signature;
}

bool Identity::open_seal(BytesView sealed, std::span<unsigned char> opened) const {
    if (sealed.size() < crypto_box_SEALBYTES || opened.size() != sealed.size() - crypto_box_SEALBYTES) return false;
    std::array<unsigned char, crypto_box_PUBLICKEYBYTES> box;
    std::array<unsigned char, crypto_box_SECRETKEYBYTES> box_secret;
    if (!box_key(public_, box)) return false;
    crypto_sign_ed25519_sk_to_curve25519(box_secret.data(), secret_.data());
    const bool ok = crypto_box_seal_open(opened.data(), sealed.data(), sealed.size(), box.data(), box_secret.data()) == 0;
    sodium_memzero(box_secret.data(), box_secret.size());
    return ok;
}

Bytes seal(BytesView message, const PublicKey& receiver, node::Random& random) {
    ready();
    std::array<unsigned char, crypto_box_PUBLICKEYBYTES> box, ephemeral;
    std::array<unsigned char, crypto_box_SECRETKEYBYTES> ephemeral_secret;
    std::array<unsigned char, crypto_box_SEEDBYTES> seed;
    const bool usable = box_key(receiver, box);
    assert(usable);  // parse_public_key and Identity make no other keys
    random.fill(seed);
    crypto_box_seed_keypair(ephemeral.data(), ephemeral_secret.data(), seed.data());

    // As libsodium's crypto_box_seal: the nonce is BLAKE2b-192 of both public keys.
    std::array<unsigned char, crypto_box_NONCEBYTES> nonce;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, nonce.size());
    crypto_generichash_update(&state, ephemeral.data(), ephemeral.size());
    crypto_generichash_update(&state, box.data(), box.size());
    crypto_generichash_final(&state, nonce.data(), nonce.size());

    Bytes sealed(message.size() + crypto_box_SEALBYTES);
    std::copy(ephemeral.begin(), ephemeral.end(), sealed.begin());
    const bool boxed =
        crypto_box_easy(sealed.data() + ephemeral.size(), message.data(), message.size(), nonce.data(), box.data(), ephemeral_secret.data()) == 0;
    assert(boxed);
    sodium_memzero(ephemeral_secret.data(), ephemeral_secret.size());
    sodium_memzero(seed.data(), seed.size());
    return sealed;
}

}  // namespace paprsek::sync
