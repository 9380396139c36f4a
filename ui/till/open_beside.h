// The ledger once more, for what works beside the window.
#pragma once
#include <memory>
#include <string>

#include "node/node.h"

namespace paprsek::ui {

/// For one thread, not the window's. It keeps little in memory: a report over years sorts on the disk. Throws as node::Node::open().
std::unique_ptr<node::Node> open_beside(const std::string& folder);

}  // namespace paprsek::ui
