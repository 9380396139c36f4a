#include "hq/headquarters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

#include "hq/customers.h"
#include "hq/imports.h"
#include "hq/inside.h"
#include "hq/place.h"
#include "hq/preview.h"
#include "hq/refunds.h"
#include "hq/rights.h"
#include "hq/sqlite_store.h"
#include "node/base/text.h"
#include "node/codes.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_reply_facts_text = 128u << 20;  ///< facts that go back to their node, a year of a till
constexpr int max_branch = 9999, max_till = 99;
/// Rows that a reply by network reads for the digest alone. Where that is not all, it goes without, and the next one reads on.
constexpr std::int64_t max_digest_rows = 50'000;

/// What a person names a new HQ or branch by is an argument, so that a wrong one is wrong usage.
[[noreturn]] void wrong(std::string what, std::string why, std::string hint = {}) {
    throw node::Error(node::Exit::usage, std::move(what), std::move(why), std::move(hint));
}

void check(const HqInfo& info) {
    if (node::trim(info.name).empty() || info.name.size() > 200) wrong("name", "is empty or longer than 200 bytes");
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (info.currency.size() != 3 || !std::all_of(info.currency.begin(), info.currency.end(), capital))
        wrong("currency", fmt::format("\"{}\" is not three capital letters", info.currency), "such as CZK, RON or EUR");
    try {
        node::TimeZone{info.time_zone};
    } catch (const node::Error& error) {
        wrong(error.subject(), error.why(), error.hint());
    }
}

CustomerBalance balance_of(const node::CustomerRow& row) {
    return {row.id,  row.number, row.texts.name, row.cards,  row.points, row.spend, row.debt,
            row.last, row.texts,  row.dealer,     row.discount, row.charge, row.limit};
}

std::vector<Range> gaps_of(const ChainRecord& chain, const std::vector<Range>& early) {
    std::vector<Range> gaps;
    std::int64_t next = chain.held + 1;
    for (const Range& run : early) {
        gaps.push_back({next, run.first - 1});
        next = run.last + 1;
    }
    return gaps;
}

}  // namespace

std::string_view print(Merged outcome) {
    switch (outcome) {
        case Merged::new_facts: return "new_facts";
        case Merged::nothing: return "nothing";
        case Merged::early: return "early";
        case Merged::enrolled: return "enrolled";
        case Merged::parted: return "parted";
        case Merged::forked: return "forked";
        case Merged::unplaced: return "unplaced";
        case Merged::refused: return "refused";
    }
    return "";
}

Headquarters::Headquarters(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Headquarters::~Headquarters() = default;

std::unique_ptr<Headquarters> Headquarters::create(const std::string& where, const HqInfo& info, node::Clock& clock, node::Random& random, const char* vfs) {
    check(info);
    const Place place(where);
    auto store = place.make(vfs);
    {
        StoreTransaction transaction(*store);
        if (store->setting("name")) node::refuse(place.print(), "holds an HQ already", place.another());
        place.make_identity(*store, random);
        store->set_setting("name", info.name);
        store->set_setting("currency", info.currency);
        store->set_setting("time_zone", info.time_zone);
        store->set_setting("hq_epoch", "1");
        const std::int64_t node = store->add_node(node::hq_node, info.name);
        store->add_chain(node, 1, 0, schema::genesis(print(node::hq_node)));
        Projector projector(*store, clock.now());
        OwnFacts facts(*store, projector, clock.now());
        facts.append(kind::node_created,
                     node::canonical({{"branch", 0}, {"till", 0}, {"name", info.name}, {"currency", info.currency}, {"time_zone", info.time_zone}}));
        facts.append(kind::policy_set, node::policy_json(node::default_policy(info.currency)));
        facts.finish();
        projector.finish();
        transaction.commit();
    }
    store.reset();
    return open(where, clock, random, vfs);
}

std::unique_ptr<Headquarters> Headquarters::open(const std::string& where, node::Clock& clock, node::Random& random, const char* vfs) {
    const Place place(where);
    auto store = place.open(vfs);
    const auto name = store->setting("name");
    if (!name) node::refuse(place.print(), "is no HQ: its making broke off", "make it again: paprsek-hq init");
    const HqInfo info{*name, store->setting("currency").value_or("CZK"), store->setting("time_zone").value_or("Europe/Prague")};
    name_refunds(*store, clock.now());
    project_kept(*store, clock.now());
    sync::Identity identity = place.identity(*store);
    auto inside = std::make_unique<Inside>(Inside{info, node::TimeZone(info.time_zone), std::move(store), std::move(identity), clock, random});
    return std::unique_ptr<Headquarters>(new Headquarters(std::move(inside)));
}

const HqInfo& Headquarters::info() const { return inside_->info; }

// ------------------------------------------------------------------------------------------------------ branches

void Headquarters::add_branch(node::NodeName name, const std::string& text) {
    Store& store = *inside_->store;
    if (name.branch < 1 || name.branch > max_branch) wrong("branch number", fmt::format("{} is not between 1 and {}", name.branch, max_branch));
    if (name.till < 0 || name.till > max_till) wrong("till number", fmt::format("{} is not between 0 and {}", name.till, max_till));
    if (node::trim(text).empty() || text.size() > 200) wrong("name", "is empty or longer than 200 bytes");
    StoreTransaction transaction(store);
    if (store.find_node(name)) node::refuse("node " + print(name), "exists already");
    store.add_chain(store.add_node(name, text), 1, 0, schema::genesis(print(name)));
    transaction.commit();
}

NodeStatus Headquarters::Inside::status_of(const NodeRecord& record, const std::vector<Exception>& exceptions) {
    NodeStatus status;
    status.node = record.node;
    status.name = record.name;
    status.enrolled = record.key.has_value();
    status.invited = store->invitation(record.id).has_value();
    status.last_seen = record.last_seen;
    status.state_version = record.cursor.version;
    const auto chains = store->chains(record.id);
    const Standing standing = store->standing(record.id);
    // The ledger that was heard of last, not a lost one whose facts came late.
    const sync::Receipt receipt = recovery(*store, chains, standing).receipt;
    const auto parted = parted_chain(*store, chains, standing);
    status.epoch = parted ? parted->epoch : receipt.epoch;
    status.facts = parted ? parted->held : receipt.seq;
    status.head = schema::to_hex(parted ? parted->head : receipt.hash);
    for (const ChainRecord& chain : chains) {
        if (chain.head_at) status.last_fact = chain.head_at;
        const auto early = waiting_after_gap(*store, chain);
        for (const Range& run : early) status.early += run.last - run.first + 1;
        const auto gaps = gaps_of(chain, early);
        status.gaps.insert(status.gaps.end(), gaps.begin(), gaps.end());
    }
    status.newest = std::max(record.newest, status.facts);
    status.exceptions = std::count_if(exceptions.begin(), exceptions.end(), [&](const Exception& e) { return e.node == record.node; });
    return status;
}

std::vector<NodeStatus> Headquarters::Inside::branches() {
    std::vector<NodeStatus> list;
    const auto exceptions = store->exceptions(true);
    for (const NodeRecord& record : store->nodes())
        if (record.node != node::hq_node) list.push_back(status_of(record, exceptions));
    return list;
}

std::vector<NodeStatus> Headquarters::branches() {
    StoreSnapshot snapshot(*inside_->store);
    return inside_->branches();
}

std::string Headquarters::invite(node::NodeName name, const std::string& url) {
    Store& store = *inside_->store;
    sync::Invitation invitation;
    invitation.node = name;
    invitation.secret = sync::make_secret(inside_->random);
    invitation.hq_name = inside_->info.name;
    invitation.hq_key = inside_->identity.public_key();
    if (!url.empty()) invitation.url = url;
    invitation.currency = inside_->info.currency;
    StoreTransaction transaction(store);
    store.set_invitation(inside_->known(name).id, invitation.secret, inside_->clock.now());
    transaction.commit();
    return sync::print(invitation);
}

void Headquarters::revoke(node::NodeName name) {
    Store& store = *inside_->store;
    StoreTransaction transaction(store);
    const NodeRecord record = inside_->known(name);
    if (!record.key && !store.invitation(record.id)) node::refuse("node " + print(name), "has nothing that could be revoked: it has not joined");
    store.revoke_node(record.id);
    transaction.commit();
}

// ------------------------------------------------------------------------------------------------------- replies

/// As many as one bundle carries; the node then says how far it has got. The number added.
std::int64_t Headquarters::Inside::add_facts(sync::DownWriter& writer, const std::vector<Run>& runs) {
    std::int64_t facts = 0;
    for (const Run& run : runs) {
        schema::Hash previous =
            run.facts.first == run.chain.base + 1 ? run.chain.base_hash : store->fact_hash(fact_id(run.chain.id, run.facts.first - 1)).value();
        bool full = false;
        store->facts(run.chain.id, run.facts, [&](const schema::Fact& fact) {
            node::ReturnedFact returned{run.chain.epoch, fact, previous, {}};
            if (fact.kind == kind::customer_set || fact.kind == kind::user_set) {
                const node::Json body = node::Json::parse(fact.body, nullptr, false);
                if (body.is_object() && body.contains("digest") && body["digest"].is_string())
                    returned.personal = store->personal(body["digest"].get<std::string>()).value_or("");
            }
            writer.add(returned);
            previous = fact.hash;
            ++facts;
            full = writer.text_bytes() >= max_reply_facts_text;
            return !full;
        });
        if (full) break;
    }
    return facts;
}

/// A row on its way into a reply that goes on where the digest stands is read once for both.
void Headquarters::Inside::note_digest(const node::StateRow& row, std::int64_t after) {
    if (after <= digest.version() && row.version > digest.version()) digest.note(row);
}

/// Of the state as it is in this snapshot; nothing where more rows than that would have to be read.
std::optional<schema::Hash> Headquarters::Inside::digest_now(std::int64_t most_rows) {
    const std::int64_t version = store->version();
    if (digest.version() > version) digest = {};  // a server's database may be restored while this program runs
    if (digest.version() < version) {
        bool whole = true;
        store->rows_after(digest.version(), [&](const node::StateRow& row) {
            whole = most_rows-- > 0;
            if (whole) digest.note(row);
            return whole;
        });
        if (!whole) return std::nullopt;
        digest.set_version(version);
    }
    return digest.value();
}

Reply Headquarters::export_reply(node::NodeName name, std::optional<std::int64_t> after, std::size_t max_text) {
    Store& store = *inside_->store;
    StoreSnapshot snapshot(store);
    const NodeRecord record = inside_->known(name);
    if (!record.key) node::refuse("node " + print(name), "has not joined this HQ, or was revoked", "import its enrolment answer first");
    const std::string era = rights_era(store, inside_->policy_now());
    const StateReader reader{record.id, name, era.empty() ? std::nullopt : current_holder(store, record.id)};
    const Recovery recovery = hq::recovery(store, store.chains(record.id), store.standing(record.id), !era.empty());
    Reply reply;
    // A cursor of another epoch of HQ, or beyond what HQ has, is of a time before HQ was restored: everything again.
    const std::int64_t hq_epoch = inside_->hq_epoch();
    const bool usable = record.cursor.hq_epoch == hq_epoch && record.cursor.version <= store.version();
    reply.after = after.value_or(usable ? record.cursor.version : 0);
    reply.receipt = recovery.receipt.seq;
    // Facts travel among the rows, and need one version to travel in.
    if (!recovery.runs.empty() && reply.after == store.version()) --reply.after;
    sync::DownWriter writer(reply.after);
    reply.facts = inside_->add_facts(writer, recovery.runs);
    store.rows_after(reply.after, [&](const node::StateRow& row) {
        if (writer.text_bytes() >= max_text && row.version > writer.through()) {
            reply.more = true;
            return false;
        }
        writer.add(row);
        inside_->note_digest(row, reply.after);
        ++reply.rows;
        return true;
    }, &reader);
    reply.through = reply.more ? writer.through() : store.version();
    sync::DownHead head;
    head.node = name;
    head.hq_epoch = hq_epoch;
    head.receipt = recovery.receipt;
    head.included = recovery.receipt.seq;
    head.line = recovery.line;
    head.fork = recovery.fork;
    head.resend_after = resend_after(store, record.id);
    if (!head.resend_after) head.resend_after = recovery.unseen_after;
    for (const ChainRecord& chain : store.chains(record.id))
        if (chain.epoch > recovery.receipt.epoch && chain.held > chain.base) head.later[chain.epoch] = chain.held;
    head.era = era;
    head.renewed = recovery.renewed;
    head.unknown_receipts = store.receipt_wants(record.id);
    head.newest = std::max(record.newest, recovery.receipt.seq);
    head.from_version = reply.after;
    head.through_version = reply.through;
    head.more = reply.more;
    if (!reply.more) head.digest = inside_->digest_now(max_text < max_reply_text ? max_digest_rows : INT64_MAX);
    const sync::Bytes bytes = writer.finish(head, inside_->clock.now(), inside_->identity, *record.key, inside_->random);
    reply.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return reply;
}

std::optional<sync::PublicKey> Headquarters::key_of(node::NodeName name) {
    if (name == node::hq_node) return std::nullopt;
    const auto record = inside_->store->find_node(name);
    return record ? record->key : std::nullopt;
}

std::vector<NodeFact> Headquarters::facts_at(node::NodeName name, std::int64_t seq) {
    Store& store = *inside_->store;
    StoreSnapshot snapshot(store);
    std::vector<NodeFact> found;
    const auto record = store.find_node(name);
    if (!record || seq < 1 || seq > max_seq) return found;
    for (const ChainRecord& chain : store.chains(record->id))
        if (auto fact = store.fact(fact_id(chain.id, seq))) found.push_back({chain.epoch, std::move(*fact)});
    return found;
}

std::int64_t Headquarters::version() { return inside_->store->version(); }

RecomputeProgress Headquarters::recompute(std::int64_t most) { return inside_->recompute(most); }

// ----------------------------------------------------------------------------------------------- tables and policy

CatalogueReport Headquarters::import_catalogue(const std::string& path, bool preview, RowChanges* changes) {
    const node::CsvTable table = node::read_csv(path);
    CatalogueReport report;
    report.kind = node::kind_of(table);
    const node::Instant now = inside_->clock.now();
    switch (report.kind) {
        case node::TableKind::groups: report.rows = import_groups(*inside_->store, table, now, preview, changes); break;
        case node::TableKind::products:
            report.rows = import_products(*inside_->store, table, inside_->policy_now().vat_groups(), now, preview, changes);
            break;
        case node::TableKind::prices: report.rows = import_prices(*inside_->store, table, now, preview, changes); break;
        case node::TableKind::customers: node::refuse(table.name, "is a table of customers", "import it by: paprsek-hq customers HQ import FILE");
    }
    return report;
}

node::ImportReport Headquarters::import_customers(const std::string& path, bool preview, RowChanges* changes) {
    const node::CsvTable table = node::read_csv(path);
    if (node::kind_of(table) != node::TableKind::customers)
        node::refuse(table.name, "is no table of customers", "import it by: paprsek-hq catalogue HQ import FILE");
    return hq::import_customers(*inside_->store, table, inside_->clock.now(), inside_->random, preview, changes);
}

node::ImportReport Headquarters::fill_points(node::PointsBy by, bool all) { return hq::fill_points(*inside_->store, by, all, inside_->clock.now()); }

CardListReport Headquarters::import_cards(const std::string& path, const CardListOptions& options) {
    std::vector<std::string> programmes;
    for (const node::Programme& programme : inside_->policy_now().programmes) programmes.push_back(programme.name);
    return import_card_list(*inside_->store, node::read_csv(path), options, programmes, inside_->clock.now(), inside_->random);
}

CustomerBalance Headquarters::merge_customers(const std::string& from, const std::string& into) {
    hq::merge_customers(*inside_->store, from, into, inside_->clock.now());
    return balance_of(inside_->store->customer_state(find_customer(*inside_->store, into)));
}

CustomerBalance Headquarters::erase_customer(const std::string& customer) {
    return balance_of(inside_->store->customer_state(hq::erase_customer(*inside_->store, customer, inside_->clock.now())));
}

ResetDone Headquarters::preview_reset(node::ResetOf what) { return hq::preview_reset(*inside_->store, inside_->policy_now(), what); }

ResetDone Headquarters::reset_balances(node::ResetOf what, const std::string& confirm) {
    return hq::reset_balances(*inside_->store, inside_->policy_now(), what, confirm, inside_->clock.now());
}

node::ResetSummary Headquarters::undo_reset() { return hq::undo_reset(*inside_->store, inside_->clock.now()); }

/// In slices, so that branches that bring facts meanwhile get their turn.
std::int64_t Headquarters::expire_points() {
    Store& store = *inside_->store;
    std::int64_t due = 0, after = 0;
    for (;;) {
        StoreTransaction transaction(store);
        const auto rows = store.customers_with_balances(after, 500);
        if (rows.empty()) return due;
        due += settle_expiry(store, inside_->policy_now(), inside_->zone, rows, inside_->clock.now());
        transaction.commit();
        after = rows.back();
    }
}

CustomerBalance Headquarters::unmerge_customer(const std::string& from) {
    const std::int64_t row = hq::unmerge_customer(*inside_->store, from, inside_->clock.now());
    return balance_of(inside_->store->customer_state(row));
}

bool Headquarters::set_policy(std::string_view json, const std::string& what) {
    const std::string body = node::policy_json(node::parse_policy(json, inside_->info.currency, what));
    if (body.size() > schema::max_body_bytes) node::refuse(what, fmt::format("is longer than {} bytes", schema::max_body_bytes));
    Store& store = *inside_->store;
    StoreTransaction transaction(store);
    if (store.policy() == body) return false;
    const bool before = inside_->policy_now().offline.spend == node::SpendBy::right;
    Projector projector(store, inside_->clock.now());
    OwnFacts facts(store, projector, inside_->clock.now());
    facts.append(kind::policy_set, body);
    facts.finish();
    projector.finish();
    if (!before && inside_->policy_now().offline.spend == node::SpendBy::right) begin_era(store, inside_->hq_epoch());
    transaction.commit();
    return true;
}

node::Json Headquarters::preview_policy(std::string_view json, const std::string& what, std::optional<node::Date> from, std::optional<node::Date> to) {
    StoreSnapshot snapshot(*inside_->store);
    return hq::preview_policy(*inside_->store, node::parse_policy(json, inside_->info.currency, what), inside_->zone, from, to);
}

std::string Headquarters::policy() { return inside_->store->policy().value_or("{}"); }

PolicyInForce Headquarters::policy_in_force() {
    StoreSnapshot snapshot(*inside_->store);
    const auto stand = inside_->store->policies(INT64_MAX);
    PolicyInForce policy{"{}", 0, inside_->store->newest_own(kind::policy_set)};
    if (!stand.empty()) std::tie(policy.version, policy.json) = stand.back();
    return policy;
}

std::vector<UserRecord> Headquarters::users() {
    StoreSnapshot snapshot(*inside_->store);
    return all_users(*inside_->store);
}

UserRecord Headquarters::change_user(const UserChange& change, const node::PinCost& cost) {
    return hq::change_user(*inside_->store, inside_->policy_now(), change, cost, inside_->random, inside_->clock.now());
}

// -------------------------------------------------------------------------------------------------------- looking

Status Headquarters::status() {
    Store& store = *inside_->store;
    StoreSnapshot snapshot(store);
    Status status;
    status.info = inside_->info;
    status.version = store.version();
    status.epoch = inside_->hq_epoch();
    const Counts counts = store.counts();
    status.facts = counts.facts;
    status.customers = counts.customers;
    status.products = counts.products;
    status.sales = counts.sales;
    status.exceptions = static_cast<std::int64_t>(store.exceptions(true).size());
    status.to_recompute = facts_not_recomputed(store);
    status.nodes = inside_->branches();
    return status;
}

std::pair<std::int64_t, schema::Hash> Headquarters::state_digest() {
    StoreSnapshot snapshot(*inside_->store);
    return {inside_->store->version(), inside_->digest_now(INT64_MAX).value()};
}

std::vector<CustomerBalance> Headquarters::customers(const std::string& text, std::size_t limit) {
    StoreSnapshot snapshot(*inside_->store);
    std::vector<CustomerBalance> list;
    for (const node::CustomerRow& row : inside_->store->search_customers(text, limit))
        list.push_back(balance_of(row));
    return list;
}

std::vector<node::ProductRow> Headquarters::products(const std::string& text, std::size_t limit) {
    StoreSnapshot snapshot(*inside_->store);
    return inside_->store->search_products(text, limit);
}

Report Headquarters::report(const std::string& wanted, const ReportFilter& filter) {
    static const std::vector<Report> kinds = {
        {"sales",
         {"day", "node", "receipts", "refunds", "net", "redeemed", "rounding", "total", "cash", "card", "account", "voucher", "points_awarded", "points_taken"},
         {}},
        {"closing", {"node", "at", "number", "expected", "counted", "difference", "tenders", "vat"}, {}},
        {"customers", {"number", "name", "cards", "points", "spend", "debt"}, {}},
        {"accounts", {"number", "name", "cards", "charged", "returned", "settled", "debt", "limit"}, {}},
        {"rights", {"number", "name", "cards", "holder", "epoch", "state", "points", "credit"}, {}},
        {"stock", {"branch", "code", "name", "stock_name", "sold", "received", "adjusted", "sent", "stock", "net", "cost", "margin"}, {}},
        {"transit", {"at", "document", "branch", "to", "code", "name", "sent", "arrived", "missing", "value", "state"}, {}},
        {"movements", {"at", "node", "seq", "receipt", "number", "name", "cards", "kind", "points", "spend", "debt"}, {}}};
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Report& kind) { return kind.kind == wanted; });
    if (found == kinds.end()) throw node::Error(node::Exit::usage, "report " + wanted, "is not known", report_kinds);
    StoreSnapshot snapshot(*inside_->store);
    ReportQuery query;
    query.zone = &inside_->zone;
    if (filter.from) query.from = inside_->zone.start_of(*filter.from);
    if (filter.to) query.until = inside_->zone.start_of({filter.to->days + 1});
    query.branch = filter.branch;
    query.customer = filter.customer.empty() ? 0 : find_customer(*inside_->store, filter.customer);
    Report report = *found;
    report.rows = inside_->store->report(wanted, query);
    return report;
}

// ---------------------------------------------------------------------------------------------------------- rights

RightsStatus Headquarters::rights() {
    Store& store = *inside_->store;
    StoreSnapshot snapshot(store);
    RightsStatus status;
    status.era = rights_era(store, inside_->policy_now());
    if (!status.era.empty()) status.waiting = not_begun(store, status.era);
    std::map<std::int64_t, NodeRecord> nodes;
    for (const NodeRecord& node : store.nodes()) nodes[node.id] = node;
    std::map<std::pair<std::int64_t, std::int64_t>, HolderStatus> holders;
    for (const RightHolder& each : store.right_holders()) {
        const auto current = current_holder(store, each.node);
        HolderStatus& holder = holders[{each.node, each.epoch}];
        holder.node = nodes.at(each.node).node;
        holder.epoch = each.epoch;
        holder.begun = each.begun;
        const bool is_current = current && current->holder.epoch == each.epoch && nodes.at(each.node).key;
        holder.state = each.written_off ? HolderState::written_off : is_current ? HolderState::held : HolderState::frozen;
    }
    for (const HeldRight& each : store.held_rights(0)) {
        HolderStatus& holder = holders[{each.node, each.epoch}];
        ++holder.customers;
        holder.points += each.right.points;
        holder.credit += each.right.credit;
    }
    for (const auto& [key, holder] : holders) status.holders.push_back(holder);
    return status;
}

std::vector<HolderStatus> Headquarters::write_off_rights(node::NodeName name, std::optional<std::int64_t> epoch) {
    Store& store = *inside_->store;
    const NodeRecord record = inside_->known(name);
    std::vector<HolderStatus> written;
    for (const HolderStatus& holder : rights().holders)
        if (holder.node == name && (!epoch || holder.epoch == *epoch) && holder.state == HolderState::frozen) written.push_back(holder);
    if (written.empty())
        node::refuse("rights of node " + print(name), epoch ? fmt::format("of epoch {} are not frozen", *epoch) : "are not frozen",
                     fmt::format("a node that spends by them gives them back itself; of one that is lost for good: paprsek-hq revoke HQ {}", print(name)));
    StoreTransaction transaction(store);
    {
        Projector projector(store, inside_->clock.now());
        OwnFacts facts(store, projector, inside_->clock.now());
        for (const HolderStatus& holder : written) {
            node::RightFact fact;
            fact.node = name;
            fact.epoch = holder.epoch;
            fact.begun = holder.begun;
            facts.append(kind::right_written_off, node::body_of(kind::right_written_off, fact));
        }
        facts.finish();
        projector.finish();
    }
    const node::Policy& policy = inside_->policy_now();
    grant_rights(store, policy, rights_era(store, policy), store.customers_at_home(record.id), inside_->clock.now());
    transaction.commit();
    return written;
}

std::string_view print(HolderState state) {
    switch (state) {
        case HolderState::held: return "held";
        case HolderState::frozen: return "frozen";
        case HolderState::written_off: return "written_off";
    }
    return "";
}

std::vector<Exception> Headquarters::exceptions(bool open_only) { return inside_->store->exceptions(open_only); }

std::vector<Remedy> Headquarters::remedies(const Exception& exception) { return hq::remedies(*inside_->store, exception); }

Exception Headquarters::resolve(std::int64_t id, const Decision& decision) {
    return hq::resolve(*inside_->store, id, decision, inside_->policy_now().vat_groups(), inside_->clock.now());
}

Verification Headquarters::verify(const std::function<void(std::int64_t)>& progress) {
    SqliteStore scratch("", true);
    return hq::verify(*inside_->store, scratch, progress);
}

}  // namespace paprsek::hq
