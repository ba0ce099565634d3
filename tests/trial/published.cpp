#include "trial/published.h"

#include <doctest/doctest.h>

#include <cmath>

#include "trial/read.h"

namespace {

using namespace carina::trial;
using doctest::Approx;

Figure made(Statistic statistic, double value, std::uint64_t n, const std::string& unit) {
  Figure f;
  f.statistic = statistic;
  f.value = value;
  f.n = n;
  f.unit = unit;
  return f;
}

Figure with_ends(Figure f, std::optional<double> low, std::optional<double> high, IntervalKind kind) {
  f.low = low;
  f.high = high;
  f.interval = kind;
  return f;
}

}  // namespace

// R: binom.test(61, 75)$conf.int; the paper prints 71 to 89.
TEST_CASE("a share has the exact binomial interval of its n, in its unit") {
  const Sampling s = sampling(made(Statistic::Share, 81, 75, "%"));
  CHECK(s.basis == Basis::Binomial);
  CHECK(s.interval.low == Approx(70.6684544).epsilon(1e-8));
  CHECK(s.interval.high == Approx(89.4017532).epsilon(1e-8));
  CHECK(s.error == Approx(100 * std::sqrt(61.5 / 76 * 14.5 / 76 / 75)).epsilon(1e-12));
}

TEST_CASE("none of 97 has an interval and a standard error above 0") {
  const Sampling s = sampling(made(Statistic::Count, 0, 97, "1"));
  CHECK(s.interval.low == 0);
  CHECK(s.interval.high == Approx(97 * (1 - std::pow(0.025, 1.0 / 97))).epsilon(1e-9));
  CHECK(s.error > 0);
}

TEST_CASE("a survival with its interval keeps that interval, and its error is read off on the log-log scale") {
  const Figure f = with_ends(made(Statistic::Survival, 80, 61, "%"), 65, 89, IntervalKind::Confidence95);
  const Sampling s = sampling(f);
  CHECK(s.basis == Basis::Interval);
  CHECK(s.interval.low == 65);
  CHECK(s.interval.high == 89);
  const double error = (std::log(-std::log(0.65)) - std::log(-std::log(0.89))) / (2 * 1.959963984540054);
  CHECK(s.scale_error == Approx(error).epsilon(1e-12));
  CHECK(s.error == Approx(100 * 0.8 * -std::log(0.8) * error).epsilon(1e-12));
  const Sampling narrow = sampling(f, 0.5);
  CHECK((narrow.interval.low > 65 && narrow.interval.high < 89 && narrow.interval.low < 80 && narrow.interval.high > 80));
}

TEST_CASE("a survival without an interval is taken as if nobody were censored, and says so") {
  CHECK(sampling(made(Statistic::Survival, 62, 68, "%")).basis == Basis::BinomialUncensored);
}

TEST_CASE("a geometric mean has the error of the logarithms that its CV implies") {
  Figure f = made(Statistic::GeometricMean, 34700, 61, "copies/ug");
  f.cv = 155.4;
  const Sampling s = sampling(f);
  const double error = std::sqrt(std::log(1 + 1.554 * 1.554) / 61);
  CHECK(s.scale_error == Approx(error).epsilon(1e-12));
  CHECK(s.interval.high == Approx(34700 * std::exp(2.000298 * error)).epsilon(1e-6));  // R: qt(0.975, 60)
  CHECK(s.interval.low == Approx(34700 * std::exp(-2.000298 * error)).epsilon(1e-6));
}

TEST_CASE("a mean has the error SD over root n") {
  Figure f = made(Statistic::Mean, 48692, 97, "copies/ug");
  f.sd = 27174;
  const Sampling s = sampling(f);
  CHECK(s.error == Approx(27174 / std::sqrt(97.0)).epsilon(1e-12));
  CHECK(s.interval.low == Approx(48692 - 1.984984 * s.error).epsilon(1e-6));  // R: qt(0.975, 96)
}

TEST_CASE("a median time with one end not reached is open there and takes its error from the other") {
  const Sampling s =
      sampling(with_ends(made(Statistic::Median, 60.7, 97, "month"), 41.9, std::nullopt, IntervalKind::Confidence95));
  CHECK(s.basis == Basis::Interval);
  CHECK(s.interval.low == 41.9);
  CHECK(std::isinf(s.interval.high));
  CHECK(s.scale_error == Approx(std::log(60.7 / 41.9) / 1.959963984540054).epsilon(1e-12));
}

// R: for n = 61 the ranks are qbinom(0.025, 61, 0.5) = 23 and 39, so the interval runs between the 23rd and the 39th value.
TEST_CASE("a median with its range has the interval between the ranks of a binomial number") {
  const Sampling s = sampling(with_ends(made(Statistic::Median, 3, 61, "day"), 1, 22, IntervalKind::Range));
  CHECK(s.basis == Basis::OrderStatistics);
  CHECK(s.scale == Scale::Log);
  const double extreme = 2.318758;  // R: qnorm((61 - 0.375) / 61.25)
  const double sd = std::log(22.0) / (2 * extreme);
  CHECK(s.scale_error == Approx(sd * std::sqrt(3.14159265358979 / 122)).epsilon(1e-4));
  const double z = 0.329291;  // R: -qnorm(23 / 62)
  CHECK(s.interval.high == Approx(3 * std::exp(z * sd)).epsilon(1e-4));
  CHECK(s.interval.low == Approx(3 * std::exp(-z * sd)).epsilon(1e-4));
}

TEST_CASE("a median in the middle of its range is taken on the linear scale, and few patients give the range itself") {
  CHECK(sampling(with_ends(made(Statistic::Median, 9.91, 61, "day"), 0.008, 27, IntervalKind::Range)).scale ==
        Scale::Linear);
  const Sampling few = sampling(with_ends(made(Statistic::Median, 0.6, 3, "%"), 0.2, 8.2, IntervalKind::Range));
  CHECK(few.interval.low == 0.2);
  CHECK(few.interval.high == 8.2);
}

TEST_CASE("a figure that tells neither n nor an interval has no sampling interval") {
  Figure f = made(Statistic::Share, 88, 1, "%");
  f.n.reset();
  CHECK(sampling(f).basis == Basis::Nothing);
  CHECK(std::isnan(sampling(f).error));
  Figure bound = made(Statistic::Share, 1, 140, "%");
  bound.bound = "upper";
  CHECK(sampling(bound).basis == Basis::Nothing);
}

// What a paper prints beside a share is most often that same interval: a check of the data and of the rule at once.
TEST_CASE("published intervals of shares lie within two points of the exact ones") {
  int seen = 0;
  for (const char* name : {"eliana", "juliet", "elara", "transcend", "zuma_2"}) {
    const Trial t = read_trial(std::string(CARINA_SOURCE_TREE) + "/trials/" + name + ".toml");
    for (const Figure& f : t.figures) {
      if (f.statistic != Statistic::Share || f.interval != IntervalKind::Confidence95) continue;
      const Sampling s = sampling(f);
      CAPTURE(t.name);
      CAPTURE(f.id);
      CHECK(s.interval.low == Approx(*f.low).scale(1).epsilon(0.02));
      CHECK(s.interval.high == Approx(*f.high).scale(1).epsilon(0.02));
      ++seen;
    }
  }
  CHECK(seen >= 15);
}
