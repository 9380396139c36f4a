// The strip of paper as a picture: what simulated printers printed, as a person and a scanner see it.
#include "fiscal/simulator/picture.h"

#include <cstdlib>
#include <fstream>

#include "fiscal/escpos/encoder.h"
#include "fiscal/escpos/interpreter.h"
#include "fiscal/receipt/layout.h"
#include "fiscal/receipt/proof.h"
#include "node/base/csv.h"
#include "tests/fiscal/bench.h"
#include "tests/support/temporary_folder.h"
#include "tests/fiscal/scanned.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Bitmap;

namespace {

int black_dots(const Bitmap& dots, int from, int to) {
    int count = 0;
    for (int y = from; y < to; ++y)
        for (int x = 0; x < dots.width(); ++x) count += dots.at(x, y);
    return count;
}

}  // namespace

TEST_CASE("picture: a fiscal receipt's lines are all on it, the sum taller than the rest") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        Bench bench(profile);
        const auto driver = bench.driver();
        REQUIRE(driver->connect().ok());
        const auto sold = receipt("3.1-000001", {line("Mléko čerstvé", "12.90", "2"), line("Rohlík", "2.90")});
        for (const auto& step : driver->plan(sold)) REQUIRE(driver->perform(step, sold).ok());
        const auto& document = bench.memory().journal.back();
        const Bitmap dots = fiscal::simulator::dots_of(document, bench.machine.device().settings());
        CHECK(dots.width() == fiscal::find_profile(profile)->columns * 12);
        const auto lines = std::count(document.text.begin(), document.text.end(), '\n');
        CHECK(dots.height() == (lines + 1) * 26);  // TOTAL takes two
        for (int row = 0; row <= lines; ++row) CHECK(black_dots(dots, row * 26, row * 26 + 26) > 0);
        const std::string png = fiscal::simulator::picture_of(dots);
        CHECK(png.starts_with("\x89PNG"));
    }
}

TEST_CASE("picture: a scanner reads the code of a receipt from the strip, on broad and narrow paper") {
    for (const char* name : {"escpos-epson", "escpos-58"}) {
        CAPTURE(std::string(name));
        const fiscal::EscposModel& model = *fiscal::find_escpos_model(name);
        fiscal::Receipt sold = receipt("3.1-000017", {line("Kůň", "12.90")});
        sold.seq = 41;
        sold.hash = std::string(64, '7');
        fiscal::Form form;
        form.columns = model.columns;
        fiscal::EscposInterpreter printer(model);
        printer.feed(escpos_bytes(lay_out(sold, form), model));
        if (printer.finished().empty()) printer.tear_off();  // narrow printers have no cutter
        REQUIRE(printer.finished().size() == 1);
        const auto& paper = printer.finished().back();
        // Printers that draw no codes of their own get it as dots: what counts is what a scanner reads.
        CHECK(scanned(fiscal::simulator::picture_of(paper.dots)) == fiscal::proof_text("3.1-000017", 41, sold.hash) + "\n");
    }
}

TEST_CASE("picture: what is endless is cut off") {
    Bitmap endless(576, Bitmap::max_height);
    endless.set(0, 0);
    const std::string png = fiscal::simulator::picture_of(endless);
    CHECK(png.starts_with("\x89PNG"));
    CHECK(fiscal::simulator::picture_of(Bitmap(384, 0)).starts_with("\x89PNG"));
}
