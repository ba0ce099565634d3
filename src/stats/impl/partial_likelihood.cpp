#include "stats/impl/partial_likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "stats/moments.h"

namespace carina::stats::impl {
namespace {

// Weights, weighted covariates and their squares, summed over a set of individuals.
struct Sums {
  double weight = 0;
  Doubles first, second;  // second: lower triangle, row after row

  explicit Sums(std::size_t columns) : first(columns), second(columns * columns) {}

  void clear() {
    weight = 0;
    std::fill(first.begin(), first.end(), 0);
    std::fill(second.begin(), second.end(), 0);
  }
  void add(double w, const double* x) {
    const std::size_t columns = first.size();
    weight += w;
    for (std::size_t i = 0; i < columns; ++i) {
      const double wx = w * x[i];
      first[i] += wx;
      for (std::size_t j = 0; j <= i; ++j) second[i * columns + j] += wx * x[j];
    }
  }
};

// One factor of the likelihood's denominator, `times` over: those at risk without a `share` of those dying.
void add_factor(const Sums& at_risk, const Sums& dying, double share, double times, Place& place) {
  const std::size_t columns = at_risk.first.size();
  const double weight = at_risk.weight - share * dying.weight;
  const double inverse = 1 / weight;
  place.log_likelihood -= times * math::log(weight);
  const auto mean = [&](std::size_t i) { return (at_risk.first[i] - share * dying.first[i]) * inverse; };
  for (std::size_t i = 0; i < columns; ++i) {
    const double of_i = mean(i);
    place.score[i] -= times * of_i;
    for (std::size_t j = 0; j <= i; ++j) {
      const std::size_t element = i * columns + j;
      const double square = (at_risk.second[element] - share * dying.second[element]) * inverse;
      place.information[element] += times * (square - of_i * mean(j));
    }
  }
}

}  // namespace

PartialLikelihood::PartialLikelihood(const CoxData& data, Ties ties)
    : data_(data),
      ties_(ties),
      columns_(data.individuals.empty() ? 0 : data.covariates.size() / data.individuals.size()),
      order_(ordered(data.individuals, data.strata)),
      covariates_(data.covariates.begin(), data.covariates.end()) {
  const std::size_t rows = data.individuals.size();
  CARINA_CHECK(columns_ * rows == covariates_.size());
  for (std::size_t column = 0; column < columns_; ++column) {
    OrderedSum sum, distance;
    for (std::size_t i = 0; i < rows; ++i) sum.add(covariates_[i * columns_ + column]);
    const double mean = sum.value() / static_cast<double>(rows);
    CARINA_CHECK(std::isfinite(mean));
    for (std::size_t i = 0; i < rows; ++i) distance.add(std::fabs(covariates_[i * columns_ + column] -= mean));
    const double scale = distance.value() > 0 ? distance.value() / static_cast<double>(rows) : 1;
    double low = 0, high = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      double& value = covariates_[i * columns_ + column];
      value /= scale;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    scale_.push_back(scale);
    range_.push_back(high - low);
  }
}

Place PartialLikelihood::at(Doubles coefficients) const {
  Place place{std::move(coefficients), 0, Doubles(columns_), Doubles(columns_ * columns_)};
  Doubles predictor(data_.individuals.size());
  for (std::size_t i = 0; i < predictor.size(); ++i) {
    for (std::size_t column = 0; column < columns_; ++column) predictor[i] += place.coefficients[column] * row(i)[column];
  }
  for (std::size_t s = 0; s + 1 < order_.strata.size(); ++s) add_stratum(s, predictor, place);
  for (std::size_t i = 0; i < columns_; ++i) {
    for (std::size_t j = 0; j < i; ++j) place.information[j * columns_ + i] = place.information[i * columns_ + j];
  }
  return place;
}

void PartialLikelihood::add_stratum(std::size_t stratum, const Doubles& predictor, Place& place) const {
  // only differences of predictors within a stratum count: with the highest at 0 no exponential overflows
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t at = order_.strata[stratum]; at < order_.strata[stratum + 1]; ++at)
    highest = std::max(highest, predictor[order_.by_exit[at]]);
  const auto weight = [&](std::size_t i) {
    return static_cast<double>(data_.individuals[i].individuals) * math::exp(predictor[i] - highest);
  };

  Sums at_risk(columns_), dying(columns_);
  double subtracted = 0;
  walk_back(data_.individuals, order_, stratum, [&](double time, std::span<const std::size_t> joining, auto leaving) {
    for (const std::size_t i : leaving) {
      at_risk.add(-weight(i), row(i));
      subtracted += weight(i);
    }
    // what is left after most was subtracted has lost its digits: those still at risk are summed anew
    if (subtracted > 1e4 * at_risk.weight) {
      at_risk.clear();
      subtracted = 0;
      for (const std::size_t* i = &order_.by_exit[order_.strata[stratum]]; i != joining.data(); ++i) {
        if (data_.individuals[*i].entry < time) at_risk.add(weight(*i), row(*i));
      }
    }
    std::uint64_t events = 0;
    dying.clear();
    for (const std::size_t i : joining) {
      const double w = weight(i);
      at_risk.add(w, row(i));
      const Observed& individual = data_.individuals[i];
      if (!individual.event) continue;
      dying.add(w, row(i));
      events += individual.individuals;
      const auto n = static_cast<double>(individual.individuals);
      place.log_likelihood += n * (predictor[i] - highest);
      for (std::size_t column = 0; column < columns_; ++column) place.score[column] += n * row(i)[column];
    }
    const auto d = static_cast<double>(events);
    if (ties_ == Ties::Breslow && events > 0) add_factor(at_risk, dying, 0, d, place);
    for (std::uint64_t k = 0; ties_ == Ties::Efron && k < events; ++k)
      add_factor(at_risk, dying, static_cast<double>(k) / d, 1, place);
  });
}

}  // namespace carina::stats::impl
