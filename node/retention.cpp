#include "node/retention.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <vector>

#include "node/base/error.h"
#include "node/base/packed_text.h"

namespace paprsek::node {
namespace {

constexpr std::int64_t max_days = 36'500;
constexpr std::int64_t ms_a_day = 86'400'000;
constexpr std::int64_t slice_facts = 100;
constexpr std::int64_t sample_facts = 4000;
constexpr std::int64_t enough_for_another = 10'000;  ///< facts, whose dictionary fits better than one of earlier years

/// The seq up to which everything is old enough and at HQ.
std::int64_t last_old(Node& node, Instant before) {
    Database& database = node.database();
    const std::int64_t young = database.integer("SELECT min(seq) FROM fact WHERE at >= ? AND kind NOT LIKE 'node.%'", before).value_or(INT64_MAX);
    const std::int64_t held = node.enrolment() ? node.hq_receipt().seq : INT64_MAX;
    return std::min({young - 1, held, node.ledger().head().seq - 1});
}

/// The one to pack with: the last, or a new one of the newest facts that are packed now.
std::int64_t dictionary(Database& database, std::int64_t through, std::int64_t facts, std::string& bytes) {
    std::int64_t id = 1;
    auto known = database.query("SELECT id, bytes FROM fact_dictionary ORDER BY id DESC LIMIT 1");
    if (known.step()) {
        bytes = std::string(known.view(1));
        if (facts < enough_for_another) return known.integer(0);
        id = known.integer(0) + 1;
    }
    std::vector<std::string> samples;
    auto rows = database.query("SELECT body FROM fact WHERE seq <= ? AND kind NOT LIKE 'node.%' ORDER BY seq DESC LIMIT ?", through, sample_facts);
    while (rows.step()) samples.push_back(rows.text(0));
    bytes = dictionary_of(samples);
    database.run("INSERT INTO fact_dictionary (id, bytes) VALUES (?, ?)", id,
                 std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
    return id;
}

struct OldFact {
    std::int64_t seq = 0;
    std::string body;
};

}  // namespace

Retention pack_old_facts(Node& node, std::int64_t days, const std::function<void(std::int64_t)>& progress) {
    if (days < 0 || days > max_days) throw Error(Exit::usage, "the number of days", "is not between 0 and 36500");
    Database& database = node.database();
    const std::int64_t through = last_old(node, Instant{node.clock().now().ms - days * ms_a_day});
    Retention result;
    const std::int64_t count = database.integer("SELECT count(*) FROM fact WHERE seq <= ? AND kind NOT LIKE 'node.%'", through).value_or(0);
    if (count > 0) {
        std::string dictionary_bytes;
        std::int64_t id = 0;
        {
            Transaction transaction(database);
            id = dictionary(database, through, count, dictionary_bytes);
            transaction.commit();
        }
        TextPacker packer(dictionary_bytes);
        for (bool more = true; more;) {
            Transaction transaction(database);
            std::vector<OldFact> rows;
            auto facts = database.query("SELECT seq, body FROM fact WHERE seq <= ? AND kind NOT LIKE 'node.%' ORDER BY seq LIMIT ?", through, slice_facts);
            while (facts.step()) rows.push_back({facts.integer(0), facts.text(1)});
            for (const OldFact& row : rows) {
                const std::string packed = packer.pack(row.body);
                if (packer.unpack(packed) != row.body) fail("fact " + std::to_string(row.seq), "does not come back as it was packed", "check the memory");
                database.run("INSERT INTO packed_fact (seq, at, kind, dictionary, body, hash) SELECT seq, at, kind, ?, ?, hash FROM fact WHERE seq = ?", id,
                             std::span(reinterpret_cast<const unsigned char*>(packed.data()), packed.size()), row.seq);
                database.run("DELETE FROM fact WHERE seq = ?", row.seq);
                result.bytes += static_cast<std::int64_t>(row.body.size());
                result.packed_bytes += static_cast<std::int64_t>(packed.size());
            }
            transaction.commit();
            result.facts += static_cast<std::int64_t>(rows.size());
            more = rows.size() == slice_facts;
            if (progress) progress(result.facts);
        }
    }
    result.through = database.integer("SELECT max(seq) FROM packed_fact").value_or(0);
    return result;
}

}  // namespace paprsek::node
