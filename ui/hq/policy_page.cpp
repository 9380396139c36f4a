// F10: the policy in force in plain words; another one is read from a file, what it would change is shown, and it is set for the chain or
// refused in a sentence (C2).
#include "sync/files.h"
#include "ui/faults.h"
#include "ui/hq/file_ask.h"
#include "ui/hq/policy_words.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"

namespace paprsek::ui {
namespace {

constexpr std::size_t most_bytes = 4u << 20;
constexpr int counted_days = 30;

/// What the worker read: ready to be drawn.
struct InForce {
    hq::PolicyInForce policy;
    std::vector<PolicySection> sections;
};
struct Candidate {
    std::filesystem::path file;
    std::string json;
    std::vector<PolicyChanges> changes;
    std::string refusal;  ///< empty: it can be set
    std::string counted;  ///< what it would have given
};

/// A row of the page: a heading, or a line with what fits of its texts; the rest stands in rows below.
struct PolicyRow {
    bool head = false;
    std::string cells[3];
};

std::vector<std::string> wrapped(Ui& ui, const std::string& text, float width, Type type) {
    std::vector<std::string> lines(1);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at), longer = lines.back().empty() ? word : lines.back() + " " + word;
        if (!lines.back().empty() && ui.canvas.width(longer, type) > width) lines.push_back(word);
        else lines.back() = longer;
        at = end + 1;
    }
    return lines;
}

class PolicyPage final : public Page {
public:
    explicit PolicyPage(Console& console) : console_(console) {}

    void enter() override { wanted_ = true; }
    bool settled() const override {
        return !reading_.running() && !busy() && !wanted_ && asking_.settled();
    }
    bool takes(const std::filesystem::path& file) const override { return file.extension() == ".json"; }
    void drop(const std::vector<std::filesystem::path>& files) override {
        if (busy()) return;
        asking_.close();
        load(files.front());
    }

    bool key(const KeyPress& press) override {
        if (asking_.key(press) || act_by_key(actions(), press)) return true;
        if (candidate_ && press.is(GLFW_KEY_ESCAPE)) {
            withdraw();
            return true;
        }
        return list_.handle(press, static_cast<int>(rows_.size()), 14);
    }

    bool tick() override {
        bool changed = asking_.tick();
        if (const auto file = asking_.take()) {
            if (std::exchange(saving_, false)) save(*file);
            else load(*file);
            changed = true;
        }
        try {
            changed = take_results() || changed;
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        if ((wanted_ || version_seen_ != console_.status.version) && !reading_.running()) {
            wanted_ = false;
            version_seen_ = console_.status.version;
            reading_.start([where = console_.folder, words = console_.words](Progress&) {
                const auto headquarters = Console::open(where);
                InForce read{headquarters->policy_in_force(), {}};
                read.sections = policy_sections(node::parse_policy(read.policy.json, headquarters->info().currency, "policy", 0, false), words);
                return read;
            });
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (asking_.draw(ui, area)) return;
        Rect inside = card(ui, area);
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        draw_head(ui, inside);
        if (candidate_ && !candidate_->refusal.empty()) {
            empty_state(ui, inside, Icon::ban, tr("This policy is not taken"), tr("Nothing was changed: mend the file and choose it again."));
            return;
        }
        if (candidate_ && candidate_->changes.empty()) {
            empty_state(ui, inside, Icon::check, tr("Nothing would change"), tr("The file says what is in force already."));
            return;
        }
        draw_rows(ui, inside);
    }

private:
    bool take_results() {
        bool changed = false;
        if (auto read = reading_.take()) {
            in_force_ = std::move(*read);
            width_ = 0;
            changed = true;
        }
        if (auto loaded = loading_.take()) {
            candidate_ = std::move(*loaded);
            width_ = 0;
            list_ = {};
            changed = true;
        }
        if (auto counted = counting_.take()) {
            if (candidate_) candidate_->counted = std::move(*counted);
            changed = true;
        }
        if (const auto set = setting_.take()) {
            console_.toasts.show(Tone::go, Icon::check, *set ? tr("The policy is set: branches take it over with their next exchange.")
                                                              : tr("It was in force already."));
            console_.refresh();
            withdraw();
            wanted_ = changed = true;
        }
        if (const auto saved = writing_.take()) {
            console_.toasts.show(Tone::go, Icon::check, fill_in(tr("Saved: {}"), {*saved}));
            changed = true;
        }
        return changed;
    }

    bool busy() const { return loading_.running() || setting_.running() || counting_.running() || writing_.running(); }

    void withdraw() {
        candidate_.reset();
        width_ = 0;
        list_ = {};
    }

    void choose() {
        saving_ = false;
        asking_.begin(tr("A policy from a file"), tr("What it would change is shown before it counts"), {FileChooser::Mode::open, ".json", "", {}});
    }

    void choose_place() {
        saving_ = true;
        asking_.begin(tr("Save the policy"), tr("To change it there and load it again"), {FileChooser::Mode::save, ".json", "policy.json", {}});
    }

    void load(const std::filesystem::path& file) {
        saving_ = false;
        loading_.start([where = console_.folder, file, words = console_.words](Progress&) {
            const auto headquarters = Console::open(where);
            Candidate candidate{file, {}, {}, {}, {}};
            try {
                candidate.json = node::read_file(file.string(), most_bytes);
                const std::string& currency = headquarters->info().currency;
                candidate.changes = policy_changes(node::parse_policy(headquarters->policy(), currency, "policy", 0, false),
                                                   node::parse_policy(candidate.json, currency, file.filename().string()), words);
            } catch (const node::Error& error) {
                if (error.exit() == node::Exit::operating) throw;
                candidate.refusal = error_text(error);
            }
            return candidate;
        });
    }

    void set() {
        setting_.start([where = console_.folder, json = candidate_->json, name = candidate_->file.filename().string()](Progress&) {
            return Console::open(where)->set_policy(json, name);
        });
    }

    /// What the policy would have given for the sales of the last days, in a sentence.
    void count() {
        counting_.start([where = console_.folder, json = candidate_->json, name = candidate_->file.filename().string(), words = console_.words](Progress&) {
            const auto headquarters = Console::open(where);
            const node::Date today = node::TimeZone(headquarters->info().time_zone).local(node::system_clock().now()).date;
            const node::Json total = headquarters->preview_policy(json, name, node::Date{today.days - counted_days}, today).at("total");
            if (total.at("receipts").get<std::int64_t>() == 0) return std::string(tr("Nothing was sold in the last 30 days that could be counted."));
            const node::Json& difference = total.at("difference");
            const auto money = node::parse<node::Money>(difference.at("net").get<std::string>()).value_or(node::Money{});
            const auto points = node::parse<node::Points>(difference.at("points").get<std::string>()).value_or(node::Points{});
            const auto signed_by = [](bool more, std::string text) { return (more ? "+" : "") + std::move(text); };
            return fill_in(tr("The {} receipts of the last 30 days would have brought {} and {} points beside what they did."),
                           {words.count(total.at("receipts").get<std::int64_t>()), signed_by(money > node::Money{}, words.money(money)),
                            signed_by(points > node::Points{}, words.points(points))});
        });
    }

    void save(const std::filesystem::path& file) {
        writing_.start([where = console_.folder, file](Progress&) {
            const std::string text = node::Json::parse(Console::open(where)->policy()).dump(2) + "\n";
            sync::write_atomically(file, sync::bytes_of(text));
            return file.filename().string();
        });
    }

    std::vector<Action> actions() {
        const bool idle = !busy();
        const Action from_file{tr("From a file…"), Icon::download, GLFW_KEY_I, [this] { choose(); }, true,
                               candidate_ ? Tone::neutral : Tone::accent, candidate_ ? ButtonLook::outline : ButtonLook::solid, idle};
        if (!candidate_) {
            const Action save{tr("Save as a file…"), Icon::upload, GLFW_KEY_S, [this] { choose_place(); }, true, Tone::neutral, ButtonLook::outline, idle};
            return {save, from_file};
        }
        const bool can = idle && candidate_->refusal.empty() && !candidate_->changes.empty();
        return {{tr("Leave it"), Icon::times, GLFW_KEY_ESCAPE, [this] { withdraw(); }, false, Tone::neutral, ButtonLook::outline, idle},
                from_file,
                {tr("Try on past sales"), Icon::search, GLFW_KEY_P, [this] { count(); }, true, Tone::neutral, ButtonLook::outline, can},
                {tr("Apply to the chain"), Icon::check, GLFW_KEY_ENTER, [this] { set(); }, false, Tone::accent, ButtonLook::solid, can}};
    }

    void draw_head(Ui& ui, Rect& inside) {
        const auto line = [&](Tone tone, Icon icon, const std::string& text) {
            const float height = std::max(44.0F, ui.canvas.paragraph_height(inside.w - 60, text, Type::body) + space::l);
            notice(ui, inside.cut_top(height, space::s), tone, icon, text);
        };
        if (!candidate_) {
            if (!in_force_) return;
            const hq::PolicyInForce& policy = in_force_->policy;
            const std::string since = policy.since ? console_.words.date_time(*policy.since) : "–";
            line(Tone::go, Icon::check, fill_in(tr("In force since {}, version {}. Branches take it over with their next exchange."),
                                                {since, console_.words.count(policy.version)}));
            return;
        }
        if (!candidate_->refusal.empty()) return line(Tone::danger, Icon::warning, candidate_->refusal);
        if (!candidate_->changes.empty())
            line(Tone::warn, Icon::info_circle, fill_in(tr("{} would change the following in every branch. Nothing is set yet."),
                                                        {candidate_->file.filename().string()}));
        if (counting_.running()) {
            progress_bar(ui, inside.cut_top(8, space::s), std::nullopt);
            ui.redraw_at(ui.now + 0.1);
        } else if (!candidate_->counted.empty()) {
            line(Tone::accent, Icon::search, candidate_->counted);
        }
    }

    std::vector<Column> columns(float width) const {
        if (candidate_) return {{"", width * 0.3F, 0}, {tr("Now"), 0, 1}, {tr("It would be"), 0, 1}};
        return {{"", width * 0.36F, 0}, {"", 0, 1}};
    }

    /// Rows are made anew where there is another width for them, not in every frame.
    void lay_out(Ui& ui, float width, const std::vector<Column>& columns) {
        if (width_ == width) return;
        width_ = width;
        rows_.clear();
        const auto cells = column_cells(columns, {0, 0, width, 30});
        const auto add = [&](std::initializer_list<const std::string*> texts) {
            std::vector<std::vector<std::string>> lines;
            std::size_t most = 1, c = 0;
            for (const std::string* text : texts) {
                lines.push_back(wrapped(ui, *text, cells[c].w - 2, c == 0 ? Type::strong : Type::body));
                most = std::max(most, lines.back().size());
                ++c;
            }
            for (std::size_t line = 0; line < most; ++line) {
                PolicyRow row;
                for (std::size_t cell = 0; cell < lines.size(); ++cell)
                    if (line < lines[cell].size()) row.cells[cell] = lines[cell][line];
                rows_.push_back(std::move(row));
            }
        };
        const std::string nothing = "–";
        if (candidate_) {
            for (const PolicyChanges& section : candidate_->changes) {
                rows_.push_back({true, {section.title, "", ""}});
                for (const PolicyChange& each : section.lines)
                    add({&each.label, each.now.empty() ? &nothing : &each.now, each.then.empty() ? &nothing : &each.then});
            }
        } else if (in_force_) {
            for (const PolicySection& section : in_force_->sections) {
                rows_.push_back({true, {section.title, "", ""}});
                for (const PolicyLine& each : section.lines) add({&each.label, &each.value});
            }
        }
        if (list_.selected < 0 || list_.selected >= static_cast<int>(rows_.size())) list_.selected = rows_.empty() ? -1 : 0;
    }

    void draw_rows(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const auto columns = this->columns(rect.w);
        lay_out(ui, rect.w, columns);
        if (candidate_) {
            const auto heads = column_cells(columns, rect.cut_top(28));
            for (std::size_t c = 0; c < columns.size(); ++c) ui.canvas.text(heads[c], columns[c].title, Type::caption_strong, t.ink_soft);
        }
        list(ui, rect, list_, static_cast<int>(rows_.size()), {.row_height = 30, .zebra = false}, [&](int i, Rect at) {
            const PolicyRow& row = rows_[static_cast<std::size_t>(i)];
            const Rect inside = at.inset(space::m, 0);
            if (row.head) {
                ui.canvas.text(inside, row.cells[0], Type::strong, t.accent);
                ui.canvas.line({at.x, at.bottom() - 1}, {at.right(), at.bottom() - 1}, t.line);
                return;
            }
            const auto cells = column_cells(columns, at);
            for (std::size_t c = 0; c < cells.size(); ++c)
                ui.canvas.text(cells[c], row.cells[c], c == 0 ? Type::strong : Type::body, c == 0 ? t.ink : c == 1 && candidate_ ? t.ink_soft : t.ink);
        });
    }

    Console& console_;
    FileAsk asking_;
    bool saving_ = false;
    std::optional<InForce> in_force_;
    std::optional<Candidate> candidate_;
    std::vector<PolicyRow> rows_;
    float width_ = 0;
    ListState list_;
    Task<InForce> reading_;
    Task<Candidate> loading_;
    Task<bool> setting_;
    Task<std::string> counting_, writing_;
    bool wanted_ = true;
    std::int64_t version_seen_ = -1;
};

}  // namespace

std::unique_ptr<Page> make_policy_page(Console& console) { return std::make_unique<PolicyPage>(console); }

}  // namespace paprsek::ui
