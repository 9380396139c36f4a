// What went wrong with a file, a disk or headquarters, as people read it.
#pragma once
#include <string>

#include "node/base/error.h"

namespace paprsek::ui {

/// "delivery.csv, line 3: the column "qty" is missing. Save the table as CSV UTF-8.", in the language of the window. A path is told by
/// its file's name, and hints for the command line are left out. `subject` and `hint` may be empty.
std::string refusal_text(const std::string& subject, const std::string& why, const std::string& hint);
std::string error_text(const node::Error& error);
/// "goods.csv, line 7, column price": the place in a file as node/ names it, without the folders before it.
std::string place_text(const std::string& subject);

/// Of a row, "goods.csv line 7: the code …", as node/ tells it.
std::string said_fault(const std::string& fault);

}  // namespace paprsek::ui
