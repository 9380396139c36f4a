#include "ui/kit/paths.h"

#include <filesystem>

namespace paprsek::ui {

std::string share_folder() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    return (program.parent_path().parent_path() / "share").string();
}

}  // namespace paprsek::ui
