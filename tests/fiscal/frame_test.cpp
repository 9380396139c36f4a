#include "tests/fiscal/bench.h"

using namespace paprsek;
using fiscal::Bytes;
using fiscal::datecs::Form;
using fiscal::datecs::Message;
using fiscal::datecs::Reader;

namespace {

Bytes unhexed(const std::string& text) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += text[i + 2] == ' ' ? 3 : 2)
        bytes += static_cast<unsigned char>(std::stoi(text.substr(i, 2), nullptr, 16));
    return bytes;
}

struct Vector {
    Form form;
    Reader::Side side;
    std::string bytes, data;
    int command;
    unsigned char sequence;
};
/// From the makers' manuals, and worked out from the rules by hand.
const std::vector<Vector> vectors = {
    {Form::x, Reader::Side::device, "01 30 30 33 33 2C 30 30 33 30 31 09 31 09 32 34 09 49 09 05 30 32 3E 3F 03", "1\t1\t24\tI\t", 48, 0x2C},
    {Form::x, Reader::Side::host, "01 30 30 33 39 2C 30 30 33 30 30 09 34 37 32 09 04 80 80 88 80 86 9A 80 80 05 30 36 3C 3B 03", "0\t472\t", 48, 0x2C},
    {Form::x, Reader::Side::device, "01 30 30 32 3F 24 30 30 32 3A 54 65 73 74 09 05 30 33 36 3F 03", "Test\t", 42, 0x24},
    {Form::x, Reader::Side::host, "01 30 30 33 35 24 30 30 32 3A 30 09 04 80 80 A0 80 86 9A 80 80 05 30 36 33 3A 03", "0\t", 42, 0x24},
    {Form::classic, Reader::Side::device, "01 2C 21 30 31 2C 30 30 30 30 2C 31 05 30 31 3F 3C 03", "1,0000,1", 48, 0x21},
    {Form::classic, Reader::Side::host, "01 34 21 30 30 30 30 37 2C 30 30 30 35 04 80 80 88 80 86 9A 05 30 35 36 3E 03", "0007,0005", 48, 0x21},
    {Form::classic, Reader::Side::device, "01 38 22 31 4C 61 70 74 65 20 31 4C 09 41 35 2E 39 30 2A 32 2E 30 30 30 05 30 35 35 33 03", "Lapte 1L\tA5.90*2.000",
     49, 0x22},
    {Form::classic, Reader::Side::host, "01 2B 22 31 04 80 80 88 80 86 9A 05 30 33 3A 3F 03", "", 49, 0x22},
    {Form::classic, Reader::Side::device, "01 2B 24 35 09 50 32 30 2E 30 30 05 30 31 3D 32 03", "\tP20.00", 53, 0x24},
    {Form::classic, Reader::Side::host, "01 35 24 35 52 30 30 30 30 30 30 38 32 30 04 80 80 88 80 86 9A 05 30 35 3C 3B 03", "R000000820", 53, 0x24},
    {Form::classic, Reader::Side::device, "01 24 25 38 05 30 30 38 36 03", "", 56, 0x25},
    {Form::classic, Reader::Side::host, "01 34 25 38 30 30 30 37 2C 30 30 30 35 04 80 80 80 80 86 9A 05 30 35 37 32 03", "0007,0005", 56, 0x25},
    {Form::x, Reader::Side::device,
     "01 30 30 34 34 22 30 30 33 31 4C 61 70 74 65 20 31 4C 09 31 09 35 2E 39 30 09 32 2E 30 30 30 09 09 09 30 09 05 30 36 3A 32 03",
     "Lapte 1L\t1\t5.90\t2.000\t\t\t0\t", 49, 0x22},
    {Form::x, Reader::Side::device, "01 30 30 33 33 24 30 30 33 35 30 09 32 30 2E 30 30 09 09 05 30 32 3F 32 03", "0\t20.00\t\t", 53, 0x24},
    {Form::x, Reader::Side::host, "01 30 30 33 3C 24 30 30 33 35 30 09 52 09 38 2E 32 30 09 04 80 80 88 80 86 9A 80 80 05 30 37 35 31 03", "0\tR\t8.20\t", 53,
     0x24},
    {Form::x, Reader::Side::device, "01 30 30 32 3A 25 30 30 33 38 05 30 31 3C 31 03", "", 56, 0x25},
};

}  // namespace

TEST_CASE("frames: what the manuals show is written and read, in any portions, with noise around it") {
    for (const Vector& vector : vectors) {
        CAPTURE(vector.bytes);
        const Bytes bytes = unhexed(vector.bytes);
        for (std::size_t portion = 1; portion <= bytes.size(); ++portion) {
            Reader reader(vector.form, vector.side);
            const std::string noise = "AT+CPIN?\r\n";
            reader.feed(Bytes(noise.begin(), noise.end()));
            std::vector<Reader::Event> events;
            for (std::size_t at = 0; at < bytes.size(); at += portion) {
                reader.feed(bytes.substr(at, portion));
                while (auto event = reader.next()) events.push_back(*event);
            }
            REQUIRE(events.size() == 1);
            REQUIRE(events[0].kind == Reader::Kind::message);
            const Message& message = events[0].message;
            CHECK(message.data == vector.data);
            CHECK(message.command == vector.command);
            CHECK(message.sequence == vector.sequence);
            CHECK(encode(vector.form, message) == bytes);
        }
    }
}

TEST_CASE("frames: no single changed, missing or doubled byte is taken for a message") {
    for (const Vector& vector : vectors) {
        const Bytes bytes = unhexed(vector.bytes);
        const auto message_in = [&](const Bytes& fed) -> bool {
            Reader reader(vector.form, vector.side);
            reader.feed(fed);
            while (auto event = reader.next())
                if (event->kind == Reader::Kind::message && (event->message.data != vector.data || event->message.command != vector.command)) return true;
            return false;
        };
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            CAPTURE(vector.bytes);
            CAPTURE(at);
            for (int value = 0; value < 256; ++value) {
                Bytes changed = bytes;
                changed[at] = static_cast<unsigned char>(value);
                CHECK_FALSE(message_in(changed));
            }
            CHECK_FALSE(message_in(Bytes(bytes).erase(at, 1)));
            CHECK_FALSE(message_in(Bytes(bytes).insert(at, 1, bytes[at])));
        }
    }
}

TEST_CASE("frames: anything may come in; what is endless is cut off") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        Reader reader(seed % 2 ? Form::classic : Form::x, seed % 3 ? Reader::Side::host : Reader::Side::device);
        for (int i = 0; i < 50; ++i) {
            Bytes bytes(static_cast<std::size_t>(random.below(200)), 0);
            for (auto& byte : bytes) byte = static_cast<unsigned char>(random.below(4) ? random.below(256) : random.below(6));
            reader.feed(bytes);
            while (const auto event = reader.next()) CHECK(event->message.data.size() <= 1024);
        }
    }
}

TEST_CASE("frames: a sum that needs all nibbles") {
    // Sum 1AE3 is written 31 3A 3E 33.
    Reader reader(Form::classic, Reader::Side::device);
    const Bytes bytes = encode(Form::classic, {0x45, 0x21, {}, {}});
    CHECK(bytes == unhexed("01 24 21 45 05 30 30 38 3F 03"));
    CHECK(encode(Form::classic, {0x31, 0x21, "A", {}}).substr(6, 4) == unhexed("30 30 3B 3D").substr(0, 4));
}
