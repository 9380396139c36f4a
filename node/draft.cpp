#include "node/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/error.h"
#include "node/base/json.h"

namespace paprsek::node {
namespace {

std::string list_of(const auto& items, auto written) {
    std::string list = "[";
    for (const auto& item : items) {
        if (list.size() > 1) list += ',';
        list += written(item);
    }
    return list + "]";
}

// Written without the Json between: of a receipt of hundreds of lines that would be most of a scan.
std::string product_json(const Product& product) {
    CanonicalObject json;
    json.texts("codes", product.codes);
    if (product.cost) json.text("cost", print(*product.cost));
    json.canonical("dealers", list_of(product.dealers, [](const DealerDiscount& dealer) {
                       CanonicalObject entry;
                       entry.text("dealer", dealer.dealer);
                       entry.text("percent", print(dealer.percent));
                       return entry.finish();
                   }));
    json.flag("excluded", product.excluded);
    json.text("group", product.group);
    json.texts("groups", product.groups);
    json.text("key", product.key);
    json.text("name", product.name);
    if (product.points) json.text("points", print(*product.points));
    json.text("price", print(product.price));
    json.text("vat", product.vat);
    return json.finish();
}

Product parse_draft_product(const Json& json) {
    Fields fields(json, "open receipt product");
    Product product;
    product.key = fields.text("key");
    product.codes = fields.get("codes").get<std::vector<std::string>>();
    product.name = fields.text("name");
    product.group = fields.text("group");
    product.groups = fields.get("groups").get<std::vector<std::string>>();
    product.price = fields.decimal<Money>("price");
    product.vat = fields.text("vat");
    product.cost = fields.optional_decimal<Money>("cost");
    product.points = fields.optional_decimal<Points>("points");
    product.excluded = fields.flag("excluded", false);
    for (const Json& dealer : fields.get("dealers")) {
        Fields entry(dealer, "open receipt dealer");
        product.dealers.push_back({entry.text("dealer"), entry.decimal<Rate>("percent")});
    }
    return product;
}

std::string line_json(const DraftLine& line) {
    const LineInput& input = line.input;
    CanonicalObject json;
    json.text("code", input.code);
    if (input.manual_discount) json.text("discount", print(*input.manual_discount));
    json.integer("entered", input.entered.ms);
    if (line.follows) json.flag("follows", true);
    json.text("name", input.name);
    json.text("price", print(input.price));
    if (input.price_embedded) json.flag("price_embedded", true);
    if (input.price_typed) json.flag("price_typed", true);
    if (input.product) json.canonical("product", product_json(*input.product));
    json.text("quantity", print(input.quantity));
    if (input.state.version) json.canonical("state", fmt::format("[{},{}]", input.state.epoch, input.state.version));
    if (line.unknown) json.flag("unknown", true);
    json.text("vat", input.vat);
    return json.finish();
}

DraftLine parse_draft_line(const Json& json) {
    Fields fields(json, "open receipt line");
    DraftLine line;
    line.input.code = fields.text("code");
    line.input.name = fields.text("name");
    line.input.vat = fields.text("vat");
    line.input.price = fields.decimal<Money>("price");
    line.input.quantity = fields.decimal<Quantity>("quantity");
    line.input.entered = Instant{fields.integer("entered")};
    if (fields.has("product")) line.input.product = parse_draft_product(fields.get("product"));
    line.input.price_typed = fields.flag("price_typed", false);
    line.input.price_embedded = fields.flag("price_embedded", false);
    line.input.manual_discount = fields.optional_decimal<Rate>("discount");
    line.unknown = fields.flag("unknown", false);
    line.follows = fields.flag("follows", false);
    if (fields.has("state")) {
        const auto state = fields.get("state").get<std::vector<std::int64_t>>();
        if (state.size() == 2) line.input.state = {state[1], state[0]};
    }
    return line;
}

}  // namespace

void Draft::log_out() {
    customer.clear();
    customer_id.clear();
    redeem.reset();
    redeem_most = false;
}

std::size_t end_of(const std::vector<DraftLine>& lines, std::size_t line) {
    std::size_t end = line + 1;
    while (end < lines.size() && lines[end].follows && !lines[line].follows) ++end;
    return end;
}

DivideFault quantities_of(const Draft& draft, const std::vector<DraftPart>& parts, std::vector<Quantity>& off) {
    off.assign(draft.lines.size(), {});
    for (const DraftPart& part : parts) {
        if (part.line >= draft.lines.size()) return DivideFault::no_such_line;
        const Quantity there = draft.lines[part.line].input.quantity, wanted = part.quantity.value_or(there - off[part.line]);
        if (wanted <= Quantity{} || wanted > there - off[part.line]) return DivideFault::more_than_there;
        off[part.line] += wanted;
    }
    for (std::size_t line = 0; line < draft.lines.size(); line = end_of(draft.lines, line))
        for (std::size_t i = line + 1; i < end_of(draft.lines, line); ++i)
            if (off[i].is_zero()) off[i] = std::min(off[line], draft.lines[i].input.quantity);
    return DivideFault::none;
}

DivideFault divide(Draft& draft, const std::vector<DraftPart>& parts, Draft& taken) {
    std::vector<Quantity> off;
    if (const DivideFault fault = quantities_of(draft, parts, off); fault != DivideFault::none) return fault;
    Draft rest = draft, part = draft;
    part.lines.clear();
    rest.lines.clear();
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        const Quantity there = draft.lines[i].input.quantity;
        const auto add = [&](Draft& to, Quantity quantity) {
            if (quantity.is_zero()) return;
            to.lines.push_back(draft.lines[i]);
            to.lines.back().input.quantity = quantity;
        };
        add(part, off[i]);
        add(rest, there - off[i]);
    }
    if (part.lines.empty()) return DivideFault::nothing;
    if (rest.lines.empty()) return DivideFault::everything;
    part.log_out();
    part.given.clear();
    part.place = {};
    part.id = part.revision = 0;
    part.opened = std::min_element(part.lines.begin(), part.lines.end(), [](const DraftLine& a, const DraftLine& b) {
                      return a.input.entered < b.input.entered;
                  })->input.entered;
    taken = std::move(part);
    draft = std::move(rest);
    return DivideFault::none;
}

bool join(Draft& into, const Draft& from) {
    if (!from.customer.empty()) {
        if (into.customer.empty()) {
            into.customer = from.customer;
            into.customer_id = from.customer_id;
            into.redeem = from.redeem;
            into.redeem_most = from.redeem_most;
        } else if (into.customer_id != from.customer_id) {
            return false;
        } else {
            into.redeem_most = into.redeem_most || from.redeem_most;
            if (into.redeem || from.redeem) into.redeem = into.redeem.value_or(Money{}) + from.redeem.value_or(Money{});
            if (into.redeem_most) into.redeem.reset();
        }
    }
    into.approvals.insert(into.approvals.end(), from.approvals.begin(), from.approvals.end());
    into.lines.insert(into.lines.end(), from.lines.begin(), from.lines.end());
    into.given.insert(into.given.end(), from.given.begin(), from.given.end());
    if (from.opened) into.opened = std::min(into.opened.value_or(*from.opened), *from.opened);
    return true;
}

std::string draft_json(const Draft& draft) {
    CanonicalObject json;
    if (!draft.approvals.empty())
        json.canonical("approvals", list_of(draft.approvals, [](const Approval& approval) {
                           CanonicalObject entry;
                           entry.text("by", approval.by);
                           entry.text("for", approval.what);
                           return entry.finish();
                       }));
    if (!draft.place.area.empty()) json.text("area", draft.place.area);
    if (!draft.customer.empty()) json.text("customer", draft.customer);
    if (!draft.customer_id.empty()) json.text("customer_id", draft.customer_id);
    if (!draft.given.empty())
        json.canonical("given", list_of(draft.given, [](const Tender& tender) {
                           CanonicalObject entry;
                           entry.text("amount", print(tender.amount));
                           if (!tender.name.empty()) entry.text("name", tender.name);
                           entry.text("with", print(tender.with));
                           return entry.finish();
                       }));
    json.canonical("lines", list_of(draft.lines, line_json));
    if (draft.opened) json.integer("opened", draft.opened->ms);
    if (draft.id) json.canonical("parked", fmt::format("{{\"id\":{},\"revision\":{}}}", draft.id, draft.revision));
    if (draft.redeem) json.text("redeem", print(*draft.redeem));
    if (draft.redeem_most) json.flag("redeem_most", true);
    if (!draft.place.table.empty()) json.text("table", draft.place.table);
    return json.finish();
}

Draft parse_draft(std::string_view text) {
    const Json json = parse_json(text, "open receipt");
    Fields fields(json, "open receipt");
    Draft draft;
    for (const Json& line : fields.get("lines")) draft.lines.push_back(parse_draft_line(line));
    draft.customer = fields.optional_text("customer").value_or("");
    draft.customer_id = fields.optional_text("customer_id").value_or("");
    draft.place = {fields.optional_text("area").value_or(""), fields.optional_text("table").value_or("")};
    if (fields.has("parked")) {
        Fields parked(fields.get("parked"), "open receipt parked");
        draft.id = parked.integer("id");
        draft.revision = parked.integer("revision");
    }
    if (fields.has("opened")) draft.opened = Instant{fields.integer("opened")};
    draft.redeem = fields.optional_decimal<Money>("redeem");
    draft.redeem_most = fields.flag("redeem_most", false);
    if (fields.has("given"))
        for (const Json& item : fields.get("given")) {
            Fields tender(item, "open receipt tender");
            const auto with = parse_tender(tender.text("with"));
            if (!with) refuse("open receipt tender", "is paid by what nobody knows");
            draft.given.push_back({*with, tender.decimal<Money>("amount"), tender.optional_text("name").value_or("")});
        }
    if (fields.has("approvals"))
        for (const Json& item : fields.get("approvals")) {
            Fields approval(item, "open receipt approval");
            draft.approvals.push_back({approval.text("by"), approval.text("for")});
        }
    return draft;
}

}  // namespace paprsek::node
