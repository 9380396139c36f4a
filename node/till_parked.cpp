// The till's parked receipts: tables and tabs (T7).
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

std::string place_name(const Place& place) { return place.area.empty() ? place.table : fmt::format("{} ({})", place.table, place.area); }

Outcome in_hand() { return refused(Refusal::receipt_in_hand, "Another receipt is in hand: finish it or put it aside first."); }

Outcome say(DivideFault fault) {
    switch (fault) {
        case DivideFault::none: return {};
        case DivideFault::no_such_line: return no_such_line();
        case DivideFault::more_than_there: return refused(Refusal::bad_quantity, "A quantity must be above zero and at most what is on the line.");
        case DivideFault::everything: return refused(Refusal::whole_receipt, "That is the whole receipt: move it instead, or pay it.");
        case DivideFault::nothing: return refused(Refusal::empty_receipt, "Nothing is named that should be divided off.");
    }
    return {};
}

}  // namespace

Outcome Till::find_parked(std::int64_t id, ParkedReceipt& parked) {
    auto found = parked_by_id(node_.database(), id);
    if (!found) return refused(Refusal::unknown_parked, fmt::format("There is no receipt {} put aside.", id));
    parked = std::move(*found);
    return {};
}

/// Checks and trims `place`, where another receipt than `self` may not stand.
Outcome Till::free_place(Place& place, std::optional<std::int64_t> self) {
    const auto checked = checked_place(place);
    if (!checked)
        return refused(Refusal::bad_table, fmt::format("A table and its area are names of at most {} bytes, and an area needs a table.", max_place_bytes));
    place = *checked;
    if (place.empty()) return {};
    const auto other = node::parked_at(node_.database(), place);
    const bool held = self && keep_ == Keep::every_command && same_place(draft_.place, place);
    if (held || (other && other->draft.id != self))
        return refused(Refusal::table_occupied, fmt::format("{} is occupied: choose another table, or merge the two.", place_name(place)));
    return {};
}

Outcome Till::park(const Place& where, ParkedResult* result) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (result) *result = {};
    return in_one_step([&]() -> Outcome {
        Database& database = node_.database();
        Place place = where.empty() && where.area.empty() ? draft_.place : where;
        if (draft_.lines.empty() && draft_.customer.empty()) {
            if (draft_.place.empty()) return refused(Refusal::empty_receipt, "There is nothing to put aside.");
            if (lies_aside() && !take_up(database, draft_)) return parked_elsewhere();
            clear();
            return {};
        }
        const auto self = lies_aside() ? std::optional(draft_.id) : std::nullopt;
        if (auto outcome = free_place(place, self); !outcome.ok()) return outcome;
        if (!self && count_parked(database) >= static_cast<std::int64_t>(max_parked))
            return refused(Refusal::too_many_parked, fmt::format("{} receipts are put aside already: pay or strike out some.", max_parked));
        draft_.place = place;
        if (!draft_.opened) draft_.opened = node_.clock().now();
        const ParkedReceipt kept{draft_, node_.clock().now(), cashier_};
        std::int64_t id = draft_.id;
        if (!self)
            id = put_aside(database, draft_, kept.parked, cashier_);
        else if (!change_parked(database, kept))
            return parked_elsewhere();
        if (result) result->parked = view_of(kept, id);
        clear();
        return {};
    });
}

Outcome Till::recall(std::int64_t id) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    return in_one_step([&]() -> Outcome {
        if (!draft_.empty()) return in_hand();
        ParkedReceipt parked;
        if (auto outcome = find_parked(id, parked); !outcome.ok()) return outcome;
        if (keep_ == Keep::every_command && !take_up(node_.database(), parked.draft)) return parked_elsewhere();
        draft_ = std::move(parked.draft);
        restore_customer(draft_, customer_);
        return {};
    });
}

Outcome Till::open_table(const Place& where) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    const auto place = checked_place(where);
    if (!place || place->empty())
        return refused(Refusal::bad_table, fmt::format("A table and its area are names of at most {} bytes, and an area needs a table.", max_place_bytes));
    if (!draft_.empty()) return same_place(draft_.place, *place) ? Outcome{} : in_hand();
    if (const auto id = parked_at(*place)) return recall(*id);
    return in_one_step(
        [&]() -> Outcome {
            draft_.place = *place;
            return {};
        },
        by_itself());
}

Outcome Till::move(std::optional<std::int64_t> id, const Place& where, ParkedResult* result) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (result) *result = {};
    return in_one_step([&]() -> Outcome {
        Place place = where;
        if (!id) {
            if (draft_.empty()) return refused(Refusal::empty_receipt, "There is no receipt in hand to move.");
            if (auto outcome = free_place(place, lies_aside() ? std::optional(draft_.id) : std::nullopt); !outcome.ok()) return outcome;
            draft_.place = place;
            return {};
        }
        ParkedReceipt parked;
        if (auto outcome = find_parked(*id, parked); !outcome.ok()) return outcome;
        if (auto outcome = free_place(place, *id); !outcome.ok()) return outcome;
        parked.draft.place = place;
        if (result) result->parked = view_of(parked, *id);
        return change_parked(node_.database(), parked) ? Outcome{} : parked_elsewhere();
    });
}

Outcome Till::merge(std::int64_t from, std::optional<std::int64_t> into, ParkedResult* result) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (result) *result = {};
    assert(into || keep_ == Keep::every_command);
    return in_one_step([&]() -> Outcome {
        if (from == into) return refused(Refusal::unknown_parked, "A receipt is merged with another one, not with itself.");
        ParkedReceipt source, target;
        if (auto outcome = find_parked(from, source); !outcome.ok()) return outcome;
        if (into)
            if (auto outcome = find_parked(*into, target); !outcome.ok()) return outcome;
        if (!into && draft_.empty()) return refused(Refusal::empty_receipt, "There is no receipt in hand to merge with.");
        Draft& draft = into ? target.draft : draft_;
        if (!join(draft, source.draft)) return refused(Refusal::two_customers, "Each of the receipts has a customer of its own: log one out first.");
        if (draft.lines.size() > max_receipt_lines)
            return refused(Refusal::too_many_lines, fmt::format("A receipt has at most {} lines.", max_receipt_lines));
        if (!take_up(node_.database(), source.draft)) return parked_elsewhere();
        if (!into) {
            restore_customer(draft_, customer_);
            return {};
        }
        const ParkedView view = view_of(target, *into);  // Overflow before it is kept
        if (result) result->parked = view;
        return change_parked(node_.database(), target) ? Outcome{} : parked_elsewhere();
    });
}

Outcome Till::split(std::optional<std::int64_t> id, const std::vector<DraftPart>& parts, const Place& where, ParkedResult* result) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (result) *result = {};
    assert(id || keep_ == Keep::every_command);
    return in_one_step([&]() -> Outcome {
        Database& database = node_.database();
        Place place = where;
        if (auto outcome = free_place(place, std::nullopt); !outcome.ok()) return outcome;
        if (!place.empty() && same_place(place, draft_.place))
            return refused(Refusal::table_occupied, fmt::format("{} is occupied: choose another table, or merge the two.", place_name(place)));
        if (count_parked(database) >= static_cast<std::int64_t>(max_parked))
            return refused(Refusal::too_many_parked, fmt::format("{} receipts are put aside already: pay or strike out some.", max_parked));
        ParkedReceipt parked;
        if (id)
            if (auto outcome = find_parked(*id, parked); !outcome.ok()) return outcome;
        Draft taken;
        if (auto outcome = say(divide(id ? parked.draft : draft_, parts, taken)); !outcome.ok()) return outcome;
        if (id && !change_parked(database, parked)) return parked_elsewhere();
        taken.place = place;
        const ParkedReceipt part{std::move(taken), node_.clock().now(), cashier_};
        const std::int64_t made = put_aside(database, part.draft, part.parked, cashier_);
        if (result) result->parked = view_of(part, made);
        if (result && id) result->rest = view_of(parked, *id);
        return {};
    });
}

Outcome Till::take_part(std::int64_t id, const std::vector<DraftPart>& parts) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    assert(keep_ == Keep::every_command);
    return in_one_step([&]() -> Outcome {
        if (!draft_.empty()) return in_hand();
        ParkedReceipt parked;
        if (auto outcome = find_parked(id, parked); !outcome.ok()) return outcome;
        Draft taken;
        if (auto outcome = say(divide(parked.draft, parts, taken)); !outcome.ok()) return outcome;
        if (!change_parked(node_.database(), parked)) return parked_elsewhere();
        draft_ = std::move(taken);
        customer_.reset();
        return {};
    });
}

Outcome Till::preview_split(std::optional<std::int64_t> id, const std::vector<DraftPart>& parts, SplitPreview& preview) {
    ParkedReceipt parked{draft_, node_.clock().now(), cashier_};
    if (id)
        if (auto outcome = find_parked(*id, parked); !outcome.ok()) return outcome;
    SplitPreview found;
    const Draft& whole = parked.draft;
    if (auto outcome = say(quantities_of(whole, parts, found.moved)); !outcome.ok()) return outcome;
    Draft rest = whole, part = whole;
    part.log_out();
    // Of a line of which nothing is there nothing is to be paid: so both keep the receipt's lines.
    for (std::size_t i = 0; i < whole.lines.size(); ++i) {
        part.lines[i].input.quantity = found.moved[i];
        rest.lines[i].input.quantity = whole.lines[i].input.quantity - found.moved[i];
    }
    try {
        const TillView left = view_for(rest, customer_of(rest)), taken = view_for(part, {});
        for (const ViewLine& line : left.lines) found.rest.push_back(line.line.net);
        for (const ViewLine& line : taken.lines) found.part.push_back(line.line.net);
        found.rest_due = left.due;
        found.part_due = taken.due;
    } catch (const Overflow&) {
        return out_of_range();
    }
    preview = std::move(found);
    return {};
}

Outcome Till::keep_part(const std::vector<DraftPart>& parts) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    assert(keep_ == Keep::every_command);
    return in_one_step([&]() -> Outcome {
        Draft rest = draft_, taken;
        if (auto outcome = say(divide(rest, parts, taken)); !outcome.ok()) return outcome;
        if (!rest.place.empty() && node::parked_at(node_.database(), rest.place))
            return refused(Refusal::table_occupied, fmt::format("{} is occupied: choose another table, or merge the two.", place_name(rest.place)));
        if (count_parked(node_.database()) >= static_cast<std::int64_t>(max_parked))
            return refused(Refusal::too_many_parked, fmt::format("{} receipts are put aside already: pay or strike out some.", max_parked));
        put_aside(node_.database(), rest, node_.clock().now(), cashier_);
        taken.place = rest.place;
        draft_ = std::move(taken);
        customer_.reset();
        return {};
    });
}

Outcome Till::void_parked(std::int64_t id, const std::vector<DraftPart>& parts, std::string_view reason, ParkedResult* result) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(parts.empty() ? Permission::void_receipt : Permission::void_line, lent); !outcome.ok()) return outcome;
    if (result) *result = {};
    if (auto outcome = check_note(reason); !outcome.ok()) return outcome;
    const Outcome outcome = in_one_step([&]() -> Outcome {
        ParkedReceipt parked;
        if (auto found = find_parked(id, parked); !found.ok()) return found;
        parked.draft.approvals.insert(parked.draft.approvals.end(), lent.begin(), lent.end());
        const auto customer = customer_of(parked.draft);
        Draft taken = parked.draft;
        const DivideFault fault = parts.empty() ? DivideFault::everything : divide(parked.draft, parts, taken);
        if (fault == DivideFault::everything) {
            if (!take_up(node_.database(), parked.draft)) return parked_elsewhere();
            const std::int64_t seq = book_void(schema::kind::receipt_voided, parked.draft, customer, reason);
            if (result) result->seq = seq;
            return {};
        }
        if (fault != DivideFault::none) return say(fault);
        taken.place = parked.draft.place;
        const std::int64_t seq = book_void(schema::kind::line_voided, taken, customer, reason);
        if (result) {
            result->seq = seq;
            result->rest = view_of(parked, id);
        }
        return change_parked(node_.database(), parked) ? Outcome{} : parked_elsewhere();
    });
    if (outcome.ok()) use_up(lent);
    return outcome;
}

std::optional<Till::Customer> Till::customer_of(Draft& draft) {
    std::optional<Customer> customer;
    restore_customer(draft, customer);
    return customer;
}

ParkedView Till::view_of(const ParkedReceipt& parked, std::int64_t id) {
    Draft draft = parked.draft;
    const auto customer = customer_of(draft);
    const TillView all = view_for(draft, customer);
    ParkedView view;
    view.id = id;
    view.place = draft.place;
    view.opened = draft.opened.value_or(parked.parked);
    view.parked = parked.parked;
    view.cashier = parked.cashier;
    view.lines = all.lines;
    view.net = all.net;
    view.due = all.due;
    view.given = all.given;
    view.customer = all.customer;
    view.unresolved = std::any_of(draft.lines.begin(), draft.lines.end(), [](const DraftLine& line) { return line.unknown; });
    return view;
}

std::vector<ParkedView> Till::parked() {
    std::vector<ParkedView> views;
    for (const ParkedReceipt& parked : all_parked(node_.database())) views.push_back(view_of(parked, parked.draft.id));
    return views;
}

std::optional<ParkedView> Till::parked(std::int64_t id) {
    const auto found = parked_by_id(node_.database(), id);
    return found ? std::optional(view_of(*found, id)) : std::nullopt;
}

std::optional<std::int64_t> Till::parked_at(const Place& place) {
    const auto checked = checked_place(place);
    const auto found = checked && !checked->empty() ? node::parked_at(node_.database(), *checked) : std::nullopt;
    return found ? std::optional(found->draft.id) : std::nullopt;
}

std::vector<AreaView> Till::tables() {
    std::vector<AreaView> areas;
    std::vector<ParkedView> left = parked();
    std::erase_if(left, [](const ParkedView& view) { return view.place.empty(); });
    const auto table = [&](const Place& place) {
        TableView view{place.table, std::nullopt, !draft_.place.empty() && same_place(place, draft_.place)};
        const auto there = std::find_if(left.begin(), left.end(), [&](const ParkedView& parked) { return same_place(parked.place, place); });
        if (there == left.end()) return view;
        view.receipt = std::move(*there);
        left.erase(there);
        return view;
    };
    bool hand_drawn = draft_.place.empty();
    for (const Area& area : tables_of(node_)) {
        areas.push_back({area.name, {}});
        for (const std::string& name : area.tables) {
            areas.back().tables.push_back(table({area.name, name}));
            hand_drawn = hand_drawn || areas.back().tables.back().in_hand;
        }
    }
    std::vector<Place> others;
    for (const ParkedView& parked : left) others.push_back(parked.place);
    if (!hand_drawn && std::none_of(others.begin(), others.end(), [&](const Place& place) { return same_place(place, draft_.place); }))
        others.push_back(draft_.place);
    for (const Place& place : others) {
        auto area = std::find_if(areas.begin(), areas.end(), [&](const AreaView& view) { return same_place({view.name, "1"}, {place.area, "1"}); });
        if (area == areas.end()) area = areas.insert(areas.end(), {place.area, {}});
        area->tables.push_back(table(place));
    }
    return areas;
}

}  // namespace paprsek::node
