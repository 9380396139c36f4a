// paprsek receipt and paprsek stationery: slips of paper out of a node's ledger, and how they look.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "node/base/error.h"

namespace paprsek::tools {

struct SlipOptions {
    std::string name;      ///< fiscal::slip_of(), or statement, brief-statement
    std::string customer;  ///< of a statement
    std::string format;    ///< text, pdf, png or escpos; empty: by the file's ending, else text
    std::string file;      ///< empty = standard output
    std::string profile;   ///< of a receipt printer
    std::string address;   ///< prints there instead
    std::string locale;
    int columns = 0;  ///< 0 = the profile's, else the stationery's
    bool original = false, silent = false;
    void add_to(CLI::App& command);
};
/// Throws Error (usage) on options that do not go together. Refused (exit 1) where the printer did not print it.
node::Exit print_slip(const std::string& folder, const SlipOptions& options, bool json);

struct StationeryOptions {
    std::string file, logo;
    bool no_logo = false;
    void add_to(CLI::App& command);
};
node::Exit stationery(const std::string& folder, const StationeryOptions& options, bool json);

}  // namespace paprsek::tools
