#include "ui/kit/actions.h"

#include <algorithm>
#include <utility>

#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

bool is_key(const Action& action, const KeyPress& press) {
    if (press.alt || press.control != action.control) return false;
    return press.key == action.key || (action.key == GLFW_KEY_ENTER && press.key == GLFW_KEY_KP_ENTER);
}

}  // namespace

std::string key_name(int key, bool control) {
    std::string name;
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12)
        name = "F" + std::to_string(key - GLFW_KEY_F1 + 1);
    else if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z)
        name = std::string(1, static_cast<char>('A' + key - GLFW_KEY_A));
    else if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9)
        name = std::string(1, static_cast<char>('0' + key - GLFW_KEY_0));
    else if (key == GLFW_KEY_ENTER)
        name = "Enter";
    else if (key == GLFW_KEY_DELETE)
        name = "Del";
    else if (key == GLFW_KEY_INSERT)
        name = "Ins";
    else if (key == GLFW_KEY_ESCAPE)
        name = "Esc";
    else if (key == GLFW_KEY_SPACE)
        name = tr("Space");
    return control ? "Ctrl " + name : name;
}

bool act_by_key(const std::vector<Action>& actions, const KeyPress& press) {
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const Action& action) { return is_key(action, press); });
    if (found == actions.end()) return false;
    if (found->enabled) found->run();
    return true;
}

void draw_actions(Ui& ui, Rect rect, const std::vector<Action>& actions) {
    if (actions.empty()) return;
    const auto look_of = [](const Action& action, std::string_view cap) {
        return Button{.label = action.label, .key = cap, .icon = action.icon, .tone = action.tone, .look = action.look, .enabled = action.enabled};
    };
    const auto needs = [&](const Action& action) { return button_width(ui, look_of(action, key_name(action.key, action.control))) + 1; };
    const auto main = [](const Action& action) { return action.look == ButtonLook::solid ? 1.3F : 1.0F; };
    const float room = rect.w - space::s * static_cast<float>(actions.size() - 1);
    float weights = 0, needed = 0;
    for (const Action& action : actions) {
        weights += main(action);
        needed += needs(action);
    }
    // Alike where that does for all of them, else each by what it says.
    const bool alike = std::all_of(actions.begin(), actions.end(), [&](const Action& action) { return room * main(action) / weights >= needs(action); });
    // The main one is broader where that makes no other one too narrow.
    const float mean = needed / static_cast<float>(actions.size());
    const auto broad = [&](const Action& action) { return action.look == ButtonLook::solid ? std::max(needs(action), 1.2F * mean) : needs(action); };
    float wished = 0;
    for (const Action& action : actions) wished += broad(action);
    const auto weight = [&](const Action& action) { return alike ? main(action) : wished <= room ? broad(action) : needs(action); };
    weights = 0;
    for (const Action& action : actions) weights += weight(action);
    std::vector<Rect> places;
    std::vector<std::string> caps;
    for (const Action& action : actions) {
        places.push_back(rect.cut_left(room * weight(action) / weights, space::s));
        caps.push_back(key_name(action.key, action.control));
    }
    std::vector<Button> looks;
    for (std::size_t i = 0; i < actions.size(); ++i) looks.push_back(look_of(actions[i], caps[i]));
    if (const int clicked = button_row(ui, places, std::move(looks)); clicked >= 0) actions[static_cast<std::size_t>(clicked)].run();
}

void Question::ask(std::string sentence, std::string yes, Tone tone, std::function<void()> then) {
    sentence_ = std::move(sentence);
    yes_ = std::move(yes);
    tone_ = tone;
    then_ = std::move(then);
}

void Question::say_yes() {
    // The answer may ask the next question.
    if (const auto then = std::exchange(then_, nullptr)) then();
}

void Question::ask_leave(std::function<void()> then) {
    ask(tr("Leave without saving what was changed?"), tr("Leave"), Tone::warn, std::move(then));
}

bool Question::key(const KeyPress& press) {
    if (!open()) return false;
    if (press.enter())
        say_yes();
    else if (press.is(GLFW_KEY_ESCAPE))
        withdraw();
    return true;
}

void Question::draw(Ui& ui, Rect rect) {
    const Rect answers = rect.cut_right(std::min(400.0F, rect.w * 0.45F), space::m);
    draw(ui, answers, rect);
}

void Question::draw(Ui& ui, Rect answers, Rect sentence) {
    notice(ui, sentence, tone_, tone_ == Tone::danger ? Icon::warning : Icon::info_circle, sentence_);
    const Rect no = answers.cut_left(answers.w * 0.4F, space::s);
    if (button(ui, no, {.label = tr("No"), .key = "Esc"}))
        withdraw();
    else if (button(ui, answers, {.label = yes_, .key = "Enter", .tone = tone_, .look = ButtonLook::solid}))
        say_yes();
}

}  // namespace paprsek::ui
