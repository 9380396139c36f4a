// The printer that prints on memory: modes, status, paper that runs out, bytes in any pieces; and other people's encoders.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "fiscal/escpos/encoder.h"
#include "fiscal/escpos/interpreter.h"
#include "node/base/csv.h"
#include "tests/support/temporary_folder.h"
#include "tests/fiscal/scanned.h"
#include "tests/support/holds.h"

namespace paprsek::fiscal {
namespace {

using test::holds;
using test::scanned;

const EscposModel& epson() { return *find_escpos_model("escpos-epson"); }

Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

std::filesystem::path foreign() {
    const char* source = std::getenv("PAPRSEK_SOURCE");
    REQUIRE_MESSAGE(source, "PAPRSEK_SOURCE names the repository's folder");
    return std::filesystem::path(source) / "tests/fiscal/foreign";
}

Bytes foreign_bytes(const std::string& name) { return bytes_of(node::read_file((foreign() / name).string(), 1u << 20)); }

}  // namespace

TEST_CASE("other people's encoders are understood, every command and every letter") {
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(foreign())) {
        if (entry.path().extension() != ".escpos") continue;
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        EscposInterpreter printer(epson());
        printer.feed(foreign_bytes(name));
        printer.tear_off();
        for (const std::string& refused : printer.refused()) FAIL_CHECK(refused);
        CHECK(printer.waiting() == 0);
        REQUIRE(printer.finished().size() >= 1);
        const PrintedPaper& paper = printer.finished()[0];
        const std::string text = paper.text();
        CHECK(holds(scanned(paper.dots), "https://x.test/1\n"));
        CHECK(holds(text, "Bold\n"));
        if (name.starts_with("escpos-buffer")) {
            CHECK(holds(text, "Plain words\n"));
            CHECK(printer.drawer_pulses() == 1);
        } else {
            CHECK(holds(text, "Příliš žluťoučký kůň úpěl ďábelské ódy\n"));
            CHECK(holds(text, "Large\n"));
            CHECK(holds(text, "Rohlík"));
            // One of the encoders has no Romanian letters in its mixture of pages.
            if (!holds(name, "multilingual")) CHECK(holds(text, "Gheţarii îşi măsoară vârsta în ţări\n"));
        }
        if (name.starts_with("receiptline")) CHECK(holds(scanned(paper.dots), "8594001021239\n"));
        if (name.starts_with("receipt-printer-encoder")) {
            CHECK(holds(scanned(paper.dots), "8594001021239\n"));
            CHECK(holds(scanned(paper.dots), "ABC123\n"));
            CHECK(holds(text, "                                           Right\n"));
            CHECK(printer.drawer_pulses() == 1);
        }
        if (name.starts_with("node-thermal-printer")) CHECK(printer.drawer_pulses() == 2);  // without the two times, and both connectors
        ++seen;
    }
    CHECK(seen == 8);
}

TEST_CASE("bytes in any pieces print the same") {
    for (const char* name : {"receiptline-epson-cp852.escpos", "receipt-printer-encoder-cp852.escpos"}) {
        const Bytes bytes = foreign_bytes(name);
        EscposInterpreter whole(epson());
        whole.feed(bytes);
        whole.tear_off();
        std::mt19937 random(7);
        for (int round = 0; round < 5; ++round) {
            EscposInterpreter pieces(epson());
            for (std::size_t at = 0; at < bytes.size();) {
                const std::size_t size = round == 0 ? 1 : random() % 40;
                pieces.feed(ByteView(bytes).substr(at, size));
                at += size;
            }
            pieces.tear_off();
            REQUIRE(pieces.finished().size() == whole.finished().size());
            CHECK(pieces.finished()[0].text() == whole.finished()[0].text());
            CHECK(pieces.finished()[0].dots == whole.finished()[0].dots);
        }
    }
}

TEST_CASE("what is not known is refused by name, and the rest is printed") {
    EscposInterpreter printer(epson());
    printer.feed(bytes_of("A\x1B\x99") + bytes_of("B\x07") + bytes_of("C\x1D\x28\x6B\x03") + Bytes{0, 0x30, 0x41, 0x01} + Bytes{0x1B, 0x74, 0xC8, 0x0A});
    CHECK(printer.refused() == std::vector<std::string>{"1B 99", "07", "1D 28 6B 30 41", "1B 74 C8: no such code page"});
    CHECK(printer.current().text() == "ABC\n");
    printer.feed(Bytes{0x1D, 0x6B, 0x02} + bytes_of("12A") + Bytes{0});
    CHECK(printer.refused().back() == "EAN-13 with 12A");
    // A model that has Latin 2 under another number does not have it here.
    EscposInterpreter citizen(*find_escpos_model("escpos-citizen"));
    citizen.feed(Bytes{0x1B, 0x74, 18, 0x1B, 0x74, 6, 0x9F, 0x0A});
    CHECK(citizen.refused() == std::vector<std::string>{"1B 74 12: no such code page"});
    CHECK(citizen.current().text() == "č\n");
}

TEST_CASE("letters wrap at the edge, and go where they are told") {
    EscposInterpreter printer(epson());
    printer.feed(bytes_of(std::string(50, 'x') + "\n"));
    CHECK(printer.current().text() == std::string(48, 'x') + "\nxx\n");
    printer.feed(bytes_of("a") + Bytes{0x1B, 0x24, 120, 0} + bytes_of("b") + Bytes{0x1B, 0x5C, 24, 0} + bytes_of("c\td\n"));
    CHECK(printer.current().lines.back().text == "a         b  c  d");
    printer.feed(Bytes{0x1D, 0x21, 0x11} + bytes_of(std::string(25, 'y') + "\n"));
    CHECK(printer.current().lines[3].text == std::string(24, 'y'));
    CHECK(printer.current().lines[3].across == 2);
}

TEST_CASE("status in real time, in turn, and by itself") {
    EscposInterpreter printer(epson());
    const auto asked = [&](Bytes question) {
        printer.feed(question);
        return printer.take_replies();
    };
    CHECK(asked({0x10, 0x04, 1}) == Bytes{0x16});
    CHECK(asked({0x10, 0x04, 2}) == Bytes{0x12});
    CHECK(asked({0x10, 0x04, 3}) == Bytes{0x12});
    CHECK(asked({0x10, 0x04, 4}) == Bytes{0x12});
    CHECK(asked({0x1D, 0x72, 1}) == Bytes{0x00});
    CHECK(asked({0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 'a', 'b', 'c', 'd'}) == Bytes{0x37, 0x22, 'a', 'b', 'c', 'd', 0});
    CHECK(asked({0x1D, 0x49, 66}) == Bytes{0x5F, 'P', 'a', 'p', 'r', 's', 'e', 'k', 0});
    printer.set_paper(PaperRoll::low);
    CHECK(asked({0x10, 0x04, 4}) == Bytes{0x1E});
    CHECK(asked({0x1D, 0x72, 1}) == Bytes{0x03});
    CHECK(asked({0x1D, 0x61, 0x0F}) == Bytes{0x14, 0x00, 0x03, 0x00});
    printer.set_cover(true);
    CHECK(printer.take_replies() == Bytes{0x3C, 0x00, 0x03, 0x00});
    CHECK(asked({0x10, 0x04, 1}) == Bytes{0x1E});
    CHECK(asked({0x10, 0x04, 2}) == Bytes{0x16});
    CHECK(asked({0x1D, 0x72, 1}).empty());  // in turn: it waits
    printer.set_cover(false);
    CHECK(printer.take_replies() == Bytes{0x14, 0x00, 0x03, 0x00, 0x03});
    CHECK(asked({0x1B, 0x70, 0, 50, 50}) == Bytes{0x10, 0x00, 0x03, 0x00});
    CHECK(asked({0x1D, 0x72, 2}) == Bytes{0x00});
    // A printer without them says nothing in turn.
    EscposInterpreter cheap(*find_escpos_model("escpos-58"));
    cheap.feed(Bytes{0x1D, 0x72, 1, 0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 'a', 'b', 'c', 'd'});
    CHECK(cheap.take_replies().empty());
}

TEST_CASE("without paper the bytes wait, and are printed once") {
    EscposInterpreter printer(epson());
    printer.set_paper_left(3 * escpos_line_height);
    for (int i = 1; i <= 5; ++i) printer.feed(bytes_of("line " + std::to_string(i) + "\n"));
    CHECK(printer.current().text() == "line 1\nline 2\nline 3\n");
    CHECK(printer.waiting() == 14);
    printer.set_paper(PaperRoll::enough);
    CHECK(printer.current().text() == "line 1\nline 2\nline 3\nline 4\nline 5\n");
    printer.set_paper(PaperRoll::out);
    printer.feed(bytes_of("lost\n"));
    printer.restart();
    printer.set_paper(PaperRoll::enough);
    printer.feed(bytes_of("after\n"));
    CHECK(holds(printer.current().text(), "line 5\nafter\n"));
}

TEST_CASE("any bytes at all are survived within bounds") {
    std::mt19937 random(20261122);
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const EscposModel& model = escpos_models()[random() % escpos_models().size()];
        EscposInterpreter printer(model);
        Bytes bytes;
        static constexpr unsigned char usual[] = {0x1B, 0x1D, 0x1C, 0x10, 0x28, 0x6B, 0x4C, 0x76, 0x30, 0x2A, 0x00, 0x01, 0x0A, 0x41, 0x70, 0x56, 0x21, 0xFF};
        for (int i = 0; i < 2000; ++i) bytes += random() % 4 ? usual[random() % sizeof usual] : static_cast<unsigned char>(random());
        printer.feed(bytes);
        printer.tear_off();
        CHECK(printer.refused().size() <= 1000);
    }
}

}  // namespace paprsek::fiscal
