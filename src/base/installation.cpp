#include "base/installation.h"

#include "carina_version.inc"  // made by cmake/version.cmake; included here only, so that a commit rebuilds one file

namespace carina {

std::string_view version() { return CARINA_VERSION; }
std::string_view commit() { return CARINA_COMMIT; }

std::filesystem::path share_folder() {
  std::error_code absent;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", absent);
  for (const char* way : {"../share/carina", "share/carina"}) {
    std::filesystem::path folder = (program.parent_path() / way).lexically_normal();
    if (std::filesystem::is_directory(folder, absent)) return folder;
  }
  return {};
}

}  // namespace carina
