#include "stats/moments.h"

#include <limits>

#include "base/math.h"

namespace carina::stats {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
double size(double x) { return x < 0 ? -x : x; }
}  // namespace

void OrderedSum::add(double value) {
  const double sum = sum_ + value;
  // Beyond the range of doubles the lost digits are not a number; the sum alone says that it is infinite.
  if (size(sum) < infinity) error_ += size(sum_) >= size(value) ? (sum_ - sum) + value : (value - sum) + sum_;
  sum_ = sum;
}

void OrderedSum::merge(const OrderedSum& other) {
  add(other.sum_);
  error_ += other.error_;
}

OrderedSum OrderedSum::from(std::array<double, 2> state) {
  OrderedSum sum;
  sum.sum_ = state[0];
  sum.error_ = state[1];
  return sum;
}

void Moments::add(double value) {
  if (value != value) {
    ++nan_;
    return;
  }
  ++count_;
  const double step = value - mean_;
  mean_ += step / static_cast<double>(count_);
  squares_ += step * (value - mean_);
}

void Moments::merge(const Moments& other) {
  nan_ += other.nan_;
  if (other.count_ == 0) return;
  if (count_ == 0) {
    const std::uint64_t nans = nan_;
    *this = other;
    nan_ = nans;
    return;
  }
  const auto n = static_cast<double>(count_);
  const auto m = static_cast<double>(other.count_);
  const double step = other.mean_ - mean_;
  mean_ += step * (m / (n + m));
  squares_ += other.squares_ + step * step * (n * m / (n + m));
  count_ += other.count_;
}

double Moments::mean() const { return count_ > 0 ? mean_ : nan; }
double Moments::variance() const { return count_ > 1 ? squares_ / static_cast<double>(count_ - 1) : nan; }
double Moments::sd() const { return count_ > 1 ? math::sqrt(variance()) : nan; }

Moments Moments::from(std::uint64_t count, std::uint64_t nan_count, double mean, double squares) {
  Moments moments;
  moments.count_ = count;
  moments.nan_ = nan_count;
  if (count > 0) {
    moments.mean_ = mean;
    moments.squares_ = squares;
  }
  return moments;
}

void GeometricMoments::add(double value) {
  if (value <= 0) {
    ++not_positive_;
  } else {
    logs_.add(value == value ? math::log(value) : value);
  }
}

void GeometricMoments::merge(const GeometricMoments& other) {
  logs_.merge(other.logs_);
  not_positive_ += other.not_positive_;
}

double GeometricMoments::mean() const { return logs_.count() > 0 ? math::exp(logs_.mean()) : nan; }
double GeometricMoments::cv() const { return logs_.count() > 1 ? math::sqrt(math::exp(logs_.variance()) - 1) : nan; }

GeometricMoments GeometricMoments::from(const Moments& logs, std::uint64_t not_positive) {
  GeometricMoments moments;
  moments.logs_ = logs;
  moments.not_positive_ = not_positive;
  return moments;
}

}  // namespace carina::stats
