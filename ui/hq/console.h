// What the pages of the HQ console share: the snapshot of HQ that is drawn, how to write amounts, and where to say things.
// Everything that reads or changes HQ runs on a worker with a Headquarters of its own; the window only draws snapshots.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hq/headquarters.h"
#include "node/base/error.h"
#include "ui/kit/shell.h"
#include "ui/kit/task.h"
#include "ui/kit/toasts.h"
#include "ui/words.h"

namespace paprsek::ui {

enum class PageName { branches, inbox, balances, exceptions, catalogue, customers, policy, reports };
std::optional<PageName> page_from(std::string_view name);

class Console {
public:
    /// `first` is HQ's status as it stands when the window opens.
    Console(std::string folder_or_address, hq::Status first);

    const std::string folder;
    Words words;
    Toasts toasts;
    hq::Status status;

    /// Asks for a new snapshot now; it comes by tick().
    void refresh() { wanted_ = true; }
    /// True where a new snapshot came.
    bool tick(double now);
    bool settled() const { return !reading_.running(); }
    node::Instant now() const { return node::system_clock().now(); }

    /// Opens HQ for a worker. Throws node::Error.
    static std::unique_ptr<hq::Headquarters> open(const std::string& folder);

private:
    Task<hq::Status> reading_;
    bool wanted_ = false;
    double read_at_ = 0;
};

class Page {
public:
    virtual ~Page() = default;
    /// Comes to sight.
    virtual void enter() {}
    virtual bool key(const KeyPress& press) = 0;
    /// Whether a file that is dropped while the page is in sight is for it; others are for the inbox.
    virtual bool takes(const std::filesystem::path&) const { return false; }
    virtual void drop(const std::vector<std::filesystem::path>&) {}
    /// False where the page has no use for what was scanned.
    virtual bool scan(const std::string&) { return false; }
    virtual bool tick() { return false; }
    virtual bool settled() const { return true; }
    virtual void draw(Ui& ui, Rect area) = 0;
};

std::unique_ptr<Page> make_branches_page(Console& console);
std::unique_ptr<Page> make_inbox_page(Console& console);
std::unique_ptr<Page> make_balances_page(Console& console);
std::unique_ptr<Page> make_exceptions_page(Console& console);
std::unique_ptr<Page> make_catalogue_page(Console& console);
std::unique_ptr<Page> make_customers_page(Console& console);
std::unique_ptr<Page> make_policy_page(Console& console);
std::unique_ptr<Page> make_reports_page(Console& console);

/// The error as a sentence with what can be done.
std::string sentence_of(const node::Error& error);

}  // namespace paprsek::ui
