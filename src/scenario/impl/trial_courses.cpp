#include "scenario/impl/trial_courses.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/check.h"
#include "scenario/impl/tables.h"

namespace carina::scenario::impl {
namespace {

using record::Role;
using record::Table;
using trial::PatientCourse;
using trial::PatientRow;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Kept {
  const char* name;
  const char* unit;
  const char* about;
  Floats PatientCourse::*values;
};

constexpr std::array<Kept, 10> kept = {{
    {"transgene", "copies/ug", "transgene in blood", &PatientCourse::transgene},
    {"burden", "", "burden of the disease as its criteria follow it", &PatientCourse::burden},
    {"b_cells", "cell/uL", "B cells in blood", &PatientCourse::b_cells},
    {"neutrophils", "cell/uL", "neutrophils in blood", &PatientCourse::neutrophils},
    {"platelets", "cell/uL", "platelets in blood", &PatientCourse::platelets},
    {"IL6", "pg/mL", "IL-6 in serum", &PatientCourse::il6},
    {"temperature", "degC", "body temperature", &PatientCourse::temperature},
    {"crs_grade", "1", "grade of cytokine release on the trial's scale", &PatientCourse::crs_grade},
    {"tocilizumab", "1", "doses of tocilizumab so far", &PatientCourse::tocilizumab},
    {"steroid", "1", "1: a steroid is being given", &PatientCourse::steroid},
}};

// What the burden is: name and unit in the model.
std::pair<std::string, std::string> burden_of(const trial::VirtualSetup& setup) {
  if (setup.definitions.disease == therapy::Disease::Lymphoma) return {"volume of lesions", "mL"};
  if (setup.definitions.disease == therapy::Disease::Myeloma) return {"M protein", "g/dL"};
  return {"blasts in marrow", "%"};
}

Table& table_of(record::Part& part, std::string_view name) {
  const auto found = std::find_if(part.tables.begin(), part.tables.end(), [&](const Table& t) { return t.name == name; });
  CARINA_CHECK(found != part.tables.end());
  return *found;
}

template <class T>
std::vector<T>& values_of(Table& table, std::size_t column) {
  return std::get<std::vector<T>>(table.columns[column].values);
}

void add_course(const PatientRow& row, const PatientCourse& course, Table& table) {
  values_of<std::int64_t>(table, 0).push_back(static_cast<std::int64_t>(row.individual));
  values_of<std::int64_t>(table, 1).push_back(std::int64_t{row.replicate} + 1);
  values_of<std::uint8_t>(table, 2).push_back(row.outcome.responded ? 1 : 0);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Floats& from = course.*kept[i].values;
    Floats& to = values_of<float>(table, 3 + i);
    to.insert(to.end(), from.begin(), from.end());
  }
}

void add_lane(const PatientRow& row, const therapy::Lane& lane, Table& table) {
  const auto add = [&](std::string_view what, double from, double to) {
    values_of<std::int64_t>(table, 0).push_back(static_cast<std::int64_t>(row.individual));
    values_of<std::int64_t>(table, 1).push_back(std::int64_t{row.replicate} + 1);
    values_of<std::string>(table, 2).emplace_back(what);
    values_of<double>(table, 3).push_back(from);
    values_of<double>(table, 4).push_back(to);
  };
  add(lane.ongoing ? "ongoing" : "followed", 0, lane.end);
  for (const therapy::Stretch& stretch : lane.stretches) add(therapy::name(stretch.response), stretch.from, stretch.to);
  for (const therapy::Mark& mark : lane.marks) add(therapy::name(mark.what), mark.time, mark.time);
}

}  // namespace

std::vector<Table> course_tables(const trial::VirtualTrial& trial) {
  Table courses = make_table("courses", "patients infused in the first simulated trials in time", "individual", Role::Rows);
  courses.coordinates.push_back(make_column("day", "day", "days since infusion", trial.days()));
  courses.columns = {make_column("individual", "", "number of the patient in the run", Integers{}),
                     make_column("replicate", "", "simulated trial, from 1", Integers{}),
                     make_column("responded", "", "1: responded", std::vector<std::uint8_t>{})};
  for (const Kept& k : kept) {
    courses.columns.push_back(make_column(k.name, k.unit, k.about, Floats{}));
    record::Column& column = courses.columns.back();
    column.across = true;
    if (column.name == "burden") std::tie(column.about, column.unit) = burden_of(trial.setup());
  }
  Table lanes =
      make_table("lanes", "responses of the same patients as stretches of time, and events upon them", "row", Role::Rows);
  lanes.columns = {
      make_column("individual", "", "number of the patient in the run", Integers{}),
      make_column("replicate", "", "simulated trial, from 1", Integers{}),
      make_column("what", "", "followed or ongoing (in response at the end): all of it; a response; or an event", Texts{}),
      make_column("from", "day", "days since infusion", Doubles{}),
      make_column("to", "day", "days since infusion", Doubles{})};
  return {std::move(courses), std::move(lanes)};
}

trial::CourseSink course_sink(record::Part& part) {
  Table& courses = table_of(part, "courses");
  Table& lanes = table_of(part, "lanes");
  return [&courses, &lanes](const PatientRow& row, const PatientCourse& course) {
    add_course(row, course, courses);
    add_lane(row, course.lane, lanes);
  };
}

}  // namespace carina::scenario::impl
