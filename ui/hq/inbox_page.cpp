// F3: bundles and enrolment answers come in, by choosing or by dropping them; each leaves a line of the merge report.
#include <algorithm>

#include "ui/faults.h"
#include "ui/hq/console.h"
#include "ui/kit/file_chooser.h"
#include "ui/kit/list.h"

namespace paprsek::ui {
namespace {

class InboxPage final : public Page {
public:
    explicit InboxPage(Console& console) : console_(console) {}

    bool settled() const override { return !merging_.running() && queue_.empty() && (!choosing_ || chooser_.settled()); }

    bool key(const KeyPress& press) override {
        if (choosing_) {
            if (press.is(GLFW_KEY_ESCAPE)) choosing_ = false;
            else chooser_.handle(press);
            return true;
        }
        if (press.is(GLFW_KEY_ESCAPE) && merging_.running()) {
            merging_.progress()->cancel();
            return true;
        }
        if (list_.handle(press, static_cast<int>(reports_.size()))) return true;
        if (press.enter() || press.character == 'i' || press.character == 'I') {
            choose();
            return true;
        }
        return false;
    }

    void drop(const std::vector<std::filesystem::path>& files) override {
        choosing_ = false;
        queue_.insert(queue_.end(), files.begin(), files.end());
    }

    bool tick() override {
        bool changed = choosing_ && chooser_.tick();
        if (choosing_) {
            if (const auto file = chooser_.take()) {
                drop({*file});
                changed = true;
            }
        }
        try {
            if (auto reports = merging_.take()) {
                take_over(std::move(*reports));
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        if (!queue_.empty() && !merging_.running()) {
            start();
            changed = true;
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (choosing_) {
            bool closed = false;
            const Rect inside =
                sheet(ui, area, {Icon::download, tr("Import a file"), tr("A branch's bundle, or its answer to an invitation"), "Esc"}, closed);
            chooser_.draw(ui, inside);
            if (closed) choosing_ = false;
            return;
        }
        draw_drop_zone(ui, area.cut_top(104, space::l));
        Rect inside = card(ui, area);
        if (reports_.empty()) {
            empty_state(ui, inside, Icon::inbox, tr("Nothing merged in this window yet"),
                        tr("Every file is checked whole before anything of it counts; the same file twice does no harm."));
            return;
        }
        if (const hq::MergeReport* report = selected()) draw_detail(ui, inside.cut_bottom(96, space::m), *report);
        draw_table(ui, inside);
    }

private:
    const hq::MergeReport* selected() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(reports_.size()) ? &reports_[static_cast<std::size_t>(list_.selected)]
                                                                                         : nullptr;
    }

    void choose() {
        chooser_.begin({FileChooser::Mode::open, "", "", {}});
        choosing_ = true;
    }

    void start() {
        std::vector<std::string> paths;
        for (const auto& file : queue_) paths.push_back(file.string());
        queue_.clear();
        merging_.start([where = console_.folder, paths](Progress& progress) {
            return Console::open(where)->import_files(paths, [&](std::size_t next, std::size_t count) {
                progress.steps(next, count);
                return !progress.cancelled();
            });
        });
    }

    void take_over(std::vector<hq::MergeReport> reports) {
        const auto count = static_cast<std::ptrdiff_t>(reports.size());
        std::int64_t facts = 0;
        bool refused = false;
        for (const hq::MergeReport& report : reports) {
            facts += report.new_facts;
            refused = refused || report.outcome == hq::Merged::refused || report.outcome == hq::Merged::forked;
        }
        reports_.insert(reports_.begin(), std::make_move_iterator(reports.begin()), std::make_move_iterator(reports.end()));
        // What was not taken is what a person has to read.
        const auto trouble = std::find_if(reports_.begin(), reports_.begin() + count,
                                          [](const hq::MergeReport& report) { return tone_of(report.outcome) == Tone::danger; });
        list_.select(trouble == reports_.begin() + count ? 0 : static_cast<int>(trouble - reports_.begin()));
        console_.refresh();
        if (refused)
            console_.toasts.show(Tone::danger, Icon::warning,
                                 count == 1 ? tr("It was not taken. The report says why.") : tr("Not everything was taken. The report says why."));
        else
            console_.toasts.show(Tone::go, Icon::check, fill_in(tr_n("Merged: {} new fact", "Merged: {} new facts", facts), {console_.words.count(facts)}));
    }

    static Tone tone_of(hq::Merged outcome) {
        switch (outcome) {
            case hq::Merged::new_facts:
            case hq::Merged::enrolled: return Tone::go;
            case hq::Merged::nothing: return Tone::neutral;
            case hq::Merged::parted:
            case hq::Merged::unplaced:
            case hq::Merged::early: return Tone::warn;
            case hq::Merged::forked:
            case hq::Merged::refused: return Tone::danger;
        }
        return Tone::neutral;
    }

    static const char* name_of(hq::Merged outcome) {
        switch (outcome) {
            case hq::Merged::new_facts: return tr("Merged");
            case hq::Merged::enrolled: return tr("Joined");
            case hq::Merged::nothing: return tr("Nothing new");
            case hq::Merged::unplaced:
            case hq::Merged::early: return tr("Waits for a gap");
            case hq::Merged::parted: return tr("Kept separately");
            case hq::Merged::forked: return tr("Contradicts");
            case hq::Merged::refused: return tr("Refused");
        }
        return "";
    }

    void draw_drop_zone(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, mix(t.surface, t.accent, 0.05F), radius::card);
        ui.canvas.outline(rect, mix(t.line, t.accent, 0.5F), radius::card, 2);
        Rect inside = rect.inset(space::xl, space::l);
        ui.canvas.icon(inside.cut_left(56, space::l), Icon::inbox, IconSize::large, t.accent);
        const Rect action = inside.cut_right(230).middle(230, 50);
        if (merging_.running()) {
            ui.canvas.text(inside.cut_top(inside.h / 2), tr("Merging…"), Type::title, t.ink);
            progress_bar(ui, inside.inset(0, inside.h / 2 - 4), merging_.progress()->share());
            if (button(ui, action, {.label = tr("Stop after this file"), .key = "Esc"})) merging_.progress()->cancel();
            return;
        }
        ui.canvas.text(inside.cut_top(inside.h / 2), tr("Drop files from the branches here"), Type::title, t.ink);
        ui.canvas.text(inside, tr("In any order, any number, also twice"), Type::body, t.ink_soft);
        if (button(ui, action, {.label = tr("Choose a file…"), .key = "I", .icon = Icon::folder, .tone = Tone::accent, .look = ButtonLook::solid}))
            choose();
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("File"), 0, 1},
                                  {tr("Outcome"), 130, 0},
                                  {tr("Till"), 60, 0},
                                  {tr("Facts"), 120, 0, Align::right},
                                  {tr("New facts"), 70, 0, Align::right},
                                  {tr("Already here"), 90, 0, Align::right},
                                  {tr("Sales"), 70, 0, Align::right},
                                  {tr("Customers"), 84, 0, Align::right}};
        table(ui, rect, list_, columns, static_cast<int>(reports_.size()), {}, [&](int i, auto cells) {
            const hq::MergeReport& report = reports_[static_cast<std::size_t>(i)];
            const bool facts = report.outcome != hq::Merged::refused && report.outcome != hq::Merged::enrolled;
            ui.canvas.text(cells[0], std::filesystem::path(report.source).filename().string(), Type::strong, t.ink);
            chip(ui, {cells[1].x, cells[1].centre().y}, name_of(report.outcome), tone_of(report.outcome));
            if (report.outcome != hq::Merged::refused) ui.canvas.text(cells[2], node::print(report.node), Type::body, t.ink);
            if (!facts) return;
            ui.canvas.number(cells[3],
                             report.first <= report.last ? console_.words.count(report.first) + "–" + console_.words.count(report.last) : "–",
                             Type::body, t.ink_soft);
            ui.canvas.number(cells[4], console_.words.count(report.new_facts), Type::strong, report.new_facts > 0 ? t.go : t.ink_faint);
            ui.canvas.number(cells[5], console_.words.count(report.held), Type::body, t.ink_soft);
            ui.canvas.number(cells[6], console_.words.count(report.sales), Type::body, t.ink);
            ui.canvas.number(cells[7], console_.words.count(report.customers), Type::body, t.ink);
        });
    }

    void draw_detail(Ui& ui, Rect rect, const hq::MergeReport& report) {
        notice(ui, rect.inset(0, 12), tone_of(report.outcome), tone_of(report.outcome) == Tone::danger ? Icon::warning : Icon::info_circle,
               sentence(report));
    }

    std::string sentence(const hq::MergeReport& report) const {
        const std::string name = node::print(report.node);
        switch (report.outcome) {
            case hq::Merged::refused:
                return refusal_text(std::filesystem::path(report.source).filename().string(), report.why, report.hint);
            case hq::Merged::enrolled:
                return fill_in(tr("Till {} has joined the chain. Export a reply for it: it brings products, prices and customers."), {name});
            case hq::Merged::parted:
                return fill_in(tr("Till {} went another way than what HQ holds, as after a restored backup or on a copied disk. What it sent is taken over "
                                  "beside it: {} new facts. Export a reply for it."),
                               {name, console_.words.count(report.new_facts)});
            case hq::Merged::forked:
                return fill_in(tr("Till {} sent a history that contradicts what HQ holds. Nothing was taken over; both are kept for you to look at."),
                               {name});
            case hq::Merged::nothing:
                return fill_in(tr("HQ held all of it already. Till {} is complete up to fact {}."), {name, console_.words.count(report.facts_now)});
            case hq::Merged::unplaced:
                if (report.gap) break;
                return fill_in(tr("Till {} leans on what HQ does not hold any more, as after a restored backup. Nothing was taken over: export a reply for it, "
                                  "and its next export says all in full."),
                               {name});
            case hq::Merged::early:
            case hq::Merged::new_facts: break;
        }
        std::string text = fill_in(tr("HQ now holds till {} up to fact {}."), {name, console_.words.count(report.facts_now)});
        if (report.gap)
            text +=
                " " + fill_in(tr("Facts {} to {} are missing; {} wait for them. The next export brings them."),
                              {console_.words.count(report.gap->first), console_.words.count(report.gap->last), console_.words.count(report.early)});
        if (!report.exceptions.empty())
            text += " " + fill_in(tr("To check: {}."), {console_.words.count(static_cast<std::int64_t>(report.exceptions.size()))});
        return text;
    }

    Console& console_;
    std::vector<hq::MergeReport> reports_;  ///< newest first
    std::vector<std::filesystem::path> queue_;
    ListState list_;
    FileChooser chooser_;
    bool choosing_ = false;
    Task<std::vector<hq::MergeReport>> merging_;
};

}  // namespace

std::unique_ptr<Page> make_inbox_page(Console& console) { return std::make_unique<InboxPage>(console); }

}  // namespace paprsek::ui
