// The X language at the device's end.
#include <fmt/format.h>

#include "fiscal/datecs/device.h"
#include "fiscal/datecs/fields.h"
#include "fiscal/simulator/machine.h"

namespace paprsek::fiscal::simulator {
namespace {

using datecs::parse_number;
using datecs::split_at;
using node::Money;

std::int64_t code_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::none:
            return 0;
        case Refusal::syntax:
            return -112001;
        case Refusal::unknown:
            return -112000;
        case Refusal::not_permitted:
            return -111003;
        case Refusal::too_large:
            return -101004;
        case Refusal::paper_out:
            return -100403;
        case Refusal::cover_open:
            return -100404;
        case Refusal::password:
        case Refusal::locked:
            return -102002;
        case Refusal::nothing_open:
            return -111016;
        case Refusal::fiscal_open:
            return -111047;
        case Refusal::non_fiscal_open:
            return -111046;
        case Refusal::paying:
            return -111018;
        case Refusal::not_paid:
            return -111050;
        case Refusal::too_little_cash:
            return -111017;
        case Refusal::day_too_long:
            return -111024;
        case Refusal::too_many_lines:
            return -111019;
        case Refusal::clock_not_set:
            return -112004;
        case Refusal::memory_full:
            return -105010;
        case Refusal::bad_letter:
            return -111005;
        case Refusal::below_zero:
            return -111003;
    }
    return -111003;
}

/// Name, tax, price, quantity, kind of discount, its value, department.
std::optional<Register::Sale> parse_sale(const std::vector<std::string>& fields, const std::string& name) {
    if (fields.size() < 7) return std::nullopt;
    const auto letter = parse_number(fields[1]);
    const auto price = node::parse<Money>(fields[2]);
    const auto quantity = node::parse<node::Quantity>(fields[3]);
    if (!letter || !price || !quantity) return std::nullopt;
    Register::Sale sale{name, static_cast<int>(*letter) - 1, *price, *quantity, std::nullopt, std::nullopt};
    const std::string kind = fields[4].empty() ? "0" : fields[4];
    if (kind == "1" || kind == "2") {
        sale.percent = node::parse<node::Rate>(fields[5]);
        if (!sale.percent) return std::nullopt;
        if (kind == "2") sale.percent = -*sale.percent;
    } else if (kind == "3" || kind == "4") {
        sale.amount = node::parse<Money>(fields[5]);
        if (!sale.amount) return std::nullopt;
        if (kind == "4") sale.amount = -*sale.amount;
    } else if (kind != "0") {
        return std::nullopt;
    }
    return sale;
}

}  // namespace

Machine::Answered Machine::x(int command, const std::string& data) {
    Register& device = register_;
    const auto reply = [](Refusal refusal, const std::string& rest = {}) {
        return Answered{fmt::format("{}\t{}", code_of(refusal), refusal == Refusal::none ? rest : ""), refusal};
    };
    const auto slip = [&](Refusal refusal) { return reply(refusal, fmt::format("{}\t", device.memory().documents)); };
    auto fields = split_at(data, '\t');
    if (!fields.empty() && fields.back().empty()) fields.pop_back();
    switch (command) {
        case 48: {
            const auto operator_number = fields.size() >= 3 ? parse_number(fields[0]) : std::nullopt;
            const auto till = fields.size() >= 3 ? parse_number(fields[2]) : std::nullopt;
            if (!operator_number || !till) return reply(Refusal::syntax);
            return slip(device.open_fiscal(static_cast<int>(*operator_number), fields[1], static_cast<int>(*till)));
        }
        case 49: {
            const auto sale = parse_sale(fields, fields.empty() ? "" : utf8(fields[0]));
            return sale ? slip(device.sell(*sale)) : reply(Refusal::syntax);
        }
        case 53: {
            if (fields.empty() || fields[0].size() != 1) return reply(Refusal::syntax);
            std::optional<Money> given;
            if (fields.size() > 1 && !fields[1].empty()) {
                given = node::parse<Money>(fields[1]);
                if (!given) return reply(Refusal::syntax);
            }
            Register::Paid paid;
            const Refusal refusal = device.pay(fields[0][0], given, paid);
            return reply(refusal, fmt::format("{}\t{}\t", paid.answer, node::print(paid.amount)));
        }
        case 54:
            return reply(device.fiscal_text(fields.empty() ? "" : utf8(fields[0])));
        case 56:
            return slip(device.close());
        case 60:
            return reply(device.cancel());
        case 38:
            return slip(device.open_text());
        case 42:
            return reply(device.text(fields.empty() ? "" : utf8(fields[0])));
        case 39:
            return slip(device.close_text());
        case 61: {
            const auto seconds = fields.empty() ? std::nullopt : datecs::parse_wall_clock(fields[0]);
            return reply(seconds ? device.set_clock(*seconds) : Refusal::syntax);
        }
        case 69: {
            if (fields.empty() || (fields[0] != "X" && fields[0] != "Z")) return reply(Refusal::syntax);
            Register::Report report;
            const Refusal refusal = device.report(fields[0] == "Z", report);
            std::string rest = fmt::format("{}\t", report.number);
            for (const Money sum : report.letters) rest += node::print(sum) + "\t";
            for (std::size_t i = 0; i < report.letters.size(); ++i) rest += "0.00\t";  // returns
            return reply(refusal, rest);
        }
        default:
            return x_question(command, fields);
    }
}

Machine::Answered Machine::x_question(int command, const std::vector<std::string>& fields) {
    Register& device = register_;
    const Memory& memory = device.memory();
    const Settings& settings = device.settings();
    const auto& open = memory.open;
    const auto reply = [](Refusal refusal, const std::string& rest = {}) {
        return Answered{fmt::format("{}\t{}", code_of(refusal), refusal == Refusal::none ? rest : ""), refusal};
    };
    switch (command) {
        case 33:
            device.shown = {};
            return reply(Refusal::none);
        case 35:
            device.shown[1] = fields.empty() ? "" : utf8(fields[0]);
            return reply(Refusal::none);
        case 47:
            device.shown[0] = fields.empty() ? "" : utf8(fields[0]);
            return reply(Refusal::none);
        case 44:
        case 45:
        case 46:
            return reply(Refusal::none);
        case 106: {
            const auto ms = fields.empty() ? std::nullopt : parse_number(fields[0]);
            if (!ms || *ms < settings.profile.drawer_ms_least || *ms > settings.profile.drawer_ms_most) return reply(Refusal::syntax);
            device.drawer();
            return reply(Refusal::none);
        }
        case 62:
            return reply(Refusal::none, datecs::print_wall_clock(device.clock()) + "\t");
        case 70: {
            const auto amount = fields.size() >= 2 ? node::parse<Money>(fields[1]) : std::nullopt;
            if (!amount || (fields[0] != "0" && fields[0] != "1")) return reply(Refusal::syntax);
            const Refusal refusal = amount->is_zero() ? Refusal::none : device.move_cash(fields[0] == "1" ? -*amount : *amount);
            return reply(refusal, fmt::format("{}\t{}\t{}\t", node::print(device.cash_in_drawer()), node::print(memory.cash_in), node::print(memory.cash_out)));
        }
        case 74: {
            const auto bytes = status({});
            return {"0\t" + std::string(bytes.begin(), bytes.end()) + "\t", Refusal::none};
        }
        case 76: {
            const int kind = !open ? 0 : open->fiscal ? 1 : 5;
            return reply(Refusal::none, fmt::format("{}\t{}\t{}\t{}\t{}\t", kind, memory.documents, open ? open->items : memory.last_items,
                                                    node::print(open ? open->total : memory.last_total), node::print(open ? open->paid : memory.last_paid)));
        }
        case 90:  // some models answer with commas and no code
            return {fmt::format("{},410236 14Feb18 1000,A1B2,00000000,{},{}", settings.model, settings.serial, settings.memory_number), Refusal::none};
        case 50: {
            std::string rest = fmt::format("{}\t", memory.closures);
            for (std::size_t i = 0; i < 8; ++i) {
                const auto rate = i < settings.rates.size() ? settings.rates[i] : std::nullopt;
                const std::int64_t hundredths = rate ? rate->raw() / 10'000 : 10'000;
                rest += fmt::format("{}.{:02}\t", hundredths / 100, hundredths % 100);
            }
            return reply(Refusal::none, rest + "01-01-26\t");
        }
        case 125:
            return x_journal(fields);
        default:
            return reply(Refusal::unknown);
    }
}

Machine::Answered Machine::x_journal(const std::vector<std::string>& fields) {
    const auto failed = [](Refusal refusal) { return Answered{fmt::format("{}\t", code_of(refusal)), refusal}; };
    if (fields.empty()) return failed(Refusal::syntax);
    if (fields[0] == "0" && fields.size() >= 2) {
        const auto number = parse_number(fields[1]);
        journal_lines_.clear();
        journal_at_ = 0;
        for (const Document& document : register_.memory().journal)
            if (document.number == number) {
                journal_lines_ = split_at(document.text, '\n');
                return {fmt::format("0\t{}\t{}\t\t{}\t", document.number, document.number, static_cast<int>(document.kind)), Refusal::none};
            }
        return failed(Refusal::not_permitted);
    }
    if (fields[0] != "1") return failed(Refusal::syntax);
    while (journal_at_ < journal_lines_.size() && journal_lines_[journal_at_].empty()) ++journal_at_;
    if (journal_at_ >= journal_lines_.size()) return failed(Refusal::not_permitted);
    return {"0\t" + bytes(journal_lines_[journal_at_++], 64) + "\t", Refusal::none};
}

}  // namespace paprsek::fiscal::simulator
