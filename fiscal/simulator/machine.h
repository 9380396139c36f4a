// The simulated device on its wire: frames in, "busy", replies out, at the times at which a device sends them; and everything that
// can go wrong in between. Knows no socket and no clock: whoever carries the bytes says what time it is.
#pragma once
#include <deque>
#include <map>
#include <set>

#include "fiscal/datecs/frame.h"
#include "fiscal/simulator/register.h"

namespace paprsek::fiscal::simulator {

/// What may happen at a request. `busy` and `not_taken` happen `count` times, `late` by milliseconds.
enum class Mishap {
    drop_request,
    drop_reply,
    double_reply,
    late_reply,
    corrupt_reply,
    busy,
    not_taken,
    restart_before,
    restart_after,
    paper_out,
    cover_open,
    memory_full,
    clock_not_set,
    day_too_long,
    noise,
    wrong_sequence,
    by_hand,
    split_reply,
    drop_line
};
std::string_view print(Mishap mishap);
std::optional<Mishap> parse_mishap(std::string_view text);

struct Behaviour {
    bool remembers_sequence = false;  ///< over a restart
    bool compares_command = false;    ///< a repetition is one of number and command, not of the number alone
    int reply_ms = 20;
    int print_ms = 60;  ///< of a command that prints
    int report_ms = 900;
    int boot_ms = 1'500;
};

class Machine {
public:
    Machine(Settings settings, Memory memory, Behaviour behaviour = {});

    Register& device() { return register_; }
    const Behaviour& behaviour() const { return behaviour_; }

    /// At request number `at` (from 1, repetitions not counted).
    void plan(std::int64_t at, Mishap mishap, int count = 3);
    /// At each request with a chance of `per_mille`, drawn by `draw` (0 … bound − 1).
    void at_random(std::function<std::int64_t(std::int64_t bound)> draw, int per_mille);

    void receive(unsigned char byte, std::int64_t now_ms);
    /// When the next byte leaves the device; nothing = there is none.
    std::optional<std::int64_t> next_at() const;
    unsigned char send();
    /// Switched off and on again: what was on its way in or out is gone.
    void restart(std::int64_t now_ms);
    void new_line() { reader_.forget(); }
    /// True once after a mishap that pulls the cable.
    bool take_line_drop() { return std::exchange(line_dropped_, false); }

    std::int64_t requests() const { return requests_; }
    /// A line for each thing that happened, for people.
    std::function<void(const std::string&)> on_event;
    /// After each command that may have changed the memory.
    std::function<void()> on_change;

private:
    struct Answered {
        std::string data;
        Refusal refusal = Refusal::none;
        int ms = 0;
        std::int64_t code = 0;  ///< of X
    };
    void handle(const datecs::Message& request, std::int64_t now_ms);
    std::vector<Mishap> mishaps_now(std::map<Mishap, int>& counts);
    void switches(Mishap mishap);
    Answered execute(const datecs::Message& request);
    Answered classic(int command, const std::string& data);
    Answered classic_question(int command, const std::string& data);
    Answered classic_read(int command, const std::string& data);
    Answered x(int command, const std::string& data);
    Answered x_question(int command, const std::vector<std::string>& fields);
    Answered x_journal(const std::vector<std::string>& fields);
    std::vector<unsigned char> status(const Answered& answered) const;
    std::vector<unsigned char> first_generation_status() const;
    datecs::Form form() const;
    void out(const Bytes& bytes, std::int64_t at_ms);
    void say(const std::string& event) const;
    std::string utf8(const std::string& bytes) const;
    std::string bytes(const std::string& utf8, std::size_t most) const;

    Register register_;
    Behaviour behaviour_;
    datecs::Reader reader_;
    std::deque<std::pair<std::int64_t, unsigned char>> output_;
    std::int64_t busy_until_ = 0;  ///< later requests are executed after it
    std::int64_t dead_until_ = 0;  ///< booting
    std::int64_t requests_ = 0;
    std::multimap<std::int64_t, std::pair<Mishap, int>> planned_;
    std::function<std::int64_t(std::int64_t)> draw_;
    int per_mille_ = 0;
    bool line_dropped_ = false;
    int not_taken_left_ = 0;
    std::optional<datecs::Message> last_request_;
    Bytes last_reply_;
    std::vector<std::string> journal_lines_;
    std::size_t journal_at_ = 0;
};

}  // namespace paprsek::fiscal::simulator
