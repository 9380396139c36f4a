// The ways that a bundle takes between a branch and HQ, so that one suite can go all of them.
#pragma once
#include <doctest/doctest.h>

#include <filesystem>

#include "sync/transport.h"
#include "tests/network/support.h"

namespace paprsek::test {

/// A way to HQ and back; round() is one complete exchange.
class NetworkRoad {
public:
    NetworkRoad() : server_(std::make_unique<RunningServer>(hq_)) {}
    HqFolder& hq() { return hq_; }
    std::string url() { return server_->url(); }
    void back_up_hq() {
        server_.reset();
        hq_.copy(hq_.path(), hq_.file("hq-copy"));
        server_ = std::make_unique<RunningServer>(hq_);
    }
    void restore_hq() {
        server_.reset();
        hq_.copy(hq_.file("hq-copy"), hq_.path());
        server_ = std::make_unique<RunningServer>(hq_);
    }
    sync::ExchangeReport round(Branch& branch) {
        const auto transport = sync::make_transport(url());
        return sync::exchange_now(branch.node(), *transport);
    }
    /// Until both sides are even: what one `paprsek sync` does.
    sync::ExchangeReport settle(Branch& branch) { return round(branch); }
    sync::ExchangeReport join(Branch& branch, const std::string& invitation) {
        const auto transport = sync::make_transport(url());
        return sync::join(branch.node(), invitation, "invitation", *transport);
    }

private:
    HqFolder hq_;
    std::unique_ptr<RunningServer> server_;
};

class FileRoad {
public:
    FileRoad() : stick_(hq_.file("stick")) { std::filesystem::create_directory(stick_); }
    HqFolder& hq() { return hq_; }
    std::string url() { return "file://" + stick_; }
    void back_up_hq() { hq_.copy(hq_.path(), hq_.file("hq-copy")); }
    void restore_hq() { hq_.copy(hq_.file("hq-copy"), hq_.path()); }
    sync::ExchangeReport round(Branch& branch) {
        const auto transport = sync::make_transport(url());
        sync::exchange_now(branch.node(), *transport);
        carry(branch);
        return sync::exchange_now(branch.node(), *transport);
    }
    /// The stick goes to and fro as long as the branch says that it has to.
    sync::ExchangeReport settle(Branch& branch) {
        sync::ExchangeReport report = round(branch);
        for (int carried = 1; report.again || report.unsent > 0; ++carried) {
            REQUIRE(carried < 4);
            const std::string told = report.message;
            report = round(branch);
            if (report.message.empty()) report.message = told;
        }
        return report;
    }

private:
    /// What HQ's operator does with the stick.
    void carry(Branch& branch) {
        const std::string name = node::print(branch.node().info().node);
        const auto headquarters = hq_.open();
        const auto merged = headquarters->import_files({stick_ + "/" + name + "-to-hq.bundle"});
        if (merged[0].outcome == hq::Merged::refused) throw node::Error(node::Exit::refused, "HQ", merged[0].why, merged[0].hint);
        sync::write_atomically(stick_ + "/hq-to-" + name + ".bundle", sync::bytes_of(headquarters->export_reply(branch.node().info().node).bytes));
    }
    HqFolder hq_;
    std::string stick_;
};

/// By file the answer to an invitation is carried first; by network it is one step.
template <class Road>
void join(Road& road, Branch& branch) {
    const std::string invitation = road.hq().invite(branch.node().info().node.branch, road.url());
    if constexpr (std::is_same_v<Road, FileRoad>) {
        const sync::Bytes answer = sync::accept_invitation(branch.node(), invitation, "invitation");
        road.hq().open()->import(text_of(answer), "answer");
        road.round(branch);
    } else {
        road.join(branch, invitation);
    }
}

}  // namespace paprsek::test
