#include "node/preview.h"

#include <algorithm>

#include "node/catalogue.h"
#include "node/customers.h"
#include "node/node.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_customers = 100;  ///< that are listed

}  // namespace

void Preview::Figures::add(const BookedLine& line) {
    net += line.net;
    discount += line.discount;
    points += line.points;
}

const std::optional<Product>& Preview::product(const std::string& key) {
    const auto found = products_.find(key);
    return found != products_.end() ? found->second : products_.emplace(key, shop_.product(key)).first->second;
}

CustomerTerms* Preview::customer(const std::string& id) {
    if (id.empty()) return nullptr;
    auto found = terms_.find(id);
    if (found == terms_.end()) found = terms_.emplace(id, shop_.customer(id)).first;
    return found->second ? &*found->second : nullptr;
}

void Preview::take(Instant at, const ReceiptFact& sale) {
    if (sale.refund) return;
    CustomerTerms* terms = customer(sale.customer);
    Figures was, would;
    for (const BookedLine& line : sale.lines) {
        was.add(line);
        auto known = line.product.empty() ? std::nullopt : product(line.product);
        if (!known) {
            would.add(line);
            continue;
        }
        LineInput input;
        known->price = line.list.value_or(line.price);
        input.product = std::move(known);
        input.code = line.code;
        input.name = line.name;
        input.vat = line.vat;
        input.price = line.price;
        input.price_typed = line.list.has_value();
        input.quantity = line.quantity;
        if (!line.by_hand.is_zero()) input.manual_discount = line.by_hand;
        input.entered = at;
        would.add(price_line(policy_, zone_, input, terms).line);
    }
    if (terms) terms->spend += would.net;
    const auto add = [&](Row& row) {
        ++row.receipts;
        for (const auto& [sum, part] : {std::pair(&row.was, &was), std::pair(&row.would, &would)}) {
            sum->net += part->net;
            sum->discount += part->discount;
            sum->points += part->points;
        }
    };
    add(days_[zone_.local(at).date]);
    add(total_);
    if (!sale.customer.empty()) add(customers_[terms ? terms->id : sale.customer]);
}

Json Preview::json_of(const Row& row) {
    const auto figures = [](Money net, Money discount, Points points) {
        return Json{{"net", print(net)}, {"discount", print(discount)}, {"points", print(points)}};
    };
    return {{"receipts", row.receipts},
            {"was", figures(row.was.net, row.was.discount, row.was.points)},
            {"would", figures(row.would.net, row.would.discount, row.would.points)},
            {"difference", figures(row.would.net - row.was.net, row.would.discount - row.was.discount, row.would.points - row.was.points)}};
}

Json Preview::result() const {
    Json json = {{"days", Json::array()}, {"customers", Json::array()}, {"total", json_of(total_)}};
    for (const auto& [day, row] : days_) {
        Json each = json_of(row);
        each["day"] = print(day);
        json["days"].push_back(std::move(each));
    }
    // Whom it changes most: by what is paid, and of the same by points.
    std::vector<std::pair<std::string, const Row*>> order;
    for (const auto& [id, row] : customers_) order.emplace_back(id, &row);
    const auto change = [](const Row& row) {
        const auto size = [](auto value) { return value < decltype(value){} ? -value.raw() : value.raw(); };
        return std::pair(size(row.would.net - row.was.net), size(row.would.points - row.was.points));
    };
    std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) { return change(*a.second) > change(*b.second); });
    if (order.size() > max_customers) order.resize(max_customers);
    for (const auto& [id, row] : order) {
        Json each = json_of(*row);
        each["customer"] = shop_.shown(id);
        json["customers"].push_back(std::move(each));
    }
    json["customers_in_all"] = customers_.size();
    return json;
}

Json preview_policy(Node& node, std::string_view text, const std::string& what, std::optional<Date> from, std::optional<Date> to,
                    const std::function<bool(std::int64_t done, std::int64_t all)>& tell) {
    const Policy policy = parse_policy(text, node.info().currency, what);
    Database& database = node.database();
    const Instant begin = from ? node.zone().start_of(*from) : Instant{INT64_MIN}, end = to ? node.zone().start_of({to->days + 1}) : Instant{INT64_MAX};
    Preview::Shop shop;
    shop.product = [&](const std::string& key) { return find_product(database, key); };
    shop.customer = [&](const std::string& id) -> std::optional<CustomerTerms> {
        auto record = customer_by_id(database, id);
        if (!record) return std::nullopt;
        // What was spent from the first of these receipts on counts anew.
        auto since = database.query(
            "SELECT ifnull(sum(m.spend), 0) FROM movement m JOIN receipt r ON r.seq = m.seq "
            "WHERE m.customer = ? AND m.kind IN ('sale', 'refund') AND r.at >= ?",
            record->terms.id, begin);
        since.step();
        record->terms.spend -= since.decimal<Money>(0);
        return record->terms;
    };
    shop.shown = [&](const std::string& id) -> Json {
        const auto record = customer_by_id(database, id);
        if (record && record->number) return *record->number;
        return record && !record->terms.cards.empty() ? record->terms.cards.front() : id;
    };
    Preview preview(policy, node.zone(), std::move(shop));
    std::vector<std::pair<Instant, std::int64_t>> sales;
    for (auto rows = database.query("SELECT at, seq FROM receipt WHERE refund_of IS NULL AND at >= ? AND at < ? ORDER BY at, seq", begin, end); rows.step();)
        sales.emplace_back(rows.instant(0), rows.integer(1));
    constexpr std::int64_t told_every = 200;
    std::int64_t done = 0;
    for (const auto& [at, seq] : sales) {
        if (tell && done % told_every == 0 && !tell(done, static_cast<std::int64_t>(sales.size()))) break;
        ++done;
        if (const auto body = database.text("SELECT body FROM any_fact WHERE seq = ? AND kind = 'sale'", seq))
            preview.take(at, parse_receipt(schema::kind::sale, *body));
    }
    return preview.result();
}

}  // namespace paprsek::node
