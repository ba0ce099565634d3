/// @file
/// The little of HDF5 that a recording needs: handles that close themselves, attributes, and tables as groups. The caller
/// holds a Session, because the library may be entered by one thread only.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "record/impl/driver.h"
#include "record/table.h"

namespace carina::record::impl {

/// HDF5 said no; what() says where. Turned into FileError or InputError by who knows the file.
class LibraryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// While it lives this thread alone is in HDF5, and HDF5 prints nothing.
class Session {
 public:
  Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

 private:
  std::unique_lock<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_to_ = nullptr;
};

/// An HDF5 id that closes itself. Made from a negative id it throws LibraryError with `what`.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, herr_t (*close)(hid_t), const char* what);
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { reset(); }
  operator hid_t() const { return id_; }
  /// Closes now; true when HDF5 did so without trouble.
  bool reset();

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

/// Throws LibraryError when `status` is negative.
void require(herr_t status, const char* what);

/// Makes an empty file in memory; `image` gives its bytes.
Handle make_memory_file();
/// The bytes of a file made in memory.
std::string image(const Handle& file);
/// Opens a file whose bytes are in memory, to read.
Handle open_memory_file(std::span<const char> bytes);
/// Makes a file on disk, replacing what is there. `failure` must outlive the file.
Handle make_disk_file(const std::string& path, Failure* failure);
/// Opens a file on disk to read. `failure` must outlive the file.
Handle open_disk_file(const std::string& path, Failure* failure);

/// Makes a group that remembers the order of its members.
Handle make_group(hid_t parent, const std::string& name);
/// Opens a group.
Handle open_group(hid_t parent, const std::string& name);
/// True when a group has a member of that name.
bool has_member(hid_t group, const std::string& name);
/// Names of the members of a group in the order in which they were made.
std::vector<std::string> members(hid_t group);

/// Attributes of a group, file or dataset. Reading throws LibraryError when there is none of that name and type.
void set_text(hid_t object, const char* name, const std::string& text);
void set_number(hid_t object, const char* name, std::uint64_t number);
std::string get_text(hid_t object, const char* name);
std::uint64_t get_number(hid_t object, const char* name);
/// Empty when there is no attribute of that name.
std::string get_text_or_empty(hid_t object, const char* name);

/// Makes the datasets of a table (columns, coordinates, dimension scales, their attributes) for `rows` rows and writes the
/// coordinates. `described` false leaves out scales and attributes.
void make_table(hid_t parent, const Table& shape, std::uint64_t rows, bool described);
/// Writes rows into a table that make_table made, from row `first` on.
void write_rows(hid_t parent, const Table& block, std::uint64_t first);
/// Shape and coordinates of a table that make_table described.
Table read_shape(hid_t parent, const std::string& name);
/// Number of rows that the table's group holds.
std::uint64_t row_count(hid_t parent, const Table& shape);
/// Reads rows of the table of that shape.
Table read_rows(hid_t parent, const Table& shape, std::uint64_t first, std::uint64_t count);

}  // namespace carina::record::impl
