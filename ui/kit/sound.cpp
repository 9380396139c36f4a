#include "ui/kit/sound.h"

#include <SDL.h>
#include <SDL_mixer.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <numbers>
#include <stop_token>
#include <thread>
#include <vector>

namespace paprsek::ui {
namespace {

constexpr int sample_rate = 22050;

struct Beep {
    double hertz;
    int ms;
};

// Swells and dies away within a few milliseconds, for a tone that begins at once clicks.
std::vector<std::int16_t> samples(std::initializer_list<Beep> beeps) {
    std::vector<std::int16_t> wave;
    for (const Beep& beep : beeps) {
        const int count = sample_rate * beep.ms / 1000;
        constexpr int edge = sample_rate / 200;
        for (int i = 0; i < count; ++i) {
            const double envelope = std::min({1.0, static_cast<double>(i) / edge, static_cast<double>(count - i) / edge});
            const double value = std::sin(2 * std::numbers::pi * beep.hertz * i / sample_rate);
            wave.push_back(static_cast<std::int16_t>(value * envelope * 9000));
        }
    }
    return wave;
}

std::vector<std::int16_t> samples_of(Sound sound) {
    switch (sound) {
        case Sound::scanned: return samples({{1760, 60}});
        case Sound::refused: return samples({{330, 220}});
        case Sound::unknown: return samples({{440, 110}, {0, 50}, {330, 180}});
    }
    return {};
}

}  // namespace

class Sounds::Player {
public:
    Player() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

    void play(Sound sound) {
        const std::lock_guard lock(mutex_);
        if (wanted_.size() > 4) return;  // nobody hears more at once
        wanted_.push_back(sound);
        waiting_.notify_one();
    }

private:
    void run(const std::stop_token& stop) {
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // a till that is told to end has to end
        const bool open = SDL_Init(SDL_INIT_AUDIO) == 0 && Mix_OpenAudio(sample_rate, AUDIO_S16SYS, 1, 512) == 0;
        std::unique_lock lock(mutex_);
        while (waiting_.wait(lock, stop, [&] { return !wanted_.empty(); })) {
            const Sound sound = wanted_.front();
            wanted_.pop_front();
            if (open) start(sound);
        }
        if (open) Mix_CloseAudio();
    }

    /// The samples live as long as the player; a chunk names them only.
    void start(Sound sound) {
        const auto at = static_cast<std::size_t>(sound);
        if (waves_[at].empty()) {
            waves_[at] = samples_of(sound);
            chunks_[at] = {0, reinterpret_cast<Uint8*>(waves_[at].data()), static_cast<Uint32>(waves_[at].size() * sizeof(std::int16_t)), MIX_MAX_VOLUME};
        }
        Mix_PlayChannel(-1, &chunks_[at], 0);
    }

    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::deque<Sound> wanted_;
    std::vector<std::int16_t> waves_[3];
    Mix_Chunk chunks_[3] = {};
    std::jthread thread_;  // last: joined before what it uses goes
};

Sounds::Sounds() = default;
Sounds::~Sounds() = default;

void Sounds::play(Sound sound) {
    if (!on_) return;
    if (!player_) player_ = std::make_unique<Player>();
    player_->play(sound);
}

}  // namespace paprsek::ui
