// What a policy would have given: past sales priced by it, beside what they got (issue "campaign preview"). Nothing is booked.
//
// A line's product is what the catalogue says now, at the price of then; discounts by hand stay; customers have the terms of now, and the
// spend that they had before the first receipt, growing by what they would have paid. Redemptions stay as they were. Refunds are left
// out, on both sides; a line without a product, or of one that is gone, keeps what it got.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "node/base/json.h"
#include "node/pricing.h"

namespace paprsek::node {

class Node;

class Preview {
public:
    struct Shop {
        std::function<std::optional<Product>(const std::string& key)> product;
        /// Terms of now; `spend` as before the first sale.
        std::function<std::optional<CustomerTerms>(const std::string& id)> customer;
        std::function<Json(const std::string& id)> shown;  ///< number, card or id
    };
    Preview(const Policy& policy, const TimeZone& zone, Shop shop) : policy_(policy), zone_(zone), shop_(std::move(shop)) {}

    /// In the order of time. Refunds are passed over.
    void take(Instant at, const ReceiptFact& sale);
    /// {days: [{day, receipts, was: {net, discount, points}, would: {…}, difference: {…}}], customers: [… those with the largest difference], total}
    Json result() const;

private:
    struct Figures {
        Money net, discount;
        Points points;
        void add(const BookedLine& line);
    };
    struct Row {
        std::int64_t receipts = 0;
        Figures was, would;
    };
    static Json json_of(const Row& row);
    const std::optional<Product>& product(const std::string& key);
    CustomerTerms* customer(const std::string& id);

    const Policy& policy_;
    const TimeZone& zone_;
    Shop shop_;
    std::map<std::string, std::optional<Product>> products_;
    std::map<std::string, std::optional<CustomerTerms>> terms_;
    std::map<Date, Row> days_;
    std::map<std::string, Row> customers_;
    Row total_;
};

/// Over this branch's sales of those local days, both included. Throws Error (refused) on a policy that is wrong. `tell` hears how far
/// it has come, every few receipts; false stops it, with what was counted so far.
Json preview_policy(Node& node, std::string_view policy, const std::string& what, std::optional<Date> from, std::optional<Date> to,
                    const std::function<bool(std::int64_t done, std::int64_t all)>& tell = {});

}  // namespace paprsek::node
