#include "tests/fuzz/chain.h"

#include <stdexcept>

#include "node/script.h"
#include "sync/exchange.h"
#include "sync/files.h"

namespace paprsek::fuzz {
namespace {

constexpr std::int64_t monday = 1'772'442'900'000;  // 2026-03-02T10:15+01:00

void copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to);
}

}  // namespace

Chain& Chain::get() {
    static Chain chain;
    return chain;
}

Chain::Chain() : clock_(node::Instant{monday}) {
    const std::string hq_folder = folder_.file("hq"), branch_folder = folder_.file("branch"), csv = folder_.file("table.csv");
    const auto write = [&](const std::string& text) { sync::write_atomically(csv, sync::bytes_of(text)); };
    {
        const auto headquarters = hq::Headquarters::create(hq_folder, {"Chain", "CZK", "Europe/Prague"}, clock_, random_);
        write("group,parent,excluded\ntobacco,,1\nbakery,,0\n");
        headquarters->import_catalogue(csv);
        write("code,name,group,price,vat,cost,points,dealer_discounts\n8594001021239,Rohlík,bakery,2.90,B,2.00,3,DEA:20\n"
              "8594001021246|1234,Chléb,bakery,39.90,B,,,\n8594001021253,Cigarety,tobacco,145.00,A,130.00,,\n0042,Sýr,,299.00,B,,,\n");
        headquarters->import_catalogue(csv);
        write("number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer\n"
              "7,Jana Nováková,2900000000018,DEA,0,1,1000,500.00,12000,\n8,Petr,2900000000025,,5,0,,20.00,0,7\n");
        headquarters->import_customers(csv);
        headquarters->add_branch({3, 1}, "Shop");
        const auto branch = node::Node::create(branch_folder, {{3, 1}, "Shop", "CZK", "Europe/Prague", "cs"}, clock_, random_);
        headquarters->import(text_of(sync::accept_invitation(*branch, headquarters->invite({3, 1}, ""), "invitation")), "answer");
        sync::apply_down(*branch, sync::bytes_of(headquarters->export_reply({3, 1}).bytes), "reply");
        node::Script script(*branch, clock_);
        script.play(R"({"customer":"7","lines":[{"code":"8594001021239","qty":"3"},{"code":"1234"}],"redeem":"5.00"})", 1);
        script.play(R"({"refund_of":"3.1-000001","lines":[{"code":"8594001021239","qty":"1"}]})", 2);
        script.play(R"({"customer":"7","lines":[{"code":"0042","qty":"0.350"}],"pay":[{"with":"account","amount":"104.65"}]})", 3);
        headquarters->import(text_of(sync::make_up(*branch)->bytes), "bundle");
        sync::apply_down(*branch, sync::bytes_of(headquarters->export_reply({3, 1}).bytes), "reply");
        if (branch->hq_receipt().seq == 0) throw std::logic_error("the chain of the fuzzers did not come together");
    }
    branch_identity_ = std::make_unique<sync::Identity>(sync::Identity::load(branch_folder));
    hq_identity_ = std::make_unique<sync::Identity>(sync::Identity::load(hq_folder));
}

node::Node& Chain::fresh_branch() {
    branch_ = nullptr;
    clock_.set({monday});
    copy(folder_.file("branch"), folder_.file("branch-now"));
    branch_ = node::Node::open(folder_.file("branch-now"), clock_, random_);
    branch_->database().execute("PRAGMA synchronous = OFF");
    return *branch_;
}

hq::Headquarters& Chain::fresh_headquarters() {
    headquarters_ = nullptr;
    copy(folder_.file("hq"), folder_.file("hq-now"));
    headquarters_ = hq::Headquarters::open(folder_.file("hq-now"), clock_, random_);
    return *headquarters_;
}

}  // namespace paprsek::fuzz
