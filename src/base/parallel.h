/// @file
/// Work in fixed chunks on several threads. The caller cuts the work into chunks that do not depend on the number of threads,
/// each chunk writes into its own slot, and the caller joins the slots in order: so the bits do not depend on it either.
/// Needs no threads to be correct.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace carina {

/// How a parallel loop runs.
struct ParallelOptions {
  int threads = 0;                          ///< 1 or more; 0: one for each processor
  const std::atomic<bool>* stop = nullptr;  ///< when it turns true no further chunk is started
};

/// Calls `work(chunk)` once for each chunk from 0 to `count` - 1, started in this order on up to `threads` threads, and
/// returns when all that were started have ended: true when every chunk ran, false when `stop` came first. When chunks
/// throw, no further one is started and the exception of the lowest is passed on.
bool for_each_chunk(std::uint64_t count, const ParallelOptions& options, const std::function<void(std::uint64_t)>& work);

/// Number of threads that `threads` = 0 stands for.
int processor_count();

}  // namespace carina
