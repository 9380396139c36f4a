// The till while nobody may work at it: log-in by PIN or badge (T11). It covers everything, so that a locked till shows no customer.
#pragma once
#include <vector>

#include "node/users.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class LoginPane {
public:
    explicit LoginPane(Desk& desk) : desk_(desk) {}

    /// There are users, and nobody is logged in, or the till is locked.
    bool wanted() const;
    void key(const KeyPress& press);
    /// A badge.
    void scan(const std::string& text);
    void draw(Ui& ui, Rect area);
    /// Users and the PIN anew, as it comes up.
    void reset();

private:
    void log_in(const node::Credential& credential);
    void log_out();
    void choose(int by);
    void draw_names(Ui& ui, Rect rect);
    void draw_pin(Ui& ui, Rect rect);

    Desk& desk_;
    TextField pin_{TextField::Accepts::digits, 12};
    std::vector<node::User> users_;
    int chosen_ = -1;    ///< whose PIN it is; -1: anybody's
    std::string wrong_;  ///< what was wrong with the last one
};

}  // namespace paprsek::ui
