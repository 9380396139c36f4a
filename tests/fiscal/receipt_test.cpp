// Slips of paper: what stands on them, in 32, 42 and 48 columns, in three languages; the same lines as text, PDF and picture.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "fiscal/from_fact.h"
#include "fiscal/receipt/letters.h"
#include "fiscal/receipt/proof.h"
#include "node/base/csv.h"
#include "node/base/error.h"
#include "tests/support/shop.h"
#include "tests/support/holds.h"

namespace paprsek::fiscal {
namespace {

using test::holds;

using test::Shop;

void stock(Shop& shop) {
    shop.catalogue("group,parent,excluded\nbakery,,0\ndrinks,,0\n");
    shop.catalogue(
        "code,name,group,price,vat,cost,points,dealer_discounts\n"
        "8594001021239,Rohlík tukový,bakery,2.90,B,2.00,,\n"
        "8594001021246,Limonáda,drinks,24.90,A,15.00,,\n"
        "8594001021253,Příliš žluťoučký kůň úpěl ďábelské ódy a pak ještě jednou,drinks,1234.00,A,1000.00,,\n");
    shop.customers("number,name,cards,charge_to_account,points\n7,Ștefan Țepeș,2900000000018,1,500\n");
    set_stationery(shop.node(), R"({"header":["Nádražní 1, Brno","IČO 12345678"],"footer":["Děkujeme"]})", "stationery");
}

/// Quantity, discount, a name that is too long, points, rounding, change.
void sell(Shop& shop) {
    const node::Json sold = shop.play(
        "{'cashier':'anna','customer':'7','lines':[{'code':'8594001021239','qty':'10'},{'code':'8594001021246','discount':'10'},{'code':'8594001021253'}],"
        "'redeem':'20','pay':[{'with':'cash','amount':'2000'}]}");
    REQUIRE(sold.contains("receipt"));
}

Form form(Shop& shop, int columns = 48, const char* locale = "cs") {
    Form form = form_of(shop.node(), columns);
    form.locale = locale;
    return form;
}

std::string slip(Shop& shop, const std::string& name, int columns = 48, const char* locale = "cs", Issue issue = Issue::original) {
    return print_text(slip_of(shop.node(), name, form(shop, columns, locale), issue));
}

std::string seen_by(const Shop& shop, const std::string& command) {
    REQUIRE(std::system(("cd '" + shop.folder().path() + "' && " + command + " > seen 2>/dev/null").c_str()) == 0);
    return node::read_file(shop.folder().file("seen"), 16u << 20);
}

std::string refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const node::Error& error) {
        CHECK(error.exit() == node::Exit::refused);
        return error.what();
    }
    return "nothing was refused";
}

}  // namespace

TEST_CASE("a receipt in 48 columns, every line of it") {
    Shop shop;
    stock(shop);
    sell(shop);
    const std::string proof = proof_text("3.1-000001", 6, schema::to_hex(shop.node().ledger().fact(6)->hash));
    CHECK(slip(shop, "3.1-000001") ==
          "                      Shop\n"
          "                Nádražní 1, Brno\n"
          "                  IČO 12345678\n"
          "------------------------------------------------\n"
          "Účtenka 3.1-000001                2.3.2026 10:15\n"
          "Obsluha: anna\n"
          "------------------------------------------------\n"
          "Rohlík tukový\n"
          "  10 x 2,90                              29,00 B\n"
          "Limonáda                                 24,90 A\n"
          "  sleva                                  -2,49\n"
          "Příliš žluťoučký kůň úpěl ďábelské ódy a pak\n"
          "ještě jednou                          1 234,00 A\n"
          "------------------------------------------------\n"
          "Slevy celkem                               -2,49\n"
          "Mezisoučet                              1 285,41\n"
          "Zaplaceno z věrnostního konta             -20,00\n"
          "Zaokrouhlení                               -0,41\n"
          "CELKEM Kč       1 265,00\n"  // letters twice as broad
          "Hotově                                  2 000,00\n"
          "Vráceno                                   735,00\n"
          "------------------------------------------------\n"
          "DPH               základ         daň      CELKEM\n"
          "A 21 %          1 022,20      214,66    1 236,86\n"
          "B 12 %             25,49        3,06       28,55\n"
          "------------------------------------------------\n"
          "Zákazník: Ștefan Țepeș (7)\n"
          "Získané body                            1 287,90\n"
          "Použité body                                 400\n"
          "Bodů na kontě                           1 387,90\n"
          "------------------------------------------------\n"
          "                      [QR]\n"
          "         " +
              proof +
              "\n"
              "------------------------------------------------\n"
              "                    Děkujeme\n");
}

TEST_CASE("narrow paper breaks lines and loses nothing") {
    Shop shop;
    stock(shop);
    sell(shop);
    const std::string narrow = slip(shop, "3.1-000001", 32);
    CHECK(holds(narrow, "Účtenka 3.1-000001\nObsluha: anna     2.3.2026 10:15\n"));
    CHECK(holds(narrow, "Příliš žluťoučký kůň úpěl\nďábelské ódy a pak\nještě jednou          1 234,00 A\n"));
    CHECK(holds(narrow, "Zaplaceno z věrnostního\nkonta                     -20,00\n"));
    CHECK(holds(narrow, "A 21 % 1 022,20 214,66 1 236,86\n"));
    for (const int columns : {24, 32, 42, 48, 64}) {
        const Slip paper = slip_of(shop.node(), "3.1-000001", form(shop, columns), Issue::original);
        for (const auto& block : paper.blocks)
            if (const Row* row = std::get_if<Row>(&block)) {
                CAPTURE(row->text);
                CHECK(letters_of(row->text).size() * static_cast<std::size_t>(row->across) <= static_cast<std::size_t>(columns));
            }
    }
}

TEST_CASE("Romanian and English receipts write numbers and days their way") {
    Shop shop;
    stock(shop);
    sell(shop);
    const std::string romanian = slip(shop, "3.1-000001", 48, "ro");
    CHECK(holds(romanian, "Bon 3.1-000001                    2.3.2026 10:15\n"));
    CHECK(holds(romanian, "Plătit din contul de fidelitate           -20,00\n"));
    CHECK(holds(romanian, "Subtotal                                1.285,41\n"));
    CHECK(holds(romanian, "Puncte în cont                          1.387,90\n"));
    const std::string english = slip(shop, "3.1-000001", 48, "en");
    CHECK(holds(english, "Receipt 3.1-000001              2026-03-02 10:15\n"));
    CHECK(holds(english, "Subtotal                                1,285.41\n"));
}

TEST_CASE("a refund goes the other way") {
    Shop shop;
    stock(shop);
    sell(shop);
    shop.play("{'cashier':'anna','refund_of':'3.1-000001','lines':[{'code':'8594001021239','qty':'5'}]}");
    const std::string text = slip(shop, "3.1-000002");
    CHECK(holds(text, "Vratka 3.1-000002 "));
    CHECK(holds(text, "K účtence: 3.1-000001\n"));
    CHECK(holds(text, "  5 x 2,90                              -14,50 B\n"));
    CHECK(holds(text, "Zaplaceno z věrnostního konta               0,22\n"));
    CHECK(holds(text, "VRÁCENO Kč         14,00\n"));
    CHECK(holds(text, "Hotově                                    -14,00\n"));
    CHECK(holds(text, "B 12 %            -12,75       -1,53      -14,28\n"));
    CHECK(holds(text, "Odečtené body                              14,50\n"));
    CHECK(holds(text, "Vrácené body                                4,40\n"));
    shop.play("{'refund':{'reason':'bez účtenky'},'lines':[{'code':'8594001021246'}]}");
    CHECK(holds(slip(shop, "3.1-000003"), "Důvod: bez účtenky\n"));
}

TEST_CASE("an account: loan, debt, statements full and brief, settlement with the documents that it pays") {
    Shop shop;
    stock(shop);
    shop.play(
        "{'cashier':'anna','customer':'7','lines':[{'code':'8594001021246','qty':'2'},{'text':'Půjčka na hru','price':'100.00','vat':'C'}],"
        "'pay':[{'with':'account','amount':'149.80'}]}");
    const std::string sold = slip(shop, "3.1-000001");
    CHECK(holds(sold, "Na účet                                   149,80\nVydáno v hotovosti                        100,00\n"));
    CHECK(holds(sold, "Dluh na účtu                              149,80\n"));
    const std::string full = print_text(statement_of(shop.node(), "7", false, form(shop)));
    CHECK(holds(full, "2.3.2026 10:15  3.1-000001  anna\n  2 x Limonáda                             49,80\n"));
    CHECK(holds(full, "K ÚHRADĚ Kč       149,80\n"));
    const std::string brief = print_text(statement_of(shop.node(), "2900000000018", true, form(shop, 32)));
    CHECK(holds(brief, "2.3.2026  3.1-000001      149,80\n"));
    CHECK_FALSE(holds(brief, "Limonáda"));
    shop.play("{'cashier':'eva','settle':{'customer':'7','items':'all'},'pay':[{'with':'cash','amount':'200.00'}]}");
    const std::string settled = slip(shop, "3.1/7");
    CHECK(holds(settled, "Úhrada účtu 3.1/7                 2.3.2026 10:15\nObsluha: eva\n"));
    CHECK(holds(settled, "3.1-000001  Půjčka na hru\n  1 x                                     100,00\n"));
    CHECK(holds(settled, "Zaokrouhlení                                0,20\nCELKEM Kč         150,00\n"));
    CHECK(holds(settled, "Vráceno                                    50,00\n"));
    CHECK(holds(settled, "Dluh na účtu                                0,00\n"));
    CHECK(holds(print_text(statement_of(shop.node(), "7", false, form(shop))), "Nic není nezaplaceno.\n"));
    CHECK(holds(refusal([&] { statement_of(shop.node(), "99", false, form(shop)); }), "is not known here"));
}

TEST_CASE("takings, cash and deposits have slips") {
    Shop shop;
    stock(shop);
    sell(shop);
    shop.play("{'cash':{'out':'50.00','reason':'Pošta'}}");
    shop.play("{'deposit':{'customer':'7','amount':'300.00'}}");
    CHECK(holds(slip(shop, "3.1/7"), "Důvod: Pošta\n"));
    CHECK(holds(slip(shop, "3.1/7"), "Částka Kč         -50,00\n"));
    CHECK(holds(slip(shop, "3.1/8"), "Vklad na konto 3.1/8"));
    const std::string open = slip(shop, "x");
    CHECK(holds(open, "Den není uzavřen.\n"));
    CHECK(holds(open, "  Má být                                1 515,00\n"));
    CHECK_FALSE(holds(open, "[QR]"));  // nothing is booked, so there is nothing to prove
    CHECK_FALSE(holds(open, "Děkujeme"));
    shop.play("{'close_day':{'denominations':{'1000':1,'500':1}}}");
    const std::string closed = slip(shop, "z");
    CHECK(closed == slip(shop, "z1"));
    CHECK(closed == slip(shop, "3.1/9"));
    CHECK(holds(closed, "Denní uzávěrka Z 1 "));
    CHECK(holds(closed, "Prodeje (1)                             1 265,00\n"));
    CHECK(holds(closed, "  A 21 %                1 022,20          214,66\n"));
    CHECK(holds(closed, "    1 x 1 000,00\n"));
    CHECK(holds(closed, "  Rozdíl                                  -15,00\n"));
    CHECK(holds(closed, "[QR]"));
}

TEST_CASE("what has no slip is refused by name") {
    Shop shop;
    stock(shop);
    CHECK(holds(refusal([&] { slip(shop, "3.1-000009"); }), "is none of this till (3.1)"));
    CHECK(holds(refusal([&] { slip(shop, "4.1-000001"); }), "is none of this till"));
    CHECK(holds(refusal([&] { slip(shop, "3.1/1"); }), "node.created"));
    CHECK(holds(refusal([&] { slip(shop, "3.1/999"); }), "is not in the ledger"));
    CHECK(holds(refusal([&] { slip(shop, "3.1/x"); }), "names no fact"));
    CHECK(holds(refusal([&] { slip(shop, "z"); }), "is no Z report"));
    CHECK(holds(refusal([&] { slip(shop, "z7"); }), "is no Z report"));
    CHECK(holds(refusal([&] { slip(shop, ""); }), "is none of this till"));
}

TEST_CASE("a copy says so, and names a hidden customer by the card alone") {
    Shop shop;
    stock(shop);
    sell(shop);
    shop.clock().set(test::instant("2026-04-05T08:00:00+02:00"));
    const std::string copy = slip(shop, "3.1-000001", 48, "cs", Issue::copy);
    CHECK(holds(copy, "*** KOPIE ***"));
    CHECK(holds(copy, "Účtenka 3.1-000001                2.3.2026 10:15\n"));
    CHECK(holds(copy, "Zůstatek podle stavu k             5.4.2026 8:00\n"));
    shop.policy(R"({"hide_customer_info":true})");
    const std::string hidden = slip(shop, "3.1-000001");
    CHECK(holds(hidden, "Zákazník: 7\n"));
    CHECK_FALSE(holds(hidden, "Țepeș"));
    CHECK_FALSE(holds(hidden, "Bodů na kontě"));
}

TEST_CASE("a PDF holds the same letters, and a scanner reads its code") {
    Shop shop;
    stock(shop);
    sell(shop);
    for (const int columns : {32, 48}) {
        const Slip paper = slip_of(shop.node(), "3.1-000001", form(shop, columns), Issue::original);
        write_pdf(paper, shop.folder().file("slip.pdf"));
        const std::string seen = seen_by(shop, "pdftotext -layout slip.pdf -");
        for (const char* part : {"Rohlík tukový", "ďábelské ódy a pak", "1 265,00", "Ștefan Țepeș", "DPH"}) CHECK(holds(seen, part));
        const std::string proof = proof_text("3.1-000001", 6, schema::to_hex(shop.node().ledger().fact(6)->hash));
        CHECK(holds(seen_by(shop, "pdftoppm -r 200 -gray slip.pdf page && zbarimg --quiet --raw page-1.pgm"), proof));
        std::ofstream(shop.folder().file("slip.png"), std::ios::binary) << png_of(picture_of(paper));
        CHECK(seen_by(shop, "zbarimg --quiet --raw slip.png") == proof + "\n");
    }
    CHECK_THROWS_AS(write_pdf(slip_of(shop.node(), "3.1-000001", form(shop), Issue::original), shop.folder().file("nowhere/slip.pdf")), node::Error);
}

TEST_CASE("bars instead of a QR, or no code at all") {
    Shop shop;
    stock(shop);
    sell(shop);
    const std::string digits = *proof_digits({3, 1}, 6, schema::to_hex(shop.node().ledger().fact(6)->hash));
    for (const int columns : {32, 48}) {
        Form bars = form(shop, columns);
        bars.proof = ProofAs::bars;
        std::ofstream(shop.folder().file("slip.png"), std::ios::binary) << png_of(picture_of(slip_of(shop.node(), "3.1-000001", bars, Issue::original)), 40);
        CHECK(seen_by(shop, "zbarimg --quiet --raw slip.png") == digits + "\n");
    }
    Form plain = form(shop);
    plain.proof = ProofAs::none;
    CHECK_FALSE(holds(print_text(slip_of(shop.node(), "3.1-000001", plain, Issue::original)), "3.1-000001:6:"));
}

TEST_CASE("codes of proof are read back, and nothing else is one") {
    const schema::Hash hash = schema::genesis("3.1");
    const std::string hex = schema::to_hex(hash), text = proof_text("3.1-000017", 41, hex);
    const auto code = parse_proof(" " + text + "\n");
    REQUIRE(code);
    CHECK(code->node == node::NodeName{3, 1});
    CHECK(code->name == "3.1-000017");
    CHECK(code->seq == 41);
    CHECK(code->is_of(hash));
    CHECK_FALSE(code->is_of(schema::genesis("3.2")));
    CHECK(parse_proof("3.1-000017/1:41:0123456789abcdef")->name == "3.1-000017/1");
    const auto digits = proof_digits({3, 1}, 41, hex);
    REQUIRE(digits);
    CHECK(digits->size() == 24);
    const auto bars = parse_proof(*digits);
    REQUIRE(bars);
    CHECK(bars->node == node::NodeName{3, 1});
    CHECK(bars->seq == 41);
    CHECK(bars->is_of(hash));
    CHECK_FALSE(proof_digits({3, 1}, 100'000'000, hex));
    CHECK_FALSE(proof_digits({3, 1}, 41, "xyz"));
    for (const char* wrong :
         {"", ":", "::", "3.1:41", "3.1-000017:41:0123", "3.1-000017:0:0123456789abcdef", "3.1-000017:x:0123456789abcdef", "x-1:41:0123456789abcdef",
          "3.1-000017:41:0123456789abcdeg", "000301000000410123456789a", "000301000000009999999999", "3.1-1:99999999999999999999:0123456789abcdef"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_proof(wrong));
    }
}

TEST_CASE("stationery is read back, and a wrong one is refused whole") {
    Shop shop;
    set_stationery(shop.node(), R"({"header":["A","Ko\u0301n"],"columns":32,"proof":"bars"})", "s");
    const Stationery set = stationery(shop.node());
    CHECK(set.header == std::vector<std::string>{"A", "Kón"});
    CHECK(set.columns == 32);
    CHECK(set.proof == ProofAs::bars);
    for (const char* wrong :
         {"{", "[]", R"({"header":"A"})", R"({"header":[1]})", R"({"columns":12})", R"({"columns":99})", R"({"proof":"x"})", R"({"colour":1})"})
        CHECK_THROWS_AS(set_stationery(shop.node(), wrong, "s"), node::Error);
    CHECK(stationery(shop.node()).columns == 32);

    Bitmap dots(100, 40);
    dots.draw(*symbol_of(SymbolKind::qr, "logo"), 8, 4);
    set_stationery(shop.node(), "{}", "s", png_of(dots));
    CHECK(*stationery(shop.node()).logo == dots);
    CHECK(stationery_json(stationery(shop.node()))["logo"] == "100x40");
    shop.play("{'cash':{'in':'5.00','reason':'x'}}");
    CHECK(holds(slip(shop, "3.1/2"), "[logo]\n"));
    set_stationery(shop.node(), "{}", "s", "");
    CHECK_FALSE(stationery(shop.node()).logo);
    CHECK_THROWS_AS(set_stationery(shop.node(), "{}", "s", "no picture"), node::Error);
    CHECK_THROWS_AS(set_stationery(shop.node(), "{}", "s", png_of(dots).substr(0, 60)), node::Error);
    set_stationery(shop.node(), "{}", "s", png_of(Bitmap(1000, 100)));  // made smaller
    CHECK(stationery(shop.node()).logo->width() == 576);
    CHECK(form_of(shop.node(), 32).logo == nullptr);
    CHECK_THROWS_AS(set_stationery(shop.node(), "{}", "s", png_of(Bitmap(100, 1000))), node::Error);
}

TEST_CASE("letters: composed, one a place, broken between words") {
    CHECK(letters_of("ku\u030An\u030C") == U"kůň");
    CHECK(letters_of("a\u00A0b\tc\nd\x01\u200B") == U"a b c d");
    CHECK(letters_of("\xFFx") == U"?x");
    CHECK(utf8_of(letters_of("Ștefan € 😀")) == "Ștefan € 😀");
    CHECK(wrap(U"", 5) == std::vector<std::u32string>{U""});
    CHECK(wrap(U"ab cd", 5) == std::vector<std::u32string>{U"ab cd"});
    CHECK(wrap(U"ab cde", 5) == std::vector<std::u32string>{U"ab", U"cde"});
    CHECK(wrap(U"abcdefgh", 5) == std::vector<std::u32string>{U"abcde", U"fgh"});
    CHECK(wrap(U"abcde fgh", 5) == std::vector<std::u32string>{U"abcde", U"fgh"});
    CHECK(wrap(U"a     b", 3) == std::vector<std::u32string>{U"a", U"b"});
}

}  // namespace paprsek::fiscal
