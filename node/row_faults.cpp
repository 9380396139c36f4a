#include "node/row_faults.h"

#include <fmt/format.h>

namespace paprsek::node {
namespace {

std::string rest_of(std::size_t others, const std::string& hint) {
    if (others == 0) return hint;
    return fmt::format("{}{}; {} more {} wrong", hint, hint.empty() ? "nothing is taken over" : "", others, others == 1 ? "row is" : "rows are");
}

constexpr std::size_t max_warnings = 10'000;

}  // namespace

void close_warnings(ImportReport& report) {
    if (report.warnings.size() <= max_warnings) return;
    const std::size_t more = report.warnings.size() - max_warnings;
    report.warnings.resize(max_warnings);
    report.warnings.push_back(fmt::format("and {} more", more));
}

RowErrors::RowErrors(std::string table, std::vector<RowFault> faults, std::size_t more)
    : Error(Exit::refused, faults.at(0).place, faults.at(0).why, rest_of(faults.size() - 1 + more, faults.at(0).hint)),
      table_(std::move(table)), faults_(std::move(faults)), more_(more) {}

std::string RowErrors::sentence() const {
    const std::size_t count = faults_.size() + more_;
    return fmt::format("{} {} wrong, nothing is taken over", count, count == 1 ? "row is" : "rows are");
}

void RowFaults::done() const {
    if (any()) throw RowErrors(table_, faults_, more_);
}

void RowFaults::note(const Error& error) {
    if (error.exit() != Exit::refused) throw error;
    if (faults_.size() < max_row_faults)
        faults_.push_back({error.subject(), error.why(), error.hint()});
    else
        ++more_;
}

}  // namespace paprsek::node
