// What was found out about a receipt that may or may not be on paper, as a person reads it: the printer before and after, side by side.
#pragma once
#include <string>
#include <vector>

#include "fiscal/service.h"
#include "ui/words.h"

namespace paprsek::ui {

struct EvidenceRow {
    std::string what, before, after;
    bool changed = false;
};
/// Empty where the printer can tell nothing (one without fiscal memory).
std::vector<EvidenceRow> evidence_rows(const fiscal::Job& job, const Words& words);
/// What it is: "Receipt 3.1-000017", "Daily closing", "Cash movement".
std::string pending_title(const fiscal::PendingPrint& pending);

}  // namespace paprsek::ui
