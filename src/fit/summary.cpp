#include "fit/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/hash.h"

namespace carina::fit {
namespace {

void add(Hash& hash, const Prediction& prediction) {
  hash.doubles(std::vector{prediction.joint_distance, prediction.joint_p, prediction.coverage, prediction.coverage_check,
                           prediction.coverage_low});
  for (const FigurePrediction& figure : prediction.figures) {
    hash.doubles(std::vector{figure.p05, figure.p50, figure.p95, figure.score, figure.missing});
  }
}

void add(Hash& hash, const Emulator& emulator) {
  hash.doubles(emulator.region.centre);
  hash.doubles(emulator.region.spread.values);
  hash.doubles(emulator.correlation.values);
  for (const FigureEmulator& figure : emulator.figures) {
    hash.doubles(figure.mean);
    hash.doubles(figure.log_variance);
    hash.doubles(std::vector{figure.error[0], figure.error[1], figure.error[2], figure.error[3], figure.loo_rms,
                             figure.loo_calibration, figure.r2, figure.skewness, figure.excess_kurtosis, figure.missing});
  }
}

}  // namespace

std::string_view name(PriorChange change) {
  switch (change) {
    case PriorChange::Wider: return "wider";
    case PriorChange::Higher: return "higher";
    case PriorChange::Lower: return "lower";
  }
  return "";
}

std::string hash(const Summary& summary) {
  Hash out;
  out.number(static_cast<std::uint64_t>(summary.status));
  out.number(summary.trials);
  out.doubles(std::vector{summary.misfit, summary.misfit_p});
  out.doubles(summary.z_draws.values);
  out.doubles(summary.draws.values);
  for (const ParameterSummary& one : summary.parameters) {
    out.doubles(std::vector{one.mean, one.sd, one.p05, one.p50, one.p95, one.z_mean, one.z_sd, one.mixing.rhat,
                            one.mixing.ess_bulk, one.mixing.ess_tail});
  }
  for (const FigureSummary& one : summary.figures) {
    out.doubles(std::vector{one.expected, one.parameter_sd, one.sampling_sd, one.emulator_sd, one.strain});
  }
  for (const Direction& one : summary.directions) out.doubles(one.loadings), out.doubles(std::vector{one.precision});
  add(out, summary.prediction);
  add(out, summary.simulated);
  for (const GroupLeftOut& one : summary.groups) {
    out.doubles(one.shift);
    out.doubles(one.sd_ratio);
    add(out, one.prediction);
  }
  for (const PriorSensitivity& one : summary.priors) out.doubles(one.figure_change), out.doubles(one.figure_score);
  for (const WaveSummary& one : summary.waves) out.doubles(std::vector{one.worst_error, one.shift});
  add(out, summary.first_emulator);
  add(out, summary.emulator);
  return out.hex();
}

std::string report(const Problem& problem, const Summary& summary) {
  std::string out = fmt::format("{}: {} ({} trials in {} waves)\n", status_name(summary.status),
                                status_sentence(summary.status), summary.trials, summary.waves.size());
  const auto line = [&](const std::string& text) { out += text + "\n"; };
  for (const Note& note : summary.notes) {
    line(fmt::format("  {}: {} ({})", status_sentence(note.status), note.what, status_advice(note.status)));
  }
  for (const ParameterSummary& one : summary.parameters) {
    line(fmt::format("  {:<24} {:>10.4g} [{:.4g}, {:.4g}] {}  contraction {:.2f}  R-hat {:.3f}", one.name, one.p50, one.p05,
                     one.p95, one.unit, one.contraction, one.mixing.rhat));
  }
  for (std::size_t f = 0; f < summary.prediction.figures.size(); ++f) {
    const FigurePrediction& one = summary.prediction.figures[f];
    const double strain = summary.figures[f].strain;
    line(fmt::format("  {:<24} {:>10.4g} [{:.4g}, {:.4g}] {}  observed {:.4g}{}{}", one.name, one.p50, one.p05, one.p95,
                     problem.figures[f].unit, one.observed, one.inside ? "" : "  outside",
                     std::fabs(strain) > 2 ? fmt::format("  {:+.1f} SD given the others", strain) : ""));
  }
  if (summary.prediction.replicates > 0) {
    line(fmt::format(
        "  misfit p {:.3f}, joint p {:.3f}; {:.0f} % inside, 5 % of the model's own trials have {:.0f} % or less",
        summary.misfit_p, summary.prediction.joint_p, 100 * summary.prediction.coverage,
        100 * summary.prediction.coverage_low));
  }
  return out;
}

}  // namespace carina::fit
