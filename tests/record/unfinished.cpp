#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "base/problem.h"
#include "record/example.h"

using namespace carina::record;
namespace example = carina::record::example;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t chunks = 24;

/// Does what is missing of a run and finishes it; calls `joining` when it begins to put the parts together.
void continue_run(const std::string& path, const std::function<void()>& joining) {
  RecordingWriter writer(path, example::plan(chunks), Existing::Resume);
  for (const std::uint64_t chunk : writer.missing()) writer.write(example::part(chunk));
  writer.assemble([&](const Recording& recording) {
    joining();
    return example::finish(recording);
  });
}

/// A child process that continues the run.
struct Child {
  pid_t process = -1;
  int pipe = -1;

  explicit Child(const std::string& path) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    process = ::fork();
    REQUIRE(process >= 0);
    if (process == 0) {
      ::close(ends[0]);
      int status = 0;
      try {
        continue_run(path, [&] {
          if (::write(ends[1], "a", 1) != 1) std::_Exit(3);
        });
      } catch (...) {
        status = 2;
      }
      std::_Exit(status);
    }
    ::close(ends[1]);
    pipe = ends[0];
  }
  /// Returns when the child puts the parts together, or has ended.
  void wait_for_assembling() const {
    char byte;
    while (::read(pipe, &byte, 1) < 0 && errno == EINTR) {
    }
  }
  /// Kills it; true when it was still running. A child that ended by itself must have ended well.
  bool kill_now() {
    ::kill(process, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    ::close(pipe);
    if (WIFEXITED(status)) CHECK(WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
  }
};

/// Fixed numbers for waiting times; the moments of death are random enough by themselves.
struct Waits {
  std::uint64_t state = 20240101;
  std::chrono::microseconds up_to(std::chrono::microseconds limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return std::chrono::microseconds((state >> 33) % static_cast<std::uint64_t>(limit.count() + 1));
  }
};

std::string message_of(const auto& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing thrown";
}

/// While it lives no file of this process can grow beyond the limit: the disk is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

std::string hash_of_uninterrupted(const std::string& path) {
  example::run(path, example::plan(chunks), example::in_order({0, chunks}));
  return hash(Recording::open(path));
}

}  // namespace

namespace {

/// In memory where the system has it: a killed process loses nothing that is written, and a busy disk takes long to sync.
fs::path quick_folder() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

}  // namespace

TEST_CASE("a run killed at any of 100 moments, while parts are joined too, ends with the bits of one never killed") {
  const example::Folder folder(quick_folder());
  const std::string expected = hash_of_uninterrupted(folder.file("whole.h5"));
  const std::string path = folder.file("killed.h5");
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  Clock::time_point joined;
  continue_run(folder.file("timed.h5"), [&] { joined = Clock::now(); });
  const auto end = Clock::now();
  const auto writing = std::chrono::duration_cast<std::chrono::microseconds>(joined - begin);
  const auto joining = std::chrono::duration_cast<std::chrono::microseconds>(end - joined);

  Waits waits;
  int kills = 0, kills_joining = 0, completions = 0, half_written = 0;
  for (int attempt = 0; attempt < 3000 && (kills < 100 || kills_joining < 40); ++attempt) {
    Child child(path);
    const bool wait_for_joining = kills - kills_joining >= 60;
    if (wait_for_joining) child.wait_for_assembling();
    std::this_thread::sleep_for(waits.up_to(wait_for_joining ? joining * 3 / 2 : writing / 2));
    if (child.kill_now()) {
      ++kills;
      kills_joining += wait_for_joining;
      half_written += fs::exists(path + ".tmp");
    } else {
      ++completions;
      CHECK(hash(Recording::open(path)) == expected);
      CHECK_FALSE(fs::exists(path + ".parts"));
      fs::remove(path);
    }
  }
  CHECK(kills >= 100);
  CHECK(kills_joining >= 40);
  CHECK(half_written > 0);
  MESSAGE(kills << " kills, " << kills_joining << " of them after the last chunk, " << half_written
                << " with a file half written; " << completions << " completions in between");
  continue_run(path, [] {});
  const Recording recording = Recording::open(path);
  CHECK(recording.complete());
  CHECK(hash(recording) == expected);
  CHECK_FALSE(diff(recording, Recording::open(folder.file("whole.h5"))));
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder.path())) left.push_back(entry.path().filename());
  CHECK(left.size() == 3);
}

TEST_CASE("a finished chunk is not done again and a torn or damaged one is") {
  const example::Folder folder;
  const std::string expected = hash_of_uninterrupted(folder.file("whole.h5"));
  const std::string path = folder.file("a.h5");
  const auto chunk_file = [&](int chunk) { return path + ".parts/chunk-00000" + std::to_string(chunk) + ".h5"; };
  {
    RecordingWriter writer(path, example::plan(chunks), Existing::Refuse);
    for (std::uint64_t chunk = 0; chunk < 8; ++chunk) writer.write(example::part(chunk));
  }
  const auto size = fs::file_size(chunk_file(3));
  fs::resize_file(chunk_file(3), size / 2);
  fs::resize_file(chunk_file(4), 0);
  fs::resize_file(chunk_file(5), size - 1);
  {
    std::fstream file(chunk_file(6), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size / 3));
    const char byte = static_cast<char>(file.get() ^ 4);
    file.seekp(static_cast<std::streamoff>(size / 3));
    file.put(byte);
  }
  fs::copy_file(chunk_file(2), path + ".parts/chunk-000009.h5");
  std::ofstream(path + ".parts/chunk-000010.h5.tmp") << "half a file";

  const Recording seen = Recording::open(path);
  CHECK(seen.chunks_done() == 4);
  CHECK(seen.damaged().size() == 5);
  CHECK(seen.damaged()[0] == chunk_file(3) + ": is torn");
  CHECK(seen.damaged()[3] == chunk_file(6) + ": is damaged");

  RecordingWriter writer(path, example::plan(chunks), Existing::Resume);
  std::vector<std::uint64_t> missing = {3, 4, 5, 6};
  for (std::uint64_t chunk = 8; chunk < chunks; ++chunk) missing.push_back(chunk);
  CHECK(writer.missing() == missing);
  CHECK(writer.done() == 4);
  CHECK_FALSE(fs::exists(path + ".parts/chunk-000010.h5.tmp"));
  for (const std::uint64_t chunk : writer.missing()) writer.write(example::part(chunk));
  writer.assemble(example::finish);
  CHECK(writer.assembled());
  CHECK(hash(Recording::open(path)) == expected);
}

TEST_CASE("a damaged header is written again and the parts are kept") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  {
    RecordingWriter writer(path, example::plan(2), Existing::Refuse);
    writer.write(example::part(0));
  }
  fs::resize_file(path + ".parts/header.h5", 100);
  RecordingWriter writer(path, example::plan(2), Existing::Resume);
  CHECK(writer.missing() == std::vector<std::uint64_t>{1});
}

TEST_CASE("a run is continued only with the same scenario, version, seed, chunks, shard and files") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  { RecordingWriter(path, example::plan(4), Existing::Refuse).write(example::part(0)); }
  const auto refused = [&](auto change) {
    Plan plan = example::plan(4);
    change(plan);
    return message_of([&] { RecordingWriter writer(path, plan, Existing::Resume); });
  };
  const std::string start = path + ".parts: belongs to another run: ";
  const std::string hint = " (--force replaces it)";
  CHECK(refused([](Plan& plan) { plan.scenario += "x"; }) == start + "another scenario" + hint);
  CHECK(refused([](Plan& plan) { plan.version = "0.2.0"; }) == start + "carina 0.1.0 there, 0.2.0 here" + hint);
  CHECK(refused([](Plan& plan) { plan.commit = "f00"; }) == start + "carina's commit abc123 there, f00 here" + hint);
  CHECK(refused([](Plan& plan) { plan.seed = 7; }) == start + "seed 18446744073709551615 there, 7 here" + hint);
  CHECK(refused([](Plan& plan) { plan.chunk_size = 6; }) == start + "cut into other chunks" + hint);
  CHECK(refused([](Plan& plan) { plan.shard = {1, 2}; }) == start + "another shard" + hint);
  CHECK(refused([](Plan& plan) { plan.files[0].text += "\n"; }) == start + "other files entered, or other tables" + hint);
  CHECK(refused([](Plan& plan) { plan.tables[2].columns[2].unit = "g"; }) ==
        start + "other files entered, or other tables" + hint);
  CHECK(refused([](Plan& plan) { plan.created_by = "another command"; }) == "nothing thrown");
  CHECK(RecordingWriter(path, example::plan(4), Existing::Resume).done() == 1);
}

TEST_CASE("what exists is touched only when told to") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  const auto refused = [&] { return message_of([&] { RecordingWriter writer(path, example::plan(2), Existing::Refuse); }); };
  { RecordingWriter(path, example::plan(2), Existing::Refuse).write(example::part(0)); }
  CHECK(refused() == path + ": an unfinished run is there (--resume continues it, --force replaces it)");
  CHECK(Recording::open(path).chunks_done() == 1);
  {
    RecordingWriter writer(path, example::plan(2), Existing::Replace);
    CHECK(writer.missing() == std::vector<std::uint64_t>{0, 1});
    writer.write(example::part(0));
    writer.write(example::part(1));
    writer.assemble(example::finish);
  }
  CHECK(refused() == path + ": exists already (--force replaces it)");
  CHECK_FALSE(fs::exists(path + ".parts"));
  {
    RecordingWriter writer(path, example::plan(2), Existing::Resume);
    CHECK(writer.assembled());
    CHECK(writer.missing().empty());
    CHECK(writer.done() == 2);
    writer.assemble(example::finish);
  }
  Plan other = example::plan(2);
  other.seed = 3;
  CHECK(message_of([&] { RecordingWriter writer(path, other, Existing::Resume); }) ==
        path + ": belongs to another run: seed 18446744073709551615 there, 3 here (--force replaces it)");
  CHECK(Recording::open(path).complete());
  CHECK(message_of([&] { RecordingWriter writer(folder.file("no/such/a.h5"), other, Existing::Refuse); }) ==
        folder.file("no/such/a.h5") + ": the folder does not exist");
}

TEST_CASE("a second writer of one recording is refused, in this process and in another") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  const auto second = [&](Existing existing) {
    return message_of([&] { RecordingWriter writer(path, example::plan(2), existing); });
  };
  const std::string expected = path + ": another process is writing this recording (wait for it, or choose another name)";
  RecordingWriter writer(path, example::plan(2), Existing::Refuse);
  for (const Existing existing : {Existing::Refuse, Existing::Resume, Existing::Replace}) {
    CHECK(second(existing) == expected);
  }
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) std::_Exit(second(Existing::Resume) == expected ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  writer.write(example::part(0));
  writer.write(example::part(1));
  writer.assemble(example::finish);
  CHECK(Recording::open(path).complete());
}

TEST_CASE("a full disk is told with path and reason, leaves no half file and loses no part") {
  const example::Folder folder;
  const std::string expected = hash_of_uninterrupted(folder.file("whole.h5"));
  const std::string path = folder.file("a.h5");
  RecordingWriter writer(path, example::plan(chunks), Existing::Refuse);
  writer.write(example::part(0));
  const std::string chunk = path + ".parts/chunk-000001.h5";
  {
    std::string message;
    {
      const FullDisk full(4096);
      message = message_of([&] { writer.write(example::part(1)); });
    }
    CHECK(message == "cannot write " + chunk + ": File too large");
    CHECK_FALSE(fs::exists(chunk));
    CHECK_FALSE(fs::exists(chunk + ".tmp"));
  }
  for (std::uint64_t next = 1; next < chunks; ++next) writer.write(example::part(next));
  for (const rlim_t limit : {1u, 4096u, 10000u, 20000u, 30000u}) {
    int code = 0;
    std::string message;
    {
      const FullDisk full(limit);
      try {
        writer.assemble(example::finish);
      } catch (const FileError& error) {
        code = error.code();
        message = error.what();
      }
    }
    CHECK(code == EFBIG);
    CHECK(message == "cannot write " + path + ".tmp: File too large");
    CHECK_FALSE(fs::exists(path));
    CHECK_FALSE(fs::exists(path + ".tmp"));
    CHECK(Recording::open(path, example::finish).chunks_done() == chunks);
  }
  writer.assemble(example::finish);
  CHECK(hash(Recording::open(path)) == expected);
}

// A sanitizer keeps freed memory aside, which makes this measurement meaningless.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_is_kept = true;
#elif defined(__has_feature)
constexpr bool memory_is_kept = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool memory_is_kept = false;
#endif

TEST_CASE("joining many chunks takes the memory of one" * doctest::skip(memory_is_kept)) {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  constexpr std::uint64_t many = 40;
  constexpr std::size_t rows = 1u << 16;  // 0.5 MiB a part, 20 MiB together
  Plan plan;
  plan.chunks = many;
  Table numbers{.name = "numbers"};
  numbers.columns = {{"value", "1", "", std::vector<double>{}}};
  plan.tables = {numbers};
  const auto memory = [] {  // KiB of this process now
    std::ifstream status("/proc/self/status");
    std::string word;
    long kib = 0;
    while (status >> word) {
      if (word == "VmRSS:") status >> kib;
    }
    return kib;
  };
  RecordingWriter writer(path, plan, Existing::Refuse);
  for (std::uint64_t chunk = 0; chunk < many; ++chunk) {
    numbers.columns[0].values = std::vector<double>(rows, static_cast<double>(chunk));
    writer.write({.chunk = chunk, .tables = {numbers}});
  }
  long most = 0;
  const long before = memory();
  writer.assemble([&](const Recording& recording) {
    recording.each_block("numbers", [&](std::uint64_t, const Table&) { most = std::max(most, memory()); });
    return std::vector<Table>{};
  });
  CHECK(most - before < 10 * 1024);
  CHECK(memory() - before < 10 * 1024);
  CHECK(Recording::open(path).rows("numbers") == many * rows);
}
