#include "node/base/database.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cassert>

#include "node/base/error.h"
#include "node/base/packed_text.h"

namespace paprsek::node {
namespace {

constexpr int fine_tries = 200;
constexpr int fine_ms = 1, coarse_ms = 10;

/// Looks again every millisecond at first: SQLite's own handler would soon sleep longer than the gaps that another writer
/// leaves between its short transactions, and a sale would wait behind all of them.
int wait_for_lock(void* timeout_ms, int tries) {
    const int waited = std::min(tries, fine_tries) * fine_ms + std::max(0, tries - fine_tries) * coarse_ms;
    if (waited >= *static_cast<const int*>(timeout_ms)) return 0;
    sqlite3_sleep(tries < fine_tries ? fine_ms : coarse_ms);
    return 1;
}

std::string copy_name(const std::string& path, std::int64_t version) { return fmt::format("{}.v{}", path, version); }

/// SQLite's count of its own memory, which nobody here asks for, takes a lock at every allocation. Before its first use.
[[maybe_unused]] const int no_memory_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

}  // namespace

Database::Database(const std::string& path, Options options) : path_(path), busy_timeout_ms_(options.busy_timeout_ms) {
    int flags = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options.create) flags |= SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, options.vfs);
    if (code != SQLITE_OK) {
        const std::string why = db_ ? sqlite3_errmsg(db_) : "out of memory";
        sqlite3_close(db_);
        fail(path, why, options.create ? "may the folder be written?" : "is this the right folder?");
    }
    register_unpacked(db_);
    sqlite3_busy_handler(db_, &wait_for_lock, &busy_timeout_ms_);
    sqlite3_extended_result_codes(db_, 1);
    if (!options.read_only) {
        if (options.create) execute(fmt::format("PRAGMA page_size={}", options.page_bytes));
        // The step to WAL still runs by a journal, and its deletion must be durable too.
        execute("PRAGMA synchronous=EXTRA");
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=FULL");
        // A sale is not to carry over the log that a long job beside it has written.
        execute("PRAGMA wal_autocheckpoint=4000");
    }
    execute("PRAGMA foreign_keys=ON");
    execute("PRAGMA temp_store=MEMORY");
    execute("PRAGMA cache_size=-16000");
}

Database::~Database() {
    for (auto& [sql, prepared] : cache_) sqlite3_finalize(prepared->statement);
    for (auto& prepared : extra_) sqlite3_finalize(prepared->statement);
    sqlite3_close(db_);
}

void Database::raise(int code, std::string_view doing) {
    const std::string why = sqlite3_errmsg(db_);
    switch (code & 0xff) {
        case SQLITE_BUSY: fail(path_, "another program holds it", "close the other one or try again");
        case SQLITE_FULL: fail(path_, "the disk is full", "make room; nothing was booked");
        case SQLITE_IOERR:
            // A commit that could not be synced is taken back here, and yet may be on the disk after a restart.
            fail(path_, "the disk does not answer: " + why,
                 doing == "COMMIT" ? "check the disk; open again to see whether this was booked" : "nothing was booked; check the disk");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: fail(path_, "is damaged: " + why, "restore the last backup; what it lacks comes back from HQ");
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN: fail(path_, why, "may this user write there?");
        default: fail(path_, why + " while running " + std::string(doing.substr(0, 200)));
    }
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) raise(code, sql);
}

Database::Prepared* Database::prepare(std::string_view sql) {
    auto found = cache_.find(sql);
    if (found != cache_.end() && !found->second->busy) {
        found->second->busy = true;
        return found->second.get();
    }
    auto prepared = std::make_unique<Prepared>();
    const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &prepared->statement, nullptr);
    if (code != SQLITE_OK) raise(code, sql);
    prepared->busy = true;
    if (found == cache_.end()) return cache_.emplace(std::string(sql), std::move(prepared)).first->second.get();
    // The same query runs inside itself: a statement of its own, kept for reuse.
    for (auto& spare : extra_)
        if (!spare->busy && spare->statement && std::string_view(sqlite3_sql(spare->statement)) == sql) {
            sqlite3_finalize(prepared->statement);
            spare->busy = true;
            return spare.get();
        }
    extra_.push_back(std::move(prepared));
    return extra_.back().get();
}

void Database::migrate(std::span<const schema::Migration> migrations) {
    const std::int64_t done = integer("PRAGMA user_version").value_or(0);
    const auto known = static_cast<std::int64_t>(migrations.size());
    if (done > known)
        refuse(path_, "was written by a newer version of Paprsek", "update this program first");
    if (done == known) return;
    Transaction transaction(*this);
    const std::int64_t from = integer("PRAGMA user_version").value_or(0);  // another process may have been faster
    if (from >= known) return;
    if (from > 0) keep_copy_of(from);
    for (std::int64_t i = from; i < known; ++i) execute(std::string(migrations[static_cast<std::size_t>(i)].sql));
    execute("PRAGMA user_version=" + std::to_string(known));
    transaction.commit();
}

void Database::keep_copy_of(std::int64_t version) {
    const std::string name = sqlite3_db_filename(db_, "main");
    if (name.empty()) return;  // in memory
    sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(db_, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    // One copy is kept, of the form before the newest.
    for (std::int64_t former = 1; former <= version; ++former) vfs->xDelete(vfs, copy_name(path_, former).c_str(), 0);
    Database reader(path_, {.create = false, .read_only = true, .vfs = vfs->zName, .busy_timeout_ms = busy_timeout_ms_});
    reader.backup_to(copy_name(path_, version));
}

void Database::backup_to(const std::string& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) == 0) refuse(path, "exists already", "name a new file");
    sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(db_, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    try {
        run("VACUUM INTO ?", path);
        // SQLite 3.40 does not sync what VACUUM INTO wrote. Opening the copy for writing changes its header to WAL, through a
        // journal: that syncs the file and its folder.
        Database copy(path, {.create = false, .read_only = false, .vfs = vfs->zName});
    } catch (const Error&) {
        vfs->xDelete(vfs, path.c_str(), 0);  // half a copy would stand in the way of the next
        throw;
    }
}

Statement::~Statement() {
    if (!prepared_) return;
    sqlite3_reset(prepared_->statement);
    sqlite3_clear_bindings(prepared_->statement);
    prepared_->busy = false;
}

bool Statement::step() {
    const int code = sqlite3_step(get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    database_->raise(code, sqlite3_sql(get()));
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) database_->raise(code, sqlite3_sql(get()));
}

std::string_view Statement::view(int column) const {
    const auto* data = sqlite3_column_blob(get(), column);
    const int size = sqlite3_column_bytes(get(), column);
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::optional<std::string> Statement::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

Transaction::Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    // SQLite may have rolled back by itself (disk full): then there is nothing left to undo.
    if (open_ && !sqlite3_get_autocommit(database_.handle())) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    assert(open_);
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace paprsek::node
