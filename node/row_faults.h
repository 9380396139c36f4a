// Every wrong row of a table is named at once (PRODUCT.md C4): a reader goes on after a wrong one, and at the end the table is refused
// as a whole, so that whoever brought it corrects it once.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "node/base/error.h"
#include "node/imports.h"

namespace paprsek::node {

inline constexpr std::size_t max_row_faults = 1000;

/// A table that is refused for its rows. As an Error it says the first of them, and how many more there are.
class RowErrors : public Error {
public:
    RowErrors(std::string table, std::vector<RowFault> faults, std::size_t more);
    /// "8 rows are wrong, nothing is taken over"
    std::string sentence() const;
    const std::string& table() const { return table_; }  ///< the file's name
    const std::vector<RowFault>& faults() const { return faults_; }  ///< in the order in which they were found, at most max_row_faults
    std::size_t more() const { return more_; }                       ///< beyond these

private:
    std::string table_;
    std::vector<RowFault> faults_;
    std::size_t more_;
};

/// Of a finished import's warnings the first 10,000 stay, and how many more there are.
void close_warnings(ImportReport& report);

class RowFaults {
public:
    explicit RowFaults(std::string table) : table_(std::move(table)) {}
    /// Runs `take`; what it refuses (Error) is noted. False then.
    template <class Take>
    bool row(Take take) {
        try {
            take();
            return true;
        } catch (const Error& error) {
            note(error);
            return false;
        }
    }
    bool any() const { return !faults_.empty(); }
    /// Throws RowErrors where something was noted.
    void done() const;

private:
    void note(const Error& error);  ///< throws one that is no refusal on

    std::string table_;
    std::vector<RowFault> faults_;
    std::size_t more_ = 0;
};

}  // namespace paprsek::node
