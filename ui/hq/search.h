// A list that is searched as one types. The search runs on a worker: a chain has many goods and customers.
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ui/hq/console.h"
#include "ui/kit/list.h"
#include "ui/kit/widgets.h"

namespace paprsek::ui {

template <class Row>
class Search {
public:
    static constexpr std::size_t most = 500;
    using Read = std::function<std::vector<Row>(hq::Headquarters&, const std::string& text, std::size_t most)>;

    Search(Console& console, Read read) : console_(console), read_(std::move(read)) {}

    void want() { wanted_ = true; }
    bool settled() const { return !reading_.running() && !wanted_; }
    const std::vector<Row>& found() const { return found_; }
    const Row* chosen() const {
        return list.selected >= 0 && list.selected < static_cast<int>(found_.size()) ? &found_[static_cast<std::size_t>(list.selected)] : nullptr;
    }

    bool key(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) return look_for("");
        const bool in_text = press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END;
        if (!in_text && list.handle(press, static_cast<int>(found_.size()), 14)) return true;
        if (!field_.handle(press)) return false;
        wanted_ = true;
        return true;
    }
    bool look_for(const std::string& text) {
        field_.set(text);
        return wanted_ = true;
    }

    bool tick() {
        bool changed = false;
        try {
            if (auto found = reading_.take()) {
                found_ = std::move(*found);
                list.selected = found_.empty() ? -1 : std::clamp(list.selected, 0, static_cast<int>(found_.size()) - 1);
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        // Letters typed while a search runs are answered by the next one.
        const std::pair seen(console_.status.facts, console_.status.version);
        if ((wanted_ || seen_ != seen) && !reading_.running()) {
            wanted_ = false;
            seen_ = seen;
            reading_.start([where = console_.folder, read = read_, text = field_.text()](Progress&) { return read(*Console::open(where), text, most); });
        }
        return changed;
    }

    void draw_field(Ui& ui, Rect rect, std::string_view placeholder) {
        const std::string count = found_.size() == most ? fill_in(tr("The first {}"), {console_.words.count(most)})
                                                        : fill_in(tr("{} found"), {console_.words.count(static_cast<std::int64_t>(found_.size()))});
        ui.canvas.text(rect.cut_right(130, space::m), count, Type::caption, ui.theme.ink_soft, Align::right);
        text_field(ui, rect, field_, {.placeholder = placeholder, .icon = Icon::search, .focused = true, .type = Type::title});
    }
    bool empty_field() const { return field_.empty(); }
    bool looking() const { return reading_.running(); }

    ListState list;

private:
    Console& console_;
    Read read_;
    TextField field_;
    std::vector<Row> found_;
    Task<std::vector<Row>> reading_;
    bool wanted_ = true;
    std::pair<std::int64_t, std::int64_t> seen_{-1, -1};
};

}  // namespace paprsek::ui
