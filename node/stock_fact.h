// What the facts of stock say: goods in, adjustments, counts, transfers between branches (T13). One shape, the kind tells which
// fields are used; branch and HQ read them through this file only. schema/FACTS.md describes each body.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/facts.h"

namespace paprsek::node {

inline constexpr std::size_t max_stock_name_bytes = 60;
inline constexpr std::size_t max_document_bytes = 100;
inline constexpr Quantity max_stock_quantity = Quantity::of(1'000'000'000'000);  ///< of one line of a fact
inline constexpr Rate max_stock_cost = Rate::of(100'000'000'000'000);            ///< of one piece

struct StockLine {
    std::string product;  ///< the product's key
    std::string name;
    Quantity quantity;         ///< received, sent, arrived: above zero; adjusted: signed, not zero; counted: what was counted, not negative
    Quantity expected;         ///< counted: what the list said when it was frozen
    std::optional<Rate> cost;  ///< of one piece, in major units; none where nobody knows it
    friend bool operator==(const StockLine&, const StockLine&) = default;
};

/// A fact's name within the chain, "3.1/57": node and seq.
struct FactName {
    NodeName node;
    std::int64_t seq = 0;
    friend bool operator==(const FactName&, const FactName&) = default;
};
std::string print(const FactName& name);
std::optional<FactName> parse_fact_name(std::string_view text);

struct StockFact {
    std::string stock;  ///< empty = the main stock of the branch
    std::string cashier;
    std::string reason;            ///< adjusted, counted
    std::string document;          ///< received: the supplier's; sent: a word for the people
    int to = 0;                    ///< sent: branch number
    std::optional<FactName> from;  ///< arrived: the fact that sent the goods
    std::vector<StockLine> lines;
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};

bool is_stock_kind(std::string_view kind);
std::string body_of(std::string_view kind, const StockFact& fact);
/// Throws Error (refused) on a body that does not have the form of the kind.
StockFact parse_stock(std::string_view kind, std::string_view body);
/// By how much the line changes the level: a count by counted − expected, so that sales meanwhile are not lost.
Quantity change_of(std::string_view kind, const StockLine& line);

}  // namespace paprsek::node
