#include "fiscal/receipt/pdf_device.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

Reply folder_cannot(std::string what) { return {Answer::refused, "A folder of PDFs " + std::move(what) + "."}; }

/// "3.1-000017/1" is a receipt of a lost epoch, and no folder.
std::string file_name(std::string number) {
    for (char& c : number)
        if (c == '/') c = '-';
    return number + ".pdf";
}

}  // namespace

const Profile& pdf_profile() {
    static const Profile profile = [] {
        Profile made;
        made.name = "pdf";
        made.shown = "No printer: a PDF of each receipt in a folder";
        made.dialect = Dialect::paper;
        return made;
    }();
    return profile;
}

PdfDevice::PdfDevice(std::string folder, Form form) : folder_(std::move(folder)), form_(std::move(form)) { identity_.model = pdf_profile().shown; }

Reply PdfDevice::connect() {
    connected_ = false;
    if (::mkdir(folder_.c_str(), 0755) != 0 && errno != EEXIST)
        return {Answer::not_ready, fmt::format("The folder {} cannot be made: {}.", folder_, std::strerror(errno))};
    if (::access(folder_.c_str(), W_OK | X_OK) != 0)
        return {Answer::not_ready, fmt::format("The folder {} cannot be written: {}.", folder_, std::strerror(errno))};
    connected_ = true;
    return {};
}

Reply PdfDevice::status(Status& status) {
    status = {};
    return connect();
}

std::optional<std::string> PdfDevice::unfit(const Receipt& receipt) const {
    if (!node::parse_node_name(std::string_view(receipt.number).substr(0, receipt.number.find('-')))) return "The receipt has no number.";
    return std::nullopt;
}

std::vector<Step> PdfDevice::plan(const Receipt&) const {
    Step step;
    step.kind = StepKind::document;
    return {step};
}

Reply PdfDevice::perform(const Step& step, const Receipt& receipt) {
    if (step.kind != StepKind::document) return folder_cannot("takes a receipt at once, not in steps");
    return write(lay_out(receipt, form_), file_name(receipt.number));
}

Reply PdfDevice::write(const Slip& slip, const std::string& name) {
    if (Reply reply = connect(); !reply.ok()) return reply;
    try {
        write_pdf(slip, folder_ + "/" + name);
    } catch (const node::Error& error) {
        connected_ = false;
        return {Answer::not_ready, error.what()};
    }
    return {};
}

Reply PdfDevice::test_page() {
    Roll roll(form_.columns);
    roll.centre("Paprsek", {true, 2, 2});
    roll.left("Příliš žluťoučký kůň úpěl ďábelské ódy");
    roll.left("Gheața își măsoară vârsta în țări");
    return write(roll.take(), "test.pdf");
}

Reply PdfDevice::cancel() { return folder_cannot("keeps what is in it"); }
Reply PdfDevice::holding(Holding& holding) {
    holding = {};
    return folder_cannot("counts nothing");
}
Reply PdfDevice::vat_rates(std::vector<std::optional<node::Rate>>& rates) {
    rates.clear();
    return folder_cannot("has no VAT letters");
}
Reply PdfDevice::clock(std::int64_t& local_seconds) {
    local_seconds = 0;
    return folder_cannot("has no clock");
}
Reply PdfDevice::set_clock(std::int64_t) { return folder_cannot("has no clock"); }
Reply PdfDevice::report(ReportKind, DayReport& report) {
    report = {};
    return folder_cannot("keeps no day");
}
Reply PdfDevice::move_cash(node::Money) { return folder_cannot("counts no cash"); }
Reply PdfDevice::open_drawer() { return folder_cannot("opens no drawer"); }
Reply PdfDevice::display(const std::string&, const std::string&) { return folder_cannot("has no customer display"); }

}  // namespace paprsek::fiscal
