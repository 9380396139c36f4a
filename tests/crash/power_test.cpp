// A branch whose power is cut, whose disk is full or does not answer, at every place of everything that it writes.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>

#include "node/base/error.h"
#include "node/retention.h"
#include "schema/migrations.h"
#include "tests/crash/branch_places.h"

using namespace paprsek;
using namespace paprsek::test;

namespace {

using Acts = BranchPlace::Acts;

void act_in_shop(const std::string& name, const Acts& acts, std::vector<std::size_t> in_parts = {}) {
    const Folder folder;
    at_every_place({name, acts.size(), std::move(in_parts), [&](PowerDisk& disk) { prepare_shop(disk, folder); },
                    [&](PowerDisk& disk) { return std::make_unique<BranchPlace>(disk, folder.node(), acts); }});
}

std::function<void(BranchPlace&)> line(std::string json) {
    for (char& c : json)
        if (c == '\'') c = '"';
    return [json](BranchPlace& place) { place.sell(json); };
}

/// The till of a window: every command is kept.
class Window final : public BranchPlace {
public:
    using BranchPlace::BranchPlace;
    void open() override {
        till_.reset();
        BranchPlace::open();
        till_ = std::make_unique<node::Till>(*node_, node::Keep::every_command);
    }
    void play(std::size_t act) override {
        using node::Money;
        const std::array<std::function<node::Outcome()>, 12> commands{
            [&] { return till_->scan("1001"); },
            [&] { return till_->enter("3*1002"); },
            [&] { return till_->log_in("7"); },
            [&] { return till_->set_discount(0, node::Rate::of(5'000'000)); },
            [&] { return till_->redeem(std::nullopt); },
            [&] { return pay(); },
            [&] { return till_->scan("1005"); },
            [&] { return till_->add_open("Půjčka", Money::of(10'000), "B"); },
            [&] { return till_->void_line(0); },
            [&] { return till_->log_in("2911111111117"); },
            [&] { return pay(); },
            [&] { return till_->scan("1009"); },
        };
        const auto outcome = commands.at(act)();
        if (!outcome.ok()) throw std::runtime_error(outcome.message);
    }

private:
    node::Outcome pay() {
        node::Booked booked;
        return till_->pay({}, booked);
    }
    std::unique_ptr<node::Till> till_;
};

/// Receipts put aside and at tables; every command is kept.
class Tables final : public BranchPlace {
public:
    using BranchPlace::BranchPlace;
    void open() override {
        till_.reset();
        BranchPlace::open();
        till_ = std::make_unique<node::Till>(*node_, node::Keep::every_command);
    }
    static constexpr std::size_t acts = 16;
    void play(std::size_t act) override {
        const std::array<std::function<node::Outcome()>, acts> commands{
            [&] { return till_->open_table({"Garden", "T1"}); },
            [&] { return till_->enter("3*1002"); },
            [&] { return till_->log_in("7"); },
            [&] { return till_->park(); },
            [&] { return till_->scan("1001"); },
            [&] { return till_->park({"", "Bar"}); },
            [&] { return till_->split(1, {{0, node::one_piece}}, {}); },
            [&] { return till_->merge(3, 2); },
            [&] { return till_->recall(2); },
            [&] { return till_->keep_part({{0, {}}}); },
            [&] { return pay(); },
            [&] { return till_->move(2, {"Garden", "T9"}); },
            [&] { return till_->void_parked(2, {}, "left"); },
            [&] { return till_->recall(1); },
            [&] { return till_->set_quantity(0, node::one_piece); },
            [&] { return pay(); },
        };
        const auto outcome = commands.at(act)();
        if (!outcome.ok()) throw std::runtime_error(outcome.message);
    }

private:
    node::Outcome pay() {
        node::Booked booked;
        return till_->pay({}, booked);
    }
    std::unique_ptr<node::Till> till_;
};

/// A folder without a node; the act makes one.
class Creation final : public BranchPlace {
public:
    using BranchPlace::BranchPlace;
    void open() override {
        const auto failures = disk.failures();
        try {
            BranchPlace::open();
        } catch (const node::Error&) {
            if (disk.failures() > failures) throw;
        }
    }
    void play(std::size_t) override {
        // A creation that failed in its very last sync may have come about all the same.
        if (!node_) open();
        if (!node_) node_ = node::Node::create(folder_, power_shop, clock, random, disk.vfs());
    }
    std::string state() override { return node_ ? BranchPlace::state() : "none"; }
    std::vector<std::string> faults() override { return node_ ? BranchPlace::faults() : std::vector<std::string>{}; }
    std::string damage() override { return node_ ? BranchPlace::damage() : ""; }
};

/// Copies beside the ledger, each under a new name.
class Copying final : public BranchPlace {
public:
    using BranchPlace::BranchPlace;
    void play(std::size_t act) override {
        if (act != 1) return sell(R"({"lines":[{"code":"1001"}]})");
        while (there(name())) ++number_;
        node_->database().backup_to(name());
    }
    /// Whether a whole copy with the first sale is there counts, not which one.
    std::string state() override {
        bool whole = false;
        for (int i = 0; i < 10; ++i) whole = whole || holds_the_sale(folder_ + "/copy-" + std::to_string(i));
        return BranchPlace::state() + (whole ? "copy\n" : "");
    }

private:
    std::string name() const { return folder_ + "/copy-" + std::to_string(number_); }
    bool there(const std::string& path) const {
        disk.count(false);
        const auto image = disk.image();
        disk.count(true);
        bool named = image.names.contains(path);
        for (const auto& naming : image.naming)
            if (naming.name == path) named = naming.content >= 0;
        return named;
    }
    bool holds_the_sale(const std::string& path) {
        try {
            node::Database copy(path, {.create = false, .read_only = true, .vfs = disk.vfs()});
            return copy.text("PRAGMA integrity_check") == "ok" && copy.integer("SELECT count(*) FROM receipt") == 1 &&
                   copy.integer("SELECT max(seq) FROM fact") == node_->database().integer("SELECT max(seq) FROM receipt ORDER BY number LIMIT 1");
        } catch (const node::Error&) {
            return false;
        }
    }
    int number_ = 0;
};

/// A database that is brought to its newest form.
class Migration final : public Workplace {
public:
    Migration(PowerDisk& disk_used, std::span<const schema::Migration> migrations) : Workplace(disk_used), migrations_(migrations) {}
    void open() override {}
    void play(std::size_t) override { node::Database("db", {.create = true, .read_only = false, .vfs = disk.vfs()}).migrate(migrations_); }
    std::string state() override {
        try {
            node::Database database("db", {.create = false, .read_only = true, .vfs = disk.vfs()});
            return fmt::format("version {}\n", *database.integer("PRAGMA user_version")) + content_of(database);
        } catch (const node::Error&) {
            return "none";
        }
    }
    std::vector<std::string> faults() override { return {}; }
    std::string damage() override {
        if (state() == "none") return "";
        node::Database database("db", {.create = false, .read_only = false, .vfs = disk.vfs()});
        return damage_of(database);
    }

private:
    std::span<const schema::Migration> migrations_;
};

void migrate(const std::string& name, std::span<const schema::Migration> from, std::span<const schema::Migration> to, const std::string& rows) {
    at_every_place({name, 1, {0},
                    [&](PowerDisk& disk) {
                        node::Database database("db", {.create = true, .read_only = false, .vfs = disk.vfs()});
                        database.migrate(from);
                        database.execute(rows);
                    },
                    [&](PowerDisk& disk) { return std::make_unique<Migration>(disk, to); }});
}

}  // namespace

TEST_CASE("a node is made") {
    const Folder folder;
    const Acts none;
    at_every_place({"making a node", 1, {}, [](PowerDisk&) {}, [&](PowerDisk& disk) { return std::make_unique<Creation>(disk, folder.node(), none); }});
}

TEST_CASE("sales, kept when they are paid") {
    act_in_shop("sales at payment",
                {line("{'lines':[{'code':'1001','qty':'2'},{'code':'1002'}]}"),
                 line("{'customer':'5','lines':[{'code':'1003'}],'redeem':'max'}"),
                 line("{'customer':'2922222222224','lines':[{'code':'1010'}]}"),
                 line("{'customer':'6','lines':[{'code':'1004'},{'code':'1005'}],'pay':[{'with':'account','amount':'10.80'}]}")});
}

TEST_CASE("a refund, a settlement and what else moves balances") {
    act_in_shop("other acts",
                {line("{'customer':'6','lines':[{'code':'1004'},{'code':'1005'}],'pay':[{'with':'account','amount':'10.80'}]}"),
                 line("{'refund_of':'3.1-000001','lines':[{'code':'1004'}],'pay':[{'with':'account','amount':'4.90'}]}"),
                 line("{'settle':{'customer':'6','items':'all'}}"),
                 line("{'deposit':{'customer':'7','amount':'100.00'}}"),
                 line("{'correct':{'customer':'8','points':'-5.00','reason':'mistake'}}"),
                 line("{'cash':{'in':'100.00','reason':'float'}}"),
                 line("{'close_day':{'counted':'205.00'}}")});
}

TEST_CASE("sales, kept at every command") {
    const Folder folder;
    const Acts none;
    at_every_place({"a window's till", 12, {}, [&](PowerDisk& disk) { prepare_shop(disk, folder); },
                    [&](PowerDisk& disk) { return std::make_unique<Window>(disk, folder.node(), none); }});
}

TEST_CASE("receipts put aside, taken up, divided, merged and moved") {
    const Folder folder;
    const Acts none;
    at_every_place({"tables", Tables::acts, {}, [&](PowerDisk& disk) { prepare_shop(disk, folder); },
                    [&](PowerDisk& disk) { return std::make_unique<Tables>(disk, folder.node(), none); }});
}

TEST_CASE("a script's parked receipts") {
    act_in_shop("parked by script", {line("{'park':{'table':'T1'},'lines':[{'code':'1001','qty':'3'}],'customer':'7'}"),
                                     line("{'split':{'from':{'table':'T1'},'items':[{'line':1,'qty':'1'}]}}"),
                                     line("{'recall':{'table':'T1'},'lines':[{'code':'1002'}],'park':{}}"),
                                     line("{'void':{'id':2,'reason':'cold'}}"),
                                     line("{'recall':{'table':'T1'}}"),
                                     line("{'refund':{'reason':'no slip'},'customer':'7','lines':[{'code':'1001'}]}")});
}

TEST_CASE("imports of a branch that stands alone") {
    const Folder folder;
    const std::string groups = folder.write("groups.csv", "group,parent,excluded\nfood,,0\ntobacco,,1\n");
    const std::string products = folder.write("changed.csv", products_csv(60, 2)), customers = folder.write("people.csv", customers_csv(30, 700));
    const Acts acts{[&](BranchPlace& place) { node::import_catalogue(place.node(), groups); },
                    [&](BranchPlace& place) { node::import_catalogue(place.node(), products); },
                    [&](BranchPlace& place) { node::import_customers(place.node(), customers); }};
    at_every_place({"imports", acts.size(), {}, [&](PowerDisk& disk) { prepare_shop(disk, folder); },
                    [&](PowerDisk& disk) { return std::make_unique<BranchPlace>(disk, folder.node(), acts); }});
}

TEST_CASE("old facts are packed") {
    act_in_shop("retention",
                {line("{'customer':'5','lines':[{'code':'1003'}],'redeem':'max'}"), line("{'lines':[{'code':'1001','qty':'2'},{'code':'1002'}]}"),
                 [](BranchPlace& place) { node::pack_old_facts(place.node(), 0); }},
                {2});
}

TEST_CASE("migrations") {
    const auto branch = schema::branch_migrations();
    const std::string fact = "INSERT INTO fact VALUES (1, 1, 'node.created', '{}', zeroblob(32))";
    migrate("migration from version 1", branch.first(1), branch, fact);
    const std::vector<schema::Migration> steps{
        {"001", "CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT); INSERT INTO a SELECT value, 'row ' || value FROM json_each('[1,2,3,4,5,6,7,8]');"},
        {"002", "ALTER TABLE a ADD COLUMN z INTEGER NOT NULL DEFAULT 0; UPDATE a SET z = x * x; CREATE INDEX a_z ON a (z);"},
        {"003", "CREATE TABLE b (x INTEGER PRIMARY KEY, y TEXT, z INTEGER); INSERT INTO b SELECT * FROM a; DROP TABLE a; ALTER TABLE b RENAME TO a;"}};
    migrate("migration that builds tables anew", std::span(steps).first(1), steps, "");
}

TEST_CASE("a backup that was acknowledged is whole") {
    const Folder folder;
    const Acts none;
    at_every_place({"backup", 3, {1}, [&](PowerDisk& disk) { prepare_shop(disk, folder); },
                    [&](PowerDisk& disk) { return std::make_unique<Copying>(disk, folder.node(), none); }});
}
