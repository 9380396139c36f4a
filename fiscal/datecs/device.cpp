#include "fiscal/datecs/device.h"

#include <fmt/format.h>

#include <algorithm>

#include "fiscal/receipt/slip.h"
#include "fiscal/text.h"
#include "node/base/error.h"

namespace paprsek::fiscal::datecs {

std::unique_ptr<Device> make_device(Options options) {
    return options.profile.dialect == Dialect::datecs_x ? make_x(std::move(options)) : make_classic(std::move(options));
}

std::optional<node::Money> parse_amount(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
    std::optional<node::Money> amount;
    if (text.find('.') != std::string_view::npos) {
        amount = node::parse<node::Money>(text);
    } else {
        std::int64_t minor = 0;
        for (const char digit : text) minor = minor * 10 + (digit - '0');
        if (minor <= node::Money::max_value) amount = node::Money::of(minor);
    }
    return amount && negative ? -*amount : amount;
}

std::optional<node::Rate> percent_of_discount(node::Money gross, node::Money discount) {
    if (gross <= node::Money{} || discount < node::Money{} || discount > gross) return std::nullopt;
    // The nearest hundredth of a percent; where it does not come to the amount, its neighbours do not either.
    const std::int64_t hundredths = node::proportion(10'000, discount.raw(), gross.raw());
    const auto percent = node::Rate::of(hundredths * 10'000);
    if (hundredths > 9'900 || node::percent_of(gross, percent) != discount) return std::nullopt;
    return percent;
}

DatecsDevice::DatecsDevice(Options options) : options_(std::move(options)), sequence_(options_.sequence) {
    if (options_.password.empty()) options_.password = std::string(options_.profile.password);
}

std::string DatecsDevice::encoded(const std::string& text, int max_bytes) const {
    return device_text(text, options_.profile.encoding, static_cast<std::size_t>(std::max(0, max_bytes)));
}

// ------------------------------------------------------------------------------------------------ line

Reply DatecsDevice::lost(const std::string& why) {
    if (link_) sequence_ = link_->sequence();
    link_.reset();
    transport_.reset();
    return {Answer::unknown, why};
}

Reply DatecsDevice::run(int command, const std::string& data, Changes changes, Fields* fields) {
    if (!link_) return {Answer::not_ready, "The printer is not connected."};
    Link::Exchange exchange;
    try {
        exchange = link_->ask(command, data, changes);
    } catch (const LinkLost& broken) {
        return lost(fmt::format("The line to the printer broke ({}).", broken.what()));
    }
    if (exchange.outcome == Link::Outcome::not_taken)
        return {Answer::not_ready, "The printer does not understand the message: it may be another model than the one that is set."};
    if (exchange.outcome == Link::Outcome::silent) {
        // A question that stays without an answer: the line is opened anew. After a command somebody asks first what was done.
        if (changes == Changes::nothing) return lost("The printer does not answer.");
        return {Answer::unknown, "The printer did not answer."};
    }
    last_status_ = read_status(options_.profile, exchange.reply.status);
    Fields read = split(exchange.reply.data);
    Reply reply = error_of(command, read, last_status_);
    if (reply.ok()) {
        const unsigned char first = exchange.reply.status[0], second = exchange.reply.status[1];
        if ((exchange.reply.status[2] & 0x01) && changes == Changes::something)
            reply = {Answer::not_ready, sentence(Fault::paper_out)};
        else if (first & 0x01)
            reply = {Answer::refused, fmt::format("The printer does not read command {} as it was written.", command)};
        else if (first & 0x02)
            reply = {Answer::refused, fmt::format("The printer does not know command {}.", command)};
        else if (second & 0x01)
            reply = {Answer::refused, "The amount is larger than the printer can count."};
        else if (second & 0x02)
            reply = {last_status_.ready() ? Answer::refused : Answer::not_ready,
                     last_status_.ready() ? fmt::format("The printer does not permit command {} now.", command) : sentence(last_status_.faults.front())};
    }
    if (fields) *fields = std::move(read);
    return reply;
}

Reply DatecsDevice::strange(int command, const Fields& fields) const {
    std::string shown;
    for (const std::string& field : fields) shown += (shown.empty() ? "" : ",") + text_of_device(field, options_.profile.encoding);
    return {Answer::refused, fmt::format("The printer answers command {} with \"{}\", which does not have the form.", command, shown.substr(0, 80))};
}

Reply DatecsDevice::connect() {
    lost({});
    rates_.clear();
    try {
        transport_ = options_.open();
        link_ = std::make_unique<Link>(*transport_, form(), Patience{options_.profile.reply_ms, options_.profile.busy_ms, options_.profile.tries}, sequence_);
    } catch (const node::Error& error) {
        return {Answer::not_ready, error.what()};
    } catch (const LinkLost& broken) {
        return {Answer::not_ready, fmt::format("The printer cannot be reached ({}).", broken.what())};
    }
    // Whatever number the device remembers, of two questions with different numbers the second is a new one to it. From there on
    // no command of ours is taken for the repetition of an old one.
    for (int i = 0; i < 2; ++i)
        if (Reply reply = run(74, {}, Changes::nothing); !reply.ok()) {
            lost({});
            return {Answer::not_ready, reply.why};
        }
    if (Reply reply = read_identity(identity_); !reply.ok()) {
        lost({});
        return {Answer::not_ready, reply.why};
    }
    return {};
}

Reply DatecsDevice::status(Status& status) {
    Reply reply = run(74, {}, Changes::nothing);
    // A lasting fault marks every reply; here it is what was asked for.
    if (reply.answer != Answer::unknown && link_) reply = {};
    status = last_status_;
    return reply;
}

// ------------------------------------------------------------------------------------------------ receipts

std::optional<std::string> DatecsDevice::unfit(const Receipt& receipt) const {
    const Profile& profile = options_.profile;
    if (receipt.refund) return "The printer has no negative receipts: a refund goes through it as cash out only.";
    if (static_cast<int>(receipt.lines.size()) > profile.max_sales)
        return fmt::format("The printer takes {} lines on a receipt: divide it.", profile.max_sales);
    if (!receipt.rounding.is_zero()) return "The printer counts to the hundredth and cannot round cash: set the policy's cash_rounding to 0.01.";
    for (const Line& line : receipt.lines) {
        if (line.gross < node::Money{} || line.paid < node::Money{}) return fmt::format("The printer sells nothing below zero ({}).", line.name);
        if (line.price.raw() > profile.max_price || line.quantity.raw() > profile.max_quantity)
            return fmt::format("Price or quantity of {} is larger than the printer can print.", line.name);
        if (profile.plain_sales_only && !line.discount.is_zero()) return fmt::format("The register is in ECR mode and knows no discounts ({}).", line.name);
    }
    if (!profile.plain_sales_only) return std::nullopt;
    if (receipt.buyer) return "The register is in ECR mode and knows no customers.";
    if (!receipt.redeemed.is_zero()) return "The register is in ECR mode: points cannot pay there.";
    for (const Tender& tender : receipt.pay)
        if (tender.with != node::TenderKind::cash && !tender.amount.is_zero()) return "The register is in ECR mode and takes cash only.";
    return std::nullopt;
}

/// A sale whose sum on the device is exactly `paid`: by a percentage or an amount where the device can, else the discounted sum for
/// one piece, with quantity and price in the second line of its text.
Step DatecsDevice::sale_step(const Line& line, node::Money paid) const {
    const Profile& profile = options_.profile;
    Step step{StepKind::sale, line, {}, {}, paid};
    step.line.discount = line.gross - paid;
    if (paid.is_zero()) {
        step.kind = StepKind::text;  // devices refuse sales for nothing
        step.text = line.name + " 0.00";
        return step;
    }
    if (step.line.discount.is_zero() || profile.absolute || (profile.percent && percent_of_discount(line.gross, step.line.discount))) return step;
    step.text = fmt::format("{} x {} - {}", node::print(line.quantity), node::print(line.price), node::print(step.line.discount));
    step.line.price = step.line.gross = paid;
    step.line.quantity = node::one_piece;
    step.line.discount = {};
    return step;
}

std::vector<Step> DatecsDevice::plan(const Receipt& receipt) const {
    std::vector<Step> steps{{StepKind::open, {}, {}, {}, {}}};
    for (const Line& line : receipt.lines) steps.push_back(sale_step(line, receipt.redemption_is_payment ? line.net : line.paid));
    // Cash last, so that the change is of the cash.
    std::vector<Tender> tenders;
    if (receipt.redemption_is_payment && !receipt.redeemed.is_zero()) tenders.push_back({node::TenderKind::voucher, receipt.redeemed, {}});
    for (const Tender& tender : receipt.pay)
        if (tender.with != node::TenderKind::cash && !tender.amount.is_zero()) tenders.push_back(tender);
    node::Money cash;
    for (const Tender& tender : receipt.pay)
        if (tender.with == node::TenderKind::cash) cash += tender.amount;
    if (!cash.is_zero() || tenders.empty()) tenders.push_back({node::TenderKind::cash, cash, {}});
    for (const Tender& tender : tenders) steps.push_back({StepKind::pay, {}, tender, {}, tender.amount});
    // Behind the payment nothing can be cancelled any more: a document with the number is a receipt that counts.
    if (!options_.profile.plain_sales_only) steps.push_back({StepKind::text, {}, {}, receipt.number, {}});
    steps.push_back({StepKind::close, {}, {}, {}, {}});
    return steps;
}

Reply DatecsDevice::letter_for(const std::string& group, const Receipt& receipt, int& letter) {
    if (rates_.empty())
        if (Reply reply = vat_rates(rates_); !reply.ok()) return reply.answer == Answer::unknown ? Reply{Answer::not_ready, reply.why} : reply;
    const auto rate = receipt.rates.find(group);
    if (rate == receipt.rates.end()) return {Answer::refused, fmt::format("The receipt does not say the rate of VAT group {}.", group)};
    if (auto why = missing_rate(rates_, {*rate})) return {Answer::not_ready, *why};
    letter = *letter_of(rates_, rate->second);
    return {};
}

Reply DatecsDevice::perform(const Step& step, const Receipt& receipt) {
    Fields fields;
    switch (step.kind) {
        case StepKind::open:
        case StepKind::close: {
            Reply reply = step.kind == StepKind::open ? run(48, open_data(), Changes::something, &fields) : run(56, {}, Changes::something, &fields);
            if (reply.ok()) reply.document = document_of(fields);
            return reply;
        }
        case StepKind::text:
            return run(54, text_data(encoded(step.text, options_.profile.text_bytes)), Changes::something);
        case StepKind::sale:
        case StepKind::strike: {
            int letter = 0;
            if (Reply reply = letter_for(step.line.vat, receipt, letter); !reply.ok()) return reply;
            Line line = step.line;
            line.name = encoded(line.name, options_.profile.item_bytes);
            if (!step.text.empty() && options_.profile.item_lines > 1) line.name += "\n" + encoded(step.text, options_.profile.item_bytes);
            return run(49, sale_data(line, letter, step.kind == StepKind::strike), Changes::something);
        }
        case StepKind::pay:
            return pay(step);
        case StepKind::document:
            break;
    }
    return {Answer::refused, "A fiscal printer does not take a whole document in one."};
}

namespace {

/// A slip as lines of letters: what is no text is left out, and a code stands there as its digits.
std::vector<std::string> lines_of(const Slip& slip, std::size_t columns) {
    std::vector<std::string> lines;
    for (const auto& block : slip.blocks) {
        if (const auto* row = std::get_if<Row>(&block)) lines.push_back(row->text);
        const auto* code = std::get_if<CodeBlock>(&block);
        for (std::size_t at = 0; code != nullptr && at < code->data.size(); at += columns) lines.push_back(code->data.substr(at, columns));
    }
    return lines;
}

}  // namespace

int DatecsDevice::slip_columns() const { return std::max(Roll::least_columns, std::min(options_.profile.columns, options_.profile.text_bytes)); }

/// A document that is not fiscal. Until its end is sent it is not whole on paper, whatever became of a line: it may be printed anew.
Reply DatecsDevice::print_lines(const std::vector<std::string>& lines) {
    const auto again = [](Reply reply) {
        if (reply.answer == Answer::unknown) reply.answer = Answer::not_ready;
        return reply;
    };
    if (Reply reply = run(38, {}, Changes::something); !reply.ok()) return again(std::move(reply));
    for (const std::string& line : lines) {
        const std::string text = encoded(line, options_.profile.text_bytes);
        Reply reply = run(42, text_data(text.empty() ? " " : text), Changes::something);
        if (reply.ok()) continue;
        if (reply.answer == Answer::refused) end_text();
        return again(std::move(reply));
    }
    return end_text();
}

Reply DatecsDevice::print(const Slip& slip) {
    Status now;
    if (Reply reply = status(now); !reply.ok()) return {Answer::not_ready, reply.why};
    if (!now.ready()) return {Answer::not_ready, sentence(now.faults.front())};
    if (now.fiscal_open) return {Answer::not_ready, "A receipt is open on the printer."};
    if (now.non_fiscal_open)  // one that broke off
        if (Reply reply = end_text(); !reply.ok()) return {Answer::not_ready, reply.why};
    return print_lines(lines_of(slip, static_cast<std::size_t>(slip_columns())));
}

Reply DatecsDevice::test_page() {
    return print_lines({std::string(options_.profile.shown), "Příliš žluťoučký kůň úpěl ďábelské ódy", "Ăsta e o pîine: ș ț ă â î Ș Ț",
                        "0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ"});
}

}  // namespace paprsek::fiscal::datecs
