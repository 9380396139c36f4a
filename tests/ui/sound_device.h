// What the window's tones go to, for tests.
#pragma once
#include <alsa/asoundlib.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace paprsek::test {

/// ALSA with this as its default device, for the time of a test.
class SoundDevice {
public:
    explicit SoundDevice(const std::string& definition) {
        const std::string file = folder_.file("asound.conf");
        std::ofstream(file) << "pcm.!default { " << definition << " }\n";
        setenv("ALSA_CONFIG_PATH", file.c_str(), 1);
        snd_config_update_free_global();
    }
    ~SoundDevice() {
        unsetenv("ALSA_CONFIG_PATH");
        snd_config_update_free_global();
    }
    SoundDevice(const SoundDevice&) = delete;
    SoundDevice& operator=(const SoundDevice&) = delete;

private:
    TemporaryFolder folder_;
};

}  // namespace paprsek::test
