// Tables from a spreadsheet: what other programs write into one, and what is wrong with broken ones.
#include <doctest/doctest.h>
#include <zip.h>

#include <filesystem>
#include <map>

#include "node/base/error.h"
#include "node/base/xlsx.h"
#include "node/catalogue.h"
#include "node/paper/table.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

using Parts = std::map<std::string, std::string>;

std::string zipped(const Parts& parts) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("t.xlsx");
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
    REQUIRE(archive);
    for (const auto& [name, text] : parts)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
    REQUIRE(zip_close(archive) == 0);
    return read_file(path, 1u << 20);
}

Parts parts_of(const std::string& rows) {
    return {
        {"xl/workbook.xml",
         R"(<workbook xmlns:r="http://r"><sheets><sheet name="Zboží" sheetId="7" r:id="rId3"/><sheet name="2" r:id="rId4"/></sheets></workbook>)"},
        {"xl/_rels/workbook.xml.rels",
         R"(<Relationships><Relationship Id="rId4" Target="worksheets/other.xml"/><Relationship Id="rId3" Target="worksheets/goods.xml"/></Relationships>)"},
        {"xl/sharedStrings.xml",
         R"(<sst><si><t>code</t></si><si><r><rPr><b/></rPr><t>na</t></r><r><t>me</t></r><rPh>)"
         R"(<t>aloud</t></rPh></si><si><t xml:space="preserve"> Rohlík &amp; máslo </t></si></sst>)"},
        {"xl/styles.xml",
         R"(<styleSheet><numFmts><numFmt numFmtId="165" formatCode="d. m. yyyy"/><numFmt numFmtId="166" formatCode="0.00 &quot;day&quot;"/></numFmts>)"
         R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
         R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="166"/></cellXfs></styleSheet>)"},
        {"xl/worksheets/goods.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/other.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>99</v></c></row></sheetData></worksheet>"}};
}

/// Cells by `|`, rows by `/`, each with its line.
std::string xlsx_cells(const std::string& bytes) {
    std::string text;
    for (const CsvRow& row : read_sheet(bytes, "t.xlsx")) {
        text += std::to_string(row.line) + ":";
        for (std::size_t i = 0; i < row.fields.size(); ++i) text += (i ? "|" : "") + row.fields[i];
        text += "/";
    }
    return text;
}

std::string numbers(const std::string& value, const std::string& style = "0") {
    return xlsx_cells(zipped(parts_of("<row r=\"1\"><c r=\"A1\" s=\"" + style + "\"><v>" + value + "</v></c></row>")));
}

std::string xlsx_fault(const std::string& bytes) {
    try {
        parse_csv(bytes, "t.xlsx");
        return "";
    } catch (const Error& error) {
        CHECK(error.exit() == Exit::refused);
        return error.what();
    }
}

}  // namespace

TEST_CASE("a sheet's cells: shared and own texts, gaps, rows left out") {
    CHECK(xlsx_cells(zipped(parts_of(
              R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>)"
              R"(<row r="5"><c r="B5" t="inlineStr"><is><t>own</t></is></c><c r="D5" t="str"><f>A1</f><v>made</v></c><c r="E5" t="b"><v>1</v></c></row>)"
              R"(<row><c t="s"><v>2</v></c><c><v>7</v></c></row>)"))) == "2:code|name/5:|own||made|1/6: Rohlík & máslo |7/");
}

TEST_CASE("numbers come out plain, rounded as a spreadsheet shows them; days as days") {
    CHECK(numbers("12.9") == "1:12.9/");
    CHECK(numbers("12.900000000000000355") == "1:12.9/");
    CHECK(numbers("0.30000000000000004") == "1:0.3/");
    CHECK(numbers("8.594001021239E12") == "1:8594001021239/");
    CHECK(numbers("1.25E-2") == "1:0.0125/");
    CHECK(numbers("-0.05") == "1:-0.05/");
    CHECK(numbers("999999999999999.9") == "1:1000000000000000/");
    CHECK(numbers("0") == "1:0/");
    CHECK(numbers("100") == "1:100/");
    CHECK(numbers("46143", "1") == "1:2026-05-01/");
    CHECK(numbers("46143.75", "2") == "1:2026-05-01/");
    CHECK(numbers("46143", "3") == "1:46143/");
    for (const char* wrong : {"x", "1e", "1.2.3", "1E999", "--1", "1 2"}) CHECK_THROWS_AS(numbers(wrong), Error);
}

TEST_CASE("a table from a spreadsheet is taken as the same table from CSV") {
    test::Shop shop;
    const std::string rows =
        R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="str">)"
        R"(<v>price</v></c><c r="D1" t="str"><v>vat</v></c><c r="E1" t="str"><v>points</v></c></row>)"
        R"(<row r="2"><c r="A2"><v>8594001021239</v></c><c r="B2" t="s"><v>2</v></c><c r="C2"><v>12.9</v></c><c r="D2" t="str"><v>B</v></c></row>)";
    const std::string path = shop.write("goods.xlsx", zipped(parts_of(rows)));
    CHECK(import_catalogue(shop.node(), path).added == 1);
    CHECK(import_catalogue(shop.node(), path).unchanged == 1);
    const auto product = find_product(shop.database(), "8594001021239");
    REQUIRE(product);
    CHECK(product->name == "Rohlík & máslo");
    CHECK(product->price == test::money("12.90"));
    CHECK(!product->points);
    CHECK(xlsx_fault(zipped(parts_of(rows + R"(<row r="7"><c r="F7"><v>5</v></c></row>)"))) == "");  // seen where it is read
}

TEST_CASE("our own spreadsheets are read again") {
    const test::TemporaryFolder folder;
    Table table;
    table.columns = {{"code", "code", CellKind::text}, {"price", "price", CellKind::number}};
    table.rows = {Json{{"code", "0001"}, {"price", "12.90"}}, Json{{"code", "žluťoučký"}, {"price", "-0.05"}}};
    write_spreadsheet(table, folder.file("t.xlsx"));
    std::string text;
    for (const CsvRow& row : read_sheet(read_file(folder.file("t.xlsx"), 1u << 20), "t.xlsx"))
        for (const std::string& field : row.fields) text += field + "|";
    CHECK_MESSAGE(text.find("0001|12.9|žluťoučký|-0.05|") != std::string::npos, text);
}

TEST_CASE("broken spreadsheets are refused in a sentence") {
    CHECK(xlsx_fault("PK\x03\x04 and no more").find("t.xlsx: is a broken spreadsheet") == 0);
    CHECK(xlsx_fault(zipped({{"readme.txt", "hello"}})).find("is no spreadsheet") != std::string::npos);
    Parts parts = parts_of("<row r=\"1\"><c r=\"A1\"><v>1</v></c>");
    CHECK(xlsx_fault(zipped(parts)).find("is a broken spreadsheet") != std::string::npos);  // a row that does not end
    parts = parts_of("");
    CHECK(xlsx_fault(zipped(parts)).find("is empty") != std::string::npos);
    parts.erase("xl/worksheets/goods.xml");
    CHECK(xlsx_fault(zipped(parts)).find("has no sheet") != std::string::npos);
    CHECK(xlsx_fault(zipped(parts_of(R"(<row r="1"><c r="A1" t="s"><v>99</v></c></row>)"))).find("t.xlsx cell A1: names a text that is not there") == 0);
    CHECK(xlsx_fault(zipped(parts_of(R"(<row r="3"><c r="B3" t="e"><v>#N/A</v></c></row>)"))).find("t.xlsx cell B3: is the error #N/A") == 0);
    CHECK(xlsx_fault(zipped(parts_of(R"(<row r="1"><c r="XFD1"><v>1</v></c></row>)"))).find("cell XFD1") != std::string::npos);
    CHECK(xlsx_fault(zipped(parts_of(R"(<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>)"))).find("cell A1") != std::string::npos);
    parts = parts_of("");
    parts["xl/worksheets/goods.xml"] =
        R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>)";
    CHECK(xlsx_fault(zipped(parts)).find("is a broken spreadsheet") != std::string::npos);
    std::string bytes = zipped(parts_of(R"(<row r="1"><c r="A1" t="str"><v>code</v></c></row>)"));
    for (std::size_t cut = 5; cut < bytes.size(); cut += 97) CHECK(xlsx_fault(bytes.substr(0, cut)) != "");
}
