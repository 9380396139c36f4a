// Who a node is: an Ed25519 key pair that signs, and the X25519 pair derived from it that opens what is sealed to it
// (libsodium's conversion), so that 32 bytes are all that the two sides have to know of each other.
#pragma once
#include <array>
#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/random.h"
#include "sync/files.h"

namespace paprsek::sync {

/// An Ed25519 public key.
struct PublicKey {
    std::array<unsigned char, 32> bytes{};
    friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

std::string to_hex(const PublicKey& key);
/// Exactly 64 hexadecimal digits that are a usable key (a point of the prime-order group), else nothing.
std::optional<PublicKey> parse_public_key(std::string_view text);
/// The key's first 8 bytes in hexadecimal: tells keys apart in messages and headers, proves nothing.
std::string fingerprint(const PublicKey& key);

using Signature = std::array<unsigned char, 64>;
/// Whether `key`'s owner signed exactly `bytes`. Any thread.
bool verify(const PublicKey& key, BytesView bytes, const Signature& signature);

/// The file in a node's (or HQ's) folder that holds its identity.
inline constexpr const char* identity_file = "identity.key";

/// A key pair. Copies share nothing; memory is wiped when one goes. All const members may be called from any thread.
class Identity {
public:
    /// A new pair from 32 bytes of `random`.
    static Identity make(node::Random& random);
    static bool exists(const std::filesystem::path& folder);
    /// Reads FOLDER/identity.key. Throws Error: refused when it is missing, damaged, or readable for others than its owner.
    static Identity load(const std::filesystem::path& folder);
    /// Writes FOLDER/identity.key with mode 0600; durable on return. Refuses where there is one already: a lost key is a
    /// lost node.
    void save(const std::filesystem::path& folder) const;

    /// What that file holds, for a place that keeps secrets better than a folder could.
    std::string print() const;
    /// Reads that again. `what` names the place in messages.
    static Identity parse(std::string_view text, const std::string& what);

    Identity(const Identity&) = default;
    Identity& operator=(const Identity&) = default;
    ~Identity();

    const PublicKey& public_key() const { return public_; }
    Signature sign(BytesView bytes) const;
    /// Opens what was sealed to this identity (crypto_box_seal); false when it was not, or was changed. `opened` takes
    /// `sealed.size()` − 48 bytes.
    bool open_seal(BytesView sealed, std::span<unsigned char> opened) const;

private:
    explicit Identity(const std::array<unsigned char, 32>& seed);
    PublicKey public_;
    std::array<unsigned char, 64> secret_{};  ///< as crypto_sign: seed ‖ public key
};

/// Seals `message` to the owner of `receiver` in the very form of libsodium's crypto_box_seal (ephemeral key ‖ box, 48
/// bytes longer), but with the ephemeral pair made from `random`, so that a simulation repeats from its seed.
Bytes seal(BytesView message, const PublicKey& receiver, node::Random& random);

}  // namespace paprsek::sync
