// Kills a till (SIGKILL) between and within keystrokes: receipts in hand, parked, at tables, divided, merged, paid. What is left
// must be, row by row, what a twin holds that played the same commands in peace: those that had returned, or one more. So the
// receipts are back with the same lines, customers and discounts, a paid one is never open again, and no line is there twice.
// Prints its seed; PAPRSEK_SEED repeats a run, PAPRSEK_KILLS sets how many.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "node/branch_import.h"
#include "node/till.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

using namespace paprsek;
using node::Draft;
using node::DraftPart;
using node::Place;

namespace {

constexpr node::Instant start{1'772'438'400'000};

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : fallback;
}

/// Who writes the open receipt: each command, or a keeper beside, as in the window.
enum class Kept { by_command, beside };

/// A till whose n-th command is always the same, given the same commands before it.
class TwinTill {
public:
    TwinTill(const std::string& folder, std::uint64_t seed, Kept kept = Kept::by_command)
        : seed_(seed), random_(1), node_(node::Node::open(folder, clock_, random_)), till_(*node_, node::Keep::every_command) {
        till_.set_cashier("anna");
        if (kept == Kept::beside) till_.set_keeper(&keeper_.emplace(node_->database().path()));
    }

    /// True where all that was played is on the disk.
    bool kept() { return till_.kept(); }

    void play(std::uint64_t number) {
        clock_.set({start.ms + static_cast<std::int64_t>(number) * 1000});
        chance_ = std::make_unique<test::SeededRandom>(seed_ * 1'000'003 + number);
        const auto below = [&](std::int64_t bound) { return chance_->below(bound); };
        const auto line = static_cast<std::size_t>(below(static_cast<std::int64_t>(till_.view().lines.size()) + 1));
        const auto parked = till_.parked();
        const std::int64_t id = parked.empty() ? 1 : parked[static_cast<std::size_t>(below(static_cast<std::int64_t>(parked.size())))].id;
        const Place place = below(4) ? Place{below(2) ? "Garden" : "", fmt::format("T{}", below(3))} : Place{};
        const std::vector<DraftPart> parts{{static_cast<std::size_t>(below(3)), below(2) ? std::optional(node::one_piece) : std::nullopt}};
        node::Booked booked;
        switch (below(20)) {
            case 0: till_.log_in(fmt::format("{}", below(4))); break;
            case 1: till_.log_out(); break;
            case 2: till_.set_discount(line, node::Rate::of(below(50) * 1'000'000)); break;
            case 3: till_.set_quantity(line, node::Quantity::of(1000 * (1 + below(4)))); break;
            case 4: till_.set_price(line, node::Money::of(below(9000))); break;
            case 5: till_.void_line(line, "mistake"); break;
            case 6: till_.redeem(below(2) ? std::optional(node::Money::of(below(2000))) : std::nullopt); break;
            case 7:
            case 8: till_.park(place); break;
            case 9:
            case 10: till_.recall(id); break;
            case 11: till_.open_table(place); break;
            case 12: till_.move(below(2) ? std::optional(id) : std::nullopt, place); break;
            case 13: till_.merge(id, parked.size() > 1 && below(2) ? std::optional(parked[0].id) : std::nullopt); break;
            case 14: till_.split(below(2) ? std::optional(id) : std::nullopt, parts, place); break;
            case 15: till_.keep_part(parts); break;
            case 16: below(3) ? till_.pay({}, booked) : till_.void_parked(id, parts, "cold"); break;
            case 17: below(4) ? till_.pay({}, booked) : till_.void_receipt("gone"); break;
            default: till_.enter(fmt::format("{}*{}", 1 + below(3), 1000 + below(5))); break;  // 1004 is not in the catalogue
        }
    }

    /// Everything that was ever kept, and what the session shows.
    std::string state() {
        std::string text;
        const auto add = [&](std::string_view sql) {
            for (auto rows = node_->database().query(sql); rows.step(); text += '\n')
                for (int i = 0; i < rows.columns(); ++i) text += rows.optional_text(i).value_or("-") + "|";
        };
        add("SELECT seq, at, kind, body, hex(hash) FROM fact ORDER BY seq");
        add("SELECT * FROM open_receipt");
        add("SELECT * FROM parked_receipt ORDER BY id");
        const node::TillView& view = till_.view();
        text += fmt::format("{} lines, {} due\n", view.lines.size(), print(view.due));
        return text;
    }
    std::vector<std::string> faults() { return node::verify(node_->database(), node_->info().node).faults; }
    std::int64_t receipts() { return node_->database().integer("SELECT count(*) FROM receipt").value_or(0); }

private:
    std::uint64_t seed_;
    node::ManualClock clock_{start};
    test::SeededRandom random_;
    std::unique_ptr<test::SeededRandom> chance_;
    std::unique_ptr<node::Node> node_;
    std::optional<node::OpenReceiptKeeper> keeper_;
    node::Till till_;
};

void prepare(const test::TemporaryFolder& files, const std::string& folder) {
    node::ManualClock clock(start);
    test::SeededRandom random(1);
    const auto node = node::Node::create(folder, {{3, 1}, "Shop", "CZK", "Europe/Prague", "cs"}, clock, random);
    std::ofstream(files.file("products.csv")) << "code,name,price,vat\n1000,Bread,12.90,A\n1001,Soap,33.33,B\n1002,Milk,9.90,B\n1003,Beer,59.00,A\n";
    std::ofstream(files.file("customers.csv")) << "number,name,discount,points\n1,Petr,5,1000\n2,Eva,,50\n3,Jan,10,\n";
    node::import_catalogue(*node, files.file("products.csv"));
    node::import_customers(*node, files.file("customers.csv"));
}

/// The rows at which two states part; empty = they are the same.
std::string first_difference(const std::string& is, const std::string& should) {
    const auto at = std::mismatch(is.begin(), is.end(), should.begin(), should.end());
    if (at.first == is.end() && at.second == should.end()) return {};
    const auto row = [](const std::string& text, std::string::const_iterator place) {
        const auto from = text.rfind('\n', static_cast<std::size_t>(place - text.begin()));
        return text.substr(from == std::string::npos ? 0 : from + 1, 1500);
    };
    return "holds: " + row(is, at.first) + "\n... where its twin holds: " + row(should, at.second);
}

/// What a till had come to when it was killed.
struct Killed {
    std::uint64_t kept = 0;    ///< so many commands were on the disk by its own word
    std::uint64_t played = 0;  ///< had returned, at least
};

/// Commands from `next` on in a process of its own, killed after at most `most` microseconds.
Killed killed_till(const std::string& folder, std::uint64_t seed, Kept kept, std::uint64_t next, std::uint64_t most, std::mt19937_64& random) {
    int pipe[2];
    if (::pipe(pipe) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        TwinTill till(folder, seed, kept);
        for (std::uint64_t number = next;; ++number) {
            till.play(number);
            if (::write(pipe[1], till.kept() ? "k" : "p", 1) != 1) ::_exit(1);
        }
    }
    ::close(pipe[1]);
    Killed killed;
    char bytes[4096];
    const auto read_some = [&] {
        const auto count = ::read(pipe[0], bytes, sizeof bytes);
        for (ssize_t i = 0; i < count; ++i) {
            ++killed.played;
            if (bytes[i] == 'k') killed.kept = killed.played;
        }
        return count > 0;
    };
    read_some();  // the till is up; from here on the moment is anybody's
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % most);
    for (auto now = std::chrono::steady_clock::now(); now < until; now = std::chrono::steady_clock::now()) {
        pollfd ready{pipe[0], POLLIN, 0};
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - now).count();
        const timespec wait{left / 1'000'000'000, left % 1'000'000'000};
        if (::ppoll(&ready, 1, &wait, nullptr) > 0) read_some();
    }
    ::kill(child, SIGKILL);
    while (read_some()) {
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return killed;
}

void kill_tills(Kept kept) {
    const std::uint64_t seed = number_from("PAPRSEK_SEED", std::random_device{}()), kills = number_from("PAPRSEK_KILLS", 100);
    std::printf("seed %llu (PAPRSEK_SEED repeats it)\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    std::mt19937_64 random(seed);
    test::TemporaryFolder disk(test::TemporaryFolder::On::disk), memory;
    prepare(disk, disk.file("shop"));
    prepare(memory, memory.file("shop"));
    TwinTill twin(memory.file("shop"), seed);
    std::uint64_t done = 0, within = 0;
    for (std::uint64_t round = 1; round <= kills; ++round) {
        CAPTURE(round);
        const Killed killed = killed_till(disk.file("shop"), seed, kept, done, 40'000, random);
        for (std::uint64_t i = 0; i < killed.kept; ++i) twin.play(done++);
        TwinTill again(disk.file("shop"), seed);
        const std::string state = again.state();
        // Those behind were on their way to the disk, and so was the one under way.
        for (std::uint64_t i = killed.kept; i <= killed.played && state != twin.state(); ++i) {
            twin.play(done++);
            ++within;
        }
        REQUIRE(first_difference(state, twin.state()) == "");
        if (round % 10 == 0) REQUIRE(again.faults().empty());
    }
    std::printf("%llu commands over %llu kills, %llu of them not answered yet, %lld receipts paid\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(kills), static_cast<unsigned long long>(within), static_cast<long long>(twin.receipts()));
    CHECK(done > kills);
    CHECK(twin.receipts() > 0);
}

}  // namespace

TEST_CASE("a till killed within keystrokes has its receipts back, in hand and put aside") { kill_tills(Kept::by_command); }

TEST_CASE("a till whose receipt is kept beside has all back that it called kept") { kill_tills(Kept::beside); }
