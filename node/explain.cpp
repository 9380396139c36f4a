#include "node/explain.h"

namespace paprsek::node {

std::string_view print(Why why) {
    switch (why) {
        case Why::unit_price: return "unit_price";
        case Why::typed_price: return "typed_price";
        case Why::embedded_price: return "embedded_price";
        case Why::excluded: return "excluded";
        case Why::manual_ignored: return "manual_ignored";
        case Why::fixed_discount: return "fixed_discount";
        case Why::programme_discount: return "programme_discount";
        case Why::dealer_discount: return "dealer_discount";
        case Why::level_discount: return "level_discount";
        case Why::time_discount: return "time_discount";
        case Why::manual_discount: return "manual_discount";
        case Why::capped: return "capped";
        case Why::points_of_product: return "points_of_product";
        case Why::points_of_price: return "points_of_price";
        case Why::points_of_margin: return "points_of_margin";
        case Why::multiplier: return "multiplier";
        case Why::no_points_mode: return "no_points_mode";
    }
    return "";
}

Json explained(const ViewLine& view) {
    const BookedLine& line = view.line;
    Json json = {{"name", line.name},
                 {"qty", print(line.quantity)},
                 {"price", print(line.price)},
                 {"gross", print(line.gross)},
                 {"percent", print(view.percent)},
                 {"discount", print(line.discount)},
                 {"net", print(line.net)},
                 {"points", print(line.points)},
                 {"why", Json::array()}};
    json[line.code.empty() ? "text" : "code"] = line.code.empty() ? line.name : line.code;
    for (const Reason& reason : view.why) {
        Json row = {{"rule", print(reason.why)}};
        if (!reason.subject.empty()) row["subject"] = reason.subject;
        if (!reason.figure.is_zero()) row["figure"] = print(reason.figure);
        json["why"].push_back(std::move(row));
    }
    return json;
}

}  // namespace paprsek::node
