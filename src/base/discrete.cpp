#include "base/discrete.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "base/random.h"

namespace carina::random {
namespace {

constexpr double most_walked = 1e6;
constexpr double infinity = std::numeric_limits<double>::infinity();

// log k! for a whole number k: a table, then Stirling's series, whose error is below 1e-16 from 20 on.
double log_factorial(double k) {
  static const auto table = [] {
    std::array<double, 21> sums{};
    for (std::size_t i = 2; i < sums.size(); ++i) sums[i] = sums[i - 1] + math::log(static_cast<double>(i));
    return sums;
  }();
  if (k < static_cast<double>(table.size())) return table[static_cast<std::size_t>(k)];
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double inverse = 1 / k, square = inverse * inverse;
  const double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
  return (k + 0.5) * math::log(k) - k + half_log_two_pi + series;
}

// A distribution on the whole numbers 0 to `last`.
struct Shape {
  double mean, variance, last;
};

double rounded_normal(double u, const Shape& shape) {
  const double value = std::floor(shape.mean + math::sqrt(shape.variance) * normal_quantile(u) + 0.5);
  return std::clamp(value, 0.0, shape.last);
}

// `log_probability(k)`, and `ratio(k)` = P(k + 1)/P(k).
template <class Log, class Ratio>
double walk(double u, const Shape& shape, Log log_probability, Ratio ratio) {
  if (shape.mean > most_walked) return rounded_normal(u, shape);
  double k = std::max(0.0, std::floor(shape.mean - 9 * math::sqrt(shape.variance)));
  double p = math::exp(log_probability(k));
  double sum = p;
  // beyond the mean a probability that no longer adds to the sum ends the walk: u lay in the rounding
  while (sum < u && k < shape.last && !(k > shape.mean && sum + p == sum)) {
    p *= ratio(k);
    sum += p;
    k += 1;
  }
  return k;
}

// Quantile of the gamma distribution of shape `n`, a whole number below 1000, and scale 1, by bisection: more than x is the
// chance of fewer than n events of a Poisson process.
double gamma_quantile(double u, double n) {
  const auto above = [n](double x) {
    double term = math::exp((n - 1) * math::log(x) - x - log_factorial(n - 1)), sum = term;
    for (double k = n - 1; k > 0 && term > 1e-17 * sum; k -= 1) sum += term *= k / x;
    return sum;
  };
  double low = 0, high = n + 40 * (math::sqrt(n) + 1);
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (above(middle) > 1 - u ? low : high) = middle;
  }
  return high;
}

// The negative binomial where its mean is large. Few lines that have each grown a lot have gamma distributed sizes; many are
// normal but for the first terms of Cornish and Fisher's expansion.
double grown(double u, double n, double q) {
  if (n < 1000) return std::floor(gamma_quantile(u, n) * q / (1 - q) + 0.5);
  const double z = normal_quantile(u), skew = (1 + q) / math::sqrt(n * q), excess = 6 / n + (1 - q) * (1 - q) / (n * q);
  const double bent =
      z + skew * (z * z - 1) / 6 + excess * (z * z * z - 3 * z) / 24 - skew * skew * (2 * z * z * z - 5 * z) / 36;
  return std::max(0.0, std::floor((n * q + math::sqrt(n * q) * bent) / (1 - q) + 0.5));
}

}  // namespace

double binomial_quantile(double u, double n, double p) {
  CARINA_CHECK(n >= 0 && p >= 0 && p <= 1);
  if (n == 0 || p == 0) return 0;
  if (p == 1) return n;
  // of the two outcomes the rarer one is counted: its probabilities do not underflow at 0
  if (p > 0.5) return n - binomial_quantile(1 - u, n, 1 - p);
  const double log_p = math::log(p), log_q = math::log(1 - p), odds = p / (1 - p);
  return walk(
      u, {n * p, n * p * (1 - p), n},
      [&](double k) { return log_factorial(n) - log_factorial(k) - log_factorial(n - k) + k * log_p + (n - k) * log_q; },
      [&](double k) { return (n - k) / (k + 1) * odds; });
}

double poisson_quantile(double u, double mean) {
  CARINA_CHECK(mean >= 0);
  if (mean == 0) return 0;
  const double log_mean = math::log(mean);
  return walk(
      u, {mean, mean, infinity}, [&](double k) { return k * log_mean - mean - log_factorial(k); },
      [&](double k) { return mean / (k + 1); });
}

double negative_binomial_quantile(double u, double n, double q) {
  CARINA_CHECK(n >= 0 && q >= 0 && q < 1);
  if (n == 0 || q == 0) return 0;
  const double log_q = math::log(q), log_p = math::log(1 - q);
  const double mean = n * q / (1 - q);
  // where the walk would start at 0 its first probability may be too small for a number
  const bool vanishes = n * q < 81 && n * log_p < -700;
  if (mean > most_walked || vanishes) return grown(u, n, q);
  return walk(
      u, {mean, mean / (1 - q), infinity},
      [&](double k) { return log_factorial(n + k - 1) - log_factorial(k) - log_factorial(n - 1) + k * log_q + n * log_p; },
      [&](double k) { return (n + k) / (k + 1) * q; });
}

}  // namespace carina::random
