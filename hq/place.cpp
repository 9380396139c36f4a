#include "hq/place.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "hq/postgres_store.h"
#include "hq/sqlite_store.h"
#include "node/base/error.h"

namespace paprsek::hq {
namespace {

constexpr std::string_view secret_identity = "identity";

/// What stands before "://", or nothing.
std::string_view scheme_of(std::string_view text) {
    const std::string_view scheme = text.substr(0, text.find("://"));
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
    return scheme.size() < text.size() && std::all_of(scheme.begin(), scheme.end(), fits) ? scheme : std::string_view();
}

std::string file_of(const std::string& folder) { return folder + "/hq.db"; }

}  // namespace

Place::Place(std::string folder_or_address) : where_(std::move(folder_or_address)), server_(is_postgres_address(where_)) {
    // Who mistypes an address may have typed a password: it is not repeated.
    if (const std::string_view scheme = scheme_of(where_); !server_ && !scheme.empty())
        node::refuse(std::string(scheme) + "://…", "is the address of something else: HQ is a folder or a postgresql:// address",
                     "write postgresql://USER@HOST:PORT/DATABASE");
    if (!server_ && (where_.starts_with("postgresql:") || where_.starts_with("postgres:")))
        node::refuse("postgresql:…", "is no address of a database that can be read", "write postgresql://USER@HOST:PORT/DATABASE");
}

std::string Place::print() const { return server_ ? print_postgres_address(where_) : where_; }

std::unique_ptr<Store> Place::make(const char* vfs) const {
    if (server_) return std::make_unique<PostgresStore>(where_, true);
    std::error_code error;
    std::filesystem::create_directories(where_, error);
    if (std::filesystem::exists(where_ + "/ledger.db")) node::refuse(where_, "holds a branch node", "choose an empty folder");
    if (error) node::fail(where_, error.message(), "may this user write there?");
    ::chmod(where_.c_str(), 0700);
    return std::make_unique<SqliteStore>(file_of(where_), true, vfs);
}

std::unique_ptr<Store> Place::open(const char* vfs) const {
    if (server_) return std::make_unique<PostgresStore>(where_, false);
    struct stat there {};
    if (!vfs && ::stat(file_of(where_).c_str(), &there) != 0) {
        if (errno == EACCES) node::refuse(where_, "no permission to read it");
        node::refuse(where_, "is no HQ: it holds no hq.db", "make one by: paprsek-hq init");
    }
    return std::make_unique<SqliteStore>(file_of(where_), false, vfs);
}

void Place::make_identity(Store& store, node::Random& random) const {
    if (!server_) {
        if (!sync::Identity::exists(where_)) sync::Identity::make(random).save(where_);
        return;
    }
    auto& server = static_cast<PostgresStore&>(store);
    if (!server.secret(secret_identity)) server.add_secret(secret_identity, sync::Identity::make(random).print());
}

sync::Identity Place::identity(Store& store) const {
    if (!server_) return sync::Identity::load(where_);
    const auto text = static_cast<PostgresStore&>(store).secret(secret_identity);
    if (!text) node::refuse(print(), "does not hold HQ's key", "restore the database from a backup");
    return sync::Identity::parse(*text, print());
}

}  // namespace paprsek::hq
