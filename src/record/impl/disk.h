/// @file
/// Files that survive a crash: whole files written, synced and renamed, folders synced, a lock held by one process.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace carina::record::impl {

/// The whole file. Throws FileError.
std::string read_file(const std::string& path);

/// Writes `bytes` under a temporary name, syncs, renames to `path` and syncs the folder; on failure nothing is left and
/// FileError is thrown.
void write_durably(const std::string& path, std::span<const char> bytes);

/// Syncs a file that exists, renames it and syncs the folder. Throws FileError.
void rename_durably(const std::string& from, const std::string& to);

/// True when something stands at `path`.
bool exists(const std::string& path);
/// Removes a file if it is there. Throws FileError.
void remove_file(const std::string& path);
/// Removes an empty folder; one that is not empty or not there stays as it is.
void remove_folder(const std::string& path);
/// Makes a folder unless it is there. Throws FileError.
void make_folder(const std::string& path);
/// Names in a folder, sorted; empty when there is none.
std::vector<std::string> names_in(const std::string& folder);
/// The folder that `path` stands in; "." when it names none.
std::string folder_of(const std::string& path);

/// An exclusive lock on a file, which is made when it is not there. The system lets it go when the process ends.
class Lock {
 public:
  Lock() = default;
  /// Takes the lock, or holds nothing when another has it. Throws FileError.
  explicit Lock(const std::string& path);
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();
  /// True while the lock is held.
  bool held() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

}  // namespace carina::record::impl
