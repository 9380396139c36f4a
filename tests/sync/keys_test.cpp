#include "sync/keys.h"

#include <doctest/doctest.h>
#include <sodium.h>
#include <sys/stat.h>

#include "tests/sync/support.h"

namespace paprsek::sync {

TEST_CASE("an identity comes back from its file, which nobody else may read") {
    const test::TemporaryFolder folder;
    test::SeededRandom random(1);
    const Identity identity = Identity::make(random);
    CHECK_FALSE(Identity::exists(folder.path()));
    identity.save(folder.path());
    CHECK(Identity::exists(folder.path()));
    const std::filesystem::path path = folder.file(identity_file);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);

    const Identity loaded = Identity::load(folder.path());
    CHECK(loaded.public_key() == identity.public_key());
    CHECK(loaded.sign(bytes_of("text")) == identity.sign(bytes_of("text")));
    CHECK(test::contains(test::refusal([&] { identity.save(folder.path()); }), "there is a key already"));

    std::filesystem::permissions(path, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    CHECK(test::contains(test::refusal([&] { Identity::load(folder.path()); }), "can be read by others"));
}

TEST_CASE("a damaged or missing key file is refused") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.file(identity_file);
    CHECK(test::contains(test::refusal([&] { Identity::load(folder.path()); }), "there is no such file"));
    const std::string good = "paprsek key 1\n" + std::string(64, '7') + "\n";
    write_atomically(path, bytes_of(good), FileMode::secret);
    CHECK_NOTHROW(Identity::load(folder.path()));
    for (const std::string& bad :
         {std::string(), good.substr(1), good + "x", "paprsek key 1\n" + std::string(64, 'g') + "\n", good.substr(0, good.size() - 1)}) {
        write_atomically(path, bytes_of(bad), FileMode::secret);
        CHECK(test::contains(test::refusal([&] { Identity::load(folder.path()); }), "does not hold a key"));
    }
}

TEST_CASE("keys: the seed decides, hexadecimal comes back, what is no point is refused") {
    test::SeededRandom one(1), same(1), other(2);
    const Identity identity = Identity::make(one);
    CHECK(identity.public_key() == Identity::make(same).public_key());
    CHECK(identity.public_key() != Identity::make(other).public_key());
    const std::string text = to_hex(identity.public_key());
    CHECK(parse_public_key(text) == identity.public_key());
    CHECK(fingerprint(identity.public_key()) == text.substr(0, 16));
    CHECK_FALSE(parse_public_key(text.substr(1)));
    CHECK_FALSE(parse_public_key(std::string(64, '0')));                    // a point of order four
    CHECK_FALSE(parse_public_key("01" + std::string(62, '0')));             // the neutral element
    CHECK_FALSE(parse_public_key(std::string(64, 'f')));                    // not reduced
}

TEST_CASE("a signature holds for its text and its key only") {
    test::Pair pair;
    const Signature signature = pair.branch.sign(bytes_of("text"));
    CHECK(verify(pair.branch.public_key(), bytes_of("text"), signature));
    CHECK_FALSE(verify(pair.branch.public_key(), bytes_of("Text"), signature));
    CHECK_FALSE(verify(pair.hq.public_key(), bytes_of("text"), signature));
}

TEST_CASE("a seal is libsodium's own, repeats from the seed, and opens for its receiver only") {
    test::Pair pair;
    test::SeededRandom one(5), same(5);
    const Bytes sealed = seal(bytes_of("secret"), pair.hq.public_key(), one);
    CHECK(sealed == seal(bytes_of("secret"), pair.hq.public_key(), same));
    std::array<unsigned char, 6> opened{};
    REQUIRE(pair.hq.open_seal(sealed, opened));
    CHECK(std::string(opened.begin(), opened.end()) == "secret");
    CHECK_FALSE(pair.branch.open_seal(sealed, opened));

    unsigned char receiver[32];
    REQUIRE(crypto_sign_ed25519_pk_to_curve25519(receiver, pair.hq.public_key().bytes.data()) == 0);
    Bytes theirs(6 + crypto_box_SEALBYTES);
    crypto_box_seal(theirs.data(), bytes_of("secret").data(), 6, receiver);
    CHECK(pair.hq.open_seal(theirs, opened));
    theirs.back() ^= 1;
    CHECK_FALSE(pair.hq.open_seal(theirs, opened));
    CHECK_FALSE(pair.hq.open_seal(BytesView(theirs).first(20), opened));
}

}  // namespace paprsek::sync
