#include "fiscal/service.h"

#include <filesystem>

#include "fiscal/datecs/device.h"
#include "fiscal/transport.h"
#include "node/base/error.h"
#include "node/printing.h"
#include "node/receipts.h"

namespace paprsek::fiscal {

std::vector<std::string> likely_addresses() {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("ttyUSB") || name.starts_with("ttyACM"))
            for (const char* speed : {"115200", "9600"}) found.push_back("serial:" + entry.path().string() + "@" + speed);
    }
    return found;
}

Looked look_for_devices(const std::vector<std::string>& addresses) {
    Looked looked;
    for (const std::string& address : addresses) {
        std::string why = "nobody answers";
        try {
            const auto line = open_transport(address);
            if (const auto device = datecs::detect(*line)) {
                looked.found.push_back({address, device->profile, device->identity});
                continue;
            }
        } catch (const node::Error& error) {
            if (error.exit() == node::Exit::usage) throw;
            why = error.why();
        } catch (const LinkLost& lost) {
            why = lost.what();
        }
        looked.silent.push_back({address, why});
    }
    return looked;
}

namespace {

PendingPrint pending_of(node::Node& node, std::int64_t seq, const std::optional<node::PrintJob>& kept) {
    PendingPrint pending;
    pending.seq = seq;
    pending.person = kept && kept->person;
    if (const auto fact = node.ledger().fact(seq)) {
        pending.kind = fact->kind;
        pending.at = node::Instant{fact->at};
        if (fact->kind == schema::kind::sale || fact->kind == schema::kind::refund) {
            const auto receipt = node::parse_receipt(fact->kind, fact->body);
            pending.receipt = node::print_receipt_number(node.info().node, receipt.number);
            pending.total = receipt.total();
        }
    }
    pending.job = kept ? parse_job(seq, kept->person, kept->body) : Job{};
    return pending;
}

}  // namespace

std::vector<PendingPrint> pending_list(node::Node& node, std::size_t most) {
    std::vector<PendingPrint> list;
    for (const auto& job : node::prints_for_person(node.database()))
        if (list.size() < most) list.push_back(pending_of(node, job.seq, job));
    for (const std::int64_t seq : node::prints_due(node.database(), most - list.size()))
        list.push_back(pending_of(node, seq, node::print_job(node.database(), seq)));
    return list;
}

std::optional<node::Instant> pending_since(node::Node& node) {
    const auto seq = node::oldest_print_due(node.database());
    const auto fact = seq ? node.ledger().fact(*seq) : std::nullopt;
    return fact ? std::optional(node::Instant{fact->at}) : std::nullopt;
}

Reply make_report(node::Node& node, Device& device, PrintQueue& queue, ReportKind kind, ReportMade& made) {
    made = {};
    if (!device.profile().fiscal) return {Answer::refused, "A receipt printer keeps no day: the till's own X and Z are its reports."};
    if (Reply reply = queue.open_line(); !reply.ok()) return reply;
    if (const auto work = queue.work(); !work.waiting.empty()) return {Answer::not_ready, work.waiting};
    made.expected = node::printed_since_device_closed(node.database());
    if (Reply reply = device.report(kind, made.report); !reply.ok()) return reply;
    if (kind == ReportKind::x) return {};
    node::DeviceClosedFact closed;
    closed.device = device.identity().serial;
    closed.number = made.report.closures;
    closed.total = made.report.total();
    closed.expected = made.expected;
    node::book_device_closed(node, closed);
    if (Holding after; device.holding(after).ok()) queue.note_day(after);
    return {};
}

std::int64_t wall_seconds(const node::TimeZone& zone, node::Instant now) {
    const node::LocalTime local = zone.local(now);
    return std::int64_t{local.date.days} * 86'400 + local.minute * 60 + (now.ms / 1000) % 60;
}

Reply set_device_clock(const node::TimeZone& zone, Device& device, node::Instant now) { return device.set_clock(wall_seconds(zone, now)); }

}  // namespace paprsek::fiscal
