// A display of the test's own, a program in it, and a keyboard that presses keys by their place, as a scanner does.
// Needs Xvfb, xdotool and setxkbmap (tools/packages.txt).
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace paprsek::test {

inline void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// True when `holds` is, and a person would have seen it: the ledger knows before the window has heard that a command beside it has ended,
// and what is pressed until then is told to wait. False after 20 s.
inline bool eventually(const std::function<bool()>& holds) {
    constexpr int tries = 400;
    for (int i = 0; i < tries; ++i) {
        if (holds()) {
            pause_ms(250);
            return true;
        }
        pause_ms(50);
    }
    return false;
}

// A child process, ended with its owner.
class Process {
public:
    Process(const std::vector<std::string>& arguments, int output_fd = -1) {
        std::vector<char*> argv;
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        if (output_fd >= 0) posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        const int fault = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        if (fault != 0) throw std::runtime_error(arguments[0] + " cannot be started (run tools/bootstrap)");
    }
    ~Process() { stop(SIGTERM); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void stop(int signal_number) {
        if (pid_ <= 0) return;
        kill(pid_, signal_number);
        waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    int wait() {
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = 0;
};

inline int run(const std::vector<std::string>& arguments) { return Process(arguments).wait(); }

class Display {
public:
    // `layout` as setxkbmap knows it: us, cz, ro.
    explicit Display(const std::string& layout)
        : pipe_(make_pipe()), server_({"Xvfb", "-displayfd", "1", "-screen", "0", "1366x900x24", "-nolisten", "tcp", "-noreset"}, pipe_.write) {
        close(pipe_.write);
        // The number and its line end come in two writes; with the pipe closed before the second, Xvfb gives up.
        std::string number;
        for (char c = 0; c != '\n'; number += c) {
            if (read(pipe_.read, &c, 1) <= 0) throw std::runtime_error("Xvfb did not start");
        }
        close(pipe_.read);
        setenv("DISPLAY", (":" + std::to_string(std::stoi(number))).c_str(), 1);
        if (run({"setxkbmap", layout}) != 0) throw std::runtime_error("setxkbmap " + layout + " failed");
    }

private:
    struct Pipe {
        int read, write;
    };
    static Pipe make_pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        return {ends[0], ends[1]};
    }
    Pipe pipe_;
    Process server_;
};

// Key codes of a PC keyboard: places, whatever the layout prints on them.
namespace place {
inline constexpr int escape = 9, backspace = 22, tab = 23, enter = 36, left_control = 37, a = 38, under_escape = 49, v = 55, star = 63, space = 65;
inline constexpr int f1 = 67, f2 = 68, f3 = 69, f4 = 70, f5 = 71, f6 = 72, f7 = 73, f8 = 74, f9 = 75, f10 = 76, f11 = 95, f12 = 96;
inline constexpr int home = 110, up = 111, left = 113, right = 114, end = 115, down = 116, page_down = 117, insert = 118, del = 119;
inline constexpr int e = 26, pad_3 = 89;
inline int digit(char c) { return c == '0' ? 19 : 10 + (c - '1'); }
}  // namespace place

class Window {
public:
    explicit Window(const std::vector<std::string>& arguments) : program_(arguments) {
        if (run({"xdotool", "search", "--sync", "--onlyvisible", "--name", "Paprsek"}) != 0) throw std::runtime_error("no window came up");
        pause_ms(400);  // its first frames
    }

    void kill() { program_.stop(SIGKILL); }

    // One xdotool for all keys, so that the pauses are the given ones and not a process start.
    void keys(const std::vector<int>& places, int gap_ms) {
        std::vector<std::string> arguments{"xdotool", "key", "--delay", std::to_string(gap_ms)};
        // A single digit is the key that prints it; Esc's code is one.
        for (const int code : places) arguments.push_back(code == place::escape ? "Escape" : std::to_string(code));
        run(arguments);
    }
    void key(int code) {
        keys({code}, 0);
        pause_ms(80);
    }
    void type(const std::string& text) {
        run({"xdotool", "type", "--delay", "60", text});
        pause_ms(120);
    }
    void scan(const std::string& digits, int gap_ms = 5) { keys(scanned(digits), gap_ms); }
    static std::vector<int> scanned(const std::string& digits) {
        std::vector<int> places;
        for (const char c : digits) places.push_back(place::digit(c));
        places.push_back(place::enter);
        return places;
    }
    void click(int x, int y) {
        run({"xdotool", "mousemove", std::to_string(x), std::to_string(y), "click", "1"});
        pause_ms(120);
    }

private:
    Process program_;
};

}  // namespace paprsek::test
