// What every store of HQ has to answer: each family of methods, the same script over SQLite and PostgreSQL, row by row.
#include <doctest/doctest.h>

#include <cstring>

#include "node/base/error.h"
#include "node/search.h"
#include "schema/migrations.h"
#include "tests/store/both_stores.h"

using namespace paprsek;
using hq::Store;
using hq::StoreTransaction;
using test::Answers;
using test::on_both;

namespace {

const node::TimeZone prague("Europe/Prague");

schema::Hash hash(unsigned char with) {
    schema::Hash hash;
    hash.fill(with);
    hash[1] = 0;
    return hash;
}
sync::PublicKey key(unsigned char with) {
    sync::PublicKey key;
    key.bytes.fill(with);
    return key;
}
std::string hex(const schema::Hash& bytes) { return schema::to_hex(bytes); }

template <class List>
std::string joined(const List& list) {
    return fmt::format("[{}]", fmt::join(list, ","));
}
std::string ranges(const std::vector<hq::Range>& list) {
    std::string text;
    for (const hq::Range& range : list) text += fmt::format("{}-{} ", range.first, range.last);
    return text;
}
std::string number(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : "-"; }
std::string instant(const std::optional<node::Instant>& value) { return value ? std::to_string(value->ms) : "-"; }

void tell(Answers& answers, const hq::NodeRecord& node) {
    answers.add("node {} {} \"{}\" key {} seen {} newest {} cursor {}.{} era {}", node.id, print(node.node), node.name, node.key ? to_hex(*node.key) : "-",
                instant(node.last_seen), node.newest, node.cursor.hq_epoch, node.cursor.version, node.rights_era);
}
void tell(Answers& answers, const hq::ChainRecord& chain) {
    answers.add("chain {} of {} epoch {} base {} {} held {} {} at {} act {}", chain.id, chain.node, chain.epoch, chain.base, hex(chain.base_hash), chain.held,
                hex(chain.head), instant(chain.head_at), instant(chain.act_at));
}
void tell(Answers& answers, const schema::Fact& fact) { answers.add("fact {} at {} {} {} {}", fact.seq, fact.at, fact.kind, fact.body, hex(fact.hash)); }
void tell(Answers& answers, const hq::Exception& each) {
    answers.add("exception {} {} {} {}/{} at {} {} \"{}\" {} \"{}\" closed {}", each.id, each.kind, print(each.node), each.epoch, each.seq, each.at.ms,
                node::canonical(each.evidence), each.subject, hq::print(each.state), each.remedy, instant(each.closed_at));
}
void tell(Answers& answers, const hq::Account& account) {
    answers.add("account {} main {} {} {} {} last {} by {} limit {}", account.row, account.main, account.points, account.spend, account.debt,
                number(account.last), account.last_fact, account.limit);
}
void tell(Answers& answers, const node::CustomerRow& row) {
    answers.add("customer {} no {} \"{}\" cards {} aliases {} {} {} {} {} {} points {} spend {} debt {} last {}", row.id, number(row.number), row.texts.name,
                joined(row.cards), joined(row.aliases), row.dealer, row.discount.raw(), row.charge, row.limit.raw(), row.referrer, row.points.raw(),
                row.spend.raw(), row.debt.raw(), instant(row.last));
}
void tell(Answers& answers, const node::StateRow& row) { answers.add("row {} {} {} {}", row.version, row.kind, row.key, row.body); }

/// Nodes 1 (HQ), 2 (1.1) and 3 (2.1), a chain each.
void add_nodes(Store& store) {
    store.add_chain(store.add_node(node::hq_node, "HQ"), 1, 0, hash(1));
    store.add_chain(store.add_node({1, 1}, "One"), 1, 0, hash(2));
    store.add_chain(store.add_node({2, 1}, "Two"), 1, 0, hash(3));
}

hq::SaleRow sale(Store& store, std::int64_t chain, std::int64_t seq, std::int64_t at, std::int64_t number, std::int64_t net, std::int64_t customer = 0,
                 bool refund = false) {
    hq::SaleRow row;
    row.fact = hq::fact_id(chain, seq);
    row.at = at;
    row.number = number;
    row.refund = refund;
    row.cashier = store.word("anna");
    row.customer = customer;
    row.net = row.cash = net;
    return row;
}
hq::LineRow line(Store& store, std::int64_t chain, std::int64_t seq, int number, const std::string& product, std::int64_t quantity, std::int64_t net) {
    hq::LineRow row;
    row.id = hq::fact_id(chain, seq) << hq::line_bits | number;
    row.product = product.empty() ? 0 : store.word(product);
    row.name = store.word("Name of " + product);
    row.vat = store.word("B");
    row.quantity = quantity;
    row.net = row.paid = net;
    return row;
}

node::ProductRow product(const std::string& key, std::int64_t price, std::vector<std::string> codes = {}) {
    node::ProductRow row;
    row.key = key;
    row.codes = codes.empty() ? std::vector<std::string>{key} : std::move(codes);
    row.name = "Product " + key;
    row.price = node::Money::of(price);
    row.vat = "B";
    return row;
}

}  // namespace

TEST_CASE("settings, versions, and what is given up") {
    const auto lines = on_both([](Store& store, Answers& answers) {
        answers.add("{} {}", store.setting("name").value_or("-"), store.version());
        {
            StoreTransaction transaction(store);
            store.set_setting("name", "Chain");
            store.set_setting("name", "Chain 2");
            store.save_policy("{}");
            answers.add("{} {}", store.setting("name").value_or("-"), store.version());
            transaction.commit();
        }
        {
            StoreTransaction transaction(store);
            store.set_setting("name", "never");
            store.save_policy(R"({"a":1})");
            store.save_policy(R"({"a":2})");
            store.word("given up");
            answers.add("{} {}", store.setting("name").value_or("-"), store.version());
        }
        const hq::StoreSnapshot snapshot(store);
        answers.add("{} {} {}", store.setting("name").value_or("-"), store.version(), store.policy().value_or("-"));
    });
    CHECK(lines == std::vector<std::string>{"- 0", "Chain 2 1", "never 3", "Chain 2 1 {}"});
}

TEST_CASE("nodes") {
    on_both([](Store& store, Answers& answers) {
        {
            StoreTransaction transaction(store);
            add_nodes(store);
        }
        StoreTransaction transaction(store);
        add_nodes(store);  // numbers that were given up are given again: no holes
        store.set_node_key(2, key(7));
        store.add_former_key(2, key(8));
        store.add_former_key(2, key(8));
        store.add_former_key(3, key(8));
        store.set_node_seen(2, {77}, 12, {3, 4});
        store.set_rights_era(3, "era");
        hq::Standing standing{2, 9, true, hash(5), {{1, 4}, {2, 8}}, "restored"};
        store.set_standing(2, standing);
        standing.fork.reset();
        standing.complete = false;
        store.set_standing(3, standing);
        store.set_standing(2, standing);
        store.set_invitation(3, "secret", {5});
        store.set_invitation(2, "one", {5});
        store.use_invitation(2, {6});
        for (const std::int64_t node : {1, 2, 3}) {
            const hq::Standing kept = store.standing(node);
            answers.add("{} {} {} {} {} {} invitation {} keys {}", kept.chain, kept.agreed, kept.complete, kept.fork ? hex(*kept.fork) : "-", kept.aside.size(),
                        kept.restored, store.invitation(node).value_or("-"), store.former_keys(node).size());
        }
        store.set_invitation(2, "two", {9});
        answers.add("{}", store.invitation(2).value_or("-"));
        tell(answers, store.find_node({1, 1}).value());
        store.revoke_node(2);
        answers.add("{} {}", store.invitation(2).value_or("-"), store.find_node({9, 9}).has_value());
        transaction.commit();
        for (const hq::NodeRecord& node : store.nodes()) tell(answers, node);
    });
}

TEST_CASE("facts, and what waits to be one") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        hq::ChainRecord chain = store.add_chain(2, 2, 5, hash(9));
        chain.held = 8;
        chain.head = hash(10);
        chain.head_at = node::Instant{1'000};
        store.advance_chain(chain);
        for (const auto& each : store.chains(2)) tell(answers, each);
        for (std::int64_t seq = 1; seq <= 1'200; ++seq)
            store.append_fact(hq::fact_id(2, seq), 1'000 + seq, seq == 3 ? "node.enrolled" : "sale", fmt::format(R"({{"n":{},"ř":"\u0000"}})", seq),
                              hash(static_cast<unsigned char>(seq)));
        store.append_fact(hq::fact_id(1, 1), 5, "correction", "{}", hash(1));
        hq::Changes changes;
        changes.acts.push_back({hq::fact_id(1, 1), 5, "correction", store.word("anna"), 0, 1, 2, "why"});
        changes.acts.push_back({hq::fact_id(2, 1), 5, "correction", store.word("anna"), 0, 1, 2, "why"});
        store.write(changes);
        for (const schema::Fact& fact : store.own_facts("correction")) tell(answers, fact);
        store.add_arrival({{2}, 2, {1, 700}});
        store.add_arrival({{1}, 2, {701, 1'200}});
        for (const hq::Arrival& each : store.arrivals()) answers.add("{} {} {}-{}", each.at.ms, each.chain, each.facts.first, each.facts.last);
        answers.add("{} {}", number(store.joined_at(2)), number(store.joined_at(3)));
        tell(answers, store.fact(hq::fact_id(2, 1'200)).value());
        answers.add("{} {}", hex(store.fact_hash(hq::fact_id(2, 7)).value()), store.fact(hq::fact_id(3, 7)).has_value());
        // More than one portion, with another question about each, and one that is not read to its end.
        std::int64_t walked = 0, same = 0;
        store.facts(2, {2, 1'150}, [&](const schema::Fact& fact) {
            ++walked;
            same += store.fact_hash(hq::fact_id(2, fact.seq)) == fact.hash;
            return true;
        });
        answers.add("{} {}", walked, same);
        store.facts(2, {5, 1'150}, [&](const schema::Fact& fact) {
            tell(answers, fact);
            return fact.seq < 7;
        });
        for (const std::int64_t seq : {4, 5, 6, 9}) store.keep_early(3, {{seq, seq * 2, "sale", "{}", hash(4)}, hash(5)});
        answers.add("{}", ranges(store.early_runs(3)));
        store.drop_early(3, {5, 5});
        answers.add("{} {} {}", ranges(store.early_runs(3)), hex(store.early_fact(3, 4)->previous), store.early_fact(3, 5).has_value());
        const std::string bytes("\0\1\2\xff", 4);
        answers.add("{} {}", store.keep_bundle(3, {5, 9}, sync::bytes_of(bytes)), store.keep_bundle(3, {5, 9}, sync::bytes_of(bytes)));
        answers.add("{}", store.keep_bundle(3, {3, 4}, sync::bytes_of(std::string(static_cast<std::size_t>(hq::max_kept_bytes), 'x'))));
        answers.add("{} {} {}", ranges(store.kept_bundles(3)), store.kept_bundle(3, {5, 9}) == bytes, store.kept_bundle(3, {1, 2}).size());
        store.drop_bundle(3, {5, 9});
        answers.add("{}", ranges(store.kept_bundles(3)));
        store.keep_unprojected(hq::fact_id(2, 9), "of.tomorrow");
        store.keep_unprojected(hq::fact_id(2, 3), "of.tomorrow");
        store.keep_unprojected(hq::fact_id(2, 4), "Of.tomorrow");
        answers.add("{} {}", joined(store.unprojected_kinds()), joined(store.unprojected("of.tomorrow")));
        store.drop_unprojected(hq::fact_id(2, 3));
        answers.add("{}", joined(store.unprojected("of.tomorrow")));
        store.add_personal("d", "{}");
        store.add_personal("d", "{\"other\":1}");
        answers.add("{} {}", store.personal("d").value_or("-"), store.personal("e").value_or("-"));
        store.drop_personal("d");
        answers.add("{}", store.personal("d").value_or("-"));
        transaction.commit();
        answers.add("{}", store.counts().facts);
    });
}

TEST_CASE("exceptions") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        hq::Exception exception{0, "overdraft", {1, 1}, 1, 4, {100}, {{"customer", "x"}}, "customer-b"};
        answers.add("{} {}", store.add_exception(exception), store.add_exception(exception));
        exception.subject = "customer-a";
        answers.add("{}", store.add_exception(exception));
        exception.kind = "unknown_product";
        exception.subject = std::string(20'000, 'p');
        answers.add("{} {}", store.add_exception(exception), store.add_exception(exception));
        for (const hq::Exception& each : store.live_exceptions("overdraft")) tell(answers, each);
        hq::Exception answered = store.live_exception("overdraft", "customer-b").value();
        answered.state = hq::ExceptionState::accepted;
        answered.evidence["more"] = 1;
        store.save_exception(answered);
        answers.add("open {} all {}", store.exceptions(true).size(), store.exceptions(false).size());
        exception = answered;
        answers.add("{}", store.add_exception(exception));
        answered.state = hq::ExceptionState::resolved;
        answered.remedy = "accept";
        answered.closed_at = node::Instant{200};
        store.save_exception(answered);
        answers.add("{}", store.add_exception(exception));
        transaction.commit();
        for (const hq::Exception& each : store.exceptions(false)) tell(answers, each);
        answers.add("{} {}", store.exception(99).has_value(), store.live_exception("gap", "customer-a").has_value());
    });
}

TEST_CASE("customers") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        std::vector<hq::Account> accounts;
        const std::vector<std::pair<std::string, std::string>> people = {{"a", "Řehoř Novák"}, {"b", "Ádám"}, {"c", ""}, {"Z", "Zdeněk"}, {"č", "novák Jan"}};
        for (const auto& [id, name] : people) {
            hq::Account account = store.add_account(id);
            account.points = 100 * account.row;
            account.spend = account.row == 3 ? 0 : 5;
            if (account.row == 3) account.points = 0;
            account.debt = 7;
            if (account.row % 2) account.last = 1'000 + account.row, account.last_fact = hq::fact_id(2, account.row);
            accounts.push_back(account);
            hq::CustomerRecord record = store.customer(account.row);
            record.name = name;
            if (account.row != 4) record.number = 1'000 - account.row;
            record.digest = "digest-" + id;
            record.discount = node::Rate::of(50'000);
            record.charge = account.row == 1;
            record.limit = node::Money::of(500);
            record.referrer = "b";
            record.set_at = 3;
            record.set_by = hq::fact_id(2, 1);
            store.save_customer(record);
            store.add_card(account.row, "29000000" + id);
        }
        store.add_personal("digest-a", R"({"address":"","email":"","name":"Řehoř","note":"","phone":"1","salt":"00"})");
        store.save_accounts(accounts);
        answers.add("version {}", store.version());
        for (const auto& [id, name] : people) tell(answers, store.find_account(id).value());
        answers.add("{} {}", store.find_account("none").has_value(), store.account(99).row);
        store.add_card(1, "XYZ");
        answers.add("{} {} {}", joined(store.cards(1)), number(store.customer_by_card("XYZ")), number(store.customer_by_number(997)));
        store.drop_card("XYZ");
        answers.add("{} {} {}", joined(store.cards(1)), number(store.customer_by_card("XYZ")), number(store.customer_by_number(1)));
        answers.add("{} {}", joined(store.customers_with_balances(0, 2)), joined(store.customers_with_balances(2, 9)));
        hq::Changes changes;
        for (const std::int64_t row : {1, 2, 4}) {
            changes.movements.push_back({row, hq::fact_id(2, row), "sale", 10 * row, 20, 30});
            changes.movements.push_back({row, hq::fact_id(2, row), "redemption", -row, 0, 0});
            changes.movements.push_back({row, hq::fact_id(3, row), "opening", 1, 2, 3});
            changes.sales.push_back(sale(store, 2, row, 5'000 - row, 40 + row, 100, row));
            changes.acts.push_back({hq::fact_id(3, row), 4'000 + row, "opening", store.word("anna"), row, 0, 0, ""});
        }
        store.write(changes);
        store.merge_customer(2, 1);
        store.merge_customer(1, 4);
        const hq::MergedCustomer merged{1, {"29000000a"}, {2}, 999, "digest-a"};
        store.save_merged(merged);
        store.save_merged({2, {}, {}, {}, ""});
        store.save_merged({1, {"29000000a"}, {2}, {}, "digest-a"});
        for (const hq::MergedCustomer& each : store.merged_customers())
            answers.add("merged {} {} {} {} {}", each.row, joined(each.cards), joined(each.aliases), number(each.number), each.digest);
        tell(answers, store.sums(4));
        tell(answers, store.sums(3));
        tell(answers, store.opened_by(4, 3));
        for (const hq::AccountMovement& each : store.movements(4))
            answers.add("movement {} {} {} {} {} {} {} {}", each.fact, each.at, print(each.node), each.epoch, each.receipt, each.kind, each.points, each.debt);
        const hq::MergedCustomer belongings = store.belongings(4);
        answers.add("{} {}", joined(belongings.cards), joined(belongings.aliases));
        tell(answers, store.customer_state(4));
        store.part_customer(merged, 4);
        store.drop_merged(1);
        answers.add("{}", store.merged_customers().size());
        tell(answers, store.customer_state(4));
        tell(answers, store.customer_state(1));
        store.touch_customers(std::vector<std::int64_t>{1, 3, 2});
        answers.add("version {}", store.version());
        transaction.commit();
        for (const std::string text : {"", "novak", "NOVÁK", "jan nov", "nov jan", "997", "29", "29000000č", "zdenek", "%", "_", "x", "Ř"}) {
            answers.add("search {}", text);
            for (const node::CustomerRow& row : store.search_customers(text, 3)) tell(answers, row);
        }
        store.rows_after(0, [&](const node::StateRow& row) {
            tell(answers, row);
            return true;
        });
    });
}

TEST_CASE("texts of every kind come back as they were, and in the order of their bytes") {
    const std::string zero("\0a\1b\2", 5), large = std::string(30'000, 'w') + "ž";
    std::string random;  // what does not pack
    for (std::uint64_t i = 1, x = 88; i < 9'000; ++i, x = x * 6364136223846793005u + 1442695040888963407u) random += static_cast<char>('!' + x % 90);
    const std::vector<std::string> texts = {"",
                                            zero,
                                            std::string("\0", 1),
                                            std::string("\0\1", 2),
                                            "\1",
                                            "\2",
                                            large,
                                            random,
                                            "a",
                                            "A",
                                            "B",
                                            "b",
                                            "ä",
                                            "z",
                                            "Z",
                                            "ž",
                                            "č",
                                            "e\xCC\x81",
                                            "é",
                                            "'; DROP TABLE fact; --",
                                            "?1 $1",
                                            "\xF0\x9F\x8D\x9E"};
    on_both([&](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        for (const std::string& text : texts) {
            const std::int64_t word = store.word(text);
            answers.add("{} {}", word, store.word(text) == word);
            store.add_account(text);
            store.save_group({text, "", false});
            store.set_setting("text", text);
            answers.add("{}", store.setting("text") == text);
            answers.add("{}", store.find_account(text).has_value());
            store.set_receipt_wants(2, {"1"});
            hq::Exception exception{0, "unknown_product", {1, 1}, 1, 4, {100}, {{"product", "x"}}, text};
            answers.add("{} {}", store.add_exception(exception), store.add_exception(exception));
        }
        hq::Changes changes;
        std::int64_t seq = 0;
        for (const std::string& text : texts) {
            ++seq;
            changes.sales.push_back(sale(store, 2, seq, seq, seq, 1));
            changes.sales.back().cashier = store.word(text);
            changes.stock_levels.push_back({{1, store.word(text), store.word("p")}, seq});
        }
        store.write(changes);
        transaction.commit();
        const auto words = std::count_if(texts.begin(), texts.end(), [&](const std::string& text) { return store.find_account(text).has_value(); });
        answers.add("{}", words);
    });
}

TEST_CASE("sales, stock and what is reported of them") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        store.save_product(product("1", 1'000));
        hq::Account account = store.add_account("c");
        account.points = 10;
        store.save_accounts(std::vector<hq::Account>{account});
        hq::Changes changes;
        // More than the rows of one statement, and one that is negative.
        for (std::int64_t seq = 1; seq <= 70; ++seq) {
            changes.sales.push_back(sale(store, 2, seq, 1'770'000'000'000 + seq * 3'600'000, seq, seq * 100, seq % 3 ? account.row : 0, seq % 7 == 0));
            changes.lines.push_back(line(store, 2, seq, 1, "1", 1'000, seq * 100));
            changes.lines.push_back(line(store, 2, seq, 2, seq % 2 ? "" : "2", -500, -3));
            if (seq % 3) changes.movements.push_back({account.row, hq::fact_id(2, seq), seq % 7 ? "sale" : "refund", seq, seq, seq % 5 ? 0 : seq});
            if (seq % 3) store.append_fact(hq::fact_id(2, seq), 1'770'000'000'000 + seq * 3'600'000, "sale", "{}", hash(1));
        }
        changes.sale_stocks.emplace_back(hq::fact_id(2, 4), store.word("back room"));
        changes.movements.push_back({account.row, hq::fact_id(2, 71), "settlement", 0, 0, -4});
        changes.closings.push_back({hq::fact_id(2, 72), 1'770'000'100'000});
        store.append_fact(hq::fact_id(2, 72), 1'770'000'100'000, "day.closed", R"({"odd":1})", hash(1));
        const auto act = [&](std::int64_t chain, std::int64_t seq, std::string_view kind, std::int64_t quantity, std::optional<node::FactName> from = {}) {
            changes.stock_acts.push_back({hq::fact_id(chain, seq), 1'770'000'000'000 + seq, kind, store.word(""), store.word("anna"), "why", "document",
                                          kind == "stock.sent" ? 2 : 0, from});
            changes.stock_lines.push_back({hq::fact_id(chain, seq) << hq::line_bits | 1, store.word("1"), store.word("One"), quantity, 1'500'000});
            changes.stock_lines.push_back({hq::fact_id(chain, seq) << hq::line_bits | 2, store.word("3"), store.word("Three"), quantity, {}});
        };
        act(2, 80, "stock.received", 5'000);
        act(2, 81, "stock.adjusted", -1'000);
        act(2, 82, "stock.sent", -2'000);
        act(3, 83, "stock.arrived", 1'500, node::FactName{{1, 1}, 82});
        act(3, 84, "stock.arrived", 700, node::FactName{{1, 1}, 99});
        act(2, 85, "stock.sent", -100);
        act(2, 86, "stock.counted", 10);
        const hq::StockKey level{1, store.word(""), store.word("1")};
        answers.add("{}", store.stock_level(level));
        changes.stock_levels.emplace_back(level, 1'234);
        changes.stock_levels.push_back({{1, store.word("back room"), store.word("2")}, -5});
        store.write(changes);
        hq::Changes again;
        again.stock_levels.emplace_back(level, -77);
        store.write(again);
        answers.add("{}", store.stock_level(level));
        store.add_card(account.row, "29");
        store.add_account("without number or card");
        hq::CustomerRecord record = store.customer(account.row);
        record.number = 5;
        record.limit = node::Money::of(900);
        store.save_customer(record);
        transaction.commit();
        for (const bool narrow : {false, true})
            for (const std::string kind : {"sales", "closing", "customers", "accounts", "rights", "stock", "transit", "movements"}) {
                hq::ReportQuery query;
                query.zone = &prague;
                if (narrow) {
                    query.from = node::Instant{1'770'000'000'081};
                    query.until = node::Instant{1'770'000'000'084 + 3'600'000 * 9};
                    query.branch = 1;
                    query.customer = 1;
                }
                answers.add("{}", kind);
                for (const node::Json& row : store.report(kind, query)) answers.add("{}", row.dump());
            }
        const hq::Counts counts = store.counts();
        answers.add("{} {} {} {}", counts.facts, counts.customers, counts.products, counts.sales);
    });
}

TEST_CASE("catalogue, policy and the walk over state") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        store.save_group({"Pečivo", "", false});
        store.save_group({"Rohlíky", "Pečivo", true});
        store.save_product(product("1", 100, {"1", "10", "ž"}));
        store.save_product(product("2", 200));
        node::ProductRow changed = product("1", 150, {"1", "11"});
        changed.cost = node::Money::of(50);
        changed.points = node::Points::of(7);
        changed.dealers = "DEA:20";
        changed.prices = "A:1.00";
        changed.linked = "2";
        store.save_product(changed);
        store.save_product(product("3", 100, {"3", "10"}));
        store.save_group({"PEČIVO", "", true});
        const auto groups = [&](const std::string& name) {
            const auto row = store.group(name);
            answers.add("{} {} {}", row ? row->name : "-", row ? row->parent : "-", row && row->excluded);
        };
        groups("pecivo");
        groups("Rohlíky");
        groups("none");
        answers.add("{} {} {}", store.product_by_code("11").value_or("-"), store.product_by_code("10").value_or("-"), store.product_by_code("ž").value_or("-"));
        answers.add("{}", joined(store.product_keys()));
        for (std::int64_t version = 0; version <= store.version(); ++version) answers.add("codes {} {}", version, joined(*store.product_codes(version)));
        answers.add("{} {} {}", store.is_product(4, "11"), store.is_product(4, "other"), store.is_product(5, "other"));
        for (const auto& each : store.products_since("1", 1)) answers.add("{} {} {}", each.version, each.row.price.raw(), joined(each.row.codes));
        for (const auto& each : store.groups_since("PECIVO", 1)) answers.add("{} {} {}", each.version, each.row.name, each.row.excluded);
        store.save_policy(R"({"p":1})");
        store.save_policy(R"({"p":2})");
        for (const std::int64_t version : {0, 7, 8, 9, 99})
            for (const auto& [from, body] : store.policies(version)) answers.add("policy at {}: {} {}", version, from, body);
        store.list_card("29A", {"gold", "silver"});
        store.list_card("29a", {"gold"});
        store.list_card("29B", {"silver"});
        store.list_card("29A", {});
        answers.add("{} {} {}", joined(store.programmes_of("29a")), joined(store.programmes_of("29A")), joined(store.programmes_of("none")));
        answers.add("{} {}", joined(store.listed_cards("gold")), joined(store.listed_cards("silver")));
        store.save_accounts(std::vector<hq::Account>{store.add_account("c")});
        store.save_user({"0.0/1/1", "Anna", "manager", "BADGE", "pin", "digest", false, {1, 2}});
        store.save_user({"0.0/1/2", "Bob", "cashier", "", "", "digest", false, {}});
        store.save_user({"0.0/1/1", "Anna N", "manager", "", "pin2", "digest2", true, {2}});
        transaction.commit();
        for (const hq::UserRecord& user : store.users())
            answers.add("{} {} {} {} {} {} {} {}", user.id, user.name, user.role, user.badge, user.pin, user.digest, user.removed, joined(user.branches));
        answers.add("{} {}", store.holds_former(), store.former_from());
        for (const bool named : {false, true})
            for (const std::int64_t after : {0, 5, 9, 99}) {
                const hq::StateReader reader{2, {1, 1}, {}};
                answers.add("after {}", after);
                int rows = 0;
                store.rows_after(
                    after,
                    [&](const node::StateRow& row) {
                        tell(answers, row);
                        return ++rows < 6;
                    },
                    named ? &reader : nullptr);
            }
        StoreTransaction forgetting(store);
        store.forget_former(5);
        answers.add("{} {} {}", store.holds_former(), store.former_from(), store.products_since("1", 1).size());
        store.forget_former(99);
        store.forget_former(6);
        answers.add("{} {}", store.holds_former(), store.former_from());
        forgetting.commit();
    });
}

TEST_CASE("refunds of receipts") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        hq::Changes changes;
        for (std::int64_t seq = 1; seq <= 20; ++seq)
            if (seq % 3) changes.sales.push_back(sale(store, 2, seq, seq, 100 + seq, 5, 0, seq % 5 == 0));
        store.write(changes);
        for (const std::int64_t number : {101, 103, 105, 110, 120, 999})
            answers.add("{}", number == 105 ? store.find_sale(2, 20, number).has_value() : store.find_sale(2, 20, number).value_or(0) != 0);
        const node::FactPlace sold{{2, 1}, 1, 4};
        answers.add("{}", print(store.place_of(hq::fact_id(2, 9))));
        store.add_refund(sold, hq::fact_id(2, 10));
        store.add_refund(sold, hq::fact_id(2, 5));
        store.add_refund(sold, hq::fact_id(2, 5));
        answers.add("{} {}", joined(store.refunds_of(sold)), store.has_early_refunds());
        store.wait_for_sale(sold);
        answers.add("{} {} {}", store.has_early_refunds(), store.settle_early_refunds(sold), store.settle_early_refunds(sold));
        answers.add("{} {}", store.has_early_refunds(), joined(store.all_refunds()));
        store.touch_receipt(sold);
        answers.add("{}", store.version());
        store.hold_receipt(2, sold);
        store.hold_receipt(3, sold);
        store.hold_receipt(2, sold);
        store.touch_receipt(sold);
        answers.add("{}", store.version());
        store.set_receipt_wants(2, {"3.1-000002", "3.1-000001", "3.1-000001"});
        answers.add("{}", joined(store.receipt_wants(2)));
        store.set_receipt_wants(2, {"4.1-000001"});
        answers.add("{} {}", joined(store.receipt_wants(2)), joined(store.receipt_wants(3)));
        transaction.commit();
    });
}

TEST_CASE("rights") {
    on_both([](Store& store, Answers& answers) {
        StoreTransaction transaction(store);
        add_nodes(store);
        std::vector<hq::Account> accounts;
        for (const std::string id : {"a", "b", "c"}) {
            hq::Account account = store.add_account(id);
            account.points = 500;
            account.last = 9;
            account.last_fact = hq::fact_id(id == "c" ? 3 : 2, account.row);
            accounts.push_back(account);
        }
        store.save_accounts(accounts);
        store.merge_customer(2, 1);
        const hq::RightHolder one{2, 1, 3, "era", false}, two{3, 1, 1, "era", false};
        store.set_right_holder(one);
        store.set_right_holder({3, 1, 1, "era", true});
        store.set_right_holder(two);
        for (const hq::RightHolder& each : store.right_holders()) answers.add("{} {} {} {} {}", each.node, each.epoch, each.begun, each.era, each.written_off);
        const auto right = [](std::int64_t points, std::int64_t credit) { return node::Right{node::Points::of(points), node::Money::of(credit)}; };
        store.move_right(1, one, right(100, 20), {});
        store.move_right(1, one, right(5, 0), right(30, 1));
        store.move_right(2, one, right(7, 0), {});
        store.move_right(3, two, right(50, 0), right(50, 0));
        hq::Changes changes;
        changes.movements.push_back({1, hq::fact_id(2, 3), "sale", 1'000, 0, 0});  // before it held rights
        changes.movements.push_back({1, hq::fact_id(2, 4), "redemption", -40, 0, 15});
        changes.movements.push_back({3, hq::fact_id(3, 4), "redemption", -1, 0, 0});
        store.write(changes);
        const auto tell_held = [&](std::int64_t customer) {
            for (const hq::HeldRight& each : store.held_rights(customer))
                answers.add("held {} {} {} {} {}", each.customer, each.node, each.epoch, each.right.points.raw(), each.right.credit.raw());
        };
        tell_held(0);
        tell_held(1);
        tell_held(3);
        const auto want = [&](std::int64_t node, std::vector<std::int64_t> customers, std::int64_t at) {
            std::vector<hq::RightWant> wants;
            for (const std::int64_t customer : customers) wants.push_back({node, customer, right(at, 1)});
            answers.add("changed {}", joined(store.set_wants(node, wants, {at})));
        };
        want(2, {1, 3}, 10);
        want(3, {3}, 5);
        want(2, {3}, 20);
        for (const hq::RightWant& each : store.wants(3)) answers.add("want {} {} {}", each.node, each.customer, each.needed.points.raw());
        answers.add("{} {} {} {} {}", store.has_wants(2), store.has_wants(1), store.home_of(1), store.home_of(3), store.home_of(99));
        answers.add("{} {} {}", joined(store.customers_at_home(0)), joined(store.customers_at_home(2)), joined(store.customers_at_home(3)));
        transaction.commit();
        for (const std::int64_t node : {2, 3}) {
            const hq::StateReader reader{node, {static_cast<int>(node) - 1, 1}, hq::RightReader{node == 2 ? one : two, node}};
            store.rows_after(
                0,
                [&](const node::StateRow& row) {
                    tell(answers, row);
                    return true;
                },
                &reader);
        }
        hq::ReportQuery query;
        query.zone = &prague;
        for (const node::Json& row : store.report("rights", query)) answers.add("{}", row.dump());
    });
}

TEST_CASE("a fact is never changed, and never comes twice") {
    const std::string address = test::Cluster::shared().empty();
    hq::PostgresStore store(address, true);
    {
        StoreTransaction transaction(store);
        store.append_fact(hq::fact_id(2, 1), 1, "sale", "{}", hash(1));
        transaction.commit();
    }
    for (const char* sql : {"UPDATE paprsek.fact SET at = 2", "DELETE FROM paprsek.fact", "TRUNCATE paprsek.fact"})
        CHECK_THROWS(test::Cluster::run_at(address, sql));
    {
        StoreTransaction transaction(store);
        store.set_setting("beside", "it");
        store.append_fact(hq::fact_id(2, 1), 1, "sale", "{}", hash(1));  // on its way: the commit tells
        CHECK_THROWS_AS(transaction.commit(), node::Error);
    }
    CHECK(store.setting("beside") == std::nullopt);
    StoreTransaction transaction(store);
    store.append_fact(hq::fact_id(2, 2), 1, "sale", "{}", hash(1));
    transaction.commit();
    CHECK(test::Cluster::run_at(address, "SELECT count(*) FROM paprsek.fact") == "2");
}

TEST_CASE("both schemas have the same tables with the same columns in the same order") {
    node::Database sqlite(":memory:", {.create = true, .read_only = false, .vfs = nullptr});
    sqlite.migrate(schema::hq_migrations());
    std::map<std::string, std::string> ours, theirs;
    for (auto row = sqlite.query("SELECT m.name, c.name || CASE WHEN c.\"notnull\" OR c.pk THEN '!' ELSE '' END || c.type FROM sqlite_master m, "
                                 "pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid");
         row.step();)
        ours[row.text(0)] += row.text(1) + " ";
    hq::PostgresDatabase postgres(test::Cluster::shared().empty(), true);
    for (auto row =
             postgres.query("SELECT CAST(table_name AS TEXT), column_name || CASE is_nullable WHEN 'NO' THEN '!' ELSE '' END || "
                            "CASE CAST(data_type AS TEXT) WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' ELSE 'other' END "
                            "FROM information_schema.columns WHERE table_schema = 'paprsek' ORDER BY table_name, ordinal_position");
         row.step();)
        theirs[row.text(0)] += row.text(1) + " ";
    CHECK(theirs.erase("migration") == 1);
    CHECK(theirs.erase("secret") == 1);
    CHECK(ours == theirs);
    CHECK(ours.size() > 30);
}
