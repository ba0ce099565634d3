#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/nca.h"

using namespace carina::stats;
using doctest::Approx;

namespace {
using Numbers = std::vector<double>;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
const double log_two = std::log(2.0);

Numbers steps(double end) {
  Numbers times;
  for (int t = 0; t <= end; ++t) times.push_back(t);
  return times;
}

Approx about(double value) { return Approx(value).epsilon(1e-12); }
}  // namespace

TEST_CASE("a single exponential has its closed-form area, half-life and extrapolation") {
  const double k = 0.3, c0 = 5;
  Numbers times, values;
  for (int i = 0; i <= 20; ++i) {
    times.push_back(i * 0.75);
    values.push_back(c0 * std::exp(-k * times.back()));
  }
  const NcaResult r = nca(times, values, {.end = 7.1});
  CHECK(r.status == NcaStatus::Ok);
  CHECK(r.cmax == 5);
  CHECK(r.tmax == 0);
  CHECK(r.tlast == 15);
  CHECK(r.clast == values.back());
  CHECK(r.lambda_z == about(k));
  CHECK(r.half_life == about(log_two / k));
  CHECK(r.r2 == about(1));
  CHECK(r.lambda_z_points == 20);
  CHECK(r.lambda_z_from == 0.75);
  CHECK(r.auc_last == about(c0 * (1 - std::exp(-k * 15)) / k));
  CHECK(r.auc_end == about(c0 * (1 - std::exp(-k * 7.1)) / k));
  CHECK(r.auc_inf == about(c0 / k));
  CHECK(r.auc_inf_pred == about(c0 / k));
  CHECK(r.extrapolated == about(std::exp(-k * 15)));
  CHECK(r.clast_pred == about(values.back()));
  CHECK(r.span_ratio == about((15 - 0.75) * k / log_two));
}

// The concentrations and the areas by both methods are those of PKNCA's own tests of pk.calc.auc (test-auc.R).
TEST_CASE("areas follow PKNCA for samples below the limit in the middle and at the end") {
  const Numbers values = {0, 2, 0, 1, 2, 1, 0, 0};
  const Numbers times = steps(7);
  const auto area = [&](AucMethod method, BlqRule middle, Beyond beyond = Beyond::Nothing) {
    const NcaOptions options{.auc = method, .blq_middle = middle, .beyond = beyond, .end = 7};
    return nca(times, values, options).auc_end;
  };
  CHECK(area(AucMethod::Linear, BlqRule::Zero) == about(1 + 1 + 0.5 + 1.5 + 1.5));
  CHECK(area(AucMethod::LinUpLogDown, BlqRule::Zero) == about(1 + 1 + 0.5 + 1.5 + 1 / log_two));
  CHECK(area(AucMethod::Linear, BlqRule::Drop) == about(1 + 3 + 1.5 + 1.5));
  CHECK(area(AucMethod::LinUpLogDown, BlqRule::Drop) == about(1 + 2 / log_two + 1.5 + 1 / log_two));
  CHECK(area(AucMethod::Linear, BlqRule::Drop, Beyond::Triangle) == about(1 + 3 + 1.5 + 1.5 + 0.5));
  CHECK(area(AucMethod::LinUpLogDown, BlqRule::Drop, Beyond::Triangle) == about(1 + 2 / log_two + 1.5 + 1 / log_two + 0.5));
}

TEST_CASE("the limit, half of it or nothing stands for a sample below the limit where the rule says so") {
  const Numbers times = steps(4);
  const Numbers values = {3, 10, 4, 10, 4};  // with a limit of 5 the first, third and last are below it
  const auto area = [&](BlqRule first, BlqRule middle) {
    return nca(times, values, {.auc = AucMethod::Linear, .lloq = 5, .blq_first = first, .blq_middle = middle}).auc_last;
  };
  CHECK(area(BlqRule::Zero, BlqRule::Zero) == about(5 + 5 + 5));
  CHECK(area(BlqRule::Limit, BlqRule::Half) == about(7.5 + 6.25 + 6.25));
  CHECK(area(BlqRule::Half, BlqRule::Limit) == about(6.25 + 7.5 + 7.5));
  CHECK(area(BlqRule::Zero, BlqRule::Drop) == about(5 + 20));
  CHECK(std::isnan(area(BlqRule::Drop, BlqRule::Drop)));  // no sample at the start of the area is left
  const NcaResult r = nca(times, values, {.lloq = 5, .blq_last = BlqRule::Limit});
  CHECK(r.clast == 10);
  CHECK(r.tlast == 3);
}

// The values are those of PKNCA's tests of pk.calc.half.life (test-half.life.R), printed there to six or seven digits.
TEST_CASE("half-lives are those of PKNCA's own tests") {
  const Numbers times = steps(3);
  const Numbers values = {1, 0.5, 0.25, 0.1251};
  CHECK(nca(times, values).half_life == Approx(1.000577).epsilon(1e-6));
  const NcaResult r = nca(times, values, {.tmax_in_half_life = true, .r2_tolerance = 0.01});
  CHECK(r.half_life == Approx(1.000346).epsilon(1e-6));
  CHECK(r.lambda_z == Approx(0.6929073).epsilon(1e-7));
  CHECK(r.lambda_z_points == 4);
  CHECK(r.lambda_z_from == 0);
  CHECK(r.clast_pred == Approx(0.12507).epsilon(1e-5));
  CHECK(r.span_ratio == Approx(2.998962).epsilon(1e-6));
  CHECK(nca(steps(2), Numbers{1, 0.5, 0.25}, {.tmax_in_half_life = true}).half_life == about(1));
  CHECK(nca(steps(2), Numbers{1, 0.5, 0.25}).status == NcaStatus::FewPoints);
}

TEST_CASE("an area that ends inside the profile is cut by the rule of the method") {
  const Numbers times = {0, 1, 2, 4};
  const Numbers values = {0, 8, 6, 1.5};
  const NcaResult log_down = nca(times, values, {.end = 3});
  CHECK(log_down.auc_end == about(4 + 2 / std::log(8.0 / 6) + (6 - 3) / log_two));
  const NcaResult linear = nca(times, values, {.auc = AucMethod::Linear, .end = 3});
  CHECK(linear.auc_end == about(4 + 7 + (6 + 3.75) / 2));
  const NcaResult rising = nca(times, values, {.end = 0.25});
  CHECK(rising.auc_end == about(0.25 * 2 / 2));
  const NcaResult later = nca(times, values, {.auc = AucMethod::Linear, .start = 0.5, .end = 1.5});
  CHECK(later.auc_end == about((4 + 8) * 0.25 + (8 + 7) * 0.25));
}

TEST_CASE("an area that ends after the last quantifiable sample goes on as told") {
  const Numbers times = steps(4);
  const Numbers values = {8, 4, 2, 1, 0};
  const double traced = 7 / log_two;  // 4 / log 2 + 2 / log 2 + 1 / log 2
  const auto area = [&](double end, Beyond beyond, BlqRule last = BlqRule::Zero) {
    return nca(times, values, {.blq_last = last, .beyond = beyond, .end = end}).auc_end;
  };
  CHECK(area(3, Beyond::Nothing) == about(traced));
  CHECK(area(6, Beyond::Nothing) == about(traced));
  CHECK(area(3.5, Beyond::Triangle) == about(traced + (1 + 0.5) / 2 * 0.5));
  CHECK(area(6, Beyond::Triangle) == about(traced + 0.5));
  CHECK(area(6, Beyond::Triangle, BlqRule::Drop) == about(traced));
  CHECK(area(5, Beyond::LambdaZ) == about(traced + 0.75 / log_two));
  CHECK(std::isnan(nca(steps(2), Numbers{4, 2, 1}, {.beyond = Beyond::LambdaZ, .end = 5}).auc_end));
}

TEST_CASE("the best adjusted R2 decides, with the tolerance in favour of more points") {
  // A steep phase, then a flat one with a little noise: the fit must keep to the flat one.
  Numbers times, values;
  for (int i = 0; i < 5; ++i) {
    times.push_back(i);
    values.push_back(1000 * std::exp(-1.5 * i));
  }
  for (int i = 5; i < 12; ++i) {
    times.push_back(i);
    values.push_back(1.5 * std::exp(-0.1 * (i - 5)) * (i % 2 ? 1.001 : 0.999));
  }
  const NcaResult r = nca(times, values);
  CHECK(r.lambda_z_points == 7);
  CHECK(r.lambda_z == Approx(0.1).epsilon(0.01));
  CHECK(r.adjusted_r2 == about(1 - (1 - r.r2) * 6 / 5));
  const NcaResult wide = nca(times, values, {.r2_tolerance = 1});
  CHECK(wide.lambda_z_points == 11);
}

TEST_CASE("a rising end that fits best leaves no half-life, as in PKNCA") {
  const Numbers times = steps(5);
  const NcaResult r = nca(times, Numbers{10, 3, 3.7, 1, 1.1, 1.21});
  CHECK(r.status == NcaStatus::NotFalling);
  CHECK(std::isnan(r.half_life));
  CHECK(std::isnan(r.auc_inf));
  CHECK(r.auc_last > 0);
  CHECK(nca(times, Numbers{10, 2, 2, 2, 2, 2}).status == NcaStatus::NotFalling);
}

TEST_CASE("the first or the last of equal maxima gives Tmax") {
  const Numbers times = steps(5);
  const Numbers values = {1, 7, 3, 7, 2, 1};
  CHECK(nca(times, values).tmax == 1);
  CHECK(nca(times, values, {.first_tmax = false}).tmax == 3);
}

TEST_CASE("missing samples are left out and a profile without any concentration says so") {
  const NcaResult with = nca(Numbers{0, 1, 2, 3, 4}, Numbers{8, missing, 2, 1, 0.5});
  const NcaResult without = nca(Numbers{0, 2, 3, 4}, Numbers{8, 2, 1, 0.5});
  CHECK(with.auc_last == without.auc_last);
  CHECK(with.half_life == without.half_life);

  const NcaResult zeros = nca(steps(3), Numbers{0, 0, 0, 0}, {.end = 2});
  CHECK(zeros.status == NcaStatus::Empty);
  CHECK(zeros.cmax == 0);
  CHECK(zeros.auc_last == 0);
  CHECK(zeros.auc_end == 0);
  CHECK(std::isnan(zeros.tmax));
  const NcaResult nothing = nca(steps(1), Numbers{missing, missing});
  CHECK(nothing.status == NcaStatus::Empty);
  CHECK(std::isnan(nothing.cmax));
  CHECK(std::isnan(nothing.auc_last));
  CHECK(nca(Numbers{}, Numbers{}).status == NcaStatus::Empty);
}

TEST_CASE("no area is given that would begin before the first sample") {
  const NcaResult r = nca(Numbers{1, 2, 3, 4}, Numbers{8, 4, 2, 1});
  CHECK(std::isnan(r.auc_last));
  CHECK(r.half_life == about(1));
  CHECK(nca(Numbers{1, 2, 3, 4}, Numbers{8, 4, 2, 1}, {.start = 1}).auc_last == about(7 / log_two));
}

TEST_CASE("a flat or nearly flat stretch has the area of its trapezoid") {
  CHECK(nca(steps(2), Numbers{2, 2, 2}).auc_last == about(4));
  const double below = std::nextafter(2.0, 0.0);
  CHECK(nca(steps(2), Numbers{2, below, below}).auc_last == about(4));
  for (const double ratio : {1.0999, 1.1001, 1.105, 1.106}) {  // both sides of where the series ends
    CHECK(nca(steps(1), Numbers{ratio, 1}).auc_last == about((ratio - 1) / std::log(ratio)));
  }
}

TEST_CASE("every status has its word") {
  CHECK(name(NcaStatus::Ok) == "ok");
  CHECK(name(NcaStatus::Empty) == "empty");
  CHECK(name(NcaStatus::FewPoints) == "few_points");
  CHECK(name(NcaStatus::NotFalling) == "not_falling");
}

namespace {

/// Results in the order of NcaResult's fields.
struct Expected {
  double cmax, tmax, auc_last, lambda_z, r2, lambda_z_from;
  int lambda_z_points;
  double clast_pred;
};

/// One profile and what PKNCA 0.12.0 (R 4.2.2) gives for it with its default options.
struct Theophylline {
  const char* subject;
  Numbers time;           // h
  Numbers concentration;  // mg/L
  Expected expected;
  double linear;   // area to tlast by the linear rule, mg h/L
  double to_10_5;  // area to 10.5 h
  double to_24;    // area to 24 h
  double to_30;    // area to 30 h, lambda_z beyond tlast
};

}  // namespace

// Concentrations of theophylline in four subjects: Boeckmann, Sheiner and Beal, NONMEM Users Guide part V, 1994 (R's
// `Theoph`, subjects 1, 2, 6 and 11).
TEST_CASE("theophylline profiles give what PKNCA gives") {
  const Theophylline profiles[] = {
      {"1",
       {0, 0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37},
       {0.74, 2.84, 6.57, 10.5, 9.66, 8.58, 8.36, 7.47, 6.89, 5.94, 3.28},
       {10.5, 1.12, 147.234748537004, 0.0484569969657748, 0.999999729674979, 9.05, 3, 3.28014647414312},
       148.92305,
       82.3559378918888,
       146.010198892649,
       163.396470697329},
      {"2",
       {0, 0.27, 0.52, 1, 1.92, 3.5, 5.02, 7.03, 9, 12, 24.3},
       {0, 1.72, 7.91, 8.31, 8.33, 6.85, 6.08, 5.4, 4.55, 3.01, 0.9},
       {8.33, 1.92, 88.7312754883266, 0.104086443688432, 0.99719538828397, 7.03, 4, 0.888639849106919},
       91.5268,
       62.2193256709828,
       88.4572609223758,
       92.6006119023209},
      {"6",
       {0, 0.27, 0.58, 1.15, 2.03, 3.57, 5, 7, 9.22, 12.1, 23.85},
       {0, 1.29, 3.08, 6.44, 6.32, 5.53, 4.94, 4.02, 3.46, 2.78, 0.92},
       {6.44, 1.15, 71.6970149943727, 0.0877957400561703, 0.998241337153016, 2.03, 7, 0.941271173708174},
       73.77555,
       47.2039666007198,
       71.6970149943727,
       76.0689979291871},
      {"11",
       {0, 0.25, 0.5, 0.98, 1.98, 3.6, 5.02, 7.03, 9.03, 12.12, 24.08},
       {0, 4.86, 7.24, 8, 6.81, 5.87, 5.22, 4.45, 3.62, 2.69, 0.86},
       {8, 0.98, 77.8934723324729, 0.0954585598642771, 0.999998255959473, 9.03, 3, 0.85980660688409},
       80.0936,
       53.9853493176566,
       77.8244092658635,
       81.7827654746441}};
  for (const Theophylline& profile : profiles) {
    CAPTURE(profile.subject);
    const Expected& expected = profile.expected;
    const NcaResult r = nca(profile.time, profile.concentration, {.end = 24});
    CHECK(r.cmax == expected.cmax);
    CHECK(r.tmax == expected.tmax);
    CHECK(r.auc_last == about(expected.auc_last));
    CHECK(r.lambda_z == about(expected.lambda_z));
    CHECK(r.half_life == about(log_two / expected.lambda_z));
    CHECK(r.r2 == about(expected.r2));
    CHECK(r.lambda_z_from == expected.lambda_z_from);
    CHECK(r.lambda_z_points == expected.lambda_z_points);
    CHECK(r.clast_pred == about(expected.clast_pred));
    CHECK(r.auc_inf == about(expected.auc_last + profile.concentration.back() / expected.lambda_z));
    CHECK(r.auc_inf_pred == about(expected.auc_last + expected.clast_pred / expected.lambda_z));
    CHECK(r.auc_end == about(profile.to_24));
    CHECK(nca(profile.time, profile.concentration, {.end = 10.5}).auc_end == about(profile.to_10_5));
    CHECK(nca(profile.time, profile.concentration, {.beyond = Beyond::LambdaZ, .end = 30}).auc_end == about(profile.to_30));
    CHECK(nca(profile.time, profile.concentration, {.auc = AucMethod::Linear}).auc_last == about(profile.linear));
  }
}
