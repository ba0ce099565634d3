// Grades come from signs, and signs from the model: the two ways to a grade agree.
#include "trial/impl/signs.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "model/read.h"

using namespace carina;
using therapy::CrsScale;
using trial::impl::Column;

TEST_CASE("the leak of a CRS grade is where signs begin to be graded so") {
  const model::Model model = model::read_model(std::string(CARINA_SOURCE_TREE) + "/models/reference_patient.toml");
  Problems problems;
  const trial::impl::Places places = trial::impl::find_places(model, problems);
  problems.throw_if_any();
  std::vector<double> parameters;
  for (const model::Parameter& p : model.parameters) parameters.push_back(p.value);
  const trial::impl::Individual who{parameters, &places};
  for (const CrsScale scale : {CrsScale::Penn, CrsScale::Lee, CrsScale::Astct}) {
    for (const int grade : {2, 3, 4}) {
      if (scale == CrsScale::Penn && grade == 2) continue;  // a stay in hospital is enough
      const double leak = trial::impl::leak_of_grade(who, scale, grade);
      const auto graded = [&](double size) {
        std::vector<double> values(trial::impl::column_count, 0);
        values[static_cast<std::size_t>(Column::Temperature)] = 39;
        values[static_cast<std::size_t>(Column::Leak)] = size;
        const std::vector<double> times = {1};
        therapy::SignColumns columns;
        columns.resize(1);
        columns.set(0, 1, trial::impl::signs_at(who, {values.data(), &times}, 0, 0));
        std::array<std::uint8_t, 1> grades = {};
        therapy::crs_grades(scale, therapy::whole_course(columns), grades);
        return static_cast<int>(grades[0]);
      };
      CAPTURE(static_cast<int>(scale));
      CAPTURE(grade);
      CHECK(graded(leak) >= grade);
      CHECK(graded(0.999 * leak) < grade);
    }
  }
}

TEST_CASE("ICE falls as neurotoxicity rises, and ICANS grades are those of its points, by CAPD too") {
  const model::Model model = model::read_model(std::string(CARINA_SOURCE_TREE) + "/models/reference_patient.toml");
  Problems problems;
  const trial::impl::Places places = trial::impl::find_places(model, problems);
  problems.throw_if_any();
  std::vector<double> parameters;
  for (const model::Parameter& p : model.parameters) parameters.push_back(p.value);
  const trial::impl::Individual who{parameters, &places};
  CHECK(!therapy::icans_grade(trial::impl::neuro_signs(who, 0)).value);
  int last = 10;
  std::array<bool, 11> seen = {};
  const double below = 0.99 * who(trial::impl::Parameter::AtNeuro);
  for (int i = 0; i < 400; ++i) {
    const double neuro = below * std::pow(1.01, i);
    const therapy::NeuroSigns signs = trial::impl::neuro_signs(who, neuro);
    const int grade = trial::impl::neuro_grade(who, neuro);
    CAPTURE(neuro);
    CHECK(static_cast<int>(therapy::icans_grade(signs).value) == grade);
    CHECK(static_cast<int>(therapy::icans_grade(signs, true).value) == grade);
    CHECK(signs.ice <= last);
    last = signs.ice;
    seen[signs.ice] = true;
  }
  for (const bool points : seen) CHECK(points);
}
