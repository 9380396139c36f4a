// What a code at the till means (PRODUCT.md "Codes", T2): a product's exact code, a known customer's card, something that a
// barcode rule reads in it, or a GTIN that is stored without its leading zeros; in this order. The till and the tester
// (`paprsek codes`) both ask here.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/codes.h"
#include "node/policy.h"
#include "node/pricing.h"

namespace paprsek::node {

/// One place that was asked, for the tester.
struct LookupStep {
    std::string asked;  ///< "exact code", "customer card", "rule weight 28IIII0WWWWWK", "lost zeros"
    bool matched = false;
    std::string why;
};

struct CodeReading {
    enum class Kind { nothing, product, customer, badge };
    Kind kind = Kind::nothing;
    std::string code;               ///< normalised; empty = cannot be read
    std::optional<Product> product;
    std::string found_as;           ///< the product's code by which it was found
    std::string customer;           ///< id of the one whose card it is; empty = a rule says that it is some customer's
    std::optional<Quantity> quantity;  ///< inside the barcode
    std::optional<Money> price;
    const BarcodeRule* rule = nullptr;  ///< of the policy that was passed
    std::vector<LookupStep> steps;  ///< where `explain` was asked for: all, also those after the one that matched
};

enum class Explain { no, yes };
CodeReading read_code(Database& database, const Policy& policy, std::string_view code, Explain explain = Explain::no);

}  // namespace paprsek::node
