// What is packed comes back byte for byte, whatever it is, and whatever stands in its place is no more than refused.
#include "sync/record_coder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "node/base/json.h"
#include "node/facts.h"
#include "sync/bundle.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

/// The packed bytes; empty where the text does not come back.
Bytes packed(const std::string& text) {
    const auto bytes = pack_records(text);
    return bytes && unpack_records(*bytes, text.size()) == text ? *bytes : Bytes();
}
bool comes_back(const std::string& text) { return !packed(text).empty(); }

std::string sales(int count, std::uint64_t seed) {
    std::string text;
    std::int64_t at = 0;
    for (const schema::Fact& fact : test::make_sales(count, seed)) {
        text += fmt::format("{}\t{}\t{}\n", fact.at - at, fact.kind, fact.body);
        at = fact.at;
    }
    return text;
}

node::Json any_json(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 9 : 6)) {
        case 0: return *rc::gen::arbitrary<std::int64_t>();
        case 1: return *rc::gen::inRange(-3, 4);
        case 2: return *rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', 127)), [](std::string s) { return s; });
        case 3: return *rc::gen::element<std::string>("", "0", "007", "8594001021239", "ž\"\\\n\t", "none", std::string(65, '7'));
        case 4: return *rc::gen::arbitrary<bool>();
        case 5: return *rc::gen::element<node::Json>(nullptr, 1.5, 1e300, UINT64_MAX, INT64_MIN);
        case 6: {
            node::Json list = node::Json::array();
            for (int i = *rc::gen::inRange(0, 5); i > 0; --i) list.push_back(any_json(depth - 1));
            return list;
        }
        default: {
            node::Json object = node::Json::object();
            for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
                object[*rc::gen::element<std::string>("card", "code", "qty", "price", "customer", "lines", "redeemed", "change", "amount", "cost", "gross",
                                                      "paid", "points", "discount", "rounding", "vat", "rates", "pay", "", "ř", "x\ty")] = any_json(depth - 1);
            return object;
        }
    }
}

}  // namespace

TEST_CASE("a till's sales come back, and what was sold before costs little") {
    const std::string text = sales(400, 3);
    const Bytes first = packed(text), twice = packed(text + text);
    CHECK(first.size() * 12 < text.size());
    CHECK(twice.size() < first.size() * 7 / 4);
    CHECK(packed(text) == first);
}

TEST_CASE("lines that both sides hold are not said again") {
    const std::string text = sales(460, 3);
    Lines lines;
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) lines.emplace_back(rest.substr(0, rest.find('\n')));
    const Lines known(lines.begin(), lines.begin() + 400);
    std::string day = "{\"known\":400}\n";
    for (std::size_t i = 400; i < lines.size(); ++i) day += lines[i] + "\n";
    const Bytes plain = packed(day), by_known = pack_records(day, known).value();
    CHECK(by_known.size() * 9 < plain.size() * 5);
    CHECK(pack_records(day, Lines()) == plain);
    int asked = 0;
    const auto read = [&](const Bytes& bytes, const std::optional<Lines>& held) {
        return unpack_records(bytes, day.size(), [&](std::string_view first_line) {
            ++asked;
            CHECK(first_line == "{\"known\":400}");
            return held;
        });
    };
    REQUIRE(read(by_known, known));
    CHECK(read(by_known, known)->text == day);
    CHECK(read(by_known, known)->whole);
    const auto head = read(by_known, std::nullopt);
    REQUIRE(head);
    CHECK(head->text == "{\"known\":400}\n");
    CHECK_FALSE(head->whole);
    CHECK(asked == 4);
    // Other lines than those that it was packed by: another text or none, and never more than was named.
    for (const std::size_t missing : {std::size_t{1}, std::size_t{100}, std::size_t{400}}) {
        const auto other = read(by_known, Lines(known.begin(), known.end() - static_cast<std::ptrdiff_t>(missing)));
        const bool as_packed = other && other->text == day;
        CHECK_FALSE(as_packed);
    }
    CHECK_FALSE(pack_records(day, Lines{std::string(max_line_bytes + 1, 'x')}));
    CHECK(pack_records(day, Lines{"", "\t", "{", "x\ty\tz"}));
}

TEST_CASE("odd lines come back") {
    for (const char* text :
         {"", "\n", "\n\n", "one\n", "a\tb\n", "\t\t\t\n", "{\n", "{}\n", "1\tsale\t{}\n", "1\tsale\t[]\n", "-0\t00\t-\n", "0\tk\t{\"a\":-0}\n",
          "0\tk\t{\"a\":01}\n", "0\tk\t{\"a\":1.0,\"b\":1e5,\"c\":null}\n", "0\tk\t{\"b\":1,\"a\":2}\n", "0\tk\t{\"a\":1,\"a\":2}\n", "0\tk\t{\"a\": 1}\n",
          "0\tk\t{\"a\":[[[[]]],{}]}\n", "0\tk\t{\"a\":1}x\n", "0\tk\t{\"a\\\"\":\"\\\\\"}\n", "0\tk\t{\"a\":\"unended\n", "0\tk\t{\"a\":\"\\",
          "9223372036854775807\tk\t{\"a\":-9223372036854775808}\n", "9223372036854775808\tk\t{\"a\":18446744073709551616}\n",
          "1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\t15\t16\t17\t18\n",
          "0\tsale\t{\"lines\":[{\"discount\":-9223372036854775808,\"price\":9223372036854775807,\"qty\":-9223372036854775808}],"
          "\"pay\":[{\"amount\":3}],\"rounding\":7}\n",
          "0\tsale\t{\"card\":\"1\",\"customer\":\"2\",\"lines\":3,\"pay\":{\"amount\":\"x\"},\"qty\":[1],\"vat\":{\"vat\":\"A\"}}\n"}) {
        CAPTURE(text);
        const std::string given = text;
        if (given.empty() || given.back() == '\n')
            CHECK(comes_back(given));
        else
            CHECK_FALSE(pack_records(given));
    }
    // Bytes that are no text, and every one of them.
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        if (i != '\n') bytes += static_cast<char>(i);
    CHECK(comes_back(bytes + "\n"));
    CHECK(comes_back("1\t" + bytes + "\t{\"" + bytes + "\":1}\n"));
}

TEST_CASE("what goes beyond the bounds of the packing is left to another one, or packed as it is") {
    CHECK_FALSE(pack_records(std::string(max_record_bytes, 'x') + "\n"));
    CHECK_FALSE(pack_records(std::string(max_line_bytes + 1, 'x') + "\n"));
    CHECK(comes_back("0\tk\t{\"a\":\"" + std::string(100'000, 'y') + "\"}\n"));
    // More keys than an object may have, and than may be remembered at all.
    std::string text;
    for (const int keys : {249, 250, 251, 300, 5000}) {
        text += "0\tk\t{";
        for (int i = 0; i < keys; ++i) text += fmt::format("{}\"k{:05}\":{}", i ? "," : "", i + keys, i);
        text += "}\n";
    }
    for (int i = 0; i < 5000; ++i) text += fmt::format("0\tk{}\t{{\"a\":{{\"b{}\":1}}}}\n", i % 700, i);
    CHECK(comes_back(text));
    for (const int depth : {30, 31, 32, 33, 34, 100}) CHECK(comes_back("0\tk\t{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}\n"));
    CHECK(comes_back("0\tk\t{\"a\":[" + std::string(500'000, ',') + "1]}\n"));
    std::string many = "0\tk\t{\"a\":[1";
    while (many.size() < max_line_bytes - 100) many += ",1";
    CHECK(comes_back(many + "]}\n"));
}

TEST_CASE("any JSON comes back") {
    CHECK(rc::check("any lines", [] {
        std::string text;
        for (int line = *rc::gen::inRange(0, 12); line > 0; --line) {
            text += fmt::format("{}\t{}", *rc::gen::inRange(0, 100'000), *rc::gen::element("sale", "refund", "cash", "x"));
            for (int field = *rc::gen::inRange(0, 3); field > 0; --field) text += "\t" + node::canonical(any_json(4));
            text += "\n";
        }
        RC_ASSERT(comes_back(text));
    }));
}

TEST_CASE("bytes of any kind are refused, or give a text of the length that was named") {
    const std::string text = sales(30, 9);
    const Bytes good = *pack_records(text);
    CHECK_FALSE(unpack_records(good, text.size() - 1));
    CHECK_FALSE(unpack_records(good, text.size() + 1));
    CHECK_FALSE(unpack_records(good, max_record_bytes + 1));
    CHECK_FALSE(unpack_records({}, text.size()));
    Bytes longer = good;
    longer.push_back(0);
    CHECK_FALSE(unpack_records(longer, text.size()));
    CHECK_FALSE(unpack_records(BytesView(good).first(good.size() - 1), text.size()));
    CHECK(rc::check("noise, and single faults", [&] {
        Bytes bytes = *rc::gen::arbitrary<bool>() ? good : *rc::gen::arbitrary<Bytes>();
        if (!bytes.empty()) bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= *rc::gen::inRange<unsigned char>(1, 255);
        const auto read = unpack_records(bytes, text.size());
        const bool right_length = !read || read->size() == text.size();
        RC_ASSERT(right_length);
    }));
}

}  // namespace paprsek::sync
