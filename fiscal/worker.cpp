#include "fiscal/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "fiscal/from_fact.h"
#include "fiscal/receipt/letters.h"
#include "fiscal/receipt/words.h"
#include "node/base/error.h"
#include "node/printing.h"
#include "node/receipts.h"

namespace paprsek::fiscal {
namespace {

using Where = PrinterState::Line;

constexpr int idle_ms = 1'000;               ///< what another program booked is taken up that soon
constexpr std::int64_t look_ms = 2'500;      ///< how often an idle printer is asked for its state
constexpr std::int64_t retry_ms = 2'000;     ///< after something that could not be done
constexpr std::int64_t check_ms = 600'000;   ///< after which rates and clock are compared again
constexpr std::int64_t day_ms = 60'000;      ///< after which an idle device's day is looked at
constexpr std::size_t slips_max = 20;
constexpr const char* no_printer = "No printer is set.";

bool passed(std::int64_t since, std::int64_t now, std::int64_t span) { return now - since >= span || now < since; }

/// "Rohlík         2.90": both ends of a display's line.
std::string both_ends(const std::string& left, const std::string& right, int width) {
    const auto letters = letters_of(left);
    const std::size_t wide = static_cast<std::size_t>(std::max(0, width)), tail = letters_of(right).size();
    if (tail >= wide) return right;
    const std::size_t room = wide - tail, shown = std::min(letters.size(), room - 1);
    return utf8_of(letters.substr(0, shown)) + std::string(room - shown, ' ') + right;
}

}  // namespace

// ------------------------------------------------------------------------------------------------ the worker's side

/// All that belongs to the worker's thread.
class PrinterWorker::Work {
public:
    explicit Work(PrinterWorker& desk) : desk_(desk) {}

    int round(Mail mail);
    PrinterState state;

private:
    std::int64_t now() { return desk_.options_.wall.now().ms; }
    void load(bool anew);
    void make();
    bool have_line();
    void grant(const Asked& asked);
    Reply done_by(const Asked& asked, PrinterNews& news);
    void find(const Asked& asked);
    bool print();
    bool print_slip();
    Slip lay_out(const Asked& asked, int columns);
    void follow(bool rests);
    void show();
    void look();
    void read_details();
    void compare_again();
    void lost_patience(const std::string& why);
    void announce();

    PrinterWorker& desk_;
    std::unique_ptr<node::Node> node_;
    std::string read_;  ///< setting and stationery as they were taken over
    std::unique_ptr<Device> device_;
    std::unique_ptr<PrintQueue> queue_;
    std::unique_ptr<DeviceLock> lock_;
    std::optional<Receipt> hand_;  ///< to be followed
    std::optional<Shown> shown_;
    std::deque<Asked> slips_;        ///< to be printed
    bool slip_told_ = false;         ///< that the first of them waits
    std::optional<std::int64_t> looked_, failed_, checked_, day_seen_;
    bool was_connected_ = false;
    std::int64_t policy_ = -1;
    node::Date today_{};
    struct Condition {
        Where line = Where::asking;
        bool forbidden = false;
        std::optional<Fault> fault;
        bool operator==(const Condition&) const = default;
    };
    std::optional<Condition> announced_;
};

int PrinterWorker::Work::round(Mail mail) {
    if (!node_) node_ = node::Node::open(desk_.options_.folder, desk_.options_.wall, desk_.options_.random);
    load(mail.anew);
    if (mail.hand) hand_ = std::move(mail.hand);
    if (mail.shown) shown_ = std::move(mail.shown);
    for (const Asked& asked : mail.wishes) grant(asked);
    bool more = false;
    if (device_ && have_line()) {
        compare_again();
        more = print() || print_slip();
        if (!more) follow(mail.rests);
        show();
        if (!looked_ || passed(*looked_, now(), look_ms)) look();
    }
    announce();
    state.busy = more;
    state.slips = slips_.size();
    desk_.publish(state);
    return more ? 0 : idle_ms;
}

/// The setting and what is printed beside the facts; another printer begins anew.
void PrinterWorker::Work::load(bool anew) {
    std::string read = json_of(device_setting(*node_)).dump() + kept_stationery(*node_);
    if (!anew && read == read_) return;
    read_ = std::move(read);
    make();
}

void PrinterWorker::Work::make() {
    queue_.reset();
    device_.reset();
    state = {};
    state.setting = device_setting(*node_);
    state.profile = find_profile(state.setting.profile);
    looked_.reset();
    failed_.reset();
    announced_.reset();
    was_connected_ = false;
    if (state.profile->dialect == Dialect::none) {
        state.line = Where::none;
        lock_.reset();
        return;
    }
    const auto& make = desk_.options_.device;
    device_ = make ? make(*node_, state.setting) : make_device(*node_, state.setting);
    queue_ = std::make_unique<PrintQueue>(*node_, *device_, desk_.options_.wall, queue_options(state.setting));
    if (!lock_) lock_ = std::make_unique<DeviceLock>(node_->folder());
}

bool PrinterWorker::Work::have_line() {
    if (lock_->take()) return true;
    state.line = Where::elsewhere;
    state.why = "Another program drives the printer.";
    return false;
}

// ------------------------------------------------------------------------------------------------ wishes

void PrinterWorker::Work::grant(const Asked& asked) {
    if (asked.wish == Wish::find) return find(asked);
    if (asked.wish == Wish::drop_slips) return slips_.clear();
    if (asked.wish == Wish::slip && device_ && slips_.size() < slips_max) return slips_.push_back(asked);
    PrinterNews news;
    news.wish = asked.wish;
    Reply reply;
    try {
        if (!device_)
            reply = {Answer::refused, no_printer};
        else if (asked.wish == Wish::slip)
            reply = {Answer::refused, "Too many slips wait for the printer."};
        else if (!have_line())
            reply = {Answer::not_ready, state.why};
        else
            reply = done_by(asked, news);
    } catch (const node::Error& error) {
        reply = {Answer::refused, error.why()};
    }
    news.kind = reply.ok() ? PrinterNews::Kind::done : PrinterNews::Kind::not_done;
    news.why = reply.why;
    looked_.reset();
    if (asked.by_itself && (reply.ok() || reply.answer == Answer::refused)) return;
    if (asked.wish == Wish::look && !reply.ok()) return;  // the state says it
    desk_.tell(std::move(news));
}

Reply PrinterWorker::Work::done_by(const Asked& asked, PrinterNews& news) {
    if (asked.wish == Wish::resolve) {
        queue_->resolve(asked.seq, asked.resolution, asked.text, asked.reason);
        return {};
    }
    if (Reply reply = queue_->open_line(); !reply.ok()) return reply;
    switch (asked.wish) {
        case Wish::drawer:
            return device_->open_drawer();
        case Wish::test_page:
            return device_->test_page();
        case Wish::report_x:
            return make_report(*node_, *device_, *queue_, ReportKind::x, news.report);
        case Wish::report_z:
            return make_report(*node_, *device_, *queue_, ReportKind::z, news.report);
        case Wish::clock:
            queue_->check_again();
            was_connected_ = false;
            return set_device_clock(node_->zone(), *device_, desk_.options_.wall.now());
        case Wish::collect:
            news.collected = fiscal::collect(*node_, *device_, *queue_, asked.text);
            return news.collected.why.empty() ? Reply{} : Reply{Answer::refused, news.collected.why};
        default:
            queue_->check_again();
            was_connected_ = false;
            return {};
    }
}

void PrinterWorker::Work::find(const Asked& asked) {
    PrinterNews news;
    news.wish = Wish::find;
    // Two programs, or two of ours, on one line would take each other's answers.
    queue_.reset();
    device_.reset();
    try {
        news.looked = look_for_devices(asked.text.empty() ? likely_addresses() : std::vector{asked.text});
    } catch (const node::Error& error) {
        news.kind = PrinterNews::Kind::not_done;
        news.why = error.why();
    }
    make();
    desk_.tell(std::move(news));
}

// ------------------------------------------------------------------------------------------------ work

void PrinterWorker::Work::lost_patience(const std::string& why) {
    failed_ = now();
    looked_.reset();
    state.why = why;
}

/// The next of what is due; true where another may follow at once.
bool PrinterWorker::Work::print() {
    if (failed_ && !passed(*failed_, now(), retry_ms)) return false;
    if (node::prints_due(node_->database(), 1).empty()) return false;
    if (!state.busy) {
        state.busy = true;
        desk_.publish(state);
    }
    // What is open on the device comes first, and may be of any of those that are due.
    const bool in_hand = node::print_job(node_->database(), 0).has_value();
    const auto report = queue_->work(in_hand ? SIZE_MAX : 1);
    state.line = device_->connected() ? Where::connected : Where::away;
    if (report.handed_over) {
        PrinterNews news;
        news.kind = PrinterNews::Kind::person;
        desk_.tell(std::move(news));
    }
    if (!report.waiting.empty()) {
        lost_patience(report.waiting);
        return false;
    }
    failed_.reset();
    return report.printed + report.handed_over > 0;
}

Slip PrinterWorker::Work::lay_out(const Asked& asked, int columns) {
    const Form form = form_of(*node_, columns);
    if (asked.customer.empty()) return slip_of(*node_, asked.text, form, Issue::copy);
    return statement_of(*node_, asked.customer, asked.text == "brief-statement", form);
}

/// The next slip that somebody asked for; true where another may follow at once. A receipt that is open on the paper goes first.
bool PrinterWorker::Work::print_slip() {
    if (slips_.empty() || (failed_ && !passed(*failed_, now(), retry_ms)) || node::print_job(node_->database(), 0)) return false;
    PrinterNews news;
    news.wish = Wish::slip;
    Reply reply = queue_->open_line();
    if (!reply.ok()) reply.answer = Answer::not_ready;
    try {
        const int columns = device_->slip_columns();
        if (reply.ok()) reply = columns > 0 ? device_->print(lay_out(slips_.front(), columns)) : Reply{Answer::refused, "This printer prints no slips."};
    } catch (const node::Error& error) {
        reply = {Answer::refused, error.subject() + " " + error.why() + "."};
    }
    state.line = device_->connected() ? Where::connected : Where::away;
    news.why = reply.why;
    if (reply.answer == Answer::not_ready) {
        lost_patience(reply.why);
        news.kind = PrinterNews::Kind::waits;
        if (!std::exchange(slip_told_, true)) desk_.tell(std::move(news));
        return false;
    }
    slips_.pop_front();
    slip_told_ = false;
    if (reply.ok()) failed_.reset();
    looked_.reset();
    if (reply.answer == Answer::unknown) news.why += " Look at the paper before you print it again.";
    news.kind = reply.ok() ? PrinterNews::Kind::done : PrinterNews::Kind::not_done;
    desk_.tell(std::move(news));
    return !slips_.empty();
}

void PrinterWorker::Work::follow(bool rests) {
    if (!hand_ || rests || state.setting.mode != Mode::synchronous || (failed_ && !passed(*failed_, now(), retry_ms))) return;
    const Receipt wanted = *hand_;
    const bool begun = node::print_job(node_->database(), 0).has_value();
    std::optional<std::string> behind;
    if (!wanted.lines.empty())
        behind = queue_->follow(wanted);
    else if (begun && node::prints_due(node_->database(), 1).empty())
        behind = queue_->abandon();
    if (!behind)
        hand_.reset();
    else
        lost_patience(*behind);  // at the latest it is printed with the payment
}

void PrinterWorker::Work::show() {
    if (!shown_ || !device_->connected()) return;
    if (state.profile->display_bytes > 0) device_->display(shown_->first, shown_->second);  // what goes wrong with it hurts nobody
    shown_.reset();
}

/// Rates and clock are compared at each new line; a policy, a day or some time later once more.
void PrinterWorker::Work::compare_again() {
    const node::Date today = node_->zone().local({now()}).date;
    const std::int64_t policy = node_->policy().version;
    if (policy == policy_ && today == today_ && checked_ && !passed(*checked_, now(), check_ms)) return;
    policy_ = policy;
    today_ = today;
    checked_ = now();
    queue_->check_again();
}

void PrinterWorker::Work::look() {
    const std::string waiting = failed_ ? state.why : std::string();
    state.why.clear();
    state.faults.clear();
    state.warnings.clear();
    const auto fault = queue_->check();
    Status status;
    Reply reply;
    if (device_->connected()) reply = device_->status(status);
    looked_ = now();
    const bool connected = device_->connected();
    state.line = connected ? Where::connected : Where::away;
    state.forbidden = connected && fault;
    state.why = fault ? *fault : !connected ? reply.why : waiting;
    if (connected) {
        state.identity = device_->identity();
        state.faults = status.faults;
        state.warnings = status.warnings;
        if (!was_connected_) read_details();
        if (!status.faults.empty()) state.why = sentence(status.faults.front());
    }
    was_connected_ = connected;
}

/// For people: letters and clock; and whether its day is still the one that we know.
void PrinterWorker::Work::read_details() {
    if (!state.profile->fiscal) return;
    if (!device_->vat_rates(state.rates).ok()) state.rates.clear();
    std::int64_t clock = 0;
    state.clock_off_s.reset();
    if (device_->clock(clock).ok()) state.clock_off_s = clock - wall_seconds(node_->zone(), {now()});
    if (Holding holding; device_->holding(holding).ok())
        if (auto noticed = queue_->look_at_day(holding)) {
            PrinterNews news;
            news.kind = PrinterNews::Kind::trouble;
            news.why = *noticed;
            desk_.tell(std::move(news));
        }
}

/// What has become worse or well again is told once.
void PrinterWorker::Work::announce() {
    if (state.line == Where::none || state.line == Where::asking) return;
    const bool well = state.ready();
    // Not the sentence: what a line says of its being broken changes from try to try.
    const Condition now{state.line, state.forbidden, state.faults.empty() ? std::nullopt : std::optional(state.faults.front())};
    const auto before = std::exchange(announced_, now);
    if (before == now || (!before && well)) return;
    PrinterNews news;
    news.kind = well ? PrinterNews::Kind::mended : PrinterNews::Kind::trouble;
    news.why = well ? std::string() : state.why;
    desk_.tell(std::move(news));
}

// ------------------------------------------------------------------------------------------------ the window's side

PrinterWorker::PrinterWorker(node::Node& node, Options options) : node_(node), options_(std::move(options)), work_(std::make_unique<Work>(*this)) {
    set_anew();
}

PrinterWorker::~PrinterWorker() {
    {
        const std::lock_guard guard(mutex_);
        stop_ = true;
    }
    called_.notify_all();
}

void PrinterWorker::start() {
    thread_ = std::jthread([this] { run(); });
}

void PrinterWorker::run() {
    for (;;) {
        const int rest = turn();
        std::unique_lock lock(mutex_);
        called_.wait_for(lock, std::chrono::milliseconds(rest), [&] {
            return stop_ || called_now_ || anew_ || !wishes_.empty() || shown_ || (hand_ && !hand_rests_);
        });
        called_now_ = false;
        if (stop_) return;
    }
}

PrinterWorker::Mail PrinterWorker::take_mail() {
    const std::lock_guard guard(mutex_);
    Mail mail;
    mail.wishes = std::exchange(wishes_, {});
    mail.rests = hand_rests_;
    if (!hand_rests_) mail.hand = std::exchange(hand_, std::nullopt);
    mail.shown = std::exchange(shown_, std::nullopt);
    mail.anew = std::exchange(anew_, false);
    working_ = true;
    return mail;
}

int PrinterWorker::turn() {
    int rest = idle_ms;
    try {
        rest = work_->round(take_mail());
    } catch (const std::exception& error) {  // the disk, or the ledger: told, and tried again; the till sells on
        work_->state.line = Where::away;
        work_->state.why = error.what();
        publish(work_->state);
    }
    const std::lock_guard guard(mutex_);
    working_ = false;
    return rest;
}

void PrinterWorker::publish(const PrinterState& state) {
    {
        const std::lock_guard guard(mutex_);
        if (state == state_) return;
        state_ = state;
    }
    options_.changed();
}

void PrinterWorker::tell(PrinterNews news) {
    {
        const std::lock_guard guard(mutex_);
        news_.push_back(std::move(news));
    }
    options_.changed();
}

void PrinterWorker::ask(Asked asked) {
    {
        const std::lock_guard guard(mutex_);
        wishes_.push_back(std::move(asked));
    }
    called_.notify_all();
}

std::string PrinterWorker::no_customers() { return fiscal::no_customers(state().setting); }
std::string PrinterWorker::no_discounts() { return fiscal::no_discounts(state().setting); }

std::string PrinterWorker::refuses(const node::TillView& view, const std::vector<node::Tender>& tenders) {
    Receipt receipt = receipt_in_hand(node_, view, tenders);
    receipt.number = node::print_receipt_number(node_.info().node, node::next_receipt_number(node_.database()));
    PrinterState known;
    {
        const std::lock_guard guard(mutex_);
        hand_rests_ = true;
        known = state_;
    }
    if (paper_knowledge_)
        if (auto why = paper_knowledge_->unfit(receipt)) return *why;
    if (known.forbidden) return known.why;
    if (!known.setting.print_first || known.line == Where::none) return {};
    if (known.line == Where::asking) return "The printer has to print first, and is being asked just now: try again in a moment.";
    if (!known.ready()) return known.why;
    // What is being printed well just now holds nobody up.
    const auto pending = node::pending_prints(node_.database());
    if (pending.person > 0) return fmt::format("{} receipts wait for your word, and the printer has to print first.", pending.person);
    return pending.waiting > 0 ? known.why : std::string();
}

void PrinterWorker::follow(const node::TillView& view) {
    const PrinterState known = state();
    std::optional<Shown> shown;
    if (known.profile && known.profile->display_bytes > 0) {
        const int width = known.profile->display_bytes;
        shown.emplace();
        if (!view.lines.empty()) {
            const SlipWords words(node_.info().locale);
            const node::ViewLine& last = view.lines.back();
            shown->first = both_ends(last.line.name.empty() ? last.line.code : last.line.name, words.money(last.line.net), width);
            shown->second = both_ends(words->total, words.money(view.due), width);
        }
    }
    std::optional<Receipt> hand;
    if (known.setting.mode == Mode::synchronous) hand = receipt_in_hand(node_, view, {});
    {
        const std::lock_guard guard(mutex_);
        hand_rests_ = false;
        if (hand) hand_ = std::move(hand);
        if (shown) shown_ = std::move(shown);
    }
    called_.notify_all();
}

node::TillPrinter::Prints PrinterWorker::print_due() {
    {
        const std::lock_guard guard(mutex_);
        called_now_ = true;
    }
    called_.notify_all();
    Prints prints;
    const auto pending = node::pending_prints(node_.database());
    prints.pending = pending.all();
    prints.for_person = pending.person;
    return prints;
}

void PrinterWorker::paid(const node::Booked& booked) {
    const PrinterState known = state();
    {
        const std::lock_guard guard(mutex_);
        hand_rests_ = false;
        hand_ = Receipt{};
        called_now_ = true;
        if (known.profile && known.profile->display_bytes > 0) {
            const SlipWords words(node_.info().locale);
            const int width = known.profile->display_bytes;
            shown_ = Shown{both_ends(words->total, words.money(booked.fact.total()), width),
                           booked.fact.change.is_zero() ? std::string(" ") : both_ends(words->change, words.money(booked.fact.change), width)};
        }
        if (booked.drawer && known.line == Where::connected) wishes_.push_back({.wish = Wish::drawer, .by_itself = true});
    }
    called_.notify_all();
}

void PrinterWorker::open_drawer() { ask({.wish = Wish::drawer, .by_itself = true}); }

void PrinterWorker::wish(Wish wish, std::string argument) { ask({.wish = wish, .text = std::move(argument)}); }
void PrinterWorker::print_slip(std::string name, std::string customer) {
    ask({.wish = Wish::slip, .text = std::move(name), .customer = std::move(customer)});
}
void PrinterWorker::collect(std::string cashier) { ask({.wish = Wish::collect, .text = std::move(cashier)}); }
void PrinterWorker::resolve(std::int64_t seq, PrintQueue::Resolution resolution, std::string cashier, std::string reason) {
    ask({.wish = Wish::resolve, .text = std::move(cashier), .reason = std::move(reason), .seq = seq, .resolution = resolution});
}

void PrinterWorker::set_anew() {
    const DeviceSetting setting = device_setting(node_);
    const Profile* profile = find_profile(setting.profile);
    paper_knowledge_ = profile->dialect == Dialect::none ? nullptr : make_device(node_, setting);
    {
        const std::lock_guard guard(mutex_);
        state_ = {};
        state_.setting = setting;
        state_.profile = profile;
        if (profile->dialect == Dialect::none) state_.line = Where::none;
        anew_ = true;
    }
    called_.notify_all();
}

PrinterState PrinterWorker::state() const {
    const std::lock_guard guard(mutex_);
    return state_;
}

std::vector<PrinterNews> PrinterWorker::take_news() {
    const std::lock_guard guard(mutex_);
    std::vector<PrinterNews> news(std::make_move_iterator(news_.begin()), std::make_move_iterator(news_.end()));
    news_.clear();
    return news;
}

bool PrinterWorker::settled() const {
    const std::lock_guard guard(mutex_);
    return state_.line != Where::asking && !working_ && wishes_.empty() && !anew_;
}

}  // namespace paprsek::fiscal
