#include "fiscal/simulator/register.h"

#include <fmt/format.h>

#include <algorithm>

#include "fiscal/datecs/fields.h"

namespace paprsek::fiscal::simulator {

using node::Money;

std::string_view print(DocumentKind kind) {
    static constexpr std::array names = {"fiscal", "cancelled", "non-fiscal", "cash", "x", "z"};
    return names.at(static_cast<std::size_t>(kind));
}

Register::Register(Settings settings, Memory memory) : settings_(std::move(settings)), memory_(std::move(memory)) {
    if (settings_.password.empty()) settings_.password = std::string(settings_.profile.password);
    settings_.rates.resize(static_cast<std::size_t>(std::max(1, settings_.profile.vat_groups)));
    if (memory_.open) printed_ = memory_.open->text;
}

void Register::put(const std::string& text) {
    printed_ += text + "\n";
    if (memory_.open) memory_.open->text = printed_;
    if (on_paper) on_paper(text);
}

void Register::line(const std::string& left, const std::string& right) {
    const auto width = static_cast<std::size_t>(settings_.profile.columns);
    const std::size_t room = width > right.size() + 1 ? width - right.size() - 1 : 0;
    put(fmt::format("{:<{}} {}", left.substr(0, room), room, right));
}

Refusal Register::can_print() const {
    if (!paper) return Refusal::paper_out;
    if (cover) return Refusal::cover_open;
    return Refusal::none;
}

std::int64_t Register::next_document() { return memory_.documents + 1; }

void Register::keep(DocumentKind kind, Money total, std::map<char, Money> paid) {
    const bool counted = settings_.counts_at_opening && memory_.open;
    if (!counted) ++memory_.documents;
    memory_.journal.push_back({memory_.documents, kind, printed_, total, std::move(paid)});
    memory_.open.reset();
    printed_.clear();
    if (on_paper) on_paper(std::string(static_cast<std::size_t>(settings_.profile.columns), '-'));
}

Refusal Register::open_fiscal(int operator_number, const std::string& password, int till) {
    if (memory_.open) return memory_.open->fiscal ? Refusal::fiscal_open : Refusal::non_fiscal_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    if (wrong_passwords >= 3) return Refusal::locked;
    if (password != settings_.password || operator_number < 1 || operator_number > settings_.profile.operators) {
        ++wrong_passwords;
        return Refusal::password;
    }
    wrong_passwords = 0;
    if (!clock_set) return Refusal::clock_not_set;
    if (full) return Refusal::memory_full;
    if (day_too_long || (memory_.day_since && clock() - memory_.day_since > 86'400)) return Refusal::day_too_long;
    OpenDocument document;
    document.number = next_document();
    memory_.open = document;
    if (settings_.counts_at_opening) ++memory_.documents;
    printed_.clear();
    for (const std::string& text : settings_.header) put(text);
    put(fmt::format("operator {} till {}", operator_number, till));
    return Refusal::none;
}

Refusal Register::sell(const Sale& sale) {
    if (!memory_.open || !memory_.open->fiscal) return Refusal::nothing_open;
    OpenDocument& open = *memory_.open;
    if (open.paying) return Refusal::paying;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    if (open.items >= settings_.profile.max_sales) return Refusal::too_many_lines;
    if (sale.letter < 0 || sale.letter >= settings_.profile.vat_groups || !settings_.rates[static_cast<std::size_t>(sale.letter)]) return Refusal::bad_letter;
    if (sale.quantity <= node::Quantity{} || sale.quantity.raw() > settings_.profile.max_quantity) return Refusal::syntax;
    const Money size = sale.price < Money{} ? -sale.price : sale.price;
    if (size.is_zero() || size.raw() > settings_.profile.max_price) return Refusal::too_large;
    if ((sale.percent && !settings_.profile.percent) || (sale.amount && !settings_.profile.absolute)) return Refusal::syntax;
    const Money gross = node::times(size, sale.quantity);
    Money change;
    if (sale.percent) change = node::percent_of(gross, *sale.percent);
    if (sale.amount) change = *sale.amount;
    if (gross + change < Money{}) return Refusal::below_zero;
    const Money sum = sale.price < Money{} ? -(gross + change) : gross + change;
    Money& group = open.by_letter[static_cast<std::size_t>(sale.letter)];
    if (group + sum < Money{}) return Refusal::below_zero;
    group += sum;
    open.total += sum;
    ++open.items;
    const auto texts = datecs::split_at(sale.text, '\n');
    for (std::size_t i = 0; i + 1 < texts.size(); ++i) put(texts[i]);
    if (sale.quantity != node::one_piece) put(fmt::format("  {} x {}", node::print(sale.quantity), node::print(size)));
    line(texts.back(), fmt::format("{} {}", node::print(sale.price < Money{} ? -gross : gross), static_cast<char>('A' + sale.letter)));
    if (!change.is_zero()) line("  discount", node::print(sale.price < Money{} ? -change : change));
    return Refusal::none;
}

Refusal Register::fiscal_text(const std::string& text) {
    if (!memory_.open || !memory_.open->fiscal) return Refusal::nothing_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    put("# " + text + " #");
    return Refusal::none;
}

Refusal Register::pay(char code, std::optional<Money> amount, Paid& paid) {
    if (!memory_.open || !memory_.open->fiscal) return Refusal::nothing_open;
    OpenDocument& open = *memory_.open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    if (settings_.profile.tender_codes.find(code) == std::string_view::npos) return Refusal::syntax;
    if (open.items == 0) return Refusal::not_permitted;
    if (open.paying && open.paid >= open.total) return Refusal::not_permitted;
    const Money due = open.total - open.paid;
    const Money given = amount.value_or(due);
    if (given < Money{}) return Refusal::syntax;
    if (!open.paying) line("TOTAL", node::print(open.total));
    open.paying = true;
    line(code == settings_.profile.tender_codes[0] ? "CASH" : fmt::format("PAID {}", code), node::print(given));
    open.payments[code] += given < due ? given : due;
    open.paid += given;
    if (given < due) {
        paid = {'D', due - given};
    } else {
        paid = {'R', given - due};
        if (given > due) line("CHANGE", node::print(given - due));
    }
    return Refusal::none;
}

Refusal Register::close() {
    if (!memory_.open || !memory_.open->fiscal) return Refusal::nothing_open;
    if (!memory_.open->paying || memory_.open->paid < memory_.open->total) return Refusal::not_paid;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    const OpenDocument open = *memory_.open;
    put(fmt::format("{} {}", datecs::print_wall_clock(clock()), settings_.serial));
    put(fmt::format("FISCAL RECEIPT {}", memory_.fiscal_documents + 1));
    ++memory_.fiscal_documents;
    for (const auto& [code, sum] : open.payments) memory_.day_paid[code] += sum;
    for (std::size_t i = 0; i < open.by_letter.size(); ++i) memory_.day_letters[i] += open.by_letter[i];
    memory_.grand_total += open.total;
    if (!memory_.day_since) memory_.day_since = clock();
    memory_.last_items = open.items;
    memory_.last_total = open.total;
    memory_.last_paid = open.paid;
    keep(DocumentKind::fiscal, open.total, open.payments);
    return Refusal::none;
}

Refusal Register::cancel() {
    if (!settings_.profile.cancel) return Refusal::unknown;
    if (!memory_.open || !memory_.open->fiscal) return Refusal::nothing_open;
    if (memory_.open->paying) return Refusal::not_permitted;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    put("*** CANCELLED ***");
    memory_.last_items = memory_.open->items;
    memory_.last_total = memory_.open->total;
    memory_.last_paid = {};
    keep(DocumentKind::cancelled, {}, {});
    return Refusal::none;
}

Refusal Register::open_text() {
    if (memory_.open) return memory_.open->fiscal ? Refusal::fiscal_open : Refusal::non_fiscal_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    OpenDocument document;
    document.fiscal = false;
    document.number = next_document();
    memory_.open = document;
    if (settings_.counts_at_opening) ++memory_.documents;
    printed_.clear();
    for (const std::string& text : settings_.header) put(text);
    return Refusal::none;
}

Refusal Register::text(const std::string& text) {
    if (!memory_.open || memory_.open->fiscal) return Refusal::nothing_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    put(text);
    return Refusal::none;
}

Refusal Register::close_text() {
    if (!memory_.open || memory_.open->fiscal) return Refusal::nothing_open;
    put("NON-FISCAL RECEIPT");
    keep(DocumentKind::non_fiscal, {}, {});
    return Refusal::none;
}

Money Register::cash_in_drawer() const {
    const auto cash = memory_.day_paid.find(settings_.profile.tender_codes[0]);
    return (cash == memory_.day_paid.end() ? Money{} : cash->second) + memory_.cash_in - memory_.cash_out;
}

Refusal Register::move_cash(Money amount) {
    if (memory_.open) return memory_.open->fiscal ? Refusal::fiscal_open : Refusal::non_fiscal_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    if (-amount > cash_in_drawer()) return Refusal::too_little_cash;
    (amount < Money{} ? memory_.cash_out : memory_.cash_in) += amount < Money{} ? -amount : amount;
    line(amount < Money{} ? "CASH OUT" : "CASH IN", node::print(amount));
    keep(DocumentKind::cash, amount, {});
    return Refusal::none;
}

Refusal Register::report(bool z, Report& report) {
    if (memory_.open) return memory_.open->fiscal ? Refusal::fiscal_open : Refusal::non_fiscal_open;
    if (const Refusal refusal = can_print(); refusal != Refusal::none) return refusal;
    if (z && full) return Refusal::memory_full;
    report.number = memory_.closures + (z ? 1 : 0);
    report.letters = memory_.day_letters;
    for (const Money sum : report.letters) report.total += sum;
    put(z ? fmt::format("Z REPORT {}", report.number) : "X REPORT");
    for (std::size_t i = 0; i < static_cast<std::size_t>(settings_.profile.vat_groups); ++i)
        if (settings_.rates[i]) line(fmt::format("{} {} %", static_cast<char>('A' + i), node::print(*settings_.rates[i])), node::print(report.letters[i]));
    for (const auto& [code, sum] : memory_.day_paid) line(fmt::format("PAID {}", code), node::print(sum));
    line("CASH IN", node::print(memory_.cash_in));
    line("CASH OUT", node::print(memory_.cash_out));
    line("TOTAL", node::print(report.total));
    if (z) {
        ++memory_.closures;
        memory_.day_letters = {};
        memory_.day_paid.clear();
        memory_.cash_in = memory_.cash_out = {};
        memory_.day_since = 0;
        day_too_long = false;
    }
    keep(z ? DocumentKind::z : DocumentKind::x, report.total, {});
    return Refusal::none;
}

Refusal Register::set_clock(std::int64_t local) {
    if (memory_.open) return Refusal::not_permitted;
    if (memory_.day_since && local < memory_.day_since) return Refusal::not_permitted;  // not before the last record
    clock_offset = local - local_seconds();
    clock_set = true;
    return Refusal::none;
}

void Register::sell_by_hand(Money amount) {
    if (memory_.open || !paper) return;
    OpenDocument document;
    document.number = next_document();
    memory_.open = document;
    if (settings_.counts_at_opening) ++memory_.documents;
    printed_.clear();
    put("BY HAND");
    sell({"DEPARTMENT 1", 0, amount, node::one_piece, std::nullopt, std::nullopt});
    Paid paid;
    pay(settings_.profile.tender_codes[0], std::nullopt, paid);
    close();
}

void Register::power_returned() {
    wrong_passwords = 0;
    if (memory_.open) put("*** VOLTAGE DROP ***");
}

// ------------------------------------------------------------------------------------------------ on disk

namespace {

node::Json amounts(const std::map<char, Money>& map) {
    node::Json json = node::Json::object();
    for (const auto& [code, sum] : map) json[std::string(1, code)] = sum.raw();
    return json;
}
std::map<char, Money> amounts_of(const node::Json& json) {
    std::map<char, Money> map;
    for (const auto& [code, sum] : json.items()) map[code.at(0)] = Money::of(sum.get<std::int64_t>());
    return map;
}
node::Json letters(const std::array<Money, 8>& sums) {
    node::Json json = node::Json::array();
    for (const Money sum : sums) json.push_back(sum.raw());
    return json;
}
std::array<Money, 8> sums_by_letter(const node::Json& json) {
    std::array<Money, 8> sums{};
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = Money::of(json.at(i).get<std::int64_t>());
    return sums;
}

}  // namespace

node::Json json_of(const Memory& memory) {
    node::Json json = {{"documents", memory.documents},
                       {"fiscal_documents", memory.fiscal_documents},
                       {"closures", memory.closures},
                       {"day_paid", amounts(memory.day_paid)},
                       {"day_letters", letters(memory.day_letters)},
                       {"cash_in", memory.cash_in.raw()},
                       {"cash_out", memory.cash_out.raw()},
                       {"grand_total", memory.grand_total.raw()},
                       {"day_since", memory.day_since},
                       {"last_items", memory.last_items},
                       {"last_total", memory.last_total.raw()},
                       {"last_paid", memory.last_paid.raw()},
                       {"last_sequence", memory.last_sequence},
                       {"journal", node::Json::array()}};
    for (const Document& document : memory.journal)
        json["journal"].push_back({{"number", document.number},
                                   {"kind", static_cast<int>(document.kind)},
                                   {"text", document.text},
                                   {"total", document.total.raw()},
                                   {"paid", amounts(document.paid)}});
    if (const auto& open = memory.open)
        json["open"] = {{"fiscal", open->fiscal},
                        {"number", open->number},
                        {"items", open->items},
                        {"total", open->total.raw()},
                        {"paid", open->paid.raw()},
                        {"payments", amounts(open->payments)},
                        {"by_letter", letters(open->by_letter)},
                        {"paying", open->paying},
                        {"text", open->text}};
    return json;
}

Memory parse_memory(const node::Json& json) {
    Memory memory;
    const auto money = [](const node::Json& value) { return Money::of(value.get<std::int64_t>()); };
    memory.documents = json.at("documents").get<std::int64_t>();
    memory.fiscal_documents = json.at("fiscal_documents").get<std::int64_t>();
    memory.closures = json.at("closures").get<std::int64_t>();
    memory.day_paid = amounts_of(json.at("day_paid"));
    memory.day_letters = sums_by_letter(json.at("day_letters"));
    memory.cash_in = money(json.at("cash_in"));
    memory.cash_out = money(json.at("cash_out"));
    memory.grand_total = money(json.at("grand_total"));
    memory.day_since = json.at("day_since").get<std::int64_t>();
    memory.last_items = json.at("last_items").get<std::int64_t>();
    memory.last_total = money(json.at("last_total"));
    memory.last_paid = money(json.at("last_paid"));
    memory.last_sequence = json.at("last_sequence").get<int>();
    for (const node::Json& row : json.at("journal"))
        memory.journal.push_back({row.at("number").get<std::int64_t>(), static_cast<DocumentKind>(std::clamp(row.at("kind").get<int>(), 0, 5)),
                                  row.at("text").get<std::string>(), money(row.at("total")), amounts_of(row.at("paid"))});
    if (const auto open = json.find("open"); open != json.end())
        memory.open = OpenDocument{open->at("fiscal").get<bool>(),
                                   open->at("number").get<std::int64_t>(),
                                   open->at("items").get<std::int64_t>(),
                                   money(open->at("total")),
                                   money(open->at("paid")),
                                   amounts_of(open->at("payments")),
                                   sums_by_letter(open->at("by_letter")),
                                   open->at("paying").get<bool>(),
                                   open->at("text").get<std::string>()};
    return memory;
}

}  // namespace paprsek::fiscal::simulator
