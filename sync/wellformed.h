// Whether text from outside has the outer form of what it claims to be, in one pass and without parsing it: what a HQ that
// takes tens of thousands of facts a second can afford for each of them.
#pragma once
#include <string_view>

namespace paprsek::sync {

/// UTF-8 text of an object in braces: brackets and quotes match, nesting is at most `deepest`, no control characters
/// (so no tab and no line end either). Names and numbers are not looked at.
bool well_formed_object(std::string_view text, int deepest);

/// 1–40 of a–z, 0–9, "." and "_" (schema/fact.h max_kind_bytes).
bool well_formed_kind(std::string_view text);

}  // namespace paprsek::sync
