// The classic language at the device's end.
#include <fmt/format.h>

#include "fiscal/datecs/device.h"
#include "fiscal/datecs/fields.h"
#include "fiscal/simulator/machine.h"

namespace paprsek::fiscal::simulator {
namespace {

using datecs::parse_number;
using datecs::split_at;
using node::Money;

/// Sign and nine digits of minor units.
std::string signed_amount(Money amount) { return fmt::format("{}{:09}", amount < Money{} ? '-' : '+', amount < Money{} ? -amount.raw() : amount.raw()); }
std::string amount(Money value) { return fmt::format("{:09}", value.raw()); }

/// "[L1][LF L2] HT Tax[-]Price[*Qty[#Unit]][,Perc|;Abs]"
std::optional<Register::Sale> parse_sale(const std::string& data) {
    const auto tab = data.find('\t');
    if (tab == std::string::npos || tab + 2 >= data.size()) return std::nullopt;
    Register::Sale sale;
    sale.text = data.substr(0, tab);
    std::string rest = data.substr(tab + 1);
    if (rest[0] < 'A' || rest[0] > 'H') return std::nullopt;
    sale.letter = rest[0] - 'A';
    rest.erase(0, 1);
    const bool strike = rest.starts_with('-');
    if (strike || rest.starts_with('+')) rest.erase(0, 1);
    if (const auto mark = rest.find_first_of(",;"); mark != std::string::npos) {
        const std::string value = rest.substr(mark + 1);
        if (rest[mark] == ',')
            sale.percent = node::parse<node::Rate>(value);
        else
            sale.amount = node::parse<Money>(value);
        if (!sale.percent && !sale.amount) return std::nullopt;
        rest.erase(mark);
    }
    if (const auto star = rest.find('*'); star != std::string::npos) {
        std::string quantity = rest.substr(star + 1);
        if (const auto unit = quantity.find('#'); unit != std::string::npos) quantity.erase(unit);
        const auto parsed = node::parse<node::Quantity>(quantity);
        if (!parsed) return std::nullopt;
        sale.quantity = *parsed;
        rest.erase(star);
    }
    const auto price = node::parse<Money>(rest);
    if (!price || *price < Money{}) return std::nullopt;
    sale.price = strike ? -*price : *price;
    return sale;
}

}  // namespace

Machine::Answered Machine::classic(int command, const std::string& data) {
    Register& device = register_;
    const auto numbers = [&] { return fmt::format("{:04},{:04}", device.memory().documents, device.memory().fiscal_documents); };
    switch (command) {
        case 48: {
            const auto fields = split_at(data, ',');
            const auto operator_number = parse_number(fields[0]);
            const auto till = fields.size() >= 3 ? parse_number(fields[2]) : std::nullopt;
            if (!operator_number || !till) return {{}, Refusal::syntax};
            const Refusal refusal = device.open_fiscal(static_cast<int>(*operator_number), fields[1], static_cast<int>(*till));
            return {numbers(), refusal};
        }
        case 49:
        case 52: {
            auto sale = parse_sale(data);
            if (!sale) return {{}, Refusal::syntax};
            sale->text = utf8(sale->text);
            return {{}, device.sell(*sale)};
        }
        case 53: {
            const auto tab = data.find('\t');
            if (tab == std::string::npos) return {{}, Refusal::syntax};
            std::string rest = data.substr(tab + 1);
            char code = device.settings().profile.tender_codes[0];
            if (!rest.empty() && rest[0] >= 'A' && rest[0] <= 'Z') {
                code = rest[0];
                rest.erase(0, 1);
            }
            std::optional<Money> given;
            if (!rest.empty()) {
                given = node::parse<Money>(rest);
                if (!given) return {{}, Refusal::syntax};
            }
            Register::Paid paid;
            const Refusal refusal = device.pay(code, given, paid);
            return {fmt::format("{}{}", paid.answer, amount(paid.amount)), refusal};
        }
        case 54:
            return {{}, device.fiscal_text(utf8(data))};
        case 56: {
            const Refusal refusal = device.close();
            return {numbers(), refusal};
        }
        case 60:
            return {{}, device.cancel()};
        case 38: {
            const Refusal refusal = device.open_text();
            return {fmt::format("{:04}", device.memory().documents), refusal};
        }
        case 42:
            return {{}, device.text(utf8(data))};
        case 39: {
            const Refusal refusal = device.close_text();
            return {fmt::format("{:04}", device.memory().documents), refusal};
        }
        case 61: {
            const auto seconds = datecs::parse_wall_clock(data);
            return {{}, seconds ? device.set_clock(*seconds) : Refusal::syntax};
        }
        case 69: {
            Register::Report report;
            if (data != "0" && data != "2" && data != "0N" && data != "2N") return {{}, Refusal::syntax};
            const Refusal refusal = device.report(data[0] == '0', report);
            std::string reply = fmt::format("{:04},{}", report.number, signed_amount(report.total));
            for (int i = 0; i < device.settings().profile.vat_groups; ++i) reply += "," + signed_amount(report.letters[static_cast<std::size_t>(i)]);
            return {reply, refusal};
        }
        default:
            return classic_question(command, data);
    }
}

Machine::Answered Machine::classic_question(int command, const std::string& data) {
    Register& device = register_;
    const Profile& profile = device.settings().profile;
    switch (command) {
        case 33:
            device.shown = {};
            return {};
        case 35:
            device.shown[1] = utf8(data);
            return {};
        case 47:
            device.shown[0] = utf8(data);
            return {};
        case 44:
        case 45:
            return {command == 45 ? "P" : "", Refusal::none};
        case 106: {
            const auto ms = data.empty() ? std::optional<std::int64_t>(15) : parse_number(data);
            if (!ms || *ms < profile.drawer_ms_least || *ms > profile.drawer_ms_most) return {{}, Refusal::syntax};
            device.drawer();
            return {};
        }
        case 62:
            return {datecs::print_wall_clock(device.clock()), Refusal::none};
        case 70: {
            std::optional<Money> moved;
            if (!data.empty()) {
                moved = node::parse<Money>(data.starts_with('+') ? data.substr(1) : data);
                if (!moved) return {{}, Refusal::syntax};
            }
            Refusal refusal = moved && !moved->is_zero() ? device.move_cash(*moved) : Refusal::none;
            const bool failed = refusal == Refusal::too_little_cash || refusal == Refusal::fiscal_open || refusal == Refusal::non_fiscal_open;
            if (failed) refusal = Refusal::none;
            const Memory& memory = device.memory();
            return {fmt::format("{},{},{},{}", failed ? 'F' : 'P', amount(device.cash_in_drawer()), amount(memory.cash_in), amount(memory.cash_out)), refusal};
        }
        default:
            return classic_read(command, data);
    }
}

Machine::Answered Machine::classic_read(int command, const std::string& data) {
    Register& device = register_;
    const Memory& memory = device.memory();
    const Profile& profile = device.settings().profile;
    const auto& open = memory.open;
    switch (command) {
        case 74: {
            const auto bytes = status({});
            return {std::string(bytes.begin(), bytes.end()), Refusal::none};
        }
        case 76: {
            std::string reply =
                fmt::format("{},{:04},{}", open ? 1 : 0, open ? open->items : memory.last_items, signed_amount(open ? open->total : memory.last_total));
            if (data == "T") reply += "," + signed_amount(open ? open->paid : memory.last_paid);
            return {reply, data.empty() || data == "T" ? Refusal::none : Refusal::syntax};
        }
        case 83:
        case 97: {
            std::string reply;
            for (const auto& rate : device.settings().rates) {
                const std::int64_t hundredths = rate ? rate->raw() / 10'000 : 10'000;
                reply += (reply.empty() ? "" : ",") + fmt::format("{:02}.{:02}", hundredths / 100, hundredths % 100);
            }
            return {command == 97 ? reply : "0,2,LEI," + std::string(8, '1') + "," + reply, Refusal::none};
        }
        case 90: {
            const Settings& settings = device.settings();
            if (profile.vat_groups == 4)
                return {fmt::format("1.00 10MAR26 1200 A1B2 00000000 4 {} {}", settings.serial, settings.memory_number), Refusal::none};
            return {fmt::format("{},1.00BG 10MAR26 1200,A1B2,00000000,{},{}", settings.model, settings.serial, settings.memory_number), Refusal::none};
        }
        case 103: {
            std::string reply = open && !open->paying ? "1" : "0";
            for (int i = 0; i < profile.vat_groups; ++i) reply += "," + signed_amount(open ? open->by_letter[static_cast<std::size_t>(i)] : Money{});
            return {reply + ",0,0000000000", Refusal::none};
        }
        case 110: {
            std::string reply;
            for (const char code : profile.day_sums) {
                const auto sum = memory.day_paid.find(code);
                reply += amount(sum == memory.day_paid.end() ? Money{} : sum->second) + ",";
            }
            return {reply + fmt::format("{:04},{:04}", memory.closures, memory.documents), Refusal::none};
        }
        case 113:
            return {fmt::format("{:07}", memory.documents), Refusal::none};
        case 119: {
            if (!profile.journal) return {{}, Refusal::unknown};
            if (data.starts_with("R,")) {
                journal_lines_.clear();
                journal_at_ = 0;
                for (const Document& document : memory.journal)
                    if (document.number == parse_number(data.substr(2))) journal_lines_ = split_at(document.text, '\n');
            } else if (data != "N") {
                return {{}, Refusal::syntax};
            }
            while (journal_at_ < journal_lines_.size() && journal_lines_[journal_at_].empty()) ++journal_at_;
            if (journal_at_ >= journal_lines_.size()) return {"F", Refusal::none};
            return {"P," + bytes(journal_lines_[journal_at_++], 64), Refusal::none};
        }
        default:
            return {{}, Refusal::unknown};
    }
}

}  // namespace paprsek::fiscal::simulator
