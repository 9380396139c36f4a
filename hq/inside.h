// What Headquarters consists of, for its own sources: headquarters.cpp and merging.cpp. Nobody else includes this.
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "hq/ingest.h"
#include "hq/recompute.h"
#include "hq/recovery.h"
#include "hq/store.h"
#include "node/base/error.h"
#include "node/policy.h"
#include "node/state_digest.h"
#include "sync/message.h"

namespace paprsek::hq {

struct Headquarters::Inside {
    HqInfo info;
    node::TimeZone zone;
    std::unique_ptr<Store> store;
    sync::Identity identity;
    node::Clock& clock;
    node::Random& random;
    std::string policy_body{};  ///< that `policy` was read from
    node::Policy policy{};

    /// The policy in force, read again when it has changed.
    const node::Policy& policy_now() {
        const std::string body = store->policy().value_or("{}");
        if (body != policy_body) policy = node::parse_policy(body, info.currency, "policy");
        policy_body = body;
        return policy;
    }
    void settle_rights(const NodeRecord& record, const sync::UpHead& head, IngestResult& result);
    void settle_receipts(const NodeRecord& record, const sync::UpHead& head);
    void expire(const std::vector<std::int64_t>& touched);
    RecomputeProgress recompute(std::int64_t most, std::optional<std::int64_t> node = {});
    void recompute_rest(MergeReport& report);
    /// One more each time that HQ was restored; read each time, for another thread or process may have noticed.
    std::int64_t hq_epoch() { return std::stoll(store->setting("hq_epoch").value_or("1")); }
    NodeRecord known(node::NodeName name) {
        const auto record = store->find_node(name);
        if (!record || name == node::hq_node)
            node::refuse("node " + print(name), "is not known at this HQ",
                         fmt::format("add it: paprsek-hq branch HQ add {} --till {} --name TEXT", name.branch, name.till));
        return *record;
    }
    NodeStatus status_of(const NodeRecord& record, const std::vector<Exception>& exceptions);
    std::vector<NodeStatus> branches();
    MergeReport enrol(const sync::BundleHeader& header, sync::BytesView bytes, const std::string& source);
    void notice_restore(const NodeRecord& record, const sync::UpHead& head);
    MergeReport merge(const sync::BundleHeader& header, sync::BytesView bytes, const std::string& source);
    void merge_kept(MergeReport& report);
    std::int64_t add_facts(sync::DownWriter& writer, const std::vector<Run>& runs);
    node::StateDigest digest{};
    void note_digest(const node::StateRow& row, std::int64_t after);
    std::optional<schema::Hash> digest_now(std::int64_t most_rows);
};

}  // namespace paprsek::hq
