// What a branch's command line does with headquarters: join, exchange by network or file, prove, come back after a loss.
#pragma once
#include <string>
#include <vector>

#include "node/base/error.h"

namespace paprsek::tools {

struct HqOptions {
    std::string folder;              ///< the node's
    std::string file;                ///< an invitation, a backup, or a reply to prove with
    std::vector<std::string> files;  ///< replies to take in
    std::string to;                  ///< what is written; empty in enroll: by network
    std::string last_bundle;         ///< rebuild: the last file that the dead branch exported
    std::string ca;                  ///< PEM file of the authorities that vouch for headquarters
    bool json = false;
};
/// Each is the command of its name (README). Refused (exit 1) where ledger or state differ from headquarters' and the exchange could
/// not help it. Throw Error.
node::Exit sync_now(const HqOptions& options);
node::Exit prove(const HqOptions& options);
node::Exit agent(const HqOptions& options);  ///< returns on SIGTERM or SIGINT
node::Exit enroll(const HqOptions& options);
node::Exit export_bundle(const HqOptions& options);
node::Exit import_replies(const HqOptions& options);
node::Exit exchanges(const HqOptions& options);
node::Exit restore(const HqOptions& options);
node::Exit rebuild(const HqOptions& options);

}  // namespace paprsek::tools
