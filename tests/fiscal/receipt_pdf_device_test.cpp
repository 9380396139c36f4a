// The printer of a till that has none.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "fiscal/from_fact.h"
#include "fiscal/receipt/pdf_device.h"
#include "node/base/csv.h"
#include "tests/support/shop.h"

namespace paprsek::fiscal {

TEST_CASE("each receipt is a PDF by its number, and printing it again is no second one") {
    test::Shop shop;
    shop.play("{'lines':[{'text':'Kůň','price':'10.00','vat':'A'}]}");
    shop.play("{'lines':[{'text':'Ştefan','price':'20.00','vat':'A'}]}");
    PdfDevice device(shop.folder().file("slips"), form_of(shop.node()));
    CHECK(find_profile("pdf") != nullptr);
    CHECK(device.connect().ok());
    for (const int seq : {2, 3, 2}) {
        const Receipt receipt = receipt_of(shop.node(), seq, Issue::original);
        CHECK_FALSE(device.unfit(receipt));
        const std::vector<Step> plan = device.plan(receipt);
        REQUIRE(plan.size() == 1);
        CHECK(device.perform(plan[0], receipt).ok());
    }
    CHECK(device.test_page().ok());
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder().file("slips"))) {
        files.insert(entry.path().filename().string());
        CHECK(node::read_file(entry.path().string(), 1u << 20).starts_with("%PDF"));
    }
    CHECK(files == std::set<std::string>{"3.1-000001.pdf", "3.1-000002.pdf", "test.pdf"});
    Receipt lost = receipt_of(shop.node(), 2, Issue::copy);
    lost.number = "3.1-000001/1";
    CHECK(device.perform(device.plan(lost)[0], lost).ok());
    CHECK(std::filesystem::exists(shop.folder().file("slips/3.1-000001-1.pdf")));
}

TEST_CASE("a folder that is none is not ready, and may be tried again") {
    test::Shop shop;
    shop.play("{'lines':[{'text':'x','price':'10.00','vat':'A'}]}");
    const Receipt receipt = receipt_of(shop.node(), 2, Issue::original);
    PdfDevice device(shop.folder().file("a/b"), form_of(shop.node()));
    const Reply reply = device.perform(device.plan(receipt)[0], receipt);
    CHECK(reply.answer == Answer::not_ready);
    CHECK(reply.why.find("cannot be made") != std::string::npos);
    std::filesystem::create_directory(shop.folder().file("a"));
    CHECK(device.perform(device.plan(receipt)[0], receipt).ok());
    Holding holding;
    DayReport report;
    std::int64_t clock = 0;
    std::vector<std::optional<node::Rate>> rates;
    Status status;
    CHECK(device.status(status).ok());
    for (const Reply& each :
         {device.cancel(), device.holding(holding), device.vat_rates(rates), device.clock(clock), device.set_clock(0), device.report(ReportKind::x, report),
          device.move_cash({}), device.open_drawer(), device.display("a", "b"), device.perform({StepKind::open, {}, {}, {}, {}}, receipt)})
        CHECK(each.answer == Answer::refused);
}

}  // namespace paprsek::fiscal
