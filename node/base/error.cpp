#include "node/base/error.h"

namespace paprsek::node {

Error::Error(Exit exit, std::string what, std::string why, std::string hint)
    : std::runtime_error(what + ": " + why + (hint.empty() ? "" : " (" + hint + ")")),
      exit_(exit), subject_(std::move(what)), why_(std::move(why)), hint_(std::move(hint)) {}

void refuse(std::string what, std::string why, std::string hint) {
    throw Error(Exit::refused, std::move(what), std::move(why), std::move(hint));
}

void fail(std::string what, std::string why, std::string hint) {
    throw Error(Exit::operating, std::move(what), std::move(why), std::move(hint));
}

}  // namespace paprsek::node
