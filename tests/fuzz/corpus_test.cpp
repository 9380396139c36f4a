// Every kept input through its target: the seeds of the fuzzers, and what they once found (tests/fuzz/corpus/TARGET/).
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <vector>

#include "node/base/csv.h"
#include "tests/fuzz/targets.h"

namespace paprsek::fuzz {

TEST_CASE("the corpus of every fuzzer is taken or refused, and nothing else happens") {
    const std::filesystem::path corpus = std::filesystem::path(std::getenv("PAPRSEK_SOURCE")) / "tests/fuzz/corpus";
    std::vector<Target> all(std::begin(targets), std::end(targets));
    all.insert(all.end(), std::begin(device_targets), std::end(device_targets));
    for (const Target& target : all) {
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(corpus / target.name)) {
            const std::string name = entry.path().string();
            CAPTURE(name);
            CHECK_NOTHROW(target.run(node::read_file(name, 1u << 20)));
            ++files;
        }
        CHECK_MESSAGE(files > 0, target.name);
    }
}

}  // namespace paprsek::fuzz
