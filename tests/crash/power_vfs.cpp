#include "tests/crash/power_vfs.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <set>

namespace paprsek::test {
namespace {

constexpr std::int64_t sector = 512;
constexpr int max_path = 1024;
using Change = PowerDisk::Image::Change;

void carry_out(std::string& content, const Change& change) {
    if (change.kind == Change::Kind::truncate) {
        content.resize(static_cast<std::size_t>(change.at));
        return;
    }
    const auto end = static_cast<std::size_t>(change.at) + change.bytes->size();
    if (content.size() < end) content.resize(end);
    content.replace(static_cast<std::size_t>(change.at), change.bytes->size(), *change.bytes);
}

/// Parts of one write: each sector came through, did not, or broke off within.
void carry_out_torn(std::string& content, const Change& change, SeededRandom& random) {
    const auto size = static_cast<std::int64_t>(change.bytes->size());
    for (std::int64_t at = 0; at < size;) {
        const std::int64_t next = std::min(size, ((change.at + at) / sector + 1) * sector - change.at);
        std::int64_t length = next - at;
        const std::int64_t fate = random.below(5);
        if (fate == 0) length = random.below(length + 1);
        if (fate <= 2 && length > 0) {
            const auto part = change.bytes->substr(static_cast<std::size_t>(at), static_cast<std::size_t>(length));
            carry_out(content, {Change::Kind::write, change.at + at, std::make_shared<const std::string>(part)});
        }
        at = next;
    }
}

}  // namespace

/// A file, by whatever names. Locks and shared memory go with the last that has it open.
struct PowerDisk::File {
    std::string current;
    std::shared_ptr<const std::string> durable = std::make_shared<const std::string>();
    std::vector<Change> pending;
    bool folder_synced = true;  ///< false: a new journal or log, which syncs its folder with its first sync

    int shared = 0;
    const void* reserved = nullptr;
    const void* pending_lock = nullptr;
    const void* exclusive = nullptr;
    std::vector<std::unique_ptr<unsigned char[]>> memory;
    std::array<int, SQLITE_SHM_NLOCK> memory_shared{};
    std::array<const void*, SQLITE_SHM_NLOCK> memory_exclusive{};
    int memory_users = 0;

    void change(Change change) {
        carry_out(current, change);
        pending.push_back(std::move(change));
    }
    void sync() {
        durable = std::make_shared<const std::string>(current);
        pending.clear();
    }
};

/// The functions that SQLite calls.
struct PowerVfs {
    using File = PowerDisk::File;
    /// One open file of one connection.
    struct Handle {
        sqlite3_file base;
        PowerDisk* disk;
        std::shared_ptr<File>* file;
        const char* delete_on_close;
        int level;
        bool has_memory;
        unsigned shared_locks, exclusive_locks;
    };
    static Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
    static File& file_of(sqlite3_file* file) { return **of(file).file; }
    static PowerDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<PowerDisk*>(vfs->pAppData); }

    static int close(sqlite3_file* base) {
        Handle& handle = of(base);
        unlock(base, SQLITE_LOCK_NONE);
        delete handle.file;
        handle.file = nullptr;
        return SQLITE_OK;
    }
    static int read(sqlite3_file* base, void* out, int amount, sqlite3_int64 offset) {
        if (of(base).disk->fails(false)) return SQLITE_IOERR_READ;
        const std::string& content = file_of(base).current;
        const auto size = static_cast<sqlite3_int64>(content.size());
        const sqlite3_int64 there = std::clamp<sqlite3_int64>(size - offset, 0, amount);
        std::memset(out, 0, static_cast<std::size_t>(amount));
        if (there > 0) std::memcpy(out, content.data() + offset, static_cast<std::size_t>(there));
        return there == amount ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }
    static int write(sqlite3_file* base, const void* bytes, int amount, sqlite3_int64 offset) {
        PowerDisk& disk = *of(base).disk;
        if (disk.fails(true)) return disk.fail_code_ == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
        const std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(amount));
        file_of(base).change({Change::Kind::write, offset, std::make_shared<const std::string>(text)});
        disk.step();
        return SQLITE_OK;
    }
    static int truncate(sqlite3_file* base, sqlite3_int64 size) {
        PowerDisk& disk = *of(base).disk;
        if (disk.fails(false)) return SQLITE_IOERR_TRUNCATE;
        file_of(base).change({Change::Kind::truncate, size, nullptr});
        disk.step();
        return SQLITE_OK;
    }
    static int sync(sqlite3_file* base, int) {
        PowerDisk& disk = *of(base).disk;
        if (disk.fails(false)) return SQLITE_IOERR_FSYNC;
        disk.step();
        File& file = file_of(base);
        file.sync();
        if (!file.folder_synced) {
            disk.step();
            disk.sync_folder();
            file.folder_synced = true;
        }
        return SQLITE_OK;
    }
    static int file_size(sqlite3_file* base, sqlite3_int64* size) {
        if (of(base).disk->fails(false)) return SQLITE_IOERR_FSTAT;
        *size = static_cast<sqlite3_int64>(file_of(base).current.size());
        return SQLITE_OK;
    }

    static int lock(sqlite3_file* base, int level) {
        Handle& handle = of(base);
        if (handle.level >= level) return SQLITE_OK;
        if (handle.disk->fails(false)) return SQLITE_IOERR_LOCK;
        File& file = file_of(base);
        const auto others = [&](const void* holder) { return holder && holder != base; };
        if (level == SQLITE_LOCK_SHARED) {
            if (file.pending_lock || file.exclusive) return SQLITE_BUSY;
            ++file.shared;
        } else if (level == SQLITE_LOCK_RESERVED) {
            if (others(file.reserved)) return SQLITE_BUSY;
            file.reserved = base;
        } else {
            if (others(file.reserved) || others(file.pending_lock)) return SQLITE_BUSY;
            file.pending_lock = base;
            if (file.shared > 1) return SQLITE_BUSY;
            file.exclusive = base;
        }
        handle.level = level;
        return SQLITE_OK;
    }
    static int unlock(sqlite3_file* base, int level) {
        Handle& handle = of(base);
        File& file = file_of(base);
        for (const void** holder : {&file.reserved, &file.pending_lock, &file.exclusive})
            if (*holder == base) *holder = nullptr;
        if (handle.level >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) --file.shared;
        handle.level = std::min(handle.level, level);
        return SQLITE_OK;
    }
    static int check_reserved(sqlite3_file* base, int* held) {
        *held = file_of(base).reserved != nullptr;
        return SQLITE_OK;
    }
    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int sector_size(sqlite3_file*) { return 4096; }
    // As the unix VFS says of every Linux disk.
    static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

    static int memory_map(sqlite3_file* base, int region, int size, int extend, void volatile** out) {
        if (of(base).disk->fails(false)) return SQLITE_IOERR_SHMMAP;
        Handle& handle = of(base);
        File& file = file_of(base);
        if (!handle.has_memory) {
            handle.has_memory = true;
            ++file.memory_users;
        }
        while (extend && file.memory.size() <= static_cast<std::size_t>(region)) {
            auto block = std::make_unique<unsigned char[]>(static_cast<std::size_t>(size));
            file.memory.push_back(std::move(block));
        }
        *out = static_cast<std::size_t>(region) < file.memory.size() ? file.memory[static_cast<std::size_t>(region)].get() : nullptr;
        return SQLITE_OK;
    }
    static int memory_lock(sqlite3_file* base, int first, int count, int flags) {
        Handle& handle = of(base);
        File& file = file_of(base);
        const bool wants_lock = flags & SQLITE_SHM_LOCK, shared = flags & SQLITE_SHM_SHARED;
        if (wants_lock && handle.disk->fails(false)) return SQLITE_IOERR_SHMLOCK;
        for (int slot = first; slot < first + count && wants_lock; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            if (file.memory_exclusive[at] && file.memory_exclusive[at] != base) return SQLITE_BUSY;
            if (!shared && file.memory_shared[at] > int((handle.shared_locks >> slot) & 1)) return SQLITE_BUSY;
        }
        for (int slot = first; slot < first + count; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            unsigned& mine = shared ? handle.shared_locks : handle.exclusive_locks;
            const bool held = (mine >> slot) & 1;
            if (held == wants_lock) continue;
            mine ^= 1u << slot;
            if (shared)
                file.memory_shared[at] += wants_lock ? 1 : -1;
            else
                file.memory_exclusive[at] = wants_lock ? base : nullptr;
        }
        return SQLITE_OK;
    }
    static void memory_barrier(sqlite3_file*) {}
    static int memory_unmap(sqlite3_file* base, int) {
        Handle& handle = of(base);
        if (!handle.has_memory) return SQLITE_OK;
        memory_lock(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
        memory_lock(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
        handle.has_memory = false;
        if (--file_of(base).memory_users == 0) file_of(base).memory.clear();
        return SQLITE_OK;
    }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* base, int flags, int* out_flags) {
        static const sqlite3_io_methods methods{2, close, read, write, truncate, sync, file_size, lock, unlock, check_reserved, control, sector_size,
                                                characteristics, memory_map, memory_lock, memory_barrier, memory_unmap, nullptr, nullptr};
        PowerDisk& disk = disk_of(vfs);
        Handle& handle = of(base);
        handle = {};
        const bool may_create = flags & SQLITE_OPEN_CREATE;
        if (disk.fails(may_create && name && !disk.names_.contains(name))) return SQLITE_CANTOPEN;
        auto file = name ? disk.named(name, may_create) : std::make_shared<File>();
        if (!file) return SQLITE_CANTOPEN;
        if ((flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) && file->current.empty() && file->durable->empty()) file->folder_synced = false;
        handle.disk = &disk;
        handle.file = new std::shared_ptr<File>(std::move(file));
        handle.base.pMethods = &methods;
        if (out_flags) *out_flags = flags;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
        PowerDisk& disk = disk_of(vfs);
        if (disk.fails(false)) return SQLITE_IOERR_DELETE;
        if (!disk.names_.contains(name)) return SQLITE_IOERR_DELETE_NOENT;
        disk.names_.erase(name);
        disk.naming_.emplace_back(name, nullptr);
        disk.step();
        if (sync_folder) disk.sync_folder();
        return SQLITE_OK;
    }
    static int access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
        PowerDisk& disk = disk_of(vfs);
        if (disk.fails(false)) return SQLITE_IOERR_ACCESS;
        const auto found = disk.names_.find(name);
        // As unix: an empty file does not count as there.
        *answer = found != disk.names_.end() && (flags != SQLITE_ACCESS_EXISTS || !found->second->current.empty());
        return SQLITE_OK;
    }
    static int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
        sqlite3_snprintf(size, out, "%s", name);
        return SQLITE_OK;
    }
    static int randomness(sqlite3_vfs* vfs, int size, char* out) {
        disk_of(vfs).random_.fill({reinterpret_cast<unsigned char*>(out), static_cast<std::size_t>(size)});
        return size;
    }
    static int pause(sqlite3_vfs*, int microseconds) { return microseconds; }
    static int current_time(sqlite3_vfs*, double* days) {
        *days = 2'461'101.5;
        return SQLITE_OK;
    }
    static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

PowerDisk::PowerDisk() {
    static int count = 0;
    name_ = "power-" + std::to_string(++count);
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(PowerVfs::Handle);
    vfs_.mxPathname = max_path;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = PowerVfs::open;
    vfs_.xDelete = PowerVfs::remove;
    vfs_.xAccess = PowerVfs::access;
    vfs_.xFullPathname = PowerVfs::full_path;
    vfs_.xRandomness = PowerVfs::randomness;
    vfs_.xSleep = PowerVfs::pause;
    vfs_.xCurrentTime = PowerVfs::current_time;
    vfs_.xGetLastError = PowerVfs::last_error;
    const int code = sqlite3_vfs_register(&vfs_, 0);
    assert(code == SQLITE_OK);
}

PowerDisk::~PowerDisk() { sqlite3_vfs_unregister(&vfs_); }

void PowerDisk::step() {
    if (!counting_) return;
    ++steps_;
    if (on_step) on_step();
}

void PowerDisk::fail_at(std::int64_t call, int code, bool lasting) {
    calls_ = 0;
    fail_call_ = code ? call : 0;
    fail_code_ = code;
    fail_lasting_ = lasting;
}

bool PowerDisk::fails(bool needs_room) {
    if (!counting_) return false;
    // Only the calls that could fail so are counted, so that each number hits.
    if (fail_code_ == SQLITE_FULL && !needs_room) return false;
    ++calls_;
    const bool hit = fail_call_ && (fail_lasting_ ? calls_ >= fail_call_ : calls_ == fail_call_);
    failures_ += hit;
    return hit;
}

void PowerDisk::sync_folder() {
    durable_names_ = names_;
    naming_.clear();
}

std::shared_ptr<PowerDisk::File> PowerDisk::named(const std::string& name, bool create) {
    const auto found = names_.find(name);
    if (found != names_.end()) return found->second;
    if (!create) return nullptr;
    auto file = std::make_shared<File>();
    names_[name] = file;
    naming_.emplace_back(name, file);
    step();
    return file;
}

void PowerDisk::settle() {
    for (const auto& [name, file] : names_) file->sync();
    sync_folder();
}

PowerDisk::Image PowerDisk::image() const {
    Image image;
    std::map<const File*, int> known;
    const auto number = [&](const std::shared_ptr<File>& file) {
        if (!file) return -1;
        const auto [found, added] = known.emplace(file.get(), static_cast<int>(image.contents.size()));
        if (added) image.contents.push_back({file->durable, file->pending});
        return found->second;
    };
    for (const auto& [name, file] : durable_names_) image.names[name] = number(file);
    for (const auto& [name, file] : naming_) image.naming.push_back({name, number(file)});
    return image;
}

void PowerDisk::start(const Image& image, Tear tear, std::uint64_t seed) {
    SeededRandom random(seed);
    std::vector<std::shared_ptr<File>> files;
    for (const Image::Content& content : image.contents) {
        files.push_back(std::make_shared<File>());
        std::string& bytes = files.back()->current = *content.durable;
        for (const Change& change : content.pending) {
            // Half the seeds lose much, half little: whole runs of operations come through or do not.
            const std::int64_t fate = tear == Tear::nothing_kept ? 1 : tear == Tear::all_kept ? 0 : random.below(3);
            if (fate == 0) carry_out(bytes, change);
            if (fate == 2 && change.kind == Change::Kind::write) carry_out_torn(bytes, change, random);
        }
        files.back()->durable = std::make_shared<const std::string>(bytes);
    }
    const auto file = [&](int number) { return number < 0 ? nullptr : files[static_cast<std::size_t>(number)]; };
    names_.clear();
    for (const auto& [name, number] : image.names) names_[name] = file(number);
    for (const Image::Naming& naming : image.naming) {
        if (tear == Tear::nothing_kept || (tear == Tear::by_seed && random.below(2))) continue;
        if (naming.content < 0)
            names_.erase(naming.name);
        else
            names_[naming.name] = file(naming.content);
    }
    sync_folder();
    steps_ = failures_ = 0;
    on_step = nullptr;
    fail_at(0, 0, false);
}

}  // namespace paprsek::test
