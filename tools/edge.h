// The edge of every program: where errors become a sentence on stderr and an exit code (DESIGN.md "The command line").
#pragma once
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "node/base/clock.h"
#include "node/base/error.h"
#include "node/base/json.h"
#include "node/paper/table.h"

namespace paprsek::tools {

/// Parses the arguments and runs what they ask for; `program` names itself in usage errors. Returns the exit code.
inline int run(CLI::App& app, int argc, char** argv, const std::function<node::Exit()>& act) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help
        std::cerr << "paprsek: arguments: " << error.what() << " (" << app.get_name() << " --help tells more)\n";
        return static_cast<int>(node::Exit::usage);
    }
    try {
        return static_cast<int>(act());
    } catch (const node::Error& error) {
        std::cerr << "paprsek: " << error.what() << '\n';
        return static_cast<int>(error.exit());
    } catch (const std::exception& error) {
        std::cerr << "paprsek: unexpected: " << error.what() << '\n';
        return static_cast<int>(node::Exit::operating);
    }
}

/// What is kept off the command line, such as a PIN: the first line of the file, or of standard input for "-".
std::string first_line(const std::string& file);

/// A list of objects as a table with aligned columns; anything else as indented JSON.
void print_table(const node::Json& json, std::ostream& out);

/// One JSON document, or for people a table.
inline void print(const node::Json& json, bool as_json) {
    if (as_json)
        std::cout << json.dump() << '\n';
    else
        print_table(json, std::cout);
}

/// A day of an option; nothing where it is empty. Throws Error (usage) on what is none.
std::optional<node::Date> day(const std::string& text, const char* option);

/// A campaign's preview (node/preview.h) for people: a row a day, and the customers whom it changes most.
void print_preview(const node::Json& preview, bool as_json);

/// How a report leaves the program: --json, --format and --out of both report commands.
struct ReportOutput {
    bool json = false;
    std::string format;  ///< table, csv, json, xlsx or pdf; empty: by --json, else by the file's ending, else a table
    std::string file;    ///< empty: standard output
    void add_to(CLI::App& command);
};
/// `whole` gives the JSON of the contract, `table` the same for people. Throws Error (usage) on a format that is none, or that needs a file.
void write_report(const ReportOutput& output, const std::function<node::Json()>& whole, const std::function<node::Table()>& table);

}  // namespace paprsek::tools
