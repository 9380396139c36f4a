// A disk for SQLite that forgets what was not synced: the worst that a power cut may do, by a seed.
//
// Files live in memory. What was written since the last xSync is kept beside it, operation by operation; an image of that
// can be kept at any step (write, truncate, sync, delete, a new name) and a new disk be started from it. Then each unsynced
// operation has happened, has not, or has in part (by sectors, and within one sector), whatever the others did: that covers
// loss, tearing and reordering. A name that appeared or went is durable only after its folder was synced, as in SQLite's
// unix VFS: with the first sync of a new journal or log, or with a delete that asks for it.
//
// Calls may also be made to fail (SQLITE_FULL, SQLITE_IOERR). Nothing sleeps; nothing reads the computer's clock.
// Threads: one.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace paprsek::test {

class PowerDisk {
public:
    PowerDisk();
    ~PowerDisk();
    PowerDisk(const PowerDisk&) = delete;
    PowerDisk& operator=(const PowerDisk&) = delete;

    /// For Database::Options::vfs.
    const char* vfs() const { return name_.c_str(); }

    struct File;
    /// What a disk holds, with the operations that are not durable yet.
    struct Image {
        struct Change {
            enum class Kind { write, truncate } kind = Kind::write;
            std::int64_t at = 0;  ///< offset, or the new size
            std::shared_ptr<const std::string> bytes;
        };
        struct Content {
            std::shared_ptr<const std::string> durable;
            std::vector<Change> pending;
        };
        struct Naming {
            std::string name;
            int content = -1;  ///< −1: the name went
        };
        std::vector<Content> contents;
        std::map<std::string, int> names;  ///< durable ones
        std::vector<Naming> naming;        ///< since the folder was synced
    };
    enum class Tear {
        nothing_kept,  ///< only what was synced
        all_kept,      ///< as if the operating system had had the time
        by_seed
    };

    Image image() const;
    /// The disk after the power came back. No connection may be open.
    void start(const Image& image, Tear tear, std::uint64_t seed = 0);
    /// Everything written so far is durable.
    void settle();

    /// Steps since start(): what a power cut can fall between.
    std::int64_t steps() const { return steps_; }
    /// Called within each step: an operation is pending then, a sync has not happened. Must not touch this disk but by image().
    std::function<void()> on_step;

    /// Lets the `call`-th call from now (1 = the next) answer `code`, and every later one too when `lasting`. SQLITE_FULL hits
    /// only calls that need room. Zero makes all well again.
    void fail_at(std::int64_t call, int code, bool lasting);
    /// Calls that failed so, since start().
    std::int64_t failures() const { return failures_; }
    /// While not counting, calls neither count nor fail, and are no steps: a test looking at the state.
    void count(bool on) { counting_ = on; }

private:
    friend struct PowerVfs;
    void step();
    bool fails(bool needs_room);
    void sync_folder();
    std::shared_ptr<File> named(const std::string& name, bool create);

    std::string name_;
    sqlite3_vfs vfs_{};
    std::map<std::string, std::shared_ptr<File>> names_, durable_names_;
    std::vector<std::pair<std::string, std::shared_ptr<File>>> naming_;
    SeededRandom random_{1};
    bool counting_ = true;
    std::int64_t steps_ = 0, calls_ = 0, fail_call_ = 0, failures_ = 0;
    int fail_code_ = 0;
    bool fail_lasting_ = false;
};

}  // namespace paprsek::test
