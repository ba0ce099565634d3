/// @file
/// Which carina this is, and where the files that came with it are.
#pragma once

#include <filesystem>
#include <string_view>

namespace carina {

/// Version as MAJOR.MINOR.PATCH.
std::string_view version();

/// Short id of the commit that was built; `unknown` when it was built outside git.
std::string_view commit();

/// Folder of the files that came with the running program: it holds models/, scenarios/ and their like. Found from where the
/// program lies, so a tree may be moved: ../share/carina, or share/carina beside it (build folder). Empty when there is none.
std::filesystem::path share_folder();

}  // namespace carina
