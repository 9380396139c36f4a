#include <doctest/doctest.h>

#include "sync/message.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

using test::contains;
using test::refusal;

Invitation invitation_of(test::Pair& pair) {
    return {pair.name, make_secret(pair.random), "Řetězec \"U Kotvy\"", pair.hq.public_key(), "https://hq.example:8443", "CZK"};
}

EnrolmentAnswer answer_of(test::Pair& pair, const std::string& secret) {
    return {pair.name, "Kotva 3", "CZK", "Europe/Prague", pair.branch.public_key(), proof_of(secret, pair.name, pair.branch.public_key())};
}

}  // namespace

TEST_CASE("an invitation comes back from its file; unknown fields are ignored") {
    test::Pair pair;
    Invitation invitation = invitation_of(pair);
    for (int i = 0; i < 2; ++i) {
        std::string text = print(invitation);
        text.insert(text.find('{') + 1, "\"later\": [1, 2],");
        const Invitation read = parse_invitation(text, "invite.json");
        CHECK(read.node == invitation.node);
        CHECK(read.secret == invitation.secret);
        CHECK(read.hq_name == invitation.hq_name);
        CHECK(read.hq_key == invitation.hq_key);
        CHECK(read.url == invitation.url);
        CHECK(read.currency == invitation.currency);
        invitation.url.reset();
    }
}

TEST_CASE("a file that is no invitation is refused with the field") {
    test::Pair pair;
    const std::string good = print(invitation_of(pair));
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        REQUIRE(text.find(from) != std::string::npos);
        text.replace(text.find(from), from.size(), to);
        return refusal([&] { parse_invitation(text, "invite.json"); });
    };
    CHECK(with("CZK", "RON").empty());
    CHECK(contains(with("\"invitation\"", "\"letter\""), "invite.json: is no invitation"));
    CHECK(contains(with("\"invitation\": 1", "\"invitation\": 2"), "of a newer HQ"));
    CHECK(contains(with("\"3.1\"", "\"0.0\""), "\"node\" is no node's name"));
    CHECK(contains(with("\"3.1\"", "\"3\""), "\"node\" is no node's name"));
    CHECK(contains(with("\"secret\": \"", "\"secret\": \"x"), "\"secret\" is not 64 hexadecimal digits"));
    CHECK(contains(with(to_hex(pair.hq.public_key()), std::string(64, '0')), "\"hq_key\" is no public key"));
    CHECK(contains(with("\"CZK\"", "\"\""), "\"currency\" is empty"));
    CHECK(contains(refusal([] { parse_invitation("", "invite.json"); }), "is not JSON"));
    CHECK(contains(refusal([] { parse_invitation(std::string(100'000, ' '), "invite.json"); }), "is longer than"));
}

TEST_CASE("an answer shows HQ key and invitation; the key comes with it") {
    test::Pair pair;
    const std::string secret = make_secret(pair.random);
    const EnrolmentAnswer answer = answer_of(pair, secret);
    const Bytes bytes = write_enrolment(answer, {1'772'500'000'000}, pair.branch, pair.hq.public_key(), pair.random);
    const BundleHeader header = read_header(bytes, "b");
    CHECK(header.kind == BundleKind::enrolment);
    REQUIRE(header.sender);
    BundleReader bundle(bytes, "b", node::hq_node, pair.hq, *header.sender);
    const EnrolmentAnswer read = read_enrolment(bundle);
    CHECK(read.node == answer.node);
    CHECK(read.name == answer.name);
    CHECK(read.currency == answer.currency);
    CHECK(read.time_zone == answer.time_zone);
    CHECK(read.key == answer.key);
    CHECK(proves(read, secret));
    CHECK_FALSE(contains(std::string(bytes.begin(), bytes.end()), secret));

    for (std::size_t i = 0; i < bytes.size(); ++i) {
        Bytes bad = bytes;
        bad[i] ^= 4;
        CHECK_FALSE(refusal([&] {
            const BundleHeader changed = read_header(bad, "b");
            REQUIRE(changed.kind == BundleKind::enrolment);
            BundleReader reader(bad, "b", node::hq_node, pair.hq, *changed.sender);
        }).empty());
    }
}

TEST_CASE("a proof holds for its secret, node and key only") {
    test::Pair pair;
    const std::string secret = make_secret(pair.random);
    CHECK(secret != make_secret(pair.random));
    EnrolmentAnswer answer = answer_of(pair, secret);
    CHECK(proves(answer, secret));
    CHECK_FALSE(proves(answer, make_secret(pair.random)));
    EnrolmentAnswer other = answer;
    other.node = {3, 2};
    CHECK_FALSE(proves(other, secret));
    other = answer;
    other.key = pair.hq.public_key();
    CHECK_FALSE(proves(other, secret));
    other = answer;
    other.proof.pop_back();
    CHECK_FALSE(proves(other, secret));
}

TEST_CASE("facts are no enrolment") {
    test::Pair pair;
    const Bytes bytes = test::bundle_of(pair, test::make_sales(1, 1));
    BundleReader bundle(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
    CHECK(contains(refusal([&] { read_enrolment(bundle); }), "b: holds facts, not an enrolment"));
}

}  // namespace paprsek::sync
