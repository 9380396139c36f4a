// A folder of the test's own, gone when the test ends.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace paprsek::test {

class TemporaryFolder {
public:
    enum class On { memory, disk };
    explicit TemporaryFolder(On on = On::memory) {
        // In memory where there is such a place: a ledger syncs at every step, and that is not what most tests are about.
        const std::filesystem::path memory = "/dev/shm";
        const bool quick = on == On::memory && ::access(memory.c_str(), W_OK) == 0;
        std::string name = ((quick ? memory : std::filesystem::temp_directory_path()) / "paprsek-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data()) ? name : std::string();
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace paprsek::test
