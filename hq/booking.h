// What a person decides at HQ: one transaction with facts of HQ's own, so that it holds whenever HQ's numbers are rebuilt from
// facts, and reaches every branch as state.
#pragma once
#include <string_view>

#include "hq/ingest.h"
#include "hq/project.h"

namespace paprsek::hq {

class Booking {
public:
    Booking(Store& store, node::Instant now) : transaction_(store), projector_(store, now), facts_(store, projector_, now) {}
    std::int64_t next_seq() const { return facts_.next_seq(); }
    void append(std::string_view kind, std::string_view body) { facts_.append(kind, body); }
    /// Durable on return. Throws Error (refused), with nothing booked, where a fact could not be projected.
    void commit();

private:
    StoreTransaction transaction_;
    Projector projector_;
    OwnFacts facts_;
};

}  // namespace paprsek::hq
