#include "ui/till/exchange_work.h"

#include <fmt/format.h>

#include <memory>

#include "node/base/csv.h"
#include "node/node.h"
#include "sync/transport.h"
#include "ui/till/beside.h"

namespace paprsek::ui {
namespace {

std::unique_ptr<node::Node> open(const std::string& folder) { return node::Node::open(folder, node::system_clock(), node::system_random()); }

sync::Progress heard_by(Progress& progress) {
    return [&progress](std::int64_t done, std::int64_t total) {
        progress.steps(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
        return !progress.cancelled();
    };
}

}  // namespace

ExchangeDone exchange_by_network(const std::string& node_folder, Progress& progress) {
    const auto branch = open(node_folder);
    const auto transport = sync::transport_to_hq(*branch);
    sync::ExchangeOptions options;
    options.patience.go_on = [&progress] { return !progress.cancelled(); };
    options.progress = making_way(progress);
    const sync::ExchangeReport report = sync::exchange_noted(*branch, *transport, options);
    ExchangeDone done{.facts = report.acknowledged, .receipt = report.receipt, .rows = report.rows, .told = report.message};
    done.stopped = report.outcome == sync::DownOutcome::stopped || (!report.answered && progress.cancelled());
    done.differs = sync::differs(report);
    done.again = !report.answered && !done.stopped;
    done.left = report.unsent + (report.more ? 1 : 0);
    return done;
}

ExchangeDone export_to_file(const std::string& node_folder, const std::filesystem::path& file, Progress& progress) {
    const auto branch = open(node_folder);
    sync::prepare_up(*branch);
    const auto bundle = sync::make_up(*branch, nullptr, sync::max_up_facts, heard_by(progress));
    ExchangeDone done{.kind = ExchangeKind::exported, .file = file};
    if (!bundle) {
        done.stopped = true;
        return done;
    }
    sync::write_atomically(file, bundle->bytes);
    sync::note_export(*branch, file, *bundle);
    done.facts = bundle->last - bundle->first + 1;
    done.left = bundle->newest - bundle->last;
    return done;
}

ExchangeDone import_reply(const std::string& node_folder, const std::filesystem::path& file, Progress& progress) {
    const auto branch = open(node_folder);
    const sync::Bytes bytes = sync::read_whole(file, sync::max_bundle_bytes);
    const sync::DownReport report = sync::import_noted(*branch, bytes, file, making_way(progress), sync::system_watch());
    ExchangeDone done{.kind = ExchangeKind::imported, .file = file, .receipt = report.receipt.seq, .rows = report.rows, .told = report.message};
    done.stopped = report.outcome == sync::DownOutcome::stopped;
    done.left = report.more ? 1 : 0;
    done.again = report.again;
    done.differs = sync::differs(report);
    return done;
}

ExchangeDone join_by_file(const std::string& node_folder, const std::filesystem::path& invitation, Progress&) {
    const auto branch = open(node_folder);
    const std::string text = node::read_file(invitation, 1u << 20);
    ExchangeDone done{.kind = ExchangeKind::joined, .file = answer_file(invitation)};
    sync::write_atomically(done.file, sync::accept_invitation(*branch, text, invitation.filename()));
    return done;
}

std::string answer_file(const std::string& invitation) { return invitation + ".answer"; }

std::string export_file_name(const std::string& node_name) { return fmt::format("branch-{}-to-hq.bundle", node_name); }

}  // namespace paprsek::ui
