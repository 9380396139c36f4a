// A slip as the bytes of a receipt printer.
#pragma once
#include "fiscal/escpos/model.h"
#include "fiscal/receipt/slip.h"
#include "fiscal/transport.h"

namespace paprsek::fiscal {

enum class Drawer { stays, opens };

/// From a printer in any state to one whose paper is cut. Letters are right on every model: what its code pages lack is printed as
/// a picture. No byte of text or picture reads as a real-time command (10 04, 10 05, 10 14), which a printer would obey anywhere.
/// Throws Error (refused) where the slip is broader than the paper.
Bytes escpos_bytes(const Slip& slip, const EscposModel& model, Drawer drawer = Drawer::stays);

/// Opens the drawer at connector 2, else 5. `ms` 2 to 510.
Bytes drawer_pulse(int ms = 100, bool second = false);

/// Whether a real-time command stands anywhere in the bytes.
bool holds_real_time_command(ByteView bytes);
/// Widens a dot by its neighbour wherever the picture's bytes would read as a real-time command.
void defuse(Bytes& dots);

/// The letters of a line as bytes of a page, with stand-ins; nothing where one is missing.
std::optional<Bytes> encode_line(std::u32string_view letters, const CodePage& page);

}  // namespace paprsek::fiscal
