#include "record/impl/hdf5.h"

#include <hdf5_hl.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace carina::record::impl {
namespace {

std::recursive_mutex& library() {
  static std::recursive_mutex mutex;
  return mutex;
}

Handle file_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a file access list");
  require(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "set how a file closes");
  return access;
}

/// Metadata of the 1.8 format, which carries checksums and which every reader knows.
Handle disk_access(Failure* failure) {
  Handle access = file_access();
  require(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "set the format version");
  use_driver(access, failure);
  return access;
}

/// HDF5 takes two files in memory that have one name for one file while both are open.
std::string memory_name() {
  static std::atomic<std::uint64_t> count = 0;
  return "part-" + std::to_string(++count);
}

/// The earliest format: H5Fget_file_image of HDF5 1.10 spoils the later superblock, and a part has its own checksum.
Handle memory_access() {
  Handle access = file_access();
  require(H5Pset_fapl_core(access, std::size_t{1} << 20, false), "keep a file in memory");
  return access;
}

/// Members keep their order, and no object carries the time of day.
Handle ordered(hid_t kind) {
  Handle list(H5Pcreate(kind), H5Pclose, "make a creation list");
  require(H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "set the order of members");
  require(H5Pset_obj_track_times(list, false), "leave out times");
  return list;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
  require(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  require(H5Tset_cset(type, H5T_CSET_UTF8), "make a text type");
  return type;
}

}  // namespace

Session::Session() : lock_(library()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_to_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Session::~Session() { H5Eset_auto2(H5E_DEFAULT, print_, print_to_); }

Handle::Handle(hid_t id, herr_t (*close)(hid_t), const char* what) : id_(id), close_(close) {
  if (id < 0) throw LibraryError(std::string("HDF5 cannot ") + what);
}

Handle::Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}

bool Handle::reset() {
  const hid_t id = std::exchange(id_, -1);
  return id < 0 || close_(id) >= 0;
}

void require(herr_t status, const char* what) {
  if (status < 0) throw LibraryError(std::string("HDF5 cannot ") + what);
}

Handle make_memory_file() {
  const Handle access = memory_access();
  const Handle creation = ordered(H5P_FILE_CREATE);
  return Handle(H5Fcreate(memory_name().c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "make a file in memory");
}

std::string image(const Handle& file) {
  require(H5Fflush(file, H5F_SCOPE_LOCAL), "flush a file in memory");
  const ssize_t size = H5Fget_file_image(file, nullptr, 0);
  require(size < 0 ? -1 : 0, "size a file in memory");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  require(H5Fget_file_image(file, bytes.data(), bytes.size()) < 0 ? -1 : 0, "copy a file in memory");
  return bytes;
}

Handle open_memory_file(std::span<const char> bytes) {
  const Handle access = memory_access();
  // HDF5 copies the bytes; its argument is not const only for drivers that take the memory over.
  require(H5Pset_file_image(access, const_cast<char*>(bytes.data()), bytes.size()), "take a file in memory");
  return Handle(H5Fopen(memory_name().c_str(), H5F_ACC_RDONLY, access), H5Fclose, "open a file in memory");
}

Handle make_disk_file(const std::string& path, Failure* failure) {
  const Handle access = disk_access(failure);
  const Handle creation = ordered(H5P_FILE_CREATE);
  return Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, "make the file");
}

Handle open_disk_file(const std::string& path, Failure* failure) {
  const Handle access = disk_access(failure);
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "open the file");
}

Handle make_group(hid_t parent, const std::string& name) {
  const Handle creation = ordered(H5P_GROUP_CREATE);
  return Handle(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, "make a group");
}

Handle open_group(hid_t parent, const std::string& name) {
  return Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose, "open a group");
}

bool has_member(hid_t group, const std::string& name) { return H5Lexists(group, name.c_str(), H5P_DEFAULT) > 0; }

std::vector<std::string> members(hid_t group) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  require(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, add, &names), "list a group");
  return names;
}

void set_text(hid_t object, const char* name, const std::string& text) {
  const Handle type = text_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "make a space");
  const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "make an attribute");
  const char* characters = text.c_str();
  require(H5Awrite(attribute, type, &characters), "write an attribute");
}

void set_number(hid_t object, const char* name, std::uint64_t number) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "make a space");
  const Handle attribute(H5Acreate2(object, name, H5T_STD_U64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "make an attribute");
  require(H5Awrite(attribute, H5T_NATIVE_UINT64, &number), "write an attribute");
}

std::string get_text(hid_t object, const char* name) {
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "find an attribute");
  const Handle type = text_type();
  char* characters = nullptr;
  require(H5Aread(attribute, type, &characters), "read an attribute");
  std::string text = characters ? characters : "";
  H5free_memory(characters);
  return text;
}

std::uint64_t get_number(hid_t object, const char* name) {
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "find an attribute");
  std::uint64_t number = 0;
  require(H5Aread(attribute, H5T_NATIVE_UINT64, &number), "read an attribute");
  return number;
}

std::string get_text_or_empty(hid_t object, const char* name) {
  return H5Aexists(object, name) > 0 ? get_text(object, name) : std::string();
}

}  // namespace carina::record::impl
