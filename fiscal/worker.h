// The printer beside a till's window. Everything that has to wait for a device is done on a thread of its own, with a Node of its own on
// the same folder; the window's thread leaves wishes and reads what was found last. Selling never waits for a printer: no call here
// but the destructor does.
//
// What is due (node/printing.h) is worked off by itself, also what another program has booked, and what a killed program had begun. In
// synchronous mode the paper follows the receipt in hand; several changes that come while the device is at work are one to it.
//
// Threads: one object belongs to the window's thread. The worker calls `changed` from its own.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "fiscal/counter.h"
#include "fiscal/ecr/collect.h"
#include "fiscal/service.h"
#include "fiscal/vat.h"

namespace paprsek::fiscal {

/// What was found last.
struct PrinterState {
    enum class Line {
        none,       ///< no printer is set
        asking,     ///< nothing is known yet
        connected,  ///< it answers
        away,       ///< it does not
        elsewhere   ///< another program drives it
    };
    DeviceSetting setting;
    const Profile* profile = nullptr;  ///< of the setting, never null once something was looked at
    Line line = Line::asking;
    bool forbidden = false;  ///< its VAT rates or its clock are not ours: nothing may be sold
    std::string why;         ///< a sentence: why it is away, or must not be sold with, or what the rest waits for
    std::vector<Fault> faults, warnings;
    Identity identity;
    DeviceRates rates;                         ///< of its letters
    std::optional<std::int64_t> clock_off_s;   ///< its clock less ours
    std::size_t slips = 0;                     ///< that wait for it
    bool busy = false;                         ///< something is on its way
    bool ready() const { return line == Line::connected && !forbidden && faults.empty(); }
    friend bool operator==(const PrinterState&, const PrinterState&) = default;
};

enum class Wish { look, drawer, test_page, report_x, report_z, clock, collect, resolve, find, slip, drop_slips };

/// What a person should hear of, in order.
struct PrinterNews {
    enum class Kind {
        trouble,    ///< `state` says what: it was well before
        mended,     ///< it is well again
        person,     ///< something waits for a person's word
        done,       ///< a wish, in `wish`
        not_done,   ///< a wish; `why` is a sentence
        waits       ///< a slip: it is printed when the printer can; `why` it cannot now
    };
    Kind kind = Kind::done;
    Wish wish = Wish::look;
    std::string why;
    ReportMade report;    ///< of report_x, report_z
    Collected collected;  ///< of collect
    Looked looked;        ///< of find
};

class PrinterWorker final : public node::TillPrinter {
public:
    struct Options {
        std::string folder;  ///< of the node
        node::Clock& wall = node::system_clock();
        node::Random& random = node::system_random();
        std::function<void()> changed = [] {};  ///< called on the worker's thread where the state or the news changed
        /// Of a test: the driver in place of make_device().
        std::function<std::unique_ptr<Device>(node::Node&, const DeviceSetting&)> device = {};
    };
    /// `node` is the window's own.
    PrinterWorker(node::Node& node, Options options);
    /// Ends the document at hand and waits for it.
    ~PrinterWorker() override;
    PrinterWorker(const PrinterWorker&) = delete;
    PrinterWorker& operator=(const PrinterWorker&) = delete;

    /// Starts the thread. Without it a test does the work by turn().
    void start();
    /// One round of the worker; how long it may rest before the next one, in milliseconds.
    int turn();

    // What the till session asks. Answered from what was found last.
    std::string no_customers() override;
    std::string no_discounts() override;
    std::string refuses(const node::TillView& view, const std::vector<node::Tender>& tenders) override;
    void follow(const node::TillView& view) override;
    /// Something was booked: the worker takes it up. Tells what is pending now.
    Prints print_due() override;
    /// The receipt in hand was paid: it is printed, the customer sees what it came to, and the drawer opens where it shall.
    void paid(const node::Booked& booked);

    /// An act of the till opens it; a model that has none says nothing.
    void open_drawer();

    // What a person asks. The answer comes as news.
    void wish(Wish wish, std::string argument = {});
    /// A slip as a copy (fiscal::slip_of), or "statement", "brief-statement" of a customer: printed behind what is due, as soon as the
    /// printer can, and again from its beginning where that ran out of paper in the middle. Not kept when the program ends.
    void print_slip(std::string name, std::string customer = {});
    void collect(std::string cashier);
    void resolve(std::int64_t seq, PrintQueue::Resolution resolution, std::string cashier, std::string reason);
    /// Another printer was set, or the stationery: it is read again. The setting itself is written by set_device().
    void set_anew();

    PrinterState state() const;
    std::vector<PrinterNews> take_news();
    /// Nothing is under way, and the printer was looked at: a picture of the window may be taken.
    bool settled() const;

private:
    struct Asked {
        Wish wish = Wish::look;
        std::string text = {}, reason = {};  ///< address; cashier and reason; a slip
        std::string customer = {};           ///< of a statement
        std::int64_t seq = 0;
        PrintQueue::Resolution resolution = PrintQueue::Resolution::printed;
        bool by_itself = false;  ///< no person asked: a model that cannot says nothing
    };
    struct Shown {
        std::string first, second;
        bool operator==(const Shown&) const = default;
    };
    class Work;

    /// What was asked since the last round.
    struct Mail {
        std::deque<Asked> wishes;
        std::optional<Receipt> hand;
        std::optional<Shown> shown;
        bool anew = false, rests = false;
    };
    void ask(Asked asked);
    void tell(PrinterNews news);
    void publish(const PrinterState& state);
    Mail take_mail();
    void run();

    node::Node& node_;
    Options options_;
    std::unique_ptr<Device> paper_knowledge_;  ///< never connected: what the model can print at all

    mutable std::mutex mutex_;
    std::condition_variable called_;
    // Guarded by the mutex.
    PrinterState state_;
    std::deque<PrinterNews> news_;
    std::deque<Asked> wishes_;
    std::optional<Receipt> hand_;  ///< newer than what the worker has
    bool hand_rests_ = false;      ///< between the question before a payment and its outcome nothing of it is sent
    std::optional<Shown> shown_;
    bool anew_ = false, called_now_ = false, stop_ = false, working_ = false;

    std::unique_ptr<Work> work_;  ///< of the worker's thread
    std::jthread thread_;         ///< last: joined before what it uses goes
};

}  // namespace paprsek::fiscal
