// Slips by the command line, to the end: a receipt as text, PDF, picture and bytes, printed over TCP, and proven by headquarters.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "fiscal/escpos/interpreter.h"
#include "fiscal/receipt/bitmap.h"
#include "tests/support/desk.h"
#include "tests/support/holds.h"

namespace paprsek::fiscal {
namespace {

using test::holds;

using test::Desk;
using test::Ran;

Ran paprsek(const Desk& desk, const std::string& arguments) { return desk.run(arguments, "paprsek"); }

/// A branch of an HQ, with one receipt, a settlement and a Z.
struct Chain {
    Desk desk;
    Chain() {
        REQUIRE(desk.run("init hq --name Chain").exit == 0);
        REQUIRE(desk.run("branch hq add 3 --till 1 --name Kiosk").exit == 0);
        REQUIRE(desk.run("invite hq 3.1 --to invite").exit == 0);
        desk.write("products.csv", "code,name,group,price,vat\nA1,Žluťoučký kůň,zoo,100.00,A\n");
        desk.write("customers.csv", "number,name,cards,charge_to_account\n7,Ștefan,2900000000018,1\n");
        REQUIRE(desk.run("catalogue hq import products.csv").exit == 0);
        REQUIRE(desk.run("customers hq import customers.csv").exit == 0);
        REQUIRE(paprsek(desk, "init kiosk --branch 3 --name Kiosk").exit == 0);
        REQUIRE(paprsek(desk, "enroll kiosk --invite invite --out answer").exit == 0);
        REQUIRE(desk.run("import hq answer").exit == 0);
        REQUIRE(desk.run("export hq 3.1 --to reply").exit == 0);
        REQUIRE(paprsek(desk, "import kiosk reply").exit == 0);
        desk.write("day.jsonl", R"({"cashier":"anna","customer":"7","lines":[{"code":"A1","qty":"2"}],"pay":[{"with":"account","amount":"200.00"}]}
{"cashier":"anna","settle":{"customer":"7","items":"all"}}
{"close_day":{}}
)");
        REQUIRE(paprsek(desk, "sell kiosk --script day.jsonl").exit == 0);
    }
    /// The code at the end of a slip.
    std::string code(const std::string& name) const {
        const node::Json json = paprsek(desk, "receipt kiosk " + name + " --json").json();
        for (const node::Json& row : json["rows"])
            if (row.contains("code")) return row["data"];
        return "(none)";
    }
};

/// A printer behind a socket, for one connection.
class NetworkPrinter {
public:
    explicit NetworkPrinter(const EscposModel& model) : printer(model), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
        REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~NetworkPrinter() { finish(); }
    void finish() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
        if (listener_ >= 0) ::close(std::exchange(listener_, -1));
    }
    std::string address() const { return "tcp:127.0.0.1:" + std::to_string(port_); }
    EscposInterpreter printer;  ///< the thread's until finish()

private:
    bool wait_for(int socket) const {
        pollfd waited{socket, POLLIN, 0};
        while (!stop_ && ::poll(&waited, 1, 50) == 0) continue;
        return waited.revents != 0;
    }
    void serve() {
        if (!wait_for(listener_)) return;
        const int line = ::accept(listener_, nullptr, nullptr);
        unsigned char bytes[4096];
        while (wait_for(line)) {
            const ssize_t count = ::read(line, bytes, sizeof bytes);
            if (count <= 0) break;
            printer.feed(ByteView(bytes, static_cast<std::size_t>(count)));
            const Bytes answer = printer.take_replies();
            if (!answer.empty() && ::write(line, answer.data(), answer.size()) < 0) break;
        }
        ::close(line);
    }
    int listener_;
    int port_ = 0;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace

TEST_CASE("receipt: every format, and wrong uses by name") {
    if (!test::programs_are_here()) return;
    const Chain chain;
    const Desk& desk = chain.desk;
    Ran ran = paprsek(desk, "receipt kiosk 3.1-000001");
    CHECK(ran.exit == 0);
    CHECK(holds(ran.out, "*** KOPIE ***"));
    CHECK(holds(ran.out, "Žluťoučký kůň"));
    CHECK(holds(ran.out, "Na účet                                   200,00\n"));
    ran = paprsek(desk, "receipt kiosk 3.1-000001 --original --columns 32 --locale en --out slip.txt");
    CHECK(ran.exit == 0);
    const std::string narrow = node::read_file(desk.file("slip.txt"), 1u << 20);
    CHECK(holds(narrow, "On account                200.00\n"));
    CHECK_FALSE(holds(narrow, "COPY"));
    // Of headquarters' state; in 48 columns, for where a narrow line breaks depends on the hour.
    CHECK(holds(paprsek(desk, "receipt kiosk 3.1-000001 --original --locale en").out, "Balance as known on  "));
    ran = paprsek(desk, "receipt kiosk 3.1-000001 --json");
    CHECK(ran.json()["columns"] == 48);
    CHECK(ran.json()["rows"][0]["text"].get<std::string>().find("Kiosk") != std::string::npos);
    CHECK(paprsek(desk, "receipt kiosk 3.1-000001 --out slip.pdf").exit == 0);
    CHECK(node::read_file(desk.file("slip.pdf"), 1u << 20).starts_with("%PDF"));
    CHECK(paprsek(desk, "receipt kiosk z --out z.png").exit == 0);
    CHECK(read_png(node::read_file(desk.file("z.png"), 1u << 20), "z.png", 4096).width() == 576);
    CHECK(paprsek(desk, "receipt kiosk 3.1-000001 --profile escpos-58 --out slip.escpos").exit == 0);
    const std::string sent = node::read_file(desk.file("slip.escpos"), 1u << 20);
    EscposInterpreter printer(*find_escpos_model("escpos-58"));
    printer.feed(Bytes(sent.begin(), sent.end()));
    printer.tear_off();
    CHECK(printer.refused().empty());
    CHECK(holds(printer.finished().at(0).text(), "Žluťoučký kůň\n  2 x 100,00            200,00 A\n"));
    CHECK(holds(paprsek(desk, "receipt kiosk x").out, "Den není uzavřen."));
    CHECK(holds(paprsek(desk, "receipt kiosk statement --customer 7").out, "Nic není nezaplaceno."));

    const auto wrong = [&](const std::string& arguments, int exit, const std::string& said) {
        const Ran refused = paprsek(desk, arguments);
        CAPTURE(arguments);
        CHECK(refused.exit == exit);
        CHECK(holds(refused.err, "paprsek: "));
        CHECK_MESSAGE(holds(refused.err, said), refused.err);
    };
    wrong("receipt kiosk 3.1-000009", 1, "is none of this till (3.1)");
    wrong("receipt kiosk statement", 2, "needs a customer");
    wrong("receipt kiosk statement --customer 99", 1, "is not known here");
    wrong("receipt kiosk z --customer 7", 2, "is of a statement alone");
    wrong("receipt kiosk z --format pdf", 2, "needs a file");
    wrong("receipt kiosk z --format gif", 2, "is no format");
    wrong("receipt kiosk z --profile laser", 2, "escpos-epson");
    wrong("receipt kiosk z --columns 7", 2, "24 to 64");
    wrong("receipt kiosk z --columns 48 --profile escpos-58 --out z.escpos", 1, "lay it out in 32 columns");
    wrong("receipt kiosk z --out nowhere/z.txt", 3, "cannot be written");
    wrong("receipt kiosk z --to tcp:127.0.0.1:9 --out z.txt", 2, "writes no file");
    wrong("receipt kiosk z --to somewhere", 2, "is no address");
    wrong("receipt kiosk z --to tcp:127.0.0.1:1", 1, "The printer is not there");
}

TEST_CASE("receipt: printed over TCP, and the printer's faults told") {
    if (!test::programs_are_here()) return;
    const Chain chain;
    {
        NetworkPrinter network(*find_escpos_model("escpos-epson"));
        const Ran ran = paprsek(chain.desk, "receipt kiosk 3.1-000001 --json --to " + network.address());
        network.finish();
        CHECK(ran.exit == 0);
        CHECK(ran.json()["printed"] == true);
        REQUIRE(network.printer.finished().size() == 1);
        CHECK(holds(network.printer.finished()[0].text(), "Žluťoučký kůň\n"));
    }
    {
        NetworkPrinter network(*find_escpos_model("escpos-58"));
        network.printer.set_paper(PaperRoll::out);
        const Ran ran = paprsek(chain.desk, "receipt kiosk z --profile escpos-58 --to " + network.address());
        network.finish();
        CHECK(ran.exit == 1);
        CHECK(holds(ran.err, "The printer is out of paper."));
        CHECK(network.printer.finished().empty());
    }
}

TEST_CASE("stationery by the command line") {
    if (!test::programs_are_here()) return;
    const Desk desk;
    REQUIRE(paprsek(desk, "init kiosk --branch 3 --name Kiosk").exit == 0);
    CHECK(paprsek(desk, "stationery kiosk --json").json()["header"].empty());
    desk.write("s.json", R"({"header":["IČO 1"],"columns":32})");
    desk.write("logo.png", png_of(Bitmap(120, 60)));
    CHECK(paprsek(desk, "stationery kiosk --set s.json --logo logo.png").exit == 0);
    CHECK(paprsek(desk, "stationery kiosk --json").json() ==
          node::Json{{"header", {"IČO 1"}}, {"footer", node::Json::array()}, {"columns", 32}, {"proof", "qr"}, {"logo", "120x60"}});
    CHECK(holds(paprsek(desk, "receipt kiosk x").out, "             [logo]\n"));
    CHECK(paprsek(desk, "stationery kiosk --no-logo --json").json()["logo"].is_null());
    CHECK(paprsek(desk, "stationery kiosk --json").json()["columns"] == 32);
    CHECK(paprsek(desk, "stationery kiosk --no-logo --logo logo.png").exit == 2);
    desk.write("s.json", R"({"heading":[]})");
    CHECK(paprsek(desk, "stationery kiosk --set s.json").exit == 1);
    CHECK(paprsek(desk, "stationery kiosk --logo s.json").exit == 1);
}

TEST_CASE("headquarters proves the code of a slip") {
    if (!test::programs_are_here()) return;
    const Chain chain;
    const Desk& desk = chain.desk;
    const std::string sold = chain.code("3.1-000001"), closed = chain.code("z");
    REQUIRE(holds(sold, "3.1-000001:"));
    Ran ran = desk.run("prove hq " + sold + " --json");
    CHECK(ran.exit == 1);
    CHECK(ran.json()[0]["verdict"] == "unknown");  // HQ has not heard of it yet
    REQUIRE(paprsek(desk, "export kiosk --to up").exit == 0);
    REQUIRE(desk.run("import hq up").exit == 0);
    ran = desk.run("prove hq " + sold + " " + closed + " --json");
    CHECK(ran.exit == 0);
    CHECK(ran.json()[0]["verdict"] == "genuine");
    CHECK(ran.json()[0]["document"] == "3.1-000001");
    CHECK(ran.json()[0]["total"] == "200.00");
    CHECK(ran.json()[0]["lines"][0]["name"] == "Žluťoučký kůň");
    CHECK(ran.json()[1]["kind"] == "day.closed");
    CHECK(holds(desk.run("prove hq " + sold).out, "genuine: sale 3.1-000001 of "));
    // The same in bars.
    desk.write("bars.json", R"({"proof":"bars"})");
    REQUIRE(paprsek(desk, "stationery kiosk --set bars.json").exit == 0);
    const std::string digits = chain.code("3.1-000001");
    CHECK(digits.size() == 24);
    CHECK(desk.run("prove hq " + digits).exit == 0);
    // A number, a hash, a seq or a till that was changed.
    const auto is_false = [&](const std::string& code, const std::string& why) {
        const Ran proof = desk.run("prove hq '" + code + "' --json");
        CAPTURE(code);
        CHECK(proof.exit == 1);
        CHECK(proof.json()[0]["verdict"] == "false");
        CHECK_MESSAGE(holds(proof.json()[0]["why"].get<std::string>(), why), proof.out);
    };
    std::string forged = sold;
    forged.back() = forged.back() == '0' ? '1' : '0';
    is_false(forged, "is another one");
    forged = sold;
    forged[9] = '9';
    is_false(forged, "and not of 3.1-000009");
    is_false("9" + sold.substr(1), "There is no till 9.1");
    is_false("hello", "no code of a slip");
    CHECK(desk.run("prove hq 3.1-000099:99:0123456789ABCDEF --json").json()[0]["verdict"] == "unknown");
}

TEST_CASE("two slips of one number, after an old backup was restored: both are genuine, and each is its own") {
    if (!test::programs_are_here()) return;
    const Chain chain;
    const Desk& desk = chain.desk;
    const auto exchange = [&](const std::string& node) {
        REQUIRE(paprsek(desk, "export " + node + " --to up").exit == 0);
        REQUIRE(desk.run("import hq up").exit != 3);
        REQUIRE(desk.run("export hq 3.1 --to down").exit == 0);
        REQUIRE(paprsek(desk, "import " + node + " down").exit != 3);
    };
    const auto sell = [&](const std::string& node, const char* what) {
        desk.write("sale.jsonl", std::string(R"({"lines":[{"text":")") + what + R"(","price":"10.00","vat":"A"}]})" + "\n");
        REQUIRE(paprsek(desk, "sell " + node + " --script sale.jsonl").exit == 0);
    };
    exchange("kiosk");
    REQUIRE(paprsek(desk, "backup kiosk --to backup").exit == 0);
    sell("kiosk", "first");
    const std::string first = chain.code("3.1-000002");
    exchange("kiosk");
    REQUIRE(paprsek(desk, "restore backup --to again").exit == 0);
    desk.write("again/identity.key", node::read_file(desk.file("kiosk/identity.key"), 1u << 10));
    REQUIRE(::chmod(desk.file("again/identity.key").c_str(), 0600) == 0);
    sell("again", "second");
    for (int i = 0; i < 3; ++i) exchange("again");

    Ran ran = paprsek(desk, "receipt again 3.1-000002");
    CHECK(ran.exit == 1);
    CHECK(holds(ran.err, "3.1-000002/1"));
    CHECK(holds(paprsek(desk, "receipt again 3.1-000002/1").out, "first"));
    CHECK(holds(paprsek(desk, "receipt again 3.1-000002/1").out, first));  // the very code that stood on the paper
    const std::string second = paprsek(desk, "receipt again 3.1-000002/2 --json").json()["rows"].dump();
    CHECK(holds(second, "second"));
    ran = desk.run("prove hq " + first + " --json");
    CHECK(ran.exit == 0);
    CHECK(ran.json()[0]["lines"][0]["name"] == "first");
    CHECK(ran.json()[0]["epoch"] == 1);
}

}  // namespace paprsek::fiscal
