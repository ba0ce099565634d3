#include "scenario/run.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/installation.h"
#include "base/problem.h"
#include "commands.h"
#include "progress.h"
#include "record/writer.h"
#include "scenario/read.h"
#include "scenario/trial_run.h"
#include "signals.h"
#include "study/stale.h"
#include "text.h"

namespace carina::cli {
namespace {

struct RunArguments {
  std::string file, out, shard;
  std::vector<std::string> set;
  std::optional<std::uint64_t> seed;
  std::uint64_t only = 0;
  int threads = 0;
  bool trace = false;
  bool resume = false, force = false, dry_run = false, strict = false, quiet = false, json = false;
};

record::Shard shard_of(const std::string& text) {
  record::Shard shard;
  if (text.empty()) return shard;
  char slash = 0, rest = 0;
  unsigned long long index = 0, count = 0;
  if (std::sscanf(text.c_str(), "%llu%c%llu%c", &index, &slash, &count, &rest) != 3 || slash != '/' || index < 1 ||
      index > count) {
    throw InputError({{"", 0, 0, "--shard", text, "must be i/n with i from 1 to n", "such as --shard 1/4"}});
  }
  return {index, count};
}

scenario::ReadOptions read_options(const RunArguments& a) {
  scenario::ReadOptions options;
  options.model_folders = model_folders();
  options.product_folders = installed("products");
  options.fit_folders = installed("fits");
  for (const std::string& text : a.set) options.overrides.push_back(scenario::read_override(text));
  if (a.seed) options.overrides.push_back({"seed", std::to_string(*a.seed)});
  return options;
}

nlohmann::json estimate_json(const scenario::RunEstimate& e) {
  return {{"individuals", e.individuals}, {"chunks", e.chunks},
          {"chunk_size", e.chunk_size},   {"times", e.times},
          {"threads", e.threads},         {"engine", e.engine},
          {"memory_bytes", e.memory},     {"memory_free_bytes", e.memory_free},
          {"disk_bytes", e.disk},         {"disk_free_bytes", e.disk_free},
          {"seconds", e.seconds},         {"refusal", e.refusal()}};
}

int dry_run(const RunArguments& a, const scenario::Scenario& s, const scenario::RunOptions& options) {
  const scenario::RunEstimate e = scenario::estimate(s, a.out, options, true);
  if (a.json) {
    fmt::print("{}\n", estimate_json(e).dump(2));
  } else {
    fmt::print("{} individuals in {} chunks of {}, {} times, {} on {} thread{}\n",
               count_text(static_cast<double>(e.individuals)), e.chunks, e.chunk_size, e.times, e.engine, e.threads,
               e.threads == 1 ? "" : "s");
    fmt::print("time    about {}\n", duration_text(e.seconds));
    fmt::print("memory  at most {} of {} free\n", bytes_text(e.memory), bytes_text(e.memory_free));
    fmt::print("disk    at most {} of {} free\n", bytes_text(e.disk), bytes_text(e.disk_free));
  }
  const std::string refusal = e.refusal();
  if (!refusal.empty()) throw InputError({{"", 0, 0, a.out, "", refusal, ""}});
  return done;
}

nlohmann::json summary_json(const RunArguments& a, std::uint64_t seed, const scenario::RunSummary& r) {
  nlohmann::json failures = nlohmann::json::array();
  for (const scenario::StatusCount& f : r.failures) {
    failures.push_back({{"status", f.status}, {"individuals", f.individuals}, {"meaning", f.meaning}, {"advice", f.advice}});
  }
  return {{"complete", r.complete},
          {"result", a.out},
          {"seed", seed},
          {"version", version()},
          {"commit", commit()},
          {"engine", r.engine},
          {"threads", r.threads},
          {"individuals", r.individuals},
          {"integrated", r.integrated},
          {"seconds", r.seconds},
          {"individuals_per_second", r.rate},
          {"failures", failures}};
}

void print_work(const RunArguments& a, const std::string& title, std::uint64_t seed, const scenario::RunSummary& r) {
  fmt::print("{}\n", title);
  fmt::print("  seed {}, carina {} ({})\n", seed, version(), commit());
  if (r.integrated == 0) {
    fmt::print("  nothing was left to do\n");
  } else {
    fmt::print("  {} individuals in {}: {} a second on {} thread{}, {}\n", count_text(static_cast<double>(r.integrated)),
               duration_text(r.seconds), count_text(r.rate), r.threads, r.threads == 1 ? "" : "s", r.engine);
  }
  std::uint64_t failed = 0;
  for (const scenario::StatusCount& f : r.failures) failed += f.individuals;
  if (failed == 0) fmt::print("  all finished\n");
  for (const scenario::StatusCount& f : r.failures) {
    fmt::print("  {} failed: {}, {}: {}\n", count_text(static_cast<double>(f.individuals)), f.status, f.meaning, f.advice);
  }
  fmt::print("  result in {}\n", a.out);
}

std::string page_of(const std::string& recording) { return recording.substr(0, recording.rfind('.')) + ".html"; }

void print_next(const RunArguments& a, const scenario::Scenario& s) {
  const bool shard = !a.shard.empty() && a.shard.substr(a.shard.find('/') + 1) != "1";
  if (shard)
    fmt::print("next: carina merge PART.h5 ... -o RESULT.h5, when all shards are there\n");
  else if (a.only != 0)
    fmt::print("next: carina export {} --table {} --format csv\n", a.out,
               a.trace && !s.model.closed_form() ? "trace" : "trajectories");
  else
    fmt::print("next: carina report {} -o {}\n", a.out, page_of(a.out));
}

scenario::RunOptions options_of(const RunArguments& a, const std::string& command) {
  scenario::RunOptions options;
  options.threads = a.threads;
  options.shard = shard_of(a.shard);
  options.only = a.only;
  options.trace = a.trace;
  options.created_by = command;
  options.existing = a.resume ? record::Existing::Resume : a.force ? record::Existing::Replace : record::Existing::Refuse;
  return options;
}

void need_output(const RunArguments& a) {
  if (a.out.empty())
    throw InputError({{"", 0, 0, "-o", "", "is missing: where the recording goes", "such as -o result.h5"}});
}

// Runs with a progress line. The exit code of an interrupted run, or nothing and `summary` filled.
template <class Run>
std::optional<int> carry_out(const RunArguments& a, const std::string& command, scenario::RunOptions& options,
                             scenario::RunSummary& summary, Run run) {
  const CaughtSignals signals;
  options.stop = &signals.flag();
  {
    ProgressLine line("individuals", a.quiet);
    options.progress = line.callback();
    summary = run(options);
  }
  if (summary.complete) return std::nullopt;
  fmt::print(stderr, "carina: interrupted; what is finished is in {}.parts\nnext: {}{}\n", a.out, command,
             a.resume ? "" : " --resume");
  return signals.exit_code();
}

int exit_of(const RunArguments& a, const scenario::RunSummary& summary) {
  return a.strict && !summary.failures.empty() ? no_result : done;
}

void refuse_for_trial(const RunArguments& a) {
  Problems problems;
  const auto refuse = [&](bool given, const char* flag, const char* hint) {
    if (given) problems.add({"", 0, 0, flag, "", "is not for a trial", hint});
  };
  refuse(a.only != 0, "--only", "each patient is a row of the table `patients`");
  refuse(a.dry_run, "--dry-run", "--set replicates=10 runs a few trials");
  problems.throw_if_any();
}

void print_fits(const scenario::TrialRun& trial) {
  std::string names;
  for (const trial::Fitted& fit : trial.fits) names += (names.empty() ? "" : ", ") + fit.file;
  if (names.empty())
    fmt::print("  not calibrated: the model's own values\n");
  else
    fmt::print("  calibrated by {}{}\n", names,
               trial.uncertain ? ", a draw of its posterior in each simulated trial" : ", posterior medians");
}

void warn_of_stale(const scenario::TrialRun& trial, bool quiet) {
  for (const trial::Fitted& fit : trial.fits) {
    const std::string stale = study::stale_sentence(fit, study::stale_inputs(fit, library()));
    if (!stale.empty() && !quiet) fmt::print(stderr, "carina: {}\n", stale);
  }
}

int run_trial(const RunArguments& a, const std::string& command) {
  refuse_for_trial(a);
  const scenario::TrialRun trial = scenario::read_trial_run(a.file, read_options(a));
  warn_of_stale(trial, a.quiet);
  scenario::RunOptions options = options_of(a, command);
  need_output(a);
  scenario::RunSummary summary;
  const auto interrupted = carry_out(a, command, options, summary, [&](const scenario::RunOptions& with) {
    return scenario::run_trial(trial, a.out, with);
  });
  if (interrupted) return *interrupted;
  if (a.json) {
    fmt::print("{}\n", summary_json(a, trial.seed, summary).dump(2));
  } else if (!a.quiet) {
    print_work(a, trial.trial.title, trial.seed, summary);
    print_fits(trial);
    fmt::print("next: carina compare {}\n", a.out);
    fmt::print("      carina report {} -o {}\n", a.out, page_of(a.out));
  }
  return exit_of(a, summary);
}

int run(const RunArguments& a, const std::string& command) {
  if (scenario::kind_of_file(a.file) == "trial") return run_trial(a, command);
  const scenario::Scenario s = scenario::read_scenario(a.file, read_options(a));
  scenario::RunOptions options = options_of(a, command);
  if (a.dry_run) return dry_run(a, s, options);
  need_output(a);
  scenario::RunSummary summary;
  const auto interrupted = carry_out(a, command, options, summary,
                                     [&](const scenario::RunOptions& with) { return scenario::run(s, a.out, with); });
  if (interrupted) return *interrupted;
  if (a.json) {
    fmt::print("{}\n", summary_json(a, s.seed, summary).dump(2));
  } else if (!a.quiet) {
    print_work(a, s.title.empty() ? s.model.title : s.title, s.seed, summary);
    print_next(a, s);
  }
  return exit_of(a, summary);
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  const auto a = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand("run", "run a scenario or a trial into a recording");
  command->add_option("FILE", a->file, "scenario or trial")->required();
  command->add_option("-o,--output", a->out, "recording (RESULT.h5)");
  command->add_option("--threads", a->threads, "threads; 0: one for each processor")->check(CLI::Range(0, 4096));
  command->add_option("--seed", a->seed, "seed, in place of the scenario's");
  command->add_option("--set", a->set, "path=value, as errors print paths: --set population.size=500")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--resume", a->resume, "continue an interrupted run");
  command->add_flag("--force", a->force, "replace a recording that is there")->excludes("--resume");
  command->add_flag("--dry-run", a->dry_run, "print what the run would take, and stop");
  command->add_option("--only", a->only, "run individual ID alone, with its trajectory")->check(CLI::PositiveNumber);
  command->add_flag("--trace", a->trace, "with --only: every step, switch, dose and event too")->needs("--only");
  command->add_option("--shard", a->shard, "i/n: do part i of n; carina merge joins them")->excludes("--only");
  command->add_flag("--strict", a->strict, "exit 3 when an individual failed");
  command->add_flag("--quiet", a->quiet, "print nothing but trouble");
  command->add_flag("--json", a->json, "print the summary as JSON");
  command->callback([&context, a] { context.chosen = [&context, a] { return run(*a, context.command); }; });
}

}  // namespace carina::cli
