// Search as you type: the words of a text, and the full-text query that finds them by their beginnings.
#pragma once
#include <string>
#include <string_view>

namespace paprsek::node {

/// Folded words separated by one blank, punctuation gone: what is stored for searching.
std::string search_text(std::string_view text);
/// The FTS5 query for rows that have, for every word of `text`, a word that begins with it. Empty when `text` has no word.
std::string search_query(std::string_view text);

}  // namespace paprsek::node
