// paprsek-hq prove: whether a slip of paper is of a fact that headquarters holds.
#pragma once
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/base/error.h"

namespace paprsek::tools {

/// Codes as scanned or typed (fiscal/receipt/proof.h). Refused (exit 1) where one of them is not genuine, or cannot be proven yet.
node::Exit prove_slips(hq::Headquarters& hq, const std::vector<std::string>& codes, bool json);

}  // namespace paprsek::tools
