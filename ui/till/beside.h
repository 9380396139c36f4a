// Commands of the session that may take longer than a frame, done beside the window: by a session of its own on another thread, with a node
// of its own on the same ledger. What the till's session knows of who stands at it goes there and comes back (node::Till::Hands).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/till.h"
#include "ui/kit/task.h"

namespace paprsek::ui {

/// One command at a time. Held by the window's thread; the destructor waits for what has begun.
class Beside {
public:
    /// On the worker's thread; `session` has no receipt in hand. What it writes to is read when it has ended: capture by value or shared.
    using Command = std::function<node::Outcome(node::Till& session, node::Node& branch, Progress& progress)>;
    struct Job {
        std::string doing;      ///< in a few words
        bool may_stop = false;  ///< the command heeds Progress::cancelled()
        Command command;
        /// On the window's thread: what came of it, with the hands that it left; not called where the command threw.
        std::function<void(const node::Outcome&, node::Till::Hands)> ended;
        std::function<void()> threw;
    };

    /// Does nothing while another one runs.
    void begin(const std::string& folder, node::Till::Hands hands, Job job);
    bool running() const { return task_.running(); }
    /// Of what runs.
    const std::string& doing() const { return job_.doing; }
    bool may_stop() const { return job_.may_stop; }
    Progress* progress() { return task_.progress(); }
    /// True where one ended. Throws what its command threw.
    bool follow();

private:
    struct Left {
        node::Outcome outcome;
        node::Till::Hands hands;
    };
    Job job_;
    Task<Left> task_;
};

/// Tells `progress` how far it is, lets the till's own writing in between two transactions, and is false once that is cancelled. For
/// node::Going and sync::Progress.
std::function<bool(std::int64_t, std::int64_t)> making_way(Progress& progress);

/// For what a panel wants to do when a command has ended, which may be after the panel.
class Alive {
public:
    std::function<void()> only(std::function<void()> work) const {
        return [token = std::weak_ptr<char>(token_), work = std::move(work)] {
            if (token.lock()) work();
        };
    }

private:
    std::shared_ptr<char> token_ = std::make_shared<char>();
};

}  // namespace paprsek::ui
