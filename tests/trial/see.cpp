// What visits see of a course that is made up: the criteria's words for it are known.
#include "trial/impl/see.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "model/read.h"

using namespace carina;
using therapy::Response;
using trial::impl::Column;

namespace {

// A course by hand: every column 0 but those that are set.
struct Course {
  std::vector<double> times, values;

  std::size_t add(double day, const std::vector<std::pair<Column, double>>& columns) {
    times.push_back(day);
    values.resize(times.size() * trial::impl::column_count, 0);
    for (const auto& [column, value] : columns) {
      values[(times.size() - 1) * trial::impl::column_count + static_cast<std::size_t>(column)] = value;
    }
    return times.size() - 1;
  }
};

trial::impl::Found see(therapy::Disease disease, const std::string& variant, const Course& course,
                       const trial::Limits& limits) {
  const model::Model model = model::read_model(std::string(CARINA_SOURCE_TREE) + "/models/reference_patient.toml", variant);
  Problems problems;
  const trial::impl::Places places = trial::impl::find_places(model, problems);
  problems.throw_if_any();
  std::vector<double> parameters;
  for (const model::Parameter& p : model.parameters) parameters.push_back(p.value);
  const trial::impl::Individual who{parameters, &places};
  const trial::impl::Trajectory trajectory{course.values.data(), &course.times};
  std::vector<std::size_t> visits;
  for (std::size_t i = 1; i < course.times.size(); ++i) visits.push_back(i);
  return trial::impl::see(disease, {who, trajectory, 0, visits, limits});
}

std::vector<Response> responses(const trial::impl::Found& found) {
  std::vector<Response> list;
  for (const therapy::Assessed& visit : found.visits) list.push_back(visit.response);
  return list;
}

}  // namespace

TEST_CASE("a lymphoma is stable, shrinks, takes up no tracer any more, and comes back") {
  Course course;
  for (const auto& [day, volume] : {std::pair{-20.0, 100.0}, {28, 95}, {60, 30}, {90, 0.01}, {180, 20}}) {
    course.add(day, {{Column::Mass, volume}, {Column::Tumour, 1e9 * volume}, {Column::Negative, 1e9 * volume}});
  }
  const trial::impl::Found found = see(therapy::Disease::Lymphoma, "lbcl", course, {});
  CHECK(responses(found) == std::vector{Response::Stable, Response::Partial, Response::Complete, Response::Progression});
  CHECK(found.baseline == doctest::Approx(5.7588 * 5.7588).epsilon(1e-4));  // a sphere of 100 mL is 5.7588 cm across
  CHECK(found.visits.back().antigen == therapy::AntigenClass::Negative);
}

TEST_CASE("a myeloma goes from stable to stringent complete response, and a confirmed rise is progression") {
  Course course;
  struct Row {
    double day, protein, plasma_cells;
  };
  for (const Row& row : {Row{-20, 30, 60},
                         {28, 30, 60},
                         {60, 12, 20},
                         {90, 2, 6},
                         {120, 0.1, 1},
                         {150, 0, 0.0005},
                         {180, 15, 4},
                         {210, 20, 8}}) {
    course.add(row.day, {{Column::MProtein, row.protein}, {Column::Blasts, row.plasma_cells}});
  }
  trial::Limits limits;
  limits.mrd = 1e-5;
  const trial::impl::Found found = see(therapy::Disease::Myeloma, "myeloma", course, limits);
  CHECK(responses(found) == std::vector{Response::Stable, Response::Partial, Response::VeryGoodPartial, Response::Complete,
                                        Response::StringentComplete, Response::Progression, Response::Progression});
  CHECK(found.baseline == doctest::Approx(3));  // g/dL
  CHECK(found.visits[3].mrd == therapy::Mrd::Positive);
  CHECK(found.visits[4].mrd == therapy::Mrd::Negative);
}

TEST_CASE("a myeloma with little M-protein is followed by its light chains") {
  Course course;
  for (const auto& [day, protein] : {std::pair{-20.0, 8.0}, {28, 8}, {60, 2}}) {
    course.add(day, {{Column::MProtein, protein}, {Column::Blasts, 20}});
  }
  const trial::impl::Found found = see(therapy::Disease::Myeloma, "myeloma", course, {});
  CHECK(found.baseline == doctest::Approx(16));  // dFLC, mg/dL: 20 for each g/dL
  CHECK(responses(found) == std::vector{Response::Stable, Response::Partial});
}
