#include "node/fill_points.h"

#include <algorithm>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/node.h"

namespace paprsek::node {

std::optional<PointsBy> parse_points_by(std::string_view text) {
    if (text == "policy") return PointsBy::policy;
    if (text == "price") return PointsBy::price;
    if (text == "margin") return PointsBy::margin;
    return std::nullopt;
}

std::optional<Points> points_by(PointsBy by, const ProductRow& row) {
    switch (by) {
        case PointsBy::policy: return std::nullopt;
        case PointsBy::price: return Points::of(row.price.raw());
        case PointsBy::margin: return Points::of(row.cost ? std::max<std::int64_t>(0, (row.price - *row.cost).raw()) : 0);
    }
    return std::nullopt;
}

ImportReport fill_points(Node& node, PointsBy by, bool all) {
    if (node.enrolment()) refuse("points of products", "are kept at HQ for this branch", "set them there: paprsek-hq points");
    ImportReport report;
    Transaction transaction(node.database());
    auto rows = node.database().query("SELECT id, price, cost, points FROM product ORDER BY id");
    while (rows.step()) {
        ++report.rows;
        ProductRow row;
        row.price = rows.decimal<Money>(1);
        if (!rows.is_null(2)) row.cost = rows.decimal<Money>(2);
        if (!rows.is_null(3)) row.points = rows.decimal<Points>(3);
        const auto points = all || !row.points ? points_by(by, row) : row.points;
        if (points == row.points) {
            ++report.unchanged;
            continue;
        }
        node.database().run("UPDATE product SET points = ? WHERE id = ?", points, rows.integer(0));
        ++report.changed;
    }
    const Json body = {{"file", ""}, {"what", "points"}, {"rows", report.rows}, {"added", 0}, {"changed", report.changed}};
    if (report.changed) node.ledger().append(schema::kind::catalogue_imported, canonical(body), node.clock().now());
    transaction.commit();
    return report;
}

}  // namespace paprsek::node
