// F2: every till of every branch, how fresh it is, what is missing; and the reply that goes back to it.
#include "sync/files.h"
#include "ui/hq/console.h"
#include "ui/kit/file_chooser.h"
#include "ui/kit/list.h"

namespace paprsek::ui {
namespace {

struct ReplyDone {
    std::filesystem::path file;
    node::NodeName node;
    std::int64_t receipt = 0;
    std::int64_t rows = 0;
    bool more = false;
};

class BranchesPage final : public Page {
public:
    explicit BranchesPage(Console& console) : console_(console) { list_.selected = 0; }

    bool settled() const override { return !choosing_ || chooser_.settled(); }

    bool key(const KeyPress& press) override {
        if (choosing_) {
            if (press.is(GLFW_KEY_ESCAPE)) choosing_ = false;
            else chooser_.handle(press);
            return true;
        }
        if (list_.handle(press, static_cast<int>(nodes().size()))) return true;
        if (press.enter() || press.character == 'e' || press.character == 'E') {
            begin_reply();
            return true;
        }
        return false;
    }

    bool tick() override {
        bool changed = choosing_ && chooser_.tick();
        if (choosing_) {
            if (const auto file = chooser_.take()) {
                choosing_ = false;
                start_reply(*file);
                changed = true;
            }
        }
        try {
            if (const auto done = writing_.take()) {
                const std::string text = fill_in(tr("Reply for till {} written: its facts up to {} are confirmed."),
                                                 {node::print(done->node), console_.words.count(done->receipt)});
                console_.toasts.show(Tone::go, Icon::check, done->more ? text + " " + tr("More state waits for its next reply.") : text);
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (choosing_) {
            bool closed = false;
            const Rect inside = sheet(
                ui, area, {Icon::upload, fill_in(tr("Reply for till {}"), {node::print(chosen_)}), tr("Onto a stick, for the branch"), "Esc"}, closed);
            chooser_.draw(ui, inside);
            if (closed) choosing_ = false;
            return;
        }
        Rect inside = card(ui, area);
        if (nodes().empty()) {
            empty_state(ui, inside, Icon::sitemap, tr("No branch yet"), tr("paprsek-hq branch HQ add N adds one."));
            return;
        }
        Rect foot = inside.cut_bottom(48, space::m);
        const bool can = selected() != nullptr && selected()->enrolled && !writing_.running();
        if (button(
                ui, foot.cut_right(300, space::m),
                {.label = tr("Export a reply…"), .key = "E", .icon = Icon::upload, .tone = Tone::accent, .look = ButtonLook::solid, .enabled = can}))
            begin_reply();
        draw_explanation(ui, foot);
        draw_table(ui, inside);
    }

private:
    const std::vector<hq::NodeStatus>& nodes() const { return console_.status.nodes; }
    const hq::NodeStatus* selected() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(nodes().size()) ? &nodes()[static_cast<std::size_t>(list_.selected)]
                                                                                        : nullptr;
    }

    Tone tone_of(const hq::NodeStatus& node) const {
        constexpr std::int64_t day_ms = 86'400'000;
        if (node.exceptions > 0 || !node.gaps.empty()) return Tone::danger;
        if (!node.last_seen) return Tone::neutral;
        const std::int64_t age = console_.now().ms - node.last_seen->ms;
        return age < day_ms ? Tone::go : age < 7 * day_ms ? Tone::warn : Tone::danger;
    }

    std::string state_of(const hq::NodeStatus& node) const {
        if (!node.enrolled) return node.invited ? tr("Invited") : tr("Not joined");
        if (!node.gaps.empty()) return tr("Facts missing");
        if (node.exceptions > 0) return tr("To check");
        if (!node.last_seen) return tr("Nothing yet");
        return tone_of(node) == Tone::go ? tr("Fresh") : tr("Silent");
    }

    void draw_table(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("Branch"), 0, 1.3F},       {tr("State"), 124, 0},
                                  {tr("Last seen"), 96, 0},      {tr("Newest fact"), 132, 0},
                                  {tr("Facts"), 76, 0, Align::right}, {tr("Waiting"), 64, 0, Align::right},
                                  {tr("To check"), 100, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(nodes().size()), {.row_height = 56}, [&](int i, auto cells) {
            const hq::NodeStatus& node = nodes()[static_cast<std::size_t>(i)];
            Rect name = cells[0].inset(0, 7);
            const Rect badge = name.cut_left(42, space::m).middle(42, 36);
            ui.canvas.fill(badge, tone_soft(t, Tone::neutral), radius::small);
            ui.canvas.text(badge, node::print(node.node), Type::caption_strong, t.ink_soft, Align::centre);
            ui.canvas.text(name.cut_top(name.h / 2), node.name, Type::strong, t.ink);
            const std::int64_t behind = console_.status.version - node.state_version;
            ui.canvas.text(name,
                           behind <= 0 ? std::string(tr("Has all that HQ has said"))
                                       : fill_in(tr_n("Lacks {} change of HQ's", "Lacks {} changes of HQ's", behind), {console_.words.count(behind)}),
                           Type::caption, t.ink_faint);
            chip(ui, {cells[1].x, cells[1].centre().y}, state_of(node), tone_of(node));
            const std::string age = node.last_seen ? format_ago((console_.now().ms - node.last_seen->ms) / 1000) : std::string("–");
            ui.canvas.text(cells[2], age, Type::body, t.ink);
            ui.canvas.text(cells[3], node.last_fact ? console_.words.date_time(*node.last_fact) : "–", Type::body, t.ink_soft);
            ui.canvas.number(cells[4], console_.words.count(node.facts), Type::strong, t.ink);
            ui.canvas.number(cells[5], console_.words.count(node.early), Type::body, node.early > 0 ? t.warn : t.ink_faint);
            ui.canvas.number(cells[6], console_.words.count(node.exceptions), Type::strong, node.exceptions > 0 ? t.danger : t.ink_faint);
        });
        if (events.activated >= 0) begin_reply();
    }

    void draw_explanation(Ui& ui, Rect rect) {
        const hq::NodeStatus* node = selected();
        if (node == nullptr) return;
        if (!node->gaps.empty()) {
            const hq::Range gap = node->gaps.front();
            notice(ui, rect, Tone::danger, Icon::warning,
                   fill_in(tr("Facts {} to {} are missing. The next export of till {} brings them."),
                           {console_.words.count(gap.first), console_.words.count(gap.last), node::print(node->node)}));
        } else if (!node->enrolled) {
            notice(ui, rect, Tone::warn, Icon::info_circle,
                   fill_in(tr("{} has not joined: import its answer to the invitation."), {node::print(node->node)}));
        } else {
            ui.canvas.text(rect, tr("The reply confirms what HQ holds and carries new prices and customers."), Type::caption, ui.theme.ink_soft);
        }
    }

    void begin_reply() {
        const hq::NodeStatus* node = selected();
        if (node == nullptr || !node->enrolled || writing_.running()) return;
        chosen_ = node->node;
        chooser_.begin({FileChooser::Mode::save, ".bundle", "hq-to-" + node::print(chosen_) + ".bundle", {}});
        choosing_ = true;
    }

    void start_reply(const std::filesystem::path& file) {
        writing_.start([where = console_.folder, file, node = chosen_](Progress&) {
            const hq::Reply reply = Console::open(where)->export_reply(node);
            sync::write_atomically(file, sync::bytes_of(reply.bytes));
            return ReplyDone{file, node, reply.receipt, reply.rows, reply.more};
        });
    }

    Console& console_;
    ListState list_;
    FileChooser chooser_;
    bool choosing_ = false;
    node::NodeName chosen_;
    Task<ReplyDone> writing_;
};

}  // namespace

std::unique_ptr<Page> make_branches_page(Console& console) { return std::make_unique<BranchesPage>(console); }

}  // namespace paprsek::ui
