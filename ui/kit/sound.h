// Short tones beside what is seen (U3). Playing never waits; a machine without a sound device is silent.
#pragma once
#include <memory>

namespace paprsek::ui {

enum class Sound { scanned, refused, unknown };  // the graver the later

class Sounds {
public:
    Sounds();
    ~Sounds();
    Sounds(const Sounds&) = delete;
    Sounds& operator=(const Sounds&) = delete;

    void set_on(bool on) { on_ = on; }
    // The first one opens ALSA's default device, on a thread of its own; what waits at the end is still heard.
    void play(Sound sound);

private:
    class Player;
    std::unique_ptr<Player> player_;
    bool on_ = false;
};

}  // namespace paprsek::ui
