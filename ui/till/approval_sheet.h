// A second person's PIN or badge, on the spot (T11): over the panels, while a command waits for somebody who may.
#pragma once
#include "ui/till/desk.h"

namespace paprsek::ui {

class ApprovalSheet {
public:
    explicit ApprovalSheet(Desk& desk) : desk_(desk) {}

    /// Takes every key but the function keys.
    bool key(const KeyPress& press);
    /// A badge.
    void scan(const std::string& text);
    void draw(Ui& ui, Rect area);
    /// Nothing of the last PIN is left.
    void clear();

private:
    void say_yes(const node::Credential& credential);

    Desk& desk_;
    TextField pin_{TextField::Accepts::digits, 12};
    std::string wrong_;  ///< what was wrong with the last one
};

}  // namespace paprsek::ui
