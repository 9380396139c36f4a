// HQ on PostgreSQL as a whole: what is wrong is said, two writers lose nothing, a server that dies loses nothing that it acknowledged.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "node/base/error.h"
#include "tests/hq/chain_of_shops.h"
#include "tests/hq/real_chain.h"
#include "tests/store/both_stores.h"
#include "tests/support/desk.h"

using namespace paprsek;
using test::Cluster;
using test::Shop;

namespace {

/// How it is refused: "3 what: why (hint)".
std::string refused(const std::function<void()>& act) {
    try {
        act();
    } catch (const node::Error& error) {
        return fmt::format("{} {}", static_cast<int>(error.exit()), error.what());
    }
    return "";
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

node::ManualClock still{node::Instant{1'770'100'000'000}};

std::unique_ptr<hq::Headquarters> open(const std::string& where) { return hq::Headquarters::open(where, still, node::system_random()); }
std::unique_ptr<hq::Headquarters> create(const std::string& where) {
    return hq::Headquarters::create(where, {"Chain", "CZK", "Europe/Prague"}, still, node::system_random());
}

/// Sales of which every third is of a customer known by a card, the cards shared by all shops.
void sell(Shop& shop, int sales) {
    if (shop.facts.empty()) shop.join();
    for (int i = 0; i < sales; ++i) {
        const std::string card = fmt::format("29{:011}", i * 7 % 40);
        shop.sell(i % 3 ? "" : shop.meet(card), 100 + i, i % 3 ? 0 : 1, i % 3 ? "" : card);
    }
}

}  // namespace

TEST_CASE("what is wrong with an address is said in a sentence, and never with its password") {
    Cluster& cluster = Cluster::shared();
    const std::string empty = cluster.empty(), shown = "postgresql://paprsek@/hq";
    const std::string none = refused([&] { open(empty); });
    CHECK(none.starts_with("1 " + shown));
    CHECK(has(none, "is no HQ: this database holds none (make one by: paprsek-hq init)"));
    CHECK(cluster.run_at(empty, "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'paprsek'") == "0");

    CHECK(create(empty)->info().name == "Chain");
    CHECK(open(empty)->info().name == "Chain");
    const std::string again = refused([&] { create(empty); });
    CHECK(again.starts_with("1 " + shown));
    CHECK(has(again, "holds an HQ already (choose an empty database)"));

    const std::string nobody = refused([] { open("postgresql://paprsek:secret@127.0.0.1:9/hq"); });
    CHECK(nobody.starts_with("3 postgresql://paprsek@127.0.0.1:9/hq: cannot be reached: "));
    CHECK(refused([&] { open(cluster.address("missing")); }).starts_with("3 postgresql://paprsek@/missing"));
    for (const char* wrong : {"postgresql://paprsek:secret@[::1/hq", "postgresql://paprsek:secret@h:port:1/hq", "postgresql://h/hq?password=secret&nothing=1",
                              "postgresql:paprsek:secret@h", "mysql://paprsek:secret@h/hq", "POSTGRESQL://paprsek:secret@h/hq"}) {
        const std::string why = refused([&] { create(wrong); });
        CHECK_MESSAGE(why.starts_with("1 "), wrong);
        CHECK_MESSAGE(!has(why, "secret"), why);
        CHECK_MESSAGE(has(why, "write postgresql://USER@HOST:PORT/DATABASE"), why);
        CHECK(!std::filesystem::exists(wrong));
    }
    for (const std::string& text : {none, again, nobody}) CHECK(!has(text, "secret"));
    CHECK(hq::print_postgres_address("postgres://u:p@[::1]:5433/db?sslmode=require") == "postgresql://u@[::1]:5433/db");
    CHECK(hq::print_postgres_address("postgresql://") == "postgresql:///");
    CHECK(hq::print_postgres_address("postgresql://u:p@%2Ftmp:7/db") == "postgresql://u@/db?host=/tmp&port=7");

    cluster.run("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    CHECK(has(refused([&] { create(cluster.address("latin")); }), "keeps its texts as LATIN1"));
}

TEST_CASE("an older database is brought to its form, a newer one is refused") {
    const std::string address = Cluster::shared().empty();
    std::vector<schema::Migration> migrations(schema::hq_postgres_migrations().begin(), schema::hq_postgres_migrations().end());
    { const hq::PostgresDatabase first(address, true, migrations); }
    const auto version = [&] { return Cluster::run_at(address, "SELECT version FROM paprsek.migration"); };
    CHECK(version() == std::to_string(migrations.size()));
    const std::size_t known = migrations.size();
    migrations.push_back({"more", "CREATE TABLE more (a BIGINT); INSERT INTO more VALUES (7)"});
    migrations.push_back({"wrong", "CREATE TABLE yet_more (a BIGINT); INSERT INTO nowhere VALUES (7)"});
    CHECK(has(refused([&] { const hq::PostgresDatabase broken(address, false, migrations); }), "nowhere"));
    CHECK(version() == std::to_string(known));
    migrations.back() = {"right", "CREATE TABLE yet_more (a BIGINT)"};
    {
        hq::PostgresDatabase next(address, false, migrations);
        CHECK(next.integer("SELECT a FROM more") == 7);
        CHECK(next.text("SELECT current_setting('synchronous_commit')") == "on");  // whatever the server says
    }
    CHECK(version() == std::to_string(known + 2));
    CHECK(has(refused([&] { open(address); }), "was written by a newer version of Paprsek"));
}

TEST_CASE("two branches tell both stores the same, and are answered the same bytes") {
    constexpr const char* products = "code,name,price,vat,points\nA,Apple,10.00,B,1\nB,Bread,20.50,B,\n";
    const std::string address = Cluster::shared().empty();
    std::vector<std::string> answers[2], rows[2];
    for (const int at : {0, 1}) {
        test::RealChain chain(2, 7, R"({"mode":"points","earn":"price","point_value":"0.10"})", products, "cards,name,points\n2900000000018,Řehoř,50\n",
                              at ? address : "");
        const auto told = [&](const std::string& text) { answers[at].push_back(text); };
        for (int day = 1; day <= 3; ++day) {
            for (const int branch : {1, 2}) {
                for (int i = 0; i < 6; ++i)
                    told(chain
                             .play(branch, fmt::format("{{'customer':'29000000000{}','lines':[{{'code':'A','quantity':'{}'}},{{'code':'B'}}]}}",
                                                       i % 2 ? "18" : fmt::format("{}5", branch + day), i + 1))
                             .dump());
                told(fmt::format("{}", chain.bring(chain.up(branch)).new_facts));
            }
            if (day == 1) chain.hq->import_catalogue(chain.write("more.csv", "code,name,price,vat,points\nA,Apple,11.00,B,2\n"));
            if (day == 2) chain.hq->set_policy(R"({"mode":"points","offline":{"spend":"rights"}})", "policy");
            for (const int branch : {2, 1}) {
                told(chain.down(branch));
                chain.take(branch, chain.down(branch));
            }
        }
        for (const char* kind : {"sales", "customers", "movements", "stock", "rights", "accounts"})
            for (const node::Json& row : chain.hq->report(kind).rows) told(row.dump());
        const auto [version, digest] = chain.hq->state_digest();
        told(fmt::format("{} {}", version, schema::to_hex(digest)));
        const hq::Verification verified = chain.hq->verify();
        CHECK_MESSAGE(verified.ok(), (verified.faults.empty() ? "" : verified.faults.front()));
        told(std::to_string(verified.facts));
        if (at)
            rows[at] = test::rows_of(*std::make_unique<hq::PostgresStore>(address, false));
        else
            rows[at] = test::rows_of(*std::make_unique<hq::SqliteStore>(chain.folder.file("hq") + "/hq.db", false));
    }
    CHECK(answers[0].size() > 50);
    test::check_same(answers[0], answers[1]);
    test::check_same(rows[0], rows[1]);
}

TEST_CASE("two programs write at once: nothing is lost, nothing comes twice, and a reader misses no version") {
    if (!test::programs_are_here()) return;
    constexpr int bundles = 12, sales = 60;
    const std::string address = Cluster::shared().empty();
    test::Chain chain(2, 7, address);
    const test::Desk desk;
    std::string files[2];
    for (const int branch : {1, 2}) {
        for (int i = 1; i <= bundles; ++i) {
            const auto first = static_cast<std::int64_t>(chain.shop(branch).facts.size()) + 1;
            sell(chain.shop(branch), sales);
            const std::string name = fmt::format("up-{}-{}", branch, i);
            // One that goes a little back: what is held already comes again.
            desk.write(name, chain.shop(branch).bundle(chain.key, std::max<std::int64_t>(1, first - 5)));
            files[branch - 1] += " " + name;
        }
    }
    std::atomic<bool> done = false;
    std::map<std::string, std::string> heard;
    std::int64_t seen = 0, snapshots = 0, out_of_order = 0;
    std::thread reader([&] {
        hq::PostgresStore store(address, false);
        for (bool last = false; !last;) {
            last = done;
            const hq::StoreSnapshot snapshot(store);
            const std::int64_t version = store.version();
            std::int64_t before = seen;
            store.rows_after(seen, [&](const node::StateRow& row) {
                out_of_order += row.version <= before || row.version > version;
                before = row.version;
                heard[row.kind + row.key] = row.body;
                return true;
            });
            snapshots += version > seen;
            seen = version;
        }
    });
    test::Ran ran[2];
    const test::Desk other;
    std::thread second([&] {
        const std::string command =
            fmt::format("cd '{}' && '{}/paprsek-hq' import '{}'{} >/dev/null 2>err2", desk.file("."), std::getenv("PAPRSEK_BIN"), address, files[1]);
        ran[1].exit = std::system(command.c_str());
    });
    ran[0] = desk.run(fmt::format("import '{}'{}", address, files[0]));
    second.join();
    done = true;
    reader.join();
    CHECK_MESSAGE(ran[0].exit == 0, ran[0].err);
    CHECK(ran[1].exit == 0);
    CHECK(snapshots > 2);
    CHECK(out_of_order == 0);
    hq::PostgresStore store(address, false);
    std::map<std::string, std::string> now;
    store.rows_after(0, [&](const node::StateRow& row) {
        now[row.kind + row.key] = row.body;
        return true;
    });
    CHECK(heard == now);
    CHECK(store.version() == seen);
    for (const hq::NodeStatus& node : chain.hq->branches()) {
        CHECK(node.facts == static_cast<std::int64_t>(chain.shop(node.node.branch).facts.size()));
        CHECK(node.gaps.empty());
    }
    const auto count = [&](const char* sql) { return Cluster::run_at(address, sql); };
    CHECK(count("SELECT count(*) FROM paprsek.sale") == std::to_string(2 * bundles * sales));
    CHECK(count("SELECT count(*) - count(DISTINCT version) FROM paprsek.customer WHERE version IS NOT NULL") == "0");
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("a server that dies in the middle of an import: every fact is there once in the end") {
    Cluster cluster;
    const std::string address = cluster.empty();
    test::Chain chain(1, 7, address);
    std::int64_t first = 1, broken = 0, kept = 0;
    for (const int milliseconds : {1, 20, 45, 80, 120, 200, 300}) {
        sell(chain.shop(1), 900);
        const std::string bundle = chain.shop(1).bundle(chain.key, first);
        first = static_cast<std::int64_t>(chain.shop(1).facts.size()) + 1;
        std::thread death([&] { cluster.die_in(std::chrono::milliseconds(milliseconds)); });
        std::string why = refused([&] { chain.hq->import(bundle, "bundle"); });
        death.join();
        if (why.empty()) why = refused([&] { chain.hq->status(); });
        CHECK_MESSAGE(why.starts_with("3 postgresql://paprsek@/"), why);
        CHECK(has(refused([&] { chain.hq->import(bundle, "bundle"); }), "cannot be reached"));
        cluster.start();
        ++broken;
        // The same program goes on with the server that is there again.
        const hq::MergeReport report = chain.hq->import(bundle, "bundle");
        kept += report.held > 0;
        CHECK(report.facts_now == first - 1);
    }
    CHECK(broken == 7);
    MESSAGE("of 7 bundles HQ had " << kept << " when its server died");
    CHECK(chain.hq->status().nodes[0].facts == first - 1);
    CHECK(cluster.run_at(address, "SELECT count(*) FROM paprsek.sale") == "6300");
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("a connection that breaks: the commit is not known, and the same bundle counts once") {
    const std::string address = Cluster::shared().empty();
    test::Chain chain(1, 7, address);
    sell(chain.shop(1), 30);
    const std::string bundle = chain.shop(1).bundle(chain.key);
    hq::PostgresStore store(address, false);
    {
        hq::StoreTransaction transaction(store);
        store.set_setting("a", "b");
        Cluster::run_at(address,
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        const std::string why = refused([&] { transaction.commit(); });
        CHECK_MESSAGE(why.starts_with("3 postgresql://paprsek@/"), why);
        CHECK(has(why, "whether it is booked is not known"));
        CHECK(has(why, "what is there already counts once"));
    }
    CHECK(store.setting("a") == std::nullopt);  // connected again
    CHECK(chain.hq->import(bundle, "bundle").new_facts == static_cast<std::int64_t>(chain.shop(1).facts.size()));
    CHECK(chain.hq->import(bundle, "bundle").new_facts == 0);
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("one writer at a time; one that waits too long says so") {
    const std::string address = Cluster::shared().empty();
    create(address);
    hq::PostgresStore one(address, false), two(address, false);
    std::atomic<bool> in = false;
    std::thread waiting;
    {
        hq::StoreTransaction transaction(one);
        one.save_policy(R"({"of":"one"})");
        waiting = std::thread([&] {
            hq::StoreTransaction next(two);
            in = true;
            two.save_policy(R"({"of":"two"})");
            next.commit();
        });
        const std::string waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while (Cluster::run_at(address, waits) != "1" && !in) std::this_thread::yield();
        CHECK(!in);
        transaction.commit();
    }
    waiting.join();
    CHECK(in);
    CHECK(one.policy() == R"({"of":"two"})");
    CHECK(one.version() == two.version());
    hq::PostgresDatabase impatient(address, false);
    impatient.run("SELECT set_config('lock_timeout', '50ms', false)");
    hq::StoreTransaction transaction(one);
    CHECK(has(refused([&] { impatient.begin_writing(); }), "another program holds it (close the other one or try again)"));
    CHECK(impatient.integer("SELECT 1") == 1);
}

TEST_CASE("the command line on a database server") {
    if (!test::programs_are_here()) return;
    const test::Desk desk;
    const std::string address = Cluster::shared().empty(), hq = "'" + address + "'";
    const test::Ran init = desk.run("init " + hq + " --name Chain");
    CHECK(init.exit == 0);
    CHECK(!has(init.out, "secret"));
    CHECK(desk.run("init " + hq + " --name Chain").exit == 1);
    CHECK(desk.run("status 'postgresql://127.0.0.1:9/hq'").exit == 3);
    CHECK(desk.run("status 'mysql://127.0.0.1/hq'").exit == 1);
    CHECK(desk.run("branch " + hq + " add 3 --name Brno").exit == 0);
    CHECK(desk.run("invite " + hq + " 3.1 --to inv").exit == 0);
    CHECK(desk.run("init shop --branch 3 --name Brno", "paprsek").exit == 0);
    CHECK(desk.run("enroll shop --invite inv --out answer", "paprsek").exit == 0);
    desk.write("pin", "739251\n");
    desk.write("products", "code,name,price,vat\n111,Rohlík,2.90,B\n");
    desk.write("customers", "cards,name,points\n2900000000018,Řehoř,10\n");
    CHECK(desk.run("catalogue " + hq + " import products").exit == 0);
    CHECK(desk.run("customers " + hq + " import customers").exit == 0);
    desk.write("script", R"({"customer":"2900000000018","lines":[{"text":"Loan","price":"500.00","vat":"A"}]})"
                         "\n");
    CHECK(desk.run("sell shop --script script", "paprsek").exit == 0);
    CHECK(desk.run("export shop --to up", "paprsek").exit == 0);
    CHECK(desk.run("import " + hq + " up answer").exit == 0);
    CHECK(desk.run("export " + hq + " --to reply 3.1").exit == 0);
    CHECK(desk.run("import shop reply", "paprsek").exit == 0);
    CHECK(desk.run("report " + hq + " customers --json").json() == desk.run("report shop customers --json", "paprsek").json());
    CHECK(desk.run("users " + hq + " add Anna --role cashier --pin-file pin").exit == 0);
    CHECK(desk.run("users " + hq + " list --json").json().size() == 1);
    CHECK(desk.run("policy " + hq + " --json").json()["mode"] == "points");
    CHECK(desk.run("exceptions " + hq + " list --json").json().is_array());
    CHECK(desk.run("rights " + hq + " --json").json()["spend"] == "allowance");
    CHECK(desk.run("status " + hq + " --json").json()["nodes"][0]["facts"] == desk.run("status shop --json", "paprsek").json()["facts"]);
    CHECK(desk.run("verify " + hq + " --json").json()["ok"] == true);
}
