// The exchange by network: POST url/v1/exchange (sync/EXCHANGE.md), by libcurl.
#pragma once
#include <memory>
#include <string>

#include "sync/transport.h"

namespace paprsek::sync {

/// TLS is verified against options.ca_file or the system's authorities; where the url ends with #sha256//…, HQ's key must
/// be that very one instead, whoever vouches for it. No redirects, no proxy from the environment.
/// Throws Error (refused) on a url that is none.
std::unique_ptr<Transport> http_transport(const std::string& url, const HttpOptions& options = {});

}  // namespace paprsek::sync
