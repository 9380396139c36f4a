// What node/ says to the cashier, in the language of the window: refusals are English sentences there, with figures and names filled in.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace paprsek::ui {

/// The sentences as node/ writes them, "{}" where something is filled in. tools/translate makes the table (node_sentences.cpp), and
/// a test holds it in step with node/.
std::span<const char* const> node_sentences();

/// `english` said by tr(): as it is, or by the sentence it was made from; amounts that are filled in are written as the language does.
/// What nobody translated comes back as it was.
std::string say(const std::string& english);

}  // namespace paprsek::ui
