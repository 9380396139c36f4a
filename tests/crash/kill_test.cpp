// Kills a selling till at random moments (SIGKILL, as a power cut does to a process) and looks at what is left: every
// answer that came out is in the ledger, the ledger verifies, and no receipt number is doubled or missing.
// Prints its seed; PAPRSEK_SEED repeats a run, PAPRSEK_KILLS sets how many.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "node/base/error.h"
#include "node/branch_import.h"
#include "node/receipts.h"
#include "node/reports.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

using namespace paprsek;
using node::Json;

namespace {

using SteadyClock = std::chrono::steady_clock;

std::string program() {
    const char* folder = std::getenv("PAPRSEK_BIN");
    return std::string(folder ? folder : ".") + "/paprsek";
}

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : fallback;
}

/// `paprsek …` with pipes at both ends.
class Process {
public:
    explicit Process(const std::vector<std::string>& arguments) {
        int in[2], out[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            std::vector<char*> argv;
            const std::string path = program();
            argv.push_back(const_cast<char*>(path.c_str()));
            for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
            argv.push_back(nullptr);
            ::execv(path.c_str(), argv.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = out[0];
        ::fcntl(in_, F_SETFL, O_NONBLOCK);
    }
    ~Process() {
        close_input();
        ::close(out_);
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Feeds lines until the first whole answer is here, or the process has ended.
    void run_to_first_answer(const std::string& line) {
        while (output_.find('\n') == std::string::npos) {
            pollfd fds[] = {{out_, POLLIN, 0}, {in_, POLLOUT, 0}};
            if (::poll(fds, 2, -1) <= 0) return;
            if (fds[1].revents & POLLOUT) {
                [[maybe_unused]] const auto written = ::write(in_, line.data(), line.size());
            }
            if (fds[0].revents && !read_some()) return;
        }
    }
    /// Feeds lines and collects answers until `until`.
    void run(const std::string& line, SteadyClock::time_point until) {
        for (auto now = SteadyClock::now(); now < until; now = SteadyClock::now()) {
            pollfd fds[] = {{out_, POLLIN, 0}, {in_, POLLOUT, 0}};
            const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - now).count();
            const timespec wait{left / 1'000'000'000, left % 1'000'000'000};
            if (::ppoll(fds, 2, &wait, nullptr) <= 0) return;
            if (fds[1].revents & POLLOUT) {
                [[maybe_unused]] const auto written = ::write(in_, line.data(), line.size());  // shorter than a pipe takes at once
            }
            if (fds[0].revents) read_some();
        }
    }
    void kill_now() { ::kill(pid_, SIGKILL); }
    void close_input() {
        if (in_ >= 0) ::close(in_);
        in_ = -1;
    }
    /// Reads to the end; the exit code, or minus the signal.
    int finish() {
        while (read_some()) {
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    /// Whole lines only: what was cut in the middle was never read by anybody.
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (std::size_t start = 0, end; (end = output_.find('\n', start)) != std::string::npos; start = end + 1)
            all.push_back(output_.substr(start, end - start));
        return all;
    }

private:
    bool read_some() {
        char bytes[65536];
        const auto count = ::read(out_, bytes, sizeof bytes);
        if (count > 0) output_.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }

    pid_t pid_ = -1;
    int in_ = -1, out_ = -1;
    std::string output_;
};

int command(const std::vector<std::string>& arguments) {
    Process process(arguments);
    process.close_input();
    return process.finish();
}

}  // namespace

TEST_CASE("a selling till killed at random moments") {
    ::signal(SIGPIPE, SIG_IGN);  // the child may be dead before it has read its line
    const std::uint64_t seed = number_from("PAPRSEK_SEED", std::random_device{}()), kills = number_from("PAPRSEK_KILLS", 200);
    std::printf("seed %llu (PAPRSEK_SEED repeats it)\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    test::TemporaryFolder folder(test::TemporaryFolder::On::disk);  // where a sync takes its time and kills meet it
    const std::string shop = folder.file("shop");
    REQUIRE(command({"init", shop, "--branch", "3", "--name", "Shop"}) == 0);
    std::ofstream(folder.file("products.csv")) << "code,name,price,vat\nA,Bread,12.90,A\nB,Soap,33.33,B\n";
    REQUIRE(command({"import-catalogue", shop, folder.file("products.csv")}) == 0);

    const std::string line = R"({"customer":"2900000000018","lines":[{"code":"A","qty":"3"},{"code":"B"},{"text":"Bag","price":"5"}],"redeem":"max"})" "\n";
    std::size_t answers = 0;
    for (std::uint64_t round = 1; round <= kills; ++round) {
        CAPTURE(round);
        std::vector<std::string> booked;
        {
            Process sell({"sell", shop});
            // From before the program has started up to some tens of sales later; every other round surely meets a selling one,
            // however long a busy machine takes to start it.
            if (round % 2 == 0) sell.run_to_first_answer(line);
            sell.run(line, SteadyClock::now() + std::chrono::microseconds(random() % 60'000));
            sell.kill_now();
            REQUIRE(sell.finish() == -SIGKILL);
            booked = sell.lines();
        }
        test::SeededRandom node_random(round);
        const auto node = node::Node::open(shop, node::system_clock(), node_random);
        for (const std::string& text : booked) {
            const Json answer = Json::parse(text);
            REQUIRE(answer.contains("receipt"));
            const auto number = node::parse_receipt_number(answer["receipt"].get<std::string>(), {3, 1});
            REQUIRE(number);
            const auto stored = node::receipt_by_number(node->database(), {3, 1}, *number);
            REQUIRE(stored);
            CHECK(stored->seq == answer["seq"].get<std::int64_t>());
            CHECK(node::print(stored->fact.net()) == answer["net"].get<std::string>());
        }
        answers += booked.size();
        const auto verified = node::verify(node->database(), {3, 1});
        REQUIRE_MESSAGE(verified.ok(), verified.faults.front());
        // Numbers 1 … n in the order of the facts, each once.
        std::int64_t expected = 0;
        for (auto rows = node->database().query("SELECT number FROM receipt ORDER BY seq"); rows.step();) REQUIRE(rows.integer(0) == ++expected);
    }
    std::printf("%zu answers read over %llu kills\n", answers, static_cast<unsigned long long>(kills));
    CHECK(answers > kills / 2);  // else nothing was tested
    CHECK(command({"verify", shop}) == 0);
    CHECK(command({"sell", shop, "--script", "/dev/null"}) == 0);
}
