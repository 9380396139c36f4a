// A PostgreSQL server of the test program's own: made in a temporary folder on first use, reached by a socket in it, gone with the
// program, also with one that stops by an assertion. No durability: what is tested here is not the server.
#pragma once
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace paprsek::test {

class Cluster {
public:
    /// Of the test program, running.
    static Cluster& shared() {
        static Cluster cluster;
        return cluster;
    }

    Cluster() {
        // The server refuses to run as root.
        if (::getuid() == 0)
            if (const passwd* nobody = ::getpwnam("nobody")) {
                user_ = nobody->pw_uid;
                group_ = nobody->pw_gid;
                if (::chown(folder_.path().c_str(), user_, group_) != 0) throw std::runtime_error("no user for PostgreSQL");
            }
        const int made = finish(begin({programs() + "/initdb", "-D", folder_.file("data"), "--no-sync", "-A", "trust", "-U", "paprsek", "--locale=C",
                                       "--encoding=UTF8", "--no-instructions"}));
        if (made != 0) throw std::runtime_error("initdb does not make a cluster");
        start();
    }
    ~Cluster() { stop(SIGQUIT); }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    void start() {
        server_ = begin({programs() + "/postgres", "-D", folder_.file("data"), "-k", folder_.path(), "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                         "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=40", "-c", "log_min_messages=panic"});
        for (int tries = 0; tries < 600; ++tries) {
            if (PQping(address("postgres").c_str()) == PQPING_OK) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        throw std::runtime_error("PostgreSQL does not start");
    }
    /// SIGQUIT: at once, as a crash; SIGINT: properly, and connections are cut.
    void stop(int how) {
        if (server_ <= 0) return;
        ::kill(server_, how);
        finish(server_);
        server_ = 0;
    }

    void die_in(std::chrono::milliseconds time) {
        std::this_thread::sleep_for(time);
        stop(SIGQUIT);
    }

    std::string address(const std::string& database) const { return fmt::format("postgresql://paprsek:secret@/{}?host={}", database, folder_.path()); }
    /// Of a new, empty database.
    std::string empty() {
        const std::string name = fmt::format("hq{}", ++databases_);
        run("postgres", "CREATE DATABASE " + name);
        return address(name);
    }
    /// The first value that the statement answers.
    std::string run(const std::string& database, const std::string& sql) const { return run_at(address(database), sql); }
    static std::string run_at(const std::string& address, const std::string& sql) {
        PGconn* connection = PQconnectdb(address.c_str());
        PGresult* result = PQexec(connection, sql.c_str());
        const ExecStatusType status = PQresultStatus(result);
        const std::string value = status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        const std::string why = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? "" : PQerrorMessage(connection);
        PQclear(result);
        PQfinish(connection);
        if (!why.empty()) throw std::runtime_error(why);
        return value;
    }

private:
    /// The newest that Debian has installed, or what PATH finds.
    static std::string programs() {
        std::vector<std::string> found;
        std::error_code none;
        for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
            if (std::filesystem::exists(version.path() / "bin/postgres")) found.push_back((version.path() / "bin").string());
        if (found.empty()) throw std::runtime_error("no PostgreSQL server is installed: tools/bootstrap");
        return *std::max_element(found.begin(), found.end());
    }
    pid_t begin(const std::vector<std::string>& words) const {
        std::vector<char*> arguments;
        for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const pid_t parent = ::getpid(), child = ::fork();
        if (child != 0) return child;
        if (user_ && (::setgroups(0, nullptr) != 0 || ::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (::getppid() != parent || ::chdir("/") != 0) ::_exit(126);
        const int nowhere = ::open("/dev/null", O_WRONLY);
        if (nowhere < 0 || ::dup2(nowhere, 1) < 0 || ::dup2(nowhere, 2) < 0) ::_exit(126);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    static int finish(pid_t child) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }

    TemporaryFolder folder_{TemporaryFolder::On::disk};  // more than some machines give to memory
    uid_t user_ = 0;
    gid_t group_ = 0;
    pid_t server_ = 0;
    int databases_ = 0;
};

}  // namespace paprsek::test
