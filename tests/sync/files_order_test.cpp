// The order in which a file reaches the disk: temporary file, its sync, the rename, the folder's sync. The calls of the
// operating system are watched, and made to fail one after another, by functions of the same name in this program, which
// the linker prefers to the library's.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "node/base/error.h"
#include "sync/files.h"
#include "sync/keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace {

struct Watch {
    bool on = false;
    int fail_at = 0;  ///< the how-manieth call fails
    std::vector<std::string> calls;
};
Watch watch;

/// Notes the call; true when it is to fail.
bool noted(const char* call) {
    if (!watch.on) return false;
    watch.calls.emplace_back(call);
    if (static_cast<int>(watch.calls.size()) != watch.fail_at) return false;
    errno = EIO;
    return true;
}

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_folder(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

extern "C" {
ssize_t write(int file, const void* bytes, size_t size) {
    static auto* const call = real<ssize_t(int, const void*, size_t)>("write");
    return noted("write") ? -1 : call(file, bytes, size);
}
int fsync(int file) {
    static auto* const call = real<int(int)>("fsync");
    return noted(is_folder(file) ? "sync folder" : "sync file") ? -1 : call(file);
}
int rename(const char* from, const char* to) noexcept {
    static auto* const call = real<int(const char*, const char*)>("rename");
    return noted("rename") ? -1 : call(from, to);
}
}

using namespace paprsek;

namespace {

/// Writes with the `fail_at`-th call failing; true when it said so.
template <class Write>
bool fails(int fail_at, Write write) {
    watch = {true, fail_at, {}};
    bool failed = false;
    try {
        write();
    } catch (const node::Error& error) {
        failed = true;
        watch.on = false;
        CHECK(error.exit() == node::Exit::operating);
    }
    watch.on = false;
    return failed;
}

std::string content(const std::string& path) {
    const sync::Bytes bytes = sync::read_whole(path, 1000);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a bundle is synced before it gets its name, and the name after it") {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("bundle");
    const std::vector<std::string> order{"write", "sync file", "rename", "sync folder"};
    CHECK(!fails(0, [&] { sync::write_atomically(path, sync::bytes_of("old")); }));
    CHECK(watch.calls == order);
    for (int call = 1; call <= 4; ++call) {
        CAPTURE(call);
        CHECK(fails(call, [&] { sync::write_atomically(path, sync::bytes_of("new")); }));
        // Whole at any rate, and the old one until the rename.
        CHECK(content(path) == (call <= 3 ? "old" : "new"));
        CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    }
}

TEST_CASE("a key is on the disk before anybody hears of it") {
    test::SeededRandom random(1);
    const sync::Identity identity = sync::Identity::make(random);
    for (int call = 1; call <= 3; ++call) {
        const test::TemporaryFolder folder;
        CHECK(fails(call, [&] { identity.save(folder.path()); }));
        CHECK(!sync::Identity::exists(folder.path()));
        CHECK(!fails(0, [&] { identity.save(folder.path()); }));
        CHECK(watch.calls == std::vector<std::string>{"write", "sync file", "rename", "sync folder"});
        CHECK(sync::Identity::load(folder.path()).public_key() == identity.public_key());
    }
}
