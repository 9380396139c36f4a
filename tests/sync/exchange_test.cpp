#include "sync/exchange.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "node/catalogue.h"
#include "node/state_digest.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

using test::contains;
using test::refusal;

/// A branch in a folder, and as much of an HQ as an exchange needs: its key and what it holds.
struct Chain {
    test::TemporaryFolder folder;
    test::SeededRandom random{11};
    node::ManualClock clock{{1'772'500'000'000}};
    Identity hq = Identity::make(random);
    std::string secret = make_secret(random);
    std::unique_ptr<node::Node> node = node::Node::create(folder.file("branch"), {{3, 1}, "Kotva"}, clock, random);
    Bytes answer;

    explicit Chain(bool join = true) {
        if (join) answer = accept_invitation(*node, print(invitation()), "invite.json");
    }

    Invitation invitation() const { return {{3, 1}, secret, "Řetězec", hq.public_key(), std::nullopt, "CZK"}; }
    PublicKey branch_key() const { return Identity::load(node->folder()).public_key(); }

    void sell(int count) {
        const auto sales = test::make_sales(count, 1);
        node::Transaction transaction(node->database());
        for (const schema::Fact& sale : sales) node->ledger().append(sale.kind, sale.body, {sale.at});
        transaction.commit();
    }
    void add_epoch(std::int64_t number, std::int64_t first_seq) {
        node->database().run("INSERT INTO epoch (number, first_seq) VALUES (?, ?)", number, first_seq);
    }

    /// What an HQ that holds the branch's facts up to `held` finds of those that a bundle is packed by.
    KnownLines held_facts(std::int64_t held) {
        return [this, held](const BundleHeader& header, std::string_view first_line) -> std::optional<std::vector<std::string>> {
            const KnownFacts wanted = known_facts(header, first_line, "up");
            known = wanted.count;
            if (wanted.first > held + 1 || node->ledger().fact(wanted.first - 1)->hash != wanted.before) return std::nullopt;
            KnownWriter writer;
            node->ledger().read(wanted.first - wanted.count, wanted.first - 1,
                                [&](const schema::Fact& fact) { return writer.add(fact.at, fact.kind, fact.body); });
            return std::move(writer).lines();
        };
    }
    std::int64_t receipts = 0;  ///< booked so far
    std::int64_t known = -1;  ///< by how many facts the last bundle that was read is packed; −1: not by any

    /// The facts in a bundle that the branch made, as "first–last" after reading all of them.
    std::string facts_in(const UpBundle& up) {
        known = -1;
        BundleReader bundle(up.bytes, "up", node::hq_node, hq, branch_key(), held_facts(INT64_MAX - 1));
        UpReader reader(bundle);
        while (reader.next()) {
        }
        CHECK(reader.head().first == up.first);
        CHECK(reader.head().last == up.last);
        return fmt::format("{}: {}-{} of {}", reader.head().epoch, reader.head().first, reader.head().last, reader.head().newest);
    }

    Receipt receipt_at(std::int64_t seq) { return {1, seq, seq ? node->ledger().fact(seq)->hash : schema::genesis("3.1")}; }

    struct Down {
        std::int64_t from = 0, through = 0;
        std::int64_t hq_epoch = 1;
        std::int64_t at = 0;  ///< ms after noon
        bool more = false;
    };
    /// A product "p<version>" for each version after `from`.
    Bytes reply(Receipt receipt, Down down) {
        DownWriter writer(down.from);
        for (std::int64_t version = down.from + 1; version <= down.through; ++version) {
            node::ProductRow row;
            row.key = fmt::format("P{}", version % 2000);
            row.codes = {row.key};
            row.name = fmt::format("výrobek {} epochy {}", version, down.hq_epoch);
            row.vat = "A";
            writer.add(node::state_row(row, version));
        }
        DownHead head;
        head.node = {3, 1};
        head.hq_epoch = down.hq_epoch;
        head.receipt = receipt;
        head.included = receipt.seq;
        head.from_version = down.from;
        head.through_version = down.through;
        head.more = down.more;
        return writer.finish(head, {1'772'500'000'000 + down.at}, hq, branch_key(), random);
    }
    Bytes reply(std::int64_t seq, Down down) { return reply(receipt_at(seq), down); }
    DownReport apply(const Bytes& bytes, const Progress& progress = {}) { return apply_down(*node, bytes, "reply", progress); }
    std::int64_t products() { return *node->database().integer("SELECT count(*) FROM product"); }
};

}  // namespace

TEST_CASE("joining: key, fact and answer; again with the same HQ, never with another") {
    Chain chain(false);
    CHECK(contains(refusal([&] { make_up(*chain.node); }), "does not belong to an HQ yet"));
    const Bytes answer = accept_invitation(*chain.node, print(chain.invitation()), "invite.json");
    BundleReader bundle(answer, "answer", node::hq_node, chain.hq, *read_header(answer, "answer").sender);
    const EnrolmentAnswer read = read_enrolment(bundle);
    CHECK(read.node == node::NodeName{3, 1});
    CHECK(read.name == "Kotva");
    CHECK(read.currency == "CZK");
    CHECK(read.time_zone == "Europe/Prague");
    CHECK(read.key == chain.branch_key());
    CHECK(proves(read, chain.secret));
    CHECK(chain.node->enrolment()->hq_name == "Řetězec");
    CHECK(chain.node->ledger().head().seq == 2);

    Invitation again = chain.invitation();
    again.secret = make_secret(chain.random);
    const Bytes second = accept_invitation(*chain.node, print(again), "invite.json");
    CHECK(chain.node->ledger().head().seq == 2);
    CHECK(read_header(second, "answer").sender == read.key);
    again.url = "https://hq.example";
    accept_invitation(*chain.node, print(again), "invite.json");
    CHECK(chain.node->enrolment()->url == "https://hq.example");
    CHECK(chain.node->ledger().head().seq == 3);

    again.hq_key = Identity::make(chain.random).public_key();
    CHECK(contains(refusal([&] { accept_invitation(*chain.node, print(again), "invite.json"); }), "belongs to \"Řetězec\" already"));
}

TEST_CASE("an invitation for another node or currency changes nothing") {
    Chain chain(false);
    Invitation invitation = chain.invitation();
    invitation.node = {4, 1};
    CHECK(contains(refusal([&] { accept_invitation(*chain.node, print(invitation), "invite.json"); }), "invites node 4.1, this is 3.1"));
    invitation = chain.invitation();
    invitation.currency = "RON";
    CHECK(contains(refusal([&] { accept_invitation(*chain.node, print(invitation), "invite.json"); }), "counts in RON, this branch in CZK"));
    CHECK_FALSE(chain.node->enrolment());
    CHECK_FALSE(Identity::exists(chain.node->folder()));
    CHECK(chain.node->ledger().head().seq == 1);
}

TEST_CASE("a branch sends from HQ's last receipt, again and again, in parts") {
    Chain chain;
    chain.sell(10);
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 1-12 of 12");
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 1-12 of 12");
    const UpBundle part = *make_up(*chain.node, nullptr, 5);
    CHECK(chain.facts_in(part) == "1: 1-5 of 12");
    const UpBundle next = *make_up(*chain.node, &part, 5);
    CHECK(chain.facts_in(next) == "1: 6-10 of 12");
    CHECK(chain.facts_in(*make_up(*chain.node, &next, 5)) == "1: 11-12 of 12");

    CHECK(chain.apply(chain.reply(7, {})).acknowledged == 7);
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 8-12 of 12");
    CHECK(chain.apply(chain.reply(12, {})).acknowledged == 5);
    const UpBundle nothing = *make_up(*chain.node);
    CHECK(chain.facts_in(nothing) == "1: 13-12 of 12");
    CHECK(chain.facts_in(*make_up(*chain.node, &nothing)) == "1: 13-12 of 12");

    std::int64_t heard = 0;
    {
        node::Transaction transaction(chain.node->database());
        for (int i = 0; i < 1500; ++i) chain.node->ledger().append("note.made", "{}", chain.clock.now());
        transaction.commit();
    }
    CHECK_FALSE(make_up(*chain.node, nullptr, max_up_facts, [&](std::int64_t done, std::int64_t total) {
        heard = done;
        CHECK(total == 1500);
        return false;
    }));
    CHECK(heard == 988);
}

TEST_CASE("a bundle is packed by the facts before it that HQ has acknowledged, and by no others") {
    Chain chain;
    chain.sell(1000);  // facts 3 to 1,002
    const auto text = [&](const UpBundle& up, std::int64_t held) {
        BundleReader bundle(up.bytes, "up", node::hq_node, chain.hq, chain.branch_key(), chain.held_facts(held));
        UpReader reader(bundle);
        std::string all;
        while (const UpFact* fact = reader.whole() ? reader.next() : nullptr) all += fact->body;
        CHECK(reader.head().last == up.last);
        return all;
    };
    const UpBundle first = *make_up(*chain.node);
    CHECK(chain.facts_in(first) == "1: 1-1002 of 1002");
    CHECK(chain.known == -1);  // nothing is acknowledged
    const UpBundle begin = *make_up(*chain.node, nullptr, 942);
    chain.apply(chain.reply(942, {}));
    const UpBundle day = *make_up(*chain.node), by_none = *make_up(*chain.node, &begin);
    CHECK(chain.facts_in(by_none) == "1: 943-1002 of 1002");
    CHECK(chain.known == -1);  // HQ may get this one before the one that it goes on from
    CHECK(chain.facts_in(day) == "1: 943-1002 of 1002");
    CHECK(chain.known == 942);
    CHECK(day.bytes.size() < by_none.bytes.size() / 2);
    CHECK(text(day, 942) == text(by_none, 0));
    CHECK_FALSE(text(day, 942).empty());
    CHECK(text(day, 941).empty());  // the head alone
    const UpBundle few = *make_up(*chain.node, nullptr, 3);
    CHECK(chain.facts_in(few) == "1: 943-945 of 1002");
    CHECK(chain.known == 150);

    // A receipt of another history proves nothing, and where both are looked for, nothing is taken for known.
    chain.apply(chain.reply({1, 950, schema::genesis("another")}, {}));
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 943-1002 of 1002");
    CHECK(chain.known == -1);
}

TEST_CASE("a bundle is packed by the products that stand here as HQ has said, until HQ shows that it does not know them") {
    Chain chain;
    using Codes = std::vector<std::string>;
    const auto sell = [&](const Codes& products) {
        node::ReceiptFact sale;
        sale.number = ++chain.receipts;
        for (const std::string& product : products) {
            node::BookedLine line;
            line.code = line.product = product;
            line.name = fmt::format("výrobek {} epochy 1", std::string_view(product).substr(1));
            line.vat = "A";
            sale.lines.push_back(line);
        }
        node::Transaction transaction(chain.node->database());
        chain.node->ledger().append(schema::kind::sale, node::body_of(sale), chain.clock.now());
        transaction.commit();
    };
    // What HQ would look up: the rows of the state that the bundle names, unless `knows` says that it has others.
    Codes all;
    for (int i = 1; i <= 100; ++i) all.push_back(fmt::format("P{}", i));
    std::sort(all.begin(), all.end());
    bool knows = true;
    Codes named;
    const auto find = [&](const BundleHeader& header, std::string_view first_line) -> std::optional<std::vector<std::string>> {
        const KnownFacts wanted = known_facts(header, first_line, "up");
        ProductWriter writer;
        for (const std::int64_t place : wanted.products.places) {
            const std::string& code = named.emplace_back(all.at(static_cast<std::size_t>(place)));
            node::ProductRow row;
            row.name = fmt::format("výrobek {} epochy 1", std::string_view(code).substr(1));
            row.vat = "A";
            writer.add(place, code, row);
        }
        CHECK((named.empty() || writer.digest() == wanted.products.digest));
        CHECK((named.empty() || wanted.state == StateCursor{1, 100}));
        if (!knows) return std::nullopt;
        auto lines = writer.lines();
        if (wanted.count) {
            const auto facts = chain.held_facts(INT64_MAX - 1)(header, first_line);
            lines.insert(lines.end(), facts->begin(), facts->end());
        }
        return lines;
    };
    const auto read = [&](const UpBundle& up) {
        named.clear();
        BundleReader bundle(up.bytes, "up", node::hq_node, chain.hq, chain.branch_key(), find);
        UpReader reader(bundle);
        int facts = 0;
        while (reader.whole() && reader.next()) ++facts;
        return facts;
    };

    sell({"P7", "P9", "P1", "P2", "P3"});
    CHECK(read(*make_up(*chain.node)) == 3);
    CHECK(named.empty());  // this branch has no state of HQ
    chain.apply(chain.reply(0, {0, 100}));
    sell({"P100", "P5", "P9"});
    CHECK(read(*make_up(*chain.node)) == 4);
    CHECK(named.empty());  // few are said as fast as they are named
    sell({"P6", "Q1"});    // a product that HQ has not named
    const UpBundle by_products = *make_up(*chain.node);
    CHECK(read(by_products) == 5);
    CHECK(named == Codes{"P1", "P100", "P2", "P3", "P5", "P6", "P7", "P9"});
    knows = false;
    CHECK(read(by_products) == 0);  // the head alone
    // With a row that is newer than the state, as of a reply that was stopped, nobody knows which codes it had; one of the branch's own is not
    // taken for known, nor counted.
    knows = true;
    chain.node->database().run("UPDATE product SET version = 101 WHERE key = 'P100'");
    CHECK(read(*make_up(*chain.node)) == 5);
    CHECK(named.empty());
    chain.node->database().run("UPDATE product SET version = 100 WHERE key = 'P100'");
    chain.node->database().run("UPDATE product SET version = 0 WHERE key = 'P6'");
    std::erase(all, "P6");
    CHECK(read(*make_up(*chain.node)) == 5);
    CHECK(named == Codes{"P1", "P100", "P2", "P3", "P5", "P7", "P9"});

    // HQ's reply does not go on: it is told all in full, until it does.
    chain.apply(chain.reply(0, {100, 100}));
    CHECK(read(*make_up(*chain.node)) == 5);
    CHECK(named.empty());
    CHECK(read(*make_up(*chain.node)) == 5);
    CHECK(named.empty());
    chain.apply(chain.reply(5, {100, 100}));
    const Codes fresh = {"P10", "P11", "P12", "P13", "P14", "P15", "P16", "P17"};
    sell(fresh);
    sell({"P7"});
    CHECK(read(*make_up(*chain.node)) == 2);
    CHECK(named == fresh);  // P7 stands in the facts that both hold
    // Where it is looked for how far both sides agree, nothing is taken for known.
    chain.apply(chain.reply({1, 4, schema::genesis("another")}, {100, 100}));
    CHECK(read(*make_up(*chain.node)) == 2);
    CHECK(named.empty());
}

TEST_CASE("long facts: what a bundle is packed by stays within its bounds") {
    Chain chain;
    {
        node::Transaction transaction(chain.node->database());
        for (int i = 0; i < 10; ++i)
            chain.node->ledger().append("note.made", fmt::format(R"({{"n":{},"text":"{}"}})", i, std::string(900'000, static_cast<char>('a' + i))),
                                        chain.clock.now());
        chain.node->ledger().append("note.made", "{}", chain.clock.now());
        chain.node->ledger().append("note.made", "{}", chain.clock.now());
        transaction.commit();
    }
    chain.apply(chain.reply(13, {}));
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 14-14 of 14");
    CHECK(chain.known <= 5);
    KnownWriter writer;
    for (int i = 0; i < 4; ++i) CHECK(writer.add(i, "note.made", std::string(1'000'000, 'x')));
    CHECK_FALSE(writer.add(5, "note.made", std::string(1'000'000, 'x')));
    CHECK(std::move(writer).lines().size() == 4);
    KnownWriter many;
    for (std::size_t i = 0; i < max_known_lines; ++i) CHECK(many.add(1, "n", "{}"));
    CHECK_FALSE(many.add(1, "n", "{}"));
}

TEST_CASE("personal texts go along until they are erased") {
    Chain chain;
    const std::string personal = node::personal_body({"Nováková Žofie", "", "", "", ""}, std::string(32, 'a'));
    node::CustomerFact customer;
    customer.customer = "c1";
    customer.digest = node::digest_of(personal);
    {
        node::Transaction transaction(chain.node->database());
        chain.node->database().run("INSERT INTO personal (digest, body) VALUES (?, ?)", customer.digest, personal);
        chain.node->ledger().append(schema::kind::customer_set, node::body_of(customer), chain.clock.now());
        transaction.commit();
    }
    const auto texts = [&] {
        const UpBundle up = *make_up(*chain.node);
        BundleReader bundle(up.bytes, "up", node::hq_node, chain.hq, chain.branch_key());
        UpReader reader(bundle);
        std::string all;
        while (const UpFact* fact = reader.next()) all += fact->personal;
        return all;
    };
    CHECK(texts() == personal);
    chain.node->database().run("DELETE FROM personal");
    CHECK(texts().empty());
}

TEST_CASE("epochs: one bundle carries one, and the next one follows") {
    Chain chain;
    chain.sell(10);
    chain.add_epoch(2, 9);
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 1-8 of 12");
    const UpBundle first = *make_up(*chain.node);
    CHECK(chain.facts_in(*make_up(*chain.node, &first)) == "2: 9-12 of 12");
    // HQ holds facts of epoch 1 that were lost here; we know, and went on under epoch 2.
    CHECK(chain.apply(chain.reply({1, 11, schema::genesis("lost")}, {})).outcome == DownOutcome::applied);
    CHECK(chain.facts_in(*make_up(*chain.node)) == "2: 9-12 of 12");
    CHECK(chain.apply(chain.reply({2, 10, chain.node->ledger().fact(10)->hash}, {})).outcome == DownOutcome::applied);
    CHECK(chain.facts_in(*make_up(*chain.node)) == "2: 11-12 of 12");
    CHECK(chain.apply(chain.reply(8, {})).outcome == DownOutcome::already_applied);
    CHECK(chain.node->hq_receipt().epoch == 2);
}

TEST_CASE("a reply brings receipt and state; the same again, or an older one, brings nothing") {
    Chain chain;
    chain.sell(10);
    const Bytes older = chain.reply(5, {0, 20, 1, 1000, false});
    const Bytes newer = chain.reply(12, {0, 30, 1, 2000, false});
    const Bytes empty = chain.reply(12, {30, 30, 1, 3000, false});

    DownReport report = chain.apply(newer);
    CHECK(report.outcome == DownOutcome::applied);
    CHECK(report.rows == 30);
    CHECK(report.version == 30);
    CHECK(report.acknowledged == 12);
    CHECK(report.at.ms == 1'772'500'002'000);
    CHECK_FALSE(report.more);
    CHECK(chain.products() == 30);
    CHECK(chain.node->hq_receipt().seq == 12);
    CHECK(chain.node->hq_receipt().hash == schema::to_hex(chain.node->ledger().head().hash));
    CHECK(chain.node->state_cursor().version == 30);
    CHECK(chain.node->state_cursor().hq_epoch == 1);
    CHECK(chain.node->state_cursor().at->ms == 1'772'500'002'000);

    for (const Bytes& nothing : {older, newer}) {
        report = chain.apply(nothing);
        CHECK(report.outcome == DownOutcome::already_applied);
        CHECK(report.rows == 0);
        CHECK(report.version == 30);
        CHECK(chain.node->hq_receipt().seq == 12);
        CHECK(chain.node->state_cursor().at->ms == 1'772'500'002'000);
    }
    CHECK(chain.apply(empty).outcome == DownOutcome::already_applied);
    CHECK(chain.node->state_cursor().at->ms == 1'772'500'003'000);  // nothing new by then
    chain.apply(newer);
    CHECK(chain.node->state_cursor().at->ms == 1'772'500'003'000);
}

TEST_CASE("in the right order an older reply and the newer one join") {
    Chain chain;
    chain.sell(10);
    const Bytes older = chain.reply(5, {0, 20, 1, 1000, true});
    const Bytes newer = chain.reply(12, {0, 30, 1, 2000, false});
    const Bytes next = chain.reply(12, {30, 45, 1, 3000, false});
    CHECK(contains(refusal([&] { chain.apply(next); }), "reply: begins after version 30 of HQ's state, this branch holds 0"));
    CHECK(chain.node->hq_receipt().seq == 0);
    CHECK(chain.apply(older).more);
    CHECK(chain.apply(newer).rows == 10);
    CHECK(chain.apply(next).rows == 15);
    CHECK(chain.products() == 45);
}

TEST_CASE("own sales after HQ's count stay in a balance") {
    Chain chain;
    chain.sell(10);
    auto own = chain.node->database().query(
        "SELECT customer, sum(points), min(seq), max(seq) FROM movement GROUP BY customer ORDER BY count(*) DESC, customer LIMIT 1");
    REQUIRE(own.step());
    const std::string customer = own.text(0);
    const std::int64_t points = own.integer(1), first = own.integer(2);
    node::CustomerRow row;
    row.id = customer;
    row.points = node::Points::of(777);
    DownWriter writer(0);
    writer.add(node::state_row(row, 1));
    DownHead head;
    head.node = {3, 1};
    head.receipt = chain.receipt_at(first);
    head.included = first;
    head.through_version = 1;
    chain.apply(writer.finish(head, {}, chain.hq, chain.branch_key(), chain.random));
    const auto included = *chain.node->database().integer("SELECT sum(points) FROM movement WHERE customer = ? AND seq <= ?", customer, first);
    CHECK(*chain.node->database().integer("SELECT hq_seq FROM customer WHERE id = ?", customer) == first);
    CHECK(*chain.node->database().integer(
              "SELECT c.hq_points + o.points - c.included_points FROM customer c JOIN own_balance o ON o.customer = c.id WHERE c.id = ?", customer) ==
          777 + points - included);
}

TEST_CASE("a reply is applied in slices; stopped in between, it goes on from there") {
    Chain chain;
    const Bytes bytes = chain.reply(2, {0, 1800, 1, 1000, false});
    std::int64_t calls = 0;
    DownReport report = chain.apply(bytes, [&](std::int64_t done, std::int64_t total) {
        CHECK(total == 1800);
        CHECK(done == slice_rows * ++calls);
        return calls < 2;
    });
    CHECK(report.outcome == DownOutcome::stopped);
    CHECK(report.rows == 2 * slice_rows);
    CHECK(chain.products() == 2 * slice_rows);
    CHECK(chain.node->state_cursor().version == 0);  // rows come in the order of their keys
    CHECK(chain.node->hq_receipt().seq == 2);
    CHECK_FALSE(chain.node->state_cursor().at);  // not "as of" anything yet
    report = chain.apply(bytes);
    CHECK(report.outcome == DownOutcome::applied);
    CHECK(report.rows == 1800 - 2 * slice_rows);
    CHECK(chain.node->state_cursor().version == 1800);
}

TEST_CASE("a state that is read from the start: what HQ does not name any more goes at the end, also when it is stopped and killed in between") {
    Chain chain;
    chain.apply(chain.reply(2, {0, 900, 1, 1000, false}));
    node::Database& database = chain.node->database();
    const auto faults = [&] { return node::check_state_digest(database, 20); };
    const Bytes anew = chain.reply(2, {0, 600, 2, 2000, false});
    for (int stopped = 1; stopped <= 2; ++stopped) {
        const DownReport report = chain.apply(anew, [](std::int64_t, std::int64_t) { return false; });
        CHECK(report.outcome == DownOutcome::stopped);
        CHECK(report.rows == (stopped == 1 ? slice_rows : 0));  // those that stand are passed over
        CHECK(chain.products() == 900);
        CHECK(faults().empty());
    }
    node::UnnamedState killed(database, 0);
    {
        node::Transaction transaction(database);
        killed.drop(7);
        transaction.commit();
    }
    CHECK(chain.products() == 893);
    CHECK(faults().empty());
    const DownReport report = chain.apply(anew);
    CHECK(report.outcome == DownOutcome::applied);
    CHECK(chain.products() == 600);
    CHECK(database.integer("SELECT count(*) FROM product_code") == 600);
    CHECK(database.text("SELECT name FROM product WHERE key = 'P600'") == "výrobek 600 epochy 2");
    CHECK(chain.node->state_cursor().version == 600);
    CHECK(faults().empty());
    // From now on it is read on from there.
    chain.apply(chain.reply(2, {600, 700, 2, 3000, false}));
    CHECK(chain.products() == 700);
    CHECK(faults().empty());
}

TEST_CASE("an older reply after one that was stopped: nothing of the newer one is lost") {
    Chain chain;
    chain.apply(chain.reply(2, {0, 3000, 1, 2000, false}), [](std::int64_t done, std::int64_t) { return done < 2 * slice_rows; });
    CHECK(chain.apply(chain.reply(2, {0, 1500, 1, 1000, false})).version == 1500);
    CHECK(node::check_state_digest(chain.node->database(), 20).empty());
    CHECK(chain.apply(chain.reply(2, {1500, 3000, 1, 2000, false})).version == 3000);
    CHECK(chain.products() == 2000);
    for (const int version : {1001, 1999, 2000, 2500, 3000})
        CHECK(chain.node->database().integer("SELECT version FROM product WHERE key = ?", fmt::format("P{}", version % 2000)) == version);
    CHECK(node::check_state_digest(chain.node->database(), 20).empty());
}

TEST_CASE("slices are cut by the time that they take, and the search index hears of every one") {
    Chain chain;
    std::chrono::microseconds now{0};
    bool measured = false;
    std::int64_t written = 0, before = 0;
    const auto count = [](void* rows, int, const char*, const char* table, sqlite3_int64) {
        if (std::string_view(table) == "product") ++*static_cast<std::int64_t*>(rows);
    };
    sqlite3_update_hook(chain.node->database().handle(), count, &written);
    std::vector<std::int64_t> slices;
    const auto apply = [&](const Bytes& bytes, std::chrono::microseconds a_row) {
        // Asked before and after each slice.
        const Watch watch = [&] {
            if (std::exchange(measured, !measured)) now += a_row * (written - before);
            before = written;
            return now;
        };
        std::int64_t done_before = 0;
        slices.clear();
        return apply_down(*chain.node, bytes, "reply", [&](std::int64_t done, std::int64_t) {
            slices.push_back(done - std::exchange(done_before, done));
            return true;
        }, watch);
    };
    const std::int64_t fitting = std::chrono::microseconds(slice_time) / std::chrono::microseconds(20);
    REQUIRE(fitting > 2 * slice_rows);
    REQUIRE(fitting < 4 * slice_rows);
    CHECK(apply(chain.reply(2, {0, 6000, 1, 1000, false}), std::chrono::microseconds(20)).rows == 6000);
    REQUIRE(slices.size() > 4);
    CHECK(slices[0] == slice_rows);
    CHECK(slices[1] == 2 * slice_rows);
    for (std::size_t i = 2; i < slices.size(); ++i) CHECK(slices[i] == fitting);
    // A disk as slow as this gets no slices smaller than the first.
    CHECK(apply(chain.reply(2, {6000, 8000, 1, 2000, false}), std::chrono::microseconds(2000)).rows == 2000);
    for (const std::int64_t rows : slices) CHECK(rows == slice_rows);
    CHECK(chain.products() == 2000);
    node::Database& database = chain.node->database();
    database.execute("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)");
    CHECK(node::search_products(database, "vyr 7999", 10).size() == 1);
    CHECK(node::search_products(database, "vyr 5999", 10).empty());  // its name until the second reply
    CHECK(database.integer("PRAGMA synchronous") == 2);
    CHECK(database.integer("SELECT v FROM product_search_config WHERE k = 'automerge'") == 4);
    // The index was merged on the way: it has fewer parts than there were slices, which would make every search slow.
    CHECK(database.integer("SELECT count(DISTINCT segid) FROM product_search_idx").value() < 10);
}

TEST_CASE("a ledger that takes nothing before the first of many slices is as durable as ever afterwards") {
    Chain chain;
    node::Database& database = chain.node->database();
    chain.apply(chain.reply(2, {0, 10, 1, 1000, false}));
    const Bytes many = chain.reply(2, {10, 1800, 1, 2000, false});
    database.execute("PRAGMA query_only = ON");
    CHECK_THROWS_AS(chain.apply(many), node::Error);
    database.execute("PRAGMA query_only = OFF");
    CHECK(database.integer("PRAGMA synchronous") == 2);
    CHECK(chain.apply(many).rows == 1790);
    CHECK(database.integer("PRAGMA synchronous") == 2);
}

TEST_CASE("rows of one version are not parted between slices") {
    Chain chain;
    DownWriter writer(0);
    for (std::int64_t i = 0; i < slice_rows + 50; ++i) writer.add({"product", fmt::format("P{}", i), 1, R"({"name":"x","vat":"A"})"});
    DownHead head;
    head.node = {3, 1};
    head.receipt = chain.receipt_at(0);
    head.through_version = 1;
    const Bytes bytes = writer.finish(head, {}, chain.hq, chain.branch_key(), chain.random);
    CHECK(chain.apply(bytes).rows == slice_rows + 50);
    CHECK(chain.products() == slice_rows + 50);
}

TEST_CASE("two programs taking in replies at the same time: the newer one stands") {
    Chain chain;
    const Bytes bytes = chain.reply(2, {0, 1800, 1, 1000, false});
    const Bytes more = chain.reply(2, {0, 1900, 1, 2000, false});
    auto second = node::Node::open(chain.node->folder(), chain.clock, chain.random);
    int gaps = 0;
    const DownReport report = chain.apply(bytes, [&](std::int64_t done, std::int64_t) {
        if (done == slice_rows && ++gaps == 1) CHECK(apply_down(*second, more, "more").rows == 1900 - slice_rows);
        return true;
    });
    CHECK(gaps == 2);  // whoever has used one gets another
    CHECK(report.rows == slice_rows);
    CHECK(report.version == 1900);
    CHECK(chain.node->state_cursor().version == 1900);
    CHECK(chain.node->state_cursor().at->ms == 1'772'500'002'000);
    CHECK(chain.products() == 1900);
}

TEST_CASE("a wrong row: those before it stay, and the place is named") {
    Chain chain;
    DownWriter writer(0);
    for (std::int64_t version = 1; version <= 700; ++version)
        writer.add({"product", fmt::format("P{}", version), version, version == 650 ? R"({"name":7})" : R"({"name":"x","vat":"A"})"});
    DownHead head;
    head.node = {3, 1};
    head.receipt = chain.receipt_at(0);
    head.through_version = 700;
    const Bytes bytes = writer.finish(head, {}, chain.hq, chain.branch_key(), chain.random);
    CHECK(contains(refusal([&] { chain.apply(bytes); }), "state row product P650"));
    CHECK(chain.products() == 649);
    CHECK(chain.node->state_cursor().version == 649);
}

TEST_CASE("HQ restored from a backup: a new epoch begins from the start and may take receipts back") {
    Chain chain;
    chain.sell(10);
    chain.apply(chain.reply(12, {0, 30, 1, 1000, false}));
    CHECK(contains(refusal([&] { chain.apply(chain.reply(6, {10, 20, 2, 2000, false})); }), "begins after version 10 of HQ's state, this branch holds 0"));
    CHECK(chain.node->hq_receipt().seq == 12);
    const DownReport report = chain.apply(chain.reply(6, {0, 20, 2, 2000, false}));
    CHECK(report.outcome == DownOutcome::applied);
    CHECK(report.rows == 20);
    CHECK(report.acknowledged == 0);
    CHECK(chain.node->hq_receipt().seq == 6);
    CHECK(chain.node->state_cursor().hq_epoch == 2);
    CHECK(chain.node->state_cursor().version == 20);
    CHECK(chain.node->database().text("SELECT name FROM product WHERE key = 'P20'") == "výrobek 20 epochy 2");
    CHECK(chain.facts_in(*make_up(*chain.node)) == "1: 7-12 of 12");
    // Replies from before HQ's restoration have nothing to say any more.
    const DownReport before = chain.apply(chain.reply(12, {0, 40, 1, 3000, false}));
    CHECK(before.outcome == DownOutcome::already_applied);
    CHECK(before.version == 20);
    CHECK(chain.node->hq_receipt().seq == 6);
}

TEST_CASE("fork and lost facts are named, and nothing is applied") {
    Chain chain;
    chain.sell(10);
    Receipt other = chain.receipt_at(9);
    other.hash[0] ^= 1;
    DownReport report = chain.apply(chain.reply(other, {0, 30, 1, 1000, false}));
    CHECK(report.outcome == DownOutcome::forked);
    CHECK(contains(report.message, "HQ holds another fact 9 of node 3.1"));
    report = chain.apply(chain.reply({1, 40, other.hash}, {0, 30, 1, 1000, false}));
    CHECK(report.outcome == DownOutcome::behind);
    CHECK(contains(report.message, "HQ holds 40 facts of node 3.1 in epoch 1, this ledger has 12"));
    report = chain.apply(chain.reply({2, 5, other.hash}, {0, 30, 1, 1000, false}));
    CHECK(report.outcome == DownOutcome::behind);
    CHECK(chain.products() == 0);
    CHECK(chain.node->hq_receipt().seq == 0);
    CHECK(chain.node->state_cursor().version == 0);
}

TEST_CASE("replies that are not ours are refused") {
    Chain chain;
    chain.sell(1);
    const UpBundle up = *make_up(*chain.node);
    CHECK(contains(refusal([&] { chain.apply(up.bytes); }), "holds facts from a branch, not HQ's reply"));

    Chain other;  // the same numbers in another chain, with other keys
    other.random = test::SeededRandom(500);
    other.hq = Identity::make(other.random);
    CHECK(contains(refusal([&] { chain.apply(other.reply(1, {})); }), "signed by another key than that of HQ"));

    Bytes changed = chain.reply(1, {0, 3, 1, 0, false});
    changed[changed.size() - 100] ^= 1;
    CHECK(contains(refusal([&] { chain.apply(changed); }), "was changed or damaged on the way"));
    CHECK(chain.node->hq_receipt().seq == 0);
    CHECK(chain.products() == 0);

    std::filesystem::remove(std::filesystem::path(chain.node->folder()) / identity_file);
    CHECK(contains(refusal([&] { make_up(*chain.node); }), "its key file is missing"));
}

}  // namespace paprsek::sync
