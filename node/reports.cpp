#include "node/printing.h"
#include "node/reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/account_reports.h"
#include "node/base/error.h"
#include "node/cashbook.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/customers.h"
#include "node/recovery.h"
#include "node/rights.h"
#include "node/sales_reports.h"
#include "node/state_digest.h"
#include "node/till_reports.h"
#include "node/stock_report.h"

namespace paprsek::node {
namespace {

Span span_of(const Node& node, const ReportRange& range) {
    return {range.from ? node.zone().start_of(*range.from) : Instant{INT64_MIN},
            range.to ? node.zone().start_of(Date{range.to->days + 1}) : Instant{INT64_MAX}};
}

Json customer_row(const CustomerRecord& record) {
    Json json = {{"number", record.number ? Json(*record.number) : Json(nullptr)},
                 {"name", record.texts.name},
                 {"cards", record.terms.cards},
                 {"points", print(record.terms.points)},
                 {"spend", print(record.terms.spend)},
                 {"debt", print(record.terms.debt)}};
    return json;
}

/// What went into and out of the drawer beside receipts, each with its document. A settlement names the receipts that it pays; none of
/// this can be taken away, for it is booked.
Json cash_documents(Node& node, std::int64_t first_seq, std::int64_t last_seq) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT m.seq, m.at, m.kind, m.amount, m.reason, f.kind, f.body FROM cash_movement m JOIN any_fact f ON f.seq = m.seq WHERE m.seq BETWEEN ? AND ? AND "
        "m.kind NOT IN ('sale', 'refund') ORDER BY m.seq",
        first_seq, last_seq);
    while (rows.step()) {
        Json row = {{"document", fmt::format("{}/{}", print(node.info().node), rows.integer(0))},
                    {"at", node.zone().print(rows.instant(1))},
                    {"kind", rows.text(2)},
                    {"amount", print(rows.decimal<Money>(3))}};
        if (!rows.view(4).empty()) row["reason"] = rows.text(4);
        if (rows.view(5) == schema::kind::settlement || rows.view(5) == schema::kind::deposit) {
            const ActFact act = parse_act(rows.view(6));
            row["customer"] = act.card;
            std::set<std::int64_t> receipts;
            for (const SettledItem& item : act.items) receipts.insert(item.receipt);
            for (const std::int64_t receipt : receipts) row["receipts"].push_back(print_receipt_number(node.info().node, receipt));
        }
        list.push_back(std::move(row));
    }
    return list;
}

Json receipts_paid_by(Node& node, const std::string& tender, std::int64_t first_seq, std::int64_t last_seq) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT r.number, r.at, r.cashier, c.number, c.name, p.amount, r.net, r.redeemed, (SELECT ifnull(sum(cost), 0) FROM receipt_line WHERE receipt = "
        "r.number) FROM receipt r JOIN payment p ON p.seq = r.seq AND p.tender = ? LEFT JOIN customer c ON c.id = r.customer WHERE r.seq BETWEEN ? AND ? "
        "ORDER BY r.seq",
        tender, first_seq, last_seq);
    while (rows.step()) {
        const auto net = rows.decimal<Money>(6), cost = rows.decimal<Money>(8);
        Json row = {{"receipt", print_receipt_number(node.info().node, rows.integer(0))},
                    {"at", node.zone().print(rows.instant(1))},
                    {"cashier", rows.text(2)},
                    {"amount", print(rows.decimal<Money>(5))},
                    {"net", print(net)},
                    {"redeemed", print(rows.decimal<Money>(7))},
                    {"cost", print(cost)}};
        if (const auto number = rows.optional_integer(3)) row["customer"] = *number;
        if (const auto name = rows.optional_text(4); name && !name->empty()) row["name"] = *name;
        list.push_back(std::move(row));
    }
    return list;
}

Json closing_report(Node& node, const ReportRange& range) {
    if (range.tender && !node.policy().tender(*range.tender)) refuse("tender " + *range.tender, "is not known", "see the policy's tenders");
    const Span span = span_of(node, range);
    const auto whole = [&](Json closing, const Json& body) {
        const std::int64_t first = body.value("first_seq", std::int64_t{1}), last = body.value("last_seq", std::int64_t{0});
        closing["cash"] = cash_documents(node, first, last);
        if (range.tender) closing["receipts"] = receipts_paid_by(node, *range.tender, first, last);
        return closing;
    };
    const auto open = [&](const Closing& closing) {
        const Json body = json_of(closing);
        return whole(printed_closing(body), body);
    };
    const auto closed = [&](const char* table) {
        Json list = Json::array();
        auto rows = node.database().query(fmt::format("SELECT at, body, seq FROM {} WHERE at >= ? AND at < ? ORDER BY at, number", table), span.from, span.to);
        while (rows.step()) {
            const Json body = Json::parse(rows.view(1));
            Json closing = printed_closing(body);
            if (rows.integer(2) > 0) closing = whole(std::move(closing), body);  // one that came back names seqs of another epoch
            closing["at"] = node.zone().print(rows.instant(0));
            list.push_back(std::move(closing));
        }
        return list;
    };
    Json json = {{"open", open(open_day(node.database(), node.info().node))},
                 {"closed", closed("z_report")},
                 {"shift", nullptr},
                 {"shifts", closed("shift_report")}};
    if (const auto shift = open_shift(node.database())) {
        json["shift"] = open(closing_of(node.database(), node.info().node, *shift));
        json["shift"]["cashier"] = shift->cashier;
        json["shift"]["at"] = node.zone().print(shift->at);
    }
    if (device_in_force(node.database())) json["open"]["pending_prints"] = pending_prints(node.database()).all();
    return json;
}

Json customers_report(Node& node) {
    Json list = Json::array();
    for (const CustomerRecord& record : all_customers(node.database())) list.push_back(customer_row(record));
    return list;
}

CustomerRecord wanted_customer(Node& node, const std::string& text) {
    const auto number = as_customer_number(text);
    auto record = number ? customer_by_number(node.database(), *number) : customer_by_card(node.database(), normalise_code(text));
    if (!record) refuse("customer " + text, "is not known here");
    return *record;
}

Json accounts_report(Node& node, const ReportRange& range) {
    Json list = Json::array();
    std::vector<CustomerRecord> customers;
    if (range.customer)
        customers.push_back(wanted_customer(node, *range.customer));
    else
        customers = all_customers(node.database());
    for (const CustomerRecord& record : customers) {
        const auto items = open_items(node.database(), record.terms.id);
        if (items.empty() && record.terms.debt.is_zero() && !range.customer) continue;
        Json json = customer_row(record);
        json["limit"] = print(record.terms.limit);
        json["items"] = Json::array();
        for (const AccountItem& item : items)
            json["items"].push_back({{"receipt", print_receipt_number(node.info().node, item.receipt)},
                                     {"line", item.line},
                                     {"name", item.name},
                                     {"at", node.zone().print(item.at)},
                                     {"cashier", item.cashier},
                                     {"qty", print(item.quantity - item.settled_quantity)},
                                     {"amount", print(item.open())}});
        list.push_back(std::move(json));
    }
    return list;
}

Json movements_report(Node& node, const ReportRange& range) {
    const Span span = span_of(node, range);
    std::optional<std::string> id;
    if (range.customer) id = wanted_customer(node, *range.customer).terms.id;
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT m.customer, c.number, c.name, m.seq, f.at, m.kind, m.points, m.spend, m.debt, r.number FROM movement m JOIN any_fact f ON f.seq = m.seq "
        "LEFT JOIN customer c ON c.id = m.customer LEFT JOIN receipt r ON r.seq = m.seq WHERE (?1 IS NULL OR m.customer = ?1) AND f.at >= ?2 AND f.at < ?3 "
        "ORDER BY m.seq, m.customer, m.kind",
        id, span.from, span.to);
    while (rows.step()) {
        Json row = {{"customer", rows.text(0)},
                    {"name", rows.optional_text(2).value_or("")},
                    {"seq", rows.integer(3)},
                    {"at", node.zone().print(rows.instant(4))},
                    {"kind", rows.text(5)},
                    {"points", print(rows.decimal<Points>(6))},
                    {"spend", print(rows.decimal<Money>(7))},
                    {"debt", print(rows.decimal<Money>(8))}};
        if (const auto number = rows.optional_integer(1)) row["number"] = *number;
        if (const auto number = rows.optional_integer(9)) row["receipt"] = print_receipt_number(node.info().node, *number);
        list.push_back(std::move(row));
    }
    return list;
}

/// What of each customer this node may spend by right, where it holds something or somebody wanted more.
Json rights_report(Node& node, const ReportRange& range) {
    Json list = Json::array();
    const RightsStanding standing = rights_standing(node);
    if (!standing.bound) return list;
    std::vector<CustomerRecord> customers;
    if (range.customer)
        customers.push_back(wanted_customer(node, *range.customer));
    else
        customers = all_customers(node.database());
    const auto as_of = node.state_as_of();
    for (const CustomerRecord& record : customers) {
        const Right right = right_of(node, standing, record.terms.id);
        auto wish = node.database().query("SELECT points, credit FROM right_wish WHERE customer = ?", record.terms.id);
        const bool wished = wish.step();
        if (right == Right{} && !wished && !range.customer) continue;
        Json json = customer_row(record);
        json["right"] = {{"points", print(right.points)}, {"credit", print(record.terms.limit.is_zero() ? Money{} : right.credit)}};
        json["frozen"] = !standing.begun;
        json["wished"] = wished ? Json{{"points", print(wish.decimal<Points>(0))}, {"credit", print(wish.decimal<Money>(1))}} : Json(nullptr);
        json["as_of"] = as_of ? Json(node.zone().print(*as_of)) : Json(nullptr);
        list.push_back(std::move(json));
    }
    return list;
}

/// By what points and credit are spent here.
Json spending_status(Node& node) {
    const Offline& offline = node.policy().offline;
    const RightsStanding standing = rights_standing(node);
    const auto as_of = node.state_as_of();
    Json json = {{"by", standing.bound ? "rights" : offline.per_customer || offline.per_day ? "allowance" : "balance"},
                 {"as_of", as_of ? Json(node.zone().print(*as_of)) : Json(nullptr)}};
    if (!standing.bound) return json;
    json["state"] = standing.restored ? "restored" : standing.begun ? "held" : "not_begun";
    json["wishes"] = node.database().integer("SELECT count(*) FROM right_wish").value_or(0);
    return json;
}

std::string title_of(const std::string& kind, const ReportRange& range) {
    if (kind == "sales") return "Sales by " + (range.by.empty() ? "day" : range.by == "vat" ? "VAT" : range.by);
    if (kind == "purchases") return "Purchases of customer " + range.customer.value_or("");
    static const std::map<std::string, std::string> titles = {{"closing", "Closings"},
                                                              {"customers", "Customers"},
                                                              {"accounts", "Unpaid items"},
                                                              {"stock", "Stock"},
                                                              {"stock-acts", "Acts of stock"},
                                                              {"stock-moves", "Movements of stock"},
                                                              {"movements", "Movements of points"},
                                                              {"ranking", "Customers by spend"},
                                                              {"statement", "Unpaid items"},
                                                              {"brief-statement", "Unpaid receipts"},
                                                              {"payments", "Payments"},
                                                              {"rights", "Rights to spend offline"},
                                                              {"parked", "Open receipts"},
                                                              {"traces", "Struck out or changed by hand"}};
    return titles.at(kind);
}

/// In the order in which a person reads them.
std::vector<std::string> column_keys(const std::string& kind, const std::string& by) {
    static const std::vector<std::string> receipts = {"receipts", "refunds", "net", "redeemed", "rounding", "total", "points_awarded", "points_taken"};
    static const std::vector<std::string> goods = {"qty", "gross", "discount", "net", "cost", "margin"};
    const auto after = [](std::vector<std::string> keys, const std::vector<std::string>& more) {
        keys.insert(keys.end(), more.begin(), more.end());
        return keys;
    };
    if (kind == "sales") {
        if (by == "product") return after({"code", "name"}, goods);
        if (by == "group") return after({"group"}, goods);
        if (by == "vat") return {"vat", "rate", "base", "tax", "total"};
        if (by == "tender") return {"tender", "receipts", "amount"};
        return after({by.empty() ? "day" : by}, receipts);
    }
    static const std::map<std::string, std::vector<std::string>> keys = {
        {"closing",
         {"z", "at", "total", "opening", "cash_sales", "cash_refunds", "deposits", "settlements", "loans", "cash_in", "cash_out", "expected", "counted",
          "difference"}},
        {"customers", {"number", "name", "cards", "points", "spend", "debt"}},
        {"accounts", {"number", "customer", "at", "cashier", "receipt", "line", "name", "qty", "amount"}},
        {"stock", {"code", "name", "stock_name", "sold", "received", "adjusted", "sent", "stock", "average", "value", "net", "cost", "margin"}},
        {"stock-acts", {"at", "kind", "stock_name", "name", "document", "branch", "lines", "value", "state", "cashier", "reason"}},
        {"stock-moves", {"at", "kind", "stock_name", "document", "seq", "cashier", "reason", "qty", "left"}},
        {"movements", {"at", "number", "name", "kind", "receipt", "seq", "points", "spend", "debt"}},
        {"ranking", {"place", "number", "name", "cards", "receipts", "net", "points_awarded", "points_taken"}},
        {"rights", {"number", "name", "cards", "points", "right_points", "right_credit", "as_of"}},
        {"parked", {"id", "area", "table", "opened", "cashier", "customer", "name", "net", "due"}},
        {"traces", {"at", "kind", "name", "qty", "amount", "cashier", "receipt", "area", "table", "code", "price", "list_price", "reason"}},
        {"statement", {"number", "customer", "at", "receipt", "line", "cashier", "name", "qty", "amount"}},
        {"brief-statement", {"day", "number", "customer", "receipt", "amount"}},
        {"payments", {"at", "number", "customer", "cashier", "amount", "rounding", "pay", "receipts"}},
        {"purchases", {"at", "receipt", "cashier", "line", "code", "name", "qty", "gross", "discount", "net"}}};
    return keys.at(kind);
}

}  // namespace

Json report(Node& node, const std::string& kind, const ReportRange& range) {
    if (!range.by.empty() && kind != "sales") throw Error(Exit::usage, "--by", "belongs to the report sales");
    if (kind == "sales") return sales_by(node, range.by.empty() ? "day" : range.by, span_of(node, range));
    if (kind == "closing") return closing_report(node, range);
    if (kind == "customers") return customers_report(node);
    if (kind == "accounts") return accounts_report(node, range);
    if (kind == "stock") return stock_report(node, span_of(node, range));
    if (kind == "stock-acts") return stock_acts(node, span_of(node, range));
    if (kind == "stock-moves") {
        if (range.code.empty()) throw Error(Exit::usage, "report stock-moves", "needs a product", "name one by --code");
        return stock_moves(node, range.code, span_of(node, range));
    }
    if (kind == "movements") return movements_report(node, range);
    if (kind == "rights") return rights_report(node, range);
    if (kind == "ranking") return ranking(node, span_of(node, range));
    if (kind == "purchases") {
        if (!range.customer) throw Error(Exit::usage, "report purchases", "needs a customer", "name one by --customer: a number or a card");
        return purchases(node, wanted_customer(node, *range.customer), span_of(node, range));
    }
    if (kind == "parked") return parked_report(node);
    if (kind == "traces") return traces_report(node, span_of(node, range).from, span_of(node, range).to);
    const auto customer = range.customer ? std::optional(wanted_customer(node, *range.customer)) : std::nullopt;
    if (kind == "statement") return statement(node, customer);
    if (kind == "brief-statement") return brief_statement(node, customer);
    if (kind == "payments") return payments(node, customer, span_of(node, range));
    throw Error(Exit::usage, "report " + kind, "is not known",
                report_kinds);
}

Table report_table(Node& node, const std::string& kind, const ReportRange& range) {
    const Json json = report(node, kind, range);
    Table table;
    table.title = title_of(kind, range);
    table.subtitle = fmt::format("{}, {}", node.info().name, print(node.info().node));
    if (range.from || range.to) table.subtitle += fmt::format(", {} – {}", range.from ? print(*range.from) : "", range.to ? print(*range.to) : "");
    const bool by_tender = kind == "closing" && range.tender;
    table.columns = columns_of(by_tender ? std::vector<std::string>{"receipt", "at", "cashier", "number", "name", "amount", "net", "redeemed", "cost"}
                                         : column_keys(kind, range.by));
    if (by_tender) {
        const auto take = [&](const Json& closing) {
            if (!closing.contains("receipts")) return;
            for (Json row : closing["receipts"]) {
                if (row.contains("customer")) row["number"] = row["customer"];
                table.rows.push_back(std::move(row));
            }
        };
        for (const Json& z : json["closed"]) take(z);
        if (!range.from && !range.to) take(json["open"]);
    } else if (kind == "closing") {
        for (Json z : json["closed"]) {
            z["z"] = z["number"];
            z["total"] = z["sales"]["total"];
            table.rows.push_back(std::move(z));
        }
    } else if (kind == "accounts") {
        for (const Json& customer : json)
            for (Json item : customer["items"]) {
                item["number"] = customer["number"];
                item["customer"] = customer["name"];
                table.rows.push_back(std::move(item));
            }
    } else if (kind == "rights") {
        for (Json row : json) {
            row["right_points"] = row["right"]["points"];
            row["right_credit"] = row["right"]["credit"];
            table.rows.push_back(std::move(row));
        }
    } else {
        table.rows.assign(json.begin(), json.end());
    }
    // A receipt that was paid in two ways stands in both of their rows, and is one.
    if (kind == "sales" && range.by == "tender") table.totals["receipts"] = std::to_string(receipts_paid(node, span_of(node, range)));
    return table;
}

Json status(Node& node) {
    const Head head = node.ledger().head();
    const HqReceipt receipt = node.hq_receipt();
    const StateCursor cursor = node.state_cursor();
    const auto digest = stored_state_digest(node.database());
    const NodeInfo& info = node.info();
    const auto when = [&](const std::optional<Instant>& at) { return at ? Json(node.zone().print(*at)) : Json(nullptr); };
    Json json = {{"node", print(info.node)},
                 {"name", info.name},
                 {"currency", info.currency},
                 {"time_zone", info.time_zone},
                 {"locale", info.locale},
                 {"epoch", node.epoch()},
                 {"facts", head.seq},
                 {"head", schema::to_hex(head.hash)},
                 {"last_fact_at", when(head.at)},
                 {"unsent", head.seq - confirmed_through(node)},
                 {"recovered", node.database().integer("SELECT count(*) FROM recovered_fact").value_or(0)},
                 {"receipt", {{"seq", receipt.seq}, {"at", when(receipt.at)}}},
                 {"state", {{"version", cursor.version}, {"at", when(cursor.at)}, {"digest", digest ? Json(schema::to_hex(*digest)) : Json(nullptr)}}},
                 {"policy", node.policy().version},
                 {"products", count_products(node.database())},
                 {"customers", node.database().integer("SELECT count(*) FROM customer").value_or(0)},
                 {"drawer", print(drawer(node.database()))},
                 {"clock_steps", node.database().integer("SELECT count(*) FROM clock_step").value_or(0)},
                 {"pending_prints", pending_prints(node.database()).all()}};
    json["spending"] = spending_status(node);
    const auto enrolment = node.enrolment();
    json["hq"] = enrolment ? Json{{"name", enrolment->hq_name}, {"key", enrolment->hq_key}, {"url", enrolment->url}} : Json(nullptr);
    return json;
}

}  // namespace paprsek::node
