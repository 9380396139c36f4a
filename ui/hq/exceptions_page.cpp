// F6: what a person has to look at, each with what led there and what can be done about it in one step (C6).
#include "ui/hq/console.h"
#include "ui/hq/exception_words.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"

namespace paprsek::ui {
namespace {

/// For the page alone: what is kept of an exception names nobody who may be erased.
void put_name(hq::Headquarters& headquarters, node::Json& evidence) {
    constexpr std::size_t looked_at = 50;
    if (!evidence.contains("number") || !evidence["number"].is_number_integer()) return;
    const auto number = evidence["number"].get<std::int64_t>();
    for (const hq::CustomerBalance& each : headquarters.customers(std::to_string(number), looked_at))
        if (each.number == number && !each.name.empty()) evidence["name"] = each.name;
}

class ExceptionsPage final : public Page {
public:
    explicit ExceptionsPage(Console& console) : console_(console) {}

    void enter() override { wanted_ = true; }
    bool settled() const override { return !reading_.running() && !acting_.running() && !wanted_; }

    bool key(const KeyPress& press) override {
        if (question_.key(press) || act_by_key(actions(), press)) return true;
        return list_.handle(press, static_cast<int>(open_.size()), 10);
    }

    bool tick() override {
        bool changed = false;
        try {
            if (auto found = reading_.take()) {
                open_ = std::move(*found);
                list_.selected = std::min(std::max(list_.selected, 0), static_cast<int>(open_.size()) - 1);
                changed = true;
            }
            if (acting_.take()) {
                console_.toasts.show(Tone::go, Icon::check, tr("Done."));
                console_.refresh();
                wanted_ = changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            wanted_ = changed = true;
        }
        if ((wanted_ || seen_ != std::pair(console_.status.facts, console_.status.exceptions)) && !reading_.running()) {
            wanted_ = false;
            seen_ = {console_.status.facts, console_.status.exceptions};
            reading_.start([where = console_.folder](Progress&) {
                const auto headquarters = Console::open(where);
                std::vector<Open> open;
                for (hq::Exception& each : headquarters->exceptions()) {
                    put_name(*headquarters, each.evidence);
                    auto remedies = headquarters->remedies(each);
                    open.push_back({std::move(each), std::move(remedies)});
                }
                return open;
            });
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        Rect inside = card(ui, area);
        if (open_.empty()) {
            empty_state(ui, inside, Icon::check, reading_.running() ? tr("Looking…") : tr("Nothing to check"),
                        tr("What the branches bring and what does not fit comes here, and holds nothing up."));
            return;
        }
        Rect detail = inside.cut_right(std::max(340.0F, inside.w * 0.42F), space::l);
        draw_list(ui, inside);
        if (const Open* chosen = this->chosen()) draw_detail(ui, detail, *chosen);
    }

private:
    struct Open {
        hq::Exception exception;
        std::vector<hq::Remedy> remedies;
    };

    const Open* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(open_.size()) ? &open_[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    std::vector<Action> actions() {
        std::vector<Action> list;
        const Open* open = chosen();
        if (open == nullptr || acting_.running()) return list;
        for (std::size_t i = 0; i < open->remedies.size(); ++i) {
            const std::string name(open->remedies[i].name);
            const RemedyWords words = remedy_words(name);
            list.push_back({words.label, Icon::none, GLFW_KEY_1 + static_cast<int>(i), [this, id = open->exception.id, name, words] {
                                question_.ask(words.says, words.label, Tone::accent, [this, id, name] { resolve(id, name); });
                            }});
        }
        return list;
    }

    void resolve(std::int64_t id, const std::string& remedy) {
        acting_.start([where = console_.folder, id, remedy](Progress&) { return Console::open(where)->resolve(id, {remedy, ""}).id; });
    }

    void draw_list(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Column columns[] = {{tr("What"), 0, 1}, {tr("Till"), 56, 0}, {tr("Since"), 96, 0, Align::right}};
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(open_.size()), {.row_height = 52}, [&](int i, auto cells) {
            const hq::Exception& each = open_[static_cast<std::size_t>(i)].exception;
            Rect what = cells[0].inset(0, 6);
            ui.canvas.text(what.cut_top(what.h / 2 + 2), exception_title(each), Type::strong, t.ink);
            ui.canvas.text(what, exception_subject(each), Type::caption, t.ink_soft);
            ui.canvas.text(cells[1], node::print(each.node), Type::body, t.ink);
            ui.canvas.text(cells[2], console_.words.date(each.at), Type::caption, t.ink_soft, Align::right);
        });
        if (events.clicked >= 0) question_.withdraw();
    }

    void draw_detail(Ui& ui, Rect rect, const Open& open) {
        const Theme& t = ui.theme;
        ui.canvas.fill(rect, t.sunken, radius::card);
        Rect inside = rect.inset(space::l);
        ui.canvas.text(inside.cut_top(30, space::s), exception_title(open.exception), Type::title, t.ink);
        inside.cut_top(ui.canvas.paragraph(inside, exception_sentence(console_.words, open.exception), Type::body, t.ink), space::m);
        if (question_.open()) {
            const Rect answers = inside.cut_bottom(48), sentence = inside.cut_bottom(66, space::s);
            question_.draw(ui, answers, sentence);
        } else {
            const auto list = actions();
            const int count = static_cast<int>(list.size());
            Rect foot = inside.cut_bottom(static_cast<float>(count) * 46 + static_cast<float>(std::max(0, count - 1)) * space::s, space::m);
            for (int i = 0; i < count; ++i) draw_actions(ui, foot.cell(0, 1, i, count, space::s), {list[static_cast<std::size_t>(i)]});
        }
        const auto lines = exception_evidence(console_.words, open.exception);
        for (const std::string& line : lines) {
            if (inside.h < 24) break;
            inside.cut_top(ui.canvas.paragraph(inside, line, Type::caption, t.ink_soft), space::xs);
        }
    }

    Console& console_;
    ListState list_;
    std::vector<Open> open_;
    Task<std::vector<Open>> reading_;
    Task<std::int64_t> acting_;
    Question question_;
    bool wanted_ = true;
    std::pair<std::int64_t, std::int64_t> seen_{-1, -1};
};

}  // namespace

std::unique_ptr<Page> make_exceptions_page(Console& console) { return std::make_unique<ExceptionsPage>(console); }

}  // namespace paprsek::ui
