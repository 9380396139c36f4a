// Projected rows in HQ's store: written in bulk, read back in the order of their keys for verify.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "hq/sql_statements.h"

namespace paprsek::hq {
namespace {

// More words than a chain has products and names; what a text line typed in every receipt could add is bounded by this.
constexpr std::size_t max_cached_words = 500'000;

/// Two to a slot, the one asked for last first.
constexpr std::size_t recent_slots = 1u << 13;

/// Of a word among the recent ones: its length and its ends tell codes and names apart.
std::size_t slot_of(std::string_view text) {
    std::uint64_t begin = 0, end = 0;
    const std::size_t some = std::min<std::size_t>(text.size(), 8);
    if (some == 0) return 0;
    std::memcpy(&begin, text.data(), some);
    std::memcpy(&end, text.data() + text.size() - some, some);
    return static_cast<std::size_t>((begin * 0x9E37'79B9'7F4A'7C15u + end + text.size()) * 0xD1B5'4A32'D192'ED03u >> 32);
}

struct Projection {
    const char* name;
    const char* sql;  ///< first column: the key
};

#define PAPRSEK_FACT "n.branch || '.' || n.till || ' epoch ' || h.epoch || ' fact ' || (f.fact & 4294967295)"
#define PAPRSEK_CHAIN "JOIN chain h ON h.id = f.fact >> 32 JOIN node n ON n.id = h.node "
// Numbers of rows (customers, words) differ from store to store: what is compared is what they stand for.
constexpr std::array<Projection, 18> projection_list = {{
    {"customer",
     "SELECT c.id, m.id, c.number, c.name, c.digest, c.dealer, c.discount, c.charge, c.credit, c.referrer, c.set_at, c.set_by "
     "FROM customer c LEFT JOIN customer m ON m.row = c.main ORDER BY c.id"},
    {"balance", "SELECT id, points, spend, debt, last, last_fact FROM customer ORDER BY id"},
    {"card", "SELECT k.code, c.id FROM customer_card k JOIN customer c ON c.row = k.customer ORDER BY k.code"},
    {"movement", "SELECT c.id || ' by ' || " PAPRSEK_FACT " || ' ' || f.kind, f.points, f.spend, f.debt FROM movement f "
                 "JOIN customer c ON c.row = f.customer " PAPRSEK_CHAIN "ORDER BY c.id, f.fact, f.kind"},
    {"sale",
     "SELECT " PAPRSEK_FACT ", f.at, f.number, f.refund, w.text, c.id, f.net, f.redeemed, f.rounding, f.cash, f.card, f.account, f.voucher, f.points, f.taken "
     "FROM sale f " PAPRSEK_CHAIN "JOIN word w ON w.id = f.cashier LEFT JOIN customer c ON c.row = f.customer ORDER BY f.fact"},
    {"line", "SELECT " PAPRSEK_FACT " || ' line ' || (f.id & 16383), p.text, w.text, v.text, f.quantity, f.net, f.paid, f.cost "
             "FROM (SELECT *, id >> 14 AS fact FROM sale_line) f " PAPRSEK_CHAIN
             "JOIN word w ON w.id = f.name JOIN word v ON v.id = f.vat LEFT JOIN word p ON p.id = f.product ORDER BY f.id"},
    {"act", "SELECT " PAPRSEK_FACT ", f.at, f.kind, w.text, c.id, f.amount, f.cash, f.reason FROM act f " PAPRSEK_CHAIN
            "JOIN word w ON w.id = f.cashier LEFT JOIN customer c ON c.row = f.customer ORDER BY f.fact"},
    {"closing", "SELECT " PAPRSEK_FACT ", f.at FROM closing f " PAPRSEK_CHAIN "ORDER BY f.fact"},
    {"right_holder",
     "SELECT n.branch || '.' || n.till || ' epoch ' || r.epoch AS key, r.begun, r.era, r.written_off FROM right_holder r JOIN node n ON n.id = r.node "
     "ORDER BY n.branch, n.till, r.epoch"},
    {"right_moved",
     "SELECT c.id || ' at ' || n.branch || '.' || n.till || ' epoch ' || r.epoch || ' since ' || r.begun AS key, r.points_granted, r.credit_granted, "
     "r.points_returned, r.credit_returned FROM right_moved r JOIN customer c ON c.row = r.customer JOIN node n ON n.id = r.node "
     "ORDER BY c.id, n.branch, n.till, r.epoch, r.begun"},
    {"sale_stock", "SELECT " PAPRSEK_FACT ", w.text FROM sale_stock f " PAPRSEK_CHAIN "JOIN word w ON w.id = f.stock ORDER BY f.fact"},
    {"stock_level",
     "SELECT f.branch || ' ' || s.text || ' ' || p.text, f.quantity FROM stock_level f JOIN word s ON s.id = f.stock JOIN word p ON p.id = f.product "
     "ORDER BY f.branch, s.text, p.text"},
    {"stock_act", "SELECT " PAPRSEK_FACT ", f.at, f.kind, s.text, w.text, f.reason, f.document, f.branch, f.from_branch, f.from_till, f.from_seq "
                  "FROM stock_act f " PAPRSEK_CHAIN "JOIN word s ON s.id = f.stock JOIN word w ON w.id = f.cashier ORDER BY f.fact"},
    {"stock_line",
     "SELECT " PAPRSEK_FACT " || ' line ' || (f.id & 16383), p.text, w.text, f.quantity, f.cost "
     "FROM (SELECT *, id >> 14 AS fact FROM stock_line) f " PAPRSEK_CHAIN "JOIN word w ON w.id = f.name JOIN word p ON p.id = f.product ORDER BY f.id"},
    {"refund_of",
     "SELECT " PAPRSEK_FACT ", f.branch, f.till, f.epoch, f.seq FROM (SELECT *, refund AS fact FROM refund_of) f " PAPRSEK_CHAIN "ORDER BY f.fact"},
    {"user", "SELECT id, name, role, badge, pin, digest, removed, branches FROM \"user\" ORDER BY id"},
    {"policy", "SELECT row_number() OVER (ORDER BY version) AS key, body FROM policy ORDER BY version"},
    // What was noticed of clocks, catalogue and gaps does not follow from facts; what one raised and HQ answered does.
    {"exception",
     "SELECT kind || ' ' || subject AS key, state FROM exception WHERE kind IN ('rejected_fact', 'duplicate_customer', 'double_refund') "
     "AND state IN ('open', 'accepted') ORDER BY kind, subject"},
}};
#undef PAPRSEK_FACT
#undef PAPRSEK_CHAIN

class StatementCursor final : public RowCursor {
public:
    explicit StatementCursor(SqlRows statement, int columns) : statement_(std::move(statement)), columns_(columns) {}
    std::optional<std::pair<std::string, std::string>> next() override {
        if (!statement_.step()) return std::nullopt;
        std::string content;
        for (int i = 1; i < columns_; ++i) {
            if (i > 1) content += " | ";
            content += statement_.optional_text(i).value_or("-");
        }
        return std::pair{statement_.text(0), std::move(content)};
    }

private:
    SqlRows statement_;
    int columns_;
};

}  // namespace

std::int64_t SqlStore::word(std::string_view text) {
    if (recent_words_.empty()) recent_words_.resize(recent_slots);
    auto& [last, former] = recent_words_[slot_of(text) % recent_slots];
    if (last.id && last.text == text) return last.id;
    if (former.id && former.text == text) return former.id;
    std::swap(last, former);
    last.id = 0;  // the search may fail
    last.text = text;
    return last.id = known_word(text);
}

std::int64_t SqlStore::known_word(std::string_view text) {
    if (const auto found = words_.find(text); found != words_.end()) return found->second;
    if (words_.size() >= max_cached_words) words_.clear();
    HotStatement& find = hot_->find_word;
    find.bind(1, text);
    std::int64_t id = 0;
    if (find.step()) {
        id = find.row().integer(0);
        find.reset();
    } else {
        assert(writing_);
        HotStatement& add = hot_->add_word;
        add.bind(1, text).step();
        id = add.row().integer(0);
        add.reset();
    }
    words_.emplace(text, id);
    return id;
}

void SqlStore::write(const Changes& changes) {
    hot_->sales.insert(changes.sales, [](HotStatement& sale, int at, const SaleRow& row) {
        sale.bind(at, row.fact).bind(at + 1, row.at).bind(at + 2, row.number).bind(at + 3, row.refund ? 1 : 0).bind(at + 4, row.cashier);
        sale.bind_or_null(at + 5, row.customer).bind(at + 6, row.net).bind(at + 7, row.redeemed).bind(at + 8, row.rounding).bind(at + 9, row.cash);
        sale.bind(at + 10, row.card).bind(at + 11, row.account).bind(at + 12, row.voucher).bind(at + 13, row.points).bind(at + 14, row.taken);
    });
    hot_->lines.insert(changes.lines, [](HotStatement& line, int at, const LineRow& row) {
        line.bind(at, row.id).bind_or_null(at + 1, row.product).bind(at + 2, row.name).bind(at + 3, row.vat).bind(at + 4, row.quantity);
        line.bind(at + 5, row.net).bind(at + 6, row.paid).bind(at + 7, row.cost);
    });
    hot_->movements.insert(changes.movements, [](HotStatement& movement, int at, const MovementRow& row) {
        movement.bind(at, row.customer).bind(at + 1, row.fact).bind(at + 2, row.kind).bind(at + 3, row.points).bind(at + 4, row.spend).bind(at + 5, row.debt);
    });
    for (const ActRow& row : changes.acts)
        database_->post("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row.fact, row.at, row.kind, row.cashier,
                        row.customer ? std::optional(row.customer) : std::nullopt, row.amount, row.cash, row.reason);
    for (const ClosingRow& row : changes.closings) database_->post("INSERT INTO closing VALUES (?, ?)", row.fact, row.at);
    write_stock(changes);
}

std::vector<std::string> SqlStore::projections() {
    std::vector<std::string> names;
    for (const Projection& projection : projection_list) names.push_back(projection.name);
    return names;
}

std::unique_ptr<RowCursor> SqlStore::projection(const std::string& name) {
    for (const Projection& projection : projection_list)
        if (projection.name == name) {
            SqlRows rows = database_->walk(projection.sql);
            return std::make_unique<StatementCursor>(std::move(rows), rows.columns());
        }
    assert(!"a projection that is listed");
    return nullptr;
}

}  // namespace paprsek::hq
