// The worked example of sync/BUNDLE.md is what the program writes and reads.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sync/record_coder.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

/// 00 01 02 03 …: so that the page can say what every random byte is.
class CountingRandom final : public node::Random {
public:
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes) byte = next_++;
    }

private:
    unsigned char next_ = 0;
};

struct Example {
    CountingRandom random;
    Identity branch = Identity::make(random);  // 00 … 1f
    Identity hq = Identity::make(random);      // 20 … 3f
    schema::Hash before = schema::genesis("3.1");
    std::string body = R"({"amount":10000,"cashier":"anna","reason":"float"})";

    Bytes write() {
        UpWriter writer({3, 1}, 1, 1, before);
        writer.add(1, 1'772'438'400'000, schema::kind::cash, body, schema::chain(before, 1, 1'772'438'400'000, schema::kind::cash, body), {});
        return writer.finish(1, {1, 17}, {1'772'438'460'000}, branch, hq.public_key(), random);
    }
};

std::string dump_of(const Bytes& bytes) {
    std::string dump;
    for (std::size_t i = 0; i < bytes.size(); i += 16) {
        dump += fmt::format("{:04x} ", i);
        std::string text;
        for (std::size_t k = i; k < std::min(i + 16, bytes.size()); ++k) {
            dump += fmt::format(" {:02x}", bytes[k]);
            text += bytes[k] >= 0x20 && bytes[k] < 0x7f ? static_cast<char>(bytes[k]) : '.';
        }
        dump += std::string(i + 16 > bytes.size() ? 3 * (i + 16 - bytes.size()) : 0, ' ') + "  " + text + "\n";
    }
    return dump;
}

std::string page() {
    const char* source = std::getenv("PAPRSEK_SOURCE");  // set by ctest
    std::ifstream file(std::filesystem::path(source ? source : ".") / "sync/BUNDLE.md");
    REQUIRE_MESSAGE(file, "run by ctest, or from the source folder");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The bytes of the page's dump: the lines that begin with an address.
Bytes bytes_on(const std::string& text) {
    Bytes bytes;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.size() < 55 || line.find_first_not_of("0123456789abcdef") != 4 || std::stoul(line.substr(0, 4), nullptr, 16) != bytes.size()) continue;
        std::istringstream row(line.substr(6, 47));
        for (std::string byte; row >> byte;) bytes.push_back(static_cast<unsigned char>(std::stoul(byte, nullptr, 16)));
    }
    return bytes;
}

}  // namespace

TEST_CASE("the page's example is read as the page says") {
    Example example;
    const Bytes bytes = bytes_on(page());
    INFO("the program writes\n", dump_of(Example().write()));
    REQUIRE(bytes.size() > 400);
    BundleReader bundle(bytes, "the example", node::hq_node, example.hq, example.branch.public_key());
    CHECK(bundle.header().from == node::NodeName{3, 1});
    CHECK(bundle.header().at.ms == 1'772'438'460'000);
    UpReader reader(bundle);
    CHECK(reader.head().cursor == StateCursor{1, 17});
    const UpFact* fact = reader.next();
    REQUIRE(fact);
    CHECK(fact->kind == "cash");
    CHECK(fact->body == example.body);
    CHECK_FALSE(reader.next());
}

TEST_CASE("the page's example of format 3: what is packed, by which line, to which bytes") {
    Example example;
    const schema::Hash first = schema::chain(example.before, 1, 1'772'438'400'000, schema::kind::cash, example.body);
    const std::string body = R"({"amount":12500,"cashier":"anna","reason":"float"})";
    const schema::Hash second = schema::chain(first, 2, 1'772'524'800'000, schema::kind::cash, body);
    const std::string head = fmt::format(R"({{"after":"{}","before":"{}","known":1,"newest":2,"receipt":[1,1],"state":{{"epoch":1,"version":17}}}})",
                                         schema::to_hex(second), schema::to_hex(first));
    const Lines known = {"1772438400000\tcash\t" + example.body};
    const std::string text = head + "\n1772524800000\tcash\t" + body + "\n";
    const Bytes packed = pack_records(text, known).value();
    std::string shown = head + "\n1772524800000<TAB>cash<TAB>" + body + "\n```\n\n";
    const std::string dump = dump_of(packed);
    CHECK_MESSAGE(test::contains(page(), shown), "the text is\n", shown);
    CHECK_MESSAGE(test::contains(page(), dump), "the program writes\n", dump);
    CHECK(packed.size() < pack_records(text)->size());
}

TEST_CASE("the page's example of format 4: by which product it is packed, to which bytes") {
    Example example;
    node::ProductRow row;
    row.name = "Rohlík";
    row.price = node::Money::of(290);
    row.vat = "B";
    ProductWriter products;
    products.add(16, "8594001020010", row);
    const std::string body = R"({"cashier":"anna","lines":[{"code":"8594001020010","name":"Rohlík","price":290,"vat":"B"}],"number":1,"rates":{"B":12000000}})";
    const schema::Hash hash = schema::chain(example.before, 1, 1'772'438'400'000, schema::kind::sale, body);
    const std::string head =
        fmt::format(R"({{"after":"{}","before":"{}","newest":1,"products":{{"digest":"{}","places":[16]}},"state":{{"epoch":1,"version":17}}}})",
                    schema::to_hex(hash), schema::to_hex(example.before), products.digest());
    const std::string text = head + "\n1772438400000\tsale\t" + body + "\n";
    const Bytes packed = pack_records(text, products.lines()).value();
    std::string shown = products.lines().at(0) + "\n```\n\nthe text\n\n```\n" + head + "\n1772438400000\tsale\t" + body + "\n```\n\n";
    for (std::size_t at = 0; (at = shown.find('\t', at)) != std::string::npos;) shown.replace(at, 1, "<TAB>");
    const std::string dump = dump_of(packed);
    CHECK_MESSAGE(test::contains(page(), shown), "the line and the text are\n", shown);
    CHECK_MESSAGE(test::contains(page(), dump), "the program writes\n", dump);

    // And a whole bundle is read by the line, by no other and not without it.
    UpWriter writer({3, 1}, 1, 1, example.before);
    writer.add(1, 1'772'438'400'000, schema::kind::sale, body, hash, {});
    writer.know(products);
    const Bytes bytes = writer.finish(1, {1, 17}, {1'772'438'460'000}, example.branch, example.hq.public_key(), example.random);
    CHECK(bytes[7] == 4);
    const auto read = [&](std::optional<std::vector<std::string>> lines) {
        BundleReader bundle(bytes, "up", node::hq_node, example.hq, example.branch.public_key(), [&](const BundleHeader&, std::string_view) { return lines; });
        UpReader reader(bundle);
        return reader.whole() ? std::string(reader.next()->body) : "unread";
    };
    CHECK(read(products.lines()) == body);
    CHECK(read(std::nullopt) == "unread");
    CHECK_FALSE(test::refusal([&] { read(std::vector<std::string>()); }).empty());
}

TEST_CASE("the program writes the page's example") {
    const std::string dump = dump_of(Example().write());
    CHECK_MESSAGE(test::contains(page(), dump), "the program writes\n", dump);
}

}  // namespace paprsek::sync
