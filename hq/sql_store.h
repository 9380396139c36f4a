// HQ's store by SQL, in whatever database (hq/sql.h): SQLite's one file (hq/sqlite_store.h) or PostgreSQL (hq/postgres_store.h).
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hq/sql.h"
#include "hq/store.h"

namespace paprsek::hq {

/// A statement kept for a loop that runs hundreds of thousands of times: bound without copies, so what is bound must live
/// until run() or the last step() returns.
class HotStatement {
public:
    HotStatement(SqlDatabase& database, std::string_view sql) : prepared_(database.prepare(sql)) {}

    HotStatement& bind(int index, std::int64_t value) {
        prepared_->bind(index, value);
        return *this;
    }
    HotStatement& bind(int index, std::string_view text) {
        prepared_->bind(index, text, Bound::kept);
        return *this;
    }
    HotStatement& bind(int index, const schema::Hash& hash) {
        prepared_->bind(index, std::span<const unsigned char>(hash), Bound::kept);
        return *this;
    }
    /// Where a number could stand.
    HotStatement& bind_null(int index) {
        prepared_->bind_null(index, SqlType::integer);
        return *this;
    }
    HotStatement& bind_or_null(int index, std::int64_t value) { return value ? bind(index, value) : bind_null(index); }
    /// To the end, as SqlPrepared::post(); ready to be bound again.
    void run() { prepared_->post(); }
    /// False at the end, and then ready to be bound again; after a true one call reset().
    bool step() { return prepared_->step(); }
    void reset() { prepared_->reset(); }
    SqlPrepared& row() { return *prepared_; }

private:
    std::unique_ptr<SqlPrepared> prepared_;
};

class SqlStore : public Store {
public:
    explicit SqlStore(std::unique_ptr<SqlDatabase> database);
    ~SqlStore() override;

    void begin_writing() override;
    void begin_reading() override;
    void commit() override;
    void rollback() noexcept override;

    std::optional<std::string> setting(std::string_view name) override;
    void set_setting(std::string_view name, std::string_view value) override;
    std::int64_t version() override;

    std::int64_t add_node(node::NodeName node, const std::string& name) override;
    std::optional<NodeRecord> find_node(node::NodeName node) override;
    std::vector<NodeRecord> nodes() override;
    void set_node_key(std::int64_t node, const sync::PublicKey& key) override;
    std::vector<sync::PublicKey> former_keys(std::int64_t node) override;
    void add_former_key(std::int64_t node, const sync::PublicKey& key) override;
    void revoke_node(std::int64_t node) override;
    void set_node_seen(std::int64_t node, node::Instant at, std::int64_t newest, sync::StateCursor cursor) override;
    void set_standing(std::int64_t node, const Standing& standing) override;
    Standing standing(std::int64_t node) override;
    void set_invitation(std::int64_t node, const std::string& secret, node::Instant at) override;
    std::optional<std::string> invitation(std::int64_t node) override;
    void use_invitation(std::int64_t node, node::Instant at) override;

    std::vector<ChainRecord> chains(std::int64_t node) override;
    ChainRecord add_chain(std::int64_t node, std::int64_t epoch, std::int64_t base, const schema::Hash& base_hash) override;
    void advance_chain(const ChainRecord& chain) override;
    void append_fact(FactId id, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash) override;
    void add_arrival(const Arrival& arrival) override;
    std::optional<schema::Hash> fact_hash(FactId id) override;
    std::optional<schema::Fact> fact(FactId id) override;
    void facts(std::int64_t chain, Range range, const std::function<bool(const schema::Fact&)>& take) override;
    std::optional<std::int64_t> joined_at(std::int64_t chain) override;
    std::vector<schema::Fact> own_facts(std::string_view kind) override;
    std::vector<Arrival> arrivals() override;
    void keep_early(std::int64_t chain, const EarlyFact& fact) override;
    std::optional<EarlyFact> early_fact(std::int64_t chain, std::int64_t seq) override;
    void drop_early(std::int64_t chain, Range range) override;
    std::vector<Range> early_runs(std::int64_t chain) override;
    bool keep_bundle(std::int64_t chain, Range facts, std::span<const unsigned char> bytes) override;
    std::vector<Range> kept_bundles(std::int64_t chain) override;
    std::string kept_bundle(std::int64_t chain, Range facts) override;
    void drop_bundle(std::int64_t chain, Range facts) override;
    void keep_unprojected(FactId fact, std::string_view kind) override;
    std::vector<std::string> unprojected_kinds() override;
    std::vector<FactId> unprojected(std::string_view kind) override;
    void drop_unprojected(FactId fact) override;
    void add_personal(std::string_view digest, std::string_view body) override;
    std::optional<std::string> personal(std::string_view digest) override;
    void drop_personal(std::string_view digest) override;
    bool add_exception(const Exception& exception) override;
    std::optional<Exception> exception(std::int64_t id) override;
    std::vector<Exception> exceptions(bool open_only) override;
    std::vector<Exception> live_exceptions(std::string_view kind) override;
    std::optional<Exception> live_exception(std::string_view kind, std::string_view subject) override;
    void save_exception(const Exception& exception) override;

    std::optional<Account> find_account(std::string_view id) override;
    Account account(std::int64_t row) override;
    Account add_account(std::string_view id) override;
    void save_accounts(std::span<const Account> accounts) override;
    CustomerRecord customer(std::int64_t row) override;
    node::CustomerRow customer_state(std::int64_t row) override;
    void save_customer(const CustomerRecord& record) override;
    std::vector<std::string> cards(std::int64_t customer) override;
    std::optional<std::int64_t> customer_by_card(std::string_view card) override;
    std::optional<std::int64_t> customer_by_number(std::int64_t number) override;
    void add_card(std::int64_t customer, std::string_view card) override;
    void drop_card(std::string_view card) override;
    std::vector<std::int64_t> customers_with_balances(std::int64_t after, std::size_t most) override;
    void merge_customer(std::int64_t from, std::int64_t into) override;
    void part_customer(const MergedCustomer& merged, std::int64_t main) override;
    MergedCustomer belongings(std::int64_t customer) override;
    void save_merged(const MergedCustomer& merged) override;
    void drop_merged(std::int64_t customer) override;
    std::vector<MergedCustomer> merged_customers() override;
    Account sums(std::int64_t customer) override;
    std::vector<AccountMovement> movements(std::int64_t customer) override;
    Account opened_by(std::int64_t customer, std::int64_t chain) override;

    std::int64_t word(std::string_view text) override;
    void write(const Changes& changes) override;
    std::int64_t stock_level(const StockKey& key) override;
    std::vector<std::string> projections() override;
    std::unique_ptr<RowCursor> projection(const std::string& name) override;

    std::optional<node::GroupRow> group(std::string_view name) override;
    void save_group(const node::GroupRow& row) override;
    std::optional<std::string> product_by_code(std::string_view code) override;
    std::optional<node::ProductRow> product(std::string_view key) override;
    void save_product(const node::ProductRow& row) override;
    std::vector<std::string> product_keys() override;
    std::shared_ptr<const std::vector<std::string>> product_codes(std::int64_t version) override;
    bool is_product(std::int64_t word, std::string_view code) override;
    std::vector<std::string> programmes_of(std::string_view card) override;
    void list_card(std::string_view card, const std::vector<std::string>& programmes) override;
    std::vector<std::string> listed_cards(std::string_view programme) override;
    std::optional<std::string> policy() override;
    std::vector<std::pair<std::int64_t, std::string>> policies(std::int64_t version) override;
    std::vector<Formerly<node::ProductRow>> products_since(std::string_view key, std::int64_t version) override;
    std::vector<Formerly<node::GroupRow>> groups_since(std::string_view name, std::int64_t version) override;
    std::int64_t former_from() override;
    void forget_former(std::int64_t version) override;
    bool holds_former() override;
    void save_policy(const std::string& body) override;
    void rows_after(std::int64_t version, const std::function<bool(const node::StateRow&)>& take, const StateReader* reader = nullptr) override;

    std::vector<UserRecord> users() override;
    void save_user(const UserRecord& user) override;

    std::optional<FactId> find_sale(std::int64_t chain, std::int64_t through, std::int64_t number) override;
    node::FactPlace place_of(FactId fact) override;
    void add_refund(const node::FactPlace& sold, FactId refund) override;
    void wait_for_sale(const node::FactPlace& sold) override;
    std::vector<FactId> refunds_of(const node::FactPlace& sold) override;
    bool has_early_refunds() override;
    bool settle_early_refunds(const node::FactPlace& sold) override;
    std::vector<FactId> all_refunds() override;
    void hold_receipt(std::int64_t node, const node::FactPlace& sold) override;
    void touch_receipt(const node::FactPlace& sold) override;
    void set_receipt_wants(std::int64_t node, const std::vector<std::string>& receipts) override;
    std::vector<std::string> receipt_wants(std::int64_t node) override;

    void set_rights_era(std::int64_t node, std::string_view era) override;
    void set_right_holder(const RightHolder& holder) override;
    std::vector<RightHolder> right_holders() override;
    void move_right(std::int64_t customer, const RightHolder& holder, const node::Right& granted, const node::Right& returned) override;
    std::vector<HeldRight> held_rights(std::int64_t customer) override;
    std::vector<std::int64_t> set_wants(std::int64_t node, std::span<const RightWant> wants, node::Instant at) override;
    bool has_wants(std::int64_t node) override;
    std::vector<RightWant> wants(std::int64_t customer) override;
    std::int64_t home_of(std::int64_t customer) override;
    std::vector<std::int64_t> customers_at_home(std::int64_t node) override;
    void touch_customers(std::span<const std::int64_t> rows) override;

    Counts counts() override;
    std::vector<node::CustomerRow> search_customers(const std::string& text, std::size_t limit) override;
    std::vector<node::ProductRow> search_products(const std::string& text, std::size_t limit) override;
    std::optional<node::Instant> newest_own(std::string_view kind) override;
    std::vector<node::Json> report(const std::string& kind, const ReportQuery& query) override;

protected:
    const std::unique_ptr<SqlDatabase> database_;

private:
    struct Statements;
    void forget();
    void write_stock(const Changes& changes);
    void keep_former(const node::StateRow& row, std::int64_t until);
    std::vector<node::StateRow> former_rows(std::string_view kind, std::string_view key, std::int64_t version);
    std::int64_t known_word(std::string_view text);
    std::int64_t next_version();
    std::vector<node::Json> right_rows(std::int64_t customer);
    std::optional<node::RightRow> right_row(std::int64_t customer, const RightReader& reader);
    std::vector<std::string> texts(std::string_view sql, std::int64_t parameter);

    std::int64_t connections_ = 0;  ///< of the database, when it was spoken with last
    std::unique_ptr<Statements> hot_;
    bool writing_ = false;
    std::optional<std::int64_t> version_;  ///< within a writing transaction: the highest given, written at its end
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    /// Words known to be in the file; emptied when a transaction that may have given some is rolled back.
    std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> words_;
    /// Words that were asked for last, found without a search: what a till sells repeats. Emptied likewise.
    struct RecentWord {
        std::string text;
        std::int64_t id = 0;
    };
    std::vector<std::array<RecentWord, 2>> recent_words_;
    /// Of the products as they are, and the newest version among these: each bundle of a day may ask for them.
    std::shared_ptr<const std::vector<std::string>> product_codes_;
    std::int64_t product_codes_version_ = 0;
    std::vector<bool> product_words_;  ///< by word: known to be a product's code; emptied likewise
};

}  // namespace paprsek::hq
