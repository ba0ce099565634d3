#include "scenario/trial_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>

#include "base/hash.h"
#include "base/installation.h"
#include "base/names.h"
#include "base/parallel.h"
#include "base/quantity.h"
#include "base/section.h"
#include "model/library.h"
#include "model/read.h"
#include "model/write.h"
#include "product/library.h"
#include "scenario/impl/trial_courses.h"
#include "scenario/impl/trial_tables.h"
#include "trial/compare.h"
#include "trial/read.h"
#include "trial/setup.h"

namespace carina::scenario {
namespace {

constexpr std::uint64_t replicates_per_chunk = 10;
constexpr std::uint32_t most_replicates = 1'000'000;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void refuse(Problems& problems, const Override& o, std::string rule, std::string hint = {}) {
  problems.add({"", 0, 0, o.path, o.value, std::move(rule), std::move(hint)});
}

void set_whole(Problems& problems, const Override& o, std::uint64_t least, std::uint64_t most, std::uint64_t& to) {
  std::uint64_t value = 0;
  std::istringstream in(o.value);
  if (!(in >> value) || !in.eof() || o.value.starts_with('-') || value < least || value > most) {
    return refuse(problems, o, fmt::format("must be a whole number from {} to {}", least, most));
  }
  to = value;
}

void set_parameter(Problems& problems, const Override& o, TrialRun& run) {
  const bool sd = o.path.starts_with("sd.");
  const std::string name = o.path.substr(o.path.find('.') + 1);
  const auto index = run.model.find_parameter(name);
  if (!index) {
    std::vector<std::string> names;
    for (const model::Parameter& p : run.model.parameters) names.push_back(p.name);
    return refuse(problems, o, "is no parameter of " + run.use, did_you_mean(name, names));
  }
  const model::Parameter& p = run.model.parameters[*index];
  if (sd && p.variability.kind == model::Variability::Kind::None)
    return refuse(problems, o, "does not vary between patients");
  Refusal refusal;
  const auto value = parse_quantity(o.value, known_unit(sd ? "1" : p.unit), refusal);
  if (!value) return refuse(problems, o, refusal.rule, refusal.hint);
  const double low = sd ? 0 : p.low, high = sd ? 10 : p.high;
  if (!(*value >= low && *value <= high)) return refuse(problems, o, fmt::format("must lie between {} and {}", low, high));
  run.values.push_back({*index, sd, *value});
  run.set.push_back(o.path + " = " + o.value);
}

// `none`, or the named ones among the fits that are there.
void choose_fits(Problems& problems, const Override& o, TrialRun& run) {
  std::vector<std::string> names;
  std::istringstream in(o.value);
  for (std::string name; std::getline(in, name, ',');) names.push_back(trimmed(name));
  if (names == std::vector<std::string>{"none"}) names.clear();
  std::vector<std::string> known;
  for (const trial::Fitted& fit : run.fits) known.push_back(fit.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string hint = did_you_mean(name, known);
    refuse(problems, o, "no fit " + name + " concerns this trial", hint.empty() ? "none, or files in fits/" : hint);
  }
  std::erase_if(run.fits,
                [&](const trial::Fitted& fit) { return std::find(names.begin(), names.end(), fit.name) == names.end(); });
}

void apply(Problems& problems, const Override& o, TrialRun& run) {
  if (o.path == "seed") {
    set_whole(problems, o, 0, ~std::uint64_t{0}, run.seed);
  } else if (o.path == "replicates") {
    std::uint64_t replicates = run.replicates;
    set_whole(problems, o, 1, most_replicates, replicates);
    run.replicates = static_cast<std::uint32_t>(replicates);
  } else if (o.path == "cut") {
    run.cut = o.value;
  } else if (o.path == "fit") {
    choose_fits(problems, o, run);
    run.set.push_back("fit = " + o.value);
  } else if (o.path == "uncertainty") {
    if (o.value != "none") return refuse(problems, o, "must be none", "leave it out to draw from the posterior");
    run.uncertain = false;
    run.set.push_back("uncertainty = none");
  } else if (o.path.starts_with("model.") || o.path.starts_with("sd.")) {
    set_parameter(problems, o, run);
  } else {
    refuse(problems, o, "is nothing that a trial's run can set",
           "seed, replicates, cut, fit, uncertainty, model.NAME and sd.NAME can be set");
  }
}

}  // namespace

TrialRun read_trial_run(const std::string& path, const ReadOptions& options) {
  TrialRun run;
  run.trial = trial::read_trial(path);
  run.text = file_text(path);
  run.use = trial::reference_patient_of(run.trial.disease);
  const model::ModelChoice choice = model::find_model(run.use, options.model_folders);
  run.model = model::read_model(choice.path, choice.variant);
  run.model_hash = model_hash(run.model);
  Problems problems;
  run.product = product::find_product(run.trial.product, options.product_folders, "product");
  run.product_text = file_text(run.product.file);
  trial::bring(run.product, run.model, problems);
  run.fits = trial::read_fits(options.fit_folders);
  std::erase_if(run.fits, [&](const trial::Fitted& fit) { return !fit.concerns(run.trial); });
  for (const Override& o : options.overrides) apply(problems, o, run);
  for (const trial::Fitted& fit : run.fits) {
    for (const std::string& name : trial::unknown_parameters(fit, run.trial, run.model))
      problems.add({fit.file, 0, 0, "parameter", "\"" + name + "\"", "is no parameter of " + run.use,
                    fit.command + " makes it anew"});
  }
  problems.throw_if_any();
  return run;
}

trial::Theta theta_of(const TrialRun& run, std::uint32_t replicate) {
  trial::Theta theta;
  for (const model::Parameter& p : run.model.parameters) {
    theta.typical.push_back(p.value);
    theta.sd.push_back(p.variability.sd);
  }
  for (std::size_t i = 0; i < run.fits.size(); ++i) {
    const trial::Fitted& fit = run.fits[i];
    std::optional<std::size_t> draw;
    if (run.uncertain) draw = trial::draw_of(run.seed, replicate, i, fit.draws());
    trial::apply(fit, run.trial, run.model, draw, theta);
  }
  for (const SetValue& set : run.values) (set.sd ? theta.sd : theta.typical)[set.parameter] = set.value;
  return theta;
}

std::string model_hash(const model::Model& model) { return hash_text(model::write_resolved(model)); }

RunSummary run_trial(const TrialRun& run, const std::string& path, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const trial::VirtualTrial simulated(trial::setup_of(run.trial, run.model, run.seed, run.cut));
  const trial::Comparer comparer(run.trial, simulated.setup().later);
  const record::Plan plan = impl::trial_plan(run, comparer, simulated, options, replicates_per_chunk);
  record::RecordingWriter writer(path, plan, options.existing);
  const std::vector<std::uint64_t> missing = writer.missing();
  const std::uint64_t size = plan.individuals / run.replicates;
  const auto replicates_of = [&](std::uint64_t chunk) {
    const std::uint64_t first = chunk * replicates_per_chunk;
    return std::pair(first, std::min<std::uint64_t>(run.replicates, first + replicates_per_chunk));
  };
  RunSummary summary;
  summary.threads = options.threads == 0 ? processor_count() : options.threads;
  std::uint64_t left = 0;
  for (const std::uint64_t chunk : missing) left += (replicates_of(chunk).second - replicates_of(chunk).first) * size;
  summary.individuals = left + writer.done() * plan.chunk_size;
  if (!missing.empty()) summary.engine = simulated.engine_text();
  ProgressMeter meter(options.progress, summary.individuals, summary.individuals - left);
  const bool done = for_each_chunk(missing.size(), {options.threads, options.stop}, [&](std::uint64_t i) {
    record::Part part = impl::empty_part(plan, missing[i]);
    trial::TrialRows rows;
    const auto [first, end] = replicates_of(missing[i]);
    const trial::CourseSink keep = impl::course_sink(part);
    for (std::uint64_t r = first; r < end; ++r) {
      const auto number = static_cast<std::uint32_t>(r);
      const trial::CourseSink& see = r < impl::replicates_with_courses ? keep : trial::CourseSink{};
      if (!simulated.replicate(number, theta_of(run, number), rows, options.stop, see)) return;
      impl::add_replicate(rows.main, comparer.figures(rows), part);
      meter.add(rows.main.size());
    }
    writer.write(std::move(part));
  });
  const std::vector<std::uint64_t> still = writer.missing();
  summary.integrated = left;
  for (const std::uint64_t chunk : still)
    summary.integrated -= (replicates_of(chunk).second - replicates_of(chunk).first) * size;
  const double seconds = seconds_since(start);
  if (summary.integrated > 0) summary.rate = static_cast<double>(summary.integrated) / seconds;
  if (done && still.empty()) {
    writer.assemble(finish);
    summary.failures = failures(record::Recording::open(path));
    summary.complete = true;
  }
  summary.seconds = seconds_since(start);
  return summary;
}

}  // namespace carina::scenario
