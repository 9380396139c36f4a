#include "sync/bundle.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sync/record_coder.h"
#include "tests/sync/forge.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

using test::contains;
using test::Pair;
using test::refusal;

BundleHeader header_for(const Pair& pair) {
    BundleHeader header;
    header.from = pair.name;
    header.epoch = 1;
    header.first = 5;
    header.last = 9;
    header.at = {1'772'500'000'000};
    return header;
}

Bytes small_bundle(Pair& pair, std::string_view text = "one\ntwo\n\nfour\n") {
    BundleWriter writer;
    writer.append(text);
    return writer.finish(header_for(pair), pair.branch, pair.hq.public_key(), pair.random);
}

std::string read_all(const Pair& pair, BytesView bytes) {
    BundleReader reader(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
    std::string text;
    while (const auto line = reader.next_line()) text.append(*line) += '\n';
    return text;
}

std::string refused(const Pair& pair, BytesView bytes) {
    return refusal([&] { read_all(pair, bytes); });
}

}  // namespace

TEST_CASE("a bundle gives its lines back, and its header to anybody") {
    Pair pair;
    const Bytes bytes = small_bundle(pair);
    CHECK(read_all(pair, bytes) == "one\ntwo\n\nfour\n");

    const BundleHeader header = read_header(bytes, "b");
    CHECK(header.kind == BundleKind::facts);
    CHECK(header.from == pair.name);
    CHECK(header.to == node::hq_node);
    CHECK(header.epoch == 1);
    CHECK(header.first == 5);
    CHECK(header.last == 9);
    CHECK(header.at.ms == 1'772'500'000'000);
    CHECK(header.payload_bytes == 14);
    CHECK(header.bundle_bytes == bytes.size());
    CHECK_FALSE(header.sender);

    BundleReader reader(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
    CHECK(reader.lines() == 4);
    CHECK(reader.next_line() == "one");
    CHECK(reader.line_number() == 1);
    CHECK(reader.next_line() == "two");
    CHECK(reader.next_line() == "");
    CHECK(reader.line_number() == 3);
    CHECK(reader.next_line() == "four");
    CHECK_FALSE(reader.next_line());
    CHECK_FALSE(reader.next_line());
}

TEST_CASE("the same text and randomness give the same bytes, and nothing of the text is in them") {
    Pair one, same;
    const std::string text(200, 'q');
    const Bytes bytes = small_bundle(one, text + "\n");
    CHECK(bytes == small_bundle(same, text + "\n"));
    CHECK(bytes != small_bundle(one, text + "\n"));  // the randomness went on
    CHECK_FALSE(contains(std::string(bytes.begin(), bytes.end()), "qqqq"));
}

TEST_CASE("large texts: every way of packing, and lines across chunks") {
    Pair pair;
    test::SeededRandom random(3);
    for (const std::size_t size : {std::size_t{100}, std::size_t{700'000}, std::size_t{3'000'000}, std::size_t{10'000'000}}) {
        BundleWriter writer;
        std::string text;
        while (text.size() < size) text += fmt::format("{:x}\t{}\n", random.next(), std::string(static_cast<std::size_t>(random.below(400)), 'a'));
        for (std::size_t at = 0; at < text.size(); at += 100'001) writer.append(std::string_view(text).substr(at, 100'001));
        CHECK(writer.payload_bytes() == text.size());
        const Bytes bytes = writer.finish(header_for(pair), pair.branch, pair.hq.public_key(), pair.random);
        CHECK(read_all(pair, bytes) == text);
    }
}

TEST_CASE("every changed bit is refused") {
    Pair pair;
    const Bytes good = small_bundle(pair);
    REQUIRE(refused(pair, good).empty());
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const int change : {0x01, 0x20, 0x80, 0xFF}) {
            Bytes bad = good;
            bad[i] = static_cast<unsigned char>(bad[i] ^ change);
            const std::string said = refused(pair, bad);
            INFO("byte ", i, " change ", change);
            CHECK_FALSE(said.empty());
            CHECK(said.starts_with("b"));
        }
    }
    Bytes long_header = good;
    long_header[18] = 0x20;  // a header that would end behind the bundle
    CHECK(contains(refused(pair, long_header), "its parts do not fit its length"));
    Bytes flipped = good;
    flipped[good.size() / 2] ^= 1;
    CHECK(contains(refused(pair, flipped), "b: was changed or damaged on the way"));
}

TEST_CASE("a bundle cut anywhere is refused, and so is one with more behind it") {
    Pair pair;
    const Bytes good = small_bundle(pair, std::string(3000, 'x') + "\n");
    REQUIRE(good.size() < 999);  // below, numbers without separators
    for (std::size_t size = 0; size < good.size(); ++size) {
        const std::string said = refused(pair, BytesView(good).first(size));
        INFO("size ", size);
        CHECK(contains(said, size == 0 ? "is empty" : "is cut: "));
    }
    const Bytes large = test::bundle_of(pair, test::make_sales(100, 1));
    CHECK(contains(refused(pair, BytesView(large).first(1234)), fmt::format("is cut: 1,234 of {},{:03} bytes", large.size() / 1000, large.size() % 1000)));
    Bytes longer = good;
    longer.push_back('\n');
    CHECK(contains(refused(pair, longer), fmt::format("was changed or damaged on the way: {} bytes instead of {}", longer.size(), good.size())));
}

TEST_CASE("what is no bundle, or a later one, is named") {
    Pair pair;
    CHECK(contains(refused(pair, bytes_of("code,name,price\n1,Rohlík,2.90\n")), "is not a Paprsek bundle"));
    test::Forgery forgery{test::header_of(pair, 2), test::zstd_pack("x\n")};
    forgery.version = 5;
    CHECK(contains(refused(pair, test::forge(pair, forgery)), "is of format 5, this program reads formats 1 to 4"));
    forgery.version = 2;
    CHECK(contains(refused(pair, test::forge(pair, forgery)), "does not unpack"));
    forgery.header = test::header_of(pair, max_record_bytes + 1);
    forgery.packed.resize(40'000);
    CHECK(contains(refused(pair, test::forge(pair, forgery)), "holds more than 33,554,432 bytes of text in this format"));
    Bytes huge = test::forge(pair, {test::header_of(pair, 2), test::zstd_pack("x\n")});
    huge[12] = 0x09;  // 0x09000000 bytes and more: beyond 128 MiB
    CHECK(contains(refused(pair, huge), "is too large"));
}

TEST_CASE("another's bundle is refused with whose it is") {
    Pair pair;
    const Bytes bytes = small_bundle(pair);
    test::SeededRandom random(99);
    const Identity stranger = Identity::make(random);
    const auto open = [&](node::NodeName me, const Identity& receiver, const PublicKey& sender) {
        return refusal([&] { BundleReader reader(bytes, "b", me, receiver, sender); });
    };
    CHECK(open(node::hq_node, pair.hq, pair.branch.public_key()).empty());
    CHECK(contains(open({4, 1}, pair.hq, pair.branch.public_key()), "b: is for HQ, this is node 4.1"));
    CHECK(contains(open(node::hq_node, stranger, pair.branch.public_key()), "is sealed to another key than that of HQ"));
    CHECK(contains(open(node::hq_node, pair.hq, stranger.public_key()), "is signed by another key than that of node 3.1 known here"));

    BundleHeader header = header_for(pair);
    header.kind = BundleKind::state;
    header.from = node::hq_node;
    header.to = {4, 1};
    BundleWriter writer;
    writer.append("x\n");
    const Bytes reply = writer.finish(header, pair.hq, pair.branch.public_key(), pair.random);
    CHECK(contains(refusal([&] { BundleReader reader(reply, "b", pair.name, pair.branch, pair.hq.public_key()); }), "b: is for node 4.1, this is node 3.1"));
}

TEST_CASE("fingerprints in the header are not believed: a stranger's signature fails") {
    Pair pair;
    Pair stranger;
    test::SeededRandom random(12345);
    stranger.branch = Identity::make(random);
    // The stranger knows HQ's public key and names the branch's fingerprint.
    const Bytes bytes = test::forge(stranger, {test::header_of(pair, 2), test::zstd_pack("x\n")});
    CHECK(contains(refused(pair, bytes), "was changed or damaged on the way"));
    // HQ's fingerprint, but sealed to the stranger.
    Pair misled = pair;
    misled.hq = Identity::make(random);
    CHECK(contains(refused(pair, test::forge(misled, {test::header_of(pair, 2), test::zstd_pack("x\n")})), "its seal does not open"));
}

TEST_CASE("the specification page is enough to write a bundle; fields of a later program are ignored") {
    Pair pair;
    CHECK(read_all(pair, test::forge(pair, {test::header_of(pair, 4), test::zstd_pack("a\nb\n")})) == "a\nb\n");
    const std::string later = test::header_of(pair, 4, R"("colour":"red","nested":{"deep":[1,2,3]},)");
    CHECK(read_all(pair, test::forge(pair, {later, test::zstd_pack("a\nb\n")})) == "a\nb\n");
    test::Forgery pieces{test::header_of(pair, 4), test::zstd_pack("a\nb\n")};
    CHECK(read_all(pair, test::forge(pair, pieces)) == "a\nb\n");
}

TEST_CASE("a header that does not have the form is refused with the field") {
    Pair pair;
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string header = test::header_of(pair, 2);
        header.replace(header.find(from), from.size(), to);
        return refused(pair, test::forge(pair, {header, test::zstd_pack("x\n")}));
    };
    CHECK(with("\"first\":1", "\"first\":1").empty());
    CHECK(contains(with("\"from\":\"3.1\"", "\"from\":\"three\""), "\"from\" is no node's name"));
    CHECK(contains(with("\"first\":1", "\"first\":-1"), "\"first\" is negative"));
    CHECK(contains(with("\"first\":1", "\"first\":7"), "\"last\" is before \"first\""));
    CHECK(contains(with("\"kind\":\"facts\"", "\"kind\":\"dance\""), "holds \"dance\", which this program does not know"));
    CHECK(contains(with("\"epoch\":1,", ""), "\"epoch\" is missing"));
    CHECK(contains(with("{", "["), "is not JSON"));
    CHECK(
        contains(refused(pair, test::forge(pair, {test::header_of(pair, 2, "\"x\":\"" + std::string(max_header_bytes, 'x') + "\","), test::zstd_pack("x\n")})),
                 "parts do not fit"));
}

TEST_CASE("a payload that lies about itself is refused whole, though its sender signed it") {
    Pair pair;
    const auto refused_for = [&](const test::Forgery& forgery) { return refused(pair, test::forge(pair, forgery)); };
    CHECK(contains(refused_for({test::header_of(pair, 3), test::zstd_pack("a\nb\n")}), "unpacks to more than the 3 bytes"));
    CHECK(contains(refused_for({test::header_of(pair, 5), test::zstd_pack("a\nb\n")}), "unpacks to 4 bytes, its header names 5"));
    CHECK(contains(refused_for({test::header_of(pair, 3), test::zstd_pack("a\nb")}), "ends in the middle of a line"));
    CHECK(contains(refused_for({test::header_of(pair, 4), {1, 2, 3, 4, 5}}), "does not unpack"));

    Bytes cut = test::zstd_pack("a\nb\n");
    cut.pop_back();
    CHECK(contains(refused_for({test::header_of(pair, 4), cut}), "ends in the middle of its text"));
    Bytes twice = test::zstd_pack("a\nb\n");
    const Bytes more = test::zstd_pack("c\n");
    twice.insert(twice.end(), more.begin(), more.end());
    CHECK(contains(refused_for({test::header_of(pair, 4), twice}), "holds more than its text"));

    test::Forgery unbound{test::header_of(pair, 4), test::zstd_pack("a\nb\n")};
    unbound.bind_header = false;
    CHECK(contains(refused_for(unbound), "cannot be deciphered"));
    test::Forgery open_end{test::header_of(pair, 4), test::zstd_pack("a\nb\n")};
    open_end.final_tag = false;
    CHECK(contains(refused_for(open_end), "does not end where its cipher ends"));
    test::Forgery odd_chunks{test::header_of(pair, 4), test::zstd_pack("a\nb\n"), 5};
    CHECK(contains(refused_for(odd_chunks), "cannot be deciphered"));
}

TEST_CASE("zip bombs, long lines and greedy windows are refused") {
    Pair pair;
    const std::string zeros(60u << 20, '\n');
    const Bytes bomb = test::zstd_pack(zeros);
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, zeros.size()), bomb})), "is a zip bomb"));
    // One that understates its size is stopped there, without unpacking the rest.
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, 1000), bomb})), "unpacks to more than the 1,000 bytes"));
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, max_payload_bytes + 1), bomb})),
                   "unpacks to 1,073,741,825 bytes, at most 1,073,741,824"));

    test::SeededRandom random(4);
    std::string line;
    while (line.size() < max_line_bytes) line += static_cast<char>('a' + random.below(26));
    CHECK(refused(pair, test::forge(pair, {test::header_of(pair, line.size() + 1), test::zstd_pack(line + "\n")})).empty());
    line += 'x';
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, line.size() + 1), test::zstd_pack(line + "\n")})), "holds a line longer than"));
    line += line;
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, line.size()), test::zstd_pack(line)})), "holds a line longer than"));

    std::string noise;
    while (noise.size() < (1u << 20)) noise += fmt::format("{:x}\n", random.next());
    CHECK(refused(pair, test::forge(pair, {test::header_of(pair, noise.size()), test::zstd_pack(noise, 3, max_window_log)})).empty());
    CHECK(contains(refused(pair, test::forge(pair, {test::header_of(pair, noise.size()), test::zstd_pack(noise, 3, max_window_log + 1)})),
                   "bytes of memory to unpack"));
}

}  // namespace paprsek::sync
