// A queue of CUPS as a line to a receipt printer: the bytes go through as they are (raw).
#pragma once
#include <memory>
#include <string>

#include "fiscal/transport.h"

namespace paprsek::fiscal {

/// Each write is a job of its own. It returns when CUPS says that the job is completed; where it does not in time, the job is taken
/// back as far as it can be, and the write throws LinkLost. Nothing can be read. The server is CUPS_SERVER's, else this machine's.
/// Throws node::Error where there is no such queue, or it is stopped (operating).
std::unique_ptr<Transport> open_cups(const std::string& queue, const std::string& address);

}  // namespace paprsek::fiscal
