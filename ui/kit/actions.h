// What a screen can do, said once: each action's button and its key. And a question that stands in the buttons' place.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ui/kit/widgets.h"

namespace paprsek::ui {

struct Action {
    std::string label;
    Icon icon = Icon::none;
    int key = GLFW_KEY_UNKNOWN;
    std::function<void()> run;
    bool control = false;  ///< with Ctrl
    Tone tone = Tone::neutral;
    ButtonLook look = ButtonLook::outline;
    bool enabled = true;
};

/// As the button shows it: "F3", "Enter", "Ctrl E".
std::string key_name(int key, bool control = false);
/// Runs the action whose key it is. A key of one that is not possible now is used up.
bool act_by_key(const std::vector<Action>& actions, const KeyPress& press);
/// The buttons side by side, the main one widest; narrow ones without icons. Runs the one that was clicked.
void draw_actions(Ui& ui, Rect rect, const std::vector<Action>& actions);

/// Asked inside the screen, in the place of its buttons; everything else waits for the answer. Enter says yes, Esc no.
class Question {
public:
    void ask(std::string sentence, std::string yes, Tone tone, std::function<void()> then);
    /// Whether to throw away what was changed and not saved.
    void ask_leave(std::function<void()> then);
    bool open() const { return then_ != nullptr; }
    void withdraw() { then_ = nullptr; }
    /// Uses every key while it is open.
    bool key(const KeyPress& press);
    void draw(Ui& ui, Rect rect);
    /// Where there is no room beside the answers.
    void draw(Ui& ui, Rect answers, Rect sentence);

private:
    void say_yes();
    std::string sentence_, yes_;
    Tone tone_ = Tone::danger;
    std::function<void()> then_;
};

}  // namespace paprsek::ui
