// What we send to receipt printers: letters right on every model, nothing that reads as a real-time command, codes that a scanner
// reads; and that a printer prints the same lines as the text.
#include <doctest/doctest.h>
#include <iconv.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <fstream>

#include "fiscal/escpos/encoder.h"
#include "fiscal/escpos/interpreter.h"
#include "fiscal/receipt/letters.h"
#include "node/base/csv.h"
#include "node/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/fiscal/scanned.h"

namespace paprsek::fiscal {
namespace {

using test::scanned;

constexpr const char* czech = "ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽáčďéěíňóřšťúůýž";
constexpr const char* cedilla = "ĂÂÎŞŢăâîşţ";
constexpr const char* comma = "ĂÂÎȘȚăâîșț";

std::string hex_of(ByteView bytes) {
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

Slip slip_of_lines(int columns, const std::vector<std::string>& lines) {
    Roll roll(columns);
    for (const std::string& line : lines) roll.left(line);
    return roll.take();
}

/// What a printer of this model makes of it: one paper, nothing refused.
PrintedPaper printed(const Slip& slip, const EscposModel& model) {
    EscposInterpreter printer(model);
    const Bytes bytes = escpos_bytes(slip, model);
    CHECK_FALSE(holds_real_time_command(bytes));
    printer.feed(bytes);
    printer.tear_off();
    CHECK(printer.refused().empty());
    CHECK(printer.accidents() == 0);
    CHECK(printer.waiting() == 0);
    REQUIRE(printer.finished().size() == 1);
    CHECK(printer.finished()[0].cut == (model.cutter != Cutter::none));
    return printer.finished()[0];
}

/// A slip with everything that a receipt has.
Slip whole_slip(int columns, SymbolKind kind, const std::string& code) {
    Roll roll(columns);
    Bitmap logo(columns * 8, 40);
    for (int x = 0; x < logo.width(); ++x) logo.set(x, x * 39 / logo.width());
    roll.picture(std::make_shared<const Bitmap>(std::move(logo)));
    roll.centre("Kiosek u nádraží", {true, 1, 2});
    roll.rule();
    roll.pair(czech, "29,00 B");
    roll.pair("Ștefan Țepeș, băcănie", "1 234,00 A");
    roll.pair("CELKEM Kč", "12,00", {true, 2, 2});
    roll.left("");
    roll.left("€ 5 „v akci“ – sleva…");
    roll.code(kind, code);
    roll.centre("Děkujeme");
    return roll.take();
}

}  // namespace

TEST_CASE("code pages hold Czech and Romanian where the makers' tables say") {
    for (const CodePage& page : code_pages()) {
        CAPTURE(page.name);
        CHECK(page.letters.size() == 128);
    }
    const auto encoded = [](const char* text, const char* page) { return hex_of(encode_line(letters_of(text), *find_code_page(page)).value_or(Bytes{0xEE})); };
    CHECK(encoded(czech, "CP852") == "b5acd290b7d6d5e0fce69be9deeda6a09fd482d8a1e5a2fde79ca385eca7");
    CHECK(encoded(czech, "CP1250") == "c1c8cfc9cccdd2d3d88a8ddad9dd8ee1e8efe9ecedf2f3f89a9dfaf9fd9e");
    CHECK(encoded(cedilla, "CP852") == "c6b6d7b8ddc7838cadee");
    CHECK(encoded(cedilla, "CP1250") == "c3c2ceaadee3e2eebafe");
    CHECK(encoded(comma, "CP852") == encoded(cedilla, "CP852"));
    CHECK(encoded(comma, "CP1250") == encoded(cedilla, "CP1250"));
    CHECK(encoded("u\u030A", "CP852") == "85");  // composed first
    CHECK(encoded("€", "CP852") == "ee");
    CHECK(encoded("č", "CP1252") == "ee");
}

TEST_CASE("code pages agree with the C library's") {
    for (const CodePage& page : code_pages()) {
        const iconv_t converter = ::iconv_open("UTF-32LE", page.name == "JIS_X0201" ? "SHIFT_JIS" : std::string(page.name).c_str());
        REQUIRE(converter != reinterpret_cast<iconv_t>(-1));
        for (int byte = 0x80; byte < 0x100; ++byte) {
            char in = static_cast<char>(byte);
            char *from = &in, out[8] = {};
            char* to = out;
            std::size_t left = 1, room = sizeof out;
            ::iconv(converter, nullptr, nullptr, nullptr, nullptr);
            const bool known = ::iconv(converter, &from, &left, &to, &room) == 0 && room == 4;
            char32_t letter = 0;
            for (int i = 3; i >= 0; --i) letter = letter << 8 | static_cast<unsigned char>(out[i]);
            // Controls above 7F are no letters.
            const char32_t expected = known && letter >= 0xA0 ? letter : 0xFFFD;
            CAPTURE(page.name);
            CAPTURE(byte);
            CHECK(letter_of(page, static_cast<unsigned char>(byte)) == expected);
        }
        ::iconv_close(converter);
    }
}

TEST_CASE("every model prints every letter") {
    for (const EscposModel& model : escpos_models()) {
        CAPTURE(model.name);
        const PrintedPaper paper = printed(slip_of_lines(model.columns, {"Rohlik 2,90", czech, comma, "€ αβγ"}), model);
        REQUIRE(!paper.lines.empty());
        CHECK(paper.lines[0].text == "Rohlik 2,90");
        if (!model.pages[0].page.empty()) {
            REQUIRE(paper.lines.size() >= 3);
            CHECK(paper.lines[1].text == czech);
            CHECK(paper.lines[2].text == cedilla);  // old pages have no comma below
        }
        // What no page has is there as a picture: the strip has dots on four lines either way.
        for (int line = 0; line < 4; ++line) {
            bool black = false;
            for (int y = line * escpos_line_height; y < line * escpos_line_height + escpos_cell_height; ++y)
                for (int x = 0; x < paper.dots.width(); ++x) black = black || paper.dots.at(x, y);
            CAPTURE(line);
            CHECK(black);
        }
    }
}

TEST_CASE("a line as a picture stands where its letters would") {
    // The same line by letters of the page, and by a model that has no such page.
    const Slip slip = slip_of_lines(32, {"Příliš žluťoučký kůň"});
    const PrintedPaper letters = printed(slip, *find_escpos_model("escpos-58")), picture = printed(slip, *find_escpos_model("escpos-58-pictures"));
    REQUIRE(picture.dots.height() == letters.dots.height());
    int differences = 0;
    for (int y = 0; y < letters.dots.height(); ++y)
        for (int x = 0; x < letters.dots.width(); ++x) differences += letters.dots.at(x, y) != picture.dots.at(x, y);
    CHECK(differences <= 4);  // where the picture's bytes would have read as a command
}

TEST_CASE("a whole slip: the same lines as its text, and a scanner reads its code, on every model") {
    for (const EscposModel& model : escpos_models()) {
        for (const auto& [kind, code] :
             {std::pair{SymbolKind::qr, std::string("3.1-000017:41:9F86D081884C7D65")}, std::pair{SymbolKind::code128, std::string("000301000000412673594497")},
              // 16 and 04 side by side are the bytes 10 04: such bars go as a picture
              std::pair{SymbolKind::code128, std::string("000316041605161473594497")}}) {
            CAPTURE(model.name);
            CAPTURE(code);
            const Slip slip = whole_slip(model.columns, kind, code);
            const PrintedPaper paper = printed(slip, model);
            CHECK(scanned(paper.dots) == code + "\n");
            if (model.pages[0].page.empty()) continue;
            std::vector<std::string> expected, got;
            for (const auto& block : slip.blocks)
                if (const Row* row = std::get_if<Row>(&block)) {
                    std::string text;
                    for (const char32_t letter : letters_of(row->text)) text += utf8_of(std::u32string(1, stand_in(letter)));
                    // What has no letter in any page (the euro in CP852) went as a picture.
                    bool letters = false;
                    for (const EscposModel::Page& page : model.pages)
                        letters = letters || (!page.page.empty() && encode_line(letters_of(row->text), *find_code_page(page.page)));
                    if (letters) expected.push_back(text);
                }
            for (const PrintedLine& line : paper.lines) {
                std::string text;
                for (const char32_t letter : letters_of(line.text)) text += utf8_of(std::u32string(1, stand_in(letter)));
                got.push_back(text);
            }
            CHECK(got == expected);
            const auto total = std::find_if(paper.lines.begin(), paper.lines.end(), [](const PrintedLine& line) { return line.text.starts_with("CELKEM"); });
            REQUIRE(total != paper.lines.end());
            CHECK(total->across == 2);
            CHECK(total->bold);
        }
    }
}

TEST_CASE("no picture reads as a real-time command, and it looks the same") {
    rc::check("defused", [] {
        const auto raw = *rc::gen::container<std::vector<int>>(rc::gen::element(0x00, 0x04, 0x05, 0x10, 0x14, 0x18, 0xFF));
        Bytes dots;
        for (const int byte : raw) dots += static_cast<unsigned char>(byte);
        const Bytes before = dots;
        defuse(dots);
        RC_ASSERT(!holds_real_time_command(dots));
        RC_ASSERT(dots.size() == before.size());
        for (std::size_t i = 0; i < dots.size(); ++i)
            if (dots[i] != before[i]) {
                RC_ASSERT(before[i] == 0x10);
                RC_ASSERT(dots[i] == 0x18);
            }
    });
    // A picture that is nothing but such bytes.
    Bitmap evil(64, 600);
    for (int y = 0; y < evil.height(); ++y)
        for (std::size_t i = 0; i < 8; ++i) evil.row(y)[i] = i % 2 ? (y % 3 == 0 ? 0x04 : y % 3 == 1 ? 0x05 : 0x14) : 0x10;
    for (const EscposModel& model : escpos_models()) {
        Roll roll(model.columns);
        roll.picture(std::make_shared<const Bitmap>(evil));
        EscposInterpreter printer(model);
        printer.feed(escpos_bytes(roll.take(), model));
        CHECK(printer.take_replies().empty());
        CHECK(printer.drawer_pulses() == 0);
    }
    // And that it would have been obeyed otherwise:
    EscposInterpreter printer(*find_escpos_model("escpos-epson"));
    printer.feed(Bytes{0x1D, 0x76, 0x30, 0, 2, 0, 2, 0, 0x10, 0x04, 0x01, 0x00});
    CHECK(printer.take_replies().size() == 1);
    CHECK(printer.accidents() == 1);
}

TEST_CASE("any text at all prints without a command in it") {
    rc::check("any text", [] {
        const auto text = *rc::gen::arbitrary<std::string>();
        const auto& model = escpos_models()[*rc::gen::inRange<std::size_t>(0, escpos_models().size())];
        const Bytes bytes = escpos_bytes(slip_of_lines(model.columns, {text}), model);
        RC_ASSERT(!holds_real_time_command(bytes));
        EscposInterpreter printer(model);
        printer.feed(bytes);
        RC_ASSERT(printer.refused().empty());
        RC_ASSERT(printer.drawer_pulses() == 0);
    });
}

TEST_CASE("the bytes are those of the makers' manuals") {
    const EscposModel& epson = *find_escpos_model("escpos-epson");
    const auto bytes = [&](const Slip& slip) { return hex_of(escpos_bytes(slip, epson)); };
    CHECK(bytes(slip_of_lines(48, {"A"})) ==
          "1b40"
          "410a"
          "1b6404"
          "1d5601");
    CHECK(bytes(slip_of_lines(48, {"č"})) ==
          "1b40"
          "1b7412"
          "9f0a"
          "1b6404"
          "1d5601");
    CHECK(bytes(slip_of_lines(48, {"€ č"})) ==
          "1b40"
          "1b742d"
          "8020e80a"
          "1b6404"
          "1d5601");
    Roll large(48);
    large.left("A", {true, 2, 2});
    CHECK(bytes(large.take()) ==
          "1b40"
          "1b4501"
          "1d2111"
          "410a"
          "1b4500"
          "1d2100"
          "1b6404"
          "1d5601");
    Roll code(48);
    code.code(SymbolKind::qr, "HELLO");
    CHECK(bytes(code.take()) ==
          "1b40"
          "1b6101"
          "1d286b0400314132"
          "00"
          "1d286b0300314305"
          "1d286b0300314531"
          "1d286b080031503048454c4c4f"
          "1d286b0300315130"
          "1b6100"
          "1b6404"
          "1d5601");
    Roll bars(48);
    bars.code(SymbolKind::code128, "1234");
    CHECK(bytes(bars.take()) ==
          "1b40"
          "1b6101"
          "1d6848"
          "1d7703"
          "1d4800"
          "1d6b49"
          "04"
          "7b430c22"
          "1b6100"
          "1b6404"
          "1d5601");
    CHECK(hex_of(escpos_bytes(slip_of_lines(48, {}), epson, Drawer::opens)) ==
          "1b40"
          "1b70003232"
          "1b6404"
          "1d5601");
    CHECK(hex_of(drawer_pulse(32)) == "1b70001111");  // never a 10
    Roll words(32);
    words.code(SymbolKind::code128, "a{b");
    EscposInterpreter printer(*find_escpos_model("escpos-58"));
    printer.feed(escpos_bytes(words.take(), *find_escpos_model("escpos-58")));
    REQUIRE(printer.current().codes.size() == 1);
    CHECK(printer.current().codes[0].data == "a{b");
}

TEST_CASE("what does not go onto the paper is refused") {
    const EscposModel& narrow = *find_escpos_model("escpos-58");
    CHECK_THROWS_AS(escpos_bytes(slip_of_lines(48, {"x"}), narrow), node::Error);
    for (const std::string& wrong : {std::string(), std::string("kůň"), std::string(300, 'x'), std::string("a\x10\x04")}) {
        Roll roll(32);
        roll.code(SymbolKind::qr, wrong);
        CHECK_THROWS_AS(escpos_bytes(roll.take(), narrow), node::Error);
    }
}

TEST_CASE("models are named once, and the profiles name the same") {
    CHECK(escpos_profiles().size() == escpos_models().size());
    for (const EscposModel& model : escpos_models()) {
        CHECK(find_escpos_model(model.name) == &model);
        const Profile* profile = find_profile(model.name);
        REQUIRE(profile);
        CHECK(profile->dialect == Dialect::escpos);
        CHECK_FALSE(profile->fiscal);
        CHECK(profile->columns == model.columns);
        CHECK(model.dots >= model.columns * model.cell_width());
        for (const EscposModel::Page& page : model.pages)
            if (!page.page.empty()) CHECK(find_code_page(page.page));
    }
    CHECK(find_escpos_model("escpos-none") == nullptr);
}

}  // namespace paprsek::fiscal
