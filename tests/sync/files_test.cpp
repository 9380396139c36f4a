#include "sync/files.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string failure(const std::filesystem::path& path, BytesView bytes) {
    try {
        write_atomically(path, bytes);
    } catch (const node::Error& error) {
        CHECK(error.exit() == node::Exit::operating);
        return error.what();
    }
    return {};
}

std::size_t entries(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a file is written, and replaced as a whole") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.file("bundle");
    write_atomically(path, bytes_of("one"));
    CHECK(text_of(read_whole(path, 100)) == "one");
    write_atomically(path, bytes_of("another"));
    CHECK(text_of(read_whole(path, 100)) == "another");
    write_atomically(path, {});
    CHECK(read_whole(path, 100).empty());
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a secret file is its owner's alone") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.file("key");
    write_atomically(path, bytes_of("secret"), FileMode::secret);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("what cannot be written is said plainly, and the old file stays") {
    const test::TemporaryFolder folder;
    CHECK(test::contains(failure(folder.file("missing/bundle"), bytes_of("x")), "there is no such folder"));
    CHECK(test::contains(failure(folder.path(), bytes_of("x")), "is a folder, not a file"));
    write_atomically(folder.file("file"), bytes_of("x"));
    CHECK(test::contains(failure(folder.file("file/bundle"), bytes_of("x")), "a part of the path is no folder"));
    CHECK(test::contains(failure(folder.file(std::string(300, 'n')), bytes_of("x")), "the name is too long"));

    // A disk that takes no more: the limit on a file's size stands in for it.
    const std::filesystem::path path = folder.file("bundle");
    write_atomically(path, bytes_of("old"));
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string said = failure(path, Bytes(5000));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(test::contains(said, "the file is too large for this disk"));
    CHECK(text_of(read_whole(path, 100)) == "old");
    CHECK(entries(folder.path()) == 2);
}

TEST_CASE("what cannot be read is refused with the reason") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.file("file");
    CHECK(test::contains(test::refusal([&] { read_whole(path, 10); }), "there is no such file"));
    CHECK(test::contains(test::refusal([&] { read_whole(folder.path(), 10); }), "is not a file"));
    write_atomically(path, bytes_of("0123456789"));
    CHECK(read_whole(path, 10).size() == 10);
    CHECK(test::contains(test::refusal([&] { read_whole(path, 9); }), "is 10 bytes long, more than 9"));
}

}  // namespace paprsek::sync
