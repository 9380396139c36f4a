// The programs as scripts use them: a folder in which commands run. ctest says where the programs are.
#pragma once
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "node/base/csv.h"
#include "node/base/json.h"
#include "sync/files.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

struct Ran {
    int exit = -1;
    std::string out, err;
    node::Json json() const { return node::Json::parse(out, nullptr, false); }
};

/// A folder in which commands run.
class Desk {
public:
    Ran run(const std::string& arguments, const std::string& program = "paprsek-hq") const {
        const std::string command =
            "cd '" + folder_.path() + "' && '" + std::string(std::getenv("PAPRSEK_BIN")) + "/" + program + "' " + arguments + " >out 2>err";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, node::read_file(folder_.file("out"), 1u << 24), node::read_file(folder_.file("err"), 1u << 20)};
    }
    void write(const std::string& name, const std::string& text) const { sync::write_atomically(folder_.file(name), sync::bytes_of(text)); }

    std::string file(const std::string& name) const { return folder_.file(name); }

private:
    TemporaryFolder folder_;
};

inline bool programs_are_here() {
    if (std::getenv("PAPRSEK_BIN")) return true;
    MESSAGE("PAPRSEK_BIN is not set: run by ctest");
    return false;
}

}  // namespace paprsek::test
