// Many rows of state at once (node/state.h): read before the ledger is held, written with the search index told last.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "node/state.h"

namespace paprsek::node {

/// What the index of product names has yet to learn. FTS5 puts its memory on the disk whenever a statement beside it begins, so
/// whoever writes many products tells it everything at the end of the transaction: a first load takes half the time.
class SearchChanges {
public:
    void remove(std::int64_t product, std::string text);
    void add(std::int64_t product, std::string text);
    /// In the order in which they came; then there are none.
    void write(Database& database);

private:
    struct Change {
        std::int64_t product;
        std::string text;
        bool added;
    };
    std::vector<Change> list_;
};

/// While it lives, FTS5 does not merge the index of product names by itself, which it does within some commits, for 50 ms: merge() does it a
/// little at a time. Where a power cut keeps the end from being written, the index is merged in rare larger steps until the next one ends.
class SearchMerges {
public:
    /// Throws Error (operating), with nothing changed.
    explicit SearchMerges(Database& database);
    ~SearchMerges();
    SearchMerges(const SearchMerges&) = delete;
    SearchMerges& operator=(const SearchMerges&) = delete;
    /// After so many rows were written: as much as the index needs to keep up, a transaction of its own.
    void merge(std::int64_t rows);

private:
    Database& database_;
};

/// A row whose body has been read: what can be done before the ledger is held.
struct ReadRow {
    StateRow row;
    std::variant<std::monostate, GroupRow, ProductRow, CustomerRow> form;  ///< nothing of a row that is gone, and of other kinds
};
/// Throws Error (refused) on a row that does not have the form.
ReadRow read_state(StateRow row);

/// As the apply_state() of one row; the caller writes `changes` before the transaction ends.
void apply_state(Database& database, const ReadRow& row, std::int64_t own_seq, SearchChanges& changes);
void apply(Database& database, const ProductRow& row, std::int64_t version, SearchChanges& changes);

}  // namespace paprsek::node
