// Sell scripts: JSON lines that drive the till session, and the answer to each (DESIGN.md "A line of a sell script").
#pragma once
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "node/node.h"
#include "node/till.h"

namespace paprsek::node {

/// The answer to a booked sale or refund, as the contract writes it. `codes`: what each row of a refund repeats.
Json answer_of(const Node& node, const Booked& booked);
/// A parked receipt, as answers and `report parked` write it.
Json parked_json(const Node& node, const ParkedView& view);

/// Plays script lines on a node. The node's clock stands where a line's `at` puts it; without one it is the computer's.
class Script {
public:
    /// `fallback` tells the time until a line has an `at`; both must outlive the Script, which sets the node's clock.
    /// `printer` prints what is booked, and each answer says what became of it; nothing = there is none.
    Script(Node& node, Clock& fallback, TillPrinter* printer = nullptr);
    ~Script();
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    struct Answer {
        std::string json;  ///< one line
        bool refused = false;
    };
    /// Booked and durable when it returns; a refused line has booked nothing. `number` is the line's place, for messages.
    Answer play(std::string_view line, std::size_t number);
    /// All lines of a stream, one answer line each, flushed after each; blank lines are passed over. False if one was refused.
    bool play_all(std::istream& in, std::ostream& out);

private:
    class ScriptClock;
    Json run(const Json& line, const std::string& place, const std::vector<Permission>& lent);
    Json run_approved(const Json& line, const std::string& place);
    void ring_up(Fields& fields);
    Json sell(Fields& fields);
    Json refund(Fields& fields);
    Json refund_without_receipt(Fields& fields);
    Json parked_answer(const std::optional<ParkedView>& view);
    Json move(Fields& line);
    Json merge(Fields& line);
    Json split(Fields& line);
    Json strike_out(Fields& line);
    Json product(Fields& fields);
    Json stock(Fields& fields);
    Json customers(Fields& fields);

    Node& node_;
    Clock& outer_;
    std::unique_ptr<ScriptClock> clock_;
    TillPrinter* printer_;
    Till till_;
};

}  // namespace paprsek::node
