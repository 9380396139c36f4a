// The print queue: everything that is due (node/printing.h) goes to the device in its order, each exactly once.
//
// Before each step its number is written down and synced; then it is sent. Where the outcome is not known (line broken, no answer, this
// program killed), the device is asked what it holds, and decide() says what follows from it. What cannot be decided is handed to a
// person with the evidence, and the next goes on. Nothing is ever printed again on a guess.
//
// Threads: that of its Node. Durable on return: what the report says.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/job.h"
#include "node/printing.h"

namespace paprsek::fiscal {

struct QueueOptions {
    Mode mode = Mode::asynchronous;
    std::int64_t clock_tolerance_s = 300;  ///< by which the device's clock may be off
};

class PrintQueue {
public:
    /// All three outlive it. `wall` is the real time, which a script's clock is not.
    PrintQueue(node::Node& node, Device& device, node::Clock& wall, QueueOptions options = {}) : node_(node), device_(device), wall_(wall), options_(options) {}

    struct Report {
        int printed = 0;      ///< done now
        int handed_over = 0;  ///< now waiting for a person
        std::string waiting;  ///< why the rest waits ("The printer is out of paper."); empty = nothing waits
    };
    /// Prints what is due, `most` at most. Takes as long as the device does.
    Report work(std::size_t most = SIZE_MAX);

    /// Opens the line where it is broken: whatever was sent over the old one may have been done or not.
    Reply open_line();
    /// Opens it and compares rates and clock with ours; a sentence where the device may not be sold with. Nothing = all is well.
    std::optional<std::string> check();
    /// The next check() compares again: the policy, the day or much time has changed.
    void check_again() { checked_ = false; }

    // A receipt that is printed as it is rung up (synchronous).
    /// Brings what the device holds in line with `wanted`: sells what is new, takes back what is gone. Not a word of it is lost: at the
    /// payment the receipt is finished, by work(). Does nothing while something else is due. A sentence where the device is behind.
    std::optional<std::string> follow(const Receipt& wanted);
    /// The receipt in hand was given up.
    std::optional<std::string> abandon();

    enum class Resolution { printed, again, given_up };
    /// A person's answer for what waits for one. Throws node::Error (refused) where nothing does.
    void resolve(std::int64_t seq, Resolution resolution, const std::string& cashier, const std::string& reason);

    /// Remembers how the device's day stands now.
    void note_day(const Holding& holding);
    /// A day of the device that was closed behind the till's back is booked; a sentence about it.
    std::optional<std::string> look_at_day(const Holding& holding);

private:
    enum class Progress { done, waiting, person, again };
    /// Recoveries within one attempt; a device that keeps refusing is a person's matter.
    static constexpr int most_rounds = 8;
    struct Work {
        std::optional<Receipt> receipt;
        node::Money cash;
        bool closing = false;
    };
    bool fit_to_sell(std::string& why);
    Work work_of(std::int64_t seq);
    Progress one(std::int64_t seq);
    Progress print_receipt(Job& job, const Receipt& receipt);
    Progress run_steps(Job& job, const Receipt& receipt, const std::vector<Step>& plan, std::size_t from);
    Progress recover(Job& job, const Receipt& receipt, const std::vector<Step>& plan);
    Progress act_on(Job& job, const Receipt& receipt, const std::vector<Step>& plan, const Decision& decision, const Holding& now);
    Progress cancel_and_start(Job& job);
    Progress strike_out(Job& job);
    Progress move_cash(Job& job, node::Money amount);
    Progress close_day(Job& job);
    std::vector<Step> plan_of(Job& job, const Receipt& receipt) const;
    void adopt(std::int64_t seq, const Receipt& receipt);
    bool ask(Holding& holding);
    bool begin(Job& job);
    void keep(const Job& job);
    Progress hand_over(Job& job, const std::string& why, const Holding* found);
    Progress wait(const std::string& why);
    void book(const Job& job, const char* how);
    static void bring_in_line(Job& job, const std::vector<Step>& wanted);

    node::Node& node_;
    Device& device_;
    node::Clock& wall_;
    QueueOptions options_;
    std::string waiting_;
    std::int64_t session_of_ = -1;  ///< the job whose last step went out over this very line
    bool checked_ = false;
    std::optional<Holding> day_;  ///< as its day stands by what was printed just now; nothing = it has to be asked
    void day_grows(const Job& job, const std::map<node::TenderKind, node::Money>& paid, node::Money cash);
};

}  // namespace paprsek::fiscal
