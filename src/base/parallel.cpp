#include "base/parallel.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"

namespace carina {
namespace {

/// The chunks of one loop: handed out in order, with the trouble that came.
class Queue {
 public:
  Queue(std::uint64_t count, const std::atomic<bool>* stop) : count_(count), stop_(stop) {}

  void run(const std::function<void(std::uint64_t)>& work) {
    while (!failed_ && !(stop_ && *stop_)) {
      const std::uint64_t chunk = next_.fetch_add(1);
      if (chunk >= count_) return;
      try {
        work(chunk);
        ++done_;
      } catch (...) {
        keep(chunk, std::current_exception());
      }
    }
  }

  bool finish() const {
    if (trouble_) std::rethrow_exception(trouble_);
    return done_ == count_;
  }

 private:
  void keep(std::uint64_t chunk, std::exception_ptr trouble) {
    const std::lock_guard lock(mutex_);
    if (!trouble_ || chunk < trouble_chunk_) {
      trouble_ = std::move(trouble);
      trouble_chunk_ = chunk;
    }
    failed_ = true;
  }

  const std::uint64_t count_;
  const std::atomic<bool>* const stop_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr trouble_;
  std::uint64_t trouble_chunk_ = 0;
};

/// Runs `body` once on each of several threads.
void on_threads(int threads, const std::function<void()>& body) {
#if CARINA_PLAIN_THREADS  // the thread sanitizer cannot see how TBB orders its threads
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(body);
  body();
  for (std::thread& thread : others) thread.join();
#else
  // Without the limit raised TBB starts no more threads than there are processors.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(std::max(threads, processor_count())));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(
        0, threads, [&](int) { body(); }, tbb::simple_partitioner());
  });
#endif
}

}  // namespace

int processor_count() { return tbb::info::default_concurrency(); }

bool for_each_chunk(std::uint64_t count, const ParallelOptions& options, const std::function<void(std::uint64_t)>& work) {
  CARINA_CHECK(options.threads >= 0);
  const auto wanted = static_cast<std::uint64_t>(options.threads == 0 ? processor_count() : options.threads);
  const int threads = static_cast<int>(std::clamp<std::uint64_t>(count, 1, wanted));
  Queue queue(count, options.stop);
  const auto body = [&] { queue.run(work); };
  if (threads == 1) {
    body();
  } else {
    on_threads(threads, body);
  }
  return queue.finish();
}

}  // namespace carina
