#include "scenario/run.h"

#include <sys/statvfs.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/parallel.h"
#include "base/problem.h"
#include "scenario/impl/chunk.h"

namespace carina::scenario {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// MemAvailable counts caches that the kernel gives back; sysinfo's free memory does not.
double memory_free() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  double kilobytes = 0;
  while (file >> key >> kilobytes >> unit) {
    if (key == "MemAvailable:") return 1024 * kilobytes;
  }
  return 0;
}

double disk_free(const std::string& path) {
  struct statvfs disk {};
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  if (::statvfs(folder.c_str(), &disk) != 0) return 0;
  return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
}

std::string size_text(double bytes) {
  static const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
  int unit = 0;
  while (bytes >= 1000 && unit < 4) bytes /= 1000, ++unit;
  std::string text = std::to_string(bytes < 10 ? std::round(bytes * 10) / 10 : std::round(bytes));
  text = text.substr(0, text.find('.') + (bytes < 10 ? 2 : 0));
  return text + " " + units[unit];
}

std::uint64_t individuals_of_shard(const record::Plan& plan) {
  const record::ChunkRange range = record::shard_chunks(plan.chunks, plan.shard);
  const std::uint64_t end = std::min(plan.individuals, range.end * plan.chunk_size);
  return end - std::min(plan.individuals, range.first * plan.chunk_size);
}

void refuse_only(const Scenario& scenario, const RunOptions& options) {
  if (options.only > scenario.population.size) {
    throw InputError({{"", 0, 0, "--only", std::to_string(options.only),
                       "the population has individuals 1 to " + std::to_string(scenario.population.size), ""}});
  }
}

// Sketches compress to a few bytes for each occupied bin, and no chunk occupies more bins than it has individuals.
double state_bytes(const Scenario& scenario, const record::Plan& plan) {
  if (!scenario.output.keep.quantiles) return 0;
  const std::size_t visits = scenario.observe ? scenario.observe->visits.size() : 0;
  const double sketches = static_cast<double>(scenario.output.columns.size() * (scenario.output.times.size() + visits));
  const double bins = std::min(static_cast<double>(plan.chunk_size), 4000.0);
  return static_cast<double>(plan.chunks) * sketches * (40 + 5 * bins);
}

RunEstimate estimate_of(const Scenario& scenario, const std::string& path, const RunOptions& options,
                        const impl::ChunkWork& work) {
  const record::Plan& plan = work.plan();
  const record::ChunkRange range = record::shard_chunks(plan.chunks, plan.shard);
  RunEstimate e;
  e.individuals = individuals_of_shard(plan);
  e.chunks = range.end - range.first;
  e.chunk_size = plan.chunk_size;
  e.times = scenario.output.times.size();
  e.threads = options.threads == 0 ? processor_count() : options.threads;
  const double busy = static_cast<double>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(e.threads), std::max<std::uint64_t>(1, e.chunks)));
  // putting together holds the sketches of one column, and one column of the table of individuals to sort
  const double sketches = 60e3 * static_cast<double>(e.times);
  const bool events = std::any_of(scenario.endpoints.begin(), scenario.endpoints.end(),
                                  [](const Endpoint& endpoint) { return endpoint.event; });
  // a curve of survival needs each individual's time three times, and a step for each
  const double each = events ? 130.0 : 24.0;
  e.memory = 100e6 + busy * work.thread_bytes() + std::max(sketches, each * static_cast<double>(e.individuals));
  e.memory_free = memory_free();
  const double share = static_cast<double>(e.chunks) / static_cast<double>(std::max<std::uint64_t>(1, plan.chunks));
  e.disk = static_cast<double>(record::disk_bytes(plan, e.individuals)) + share * state_bytes(scenario, plan);
  e.disk_free = disk_free(path);
  e.engine = work.ensemble().engine_text();
  return e;
}

// Does what a run does with a chunk, for the first `count` individuals. A folder that cannot be written to is the run's trouble.
double seconds_of_sample(const impl::ChunkWork& work, const std::string& path, std::uint64_t count) {
  const auto start = Clock::now();
  record::Part part = work.sample(count);
  record::Plan plan = work.plan();
  plan.individuals = plan.chunk_size = count;
  plan.chunks = 1;
  plan.shard = {};
  double seconds = seconds_since(start);
  try {
    record::RecordingWriter writer(path, plan, record::Existing::Refuse);
    const auto ready = Clock::now();
    writer.write(std::move(part));
    seconds += seconds_since(ready);
  } catch (const InputError&) {         // no such folder
  } catch (const record::FileError&) {  // not writable
  }
  std::error_code ignored;
  std::filesystem::remove_all(path + ".parts", ignored);
  return seconds;
}

// Samples grow until the time is used up; what is left of the chunk costs what the last individuals did. The first sample
// only warms up.
double seconds_of_chunk(const impl::ChunkWork& work, const std::string& path, std::uint64_t chunk) {
  constexpr double budget = 1.2;  // s
  const std::string beside = (path.empty() ? "carina" : path) + ".dry-run";
  const auto start = Clock::now();
  std::uint64_t count = std::min<std::uint64_t>(chunk, 8), before = 0;
  double seconds = seconds_of_sample(work, beside, count), seconds_before = 0;
  while (seconds_since(start) + seconds < budget) {
    const std::uint64_t next = std::min(chunk, 4 * count);
    if (seconds_since(start) + seconds * static_cast<double>(next) / static_cast<double>(count) > budget) break;
    before = next == count ? before : count;
    seconds_before = next == count ? seconds_before : seconds;
    count = next;
    seconds = seconds_of_sample(work, beside, count);
    if (count == chunk) return seconds;
  }
  const double each = seconds / static_cast<double>(count);
  const double slope = before == 0 ? each : (seconds - seconds_before) / static_cast<double>(count - before);
  return seconds + std::clamp(slope, 0.2 * each, each) * static_cast<double>(chunk - count);
}

}  // namespace

std::string RunEstimate::refusal() const {
  if (memory_free > 0 && memory > memory_free) {
    return "needs about " + size_text(memory) + " of memory, " + size_text(memory_free) +
           " are free: fewer --threads, columns or times need less";
  }
  if (disk_free > 0 && disk > disk_free) {
    return "needs about " + size_text(disk) + " of disk, " + size_text(disk_free) +
           " are free: fewer columns or times, or no trajectories in output.reduce, need less";
  }
  return {};
}

RunEstimate estimate(const Scenario& scenario, const std::string& path, const RunOptions& options, bool try_some) {
  refuse_only(scenario, options);
  const impl::ChunkWork work(scenario, options);
  RunEstimate e = estimate_of(scenario, path, options, work);
  if (!try_some || e.individuals == 0) return e;
  const int threads = std::max(1, e.threads);
  const auto rounds = std::ceil(static_cast<double>(e.chunks) / threads);
  e.seconds =
      work.ensemble().compile_seconds() + rounds * seconds_of_chunk(work, path, std::min(e.chunk_size, e.individuals));
  return e;
}

RunSummary run(const Scenario& scenario, const std::string& path, const RunOptions& options) {
  refuse_only(scenario, options);
  const auto start = Clock::now();
  const impl::ChunkWork work(scenario, options);
  const record::Plan& plan = work.plan();
  const std::string refusal = estimate_of(scenario, path, options, work).refusal();
  if (!refusal.empty()) throw InputError({{"", 0, 0, path, "", refusal, ""}});

  record::RecordingWriter writer(path, plan, options.existing);
  RunSummary summary;
  summary.individuals = individuals_of_shard(plan);
  summary.threads = options.threads == 0 ? processor_count() : options.threads;
  const std::vector<std::uint64_t> missing = writer.missing();
  std::uint64_t left = 0;
  for (const std::uint64_t chunk : missing) left += std::min(plan.chunk_size, plan.individuals - chunk * plan.chunk_size);
  if (!missing.empty()) summary.engine = work.ensemble().engine_text();

  ProgressMeter meter(options.progress, summary.individuals, summary.individuals - left);
  const auto integration = Clock::now();
  const ParallelOptions parallel{options.threads, options.stop};
  const bool done = for_each_chunk(missing.size(), parallel, [&](std::uint64_t i) {
    if (auto part = work.part(missing[i], options.stop, &meter)) writer.write(std::move(*part));
  });
  const double seconds = seconds_since(integration);
  const std::vector<std::uint64_t> still = writer.missing();
  summary.integrated = left;
  for (const std::uint64_t chunk : still) {
    summary.integrated -= std::min(plan.chunk_size, plan.individuals - chunk * plan.chunk_size);
  }
  if (summary.integrated > 0 && seconds > 0) summary.rate = static_cast<double>(summary.integrated) / seconds;
  if (done && still.empty()) {
    writer.assemble(finish);
    summary.failures = failures(record::Recording::open(path));
    summary.complete = true;
  }
  summary.seconds = seconds_since(start);
  return summary;
}

}  // namespace carina::scenario
