#include "tools/edge.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "node/base/text.h"
#include "node/row_faults.h"

namespace paprsek::tools {
namespace {

using node::Json;

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789.-") == std::string::npos && text.size() < 16; }

void print_rows(const Json& list, std::ostream& out) {
    std::vector<std::string> columns;
    for (const Json& row : list)
        for (const auto& [key, value] : row.items())
            if (std::find(columns.begin(), columns.end(), key) == columns.end() && !value.is_object()) columns.push_back(key);
    node::Table table;
    for (const std::string& column : columns) {
        const bool numbers =
            std::all_of(list.begin(), list.end(), [&](const Json& row) { return !row.contains(column) || is_number(node::cell_text(row[column])); });
        table.columns.push_back({column, column, numbers ? node::CellKind::number : node::CellKind::text});
    }
    table.rows.assign(list.begin(), list.end());
    out << node::print_text(table);
}

}  // namespace

void print_table(const Json& json, std::ostream& out) {
    const bool rows = json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& row) { return row.is_object(); });
    if (rows && !json.empty()) {
        print_rows(json, out);
    } else if (rows) {
        out << "(nothing)\n";
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.items()) out << key << ": " << (value.is_structured() ? value.dump(2) : node::cell_text(value)) << '\n';
    } else {
        out << json.dump(2) << '\n';
    }
}

void ReportOutput::add_to(CLI::App& command) {
    command.add_option("--format", format, "table, csv, json, xlsx or pdf");
    command.add_option("--out", file, "a file; its ending names the format");
}

void write_report(const ReportOutput& output, const std::function<Json()>& whole, const std::function<node::Table()>& table) {
    std::string format = output.json ? "json" : output.format;
    if (format.empty() && !output.file.empty()) format = std::filesystem::path(output.file).extension().string().erase(0, 1);
    if (format.empty()) format = "table";
    const bool on_paper = format == "xlsx" || format == "pdf";
    if (!on_paper && format != "table" && format != "csv" && format != "json")
        throw node::Error(node::Exit::usage, "--format " + format, "is not known", "table, csv, json, xlsx or pdf");
    if (on_paper && output.file.empty()) throw node::Error(node::Exit::usage, "--format " + format, "needs a file", "name one by --out FILE." + format);
    if (format == "xlsx") return node::write_spreadsheet(table(), output.file);
    if (format == "pdf") return node::write_pages(table(), output.file);
    const std::string text = format == "csv" ? node::print_csv(table()) : format == "json" ? whole().dump() + "\n" : node::print_text(table());
    if (output.file.empty()) {
        std::cout << text;
        return;
    }
    std::ofstream file(output.file, std::ios::binary);
    file << text;
    file.close();
    if (!file) node::fail(output.file, "cannot be written", "is the folder there, and the disk not full?");
}

std::optional<node::Date> day(const std::string& text, const char* option) {
    if (text.empty()) return std::nullopt;
    const auto date = node::parse_date(text);
    if (!date) throw node::Error(node::Exit::usage, option, "\"" + text + "\" is not a day", "write it as 2026-03-31");
    return date;
}

void complain(const std::string& what, const std::string& why, const std::string& hint) {
    std::string line = what + ": " + why + (hint.empty() ? "" : " (" + hint + ")");
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    std::cerr << "paprsek: " << line << '\n';
}

void print_error(const node::Error& error) {
    const auto* rows = dynamic_cast<const node::RowErrors*>(&error);
    if (!rows) return complain(error.subject(), error.why(), error.hint());
    for (const node::RowFault& fault : rows->faults()) complain(fault.place, fault.why, fault.hint);
    complain(rows->table(), rows->sentence());
}

node::Exit import_table(const std::function<node::ImportReport()>& take, bool preview, bool as_json) {
    try {
        const node::ImportReport report = take();
        if (as_json) {
            print({{"rows", report.rows}, {"added", report.added}, {"changed", report.changed}, {"unchanged", report.unchanged},
                   {"warnings", report.warnings}, {"errors", Json::array()}, {"preview", preview}, {"taken", !preview}},
                  true);
            return node::Exit::ok;
        }
        std::cout << fmt::format("{} rows: {} added, {} changed, {} as they were.{}\n", report.rows, report.added, report.changed, report.unchanged,
                                 preview ? " That is a preview: nothing is changed." : "");
        constexpr std::size_t shown = 100;  // to a person; JSON has them all
        for (std::size_t i = 0; i < report.warnings.size() && i < shown; ++i) std::cout << "warning: " << report.warnings[i] << '\n';
        if (report.warnings.size() > shown) std::cout << fmt::format("and {} more warnings: --json has them all\n", report.warnings.size() - shown);
        return node::Exit::ok;
    } catch (const node::RowErrors& error) {
        if (as_json) {
            Json faults = Json::array();
            for (const node::RowFault& fault : error.faults()) faults.push_back({{"place", fault.place}, {"why", fault.why}, {"hint", fault.hint}});
            print({{"refused", "wrong_rows"},
                   {"message", error.table() + ": " + error.sentence()},
                   {"errors", std::move(faults)},
                   {"preview", preview},
                   {"taken", false}},
                  true);
        }
        throw;
    }
}

void print_preview(const node::Json& preview, bool as_json) {
    if (as_json) return print(preview, true);
    const auto rows = [&](const char* list, const char* key) {
        node::Json table = node::Json::array();
        for (const node::Json& row : preview[list]) {
            node::Json shown = {{key, row[key]}, {"receipts", row["receipts"]}};
            for (const char* what : {"net", "discount", "points"}) {
                shown[what] = row["was"][what];
                shown[std::string(what) + "_would"] = row["would"][what];
            }
            table.push_back(std::move(shown));
        }
        print_table(table, std::cout);
    };
    rows("days", "day");
    std::cout << '\n';
    rows("customers", "customer");
    const node::Json& difference = preview["total"]["difference"];
    std::cout << "\nIn all: turnover " << difference["net"].get<std::string>() << ", discounts " << difference["discount"].get<std::string>() << ", points "
              << difference["points"].get<std::string>() << " beside what was given. Nothing is changed.\n";
}

std::string first_line(const std::string& file) {
    std::string line;
    if (file == "-") {
        std::getline(std::cin, line);
    } else {
        std::ifstream in(file);
        if (!in) node::refuse(file, "cannot be read", "check the name");
        std::getline(in, line);
    }
    return std::string(node::trim(line));
}

}  // namespace paprsek::tools
