// What a branch remembers of its exchanges, by either road.
#include <fmt/format.h>

#include "sync/history.h"
#include "tests/network/roads.h"

namespace paprsek::test {
namespace {

TEST_CASE("S5: the exchanges by network are kept, also one that fails, and idle rounds count up one row") {
    const HqFolder hq;
    Branch one(hq.file("one"), 1);
    std::string gone;
    {
        const RunningServer server(hq);
        gone = server.url();
        const auto transport = sync::make_transport(server.url());
        sync::join(one.node(), hq.invite(1, server.url()), "invitation", *transport);
        one.sell(regular_customer);
        const sync::ExchangeReport report = sync::exchange_noted(one.node(), *transport);
        auto all = sync::exchanges(one.node());
        REQUIRE(all.size() == 1);
        CHECK(all[0].road == sync::Road::network);
        CHECK(all[0].way == sync::Way::both);
        CHECK(all[0].ending == sync::Ending::well);
        CHECK(all[0].place == transport->address());
        CHECK(all[0].sent == report.sent);
        CHECK(all[0].confirmed == report.acknowledged);
        CHECK(all[0].confirmed > 0);
        CHECK(all[0].taken == report.rows);
        CHECK(all[0].why.empty());

        for (int i = 0; i < 3; ++i) sync::exchange_noted(one.node(), *transport);
        all = sync::exchanges(one.node());
        REQUIRE(all.size() == 1);
        CHECK(all[0].times == 4);
        CHECK(all[0].sent == report.sent);
        CHECK(all[0].since <= all[0].at);
        CHECK(one.node().database().integer("PRAGMA synchronous") == 2);

        // Somebody stops it before HQ has answered.
        sync::ExchangeOptions options;
        options.patience.go_on = [] { return false; };
        one.sell();
        CHECK_FALSE(sync::exchange_noted(one.node(), *transport, options).answered);
        CHECK(sync::exchanges(one.node()).front().ending == sync::Ending::stopped);
    }
    const auto transport = sync::make_transport(gone);
    for (int i = 0; i < 2; ++i) CHECK(error_of([&] { sync::exchange_noted(one.node(), *transport); }).find("does not answer") != std::string::npos);
    const auto all = sync::exchanges(one.node());
    REQUIRE(all.size() == 3);
    CHECK(all[0].ending == sync::Ending::failed);
    CHECK(all[0].times == 2);
    CHECK(all[0].why == "does not answer");
    CHECK_FALSE(all[0].hint.empty());
    CHECK(sync::exchanges(one.node(), 1).size() == 1);
    CHECK(node::verify(one.node().database(), one.node().info().node).ok());
}

TEST_CASE("S5: the exchanges by file are kept, also a damaged reply; no more than a hundred, no long text") {
    const HqFolder hq;
    Branch one(hq.file("one"), 1);
    const std::string invitation = hq.invite(1, "");
    const sync::Bytes answer = sync::accept_invitation(one.node(), invitation, "invitation");
    const auto headquarters = hq.open();
    headquarters->import(text_of(answer), "answer");
    const auto up = sync::make_up(one.node());
    sync::note_export(one.node(), "/media/stick/up.bundle", *up);
    headquarters->import(text_of(up->bytes), "up");
    const std::string written = headquarters->export_reply({1, 1}).bytes;
    sync::Bytes reply(written.begin(), written.end());
    const sync::DownReport report = sync::import_noted(one.node(), reply, "/media/stick/down.bundle", {}, {});
    reply.back() ^= 1;
    CHECK_FALSE(error_of([&] { sync::import_noted(one.node(), reply, "/media/stick/bad.bundle", {}, {}); }).empty());

    auto all = sync::exchanges(one.node());
    REQUIRE(all.size() == 3);
    CHECK(all[2].way == sync::Way::out);
    CHECK(all[2].road == sync::Road::file);
    CHECK(all[2].place == "up.bundle");
    CHECK(all[2].sent == up->last - up->first + 1);
    CHECK(all[1].way == sync::Way::in);
    CHECK(all[1].ending == sync::Ending::well);
    CHECK(all[1].taken == report.rows);
    CHECK(all[1].taken > 0);
    CHECK(all[0].place == "bad.bundle");
    CHECK(all[0].ending == sync::Ending::failed);
    CHECK_FALSE(all[0].why.empty());

    std::string longest;
    while (longest.size() < 600) longest += "\xC5\x99";  // a letter of two bytes
    for (int i = 0; i < 120; ++i)
        sync::note_exchange(one.node(), {.place = fmt::format("hq {}", i), .ending = sync::Ending::failed, .why = "x" + longest});
    all = sync::exchanges(one.node(), 1000);
    CHECK(all.size() == static_cast<std::size_t>(sync::max_exchanges));
    CHECK(all.front().place == "hq 119");
    CHECK(all.front().why.size() == 499);
    CHECK(sync::json_of(one.node(), all.front())["ending"] == "failed");
}

TEST_CASE("S5: an exchange goes well also where it cannot be noted, and no note is half kept") {
    const HqFolder hq;
    Branch one(hq.file("one"), 1);
    const RunningServer server(hq);
    const auto transport = sync::make_transport(server.url());
    sync::join(one.node(), hq.invite(1, server.url()), "invitation", *transport);
    REQUIRE(sync::note_exchange(one.node(), {.place = "before"}));
    one.node().database().execute("CREATE TRIGGER full AFTER INSERT ON exchange BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    one.sell();
    CHECK(sync::exchange_noted(one.node(), *transport).unsent == 0);
    CHECK(one.confirmed() == one.facts());
    const auto all = sync::exchanges(one.node());
    REQUIRE(all.size() == 1);
    CHECK(all[0].place == "before");
    CHECK_FALSE(sync::note_exchange(one.node(), {}));
    // What the exchange has to say is said, whatever happens to its note.
    one.node().database().execute("DROP TABLE exchange");
    const auto nowhere = sync::make_transport("http://127.0.0.1:1");
    CHECK(error_of([&] { sync::exchange_noted(one.node(), *nowhere); }).find("does not answer") != std::string::npos);
    one.sell();
    CHECK(one.node().database().integer("PRAGMA synchronous") == 2);
}

}  // namespace
}  // namespace paprsek::test
