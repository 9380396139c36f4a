// A node in one file: the ledger, and the key without which HQ would not know the node that is restored from it.
#pragma once
#include <string>

#include "node/base/database.h"

namespace paprsek::sync {

/// Copies the ledger into the new file `path` while others write to it, with the key of the node's `folder` where there is one. Only
/// the file's owner may read it: it holds a secret, and customers. Durable on return. Throws Error; a file that it began is taken away.
void back_up(node::Database& ledger, const std::string& folder, const std::string& path);

/// Puts a backup into a folder without a ledger, and its key there where the folder has none: a key that lies there is the newer one.
/// A backup without a key leaves the folder without one: the node then needs a new invitation. A restore that was cut short is ended by
/// doing it again. Durable on return. Throws Error
/// (refused) as node::restore() does.
void restore(const std::string& backup, const std::string& folder);

}  // namespace paprsek::sync
