// One request and its reply over a line that loses, doubles, delays and damages: sequence numbers, retries, patience.
//
// A device that gets the number of its last message again does nothing and repeats its last reply. That holds while it is
// switched on, so a request that changes something is repeated only where the device has just shown that it is there (a damaged
// reply, "not understood"). After silence it may have been switched off in between: then the outcome is unknown, and whoever asked
// has to look what the device holds. Questions that change nothing are asked again.
#pragma once
#include "fiscal/datecs/frame.h"

namespace paprsek::fiscal::datecs {

struct Patience {
    int reply_ms = 500;    ///< of silence
    int busy_ms = 60'000;  ///< in all, while the device says that it is busy
    int tries = 3;         ///< of one request
};

enum class Changes { nothing, something };

class Link {
public:
    Link(Transport& transport, Form form, Patience patience, unsigned char sequence)
        : transport_(transport), form_(form), patience_(patience), reader_(form, Reader::Side::host), sequence_(sequence) {}

    enum class Outcome {
        answered,
        silent,    ///< or nothing that could be read: outcome unknown
        not_taken  ///< the device says each time that it does not understand the frame: it has done nothing
    };
    struct Exchange {
        Outcome outcome = Outcome::silent;
        Message reply;
    };
    /// Throws LinkLost.
    Exchange ask(int command, const std::string& data, Changes changes);

    /// Of the last request.
    unsigned char sequence() const { return sequence_; }

    /// What has gone over the line since it was opened.
    struct Traffic {
        std::int64_t bytes_out = 0, bytes_in = 0, requests = 0, repeated = 0, strange = 0;
    };
    const Traffic& traffic() const { return traffic_; }

private:
    enum class Heard { reply, damaged, not_taken, silence };
    void send(const Bytes& bytes);
    Heard listen(int command, Message& reply);
    void drain();

    Transport& transport_;
    Form form_;
    Patience patience_;
    Reader reader_;
    unsigned char sequence_;
    Traffic traffic_;
};

}  // namespace paprsek::fiscal::datecs
