// What a branch's bundle need not say, for HQ holds it: the facts before it that HQ has acknowledged, and products that HQ has named
// (BUNDLE.md "Format 3" and "Format 4"). A guess: where HQ has lost it, the bundle is unread, and the next one says all in full.
#pragma once
#include <cstdint>

#include "node/node.h"
#include "sync/known_products.h"
#include "sync/message.h"

namespace paprsek::sync {

/// From how many facts before `first` a bundle's packing learns: the more there is to send, the more; a thousand facts have said
/// themselves most of what they need.
std::int64_t known_count(std::int64_t first, std::int64_t sent);

/// The last `count` facts before `first`, as many of them as fit. What they name is taken from the products `sold` since.
KnownWriter known_before(node::Node& node, std::int64_t first, std::int64_t count, SoldCodes& sold);

/// Those of the products that were sold which stand here as HQ has said, in the state that the bundle names; none where there are few, or
/// HQ's last reply did not go on from a bundle that named some. Notes, durably, that HQ is asked for them; `held` is its last receipt.
ProductWriter known_products(node::Node& node, const SoldCodes& sold, const node::StateCursor& state, const node::HqReceipt& held);

/// HQ's reply says that it holds the facts up to `held`. Where a bundle packed by products began behind them, HQ may have found others:
/// the next ones are packed without, until its receipt goes on. The caller holds no transaction.
void note_unread(node::Node& node, std::int64_t held);

}  // namespace paprsek::sync
