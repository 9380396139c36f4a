#include "sync/message.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "node/base/json.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

using test::contains;
using test::Pair;
using test::refusal;

const node::Instant noon{1'772'500'000'000};

/// A text from the branch to HQ, as UpWriter would frame it.
Bytes up_of(Pair& pair, std::string_view text, std::int64_t first, std::int64_t last, BundleKind kind = BundleKind::facts) {
    BundleHeader header;
    header.kind = kind;
    header.from = pair.name;
    header.epoch = 1;
    header.first = first;
    header.last = last;
    BundleWriter writer;
    writer.append(text);
    return writer.finish(header, pair.branch, pair.hq.public_key(), pair.random);
}

std::string read_up(const Pair& pair, const Bytes& bytes) {
    return refusal([&] {
        BundleReader bundle(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
        UpReader reader(bundle);
        while (reader.next()) {
        }
    });
}

std::string head_text(std::string_view after, std::string_view more = {}) {
    return fmt::format(R"({{"after":"{}","before":"{}","newest":9,{}"state":{{"epoch":1,"version":2}}}})", after, schema::to_hex(schema::genesis("3.1")),
                       more) +
           "\n";
}

Bytes down_of(Pair& pair, std::string_view rows, std::int64_t from, std::int64_t through, std::string_view more = {}) {
    BundleHeader header;
    header.kind = BundleKind::state;
    header.from = node::hq_node;
    header.to = pair.name;
    header.epoch = 1;
    header.first = from;
    header.last = through;
    BundleWriter writer;
    writer.append(fmt::format(R"({{"included":0,{}"receipt":{{"epoch":1,"hash":"{}","seq":0}}}})", more, schema::to_hex(schema::genesis("3.1"))) + "\n");
    writer.append(rows);
    return writer.finish(header, pair.hq, pair.branch.public_key(), pair.random);
}

std::string read_down(const Pair& pair, const Bytes& bytes) {
    return refusal([&] {
        BundleReader bundle(bytes, "b", pair.name, pair.branch, pair.hq.public_key());
        DownReader reader(bundle);
        while (reader.next()) {
        }
    });
}

/// A fact of kind `kind` after `previous`, with its hash.
schema::Fact fact_after(const schema::Fact* previous, std::int64_t at, std::string kind, std::string body) {
    schema::Fact fact{previous ? previous->seq + 1 : 1, at, std::move(kind), std::move(body), {}};
    fact.hash = schema::chain(previous ? previous->hash : schema::genesis("3.1"), fact.seq, fact.at, fact.kind, fact.body);
    return fact;
}

}  // namespace

TEST_CASE("facts come out as they went in, with their hashes") {
    Pair pair;
    const auto facts = test::make_sales(50, 2);
    const Bytes bytes = test::bundle_of(pair, facts);
    BundleReader bundle(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
    UpReader reader(bundle);
    CHECK(reader.head().node == pair.name);
    CHECK(reader.head().first == 1);
    CHECK(reader.head().last == 50);
    CHECK(reader.head().newest == 50);
    CHECK(reader.head().last_hash == facts.back().hash);
    CHECK(reader.head().cursor == StateCursor{1, 17});
    for (const schema::Fact& fact : facts) {
        const UpFact* read = reader.next();
        REQUIRE(read);
        CHECK(read->seq == fact.seq);
        CHECK(read->at == fact.at);
        CHECK(read->kind == fact.kind);
        CHECK(read->body == fact.body);
        CHECK(read->hash == fact.hash);
        CHECK(read->personal.empty());
    }
    CHECK_FALSE(reader.next());
}

TEST_CASE("an exchange with nothing new is small, both ways") {
    Pair pair;
    UpWriter up(pair.name, 2, 1001, schema::genesis("3.1"));
    const Bytes there = up.finish(1000, {1, 123'456}, noon, pair.branch, pair.hq.public_key(), pair.random);
    BundleReader bundle(there, "b", node::hq_node, pair.hq, pair.branch.public_key());
    UpReader reader(bundle);
    CHECK(reader.head().first == 1001);
    CHECK(reader.head().last == 1000);
    CHECK(reader.head().last_hash == reader.head().before);
    CHECK_FALSE(reader.next());

    DownWriter down(123'456);
    DownHead head;
    head.node = pair.name;
    head.receipt = {2, 1000, schema::genesis("3.1")};
    head.included = 1000;
    head.from_version = head.through_version = 123'456;
    const Bytes back = down.finish(head, noon, pair.hq, pair.branch.public_key(), pair.random);
    MESSAGE("nothing new: ", there.size(), " bytes up, ", back.size(), " bytes down");
    CHECK(there.size() <= 600);
    CHECK(back.size() <= 600);
}

TEST_CASE("personal texts travel with their fact and must agree with its digest") {
    Pair pair;
    const std::string personal = node::personal_body({"Nováková Žofie", "+420 737 557 505", "", "", ""}, std::string(32, '5'));
    const auto fact = fact_after(nullptr, 5, "customer.set", R"({"customer":"c1","digest":")" + node::digest_of(personal) + "\"}");
    UpWriter writer(pair.name, 1, 1, schema::genesis("3.1"));
    writer.add(fact.seq, fact.at, fact.kind, fact.body, fact.hash, personal);
    const Bytes bytes = writer.finish(1, {}, noon, pair.branch, pair.hq.public_key(), pair.random);
    BundleReader bundle(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
    UpReader reader(bundle);
    const UpFact* read = reader.next();
    REQUIRE(read);
    CHECK(read->body == fact.body);
    CHECK(read->personal == personal);

    const std::string line = "5\tcustomer.set\t" + fact.body + "\t";
    const auto with = [&](const std::string& texts) { return read_up(pair, up_of(pair, head_text(schema::to_hex(fact.hash)) + line + texts + "\n", 1, 1)); };
    CHECK(with(personal).empty());
    CHECK(contains(with(R"({"name":"Jiná","salt":"55"})"), "b, line 2: personal texts differ from their digest"));
    CHECK(contains(with("[]"), "personal texts are not a JSON object"));
    CHECK(contains(with("{\"x\":\"" + std::string(max_personal_bytes, 'x') + "\"}"), "personal texts are longer than"));
}

TEST_CASE("facts that do not have the form are refused with the line") {
    Pair pair;
    const auto one = fact_after(nullptr, 1000, "sale", "{}");
    const auto two = fact_after(&one, 900, "sale", R"({"number":2})");
    const std::string good = "1000\tsale\t{}\n-100\tsale\t{\"number\":2}\n";
    const auto with = [&](std::string_view text, std::int64_t last = 2) {
        return read_up(pair, up_of(pair, head_text(schema::to_hex(two.hash)) + std::string(text), 1, last));
    };
    CHECK(with(good).empty());
    CHECK(contains(with("1000\tsale\t{}\n-101\tsale\t{\"number\":2}\n"), "do not give the hash"));
    CHECK(contains(with("1000\tsale\t{}\n-100\tsale\t{\"number\":3}\n"), "do not give the hash"));
    CHECK(contains(with("1000\tsale\t{}\n"), "ends with fact 1, its header names 2"));
    CHECK(contains(with(good + "5\tsale\t{}\n"), "b, line 4: a fact after 2"));
    CHECK(contains(with("\n"), "b, line 2: a fact does not begin with its time"));
    CHECK(contains(with("9999999999999999999\tsale\t{}\n"), "does not begin with its time"));
    CHECK(contains(with("1 \tsale\t{}\n"), "does not begin with its time"));
    CHECK(contains(with("1\tSALE\t{}\n"), "kind does not have the form"));
    CHECK(contains(with("1\tsale\n"), "is not a JSON object"));
    CHECK(contains(with("1\tsale\t[]\n"), "is not a JSON object"));
    CHECK(contains(with("1\tsale\t{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}\n"), "nested at most 32 deep"));
    CHECK(contains(with("1\tsale\t{\"a\":\"" + std::string(schema::max_body_bytes, 'a') + "\"}\n"), "body is longer than"));
    // Unknown kinds are stored all the same; that is for HQ to decide.
    const auto strange = fact_after(nullptr, 1, "dance.begun", "{}");
    CHECK(read_up(pair, up_of(pair, head_text(schema::to_hex(strange.hash)) + "1\tdance.begun\t{}\n", 1, 1)).empty());
}

TEST_CASE("heads: unknown fields are ignored, wrong ones refused") {
    Pair pair;
    const auto fact = fact_after(nullptr, 1, "sale", "{}");
    const std::string line = "1\tsale\t{}\n", hash = schema::to_hex(fact.hash);
    CHECK(read_up(pair, up_of(pair, head_text(hash, R"("colour":["red"],)") + line, 1, 1)).empty());
    CHECK(contains(read_up(pair, up_of(pair, head_text("12ab") + line, 1, 1)), "\"after\" is no hash"));
    CHECK(contains(read_up(pair, up_of(pair, "{}\n", 1, 1)), "\"before\" is missing"));
    CHECK(contains(read_up(pair, up_of(pair, "sale\n", 1, 1)), "b, line 1: is not JSON"));
    CHECK(contains(read_up(pair, up_of(pair, head_text(hash) + line, 0, 0)), "they begin with 1"));
    CHECK(contains(read_up(pair, up_of(pair, head_text(hash) + line, 1, 1, BundleKind::enrolment)), "holds enrolment, not facts"));
    // The facts of one node are not another's: fact 1 begins with its node's genesis.
    Pair other;
    other.name = {4, 1};
    CHECK(contains(read_up(other, up_of(other, head_text(hash) + line, 1, 1)), "do not begin where the ledger of node 4.1 begins"));
    // … but a bundle from the middle begins anywhere; HQ compares it with what it holds.
    const auto second = fact_after(&fact, 2, "sale", "{}");
    UpWriter writer(pair.name, 1, 2, fact.hash);
    writer.add(2, 2, "sale", "{}", second.hash, {});
    CHECK(read_up(pair, writer.finish(2, {}, noon, pair.branch, pair.hq.public_key(), pair.random)).empty());
}

TEST_CASE("wishes for rights and the word of a restored ledger travel with the head, and are bounded") {
    Pair pair;
    UpRights rights{{{"c1", node::Points::of(150), node::Money::of(0)}, {"č\"2", node::Points::of(0), node::Money::of(9'000)}}, "0123abcd"};
    const Bytes there = UpWriter(pair.name, 1, 1, schema::genesis("3.1")).finish(0, {}, noon, pair.branch, pair.hq.public_key(), pair.random, {}, {}, rights);
    BundleReader bundle(there, "b", node::hq_node, pair.hq, pair.branch.public_key());
    CHECK(UpReader(bundle).head().rights == rights);

    DownHead head;
    head.node = pair.name;
    head.receipt = {1, 0, schema::genesis("3.1")};
    head.era = "2.17";
    head.renewed = "0123abcd";
    const Bytes back = DownWriter(0).finish(head, noon, pair.hq, pair.branch.public_key(), pair.random);
    BundleReader down(back, "b", pair.name, pair.branch, pair.hq.public_key());
    const DownReader reader(down);
    CHECK(reader.head().era == "2.17");
    CHECK(reader.head().renewed == "0123abcd");

    const auto up = [&](const std::string& more) { return read_up(pair, up_of(pair, head_text(schema::to_hex(schema::genesis("3.1")), more), 1, 0)); };
    CHECK(up(R"("wants":[],)").empty());
    std::string many = "[\"c\",1,0]";
    for (std::size_t i = 0; i < max_wants; ++i) many += R"(,["c",1,0])";
    for (const std::string& wrong : {std::string("5"), std::string(R"([["c",1]])"), std::string(R"([["c",-1,0]])"), std::string(R"([["c",1.5,0]])"),
                                     std::string(R"([[1,1,1]])"), std::string(R"([["c",1000000000000000001,0]])"), "[" + many + "]"}) {
        CAPTURE(wrong.substr(0, 40));
        CHECK(contains(up("\"wants\":" + wrong + ","), "\"wants\""));
    }
    CHECK(contains(up("\"restored\":\"" + std::string(65, 'x') + "\","), "\"restored\""));
    CHECK(contains(read_down(pair, down_of(pair, "", 0, 0, "\"era\":\"" + std::string(41, 'x') + "\",")), "\"era\""));
}

TEST_CASE("a damaged ledger does not travel") {
    Pair pair;
    auto fact = fact_after(nullptr, 1, "sale", "{}");
    fact.hash[0] ^= 1;
    UpWriter writer(pair.name, 1, 1, schema::genesis("3.1"));
    CHECK_THROWS_WITH_AS(writer.add(1, 1, "sale", "{}", fact.hash, {}), doctest::Contains("fact 1: the ledger is damaged"), node::Error);
}

TEST_CASE("state rows come out as they went in") {
    Pair pair;
    const std::vector<node::StateRow> rows = {
        {"group", "pivo\ta \"víno\"\n\\", 11, R"({"name":"x"})"}, {"product", "8594001021239", 11, ""}, {"customer", "c1", 40, R"({"points":1})"}};
    DownWriter writer(10);
    CHECK(writer.through() == 10);
    for (const auto& row : rows) writer.add(row);
    CHECK(writer.through() == 40);
    DownHead head;
    head.node = pair.name;
    head.hq_epoch = 3;
    head.receipt = {2, 77, schema::genesis("x")};
    head.included = 70;
    head.from_version = 10;
    head.through_version = 55;
    head.more = true;
    const Bytes bytes = writer.finish(head, noon, pair.hq, pair.branch.public_key(), pair.random);

    BundleReader bundle(bytes, "b", pair.name, pair.branch, pair.hq.public_key());
    DownReader reader(bundle);
    CHECK(reader.head().node == pair.name);
    CHECK(reader.head().hq_epoch == 3);
    CHECK(reader.head().receipt == head.receipt);
    CHECK(reader.head().included == 70);
    CHECK(reader.head().from_version == 10);
    CHECK(reader.head().through_version == 55);
    CHECK(reader.head().more);
    CHECK(reader.rows() == 3);
    for (const auto& row : rows) {
        const node::StateRow* read = reader.next();
        REQUIRE(read);
        CHECK(read->kind == row.kind);
        CHECK(read->key == row.key);
        CHECK(read->version == row.version);
        CHECK(read->body == row.body);
    }
    CHECK_FALSE(reader.next());
}

TEST_CASE("state rows that do not have the form are refused with the line") {
    Pair pair;
    const auto with = [&](std::string_view rows) { return read_down(pair, down_of(pair, rows, 10, 20)); };
    CHECK(with("").empty());
    CHECK(with("1\tgroup\t\"a\"\t{}\n0\tgroup\t\"b\"\t\n9\tsurprise\t\"\\u00e1\"\t{}\n").empty());
    CHECK(contains(with("11\tgroup\t\"a\"\t{}\n"), "b, line 2: a row's version is not in order, or not up to 20"));
    CHECK(contains(with("5\tgroup\t\"a\"\t{}\n-1\tgroup\t\"a\"\t{}\n"), "b, line 3: a row's version"));
    CHECK(contains(with("0\tgroup\t\"a\"\t{}\n"), "after which the bundle begins"));
    CHECK(contains(with("x\tgroup\t\"a\"\t{}\n"), "a row's version"));
    CHECK(contains(with("1\tGroup\t\"a\"\t{}\n"), "a row's kind"));
    CHECK(contains(with("1\tgroup\ta\t{}\n"), "is not JSON"));
    CHECK(contains(with("1\tgroup\t7\t{}\n"), "key is not a text"));
    CHECK(contains(with("1\tgroup\t\"a\"b\"\t{}\n"), "is not JSON"));
    CHECK(contains(with("1\tgroup\t\"" + std::string(max_key_bytes + 1, 'k') + "\"\t{}\n"), "key is longer than 16384"));
    CHECK(contains(with("1\tgroup\t\"a\"\t{\n"), "not a JSON object"));
    CHECK(contains(read_down(pair, down_of(pair, "", 10, 9)), "versions run backwards"));
    CHECK(read_down(pair, down_of(pair, "", 10, 10, R"("colour":"red",)")).empty());
    CHECK(contains(read_down(pair, down_of(pair, "", 10, 10, R"("more":"yes",)")), "\"more\" is neither true nor false"));
}

TEST_CASE("whatever facts a ledger holds, HQ reads the same") {
    CHECK(rc::check("facts survive the way", [](const std::vector<std::pair<std::int64_t, std::string>>& given, std::uint64_t seed) {
        Pair pair;
        test::SeededRandom random(seed);
        std::vector<schema::Fact> facts;
        UpWriter writer(pair.name, 1, 1, schema::genesis("3.1"));
        std::vector<std::string> texts;
        for (const auto& [at, text] : given) {
            const std::string note = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            const bool personal = random.below(3) == 0;
            texts.push_back(personal ? "{\"note\":" + note + "}" : "");
            std::string body = personal ? "{\"digest\":\"" + node::digest_of(texts.back()) + "\"}" : "{\"text\":" + note + "}";
            facts.push_back(fact_after(facts.empty() ? nullptr : &facts.back(), at, personal ? "customer.set" : "sale", std::move(body)));
            const schema::Fact& fact = facts.back();
            writer.add(fact.seq, fact.at, fact.kind, fact.body, fact.hash, texts.back());
        }
        const auto count = static_cast<std::int64_t>(facts.size());
        const Bytes bytes = writer.finish(count, {}, noon, pair.branch, pair.hq.public_key(), random);
        BundleReader bundle(bytes, "b", node::hq_node, pair.hq, pair.branch.public_key());
        UpReader reader(bundle);
        for (std::size_t i = 0; i < facts.size(); ++i) {
            const UpFact* read = reader.next();
            RC_ASSERT(read != nullptr);
            RC_ASSERT(read->seq == facts[i].seq && read->at == facts[i].at && read->kind == facts[i].kind);
            RC_ASSERT(read->body == facts[i].body && read->hash == facts[i].hash && read->personal == texts[i]);
        }
        RC_ASSERT(reader.next() == nullptr);
    }));
}

TEST_CASE("whatever rows HQ sends, a branch reads the same") {
    CHECK(rc::check("rows survive the way", [](const std::vector<std::pair<std::string, std::uint16_t>>& given, std::uint64_t seed) {
        Pair pair;
        test::SeededRandom random(seed);
        std::vector<node::StateRow> rows;
        DownWriter writer(100);
        std::int64_t version = 101;
        for (const auto& [text, step] : given) {
            // Keys are UTF-8 of any characters; take the text as the JSON library mends it.
            const std::string key =
                nlohmann::json::parse(nlohmann::json(text.substr(0, 300)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).get<std::string>();
            version += step;
            rows.push_back({"product", key, version, step % 5 ? node::canonical({{"name", key}}) : ""});
            writer.add(rows.back());
        }
        DownHead head;
        head.node = pair.name;
        head.from_version = 100;
        head.through_version = version + 7;
        const Bytes bytes = writer.finish(head, noon, pair.hq, pair.branch.public_key(), random);
        BundleReader bundle(bytes, "b", pair.name, pair.branch, pair.hq.public_key());
        DownReader reader(bundle);
        for (const auto& row : rows) {
            const node::StateRow* read = reader.next();
            RC_ASSERT(read != nullptr);
            RC_ASSERT(read->kind == row.kind && read->key == row.key && read->version == row.version && read->body == row.body);
        }
        RC_ASSERT(reader.next() == nullptr);
    }));
}

TEST_CASE("noise from a sender is refused or read, never more") {
    CHECK(rc::check("lines of noise", [](const std::vector<std::string>& lines) {
        RC_PRE(!lines.empty());
        Pair pair;
        std::string text = head_text(std::string(64, '0'));
        for (const std::string& line : lines) text += line + "\n";
        // Whatever it says, it is a refusal: such facts cannot give that hash.
        RC_ASSERT(!read_up(pair, up_of(pair, text, 1, static_cast<std::int64_t>(lines.size()))).empty());
    }));
}

}  // namespace paprsek::sync
