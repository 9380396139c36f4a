// What several kinds of slip have in common; of fiscal/receipt/ alone.
#pragma once
#include <string>
#include <vector>

#include "fiscal/receipt/layout.h"
#include "fiscal/receipt/words.h"

namespace paprsek::fiscal {

inline constexpr Roll::Style bold{true, 1, 1};

/// Logo, shop, further lines, whether it is a copy; then the document's title with its moment, and who served.
void begin(Roll& roll, const SlipWords& words, const Heading& heading, const Form& form, const std::string& title);
/// Code and footer.
void end(Roll& roll, const Heading& heading, const Form& form);
/// The sum that everybody looks for: as large as the paper lets it.
void grand_total(Roll& roll, const std::string& label, const std::string& amount);
void tenders(Roll& roll, const SlipWords& words, const std::vector<Tender>& pay, node::Money change, bool back);
/// Who it is, by name or by what was presented.
std::string title_of(const Buyer& buyer);
void balance(Roll& roll, const SlipWords& words, const Buyer& buyer);

}  // namespace paprsek::fiscal
