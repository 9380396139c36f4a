// The classic language: commas, letters, status in six bytes.
#include <fmt/format.h>

#include <algorithm>

#include "fiscal/datecs/device.h"
#include "fiscal/datecs/fields.h"
#include "fiscal/text.h"

namespace paprsek::fiscal::datecs {
namespace {

class Classic final : public DatecsDevice {
public:
    using DatecsDevice::DatecsDevice;

    Reply holding(Holding& holding) override;
    Reply sold(node::Money& amount) override;
    Reply strike_open() override;
    std::optional<std::string> printed_text(std::int64_t document) override;
    Reply vat_rates(DeviceRates& rates) override;
    Reply clock(std::int64_t& local_seconds) override;
    Reply set_clock(std::int64_t local_seconds) override { return run(61, print_wall_clock(local_seconds), Changes::something); }
    Reply report(ReportKind kind, DayReport& report) override;
    Reply move_cash(node::Money amount) override;
    Reply open_drawer() override { return run(106, fmt::format("{}", options_.profile.drawer_ms_most), Changes::something); }
    Reply display(const std::string& first, const std::string& second) override;

private:
    Form form() const override { return Form::classic; }
    Fields split(const std::string& data) const override { return split_at(data, ','); }
    Reply error_of(int, Fields&, const Status&) const override { return {}; }
    Reply read_identity(Identity& identity) override;
    std::string open_data() const override { return fmt::format("{},{},{}", options_.operator_number, password(), options_.till); }
    std::string text_data(const std::string& text) const override { return text; }
    std::string sale_data(const Line& line, int letter, bool strike) const override;
    Reply pay(const Step& step) override;
    std::int64_t document_of(const Fields& fields) const override { return fields.empty() ? 0 : parse_number(fields[0]).value_or(0); }
    Reply read_cash(Fields& fields);
};

Reply Classic::read_identity(Identity& identity) {
    Fields fields;
    if (Reply reply = run(90, "1", Changes::nothing, &fields); !reply.ok()) return reply;
    identity = {};
    if (fields.size() >= 6) {  // Name,FwRev FwDate FwTime,Chk,Sw,Serial,FM
        identity = {std::string(node::trim(fields[0])), std::string(node::trim(fields[1])), std::string(node::trim(fields[4])),
                    std::string(node::trim(fields[5]))};
        return {};
    }
    // First generation: FwRev FwDate FwTime Chk Sw Country Ser FM, with blanks between. The date is one word or three.
    std::vector<std::string> words;
    for (const std::string& word : split_at(fields.empty() ? "" : fields[0], ' '))
        if (!word.empty()) words.push_back(word);
    if (words.size() < 6) return strange(90, fields);
    identity.model = std::string(options_.profile.shown);
    identity.firmware = words[0];
    identity.serial = words[words.size() - 2];
    identity.memory = words.back();
    return {};
}

std::string Classic::sale_data(const Line& line, int letter, bool strike) const {
    std::string data = fmt::format("{}\t{}{}{}", line.name, static_cast<char>('A' + letter), strike ? "-" : "", node::print(line.price));
    if (line.quantity != node::one_piece) data += "*" + node::print(line.quantity);
    if (line.discount.is_zero()) return data;
    const auto percent = percent_of_discount(line.gross, line.discount);
    if (percent) {
        const std::int64_t hundredths = percent->raw() / 10'000;
        return data + fmt::format(",-{}.{:02}", hundredths / 100, hundredths % 100);
    }
    return data + ";-" + node::print(line.discount);
}

Reply Classic::pay(const Step& step) {
    const auto mode = options_.profile.tender_codes.at(static_cast<std::size_t>(step.tender.with));
    const bool all_in_cash = step.tender.amount.is_zero() || options_.profile.plain_sales_only;
    Fields fields;
    Reply reply = run(53, all_in_cash ? "\t" : fmt::format("\t{}{}", mode, node::print(step.tender.amount)), Changes::something, &fields);
    if (!reply.ok()) return reply;
    const std::string answer = fields.empty() ? "" : fields[0];
    switch (answer.empty() ? ' ' : answer[0]) {
        case 'D':
        case 'R':
            return reply;
        case 'E':
        case 'I':
            return {Answer::refused, "The printer counts a sum below zero.", 0, answer};
        case 'F':
            return {Answer::refused, "The printer refuses the payment.", 0, text_of_device(answer, options_.profile.encoding)};
        default:
            return strange(53, fields);
    }
}

Reply Classic::read_cash(Fields& fields) {
    if (Reply reply = run(70, {}, Changes::nothing, &fields); !reply.ok()) return reply;
    return fields.size() >= 4 ? Reply{} : strange(70, fields);
}

Reply Classic::holding(Holding& holding) {
    holding = {};
    Fields open, last, day, cash;
    if (Reply reply = run(76, "T", Changes::nothing, &open); !reply.ok()) return reply;
    holding.open = last_status_.non_fiscal_open ? Holding::Open::non_fiscal : last_status_.fiscal_open ? Holding::Open::fiscal : Holding::Open::nothing;
    if (open.size() < 3) return strange(76, open);
    const auto items = parse_number(open[1]);
    const auto amount = parse_amount(open[2]), paid = open.size() > 3 ? parse_amount(open[3]) : std::optional(node::Money{});
    if (!items || !amount || !paid) return strange(76, open);
    holding.items = *items;
    holding.amount = *amount;
    holding.paid = *paid;
    if (Reply reply = run(113, {}, Changes::nothing, &last); !reply.ok()) return reply;
    const auto counter = last.empty() ? std::nullopt : parse_number(last[0]);
    if (!counter) return strange(113, last);
    holding.counter = *counter;
    if (Reply reply = run(110, {}, Changes::nothing, &day); !reply.ok()) return reply;
    const auto& profile = options_.profile;
    if (day.size() < profile.day_sums.size() + 2) return strange(110, day);
    for (std::size_t i = 0; i < profile.tender_codes.size(); ++i) {
        const auto place = profile.day_sums.find(profile.tender_codes[i]);
        const auto sum = place == std::string_view::npos ? std::nullopt : parse_amount(day[place]);
        if (!sum) return strange(110, day);
        holding.day.paid[static_cast<node::TenderKind>(i)] = *sum;
    }
    holding.closures = parse_number(day[day.size() - 2]).value_or(0);
    if (Reply reply = read_cash(cash); !reply.ok()) return reply;
    const auto in = parse_amount(cash[2]), out = parse_amount(cash[3]);
    if (!in || !out) return strange(70, cash);
    holding.day.cash_in = *in;
    holding.day.cash_out = *out;
    return {};
}

Reply Classic::sold(node::Money& amount) {
    Fields open;
    if (Reply reply = run(76, {}, Changes::nothing, &open); !reply.ok()) return reply;
    const auto sum = open.size() > 2 ? parse_amount(open[2]) : std::nullopt;
    if (!sum) return strange(76, open);
    amount = *sum;
    return {};
}

Reply Classic::strike_open() {
    Fields open;
    if (Reply reply = run(103, {}, Changes::nothing, &open); !reply.ok()) return reply;
    for (int letter = 0; letter < options_.profile.vat_groups && static_cast<std::size_t>(letter) + 1 < open.size(); ++letter) {
        const auto sum = parse_amount(open[static_cast<std::size_t>(letter) + 1]);
        if (!sum) return strange(103, open);
        if (*sum <= node::Money{}) continue;
        Line line;
        line.name = "STORNO";
        line.price = *sum;
        if (Reply reply = run(49, sale_data(line, letter, true), Changes::something); !reply.ok()) return reply;
    }
    if (Reply reply = run(53, "\t", Changes::something); !reply.ok()) return reply;
    return run(56, {}, Changes::something);
}

std::optional<std::string> Classic::printed_text(std::int64_t document) {
    if (!options_.profile.journal) return std::nullopt;
    std::string text;
    std::string question = fmt::format("R,{}", document);
    for (int line = 0; line < 2'000; ++line) {
        Fields fields;
        if (!run(119, question, Changes::nothing, &fields).ok() || fields.empty()) return std::nullopt;
        if (fields[0] == "F") break;
        for (std::size_t i = fields[0] == "P" ? 1 : 0; i < fields.size(); ++i)
            text += text_of_device(fields[i], options_.profile.encoding) + (i + 1 < fields.size() ? "," : "");
        text += '\n';
        question = "N";
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

Reply Classic::vat_rates(DeviceRates& rates) {
    Fields fields;
    if (Reply reply = run(97, {}, Changes::nothing, &fields); !reply.ok()) return reply;
    rates.clear();
    for (const std::string& field : fields) rates.push_back(parse_rate(field));
    return rates.size() >= static_cast<std::size_t>(options_.profile.vat_groups) ? Reply{} : strange(97, fields);
}

Reply Classic::clock(std::int64_t& local_seconds) {
    Fields fields;
    if (Reply reply = run(62, {}, Changes::nothing, &fields); !reply.ok()) return reply;
    const auto seconds = fields.empty() ? std::nullopt : parse_wall_clock(fields[0]);
    if (!seconds) return strange(62, fields);
    local_seconds = *seconds;
    return {};
}

Reply Classic::report(ReportKind kind, DayReport& report) {
    Fields fields;
    if (Reply reply = run(69, kind == ReportKind::z ? "0" : "2", Changes::something, &fields); !reply.ok()) return reply;
    const auto groups = static_cast<std::size_t>(options_.profile.vat_groups);
    if (fields.size() < groups + 2) return strange(69, fields);
    report = {};
    report.closures = parse_number(fields[0]).value_or(0);
    for (std::size_t i = 0; i < groups; ++i) {
        const auto sum = parse_amount(fields[i + 2]);
        if (!sum) return strange(69, fields);
        report.by_letter.push_back(*sum);
    }
    return {};
}

Reply Classic::move_cash(node::Money amount) {
    Fields fields;
    const std::string data = fmt::format("{}{}", amount < node::Money{} ? "" : "+", node::print(amount));
    if (Reply reply = run(70, data, Changes::something, &fields); !reply.ok()) return reply;
    if (fields.empty()) return strange(70, fields);
    if (fields[0] == "F") return {Answer::refused, "The printer refuses the cash movement: a receipt is open, or there is not so much cash in it."};
    return {};
}

Reply Classic::display(const std::string& first, const std::string& second) {
    if (first.empty() && second.empty()) return run(33, {}, Changes::something);
    const int width = options_.profile.display_bytes;
    if (Reply reply = run(47, encoded(first, width), Changes::something); !reply.ok()) return reply;
    return run(35, encoded(second, width), Changes::something);
}

}  // namespace

std::unique_ptr<Device> make_classic(Options options) { return std::make_unique<Classic>(std::move(options)); }

}  // namespace paprsek::fiscal::datecs
