/// @file
/// Our own way for HDF5 to reach a file. It remembers the first errno that the system gave. After that it takes every
/// write for done, so that HDF5 can close a file on a full disk without harm to itself; who writes asks for the failure
/// before the file gets its name. It takes no locks and reads no environment.
#pragma once

#include <hdf5.h>

namespace carina::record::impl {

/// The first failure of a file.
struct Failure {
  int code = 0;          ///< errno, 0 while all is well
  bool reading = false;  ///< it was a read
};

/// Sets the driver in a file access list; `failure` must outlive the file.
void use_driver(hid_t access, Failure* failure);

}  // namespace carina::record::impl
