// paprsek-hq serve and paprsek agent as processes that are killed at random moments while branches sell.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>

#include "sync/http_transport.h"
#include "tests/network/support.h"

namespace paprsek::test {
namespace {

using namespace std::chrono_literals;
constexpr int rounds = 200;
constexpr int branches = 3;

/// A program of ours that lives until kill() or the end of this object.
class Process {
public:
    Process(std::vector<std::string> arguments, const std::string& output) {
        arguments[0] = std::string(std::getenv("PAPRSEK_BIN")) + "/" + arguments[0];
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        REQUIRE(::posix_spawn(&id_, argv[0], &actions, nullptr, argv.data(), environ) == 0);
        posix_spawn_file_actions_destroy(&actions);
    }
    ~Process() { end(SIGKILL); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    int end(int signal) {
        if (id_ <= 0) return 0;
        int status = 0;
        ::kill(id_, signal);
        ::waitpid(id_, &status, 0);
        id_ = 0;
        return status;
    }

private:
    pid_t id_ = 0;
};

/// The address that the server printed; a started process needs a moment.
std::string address_in(const std::string& file) {
    for (int i = 0; i < 500; ++i) {
        std::ifstream in(file);
        std::string line;
        if (std::getline(in, line) && !in.eof()) return node::Json::parse(line)["listening"].get<std::string>();
        std::this_thread::sleep_for(20ms);
    }
    return {};
}

/// Waits until HQ has confirmed what the branch holds now; half a minute at most.
bool confirms(Branch& shop) {
    const std::int64_t facts = shop.facts();
    for (int tries = 0; tries < 1500 && shop.confirmed() < facts; ++tries) std::this_thread::sleep_for(20ms);
    return shop.confirmed() >= facts;
}

TEST_CASE("server and agents killed at random: every fact at HQ exactly once, every balance equal") {
    HqFolder hq;
    const std::string log = hq.file("serve.json");
    auto server = std::make_unique<Process>(std::vector<std::string>{"paprsek-hq", "serve", hq.path(), "--listen", "127.0.0.1:0", "--json"}, log);
    const std::string address = address_in(log);
    REQUIRE_FALSE(address.empty());
    const auto serve = [&] {
        return std::make_unique<Process>(std::vector<std::string>{"paprsek-hq", "serve", hq.path(), "--listen", address, "--json"}, log);
    };
    const auto transport = sync::http_transport("http://" + address);
    std::vector<std::unique_ptr<Branch>> shops;
    std::vector<std::unique_ptr<Process>> agents;
    for (int i = 1; i <= branches; ++i) {
        shops.push_back(std::make_unique<Branch>(hq.file(fmt::format("shop{}", i)), i));
        sync::join(shops.back()->node(), hq.invite(i, "http://" + address), "invitation", *transport);
    }
    const auto start_agent = [&](std::size_t i) {
        return std::make_unique<Process>(std::vector<std::string>{"paprsek", "agent", shops[i]->folder(), "--json"}, hq.file(fmt::format("agent{}.json", i)));
    };
    for (std::size_t i = 0; i < branches; ++i) agents.push_back(start_agent(i));

    const char* given = std::getenv("PAPRSEK_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    MESSAGE(fmt::format("seed {} (PAPRSEK_SEED repeats it)", seed));
    SeededRandom random(seed);
    int confirmed_on_the_way = 0;
    for (int done = 0; done < rounds; ++done) {
        const auto victim = static_cast<std::size_t>(random.below(branches));
        for (std::int64_t i = random.below(3); i >= 0; --i)
            shops[static_cast<std::size_t>(random.below(branches))]->sell(random.below(2) ? regular_customer : "");
        agents[victim] = nullptr;  // killed; a new one exchanges at once
        agents[victim] = start_agent(victim);
        std::this_thread::sleep_for(std::chrono::milliseconds(random.below(80)));
        if (random.below(2)) {
            server = nullptr;
            server = serve();
        }
        if (done % 10 != 0) continue;
        // Now and then the kills wait for an exchange, so that they meet ledgers of every age however slow the machine is.
        if (confirms(*shops[victim])) ++confirmed_on_the_way;
    }
    CHECK(confirmed_on_the_way == rounds / 10);

    // The agents started last have come as far as an exchange, and so can be told to end.
    for (auto& shop : shops) {
        shop->sell();
        REQUIRE(confirms(*shop));
    }
    for (auto& agent : agents) {
        const int status = agent->end(SIGTERM);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    for (int pass = 0; pass < 2; ++pass)
        for (auto& shop : shops)
            for (int tries = 0; tries < 100 && !error_of([&] { sync::exchange_now(shop->node(), *transport); }).empty(); ++tries)
                std::this_thread::sleep_for(50ms);
    const int status = server->end(SIGTERM);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    const auto headquarters = hq.open();
    for (auto& shop : shops) check_equal(*headquarters, *shop);
}

}  // namespace
}  // namespace paprsek::test
