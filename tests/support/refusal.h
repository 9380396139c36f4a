// How the session refused a command; whatever it refuses it also says.
#pragma once

#include <doctest/doctest.h>

#include "node/till.h"

namespace paprsek::test {

inline node::Refusal refusal_of(const node::Outcome& outcome) {
    CHECK(outcome.message.empty() == outcome.ok());
    return outcome.refusal;
}

}  // namespace paprsek::test
