#include "hq/traffic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace paprsek::hq {

bool Bucket::take(Monotonic now) {
    const double seconds = std::chrono::duration<double>(now - at_).count();
    at_ = now;
    level_ = std::min(burst_, level_ + seconds * a_second_);
    if (level_ < 1) return false;
    level_ -= 1;
    return true;
}

std::chrono::seconds Bucket::wait() const {
    return std::chrono::seconds(std::max(1, static_cast<int>(std::ceil((1 - level_) / a_second_))));
}

std::string print_metrics(const Traffic& traffic, const std::vector<NodeStatus>& nodes) {
    std::string text;
    const auto head = [&](const char* name, const char* type, const char* help) {
        text += fmt::format("# HELP paprsek_{0} {2}\n# TYPE paprsek_{0} {1}\n", name, type, help);
    };
    const auto one = [&](const char* name, const char* type, const char* help, auto value) {
        head(name, type, help);
        text += fmt::format("paprsek_{} {}\n", name, value);
    };
    head("requests_total", "counter", "Requests answered, by status.");
    for (const auto& [status, count] : traffic.answers) text += fmt::format("paprsek_requests_total{{status=\"{}\"}} {}\n", status, count);
    one("received_bytes_total", "counter", "Bytes of request bodies.", traffic.bytes_in);
    one("sent_bytes_total", "counter", "Bytes of answer bodies.", traffic.bytes_out);
    one("exchanges_total", "counter", "Exchanges that ended well.", traffic.exchanges);
    one("exchange_seconds_total", "counter", "Time of these, without that of answers held back.", traffic.exchange_seconds);
    one("held_answers_total", "counter", "Answers held back until something changed.", traffic.held_answers);
    one("enrolments_total", "counter", "Enrolment answers taken.", traffic.enrolments);
    one("facts_total", "counter", "New facts merged.", traffic.facts);
    one("state_rows_total", "counter", "Rows of state sent.", traffic.rows);
    one("exceptions_total", "counter", "Exceptions raised by merging.", traffic.exceptions);
    one("connections_total", "counter", "Connections accepted.", traffic.connections_made);
    one("connections_refused_total", "counter", "Connections closed at once, beyond the bounds.", traffic.connections_refused);
    one("connections_cut_total", "counter", "Connections cut: broken off or too slow.", traffic.cut);
    one("connections", "gauge", "Connections open.", traffic.connections);
    one("answers_held", "gauge", "Answers being held back.", traffic.holding);
    const auto by_node = [&](const char* name, const char* help, const std::function<double(const NodeStatus&)>& value) {
        head(name, "gauge", help);
        for (const NodeStatus& node : nodes) text += fmt::format("paprsek_{}{{node=\"{}\"}} {}\n", name, node::print(node.node), value(node));
    };
    by_node("node_last_seen_seconds", "When a bundle of the node was last merged, since 1970; 0: never.",
            [](const NodeStatus& node) { return node.last_seen ? static_cast<double>(node.last_seen->ms) / 1000 : 0; });
    by_node("node_facts", "Facts held without a hole.", [](const NodeStatus& node) { return static_cast<double>(node.facts); });
    by_node("node_exceptions", "Open exceptions.", [](const NodeStatus& node) { return static_cast<double>(node.exceptions); });
    return text;
}

}  // namespace paprsek::hq
