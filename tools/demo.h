// The demonstration: a chain in a folder, from nothing to every balance equal everywhere.
#pragma once
#include <string>

#include "node/base/error.h"

namespace paprsek::tools {

struct DemoOptions {
    std::string folder = "demo-data";
    std::string data;  ///< empty = the project's own, found beside the program
    std::string real;  ///< a folder of real lists (products, baskets, customers) to take instead
    bool headless = false;
    bool json = false;
};

/// Sets up HQ and three branches, lets each sell for a day with no network, carries the files both ways and compares every
/// balance. Exit::refused when something does not agree. Opens the windows where there is a display.
node::Exit run_demo(const DemoOptions& options);

/// Writes groups.csv, products.csv, customers.csv, policy.json and b1–b3.jsonl into `folder`, made from real product, basket
/// and customer lists in `source` (prices are made up, for those lists have none).
void write_real_data(const std::string& source, const std::string& folder);

}  // namespace paprsek::tools
