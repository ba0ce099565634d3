// What happens after the infusion: hazards against closed forms, on courses that are made up.
#include "trial/impl/aftercare.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "model/read.h"

using namespace carina;
using trial::impl::Aftercare;
using trial::impl::Column;
using trial::impl::Luck;

namespace {

struct Patient {
  model::Model model = model::read_model(std::string(CARINA_SOURCE_TREE) + "/models/reference_patient.toml");
  trial::impl::Places places;
  std::vector<double> parameters;

  explicit Patient(const std::vector<std::pair<std::string, double>>& set = {}) {
    Problems problems;
    places = trial::impl::find_places(model, problems);
    problems.throw_if_any();
    for (const model::Parameter& p : model.parameters) parameters.push_back(p.value);
    for (const auto& [name, value] : set) parameters[model.find_parameter(name).value()] = value;
  }
  trial::impl::Individual who() const { return {parameters, &places}; }
};

// The same values on every day of a year, from the day -20 on.
struct Course {
  std::vector<double> times, values;

  explicit Course(const std::vector<std::pair<Column, double>>& columns, double step = 0.5) {
    const int steps = static_cast<int>(385 / step);
    for (int i = 0; i <= steps; ++i) times.push_back(-20 + i * step);
    values.resize(times.size() * trial::impl::column_count, 0);
    for (std::size_t i = 0; i < times.size(); ++i) {
      for (const auto& [column, value] : columns) {
        values[i * trial::impl::column_count + static_cast<std::size_t>(column)] = value;
      }
    }
  }
  trial::impl::Trajectory all() const { return {values.data(), &times}; }
};

const std::vector<std::pair<Column, double>> healthy = {
    {Column::Neutrophils, 1e9}, {Column::BShare, 1}, {Column::Temperature, 37}};

// Share of 4000 patients with an event by a day.
double share(const Patient& patient, const Course& course, double Aftercare::*what, double by) {
  int events = 0;
  for (std::uint64_t id = 1; id <= 4000; ++id) {
    events += trial::impl::aftercare(patient.who(), Luck{7, id}, course.all()).*what <= by ? 1 : 0;
  }
  return events / 4000.0;
}

}  // namespace

TEST_CASE("with a steady hazard the first infection comes in exponential time, severe ones by their share") {
  const Patient patient({{"infect", 0.01}, {"infect_severe", 0.25}, {"infect_fatal", 0.5}});
  const Course course(healthy);
  CHECK(share(patient, course, &Aftercare::infection, 100) == doctest::Approx(1 - std::exp(-1.0)).epsilon(0.03));
  CHECK(share(patient, course, &Aftercare::severe, 100) == doctest::Approx(1 - std::exp(-0.25)).epsilon(0.06));
  CHECK(share(patient, course, &Aftercare::death, 100) == doctest::Approx(0.5 * (1 - std::exp(-0.25))).epsilon(0.1));
}

TEST_CASE("recorded times do not decide when an event falls") {
  const Patient patient({{"infect", 0.01}});
  const Course fine(healthy, 0.5), coarse(healthy, 5);
  for (std::uint64_t id = 1; id <= 50; ++id) {
    const double day = trial::impl::aftercare(patient.who(), Luck{7, id}, fine.all()).infection;
    if (day > 360) continue;
    CHECK(trial::impl::aftercare(patient.who(), Luck{7, id}, coarse.all()).infection == doctest::Approx(day).epsilon(1e-9));
  }
}

TEST_CASE("no hazard, no event") {
  const Patient patient({{"infect", 0}, {"febrile", 0}, {"second", 0}});
  const Course course({{Column::BShare, 1}, {Column::Temperature, 37}});
  for (double Aftercare::*what : {&Aftercare::infection, &Aftercare::severe, &Aftercare::death, &Aftercare::febrile,
                                  &Aftercare::second, &Aftercare::hlh, &Aftercare::low_igg}) {
    double by = 1e9;
    CHECK(share(Patient({{"infect", 0}, {"febrile", 0}, {"second", 0}, {"igg_low", 0}}), course, what, by) == 0);
  }
  CHECK(trial::impl::infections_a_day(patient.who(), 0, 0, true) == 0);
}

TEST_CASE("infections rise as neutrophils and immunoglobulin fall, and with steroids") {
  const Patient patient;
  const auto who = patient.who();
  double last = 0;
  for (const double neutrophils : {8000.0, 2000.0, 500.0, 100.0, 0.0}) {
    const double now = trial::impl::infections_a_day(who, neutrophils, 1, false);
    CHECK(now > last);
    last = now;
  }
  CHECK(trial::impl::infections_a_day(who, 500, 0.4, false) > trial::impl::infections_a_day(who, 500, 1, false));
  CHECK(trial::impl::infections_a_day(who, 500, 1, true) ==
        doctest::Approx(who(trial::impl::Parameter::InfectSteroids) * trial::impl::infections_a_day(who, 500, 1, false)));
}

TEST_CASE(
    "immunoglobulin halves in its half-life when nothing is made, and a limit is crossed on the day of the closed form") {
  const Patient patient({{"igg_0", 800}, {"igg_low", 300}, {"igg_lasting", 0.25}, {"igg_half_life", 21}});
  CHECK(trial::impl::igg_after(patient.who(), 1, 0, 21) == doctest::Approx(0.5));
  CHECK(trial::impl::igg_after(patient.who(), 0.3, 1, 1e5) == doctest::Approx(1));
  const Course course({{Column::Neutrophils, 4000}, {Column::Temperature, 37}});
  // 0.25 + 0.75 exp(-ln 2 t/21) = 300/800
  const double day = 21 * std::log2(0.75 / 0.125);
  const double seen = trial::impl::aftercare(patient.who(), Luck{1, 1}, course.all()).low_igg;
  CHECK(seen >= day);
  CHECK(seen - day <= 0.5);
  CHECK(trial::impl::aftercare(patient.who(), Luck{1, 1}, Course(healthy).all()).low_igg == therapy::never);
}

TEST_CASE("fever with few neutrophils is laid to cytokine release while that lasts") {
  const Patient patient({{"febrile", 0.02}});
  const Course few({{Column::Neutrophils, 999}, {Column::Temperature, 37}});
  const Course releasing({{Column::Neutrophils, 999}, {Column::Temperature, 39}});
  const Course enough({{Column::Neutrophils, 1000}, {Column::Temperature, 37}});
  CHECK(share(patient, few, &Aftercare::febrile, 50) == doctest::Approx(1 - std::exp(-1.0)).epsilon(0.03));
  CHECK(share(patient, releasing, &Aftercare::febrile, 365) == 0);
  CHECK(share(patient, enough, &Aftercare::febrile, 365) == 0);
}

TEST_CASE("haemophagocytosis needs ferritin and failing organs at one time") {
  const Patient patient;
  const Course all({{Column::Ferritin, 15000}, {Column::Leak, 2.5}, {Column::Oxygen, 1.5}});
  const Course ferritin({{Column::Ferritin, 15000}, {Column::Leak, 1}});
  const Course organs({{Column::Ferritin, 5000}, {Column::Leak, 2.5}, {Column::Oxygen, 1.5}});
  CHECK(trial::impl::aftercare(patient.who(), Luck{1, 1}, all.all()).hlh == 0);
  CHECK(trial::impl::aftercare(patient.who(), Luck{1, 1}, ferritin.all()).hlh == therapy::never);
  CHECK(trial::impl::aftercare(patient.who(), Luck{1, 1}, organs.all()).hlh == therapy::never);
}

TEST_CASE("neurological events of other causes become rarer, and never more than their whole hazard") {
  const Patient patient({{"nervous", 0.05}, {"nervous_fade", 14}, {"nervous_days", 4}, {"nervous_severe", 0.25}});
  const Course course(healthy);
  CHECK(share(patient, course, &Aftercare::nervous, 14) ==
        doctest::Approx(1 - std::exp(-0.7 * (1 - std::exp(-1.0)))).epsilon(0.04));
  CHECK(share(patient, course, &Aftercare::nervous, 1e9) == doctest::Approx(1 - std::exp(-0.7)).epsilon(0.04));
  double days = 0, severe = 0, all = 0;
  for (std::uint64_t id = 1; id <= 4000; ++id) {
    const Aftercare after = trial::impl::aftercare(patient.who(), Luck{7, id}, course.all());
    if (after.nervous == therapy::never) continue;
    days += after.nervous_days, severe += after.nervous_grade == 3 ? 1 : 0, all += 1;
  }
  CHECK(days / all == doctest::Approx(4).epsilon(0.06));
  CHECK(severe / all == doctest::Approx(0.25).epsilon(0.08));
}
