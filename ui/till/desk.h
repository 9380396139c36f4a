// What the panels of the till share: the node, the session, how to write amounts, and where to say something.
// Screens hold no rule and no SQL: they draw the session's view and send it commands.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/catalogue.h"
#include "node/node.h"
#include "node/till.h"
#include "ui/kit/sound.h"
#include "ui/kit/text_field.h"
#include "ui/kit/toasts.h"
#include "ui/till/background.h"
#include "ui/till/beside.h"
#include "ui/till/scan_log.h"
#include "ui/till/settings.h"
#include "ui/words.h"

namespace paprsek::fiscal {
class PrinterWorker;
}

namespace paprsek::ui {

struct PrinterAnswers;
struct ExchangeJob;

/// Every panel by name; what each is, and what makes it, stands in screens.cpp.
enum class PanelName {
    none, products, payment, redeem, line, text_line, favourites, void_receipt, tables, receipt, receipts, refund, catalogue, product,
    stock, stock_moves, goods_in, stock_adjust, transfers, stock_send, stock_arrive, stocktake, scans, product_prices,
    customer, person, correction, deposit, merge, purchases, settle, slip, statement, account_payments, customers, cards, loyalty, goods_points,
    import_goods, import_customers, referral, reset,
    cash, reports, printer, stationery, sync, users, settings, help, menu
};

/// What the status strip and the sync panel tell. Looked up at most every two seconds.
struct NodeStatus {
    std::int64_t facts = 0;
    std::int64_t unsent = 0;
    std::optional<node::Instant> unsent_since;
    std::optional<node::Instant> receipt_at;   ///< when HQ's last receipt was taken in
    std::int64_t state_version = 0;
    std::optional<node::Instant> state_at;
    std::optional<std::string> hq_name;        ///< nothing: stands alone
    std::int64_t prints_pending = 0;           ///< not on paper yet
    std::int64_t prints_for_person = 0;        ///< of them: those that wait for somebody's word
    std::optional<node::Instant> prints_since; ///< the oldest of them
    friend bool operator==(const NodeStatus&, const NodeStatus&) = default;
};

class Desk {
public:
    Desk(node::Node& branch, node::Till& session, const Settings& own);

    node::Node& node;
    node::Till& till;
    Words words;
    Toasts toasts;
    Sounds sounds;
    Background background;               ///< reads what takes longer than a frame
    fiscal::PrinterWorker* printer = nullptr;         ///< drives the printer beside the window (ui/till/printer_watch.h)
    std::shared_ptr<PrinterAnswers> printer_answers;  ///< what it answered to its screen
    std::shared_ptr<ExchangeJob> exchange;            ///< with HQ, beside the window (ui/till/exchange_watch.h)
    Settings settings;                   ///< changed by set_settings()
    NodeStatus status;
    std::optional<node::Booked> booked;  ///< the sale last paid here
    std::string receipt_chosen;          ///< what the list of receipts hands to the refund, "3.1-000017"; empty = none
    ScanLog scans;                       ///< what the scan inspector shows
    TextField code{TextField::Accepts::code, 60};  ///< the till's one field; it goes with the receipt
    bool goods_changed = false;          ///< a product was made or changed here: the tiles are read anew
    int selected_line = -1;              ///< of the receipt; the last one after each scan
    int edited_line = -1;                ///< the one that F4 has open, whatever is scanned meanwhile
    std::string subject;                 ///< whom the customers' screens are about, by id; empty = nobody yet
    std::string slip;                    ///< what the slip's screen shows (fiscal::slip_of), or "statement", "brief-statement" of the subject
    std::string product;                 ///< which one its form is about, by key; empty = a new one
    std::string stock;                   ///< which one the stock's screens are about; empty = the main one
    std::string transfer;                ///< what the screen of arrivals begins with, a fact that was sent to this branch ("3.1/57"); empty = nothing
    std::string new_product;             ///< a code that nobody knows, for that form to begin with; it is rung up when the product is there
    std::string new_card;                ///< presented last, and nobody's yet: the customers' screens offer to register it

    /// Runs a command on the session. A refusal or an error becomes a toast; true where all went well.
    bool act(const std::function<node::Outcome()>& command);
    /// The same where a second person may lend the permission: `done` runs when it went well, at once or after the approval, which
    /// repeats the command. Both are kept until then: capture by value what does not live as long as the panel. An open panel stays
    /// where it is meanwhile; opening another one gives the approval up.
    bool act(std::function<node::Outcome()> command, std::function<void()> done);
    /// The same of what may take longer than a frame: it is done beside the window, and `done` runs when it ended well, whatever is open
    /// then (Alive::only). One at a time: another one is refused meanwhile, and the receipt goes on.
    void act_beside(std::string doing, Beside::Command command, std::function<void()> done, bool may_stop = false);
    /// For a chooser of files: their times as all others on the screen, in the branch's time zone.
    std::function<std::string(std::int64_t)> file_times() const;
    /// To whoever asks for more meanwhile.
    void tell_busy();
    /// What runs beside.
    Beside& beside() { return beside_; }
    const Beside& beside() const { return beside_; }
    /// A PIN is being checked, and what is typed or scanned meanwhile waits.
    bool checking() const { return check_.running(); }
    /// From the window's tick: takes what ended. True where something did.
    bool follow_beside();
    /// The same of the open receipt, which is kept beside (node::Till::kept): its tone is the answer that it is on the disk.
    bool follow_receipt(double now);
    void answer_when_kept(Sound tone) { tone_ = tone; }
    /// T3: whether this row of the receipt, of a code that nobody knows, is offered to become a product; in a chain HQ keeps those.
    bool may_make_product(int line) const;
    /// Opens the form that begins with the row's code.
    void make_product(int line);
    /// Runs anything that may throw an operating error; the error becomes a toast.
    void guarded(const std::function<void()>& work);

    /// A sale was paid: it is shown, printed, and the drawer opens where it shall.
    void sold(node::Booked paid);
    /// After any other act: the drawer opens where the act wants it.
    void acted(bool drawer);

    /// "3*" that was typed for what is touched or chosen instead of scanned; taken out of the field. Empty where something else stands there.
    std::string take_multiplier();

    /// A command that waits for somebody who may.
    struct Pending {
        std::function<void()> again;
        node::Permission permission;
        std::string sentence;  ///< why it was refused
        std::string doing = {};  ///< in a few words, where that says more
    };
    const std::optional<Pending>& pending() const { return pending_; }
    using Told = std::function<void(const node::Outcome&)>;
    /// Says yes to it by PIN or badge, and repeats it. A PIN takes longer than a frame; `told` hears what came of the approval alone.
    void approve(const node::Credential& credential, Told told);
    void log_in(const node::Credential& credential, Told told);
    void give_up() { pending_.reset(); }

    /// Acts at once and is kept on disk; where that fails, a toast says so.
    void set_settings(const Settings& wanted);
    bool take_settings_changed() { return std::exchange(settings_changed_, false); }

    /// Which product or customer a screen would be about (Panel::subject); nothing where a code or card that nobody knows begins a new one.
    std::optional<std::string> subject_of(PanelName panel) const;
    void open(PanelName panel) { wanted_ = panel; }
    /// To the receipt.
    void close() { wanted_ = PanelName::none; }
    /// To where the panel was opened from.
    void back() { back_wanted_ = true; }
    bool take_back() { return std::exchange(back_wanted_, false); }
    std::optional<PanelName> take_wanted() { return std::exchange(wanted_, std::nullopt); }

    /// Looks the status up. True where something changed; prices and balances are taken anew when it came from outside.
    bool refresh_status();

    const node::TillView& view() const { return till.view(); }
    /// As the last look or act found it: drawing asks the ledger nothing. Acts read their own.
    const node::Policy& policy() const { return policy_; }
    void select_last_line() { selected_line = static_cast<int>(view().lines.size()) - 1; }

private:
    node::Outcome run(const std::function<node::Outcome()>& command, bool& well);
    void check(Beside::Command command, std::function<void(const node::Outcome&, node::Till::Hands)> ended);
    void approved();
    void take_left(const node::Till::Hands& begun, node::Till::Hands left);
    void refuse(const node::Outcome& outcome);
    void tell_short_drawer();
    void apply_settings();

    bool settings_changed_ = false;
    std::optional<PanelName> wanted_;
    std::optional<Pending> pending_;
    bool back_wanted_ = false;
    std::int64_t head_seen_ = -1;
    const node::Policy& policy_;  ///< the node's, which follows the ledger as it is asked for it
    Beside beside_, check_;
    std::optional<Sound> tone_;           ///< of what is being kept
    std::optional<double> keeping_since_; ///< the window's seconds
    bool slow_told_ = false;
};

/// A panel over the right side of the till.
class Panel {
public:
    /// What it lies over: the products alone, which leaves the number pad; the whole right side; or receipt and right side, which
    /// leaves title, key bar and status.
    enum class Cover { tiles, side, whole };

    virtual ~Panel() = default;
    virtual Cover cover() const { return Cover::side; }
    /// False leaves the key to the till.
    virtual bool key(const KeyPress& press) = 0;
    /// True where the panel wants the scan; else it goes to the receipt, whatever is open (T3).
    virtual bool scan(const std::string&) { return false; }
    virtual bool drop(const std::vector<std::filesystem::path>&) { return false; }
    virtual bool tick() { return false; }
    virtual bool settled() const { return true; }
    /// F12 is this screen's: it takes a payment of its own, or F12 has opened it.
    virtual bool finishes() const { return false; }
    /// Another screen comes or this one goes: what was set and is saved without a button is saved now.
    virtual void leaving() {}
    /// Shown again, after a screen that was opened from it.
    virtual void returned() {}
    /// Something was entered here that is neither booked nor saved: the screen waits, as it is, until it is opened again.
    virtual bool unsaved() const { return false; }
    /// Which one it is about, where one screen shows this or that: each waits for its own.
    virtual std::string subject() const { return {}; }
    virtual void draw(Ui& ui, Rect area) = 0;
};

}  // namespace paprsek::ui
