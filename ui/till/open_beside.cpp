#include "ui/till/open_beside.h"

namespace paprsek::ui {

std::unique_ptr<node::Node> open_beside(const std::string& folder) {
    auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
    branch->database().execute("PRAGMA cache_size=-2000");
    branch->database().execute("PRAGMA temp_store=FILE");
    return branch;
}

}  // namespace paprsek::ui
