// HQ and branches without a network, in a temporary folder: facts are made and chained here, bundles carried by hand.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/base/database.h"
#include "node/facts.h"
#include "schema/fact.h"
#include "sync/message.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

inline std::string text_of(const sync::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// A till as HQ meets it: a chain of facts, a key, and a branch database that takes what comes down.
class Shop {
public:
    Shop(node::NodeName shop_name, std::uint64_t seed)
        : name(shop_name), random(seed), identity(sync::Identity::make(random)),
          database(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0}) {
        database.migrate(schema::branch_migrations());
    }

    const schema::Fact& add(std::string_view kind, const std::string& body) {
        schema::Fact fact;
        fact.seq = static_cast<std::int64_t>(facts.size()) + 1;
        fact.at = clock_ms += 1000;
        fact.kind = kind;
        fact.body = body;
        fact.hash = schema::chain(hash_before(fact.seq), fact.seq, fact.at, kind, body);
        facts.push_back(fact);
        return facts.back();
    }
    schema::Hash hash_before(std::int64_t seq) const { return seq == 1 ? schema::genesis(print(name)) : facts[static_cast<std::size_t>(seq) - 2].hash; }

    /// A sale of one piece; `customer` may be empty.
    const schema::Fact& sell(const std::string& customer, std::int64_t price, std::int64_t points, const std::string& card = {}) {
        node::ReceiptFact sale;
        sale.number = ++receipts;
        sale.cashier = "anna";
        sale.customer = customer;
        sale.card = card;
        node::BookedLine line;
        line.code = line.product = product;
        line.name = "Rohlík";
        line.vat = "B";
        line.price = line.gross = line.net = line.paid = node::Money::of(price);
        line.points = node::Points::of(points);
        sale.lines.push_back(line);
        sale.rates["B"] = node::Rate::of(12'000'000);
        sale.pay.push_back({node::TenderKind::cash, node::Money::of(price)});
        return add(schema::kind::sale, node::body_of(sale));
    }
    /// From here on it keeps its customers with the chain.
    void join() { add(schema::kind::node_enrolled, R"({"hq":"Chain"})"); }
    /// A customer who is nothing but a card.
    std::string meet(const std::string& card) {
        node::CustomerFact fact;
        fact.customer = node::customer_of_card(card);
        fact.cards = {card};
        add(schema::kind::customer_set, node::body_of(fact));
        return fact.customer;
    }
    void set_customer(const std::string& id, std::optional<std::int64_t> number, const std::vector<std::string>& cards, const node::PersonalTexts& texts = {}) {
        node::CustomerFact fact;
        fact.customer = id;
        fact.number = number;
        fact.cards = cards;
        if (!texts.empty()) {
            personal = node::personal_body(texts, "00112233445566778899aabbccddeeff");
            fact.digest = node::digest_of(personal);
        }
        add(schema::kind::customer_set, node::body_of(fact));
    }

    /// Facts first … last (0 = to the newest) as a bundle for HQ.
    std::string bundle(const sync::PublicKey& hq, std::int64_t first = 1, std::int64_t last = 0, std::int64_t epoch = 1) {
        if (!last) last = static_cast<std::int64_t>(facts.size());
        sync::UpWriter writer(name, epoch, first, hash_before(first));
        for (std::int64_t seq = first; seq <= last; ++seq) {
            const schema::Fact& fact = facts[static_cast<std::size_t>(seq) - 1];
            const bool with_texts = !personal.empty() && fact.body.find(node::digest_of(personal)) != std::string::npos;
            writer.add(seq, fact.at, fact.kind, fact.body, fact.hash, with_texts ? personal : "");
        }
        return text_of(writer.finish(static_cast<std::int64_t>(facts.size()), cursor, {clock_ms}, identity, hq, random));
    }

    /// Takes a reply into the branch database.
    sync::DownHead take(const std::string& reply, const sync::PublicKey& hq) {
        sync::BundleReader reader(sync::bytes_of(reply), "reply", name, identity, hq);
        sync::DownReader down(reader);
        node::Transaction transaction(database);
        while (const node::StateRow* row = down.next()) node::apply_state(database, *row, down.head().included);
        transaction.commit();
        cursor = {down.head().hq_epoch, down.head().through_version};
        return down.head();
    }

    static constexpr const char* product = "8594001000005";  ///< that HQ has

    node::NodeName name;
    SeededRandom random;
    sync::Identity identity;
    node::Database database;
    std::vector<schema::Fact> facts;
    std::string personal;
    std::int64_t receipts = 0;
    std::int64_t clock_ms = 1'770'000'000'000;
    sync::StateCursor cursor;
};

/// An HQ with enrolled shops 1.1, 2.1 … of one till each. `where`: at that address rather than in a folder.
class Chain {
public:
    explicit Chain(int branches, std::uint64_t seed = 7, const std::string& where = {}) : random(seed) {
        hq = hq::Headquarters::create(where.empty() ? folder.file("hq") : where, {"Chain", "CZK", "Europe/Prague"}, clock, random);
        for (int branch = 1; branch <= branches; ++branch) {
            const node::NodeName name{branch, 1};
            hq->add_branch(name, "Shop " + std::to_string(branch));
            shops.push_back(std::make_unique<Shop>(name, seed * 1000 + static_cast<std::uint64_t>(branch)));
            hq->import(answer(*shops.back(), hq->invite(name, "")), "answer");
        }
        hq->import_catalogue(write("catalogue.csv", std::string("code,name,price,vat\n") + Shop::product + ",Rohlík,10.00,B\n"));
    }

    std::string answer(Shop& shop, const std::string& invitation_file) {
        const auto invitation = sync::parse_invitation(invitation_file, "invitation");
        key = invitation.hq_key;
        const sync::EnrolmentAnswer answer{shop.name, "Shop", "CZK", "Europe/Prague", shop.identity.public_key(),
                                           sync::proof_of(invitation.secret, shop.name, shop.identity.public_key())};
        return text_of(sync::write_enrolment(answer, {shop.clock_ms}, shop.identity, invitation.hq_key, shop.random));
    }

    Shop& shop(int branch) { return *shops[static_cast<std::size_t>(branch) - 1]; }
    hq::MergeReport bring(int branch, std::int64_t first = 1, std::int64_t last = 0) {
        clock.set({clock.now().ms + 1000});
        return hq->import(shop(branch).bundle(key, first, last), "bundle");
    }
    hq::CustomerBalance customer(const std::string& text) {
        const auto found = hq->customers(text, 10);
        return found.size() == 1 ? found[0] : hq::CustomerBalance{};
    }
    std::string database_path() const { return folder.file("hq") + "/hq.db"; }
    std::string write(const std::string& name, const std::string& text) {
        sync::write_atomically(folder.file(name), sync::bytes_of(text));
        return folder.file(name);
    }

    TemporaryFolder folder;
    node::ManualClock clock{node::Instant{1'770'100'000'000}};
    SeededRandom random;
    std::unique_ptr<hq::Headquarters> hq;
    sync::PublicKey key;
    std::vector<std::unique_ptr<Shop>> shops;
};

}  // namespace paprsek::test
