// Where the programs find what comes with them.
#pragma once
#include <string>

namespace paprsek::ui {

/// share/ beside bin/, as the program is built and as it is installed.
std::string share_folder();

}  // namespace paprsek::ui
