#include "study/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "base/hash.h"
#include "base/installation.h"
#include "base/random.h"
#include "base/section.h"
#include "trial/compare.h"
#include "trial/scales.h"
#include "trial/setup.h"
#include "trial/subject.h"
#include "trial/virtual_trial.h"

namespace carina::study {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t number_purpose = 1000;  // addresses of Domain::Fit that the room fit does not use
constexpr std::uint32_t grain_purpose = 1001;

// One trial under simulation.
struct Bench {
  const scenario::TrialRun* run = nullptr;
  trial::VirtualTrial simulated;
  trial::Comparer comparer;
  trial::Theta given;                // the model's values and what is given
  std::vector<std::size_t> columns;  // figures of the comparer that are calibrated on
  std::vector<double> grains;        // of those
};

// Where an open parameter goes in the values of one trial.
struct Place {
  std::size_t prior = 0;
  std::uint32_t parameter = 0;
  bool sd = false;
};

bool left_out(const Calibration& calibration, const std::string& trial, const std::string& figure) {
  return std::any_of(calibration.left_out.begin(), calibration.left_out.end(),
                     [&](const LeftOut& out) { return out.trial == trial && out.figure == figure; });
}

std::string prior_name(const Calibration& calibration, const Prior& prior) {
  const auto same = std::count_if(calibration.priors.begin(), calibration.priors.end(),
                                  [&](const Prior& other) { return other.name() == prior.name(); });
  return same > 1 ? fmt::format("{} of {}", prior.name(), fmt::join(prior.of, ", ")) : prior.name();
}

// Notes an input once.
void note(std::vector<trial::FitInput>& inputs, trial::FitInput input) {
  const bool there =
      std::any_of(inputs.begin(), inputs.end(), [&](const trial::FitInput& other) { return other.name == input.name; });
  if (!there) inputs.push_back(std::move(input));
}

// The number of a simulated trial, which says who its patients are. Two streams, or two trials of one calibration, share one only
// by a chance of 2^-32: published trials are independent, and with one number those of equal size would have the same patients.
std::uint32_t number_of(const fit::Request& request, std::size_t bench, std::size_t replicate) {
  const random::Address address{request.stream, bench, replicate, number_purpose, 0};
  return static_cast<std::uint32_t>(random::words(request.seed, random::Domain::Fit, address)[0] >> 32);
}

}  // namespace

struct Posed::Inside {
  std::vector<Bench> benches;
  std::vector<std::vector<Place>> places;  // of each bench
  fit::Problem problem;

  void add_parameters(const Calibration& calibration);
  void add_trial(const Calibration& calibration, const scenario::TrialRun& run);
  fit::Simulated simulate(const fit::Request& request) const;
};

void Posed::Inside::add_parameters(const Calibration& calibration) {
  for (const Prior& prior : calibration.priors) {
    problem.parameters.push_back(
        {prior_name(calibration, prior), prior.unit, prior.axis, prior.median, prior.spread, prior.source});
  }
}

void Posed::Inside::add_trial(const Calibration& calibration, const scenario::TrialRun& run) {
  trial::VirtualTrial simulated(trial::setup_of(run.trial, run.model, calibration.method.seed, run.cut));
  trial::Comparer comparer(run.trial, simulated.setup().later);
  Bench bench{&run, std::move(simulated), std::move(comparer), scenario::theta_of(run, 0), {}, {}};
  const std::vector<trial::Comparison> all = bench.comparer.compare({});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const trial::Figure& figure = *all[i].figure;
    if (figure.role != trial::Role::Calibrate || !figure.counted() || left_out(calibration, run.trial.name, figure.id))
      continue;
    const trial::FigureScale scale = trial::scale_of(figure, all[i].cv);
    const std::string prefix = calibration.runs.size() > 1 ? run.trial.name + "." : "";
    problem.figures.push_back({prefix + all[i].name(), std::string(trial::subject_of(figure.measure)),
                               all[i].cv ? "%" : figure.unit, scale.axis, all[i].published, fit::Role::Calibrate});
    bench.columns.push_back(i);
    bench.grains.push_back(scale.grain);
  }
  std::vector<Place> list;
  for (std::size_t i = 0; i < calibration.priors.size(); ++i) {
    const Prior& prior = calibration.priors[i];
    if (!trial::belongs(prior.layer, prior.of, run.trial)) continue;
    list.push_back({i, *run.model.find_parameter(prior.parameter), prior.sd});
  }
  places.push_back(std::move(list));
  benches.push_back(std::move(bench));
}

fit::Simulated Posed::Inside::simulate(const fit::Request& request) const {
  fit::Simulated out;
  out.figures = fit::Matrix(request.replicates, problem.figures.size());
  trial::TrialRows rows;
  std::size_t first = 0;
  for (std::size_t b = 0; b < benches.size(); ++b) {
    const Bench& bench = benches[b];
    trial::Theta theta = bench.given;
    for (const Place& place : places[b])
      (place.sd ? theta.sd : theta.typical)[place.parameter] = request.parameters[place.prior];
    for (std::size_t r = 0; r < request.replicates; ++r) {
      const std::uint32_t number = number_of(request, b, r);
      bench.simulated.replicate(number, theta, rows);
      const std::vector<double> figures = bench.comparer.figures(rows);
      for (std::size_t j = 0; j < bench.columns.size(); ++j) {
        const random::Address address{number, 0, first + j, grain_purpose, 0};
        const double blur = bench.grains[j] * (random::uniform(request.seed, random::Domain::Fit, address) - 0.5);
        const double value = figures[bench.columns[j]];
        const fit::Axis& axis = problem.figures[first + j].axis;
        out.figures(r, first + j) = std::isnan(axis.to(value + blur)) ? value : value + blur;
      }
    }
    first += bench.columns.size();
  }
  return out;
}

Posed::Posed(const Calibration& calibration) : inside_(std::make_unique<Inside>()) {
  inside_->add_parameters(calibration);
  for (const scenario::TrialRun& run : calibration.runs) inside_->add_trial(calibration, run);
  inside_->problem.simulate = [inside = inside_.get()](const fit::Request& request) { return inside->simulate(request); };
}

Posed::~Posed() = default;
Posed::Posed(Posed&&) noexcept = default;
Posed& Posed::operator=(Posed&&) noexcept = default;

const fit::Problem& Posed::problem() const { return inside_->problem; }

fit::Options options_of(const Calibration& calibration) {
  fit::Options options;
  options.seed = calibration.method.seed;
  options.replicates = calibration.method.replicates;
  options.points = calibration.method.points;
  options.waves = calibration.method.waves;
  options.draws = calibration.method.draws;
  return options;
}

trial::Fitted fitted_of(const Calibration& calibration, const fit::Summary& summary, const std::string& command) {
  trial::Fitted fitted;
  fitted.name = calibration.name;
  fitted.title = calibration.title;
  fitted.command = command;
  fitted.version = std::string(version());
  fitted.status = std::string(fit::status_sentence(summary.status));
  fitted.seed = calibration.method.seed;
  fitted.given = calibration.given;
  fitted.inputs.push_back({"calibrations/" + calibration.name, hash_text(calibration.text)});
  for (const scenario::TrialRun& run : calibration.runs) {
    fitted.trials.push_back(run.trial.name);
    fitted.inputs.push_back({"trials/" + run.trial.name, hash_text(run.text)});
    note(fitted.inputs, {"models/" + run.use, run.model_hash});
    note(fitted.inputs, {"products/" + fs::path(run.product.file).stem().string(), hash_text(run.product_text)});
    for (const trial::Fitted& given : run.fits)
      note(fitted.inputs, {"fits/" + given.name, hash_text(file_text(given.file))});
  }
  for (std::size_t i = 0; i < calibration.priors.size(); ++i) {
    const Prior& prior = calibration.priors[i];
    const fit::ParameterSummary& s = summary.parameters[i];
    trial::FittedParameter p;
    p.parameter = prior.parameter;
    p.sd = prior.sd;
    p.layer = prior.layer;
    p.of = prior.of;
    p.unit = prior.unit;
    p.source = prior.source;
    p.prior_low = s.prior_p05;
    p.prior_high = s.prior_p95;
    p.low = s.p05;
    p.median = s.p50;
    p.high = s.p95;
    p.contraction = s.contraction;
    for (std::size_t d = 0; d < summary.draws.rows; ++d) p.draws.push_back(summary.draws(d, i));
    fitted.parameters.push_back(std::move(p));
  }
  return fitted;
}

std::string report_more(const fit::Problem& problem, const fit::Summary& summary) {
  std::string out = "\nDirections, from stiff to sloppy (precision in prior SDs: 1 the figures say nothing)\n";
  for (const fit::Direction& d : summary.directions) out += fmt::format("  {:>9.3g}  {}\n", d.precision, d.name);
  if (!summary.groups.empty())
    out += "\nWithout a group of figures: how the rest predicts it, and which parameter moves most\n";
  for (const fit::GroupLeftOut& g : summary.groups) {
    std::size_t most = 0;
    for (std::size_t i = 1; i < g.shift.size(); ++i) {
      if (std::fabs(g.shift[i]) > std::fabs(g.shift[most])) most = i;
    }
    const auto inside = std::count_if(g.prediction.figures.begin(), g.prediction.figures.end(),
                                      [](const fit::FigurePrediction& f) { return f.inside; });
    out += fmt::format("  {:<14} {} of {} inside, joint p {:.3f}; {} moves by {:+.2f} SD\n", g.group, inside,
                       g.prediction.figures.size(), g.prediction.joint_p, problem.parameters[most].name, g.shift[most]);
  }
  if (!summary.priors.empty())
    out += "\nWith a prior changed: the expected figure that moves most, in SDs of its prediction\n";
  std::map<std::string, const fit::PriorSensitivity*> worst;
  for (const fit::PriorSensitivity& s : summary.priors) {
    const fit::PriorSensitivity*& now = worst[s.parameter];
    if (now == nullptr || s.largest > now->largest) now = &s;
  }
  for (const fit::Parameter& p : problem.parameters) {
    const auto found = worst.find(p.name);
    if (found == worst.end()) continue;
    const fit::PriorSensitivity& s = *found->second;
    out += fmt::format("  {:<14} {:<7} {:.2f}  {}{}\n", p.name, name(s.change), s.largest, s.largest_figure,
                       s.largest < s.noise ? "  (within noise)" : "");
  }
  return out;
}

}  // namespace carina::study
