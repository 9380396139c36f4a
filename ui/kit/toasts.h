// Short messages that come and go by themselves and never take a key.
#pragma once
#include <deque>
#include <string>

#include "ui/kit/widgets.h"

namespace paprsek::ui {

class Toasts {
public:
    // Errors stay longer, because someone has to read them.
    void show(Tone tone, Icon icon, std::string text);
    // What went wrong before has been put right since.
    void forget_refusals();
    // The same where it was seen and is left behind: whoever goes to another screen is not followed by it.
    void forget_seen_refusals();
    // Stacked upwards from the lower edge of `area`, centred, the newest lowest; in a low area only that one, at the left.
    // A click puts one away.
    void draw(Ui& ui, Rect area);

private:
    struct Toast {
        Tone tone;
        Icon icon;
        std::string text;
        double ends = 0;  // set at the first frame
    };
    std::deque<Toast> toasts_;
};

}  // namespace paprsek::ui
