// What a till keeps for itself, the keys, and what the windows say in another language.
#include <doctest/doctest.h>

#include <GLFW/glfw3.h>

#include <fstream>
#include <sstream>
#include <string>

#include "fiscal/transport.h"
#include "fiscal/vat.h"
#include "node/base/error.h"
#include "node/parked.h"
#include "node/policy.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/sound_device.h"
#include "ui/faults.h"
#include "ui/kit/locale.h"
#include "ui/kit/sound.h"
#include "ui/sentences.h"
#include "ui/till/printer_watch.h"
#include "ui/till/save_file.h"
#include "ui/till/settings.h"
#include "ui/table_view.h"
#include "ui/words.h"

using namespace paprsek;
using namespace paprsek::ui;

namespace {

struct English {
    ~English() { set_language("en"); }
};

void write(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

TEST_CASE("U1: function keys exchange their places, but for the three that are the same everywhere") {
    CHECK(is_keymap(keys_as_delivered));
    const auto changed = exchanged(keys_as_delivered, 4, 7);
    REQUIRE(changed);
    CHECK(is_keymap(*changed));
    for (const int fixed : {1, 9, 12}) {
        CHECK_FALSE(exchanged(keys_as_delivered, fixed, 4));
        CHECK_FALSE(exchanged(keys_as_delivered, 4, fixed));
    }
    CHECK_FALSE(exchanged(keys_as_delivered, 0, 4));
    CHECK_FALSE(exchanged(keys_as_delivered, 4, 13));
    set_keymap(*changed);
    CHECK(meaning_of(GLFW_KEY_F7) == GLFW_KEY_F4);
    CHECK(meaning_of(GLFW_KEY_F4) == GLFW_KEY_F7);
    CHECK(meaning_of(GLFW_KEY_F12) == GLFW_KEY_F12);
    CHECK(meaning_of(GLFW_KEY_A) == GLFW_KEY_A);
    CHECK(shown_key("F4") == "F7");
    CHECK(shown_key("F12") == "F12");
    CHECK(shown_key("Del") == "Del");
    CHECK(shown_key("F13") == "F13");
    set_keymap({1, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});  // no permutation: as delivered
    CHECK(keymap() == keys_as_delivered);
}

TEST_CASE("settings come back as they were saved, and a broken file stops nobody") {
    const test::TemporaryFolder scratch;
    const std::string folder = scratch.file("node");
    std::filesystem::create_directory(folder);
    std::string fault;
    CHECK(load_settings(folder, fault) == Settings{});
    CHECK(fault.empty());

    Settings settings;
    settings.language = "ro";
    settings.theme = ThemeName::contrast;
    settings.zoom_percent = 125;
    settings.mirrored = true;
    settings.sound = false;
    settings.lock_minutes = 5;
    settings.keys = *exchanged(keys_as_delivered, 2, 6);
    save_settings(folder, settings);
    CHECK(load_settings(folder, fault) == settings);
    CHECK(fault.empty());

    const std::string file = folder + "/till-settings.json";
    for (const char* bad : {"", "{", "[]", R"({"language":"de"})", R"({"theme":"pink"})", R"({"zoom_percent":49})", R"({"zoom_percent":301})",
                            R"({"lock_minutes":-1})", R"({"lock_minutes":241})", R"({"sound":1})", R"({"keys":[1,2,3]})",
                            R"({"keys":[9,2,3,4,5,6,7,8,1,10,11,12]})", R"({"keys":[1,2,2,4,5,6,7,8,9,10,11,12]})",
                            R"({"keys":[1,2,300,4,5,6,7,8,9,10,11,12]})"}) {
        CAPTURE(bad);
        write(file, bad);
        fault.clear();
        CHECK(load_settings(folder, fault) == Settings{});
        CHECK_FALSE(fault.empty());
    }
    write(file, std::string(10'000, ' '));
    fault.clear();
    CHECK(load_settings(folder, fault) == Settings{});
    CHECK_FALSE(fault.empty());
    write(file, R"({"theme":"dark","of a newer program":true})");
    fault.clear();
    CHECK(load_settings(folder, fault).theme == ThemeName::dark);
    CHECK(fault.empty());
}

TEST_CASE("U2: the windows speak three languages and change while running") {
    const English after;
    set_language("cs_CZ.UTF-8");
    CHECK(language() == "cs");
    CHECK(std::string(tr("Customer")) == "Zákazník");
    CHECK(fill_in(tr_n("{} day", "{} days", 1), {"1"}) == "1 den");
    CHECK(fill_in(tr_n("{} day", "{} days", 3), {"3"}) == "3 dny");
    CHECK(fill_in(tr_n("{} day", "{} days", 5), {"5"}) == "5 dní");
    const char* const before = tr("Customer");
    set_language("ro");
    CHECK(std::string(tr("Receipts on the screen")) == "Bonuri pe ecran");
    CHECK(fill_in(tr_n("{} day", "{} days", 25), {"25"}) == "25 de zile");
    CHECK(std::string(before) == "Zákazník");  // lives on
    CHECK(std::string(tr("said by nobody")) == "said by nobody");
    set_language("fr");
    CHECK(language() == "en");
    CHECK(std::string(tr("Customer")) == "Customer");
    CHECK(fill_in(tr_n("{} day", "{} days", 1), {"1"}) == "1 day");
}

TEST_CASE("U2: dates are written by the language") {
    const node::Instant noon{1'772'362'800'000};  // 2026-03-01 12:00 in Prague
    const node::TimeZone zone("Europe/Prague");
    CHECK(Words("CZK", "cs", zone).date(noon) == "1. 3. 2026");
    CHECK(Words("RON", "ro", zone).date(noon) == "01.03.2026");
    CHECK(Words("EUR", "en", zone).date(noon) == "1 Mar 2026");
    CHECK(Words("CZK", "cs", zone).time(noon) == "12:00");
    CHECK(Words("CZK", "cs", zone).whole_money(node::Money::of(500000)) == "5\u00A0000\u00A0Kč");
    CHECK(Words("RON", "ro", zone).whole_money(node::Money::of(50)) == "0,50\u00A0lei");
    CHECK(Words("CZK", "cs", zone).points(node::Points::of(12000)) == "120");
    CHECK(Words("CZK", "cs", zone).points(node::Points::of(12050)) == "120,50");
    CHECK(Words("CZK", "cs", zone).points_column(node::Points::of(12000)) == "120,00");
    for (const char* const locale : {"cs", "ro", "en"}) CHECK(Words::parse_day(Words("EUR", locale, zone).date(noon)) == node::parse_date("2026-03-01"));
    CHECK(Words::parse_day("2026-03-01") == node::parse_date("2026-03-01"));
    CHECK(Words::parse_day("1 march 2026") == node::parse_date("2026-03-01"));
    for (const char* const none : {"", "1. 3.", "31. 2. 2026", "1. 3. 20260", "x", "1 2 3 4", "Mar 1 2026"}) CHECK_FALSE(Words::parse_day(none));
}

TEST_CASE("U2: what is wrong with a file is said in the window's language, by its name, without hints for the command line") {
    const English after;
    CHECK(ui::refusal_text("/media/stick/delivery.csv line 3", "has 2 fields where the header has 3", "save the table as CSV UTF-8") ==
          "delivery.csv, line 3: has 2 fields where the header has 3. Save the table as CSV UTF-8.");
    set_language("cs");
    CHECK(ui::refusal_text("/media/stick/delivery.csv line 3", "has 2 fields where the header has 3", "save the table as CSV UTF-8") ==
          "delivery.csv, řádek 3: má 2 polí, ale hlavička jich má 3. Uložte tabulku jako CSV UTF-8.");
    CHECK(ui::refusal_text("b.bundle", "is a reply of HQ, for a branch", "import it there: paprsek import NODE FILE") ==
          "b.bundle: je to odpověď centrály pro pobočku: načtěte ji tam.");
    set_language("ro");
    CHECK(ui::refusal_text({}, "there is no such file", "check the path") == "Nu există un astfel de fișier. Verificați calea.");
    CHECK(ui::error_text(node::Error(node::Exit::operating, "/tmp/a.pdf", "the disk is full", "")) == "a.pdf: discul este plin.");
}

TEST_CASE("U2: what is wrong with the settings is said in the window's language, with the name of the list and the field") {
    const English after;
    const auto refused = [](const char* policy) -> std::string {
        try {
            node::parse_policy(policy, "CZK", tr("The settings"));
        } catch (const node::Error& error) {
            return ui::error_text(error);
        }
        return "taken";
    };
    constexpr const char* factor = R"({"multipliers":[{"factor":"2"},{"factor":"1001"}]})";
    constexpr const char* levels = R"({"levels":[{"spend":"100","discount":"2"},{"spend":"100","discount":"3"}]})";
    CHECK(refused(factor) == "The settings, multipliers no. 2: \"factor\" is not between 0 and 1000.");
    set_language("cs");
    CHECK(refused(factor) == "Nastavení, násobky, položka 2: „násobek“ není mezi 0 a 1000.");
    CHECK(refused(levels) == "Nastavení: „úrovně“ má dvě úrovně se stejnou útratou.");
    CHECK(refused(R"({"multipliers":[{"factor":"2","from":"9:5"}]})") == "Nastavení, násobky, položka 1: „od“ není denní doba. Napište ji jako „08:30“.");
    CHECK(refused(R"({"levels":[{"spend":"100"}]})") == "Nastavení, úrovně, položka 1: „sleva“ chybí.");
    std::string twice;
    try {
        node::parse_tables(R"([{"area":"Zahrada","tables":["1","2","1"]}])", "plan");
    } catch (const node::Error& error) {
        twice = error_text(error);
    }
    CHECK(twice == "plan [1]: „stoly“: „1“ je tu dvakrát.");
    set_language("ro");
    CHECK(refused(levels) == "Setările: „praguri” are două praguri la aceeași sumă a cumpărăturilor.");
}

TEST_CASE("U2: refusals of the till are said in the window's language, with their figures") {
    const English after;
    CHECK(say("The PIN is wrong.") == "The PIN is wrong.");
    set_language("cs");
    CHECK(say("The PIN is wrong.") == "PIN je chybný.");
    CHECK(say("The code 9999999999994 is not in the catalogue.") == "Kód 9999999999994 není v ceníku.");
    CHECK(say("The code 12 is not in the catalogue: give it a price or strike it out.").starts_with("Kód 12 není v ceníku: doplňte"));
    CHECK(say("Giving a discount is not allowed to Anna (discount): a second person may approve it.") ==
          "Poskytnutí slevy: Anna k tomu nemá oprávnění. Může to schválit druhá osoba.");
    CHECK(say("There is no sale {}.") == "Prodej {} neexistuje.");
    // Amounts as the language writes them, and a node's name as it is.
    CHECK(say("The account stands at 0.00 and may not pass 1500.00: 12345.60 more is too much.") ==
          "Účet je na 0,00 a nesmí přesáhnout 1\u00A0500,00: dalších 12\u00A0345,60 je příliš mnoho.");
    CHECK(say("is not signed by node 4.12, or was changed on the way").find("4.12") != std::string::npos);
    CHECK(say("Cash in or out needs a reason.") == "Vklad nebo výběr vyžaduje důvod.");
    CHECK(say("The card 29001 is the customer with card 29001's: edit or merge that one.") ==
          "Karta 29001 už patří (zákazník s kartou 29001): upravte nebo slučte jej.");
    CHECK(say("The card 29001 is customer 3's: edit or merge that one.").find("(zákazník 3)") != std::string::npos);
    set_language("ro");
    CHECK(say("Card, voucher and account come to more than the 1234.50 that is due.").find("1.234,50") != std::string::npos);
    set_language("cs");
    CHECK(say("Something that nobody translated: 5.") == "Something that nobody translated: 5.");
    CHECK(say("") == "");
}

TEST_CASE("U2: what is wrong with a printer is said in the window's language, whatever the line or the driver said") {
    const English after;
    const std::string address = "tcp:127.0.0.1:9", gone = address + ": cannot be opened: nothing answers at this address";
    const std::string refused = "The printer is not there: " + gone + " (check the cable, and that the device is switched on)";
    const std::string in_hand = "The printer did not answer. Nobody knows whether the paper came out.";
    const std::string clock = *fiscal::clock_off(0, 840, 120);
    CHECK(line_reason(refused, address) == "Cannot be opened: nothing answers at this address.");
    CHECK(line_reason("The line to the printer broke: " + address + ": the device closed the line.", address) == "The device closed the line.");
    CHECK(driver_sentence(clock) == "The printer's clock is 14 minutes behind: set the one that is wrong.");
    set_language("cs");
    CHECK(line_reason(refused, address) == "Nelze otevřít: na této adrese nic neodpovídá.");
    CHECK(line_reason("The line to the printer broke (" + address + ": the device closed the line).", address) == "Zařízení spojení ukončilo.");
    CHECK(line_reason("The printer is out of paper.", address) == "Tiskárně došel papír.");
    CHECK(driver_sentence(in_hand) == "Tiskárna neodpověděla. Nikdo neví, zda papír vyjel.");
    CHECK(driver_sentence(clock) == "Hodiny tiskárny jdou o 14 min pozadu: nastavte ty, které jdou špatně.");
    set_language("ro");
    CHECK(line_reason(refused, address) == "Nu se poate deschide: la această adresă nu răspunde nimic.");
}

TEST_CASE("U2: a barcode rule of a new policy is named in the window's language") {
    const English after;
    set_language("cs");
    CHECK(say("rule weight 28IIII0WWWWWK (priority 10)") == "pravidlo vážené zboží 28IIII0WWWWWK (priorita 10)");
    CHECK(say("rule Cheese 28IIII0WWWWWK (priority 10)") == "pravidlo Cheese 28IIII0WWWWWK (priorita 10)");
}

TEST_CASE("T14: files are offered under names in the window's language, in plain letters") {
    const English after;
    CHECK(file_stem(tr("Sales by day")) == "sales-by-day");
    set_language("cs");
    CHECK(file_stem(tr("Sales by day")) == "prodeje-podle-dnu");
    set_language("ro");
    CHECK(file_stem(tr("Payments of accounts")) == "achitari-de-conturi");
    CHECK(file_stem("Účtenka-1.1/57") == "uctenka-1.1-57");
    CHECK(file_stem(" ../Ž?…") == "z");
}

TEST_CASE("T14: a report is saved as the spreadsheets of those who speak so open it, with times that these sort") {
    const English after;
    const test::TemporaryFolder folder;
    node::Table table{"Sales by day", "", node::columns_of({"at", "name", "qty", "amount"}), {}};
    table.rows = {{{"at", "2026-03-02T10:15:00+01:00"}, {"name", "Rohlík; \"43 g\""}, {"qty", "0.5"}, {"amount", "1234.50"}}};
    const auto saved = [&](const char* language) {
        set_language(language);
        save_table(in_words(table, number_style(language)), folder.file("report.csv"), number_style(language));
        std::ifstream file(folder.file("report.csv"), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    CHECK(saved("cs") == "\xEF\xBB\xBFKdy;Zboží;Množství;Částka\r\n2026-03-02 10:15;\"Rohlík; \"\"43 g\"\"\";0,5;1234,50\r\n");
    CHECK(saved("en") == "\xEF\xBB\xBFWhen,Product,Quantity,Amount\r\n2026-03-02 10:15,\"Rohlík; \"\"43 g\"\"\",0.5,1234.50\r\n");
}

TEST_CASE("T14: decimal separators of a report's column stand one under another") {
    node::Table table{"Points", "", node::columns_of({"name", "points"}), {}};
    for (const char* const points : {"7", "12.5", "-1234.25"}) table.rows.push_back({{"name", "x"}, {"points", points}});
    const node::TimeZone zone("Europe/Prague");
    TableView view;
    view.show(shown_table(table, Words("CZK", "cs", zone), zone));
    CHECK(view.text(0, 1) == "7,00");
    CHECK(view.text(1, 1) == "12,50");
    CHECK(view.text(2, 1) == "\u22121\u00A0234,25");
}

TEST_CASE("U2: a line that cannot be opened is told in words that the windows know") {
    const English after;
    set_language("cs");
    const auto told = [](const std::string& address) {
        try {
            fiscal::open_transport(address, 200);
        } catch (const node::Error& error) {
            return line_reason(error.what(), address);
        }
        return std::string();
    };
    CHECK(told("tcp:127.0.0.1:1") == "Nelze otevřít: na této adrese nic neodpovídá.");
    CHECK(told("file:/dev/paprsek-has-none") == "Nelze otevřít: takové zařízení tu není.");
    CHECK(told("serial:/dev/paprsek-has-none") == "Nelze otevřít: takové zařízení tu není.");
    CHECK(told("serial:/dev/null") == "Nelze otevřít: není to sériová linka.");
}

TEST_CASE("U3: without a sound device nothing fails") {
    const test::SoundDevice none("type hw card 99");
    Sounds sounds;
    sounds.play(Sound::scanned);  // switched off
    sounds.set_on(true);
    for (int i = 0; i < 20; ++i) sounds.play(Sound::unknown);
}

TEST_CASE("U3: each tone is heard on the device, and another than its fellows; switched off none is") {
    const test::TemporaryFolder folder;
    const auto heard = [&folder](Sound sound, bool on) {
        const std::string file = folder.file("heard_" + std::to_string(static_cast<int>(sound)));
        const test::SoundDevice device("type file file \"" + file + "\" format raw slave.pcm { type null }");
        {
            Sounds sounds;
            sounds.set_on(on);
            sounds.play(sound);
        }
        std::ifstream recorded(file, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(recorded), {});
    };
    CHECK(heard(Sound::scanned, false).empty());
    const std::string scanned = heard(Sound::scanned, true);
    const std::string refused = heard(Sound::refused, true);
    const std::string unknown = heard(Sound::unknown, true);
    constexpr std::size_t bytes_a_second = 22050 * 2;
    CHECK(scanned.size() == bytes_a_second * 60 / 1000);
    CHECK(refused.size() == bytes_a_second * 220 / 1000);
    CHECK(unknown.size() >= bytes_a_second * 340 / 1000 - 4);
    CHECK(scanned != refused.substr(0, scanned.size()));
    CHECK(scanned.find_first_not_of('\0') != std::string::npos);
}
