// libFuzzer's entrance; PAPRSEK_FUZZ names the target. tools/fuzz runs it.
#define DOCTEST_CONFIG_IMPLEMENT  // what the targets share with the tests checks with it
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace {

#ifdef PAPRSEK_FUZZ_DEVICES
constexpr auto& targets = paprsek::fuzz::device_targets;
#else
constexpr auto& targets = paprsek::fuzz::targets;
#endif

const paprsek::fuzz::Target* chosen() {
    const char* name = std::getenv("PAPRSEK_FUZZ");
    for (const paprsek::fuzz::Target& target : targets)
        if (name && target.name == name) return &target;
    std::fprintf(stderr, "fuzz: PAPRSEK_FUZZ names no target:");
    for (const paprsek::fuzz::Target& target : targets) std::fprintf(stderr, " %s", std::string(target.name).c_str());
    std::fprintf(stderr, "\n");
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const paprsek::fuzz::Target* const target = chosen();
    target->run({reinterpret_cast<const char*>(data), size});
    return 0;
}
