#include "therapy/manufacture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace carina::therapy;
using doctest::Approx;

namespace {

Patient child() {
  Patient patient;
  patient.age = 2;
  patient.weight = 12;
  patient.lymphocytes = 1800;
  patient.burden = 1e11;
  return patient;
}

Apheresis plenty() { return {.t_cells = 5e9, .nucleated = 2e10, .sessions = 1, .enough = true}; }

std::vector<Batch> batches(const Patient& patient, const Process& process, std::uint64_t count) {
  std::vector<Batch> made(count);
  for (std::uint64_t i = 0; i < count; ++i) made[i] = manufacture(patient, process, plenty(), {3, i}, 0);
  return made;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

TEST_CASE("T cells collected rise with lymphocytes, weight and volume") {
  const Luck luck{1, 2};
  Collection once;
  once.sessions = 1;
  double last = 0;
  for (int i = 0; i < 18; ++i) {
    const double lymphocytes = 50 * std::pow(1.3, i);
    Patient patient = child();
    patient.lymphocytes = lymphocytes;
    const double t_cells = collect(patient, once, luck).t_cells;
    CHECK(t_cells > last);
    last = t_cells;
    patient.weight *= 1.1;
    CHECK(collect(patient, once, luck).t_cells > t_cells);
  }
  Collection more = once;
  more.volumes *= 2;
  CHECK(collect(child(), more, luck).t_cells == Approx(2 * collect(child(), once, luck).t_cells));
}

TEST_CASE("a leukapheresis of a small child has the published size") {
  // below 3 y: median 1.29e9 CD3+ cells (0.164e9 to 5.98e9), n = 146; an ordinary child of that age lies well within
  std::vector<double> t_cells;
  Collection once;
  once.sessions = 1;
  for (std::uint64_t i = 0; i < 2001; ++i) t_cells.push_back(collect(child(), once, {1, i}).t_cells);
  CHECK(median(t_cells) > 0.65e9);
  CHECK(median(t_cells) < 2.6e9);
}

TEST_CASE("a leukapheresis that is too small is repeated, and says so when it stays too small") {
  Patient patient = child();
  const Collection collection;
  CHECK(collect(patient, collection, {1, 2}).sessions == 1);
  CHECK(collect(patient, collection, {1, 2}).enough);
  patient.lymphocytes = 10;
  const Apheresis poor = collect(patient, collection, {1, 2});
  CHECK(poor.sessions == collection.sessions);
  CHECK_FALSE(poor.enough);
  CHECK(poor.nucleated < collection.least);
}

TEST_CASE("the dose rule of the paediatric label changes from per kg to flat above 50 kg") {
  const Process process;
  CHECK(dose_range(process.dose, 20).low == Approx(4e6));
  CHECK(dose_range(process.dose, 20).high == Approx(1e8));
  CHECK(dose_range(process.dose, 50).high == Approx(2.5e8));
  CHECK(dose_range(process.dose, 50.1).low == Approx(1e7));
  CHECK(dose_range(process.dose, 90).high == Approx(2.5e8));
  const std::vector<DoseBand> capped{{true, 2e6, 2e6, 2e8, 0}};
  CHECK(dose_range(capped, 70).high == Approx(1.4e8));
  CHECK(dose_range(capped, 120).high == Approx(2e8));
  CHECK(dose_range(capped, 120).low == Approx(2e8));
}

TEST_CASE("no dose is above the highest allowed, and one below the lowest is out of specification") {
  Process process;
  process.fold.sd = 3;
  int below = 0, highest = 0;
  for (const Batch& batch : batches(child(), process, 5000)) {
    const CellRange range = dose_range(process.dose, child().weight);
    CHECK(batch.product.cells <= range.high);
    CHECK((batch.product.cells < range.low) == ((batch.product.out_of_specification & below_dose) != 0));
    below += batch.product.cells < range.low;
    highest += batch.product.cells == range.high;
  }
  CHECK(below > 100);
  CHECK(highest > 100);
}

TEST_CASE("doses made have the published median and lower end") {
  // 2.65e6/kg (0.23 to 4.98), n = 146
  std::vector<double> doses;
  for (const Batch& batch : batches(child(), {}, 14'600)) doses.push_back(batch.product.cells / child().weight);
  CHECK(median(doses) == Approx(2.65e6).epsilon(0.03));
  std::sort(doses.begin(), doses.end());
  // the lowest of 146 lies at the 1/146 quantile, give or take a factor
  CHECK(doses[100] > 0.23e6 / 1.5);
  CHECK(doses[100] < 0.23e6 * 1.5);
  CHECK(doses.back() == 5e6);
}

TEST_CASE("few T cells are all used, and give a smaller product") {
  const Process process;
  const Apheresis poor{.t_cells = 1e6, .nucleated = 5e6, .sessions = 2, .enough = false};
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Batch small = manufacture(child(), process, poor, {3, i}, 0);
    CHECK(small.seeded == Approx(1e6 * process.selection));
    CHECK(small.product.cells <= manufacture(child(), process, plenty(), {3, i}, 0).product.cells);
    CHECK((small.product.out_of_specification & few_collected) != 0);
  }
  CHECK(specification_text(few_collected | low_viability) == "few cells collected, low viability");
  CHECK(specification_text(0).empty());
}

TEST_CASE("viability leaves the published share out of specification, at either limit") {
  Process process;
  const int count = 40'000;
  const auto share = [&] {
    int low = 0;
    for (const Batch& batch : batches(child(), process, count)) {
      low += (batch.product.out_of_specification & low_viability) != 0;
    }
    return static_cast<double>(low) / count;
  };
  CHECK(std::abs(share() - 0.135) < 4 * std::sqrt(0.135 * 0.865 / count));
  process.release_viability = 0.7;
  CHECK(share() == Approx(0.0126).epsilon(0.2));
}

TEST_CASE("vector copies are at least one for each CAR+ cell") {
  for (const double car : {0.01, 0.12, 0.5, 0.9}) {
    CHECK(copies_of(car) > car);
    CHECK(1 - std::exp(-copies_of(car)) == Approx(car));
  }
}

TEST_CASE("prior bendamustine multiplies the odds of failure, and the baseline is found from the mean") {
  Process process;
  process.failure = failure_for(0.0387, 0.3, 2);
  const double with = failure_chance(process, true, 0), without = failure_chance(process, false, 0);
  CHECK(0.3 * with + 0.7 * without == Approx(0.0387).epsilon(1e-12));
  CHECK(with / (1 - with) == Approx(2 * without / (1 - without)).epsilon(1e-12));
  CHECK(failure_for(0.05, 0, 2) == Approx(0.05));
  CHECK(failure_for(0.05, 0.4, 1) == Approx(0.05));
  CHECK(failure_for(0.05, 0.4, 0.5) > 0.05);
}

TEST_CASE("a second attempt rescues about half of the failures") {
  Process process;
  process.failure = 0.2;
  const int count = 40'000;
  int failed = 0, rescued = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (manufacture(child(), process, plenty(), {5, i}, 0).made) continue;
    ++failed;
    rescued += manufacture(child(), process, plenty(), {5, i}, 1).made;
  }
  CHECK(std::abs(failed - 0.2 * count) < 4 * std::sqrt(0.16 * count));
  CHECK(std::abs(rescued - 0.5 * failed) < 4 * std::sqrt(0.25 * failed));
}

TEST_CASE("attempts at one patient's product have luck of their own") {
  const Batch first = manufacture(child(), {}, plenty(), {5, 1}, 0), second = manufacture(child(), {}, plenty(), {5, 1}, 1);
  CHECK(first.product.car_fraction != second.product.car_fraction);
  CHECK(first.throughput != second.throughput);
}
