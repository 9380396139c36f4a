#include "sync/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "node/base/error.h"

namespace paprsek::sync {
namespace {

struct Reason {
    std::string why, hint;
};

/// The errors that a person can do something about, in their words.
Reason reason_of(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return {"the disk is full", "free some space and try again"};
        case EFBIG: return {"the file is too large for this disk", "use another medium or export less at a time"};
        case EACCES:
        case EPERM: return {"no permission to write here", "choose another folder or ask who looks after this computer"};
        case EROFS: return {"the medium is write-protected", "release its lock or use another one"};
        case ENOENT: return {"there is no such folder", "create it first or check that the stick is in"};
        case ENOTDIR: return {"a part of the path is no folder", "check the path"};
        case EISDIR: return {"is a folder, not a file", "give the name of a file"};
        case ENAMETOOLONG: return {"the name is too long", "choose a shorter one"};
        case EIO:
        case ENXIO:
        case ENODEV: return {"the medium was pulled out or is broken", "put it in again, or use another one, and repeat"};
        default: return {std::strerror(error), ""};
    }
}

[[noreturn]] void fail_on(const std::filesystem::path& path, int error) {
    const Reason reason = reason_of(error);
    node::fail(path.string(), reason.why, reason.hint);
}

/// An open file that is closed on every way out.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    /// The error of close() counts: some file systems report a failed write only there.
    int close() { return ::close(std::exchange(fd_, -1)); }

private:
    int fd_;
};

int write_all(int fd, BytesView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

/// The new name itself must be on the disk as well. File systems that cannot sync a folder (some on sticks) say EINVAL.
int sync_folder(const std::filesystem::path& folder) {
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0) return errno;
    if (::fsync(directory.get()) != 0 && errno != EINVAL) return errno;
    return 0;
}

int write_and_sync(const std::filesystem::path& path, BytesView bytes, FileMode mode) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (file.get() < 0) return errno;
    if (const int error = write_all(file.get(), bytes)) return error;
    if (::fsync(file.get()) != 0) return errno;
    return file.close() == 0 ? 0 : errno;
}

}  // namespace

void write_atomically(const std::filesystem::path& path, BytesView bytes, FileMode mode) {
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    std::error_code ignored;
    if (path.filename().empty() || std::filesystem::is_directory(path, ignored)) fail_on(path, EISDIR);

    // Named by process and count, so that two writers never share a temporary file.
    static std::atomic<unsigned> count{0};
    const std::filesystem::path temporary = folder / fmt::format(".{}.{}-{}.part", path.filename().string(), ::getpid(), ++count);
    int error = write_and_sync(temporary, bytes, mode);
    if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
    if (error == 0) error = sync_folder(folder);
    if (error == 0) return;
    ::unlink(temporary.c_str());
    fail_on(path, error);
}

Bytes read_whole(const std::filesystem::path& path, std::uint64_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) node::refuse(path.string(), "there is no such file", "check the path");
        if (errno == EACCES) node::refuse(path.string(), "no permission to read it");
        fail_on(path, errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail_on(path, errno);
    if (!S_ISREG(status.st_mode)) node::refuse(path.string(), "is not a file");
    if (static_cast<std::uint64_t>(status.st_size) > max_bytes)
        node::refuse(path.string(), fmt::format("is {} bytes long, more than {}", status.st_size, max_bytes), "it is not one of ours");

    Bytes bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_on(path, errno);
        if (got == 0) break;  // it became shorter meanwhile; whoever parses it sees that
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

}  // namespace paprsek::sync
