// What a Datecs fiscal device is inside, whatever it speaks: receipts, day sums, counters, journal, and the rules of its life cycle
// (what it refuses when). Both languages of the simulator work on one of these.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/profile.h"
#include "fiscal/vat.h"
#include "node/base/decimal.h"
#include "node/base/json.h"

namespace paprsek::fiscal::simulator {

enum class Refusal {
    none,
    syntax,
    unknown,
    not_permitted,
    too_large,
    paper_out,
    cover_open,
    password,
    locked,
    nothing_open,
    fiscal_open,
    non_fiscal_open,
    paying,
    not_paid,
    too_little_cash,
    day_too_long,
    too_many_lines,
    clock_not_set,
    memory_full,
    bad_letter,
    below_zero
};

enum class DocumentKind { fiscal, cancelled, non_fiscal, cash, x, z };
std::string_view print(DocumentKind kind);

struct Document {
    std::int64_t number = 0;
    DocumentKind kind = DocumentKind::fiscal;
    std::string text;
    node::Money total;
    std::map<char, node::Money> paid;  ///< by the device's codes, change off
};

struct OpenDocument {
    bool fiscal = true;
    std::int64_t number = 0;
    std::int64_t items = 0;
    node::Money total, paid;
    std::map<char, node::Money> payments;
    std::array<node::Money, 8> by_letter{};
    bool paying = false;
    std::string text;
};

/// What survives the switch: fiscal memory, day sums, and the open document, which the battery keeps.
struct Memory {
    std::int64_t documents = 0, fiscal_documents = 0, closures = 0;
    std::map<char, node::Money> day_paid;
    std::array<node::Money, 8> day_letters{};
    node::Money cash_in, cash_out, grand_total;
    std::int64_t day_since = 0;  ///< local seconds of the day's first receipt; 0 = none
    std::optional<OpenDocument> open;
    std::int64_t last_items = 0;  ///< of the receipt that was closed last
    node::Money last_total, last_paid;
    int last_sequence = -1;  ///< kept by models that remember it
    std::vector<Document> journal;
};
node::Json json_of(const Memory& memory);
Memory parse_memory(const node::Json& json);

struct Settings {
    Profile profile;
    std::string serial = "DT000001", memory_number = "02000001", model = "PAPRSEK-SIM";
    std::vector<std::string> header = {"SIMULATED DEVICE", "NOT A FISCAL RECEIPT"};
    DeviceRates rates;              ///< by letter
    std::string password;           ///< empty = the profile's
    bool counts_at_opening = true;  ///< when the document counter moves: models differ
};

class Register {
public:
    Register(Settings settings, Memory memory);

    const Settings& settings() const { return settings_; }
    Memory& memory() { return memory_; }
    const Memory& memory() const { return memory_; }

    // Switches of the day's mishaps.
    bool paper = true, paper_low = false, cover = false, full = false, clock_set = true;
    bool day_too_long = false;
    int wrong_passwords = 0;
    std::function<std::int64_t()> local_seconds = [] { return std::int64_t{1'772'442'900}; };  ///< the wall clock without its offset
    std::int64_t clock_offset = 0;

    std::int64_t clock() const { return local_seconds() + clock_offset; }

    Refusal open_fiscal(int operator_number, const std::string& password, int till);
    struct Sale {
        std::string text;  ///< lines with LF between
        int letter = 0;
        node::Money price;  ///< below zero: a void
        node::Quantity quantity = node::one_piece;
        std::optional<node::Rate> percent;  ///< below zero: a discount
        std::optional<node::Money> amount;  ///< below zero: a discount
    };
    Refusal sell(const Sale& sale);
    Refusal fiscal_text(const std::string& text);
    struct Paid {
        char answer = 'R';  ///< D: less than due, R: change
        node::Money amount;
    };
    /// Nothing = the rest in cash.
    Refusal pay(char code, std::optional<node::Money> amount, Paid& paid);
    Refusal close();
    Refusal cancel();
    Refusal open_text();
    Refusal text(const std::string& text);
    Refusal close_text();
    Refusal move_cash(node::Money amount);
    struct Report {
        std::int64_t number = 0;
        std::array<node::Money, 8> letters{};
        node::Money total;
    };
    Refusal report(bool z, Report& report);
    Refusal set_clock(std::int64_t local_seconds);
    node::Money cash_in_drawer() const;
    /// Somebody sells by hand on the device's own keys, paid in cash.
    void sell_by_hand(node::Money amount);
    /// After power came back.
    void power_returned();
    void drawer() { ++drawer_pulses; }
    int drawer_pulses = 0;
    std::array<std::string, 2> shown;  ///< customer display

    /// Called with each line that comes out of the printer.
    std::function<void(const std::string&)> on_paper;

private:
    void put(const std::string& line);
    void line(const std::string& left, const std::string& right);
    Refusal can_print() const;
    std::int64_t next_document();
    void keep(DocumentKind kind, node::Money total, std::map<char, node::Money> paid);

    Settings settings_;
    Memory memory_;
    std::string printed_;  ///< of the document at hand
};

}  // namespace paprsek::fiscal::simulator
