// What a printer hears, and what is scanned from a slip.
#include <cassert>

#include "fiscal/escpos/interpreter.h"
#include "fiscal/receipt/proof.h"
#include "tests/fuzz/targets.h"

namespace paprsek::fuzz {

// Whatever a printer gets, it prints or refuses within bounds, and the same in pieces as at once.
void escpos(std::string_view bytes) {
    if (const auto code = fiscal::parse_proof(bytes)) assert(code->seq > 0 && code->head.size() >= 8);
    if (bytes.size() < 2) return;
    const auto models = fiscal::escpos_models();
    const fiscal::EscposModel& model = models[static_cast<unsigned char>(bytes[0]) % models.size()];
    const std::size_t piece = 1 + static_cast<unsigned char>(bytes[1]) % 64;
    const fiscal::Bytes sent(bytes.begin() + 2, bytes.end());
    fiscal::EscposInterpreter whole(model), pieces(model);
    whole.feed(sent);
    for (std::size_t at = 0; at < sent.size(); at += piece) pieces.feed(fiscal::ByteView(sent).substr(at, piece));
    assert(whole.waiting() == pieces.waiting());
    assert(whole.refused() == pieces.refused());
    assert(whole.drawer_pulses() == pieces.drawer_pulses());
    for (fiscal::EscposInterpreter* each : {&whole, &pieces}) each->tear_off();
    assert(whole.finished().size() == pieces.finished().size());
    for (std::size_t i = 0; i < whole.finished().size(); ++i) {
        assert(whole.finished()[i].text() == pieces.finished()[i].text());
        assert(whole.finished()[i].dots == pieces.finished()[i].dots);
    }
}

}  // namespace paprsek::fuzz
