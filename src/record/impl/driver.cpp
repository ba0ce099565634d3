#include "record/impl/driver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>

namespace carina::record::impl {
namespace {

/// What HDF5 carries in an access list for us; it copies the bytes.
struct Settings {
  Failure* failure;
};

struct File {
  H5FD_t base;  // HDF5 keeps its own fields here: must come first
  int number;
  haddr_t end_allocated, end_of_file;
  dev_t device;
  ino_t node;
  Failure* failure;
};

File* file_of(H5FD_t* base) { return reinterpret_cast<File*>(base); }
const File* file_of(const H5FD_t* base) { return reinterpret_cast<const File*>(base); }

void fail(Failure* failure, int code, bool reading) {
  if (failure->code == 0) *failure = {code, reading};
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t access, haddr_t) {
  Failure* failure = static_cast<const Settings*>(H5Pget_driver_info(access))->failure;
  const bool writing = (flags & H5F_ACC_RDWR) != 0;
  int mode = writing ? O_RDWR : O_RDONLY;
  if (flags & H5F_ACC_TRUNC) mode |= O_TRUNC;
  if (flags & H5F_ACC_CREAT) mode |= O_CREAT;
  if (flags & H5F_ACC_EXCL) mode |= O_EXCL;
  const int number = ::open(name, mode | O_CLOEXEC, 0666);
  struct stat status {};
  if (number < 0 || ::fstat(number, &status) != 0) {
    // Before HDF5 makes a file it looks whether there is one: that there is none is no failure.
    if (errno != ENOENT || (flags & H5F_ACC_CREAT)) fail(failure, errno, !writing);
    if (number >= 0) ::close(number);
    return nullptr;
  }
  auto* file = new (std::nothrow) File{};
  if (!file) {
    ::close(number);
    return nullptr;
  }
  file->number = number;
  file->end_of_file = static_cast<haddr_t>(status.st_size);
  file->device = status.st_dev;
  file->node = status.st_ino;
  file->failure = failure;
  return &file->base;
}

herr_t close_file(H5FD_t* base) {
  File* file = file_of(base);
  if (::close(file->number) != 0) fail(file->failure, errno, false);
  delete file;
  return 0;
}

int compare(const H5FD_t* first, const H5FD_t* second) {
  const File* a = file_of(first);
  const File* b = file_of(second);
  if (a->device != b->device) return a->device < b->device ? -1 : 1;
  if (a->node != b->node) return a->node < b->node ? -1 : 1;
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags =
      H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t end_allocated(const H5FD_t* base, H5FD_mem_t) { return file_of(base)->end_allocated; }
haddr_t end_of_file(const H5FD_t* base, H5FD_mem_t) { return file_of(base)->end_of_file; }

herr_t set_end_allocated(H5FD_t* base, H5FD_mem_t, haddr_t address) {
  file_of(base)->end_allocated = address;
  return 0;
}

herr_t read_bytes(File* file, haddr_t address, size_t size, void* buffer) {
  auto* to = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got = ::pread(file->number, to, size, static_cast<off_t>(address));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      fail(file->failure, errno, true);
      return -1;
    }
    if (got == 0) {
      std::memset(to, 0, size);
      return 0;
    }
    to += got;
    address += static_cast<haddr_t>(got);
    size -= static_cast<size_t>(got);
  }
  return 0;
}

herr_t write_bytes(File* file, haddr_t address, size_t size, const void* buffer) {
  const auto* from = static_cast<const char*>(buffer);
  const haddr_t end = address + size;
  while (size > 0 && file->failure->code == 0) {
    const ssize_t written = ::pwrite(file->number, from, size, static_cast<off_t>(address));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      fail(file->failure, errno, false);
      break;
    }
    from += written;
    address += static_cast<haddr_t>(written);
    size -= static_cast<size_t>(written);
  }
  file->end_of_file = std::max(file->end_of_file, end);
  return 0;
}

herr_t truncate_file(H5FD_t* base, hid_t, hbool_t) {
  File* file = file_of(base);
  if (file->end_allocated == file->end_of_file || file->failure->code != 0) return 0;
  if (::ftruncate(file->number, static_cast<off_t>(file->end_allocated)) != 0) fail(file->failure, errno, false);
  file->end_of_file = file->end_allocated;
  return 0;
}

hid_t make_driver() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 2)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(512);  // the first value left to everybody
#endif
  driver.name = "carina";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(Settings);
  driver.open = open_file;
  driver.close = close_file;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = end_allocated;
  driver.set_eoa = set_end_allocated;
  driver.get_eof = end_of_file;
  driver.read = [](H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* buffer) {
    return read_bytes(file_of(base), address, size, buffer);
  };
  driver.write = [](H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, size_t size, const void* buffer) {
    return write_bytes(file_of(base), address, size, buffer);
  };
  driver.truncate = truncate_file;
  const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), driver.fl_map);
  return H5FDregister(&driver);
}

}  // namespace

void use_driver(hid_t access, Failure* failure) {
  static const hid_t driver = make_driver();
  const Settings settings{failure};
  H5Pset_driver(access, driver, &settings);
}

}  // namespace carina::record::impl
