// What a policy would have given in the whole chain (node/preview.h), before it is set.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "hq/store.h"
#include "node/policy.h"

namespace paprsek::hq {

/// Over the sales of those days in HQ's time zone, both included. Reads them twice; within a snapshot of the caller's.
node::Json preview_policy(Store& store, const node::Policy& policy, const node::TimeZone& zone, std::optional<node::Date> from, std::optional<node::Date> to);

}  // namespace paprsek::hq
