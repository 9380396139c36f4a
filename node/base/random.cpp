#include "node/base/random.h"

#include <sodium.h>

#include "node/base/error.h"

namespace paprsek::node {
namespace {

class SystemRandom final : public Random {
public:
    SystemRandom() {
        if (sodium_init() < 0) fail("random numbers", "the system's generator does not work");
    }
    void fill(std::span<unsigned char> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
};

}  // namespace

Random& system_random() {
    static SystemRandom random;
    return random;
}

}  // namespace paprsek::node
