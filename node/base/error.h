// How things fail (ARCHITECTURE.md "Failure"): an outcome that a cashier can act on is an enum in the function's result;
// what went wrong outside our control is an Error, thrown where it is found and printed once, at the edge; a broken
// invariant is an assert, which stays on in release builds.
#pragma once
#include <stdexcept>
#include <string>

namespace paprsek::node {

/// Exit codes of the command line (DESIGN.md "The command line").
enum class Exit { ok = 0, refused = 1, usage = 2, operating = 3 };

/// Prints as "what: why (hint)". `what` names the thing and the place ("products.csv row 7"), `why` the cause,
/// `hint` what a person can do; `hint` may be empty.
class Error : public std::runtime_error {
public:
    Error(Exit exit, std::string what, std::string why, std::string hint = {});
    Exit exit() const { return exit_; }
    const std::string& subject() const { return subject_; }
    const std::string& why() const { return why_; }
    const std::string& hint() const { return hint_; }

private:
    Exit exit_;
    std::string subject_, why_, hint_;
};

/// Input that is refused: the caller's file, line or argument is wrong.
[[noreturn]] void refuse(std::string what, std::string why, std::string hint = {});
/// The machine failed: disk, database, permissions.
[[noreturn]] void fail(std::string what, std::string why, std::string hint = {});

}  // namespace paprsek::node
