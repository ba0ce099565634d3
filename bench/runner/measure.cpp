#include "runner/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>

namespace carina::bench {
namespace {

double cpu_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The value below which a fraction `p` of `v` lies (nearest rank).
double percentile(std::vector<double> v, double p) {
  if (v.empty()) return 0.0;
  std::sort(v.begin(), v.end());
  const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(v.size())));
  return v[std::min(v.size() - 1, rank > 0 ? rank - 1 : 0)];
}

/// A benchmark under way: buffers, reference, and the accuracy that others must match.
class Measurement {
 public:
  Measurement(const Scene& scene, const Settings& settings)
      : scene_(scene),
        patients_(settings.patients > 0 ? settings.patients : scene.patients),
        checked_(std::min(settings.checked, patients_)),
        out_(patients_ * scene.values(), 0.0),
        reference_(checked_ * scene.values()) {
    known_ = scene.reference(checked_, reference_);
  }

  /// Answers first: nothing is timed before its error is known.
  void check(Contender& contender, Row& row) {
    row.bench = scene_.name;
    row.contender = contender.name();
    row.version = contender.version();
    row.absent = contender.absent();
    row.ours = contender.ours();
    row.unit = "patients/s/core";
    if (!row.absent.empty()) return;
    if (contender.matches_accuracy() && !match(contender, row)) return;
    row.patients = std::min(patients_, contender.most_patients());
    const std::size_t count = std::min(checked_, row.patients);
    row.accuracy = accuracy_of(contender, count, row.failures);
    row.contender = contender.name();
    if (contender.sets_accuracy()) target_ = row.accuracy;
  }

  void time(Contender& contender, Row& row) {
    std::fill(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(row.patients * scene_.values()), missing);
    const double begin = cpu_seconds();
    const Outcome outcome = contender.run(row.patients, out_);
    const double spent = outcome.cpu_seconds >= 0.0 ? outcome.cpu_seconds : cpu_seconds() - begin;
    row.value = std::max(row.value, static_cast<double>(row.patients) / spent);
    row.effort = outcome.effort;
    row.remark = contender.remark();
    if (!row.accuracy.known) row.remark = "answers not compared: no CVODE for a reference";
    row.failures = std::max({row.failures, outcome.failures, unfinished(row.patients)});
    row.checked = row.failures == 0 && row.accuracy.known && row.accuracy.largest_median <= scene_.allowed_error;
  }

 private:
  static constexpr double missing = std::numeric_limits<double>::quiet_NaN();

  Accuracy accuracy_of(Contender& contender, std::size_t count, std::size_t& failures) {
    std::fill(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(count * scene_.values()), missing);
    failures = contender.run(count, out_).failures;
    return known_ ? judge(scene_, count, out_, reference_) : Accuracy{};
  }

  /// Patients with a value that was not written or is not finite.
  std::size_t unfinished(std::size_t count) const {
    std::size_t bad = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const double* first = out_.data() + k * scene_.values();
      if (!std::all_of(first, first + scene_.values(), [](double v) { return std::isfinite(v); })) ++bad;
    }
    return bad;
  }

  /// The loosest tolerance, in steps of a sixteenth of a decade, at which neither the median nor the 95th percentile
  /// of the error exceeds CVODE's.
  bool match(Contender& contender, Row& row) {
    if (!target_.known) {
      row.absent = "no CVODE to match";
      return false;
    }
    const auto accurate = [&](int sixteenths) {
      contender.set_tolerance(std::pow(10.0, -sixteenths / 16.0));
      std::size_t failures = 0;
      const Accuracy a = accuracy_of(contender, checked_, failures);
      return failures == 0 && a.wrms_median <= target_.wrms_median && a.wrms_p95 <= target_.wrms_p95;
    };
    int loose = 3 * 16, tight = 8 * 16;
    if (!accurate(tight)) {
      row.absent = "does not reach the accuracy of CVODE at rtol 1e-8";
      return false;
    }
    while (tight - loose > 1) {
      const int middle = (loose + tight) / 2;
      (accurate(middle) ? tight : loose) = middle;
    }
    contender.set_tolerance(std::pow(10.0, -tight / 16.0));
    return true;
  }

  const Scene& scene_;
  std::size_t patients_, checked_;
  std::vector<double> out_, reference_;
  bool known_ = false;
  Accuracy target_;
};

void compare(const Scene& scene, std::vector<Row>& rows) {
  const Row* common = nullptr;
  const Row* equal = nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].absent.empty()) continue;
    if (scene.contenders[i]->yardstick()) common = &rows[i];
    if (scene.contenders[i]->matches_accuracy()) equal = &rows[i];
  }
  for (Row& row : rows) {
    if (!row.absent.empty() || row.value <= 0.0) continue;
    if (common != nullptr) row.speedup = common->value / row.value;
    // Only against those whose answers are no better than the ones given for that speed.
    if (equal != nullptr && !row.ours && row.accuracy.wrms_median >= equal->accuracy.wrms_median)
      row.speedup_equal = equal->value / row.value;
  }
}

}  // namespace

Accuracy judge(const Scene& scene, std::size_t count, std::span<const double> answers, std::span<const double> reference) {
  std::vector<double> wrms, largest;
  const std::size_t values = scene.values(), columns = scene.columns();
  for (std::size_t k = 0; k < count; ++k) {
    double sum = 0.0, worst = 0.0;
    for (std::size_t i = 0; i < values; ++i) {
      const double expected = reference[k * values + i], atol = scene.atol[i % columns];
      const double error = std::abs(answers[k * values + i] - expected);
      const double e = error / (1e-6 * std::abs(expected) + atol);
      sum += e * e;
      // A value that is not a number must not pass for a small error.
      const double relative = error / (std::abs(expected) + 1000.0 * atol);
      worst = relative <= worst ? worst : std::isfinite(relative) ? relative : HUGE_VAL;
    }
    wrms.push_back(std::isfinite(sum) ? std::sqrt(sum / static_cast<double>(values)) : HUGE_VAL);
    largest.push_back(worst);
  }
  return {true, percentile(wrms, 0.5), percentile(wrms, 0.95), percentile(largest, 0.5), percentile(largest, 1.0)};
}

std::vector<Row> measure(const Scene& scene, const Settings& settings) {
  Measurement measurement(scene, settings);
  std::vector<Row> rows(scene.contenders.size());
  // CVODE first, since others match its accuracy.
  for (const bool first : {true, false})
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (scene.contenders[i]->sets_accuracy() == first) measurement.check(*scene.contenders[i], rows[i]);
  for (int repeat = 0; repeat < settings.repeats; ++repeat)
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].absent.empty()) measurement.time(*scene.contenders[i], rows[i]);
  compare(scene, rows);
  return rows;
}

}  // namespace carina::bench
