#include "ui/kit/sound.h"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <numbers>
#include <optional>
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
        wanted_ = std::max(wanted_.value_or(sound), sound);  // tones that come faster than they are heard: the gravest is next
        waiting_.notify_one();
    }

private:
    void run(const std::stop_token& stop) {
        snd_lib_error_set_handler(keep_silent);
        std::unique_lock lock(mutex_);
        while (waiting_.wait(lock, stop, [&] { return wanted_.has_value(); })) {
            const Sound sound = *wanted_;
            wanted_.reset();
            lock.unlock();
            sound_out(samples_of(sound));
            lock.lock();
        }
    }

    /// Returns when the tone was heard. A device that was pulled out is opened anew by the next tone.
    void sound_out(const std::vector<std::int16_t>& wave) {
        if (!device_) device_ = opened();
        if (!device_) return;
        snd_pcm_t* device = device_.get();
        for (std::size_t at = 0; at < wave.size();) {
            const snd_pcm_sframes_t written = snd_pcm_writei(device, wave.data() + at, wave.size() - at);
            if (written > 0) {
                at += static_cast<std::size_t>(written);
            } else if (written == 0 || snd_pcm_recover(device, static_cast<int>(written), 1) < 0) {
                return device_.reset();
            }
        }
        if (snd_pcm_drain(device) < 0 || snd_pcm_prepare(device) < 0) device_.reset();
    }

    struct Close {
        void operator()(snd_pcm_t* device) const { snd_pcm_close(device); }
    };
    using Device = std::unique_ptr<snd_pcm_t, Close>;

    static Device opened() {
        snd_pcm_t* opening = nullptr;
        if (snd_pcm_open(&opening, "default", SND_PCM_STREAM_PLAYBACK, 0) < 0) return nullptr;
        Device device(opening);
        constexpr unsigned latency_us = 100'000;
        constexpr int may_resample = 1;
        if (snd_pcm_set_params(opening, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1, sample_rate, may_resample, latency_us) < 0) return nullptr;
        return device;
    }

    /// A shop without a loudspeaker would read of it on the error output at every tone.
    static void keep_silent(const char*, int, const char*, int, const char*, ...) {}

    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::optional<Sound> wanted_;
    Device device_;        // the thread's
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
