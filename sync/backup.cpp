#include "sync/backup.h"

#include <filesystem>
#include <optional>

#include "node/base/error.h"
#include "node/node.h"
#include "sync/keys.h"

namespace paprsek::sync {
namespace {

/// The key's file, as a row of the backup's settings; no ledger in use has it.
constexpr const char* key_setting = "backup_key";
constexpr std::uint64_t max_identity_bytes = 1000;

constexpr node::Database::Options writable{.create = false, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 10'000};

void enclose_key(const std::string& folder, const std::string& path) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    if (!Identity::exists(folder)) return;
    const Bytes key = read_whole(std::filesystem::path(folder) / identity_file, max_identity_bytes);
    const std::string_view text(reinterpret_cast<const char*>(key.data()), key.size());
    node::Database copy(path, writable);
    copy.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", key_setting, text);
}

}  // namespace

void back_up(node::Database& ledger, const std::string& folder, const std::string& path) {
    ledger.backup_to(path);
    try {
        enclose_key(folder, path);
    } catch (const std::exception&) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);  // a backup without its key would look like a whole one
        throw;
    }
}

void restore(const std::string& backup, const std::string& folder) {
    const std::string ledger = (std::filesystem::path(folder) / "ledger.db").string();
    const auto enclosed = [&] { return node::Database(ledger, writable).text("SELECT value FROM setting WHERE name = ?", key_setting); };
    // A restore that was cut after its ledger and before its key goes on with the key.
    if (!std::filesystem::exists(ledger) || Identity::exists(folder) || !enclosed()) node::restore(backup, folder);
    const std::optional<std::string> key = enclosed();
    if (!key) return;
    if (!Identity::exists(folder)) write_atomically(std::filesystem::path(folder) / identity_file, bytes_of(*key), FileMode::secret);
    // After the key is on the disk: cut before this, the next backup only has a row too many, which it writes anew.
    node::Database(ledger, writable).run("DELETE FROM setting WHERE name = ?", key_setting);
}

}  // namespace paprsek::sync
