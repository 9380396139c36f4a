// A CUPS queue as a line to a printer: a real cupsd of the test's own, with a backend that writes into a file.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "fiscal/escpos/device.h"
#include "fiscal/escpos/interpreter.h"
#include "node/base/csv.h"
#include "node/base/error.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::fiscal {
namespace {

constexpr const char* cupsd = "/usr/sbin/cupsd";

/// Started and ended with the test; clients find it by CUPS_SERVER.
class Spooler {
public:
    Spooler() {
        // When started by root, cupsd works as another user, who has to get at the folders.
        ::chmod(folder_.path().c_str(), 0755);
        for (const char* name : {"lib", "lib/backend", "spool", "spool/tmp", "cache", "state", "log"}) ::mkdir(folder_.file(name).c_str(), 0755);
        REQUIRE(::symlink("/usr/lib/cups/daemon", folder_.file("lib/daemon").c_str()) == 0);
        const std::string all = "Order allow,deny\nAllow all\n";
        write("cupsd.conf", "Listen " + folder_.file("socket") + "\nLogLevel warn\nDefaultAuthType None\nWebInterface No\nBrowsing Off\n<Location />\n" + all +
                                "</Location>\n<Policy default>\n<Limit All>\n" + all + "</Limit>\n</Policy>\n");
        const std::string base = folder_.path();
        write("cups-files.conf", "ServerRoot " + base + "\nServerBin " + base + "/lib\nRequestRoot " + base + "/spool\nTempDir " + base +
                                     "/spool/tmp\nCacheDir " + base + "/cache\nStateDir " + base + "/state\nAccessLog " + base + "/log/access\nErrorLog " +
                                     base + "/log/error\nPageLog " + base + "/log/page\n" + (::getuid() == 0 ? "User lp\nGroup lp\nSystemGroup root\n" : ""));
        write("printers.conf", "<Printer receipts>\nDeviceURI paper:" + base +
                                   "/paper\nState Idle\nAccepting Yes\nErrorPolicy abort-job\n</Printer>\n"
                                   "<Printer broken>\nDeviceURI nothing:\nState Idle\nAccepting Yes\nErrorPolicy abort-job\n</Printer>\n"
                                   "<Printer stopped>\nDeviceURI paper:" +
                                   base + "/never\nState Stopped\nAccepting Yes\n</Printer>\n");
        backend("paper", "if [ -n \"$6\" ]; then cat \"$6\"; else cat; fi >> \"${DEVICE_URI#paper:}\"");
        backend("nothing", "exit 1");
        started_ =
            std::system((std::string(cupsd) + " -c " + folder_.file("cupsd.conf") + " -s " + folder_.file("cups-files.conf") + " 2>/dev/null").c_str()) == 0;
        ::setenv("CUPS_SERVER", folder_.file("socket").c_str(), 1);
    }
    ~Spooler() {
        ::unsetenv("CUPS_SERVER");
        std::ifstream file(folder_.file("state/cupsd.pid"));
        pid_t process = 0;
        if (file >> process && process > 1) ::kill(process, SIGTERM);
    }
    bool started() const { return started_; }
    /// What the printer got so far.
    Bytes paper() const {
        const std::string text = node::read_file(folder_.file("paper"), 1u << 20);
        return Bytes(text.begin(), text.end());
    }

private:
    void write(const std::string& name, const std::string& text) const { std::ofstream(folder_.file(name)) << text; }
    void backend(const std::string& name, const std::string& act) const {
        write("lib/backend/" + name, "#!/bin/sh\n[ $# -eq 0 ] && exit 0\n" + act + "\n");
        ::chmod(folder_.file("lib/backend/" + name).c_str(), 0700);
    }
    test::TemporaryFolder folder_{test::TemporaryFolder::On::disk};
    bool started_ = false;
};

EscposDevice device(const std::string& address) {
    EscposOptions options;
    options.model = find_escpos_model("escpos-epson");
    options.address = address;
    options.open = [address] { return open_transport(address); };
    return EscposDevice(std::move(options));
}

}  // namespace

TEST_CASE("CUPS: a document is one raw job, done when CUPS says so; a queue that fails or is stopped says why") {
    if (::access(cupsd, X_OK) != 0) {
        MESSAGE("cupsd is not installed (tools/packages.txt)");
        return;
    }
    const Spooler spooler;
    REQUIRE(spooler.started());
    Roll roll(48);
    for (int i = 0; i < 200; ++i) roll.left("Žluťoučký kůň " + std::to_string(i));
    const Slip slip = roll.take();
    {
        EscposDevice printer = device("cups:receipts");
        const Reply reply = printer.print(slip);
        CHECK_MESSAGE(reply.ok(), reply.why);
        CHECK(spooler.paper() == escpos_bytes(slip, *find_escpos_model("escpos-epson")));
        CHECK(printer.print(slip).ok());
        EscposInterpreter paper(*find_escpos_model("escpos-epson"));
        paper.feed(spooler.paper());
        CHECK(paper.finished().size() == 2);
        CHECK(paper.refused().empty());
        CHECK(printer.open_drawer().ok());
    }
    const Reply broken = device("cups:broken").print(slip);
    CHECK(broken.answer == Answer::unknown);
    CHECK(broken.why.find("CUPS gave job") != std::string::npos);
    for (const char* queue : {"cups:stopped", "cups:nowhere"}) {
        CAPTURE(queue);
        const Reply reply = device(queue).print(slip);
        CHECK(reply.answer == Answer::not_ready);
        CHECK(reply.why.find(std::string_view(queue) == "cups:stopped" ? "is stopped" : "is no queue") != std::string::npos);
    }
}

TEST_CASE("CUPS: no server is an error with a hint") {
    ::setenv("CUPS_SERVER", "/nowhere/cups.socket", 1);
    const Reply reply = device("cups:receipts").connect();
    ::unsetenv("CUPS_SERVER");
    CHECK(reply.answer == Answer::not_ready);
    CHECK(reply.why.find("no CUPS at") != std::string::npos);
    CHECK_THROWS_AS(device("cups:").connect(), node::Error);
}

}  // namespace paprsek::fiscal
