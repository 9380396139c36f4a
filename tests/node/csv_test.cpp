// Tables from outside: encodings, separators, quotes, and the place of each fault.
#include <doctest/doctest.h>

#include "node/base/csv.h"
#include "node/base/error.h"

using namespace paprsek::node;

namespace {

std::string csv_fault(const std::string& bytes) {
    try {
        const CsvTable table = parse_csv(bytes, "t.csv");
        const CsvColumns columns(table, {}, table.header);
        for (const CsvRow& row : table.rows) columns.get(row, table.header.front());  // a row's width is seen where it is read
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

/// Cells by `|`, rows by `/`, the header first.
std::string csv_cells(const std::string& bytes) {
    const CsvTable table = parse_csv(bytes, "t.csv");
    std::string text;
    const auto add = [&](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) text += (i ? "|" : "") + fields[i];
        text += "/";
    };
    add(table.header);
    for (const CsvRow& row : table.rows) add(row.fields);
    return text;
}

}  // namespace

TEST_CASE("separators, line ends, quotes, blanks") {
    CHECK(csv_cells("a,b\n1,2\n") == "a|b/1|2/");
    CHECK(csv_cells("a;b\r\n1,5;2\r\n") == "a|b/1,5|2/");
    CHECK(csv_cells("a\tb\n1\t2") == "a|b/1|2/");
    CHECK(csv_cells("A , B\n 1 ,\xC2\xA0" "2\n") == "a|b/1|2/");
    CHECK(csv_cells("\"a\",\"b;c;d\"\n\"x,y\",\"say \"\"hi\"\"\"\n") == "a|b;c;d/x,y|say \"hi\"/");
    CHECK(csv_cells("a,b\n\"two\nlines\",2\n") == "a|b/two\nlines|2/");
    CHECK(csv_cells("a,b\n\"two\r\nlines\",2\r\n") == "a|b/two\r\nlines|2/");
    CHECK(csv_cells("a,b\n\n1,2\n  ,\n\n3,4") == "a|b/1|2/3|4/");  // wholly empty rows are left out
    CHECK(csv_cells("a\n") == "a/");
}

TEST_CASE("encodings: UTF-8 with or without BOM, Windows-1250, composed form") {
    CHECK(csv_cells("\xEF\xBB\xBFn\xC3\xA1zev\nk\xC5\xAF\xC5\x88\n") == "nazev/kůň/");  // column names are folded
    CHECK(csv_cells("a\nk\xF9\xF2\n") == "a/kůň/");
    CHECK(csv_cells("a\n\x8Elu\x9Dou\xE8k\xFD\n") == "a/Žluťoučký/");
    CHECK(csv_cells("a\nku\xCC\x8An\xCC\x8C\n") == "a/kůň/");  // u + ring, n + caron
    CHECK(csv_fault("a\n\x81\x83\x88\n").find("t.csv") != std::string::npos);  // bytes that Windows-1250 leaves empty
}

TEST_CASE("faults name the file and the line") {
    const struct {
        const char* bytes;
        const char* says;
    } table[] = {
        {"", "t.csv: is empty"},
        {"\n\n", "t.csv: is empty"},
        {"a,b\n1\n", "t.csv line 2: has 1 fields where the header has 2"},
        {"a,b\n1,2,3\n", "t.csv line 2: has 3 fields"},
        {"a,b\n1,2\n\n\n1\n", "t.csv line 5: has 1"},
        {"a,b\n\"x\ny\nz\",2\n1\n", "t.csv line 5: has 1"},
        {"a,b\n\n\"x\n\ny\"\n", "t.csv line 3: has 1"},
        {"\n\na,b\n1\n", "t.csv line 4: has 1"},
        {"a,b\r\n\r\n1\r\n", "t.csv line 3: has 1"},
        {"a,A\n1,2\n", "t.csv line 1: names the column \"a\" twice"},
        {"a,b\n1,2\n\"open,2\n3,4\n", "t.csv line 3: has a quote"},
        {"a,b\n1,x\"y\"\n", "t.csv line 2: has a quote"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.bytes));
        CHECK_MESSAGE(csv_fault(row.bytes).find(row.says) != std::string::npos, csv_fault(row.bytes));
    }
    CHECK(csv_fault(std::string("a,b\n1,\0\n", 8)).find("zero byte") != std::string::npos);
}

TEST_CASE("columns: a required one that is missing, one that nobody knows") {
    const CsvTable table = parse_csv("code,Name,colour\n1,x,red\n", "t.csv");
    CHECK_THROWS_WITH_AS(CsvColumns(table, {"code", "price"}, {"name", "colour"}), doctest::Contains("\"price\" is missing"), Error);
    CHECK_THROWS_WITH_AS(CsvColumns(table, {"code"}, {"name"}), doctest::Contains("\"colour\" is not known"), Error);
    const CsvColumns columns(table, {"code"}, {"name", "colour", "note"});
    CHECK(columns.get(table.rows[0], "name") == "x");
    CHECK(columns.get(table.rows[0], "note").empty());
    CHECK(!columns.has("note"));
    CHECK(columns.place(table.rows[0]) == "t.csv line 2");
}

TEST_CASE("a file that is not there, a folder") {
    CHECK_THROWS_AS(read_csv("/nowhere/at/all.csv"), Error);
    CHECK_THROWS_AS(read_csv("/"), Error);
}
