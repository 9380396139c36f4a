// What HQ asks a person about (hq/exceptions.h), in the language of the window: the sentences are made of the evidence, not of HQ's English.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hq/exceptions.h"
#include "ui/words.h"

namespace paprsek::ui {

/// "More was used than there was"
const char* exception_title(const hq::Exception& exception);
/// Whom or what it is about, short: a customer, a receipt, a code, a till.
std::string exception_subject(const hq::Exception& exception);
std::string exception_sentence(const Words& words, const hq::Exception& exception);
/// What led there, a line each.
std::vector<std::string> exception_evidence(const Words& words, const hq::Exception& exception);

struct RemedyWords {
    const char* label;
    const char* says;  ///< what it does, in a sentence
};
RemedyWords remedy_words(std::string_view remedy);

}  // namespace paprsek::ui
