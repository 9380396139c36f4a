#include "node/node.h"

#include <fmt/format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/brought.h"
#include "node/rights.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

void sync_to_disk(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!done) fail(path, std::strerror(errno));
}

/// What a node without any fact goes by until its history is back.
constexpr const char* empty_setting = "empty_node";

std::string ledger_path(const std::string& folder) { return folder + "/ledger.db"; }

/// What a person names a new node by is an argument, so that a wrong one is wrong usage.
[[noreturn]] void wrong(std::string what, std::string why, std::string hint = {}) {
    throw Error(Exit::usage, std::move(what), std::move(why), std::move(hint));
}

void check(const NodeInfo& info) {
    if (info.node.branch < 1 || info.node.branch > 9999) wrong("branch number", "is not between 1 and 9999");
    if (info.node.till < 0 || info.node.till > 99) wrong("till number", "is not between 0 and 99");
    if (trim(info.name).empty() || info.name.size() > 200) wrong("name", "is empty or longer than 200 bytes");
    if (!nfc(info.name)) wrong("name", "is not UTF-8");
    if (info.currency.size() != 3 || upper(info.currency) != info.currency ||
        !std::all_of(info.currency.begin(), info.currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
        wrong("currency", fmt::format("\"{}\" is not three capital letters", info.currency), "such as CZK, RON or EUR");
    if (info.locale != "cs" && info.locale != "ro" && info.locale != "en") wrong("locale", fmt::format("\"{}\" is not known", info.locale), "cs, ro or en");
    try {
        TimeZone{info.time_zone};
    } catch (const Error& error) {
        wrong(error.subject(), error.why(), error.hint());
    }
}

Json info_json(const NodeInfo& info) {
    return {{"branch", info.node.branch}, {"till", info.node.till},      {"name", info.name},
            {"currency", info.currency},  {"time_zone", info.time_zone}, {"locale", info.locale}};
}

std::optional<std::int64_t> number_setting(const std::optional<std::string>& text) {
    return text && !text->empty() ? std::optional<std::int64_t>(std::stoll(*text)) : std::nullopt;
}

}  // namespace

Node::Node(std::string folder, std::unique_ptr<Database> database, NodeInfo info, Clock& clock, Random& random)
    : folder_(std::move(folder)),
      database_(std::move(database)),
      info_(std::move(info)),
      zone_(info_.time_zone),
      ledger_(*database_, info_.node),
      clock_(&clock),
      random_(&random) {}

std::unique_ptr<Node> Node::make(const std::string& folder, const NodeInfo& info, Clock& clock, Random& random, const char* vfs) {
    check(info);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) fail(folder, error.message(), "may this user write there?");
    ::chmod(folder.c_str(), 0700);
    auto database =
        std::make_unique<Database>(ledger_path(folder), Database::Options{.create = true, .read_only = false, .vfs = vfs, .busy_timeout_ms = 10'000});
    database->migrate(schema::branch_migrations());
    return std::unique_ptr<Node>(new Node(folder, std::move(database), info, clock, random));
}

std::unique_ptr<Node> Node::create(const std::string& folder, const NodeInfo& info, Clock& clock, Random& random, const char* vfs) {
    auto node = make(folder, info, clock, random, vfs);
    Transaction transaction(node->database());
    if (!node->is_empty() || node->setting(empty_setting)) refuse(folder, "holds a node already", "choose an empty folder");
    node->ledger().append(kind::node_created, canonical(info_json(info)), clock.now());
    transaction.commit();
    return node;
}

std::unique_ptr<Node> Node::create_empty(const std::string& folder, const NodeInfo& info, const Enrolment& enrolment, Clock& clock, Random& random,
                                         const char* vfs) {
    auto node = make(folder, info, clock, random, vfs);
    Transaction transaction(node->database());
    if (!node->is_empty() || node->setting(empty_setting)) refuse(folder, "holds a node already", "choose an empty folder");
    Json json = info_json(info);
    json["hq"] = enrolment.hq_name;
    json["key"] = enrolment.hq_key;
    json["url"] = enrolment.url;
    node->set_setting(empty_setting, canonical(json));
    transaction.commit();
    return node;
}

std::unique_ptr<Node> Node::open(const std::string& folder, Clock& clock, Random& random, const char* vfs) {
    struct stat there {};
    if (!vfs && ::stat(ledger_path(folder).c_str(), &there) != 0) refuse(folder, "is no node: it holds no ledger.db", "make one by: paprsek init");
    auto database =
        std::make_unique<Database>(ledger_path(folder), Database::Options{.create = false, .read_only = false, .vfs = vfs, .busy_timeout_ms = 10'000});
    database->migrate(schema::branch_migrations());
    auto body = database->text("SELECT body FROM fact WHERE seq = 1 AND kind = ?", kind::node_created);
    if (!body) body = database->text("SELECT value FROM setting WHERE name = ?", empty_setting);
    if (!body) refuse(folder, "its ledger has no beginning", "make a node by: paprsek init");
    const Json json = Json::parse(*body);
    NodeInfo info;
    info.node = {json.at("branch").get<int>(), json.at("till").get<int>()};
    info.name = json.at("name").get<std::string>();
    info.currency = json.at("currency").get<std::string>();
    info.time_zone = json.at("time_zone").get<std::string>();
    info.locale = json.at("locale").get<std::string>();
    return std::unique_ptr<Node>(new Node(folder, std::move(database), std::move(info), clock, random));
}

std::int64_t Node::epoch() { return database_->integer("SELECT max(number) FROM epoch").value_or(1); }

const Policy& Node::policy() {
    const std::int64_t newest = database_->integer("SELECT max(version) FROM policy").value_or(0);
    if (newest != policy_seen_) {
        const auto body = database_->text("SELECT body FROM policy WHERE version = ?", newest);
        policy_ = body ? parse_policy(*body, info_.currency, "policy", newest, false) : default_policy(info_.currency);
        policy_seen_ = newest;
    }
    return policy_;
}

std::optional<std::string> Node::setting(std::string_view name) { return database_->text("SELECT value FROM setting WHERE name = ?", name); }

void Node::set_setting(std::string_view name, std::string_view value) {
    database_->run("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
}

std::optional<Enrolment> Node::enrolment() {
    auto body = database_->text("SELECT body FROM fact WHERE kind = 'node.enrolled' ORDER BY seq DESC LIMIT 1");
    if (!body && is_empty()) body = setting(empty_setting);
    if (!body) return std::nullopt;
    const Json json = Json::parse(*body);
    return Enrolment{json.at("hq").get<std::string>(), json.at("key").get<std::string>(), json.value("url", "")};
}

HqReceipt Node::hq_receipt() {
    HqReceipt receipt;
    receipt.epoch = number_setting(setting("receipt_epoch")).value_or(1);
    receipt.seq = number_setting(setting("receipt_seq")).value_or(0);
    receipt.hash = setting("receipt_hash").value_or("");
    if (const auto at = number_setting(setting("receipt_at"))) receipt.at = Instant{*at};
    return receipt;
}

void Node::set_hq_receipt(const HqReceipt& receipt) {
    set_setting("receipt_epoch", std::to_string(receipt.epoch));
    set_setting("receipt_seq", std::to_string(receipt.seq));
    set_setting("receipt_hash", receipt.hash);
    if (receipt.at) set_setting("receipt_at", std::to_string(receipt.at->ms));
}

StateCursor Node::state_cursor() {
    StateCursor cursor;
    cursor.hq_epoch = number_setting(setting("state_hq_epoch")).value_or(0);
    cursor.version = number_setting(setting("state_version")).value_or(0);
    if (const auto at = number_setting(setting("state_at"))) cursor.at = Instant{*at};
    return cursor;
}

std::optional<Instant> Node::state_as_of() {
    const auto at = number_setting(setting("state_at"));
    return at ? std::optional(Instant{*at}) : std::nullopt;
}

BookedState Node::booked_state() {
    BookedState state;
    auto row = database_->query(
        "SELECT v.value, e.value, ifnull(a.value, '') FROM setting v JOIN setting e ON e.name = 'state_hq_epoch' LEFT JOIN setting a ON a.name = 'state_anew' "
        "WHERE v.name = 'state_version'");
    if (!row.step() || row.view(2) == "1") return state;
    state.version = number_setting(row.text(0)).value_or(0);
    state.epoch = number_setting(row.text(1)).value_or(0);
    return state;
}

void Node::set_state_cursor(const StateCursor& cursor) {
    set_setting("state_hq_epoch", std::to_string(cursor.hq_epoch));
    set_setting("state_version", std::to_string(cursor.version));
    if (cursor.at) set_setting("state_at", std::to_string(cursor.at->ms));
}

void Node::enrol(const Enrolment& enrolment) {
    Transaction transaction(*database_);
    const bool stood_alone = !this->enrolment();
    Json body = {{"hq", enrolment.hq_name}, {"key", enrolment.hq_key}};
    if (!enrolment.url.empty()) body["url"] = enrolment.url;
    ledger_.append(kind::node_enrolled, canonical(body), clock_->now());
    if (stood_alone)
        for (const std::string& brought : brought_bodies(*database_)) ledger_.append(kind::catalogue_imported, brought, clock_->now());
    transaction.commit();
}

void Node::set_policy(std::string_view json, const std::string& what) {
    if (enrolment()) refuse("policy", "is kept at HQ for this branch", "set it there: paprsek-hq policy");
    const std::string body = policy_json(parse_policy(json, info_.currency, what));
    Transaction transaction(*database_);
    if (body != policy_json(policy())) ledger_.append(kind::policy_set, body, clock_->now());
    transaction.commit();
}

void restore(const std::string& backup, const std::string& folder) {
    struct stat there {};
    if (::stat(backup.c_str(), &there) != 0) refuse(backup, "is not there", "check the name");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) fail(folder, error.message(), "may this user write there?");
    ::chmod(folder.c_str(), 0700);
    const std::string path = ledger_path(folder), fresh = path + ".restored";
    if (::stat(path.c_str(), &there) == 0) refuse(folder, "holds a ledger", "move it away first: it may hold what the backup does not");
    // A log that belonged to the lost ledger must not be played into this one.
    for (const char* beside : {"-wal", "-shm", ".restored"}) std::filesystem::remove(path + beside, error);
    {
        Database copy(backup, {.create = false, .read_only = true, .vfs = nullptr, .busy_timeout_ms = 10'000});
        if (!copy.integer("SELECT 1 FROM sqlite_master WHERE name = 'fact'") ||
            !copy.integer("SELECT 1 FROM fact WHERE seq = 1 AND kind = ?", kind::node_created))
            refuse(backup, "is no backup of a node", "name a file that paprsek backup wrote");
        copy.backup_to(fresh);
    }
    {
        // The lost ledger may have spent what this one believes to hold (node/rights.h).
        Database restored(fresh, {.create = false, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 10'000});
        restored.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", restored_setting, fresh_restore);
    }
    if (std::filesystem::exists(fresh + "-wal")) fail(fresh, "could not be written to its end", "is there room on the disk?");
    sync_to_disk(fresh);
    std::filesystem::rename(fresh, path, error);
    if (error) fail(path, error.message());
    sync_to_disk(folder);
}

std::string print_receipt_number(NodeName node, std::int64_t key) {
    if (key < epoch_keys) return fmt::format("{}-{:06}", print(node), key);
    return fmt::format("{}-{:06}/{}", print(node), key % epoch_keys, key / epoch_keys);
}

std::optional<std::int64_t> parse_receipt_number(std::string_view text, NodeName node) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || text.substr(0, dash) != print(node)) return std::nullopt;
    const auto slash = text.find('/');
    const std::string_view digits = text.substr(dash + 1, slash == std::string_view::npos ? slash : slash - dash - 1);
    if (!all_digits(digits) || digits.size() > 12) return std::nullopt;
    const std::int64_t number = std::stoll(std::string(digits));
    if (slash == std::string_view::npos) return number;
    const std::string_view epoch = text.substr(slash + 1);
    if (!all_digits(epoch) || epoch.size() > 6 || epoch == "0") return std::nullopt;
    return receipt_key(std::stoll(std::string(epoch)), number);
}

}  // namespace paprsek::node
