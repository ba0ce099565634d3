#include "record/impl/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "record/recording.h"

namespace carina::record::impl {
namespace {

/// An open file that closes itself; the errno of the failure is taken before anything can change it.
class File {
 public:
  File(const std::string& path, int flags, const char* doing) : path_(path) {
    do {
      file_ = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EINTR);
    if (file_ < 0) throw FileError(doing, path_, errno);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  int number() const { return file_; }
  void sync() {
    if (::fsync(file_) != 0) throw FileError("cannot sync", path_, errno);
  }
  void close() {
    if (::close(std::exchange(file_, -1)) != 0) throw FileError("cannot write", path_, errno);
  }

 private:
  std::string path_;
  int file_ = -1;
};

void sync_folder(const std::string& folder) { File(folder, O_RDONLY | O_DIRECTORY, "cannot open").sync(); }

void write_all(int file, const std::string& path, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw FileError("cannot write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string read_file(const std::string& path) {
  File file(path, O_RDONLY, "cannot read");
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) throw FileError("cannot read", path, errno);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError("cannot read", path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

void write_durably(const std::string& path, std::span<const char> bytes) {
  const std::string temporary = path + ".tmp";
  try {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC, "cannot write");
    write_all(file.number(), path, bytes);
    file.sync();
    file.close();
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw FileError("cannot write", path, errno);
    sync_folder(folder_of(path));
  } catch (const FileError&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void rename_durably(const std::string& from, const std::string& to) {
  File(from, O_RDONLY, "cannot open").sync();
  if (::rename(from.c_str(), to.c_str()) != 0) throw FileError("cannot write", to, errno);
  sync_folder(folder_of(to));
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw FileError("cannot remove", path, errno);
}

void remove_folder(const std::string& path) { ::rmdir(path.c_str()); }

void make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0) {
    if (errno == EEXIST) return;
    throw FileError("cannot make", path, errno);
  }
  sync_folder(folder_of(path));
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* stream = ::opendir(folder.c_str());
  if (!stream) {
    if (errno == ENOENT) return names;
    throw FileError("cannot read", folder, errno);
  }
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

Lock::Lock(const std::string& path) {
  for (;;) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) throw FileError("cannot lock", path, errno);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int code = errno;
      ::close(file);
      if (code == EINTR) continue;
      if (code == EWOULDBLOCK) return;
      throw FileError("cannot lock", path, code);
    }
    // Whoever had the lock may have removed the file in between: a lock on a file without a name keeps nobody out.
    struct stat mine {
    }, there{};
    if (::fstat(file, &mine) == 0 && ::stat(path.c_str(), &there) == 0 && mine.st_ino == there.st_ino &&
        mine.st_dev == there.st_dev) {
      file_ = file;
      return;
    }
    ::close(file);
  }
}

Lock::Lock(Lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Lock::~Lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace carina::record::impl
