// The edge of every program: where errors become a sentence on stderr and an exit code (DESIGN.md "The command line").
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "node/base/clock.h"
#include "node/base/error.h"
#include "node/base/json.h"
#include "node/imports.h"
#include "node/paper/table.h"

namespace paprsek::tools {

/// On stderr, as the contract says: "paprsek: what: why (hint)" in one line, whatever is in them.
void complain(const std::string& what, const std::string& why, const std::string& hint = {});
/// The same of an Error; of a table each wrong row.
void print_error(const node::Error& error);

/// Parses the arguments and runs what they ask for; `program` names itself in usage errors. Returns the exit code.
inline int run(CLI::App& app, int argc, char** argv, const std::function<node::Exit()>& act) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help
        // CLI11 only says that a command is missing.
        const std::string first = argc > 1 ? argv[1] : "";
        const auto commands = app.get_subcommands([](CLI::App*) { return true; });
        const bool named = std::any_of(commands.begin(), commands.end(), [&](const CLI::App* each) { return each->get_name() == first; });
        if (!commands.empty() && !first.empty() && first[0] != '-' && !named) {
            complain(first, "is no command", app.get_name() + " --help lists them");
            return static_cast<int>(node::Exit::usage);
        }
        std::cerr << "paprsek: arguments: " << error.what() << " (" << app.get_name() << " --help tells more)\n";
        return static_cast<int>(node::Exit::usage);
    }
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error like a full disk, and no end without a word
    try {
        const node::Exit exit = act();
        if (!std::cout.flush()) node::fail("standard output", "cannot be written", "is the disk full, or who reads it gone?");
        return static_cast<int>(exit);
    } catch (const node::Error& error) {
        print_error(error);
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

/// What an import of a table says of itself, or of its wrong rows: then JSON names them on standard output, too, and the error goes on.
node::Exit import_table(const std::function<node::ImportReport()>& take, bool preview, bool as_json);

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
