// The reports across branches as people read them: their names, what each can be narrowed by, and headings and states in words.
#pragma once
#include <span>
#include <string>

#include "hq/headquarters.h"
#include "node/paper/table.h"
#include "ui/words.h"

namespace paprsek::ui {

struct ReportKind {
    const char* kind;   ///< as `paprsek-hq report` names it
    const char* label;  ///< for tr()
    bool days = false, branch = false, customer = false;
    const char* nothing;  ///< why it may be empty
};
std::span<const ReportKind> report_list();

/// The report under headings; a language's words for what HQ says by a name of its own.
node::Table report_table(const ReportKind& kind, hq::Report report, std::string subtitle, const Words& words);

}  // namespace paprsek::ui
