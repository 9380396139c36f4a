#include "node/stock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_items = 5000;
constexpr const char* sell_from_setting = "sell_from";

Outcome check_name(const std::string& stock) {
    const auto name = nfc(stock);
    const bool printable = name && std::none_of(name->begin(), name->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!printable || *name != stock || trim(stock) != stock || stock.size() > max_stock_name_bytes)
        return refused(Refusal::bad_line, fmt::format("The name of a stock has at most {} bytes, without blanks around it.", max_stock_name_bytes));
    return {};
}

Outcome check_known(Node& node, const std::string& stock) {
    if (auto outcome = check_name(stock); !outcome.ok()) return outcome;
    if (!stock.empty() && !node.database().integer("SELECT 1 FROM stock_level WHERE stock = ? LIMIT 1", stock))
        return refused(Refusal::unknown_stock, fmt::format("There is no stock \"{}\": goods in make it.", stock));
    return {};
}

Outcome check_text(const std::string& text, std::size_t most, const char* what) {
    if (text.size() > most || !nfc(text)) return refused(Refusal::bad_line, fmt::format("{} has at most {} bytes.", what, most));
    return {};
}

Outcome check_quantity_of(std::string_view kind, const StockItem& item) {
    const bool signed_kind = kind == kind::stock_adjusted;
    const Quantity size = item.quantity < Quantity{} ? -item.quantity : item.quantity;
    if (size.is_zero() || size > max_entered_quantity || (!signed_kind && item.quantity < Quantity{}))
        return refused(Refusal::bad_quantity,
                       fmt::format("The quantity of {} must be {} and at most 1000000.", item.code, signed_kind ? "other than zero" : "above zero"));
    if (item.cost && (*item.cost < Rate{} || *item.cost > max_stock_cost))
        return refused(Refusal::bad_amount, fmt::format("The cost of {} must not be below zero.", item.code));
    return {};
}

std::string document_name(Node& node, std::int64_t seq) { return print(FactName{node.info().node, seq}); }

/// A supplier's document and a sent fact are booked once.
Outcome check_document(Node& node, std::string_view kind, const StockAct& act) {
    Database& database = node.database();
    const auto booked = [&](const std::string& what, std::int64_t seq) {
        return refused(Refusal::document_booked, fmt::format("{} was booked already, by fact {}.", what, document_name(node, seq)));
    };
    if (kind == kind::stock_received && !act.document.empty())
        if (const auto seq = database.integer("SELECT seq FROM stock_act WHERE document = ? AND kind = ? AND stock = ?", act.document, kind, act.stock))
            return booked(fmt::format("Document {}", act.document), *seq);
    if (kind != kind::stock_arrived) return {};
    const auto source = parse_fact_name(act.from);
    if (!source) return refused(Refusal::unknown_document, fmt::format("\"{}\" does not name what was sent, such as 3.1/57.", act.from));
    if (const auto seq = database.integer("SELECT seq FROM stock_act WHERE source = ?", act.from)) return booked(fmt::format("What {} sent", act.from), *seq);
    const NodeName self = node.info().node;
    if (source->node == self &&
        !database.integer("SELECT 1 FROM stock_act WHERE seq = ? AND kind = ? AND branch = ?", source->seq, kind::stock_sent, self.branch))
        return refused(Refusal::unknown_document, fmt::format("{} sent nothing to this branch.", act.from));
    return {};
}

Outcome check_act(Node& node, std::string_view kind, const StockAct& act) {
    const bool brings = kind == kind::stock_received || kind == kind::stock_arrived;
    if (auto outcome = brings ? check_name(act.stock) : check_known(node, act.stock); !outcome.ok()) return outcome;
    if (auto outcome = check_text(act.document, max_document_bytes, "A document's name"); !outcome.ok()) return outcome;
    if (kind == kind::stock_adjusted)
        if (auto outcome = check_reason(act.reason, "An adjustment"); !outcome.ok()) return outcome;
    if (kind == kind::stock_sent && (act.to < 1 || act.to > 9999))
        return refused(Refusal::bad_branch, fmt::format("{} is no branch: their numbers go from 1 to 9999.", act.to));
    if (act.items.empty()) return refused(Refusal::empty_receipt, "No goods are named.");
    if (act.items.size() > max_items) return refused(Refusal::too_many_lines, fmt::format("A document has at most {} lines: divide it.", max_items));
    return check_document(node, kind, act);
}

Outcome line_of(Node& node, std::string_view kind, const StockAct& act, const StockItem& item, StockLine& line) {
    if (auto outcome = check_quantity_of(kind, item); !outcome.ok()) return outcome;
    const auto product = find_product(node.database(), normalise_code(item.code));
    if (!product) return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue.", item.code));
    line = {product->key, product->name, item.quantity, {}, item.cost};
    if (!line.cost) line.cost = stock_level(node.database(), act.stock, product->key).average;
    if (!line.cost && product->cost) line.cost = Rate::of_wide(Wide{product->cost->raw()} * 10'000);
    return {};
}

/// Appends the fact; the caller holds the transaction.
Outcome append_fact(Node& node, std::string_view kind, StockFact& fact, std::int64_t& seq, Instant& at) {
    at = node.clock().now();
    fact.clock_back_ms = node.ledger().clock_back_ms(at);
    const std::string body = body_of(kind, fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The document is too long: divide it.");
    seq = node.ledger().append(kind, body, at);
    return {};
}

}  // namespace

Outcome book_stock(Node& node, std::string_view kind, const StockAct& act, StockBooked& booked) try {
    Transaction transaction(node.database());
    if (auto outcome = check_act(node, kind, act); !outcome.ok()) return outcome;
    booked = {};
    StockFact& fact = booked.fact;
    fact.stock = act.stock;
    fact.cashier = act.by.cashier;
    fact.approvals = act.by.approvals;
    fact.reason = std::string(trim(act.reason));
    fact.document = act.document;
    fact.to = act.to;
    if (kind == kind::stock_arrived) fact.from = parse_fact_name(act.from);
    for (const StockItem& item : act.items) {
        fact.lines.emplace_back();
        if (auto outcome = line_of(node, kind, act, item, fact.lines.back()); !outcome.ok()) return outcome;
        booked.codes.push_back(item.code);
    }
    if (auto outcome = append_fact(node, kind, fact, booked.seq, booked.at); !outcome.ok()) return outcome;
    for (const StockLine& line : fact.lines) booked.levels.push_back(stock_level(node.database(), fact.stock, line.product));  // Overflow: out of range
    transaction.commit();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

// ------------------------------------------------------------------------------------------------ stocktake

namespace {

constexpr std::size_t lines_of_a_count = 1000;  // of one fact

Outcome check_open(Node& node, const std::string& stock) {
    if (auto outcome = check_name(stock); !outcome.ok()) return outcome;
    if (!node.database().integer("SELECT 1 FROM stocktake WHERE stock = ?", stock))
        return refused(Refusal::no_stocktake, "No stocktake of this stock is open.");
    return {};
}

constexpr std::int64_t lines_of_a_slice = 2000;  // of one transaction: what a sale beside it may have to wait for

/// Whoever writes or drops the lines of a stock's list says so, for they are many and no stocktake is open meanwhile. Who was broken off
/// is taken over from after a minute. Each call within the caller's transaction.
class Claim {
public:
    Claim(Node& node, const std::string& stock) : node_(node), setting_("stocktake_lines:" + stock) {}

    bool take() {
        const std::string other = node_.setting(setting_).value_or("");
        constexpr std::int64_t broken_off_ms = 60'000;
        if (!other.empty() && std::llabs(node_.clock().now().ms - std::stoll(other)) < broken_off_ms) return false;
        say();
        return true;
    }
    /// Still at it. False where somebody else has taken over.
    bool go_on() {
        if (node_.setting(setting_).value_or("") != said_) return false;
        say();
        return true;
    }
    void release() { node_.set_setting(setting_, ""); }

private:
    void say() {
        said_ = std::to_string(node_.clock().now().ms);
        node_.set_setting(setting_, said_);
    }

    Node& node_;
    std::string setting_, said_;
};

Outcome stocktake_is_open() {
    return refused(Refusal::stocktake_open, "A stocktake of this stock is open already: close or cancel it first.");
}

/// The lines of a stock that has no stocktake any more, or none yet. False where somebody else has taken over.
bool drop_lines(Node& node, const std::string& stock, Claim& claim, const Going& going) {
    for (std::int64_t dropped = 0;;) {
        Transaction transaction(node.database());
        if (!claim.go_on()) return false;
        const std::int64_t rows = node.database().run(
            "DELETE FROM stocktake_line WHERE stock = ?1 AND product IN (SELECT product FROM stocktake_line WHERE stock = ?1 ORDER BY product LIMIT ?2)", stock,
            lines_of_a_slice);
        transaction.commit();
        if (rows < lines_of_a_slice) return true;
        dropped += rows;
        if (going) going(dropped, 0);
    }
}

/// Drops the list of a stocktake that ends in the caller's transaction; commits it.
void drop_list(Node& node, const std::string& stock, Transaction& transaction, const Going& going) {
    Claim claim(node, stock);
    const bool mine = claim.take();
    node.database().run("DELETE FROM stocktake WHERE stock = ?", stock);
    transaction.commit();
    if (!mine || !drop_lines(node, stock, claim, going)) return;  // whoever opens the next one drops them
    Transaction last(node.database());
    if (claim.go_on()) claim.release();
    last.commit();
}

/// The group and all below it, folded; a circle of groups ends where it meets itself.
std::vector<std::string> group_and_below(Database& database, const std::string& group) {
    std::vector<std::string> found = {fold(group)};
    std::vector<std::pair<std::string, std::string>> groups;
    for (auto row = database.query("SELECT folded, parent FROM product_group"); row.step();) groups.emplace_back(row.text(0), fold(row.view(1)));
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& [name, parent] : groups)
            if (parent == found[i] && std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
    return found;
}

struct Expected {
    std::string product;
    std::int64_t quantity;
};

/// What the list will hold, of one moment.
std::vector<Expected> expected_now(Database& database, const std::string& stock, const std::string& group) {
    std::vector<Expected> list;
    const auto take = [&](Statement rows) {
        while (rows.step()) list.push_back({rows.text(0), rows.integer(1)});
    };
    // Reading in a transaction, one moment for all of it: it holds nobody up.
    struct Reading {
        explicit Reading(Database& wanted) : database(wanted) { database.execute("BEGIN"); }
        ~Reading() { sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
        Database& database;
    } reading(database);
    constexpr const char* of_products =
        "SELECT p.key, ifnull(l.quantity, 0) FROM product p LEFT JOIN stock_level l ON l.stock = ?1 AND l.product = p.key WHERE ?2 OR p.grp = ?3";
    if (group.empty()) {
        take(database.query(of_products, stock, true, ""));
        take(database.query("SELECT product, quantity FROM stock_level l WHERE stock = ? AND quantity <> 0 AND NOT EXISTS (SELECT 1 FROM product WHERE key = "
                            "l.product)",
                            stock));
    } else {
        const std::vector<std::string> wanted = group_and_below(database, group);
        std::vector<std::string> names;  // as products spell them
        for (auto row = database.query("SELECT DISTINCT grp FROM product"); row.step();)
            if (std::find(wanted.begin(), wanted.end(), fold(row.view(0))) != wanted.end()) names.push_back(row.text(0));
        for (const std::string& name : names) take(database.query(of_products, stock, false, name));
    }
    // In the order in which they lie: each slice is then written to a few pages.
    std::sort(list.begin(), list.end(), [](const Expected& a, const Expected& b) { return a.product < b.product; });
    return list;
}

enum class Frozen { yes, stopped, taken_over };

Frozen write_lines(Node& node, const std::string& stock, const std::vector<Expected>& list, Claim& claim, const Going& going) {
    const auto total = static_cast<std::int64_t>(list.size());
    for (std::int64_t done = 0; done < total;) {
        Transaction transaction(node.database());
        if (!claim.go_on()) return Frozen::taken_over;
        for (const std::int64_t end = std::min(total, done + lines_of_a_slice); done < end; ++done) {
            const Expected& each = list[static_cast<std::size_t>(done)];
            node.database().run(
                "INSERT INTO stocktake_line (stock, product, name, expected) VALUES (?1, ?2, ifnull((SELECT name FROM product WHERE key = ?2), ?2), ?3)", stock,
                each.product, each.quantity);
        }
        transaction.commit();
        if (going && !going(done, total)) return Frozen::stopped;
    }
    return Frozen::yes;
}

}  // namespace

Outcome open_stocktake(Node& node, const std::string& stock, const std::string& group, const std::string& cashier, std::int64_t& products,
                       const Going& going) {
    Database& database = node.database();
    const std::string wanted(trim(group));
    products = 0;
    Claim claim(node, stock);
    {
        Transaction transaction(database);
        if (auto outcome = check_known(node, stock); !outcome.ok()) return outcome;
        if (database.integer("SELECT 1 FROM stocktake WHERE stock = ?", stock) || !claim.take()) return stocktake_is_open();
        transaction.commit();
    }
    if (!drop_lines(node, stock, claim, going)) return stocktake_is_open();  // of one that was broken off
    const Instant at = node.clock().now();
    const std::vector<Expected> list = expected_now(database, stock, wanted);
    const Frozen frozen = write_lines(node, stock, list, claim, going);
    if (frozen == Frozen::taken_over) return stocktake_is_open();
    if (frozen == Frozen::stopped && !drop_lines(node, stock, claim, going)) return {};
    Transaction transaction(database);
    if (!claim.go_on()) return stocktake_is_open();
    claim.release();
    if (frozen == Frozen::yes && !list.empty())
        database.run("INSERT INTO stocktake (stock, at, cashier, grp) VALUES (?, ?, ?, ?)", stock, at, cashier, wanted);
    transaction.commit();
    if (list.empty())
        return refused(Refusal::unknown_group, wanted.empty() ? "There are no products." : fmt::format("There are no products in \"{}\".", wanted));
    products = frozen == Frozen::yes ? static_cast<std::int64_t>(list.size()) : 0;
    return {};
}

Outcome count_stock(Node& node, const std::string& stock, std::string_view code, Quantity quantity, bool replace, Counted& counted) {
    Database& database = node.database();
    Transaction transaction(database);
    if (auto outcome = check_open(node, stock); !outcome.ok()) return outcome;
    if (quantity < Quantity{} || quantity > max_entered_quantity)
        return refused(Refusal::bad_quantity, "What was counted must not be below zero, and at most 1000000.");
    const auto product = find_product(database, normalise_code(code));
    if (!product) return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue.", code));
    auto row = database.query("SELECT name, expected, ifnull(counted, 0) FROM stocktake_line WHERE stock = ? AND product = ?", stock, product->key);
    if (!row.step()) return refused(Refusal::not_on_list, fmt::format("{} is not on the list of this stocktake.", product->name));
    counted = {product->key, row.text(0), row.decimal<Quantity>(1), quantity};
    if (!replace) counted.counted += row.decimal<Quantity>(2);
    if (counted.counted > max_stock_quantity) return out_of_range();
    database.run("UPDATE stocktake_line SET counted = ? WHERE stock = ? AND product = ?", counted.counted, stock, product->key);
    transaction.commit();
    return {};
}

namespace {

/// What a closing can be refused for, before anything of it is booked.
Outcome check_closing(Node& node, const std::string& stock, bool zero, const std::string& reason, std::int64_t& lines) {
    if (auto outcome = check_open(node, stock); !outcome.ok()) return outcome;
    if (auto outcome = check_text(reason, max_reason_bytes, "A reason"); !outcome.ok()) return outcome;
    auto rows = node.database().query(
        "SELECT count(*), count(*) FILTER (WHERE abs(t.expected) > ?3 OR abs(ifnull(l.quantity, 0) + ifnull(t.counted, 0) - t.expected) > ?4) FROM "
        "stocktake_line t LEFT JOIN stock_level l ON l.stock = t.stock AND l.product = t.product WHERE t.stock = ?1 AND (t.counted IS NOT NULL OR (?2 AND "
        "t.expected <> 0))",
        stock, zero, max_stock_quantity, Quantity::max_value);
    rows.step();
    lines = rows.integer(0);
    if (rows.integer(1) > 0) return out_of_range();
    if (lines == 0) return refused(Refusal::nothing_counted, "Nothing was counted: count something, or cancel the stocktake.");
    return {};
}

/// The next lines that are booked, in the order of products from behind `after`.
std::vector<StockLine> next_counted(Database& database, const std::string& stock, bool zero, const std::string& after, std::size_t most) {
    std::vector<StockLine> lines;
    auto rows = database.query(
        "SELECT t.product, t.name, t.expected, ifnull(t.counted, 0), l.average, p.cost FROM stocktake_line t LEFT JOIN stock_level l ON l.stock = t.stock AND "
        "l.product = t.product LEFT JOIN product p ON p.key = t.product WHERE t.stock = ? AND (t.counted IS NOT NULL OR (? AND t.expected <> 0)) AND "
        "t.product > ? ORDER BY t.product LIMIT ?",
        stock, zero, after, most);
    while (rows.step()) {
        StockLine line{rows.text(0), rows.text(1), rows.decimal<Quantity>(3), rows.decimal<Quantity>(2), std::nullopt};
        if (!rows.is_null(4))
            line.cost = rows.decimal<Rate>(4);
        else if (!rows.is_null(5))
            line.cost = Rate::of_wide(Wide{rows.integer(5)} * 10'000);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace

Outcome close_stocktake(Node& node, const std::string& stock, Uncounted rest, const std::string& reason, const StockHand& by, StocktakeClosed& closed,
                        const Going& going) try {
    Database& database = node.database();
    const bool zero = rest == Uncounted::zero;
    std::int64_t total = 0;
    if (auto outcome = check_closing(node, stock, zero, reason, total); !outcome.ok()) return outcome;
    closed = {};
    for (std::string after;;) {
        Transaction transaction(database);
        // Somebody else may have cancelled the rest of it meanwhile; what is booked is booked.
        if (auto outcome = check_open(node, stock); !outcome.ok()) return closed.seqs.empty() ? outcome : Outcome{};
        StockFact fact;
        fact.stock = stock;
        fact.cashier = by.cashier;
        fact.approvals = by.approvals;
        fact.reason = std::string(trim(reason));
        fact.lines = next_counted(database, stock, zero, after, lines_of_a_count);
        if (!fact.lines.empty()) {
            std::int64_t seq = 0;
            if (auto outcome = append_fact(node, kind::stock_counted, fact, seq, closed.at); !outcome.ok()) return outcome;
            for (const StockLine& line : fact.lines) {
                stock_level(database, stock, line.product);  // Overflow: out of range
                database.run("DELETE FROM stocktake_line WHERE stock = ? AND product = ?", stock, line.product);
            }
            after = fact.lines.back().product;
            closed.seqs.push_back(seq);
            closed.clock_back = closed.clock_back || fact.clock_back_ms > 0;
            closed.lines.insert(closed.lines.end(), std::make_move_iterator(fact.lines.begin()), std::make_move_iterator(fact.lines.end()));
        }
        if (next_counted(database, stock, zero, after, 1).empty()) {
            // The list goes with its last line; what was counted behind our back is one more.
            if (next_counted(database, stock, zero, "", 1).empty()) {
                drop_list(node, stock, transaction, going);
                return {};
            }
            after.clear();
        }
        transaction.commit();
        if (going) going(static_cast<std::int64_t>(closed.lines.size()), total);
    }
} catch (const Overflow&) {
    return out_of_range();
}

Outcome cancel_stocktake(Node& node, const std::string& stock, const Going& going) {
    Transaction transaction(node.database());
    if (auto outcome = check_open(node, stock); !outcome.ok()) return outcome;
    drop_list(node, stock, transaction, going);
    return {};
}

// ------------------------------------------------------------------------------------------------ the till's stock

std::string sells_from(Node& node) { return node.setting(sell_from_setting).value_or(""); }

Outcome sell_from(Node& node, const std::string& stock) {
    Transaction transaction(node.database());
    if (auto outcome = check_known(node, stock); !outcome.ok()) return outcome;
    node.set_setting(sell_from_setting, stock);
    transaction.commit();
    return {};
}

}  // namespace paprsek::node
