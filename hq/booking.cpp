#include "hq/booking.h"

#include "node/base/error.h"

namespace paprsek::hq {

void Booking::commit() {
    facts_.finish();
    projector_.finish();
    for (const Exception& exception : projector_.exceptions())
        if (exception.kind == exception_kind::rejected_fact)
            node::refuse("fact " + exception.subject, "cannot be projected: " + exception.evidence.value("why", ""), "nothing was changed");
    transaction_.commit();
}

}  // namespace paprsek::hq
