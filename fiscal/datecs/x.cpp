// The X language: parameters that end with a tab, an error code before every reply.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fiscal/datecs/device.h"
#include "fiscal/datecs/fields.h"
#include "fiscal/text.h"

namespace paprsek::fiscal::datecs {
namespace {

struct Error {
    std::int64_t code;
    Answer answer;
    const char* why;
};
constexpr std::array errors = {Error{-100403, Answer::not_ready, "The printer is out of paper."},
                               Error{-112006, Answer::not_ready, "The printer is out of paper."},
                               Error{-100404, Answer::not_ready, "The printer's cover is open."},
                               Error{-112007, Answer::not_ready, "The printer's cover is open."},
                               Error{-100405, Answer::not_ready, "The printer's paper is running out: change it."},
                               Error{-104000, Answer::not_ready, "The printer wants a Z first."},
                               Error{-111024, Answer::not_ready, "The printer's day is longer than 24 hours: it wants a Z first."},
                               Error{-112005, Answer::not_ready, "The register is not in PC mode: switch it on its keyboard."},
                               Error{-105010, Answer::not_ready, "The printer's journal is full: it needs service."},
                               Error{-102002, Answer::refused, "The printer refuses the operator's password: set the one that is programmed in it."},
                               Error{-111005, Answer::refused, "The printer does not permit this VAT letter."},
                               Error{-111015, Answer::refused, "A receipt is open on the printer."},
                               Error{-111046, Answer::refused, "A non-fiscal receipt is open on the printer."},
                               Error{-111047, Answer::refused, "A fiscal receipt is open on the printer."},
                               Error{-111016, Answer::refused, "No receipt is open on the printer."},
                               Error{-111017, Answer::refused, "There is not so much cash in the printer's day."},
                               Error{-111018, Answer::refused, "The receipt is being paid already."},
                               Error{-111019, Answer::refused, "The printer takes no more lines on this receipt."},
                               Error{-111050, Answer::refused, "The receipt is not paid yet."},
                               Error{-111560, Answer::refused, "The card may have been charged, but the register does not know: ask its keeper."},
                               Error{-112000, Answer::refused, "The printer does not know the command."}};

class X final : public DatecsDevice {
public:
    using DatecsDevice::DatecsDevice;

    Reply holding(Holding& holding) override;
    Reply sold(node::Money& amount) override;
    std::optional<std::string> printed_text(std::int64_t document) override;
    Reply vat_rates(DeviceRates& rates) override;
    Reply clock(std::int64_t& local_seconds) override;
    Reply set_clock(std::int64_t local_seconds) override { return run(61, print_wall_clock(local_seconds) + "\t", Changes::something); }
    Reply report(ReportKind kind, DayReport& report) override;
    Reply move_cash(node::Money amount) override {
        const node::Money size = amount < node::Money{} ? -amount : amount;
        return run(70, fmt::format("{}\t{}\t", amount < node::Money{} ? 1 : 0, node::print(size)), Changes::something);
    }
    Reply open_drawer() override { return run(106, fmt::format("{}\t", options_.profile.drawer_ms_most), Changes::something); }
    Reply display(const std::string& first, const std::string& second) override;

private:
    Form form() const override { return Form::x; }
    Fields split(const std::string& data) const override;
    Reply error_of(int command, Fields& fields, const Status& status) const override;
    Reply read_identity(Identity& identity) override;
    std::string open_data() const override { return fmt::format("{}\t{}\t{}\t\t", options_.operator_number, password(), options_.till); }
    std::string text_data(const std::string& text) const override { return text + "\t"; }
    std::string sale_data(const Line& line, int letter, bool strike) const override;
    Reply pay(const Step& step) override;
    std::int64_t document_of(const Fields& fields) const override { return fields.empty() ? 0 : parse_number(fields[0]).value_or(0); }
};

X::Fields X::split(const std::string& data) const {
    Fields fields = split_at(data, '\t');
    if (!fields.empty() && fields.back().empty()) fields.pop_back();  // the last one ends with a tab, too
    return fields;
}

Reply X::error_of(int command, Fields& fields, const Status&) const {
    // Status comes as bare bytes in some firmware, identity with commas; all else begins with a code.
    if (fields.empty() || (command == 90 && fields.size() == 1)) return {};
    const auto code = parse_number(fields[0]);
    if (command == 74 && !code) return {};
    if (!code) return strange(command, fields);
    fields.erase(fields.begin());
    if (*code == 0) return {};
    const auto known = std::find_if(errors.begin(), errors.end(), [&](const Error& error) { return error.code == *code; });
    if (known != errors.end()) return {known->answer, known->why, 0, fmt::format("{}", *code)};
    return {Answer::refused, fmt::format("The printer refuses command {} with error {}.", command, *code), 0, fmt::format("{}", *code)};
}

Reply X::read_identity(Identity& identity) {
    Fields fields;
    if (Reply reply = run(90, "1\t", Changes::nothing, &fields); !reply.ok()) return reply;
    if (fields.size() == 1) fields = split_at(fields[0], ',');
    if (fields.size() < 5) return strange(90, fields);
    identity = {fields[0], fields[1], fields[fields.size() - 2], fields.back()};
    return {};
}

std::string X::sale_data(const Line& line, int letter, bool strike) const {
    const auto thousandths = line.quantity.raw();
    const std::string discount = line.discount.is_zero() ? "\t" : "4\t" + node::print(line.discount);
    std::string name = line.name;
    std::replace(name.begin(), name.end(), '\n', ' ');
    return fmt::format("{}\t{}\t{}{}\t{}.{:03}\t{}\t0\t", name, letter + 1, strike ? "-" : "", node::print(line.price), thousandths / 1000, thousandths % 1000,
                       discount);
}

Reply X::pay(const Step& step) {
    const auto mode = options_.profile.tender_codes.at(static_cast<std::size_t>(step.tender.with));
    Fields fields;
    const bool all_in_cash = step.tender.amount.is_zero() || options_.profile.plain_sales_only;
    Reply reply = run(53, all_in_cash ? "0\t\t\t" : fmt::format("{}\t{}\t\t", mode, node::print(step.tender.amount)), Changes::something, &fields);
    if (!reply.ok()) return reply;
    return fields.size() >= 2 && (fields[0] == "D" || fields[0] == "R") ? reply : strange(53, fields);
}

Reply X::holding(Holding& holding) {
    holding = {};
    Fields open, cash;
    if (Reply reply = run(76, {}, Changes::nothing, &open); !reply.ok()) return reply;
    if (open.size() < 5) return strange(76, open);
    const auto kind = parse_number(open[0]), counter = parse_number(open[1]), items = parse_number(open[2]);
    const auto amount = parse_amount(open[3]), paid = parse_amount(open[4]);
    if (!kind || !counter || !items || !amount || !paid) return strange(76, open);
    holding.open = *kind == 0 ? Holding::Open::nothing : *kind == 5 ? Holding::Open::non_fiscal : Holding::Open::fiscal;
    holding.counter = *counter;
    holding.items = *items;
    holding.amount = *amount;
    holding.paid = *paid;
    if (Reply reply = run(70, "0\t0.00\t", Changes::nothing, &cash); !reply.ok()) return reply;
    const auto in_drawer = cash.empty() ? std::nullopt : parse_amount(cash[0]);
    const auto in = cash.size() > 1 ? parse_amount(cash[1]) : std::nullopt, out = cash.size() > 2 ? parse_amount(cash[2]) : std::nullopt;
    if (!in_drawer || !in || !out) return strange(70, cash);
    holding.day.cash_in = *in;
    holding.day.cash_out = *out;
    // Of other tenders it does not tell without printing; the journal is the proof there.
    holding.day.paid[node::TenderKind::cash] = *in_drawer - *in + *out;
    return {};
}

Reply X::sold(node::Money& amount) {
    Fields open;
    if (Reply reply = run(76, {}, Changes::nothing, &open); !reply.ok()) return reply;
    const auto sum = open.size() > 3 ? parse_amount(open[3]) : std::nullopt;
    if (!sum) return strange(76, open);
    amount = *sum;
    return {};
}

std::optional<std::string> X::printed_text(std::int64_t document) {
    Fields fields;
    if (!run(125, fmt::format("0\t{}\t0\t", document), Changes::nothing, &fields).ok()) return std::nullopt;
    std::string text;
    for (int line = 0; line < 2'000; ++line) {
        if (!run(125, "1\t\t\t", Changes::nothing, &fields).ok()) break;  // past the last line it answers with an error
        text += (fields.empty() ? "" : text_of_device(fields[0], options_.profile.encoding)) + "\n";
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

Reply X::vat_rates(DeviceRates& rates) {
    Fields fields;
    if (Reply reply = run(50, {}, Changes::nothing, &fields); !reply.ok()) return reply;
    rates.clear();
    for (const std::string& field : fields)
        if (field.find('.') != std::string::npos) rates.push_back(parse_rate(field));  // number of the Z and date have no point
    return rates.empty() ? strange(50, fields) : Reply{};
}

Reply X::clock(std::int64_t& local_seconds) {
    Fields fields;
    if (Reply reply = run(62, {}, Changes::nothing, &fields); !reply.ok()) return reply;
    const auto seconds = fields.empty() ? std::nullopt : parse_wall_clock(fields[0]);
    if (!seconds) return strange(62, fields);
    local_seconds = *seconds;
    return {};
}

Reply X::report(ReportKind kind, DayReport& report) {
    Fields fields;
    if (Reply reply = run(69, kind == ReportKind::z ? "Z\t" : "X\t", Changes::something, &fields); !reply.ok()) return reply;
    const auto groups = static_cast<std::size_t>(options_.profile.vat_groups);
    if (fields.size() < groups + 1) return strange(69, fields);
    report = {};
    report.closures = parse_number(fields[0]).value_or(0);
    for (std::size_t i = 0; i < groups; ++i) {
        const auto sum = parse_amount(fields[i + 1]);
        if (!sum) return strange(69, fields);
        report.by_letter.push_back(*sum);
    }
    return {};
}

Reply X::display(const std::string& first, const std::string& second) {
    if (first.empty() && second.empty()) return run(33, {}, Changes::something);
    const int width = options_.profile.display_bytes;
    if (Reply reply = run(47, encoded(first, width) + "\t", Changes::something); !reply.ok()) return reply;
    return run(35, encoded(second, width) + "\t", Changes::something);
}

}  // namespace

std::unique_ptr<Device> make_x(Options options) { return std::make_unique<X>(std::move(options)); }

std::optional<Found> detect(Transport& transport) {
    const Patience patience{500, 5'000, 2};
    const auto ask = [&](Form form, const std::string& data) -> std::optional<Message> {
        Link link(transport, form, patience, first_sequence);
        for (int i = 0; i < 2; ++i) {  // twice: the first may be answered with an old reply
            auto exchange = link.ask(90, data, Changes::nothing);
            if (exchange.outcome != Link::Outcome::answered) return std::nullopt;
            if (i) return std::move(exchange.reply);
        }
        return std::nullopt;
    };
    if (auto reply = ask(Form::x, "1\t")) {
        auto fields = split_at(reply->data, '\t');
        if (fields.size() == 1) fields = split_at(fields[0], ',');
        Identity identity;
        const std::size_t first = fields[0] == "0" ? 1 : 0;
        if (fields.size() > first) identity.model = fields[first];
        return Found{find_profile("datecs-x"), identity};
    }
    auto reply = ask(Form::classic, "1");
    if (!reply) return std::nullopt;
    const auto fields = split_at(reply->data, ',');
    if (fields.size() < 6) return Found{find_profile("datecs-p550"), {std::string(node::trim(fields[0])).substr(0, 40), {}, {}, {}}};
    const bool is_register = fields[0].starts_with("DP") || fields[0].starts_with("WP");
    return Found{find_profile(is_register ? "datecs-ecr" : "datecs-p"), {fields[0], fields[1], fields[4], fields[5]}};
}

}  // namespace paprsek::fiscal::datecs
