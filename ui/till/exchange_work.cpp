#include "ui/till/exchange_work.h"

#include <fmt/format.h>

#include <memory>

#include "node/node.h"
#include "sync/exchange.h"

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

ExchangeDone export_to_file(const std::string& node_folder, const std::filesystem::path& file, Progress& progress) {
    const auto branch = open(node_folder);
    sync::prepare_up(*branch);
    const auto bundle = sync::make_up(*branch, nullptr, sync::max_up_facts, heard_by(progress));
    ExchangeDone done{.file = file, .exported = true};
    if (!bundle) {
        done.stopped = true;
        return done;
    }
    sync::write_atomically(file, bundle->bytes);
    done.facts = bundle->last - bundle->first + 1;
    done.left = bundle->newest - bundle->last;
    return done;
}

ExchangeDone import_reply(const std::string& node_folder, const std::filesystem::path& file, Progress& progress) {
    const auto branch = open(node_folder);
    const sync::Bytes bytes = sync::read_whole(file, sync::max_bundle_bytes);
    const sync::DownReport report = sync::apply_down(*branch, bytes, file.filename().string(), heard_by(progress), sync::system_watch());
    ExchangeDone done{.file = file};
    done.stopped = report.outcome == sync::DownOutcome::stopped;
    done.receipt = report.receipt.seq;
    done.rows = report.rows;
    done.left = report.more ? 1 : 0;
    done.trouble = report.message;
    return done;
}

std::string export_file_name(const std::string& node_name) { return fmt::format("branch-{}-to-hq.bundle", node_name); }

}  // namespace paprsek::ui
