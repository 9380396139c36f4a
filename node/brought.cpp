#include "node/brought.h"

#include "node/base/json.h"
#include "node/catalogue.h"
#include "schema/fact.h"

namespace paprsek::node {
namespace {

/// Of rows in one fact: far from the bound, and a bundle may be cut between two.
constexpr std::size_t max_rows_bytes = 200'000;
static_assert(max_rows_bytes * 4 < schema::max_body_bytes);

class Bodies {
public:
    void add(const char* list, Json row) {
        bytes_ += row.dump().size();
        body_[list].push_back(std::move(row));
        ++rows_;
        if (bytes_ >= max_rows_bytes) close();
    }
    void close() {
        if (rows_ == 0) return;
        body_.update({{"file", ""}, {"what", "brought"}, {"rows", rows_}, {"added", rows_}, {"changed", 0}});
        bodies.push_back(canonical(body_));
        body_ = Json::object();
        rows_ = 0;
        bytes_ = 0;
    }
    std::vector<std::string> bodies;

private:
    Json body_ = Json::object();
    std::int64_t rows_ = 0;
    std::size_t bytes_ = 0;
};

std::string text_or_none(Fields& fields, const char* key) { return fields.optional_text(key).value_or(""); }

GroupRow group_of(const Json& json) {
    Fields fields(json, "fact catalogue.imported groups", false);
    return {fields.text("name"), text_or_none(fields, "parent"), fields.flag("excluded", false)};
}

ProductRow product_of(const Json& json) {
    Fields fields(json, "fact catalogue.imported products", false);
    ProductRow row;
    row.key = fields.text("key");
    for (const Json& code : fields.get("codes")) {
        if (!code.is_string()) fields.refuse_field("codes", "is no list of codes");
        row.codes.push_back(code.get<std::string>());
    }
    row.name = fields.text("name");
    row.group = text_or_none(fields, "group");
    row.price = Money::of(fields.integer("price"));
    row.vat = fields.text("vat");
    if (fields.has("cost")) row.cost = Money::of(fields.integer("cost"));
    if (fields.has("points")) row.points = Points::of(fields.integer("points"));
    row.dealers = text_or_none(fields, "dealers");
    row.prices = text_or_none(fields, "prices");
    row.linked = text_or_none(fields, "linked");
    return row;
}

}  // namespace

std::vector<std::string> brought_bodies(Database& database) {
    Bodies bodies;
    for (auto row = database.query("SELECT name, parent, excluded FROM product_group ORDER BY folded"); row.step();)
        bodies.add("groups", Json::parse(state_row(GroupRow{row.text(0), row.text(1), row.flag(2)}, 0).body));
    for (auto row = database.query("SELECT key FROM product ORDER BY key"); row.step();) {
        Json product = Json::parse(state_row(product_row(database, row.view(0)).value(), 0).body);
        product["key"] = row.text(0);
        bodies.add("products", std::move(product));
    }
    bodies.close();
    return std::move(bodies.bodies);
}

Brought parse_brought(std::string_view body) {
    const Json json = parse_json(body, "fact catalogue.imported");
    Brought brought;
    if (json.value("what", "") != "brought") return brought;
    for (const Json& group : json.value("groups", Json::array())) brought.groups.push_back(group_of(group));
    for (const Json& product : json.value("products", Json::array())) brought.products.push_back(product_of(product));
    return brought;
}

}  // namespace paprsek::node
