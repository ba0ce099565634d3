#include "study/calibrate.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/problem.h"
#include "commands.h"
#include "fit/recover.h"
#include "progress.h"
#include "record/recording.h"
#include "signals.h"
#include "text.h"

namespace carina::cli {
namespace {

struct CalibrateArguments {
  std::string file, out;
  std::vector<std::string> set;
  std::size_t recover = 0;
  int threads = 0;
  bool force = false, quick = false, quiet = false;
};

void refuse_output(const CalibrateArguments& a) {
  if (a.out.empty())
    throw InputError({{"", 0, 0, "-o", "", "is missing: where the fit goes", "such as -o fits/b_all.toml"}});
  if (!a.force && std::filesystem::exists(a.out))
    throw InputError({{"", 0, 0, "-o", a.out, "is there already", "--force replaces it"}});
}

// The whole file or nothing.
void write_whole(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (file && !error) return;
  const int why = errno;
  std::filesystem::remove(temporary, error);
  throw record::FileError("cannot write", path, why);
}

std::string recovery_text(const fit::Recovery& recovery) {
  std::string out =
      fmt::format("\nRecovery: {} trials with known parameters; 90 % intervals hold the truth in {:.1f} % ({})\n",
                  recovery.trials, 100 * recovery.coverage, recovery.passed() ? "80 to 98 asked" : "outside 80 to 98");
  for (const fit::ParameterRecovery& p : recovery.parameters) {
    out += fmt::format("  {:<24} {:>3.0f} %  bias {:+.2f} SD  posterior SD {:.2f} of the truths'\n", p.name,
                       100 * p.coverage, p.bias, p.sd_ratio);
  }
  return out;
}

// The calibration under way, with a line for each wave.
fit::Summary carry_out(const CalibrateArguments& a, const fit::Problem& problem, fit::Options options,
                       const CaughtSignals& signals) {
  options.threads = a.threads;
  options.stop = &signals.flag();
  options.leave_groups_out = !a.quick;
  options.vary_priors = !a.quick;
  std::unique_ptr<ProgressLine> line = std::make_unique<ProgressLine>("simulated trials", a.quiet);
  options.progress = [&line](const Progress& progress) { line->callback()(progress); };
  options.wave_done = [&](const fit::WaveSummary& wave) {
    line = std::make_unique<ProgressLine>("simulated trials", a.quiet);
    if (a.quiet) return;
    fmt::print(stderr,
               "wave {}: {} points, {} trials in all; emulator SD at most {:.2f} of the sampling SD ({}), moved {:.2f} SD\n",
               wave.wave, wave.points, wave.trials, wave.worst_error, wave.worst_figure, wave.shift);
  };
  return fit::calibrate(problem, options);
}

int calibrate(const CalibrateArguments& a, const std::string& command) {
  refuse_output(a);
  std::vector<scenario::Override> set;
  for (const std::string& text : a.set) set.push_back(scenario::read_override(text));
  const study::Folders folders = library();
  const study::Calibration calibration = study::read_calibration(study::find_calibration(a.file, folders), folders, set);
  const study::Posed posed(calibration);
  const CaughtSignals signals;
  const fit::Summary summary = carry_out(a, posed.problem(), study::options_of(calibration), signals);
  if (summary.status == fit::Status::Stopped) {
    fmt::print(stderr, "carina: interrupted; nothing was written\n");
    return signals.exit_code();
  }
  fmt::print("{}\n{}", calibration.title, fit::report(posed.problem(), summary));
  if (summary.draws.rows == 0) return no_result;
  write_whole(a.out, trial::write_fitted(study::fitted_of(calibration, summary, command)));
  fmt::print("{}", study::report_more(posed.problem(), summary));
  if (a.recover > 0) {
    fit::RecoveryOptions options;
    options.trials = a.recover;
    options.seed = calibration.method.seed;
    options.threads = a.threads;
    fmt::print("{}", recovery_text(fit::recover(posed.problem(), summary, options)));
  }
  fmt::print("\nfit in {}\nnext: carina run trials/{}.toml -o {}.h5, which takes the fits in fits/\n", a.out,
             calibration.runs.front().trial.name, calibration.runs.front().trial.name);
  return done;
}

}  // namespace

void add_calibrate(CLI::App& app, Context& context) {
  const auto a = std::make_shared<CalibrateArguments>();
  CLI::App* command = app.add_subcommand("calibrate", "fit the open parameters to published figures of trials");
  command->add_option("FILE", a->file, "calibration, or a trial that one names")->required();
  command->add_option("-o", a->out, "where the fit goes, such as fits/b_all.toml");
  command->add_option("--set", a->set, "seed, replicates, points, waves or draws = value")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--recover", a->recover, "then calibrate to so many simulated trials with known parameters");
  command->add_option("--threads", a->threads, "threads; 0: one a processor");
  command->add_flag("--quick", a->quick, "leave out what each group of figures and each prior does");
  command->add_flag("--force", a->force, "replace the fit");
  command->add_flag("--quiet", a->quiet, "no progress");
  command->callback([&context, a] { context.chosen = [a, &context] { return calibrate(*a, context.command); }; });
}

}  // namespace carina::cli
