// The report of a trial's recording, and the tables that it is drawn from: held against the rows of its patients.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "figures/report.h"
#include "figures/show.h"
#include "scenario/support.h"
#include "scenario/trial_run.h"
#include "stats/incidence.h"
#include "stats/quantiles.h"
#include "stats/survival.h"
#include "therapy/response.h"
#include "trial/fitted.h"

using namespace carina;

namespace {

constexpr std::size_t trials = 12;

scenario::TrialRun small_trial() {
  return scenario::read_trial_run(std::string(CARINA_SOURCE_TREE) + "/trials/eliana.toml",
                                  test::library({{"replicates", std::to_string(trials)}}));
}

// One run serves all cases.
const record::Recording& recording() {
  static const test::Folder folder;
  static const record::Recording made = [] {
    scenario::run_trial(small_trial(), folder / "eliana.h5", {});
    return record::Recording::open(folder / "eliana.h5");
  }();
  return made;
}

std::vector<double> patients(const std::string& column) { return recording().read_column("patients", column).doubles(); }

std::vector<std::uint8_t> codes(const std::string& column) {
  return std::get<std::vector<std::uint8_t>>(recording().read_column("patients", column).values);
}

// One value of a table with days across.
double at(const record::Table& table, const std::string& column, std::size_t row, std::size_t day) {
  return table.column(column).doubles()[row * table.points() + day];
}

std::size_t row_of(const record::Table& table, const std::string& column, const std::string& name) {
  const auto& names = table.column(column).texts();
  const auto found = std::find(names.begin(), names.end(), name);
  REQUIRE(found != names.end());
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("the report of a trial has each of its pictures and is complete in itself") {
  const std::string html = figures::report_html(recording());
  for (const char* part : {"Published beside simulated",
                           "Attrition",
                           "Overall survival",
                           "Event-free survival",
                           "Relapse-free survival",
                           "B-cell aplasia",
                           "Relapse by antigen",
                           "at risk in one trial",
                           "Transgene, first 28 days",
                           "limit of quantification",
                           "Grade on the Penn scale",
                           "Tocilizumab and steroids",
                           "IL-6",
                           "Temperature",
                           "Neutrophils",
                           "Platelets",
                           "Swimmer plot",
                           "Waterfall",
                           "nothing below 0.01 % is seen",
                           "prefers-color-scheme:dark",
                           "NCT02435849",
                           "Fitted:"}) {
    CAPTURE(part);
    CHECK(html.find(part) != std::string::npos);
  }
  CHECK(html.find("nan") == std::string::npos);
  CHECK(html.find("src=") == std::string::npos);
  CHECK(html.find("href=") == std::string::npos);
  std::size_t strips = 0;
  for (std::size_t i = html.find("class=\"plot strip\""); i != std::string::npos;
       i = html.find("class=\"plot strip\"", i + 1))
    ++strips;
  CHECK(strips >= recording().rows("comparison"));
}

TEST_CASE("a trial's first picture is survival, with published landmarks and numbers at risk") {
  const std::string svg = figures::course_svg(recording());
  for (const char* part : {"Overall survival", "Event-free survival", "at risk in one trial", "class=\"whisker\""}) {
    CAPTURE(part);
    CHECK(svg.find(part) != std::string::npos);
  }
}

TEST_CASE("the summary of a trial in a terminal has its attrition and its curves") {
  const std::string text = figures::summary_text(recording());
  CHECK(text.find("12 simulated trials of 92 enrolled") != std::string::npos);
  CHECK(text.find("inside the 90 % prediction interval") != std::string::npos);
  CHECK(text.find("died before infusion") != std::string::npos);
  CHECK(text.find("overall_survival") != std::string::npos);
}

TEST_CASE("numbers at risk are those that a hand counts, and curves those of the patients together") {
  const record::Table curves = recording().read("curves");
  for (const auto& [name, column] : {std::pair{"overall_survival", "os"},
                                     {"event_free_survival", "efs"},
                                     {"relapse_free_survival", "rfs"},
                                     {"b_cell_aplasia", "aplasia"}}) {
    const std::string clock = column;
    const std::vector<double> times = patients(clock), events = patients(clock + "_event");
    std::vector<stats::Observed> observed;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!std::isnan(times[i])) observed.push_back({times[i], events[i] != 0});
    }
    const stats::SurvivalCurve curve = stats::kaplan_meier(observed);
    const std::size_t row = row_of(curves, "curve", name);
    for (const std::size_t day : {0U, 28U, 91U, 200U, 365U}) {
      const auto count = std::count_if(times.begin(), times.end(), [&](double t) { return t >= static_cast<double>(day); });
      CAPTURE(clock);
      CAPTURE(day);
      CHECK(at(curves, "at_risk", row, day) == doctest::Approx(static_cast<double>(count) / trials));
      CHECK(at(curves, "share", row, day) == doctest::Approx(curve.at(static_cast<double>(day))));
    }
  }
}

TEST_CASE("a curve's band is that of the curves of single trials, and the curve ends with the trials' follow-up") {
  const record::Table curves = recording().read("curves");
  const std::vector<double> times = patients("os"), events = patients("os_event");
  std::vector<double> at_one_year;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    std::vector<stats::Observed> observed;
    for (std::size_t i = trial * 92; i < (trial + 1) * 92; ++i) {
      if (!std::isnan(times[i])) observed.push_back({times[i], events[i] != 0});
    }
    at_one_year.push_back(stats::kaplan_meier(observed).at(365));
  }
  std::sort(at_one_year.begin(), at_one_year.end());
  const std::size_t row = row_of(curves, "curve", "overall_survival");
  CHECK(at(curves, "low", row, 365) == doctest::Approx(stats::sorted_quantile(at_one_year, 0.05)));
  CHECK(at(curves, "high", row, 365) == doctest::Approx(stats::sorted_quantile(at_one_year, 0.95)));
  CHECK(std::isnan(at(curves, "share", row, curves.points() - 1)));  // only the longest trial gets there
}

TEST_CASE("relapses by antigen, deaths before them and those without either are everybody") {
  const record::Table curves = recording().read("curves");
  const std::vector<double> times = patients("rfs"), events = patients("rfs_event");
  const std::vector<double> relapse = patients("relapse"), response = patients("response_at");
  const std::vector<std::uint8_t> antigen = codes("relapse_antigen");
  std::vector<stats::Outcome> outcomes;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (std::isnan(times[i])) continue;
    std::uint32_t cause = events[i] != 0 ? 4 : 0;
    if (cause != 0 && std::fabs(response[i] + times[i] - relapse[i]) < 1e-6) {
      const auto seen = static_cast<therapy::AntigenClass>(antigen[i]);
      cause = seen == therapy::AntigenClass::Positive ? 2 : seen == therapy::AntigenClass::Unknown ? 3 : 1;
    }
    outcomes.push_back({times[i], cause});
  }
  const stats::IncidenceStep year = stats::cumulative_incidence(outcomes, 4).at(365);
  double sum = year.survival + year.causes[3].incidence;
  std::uint32_t cause = 0;
  for (const char* name : {"antigen_negative_relapse", "antigen_positive_relapse", "antigen_unknown_relapse"}) {
    const double share = at(curves, "share", row_of(curves, "curve", name), 365);
    CHECK(share == doctest::Approx(year.causes[cause++].incidence));
    sum += share;
  }
  CHECK(sum == doctest::Approx(1));
  CHECK(at(curves, "share", row_of(curves, "curve", "relapse_free_survival"), 365) == doctest::Approx(year.survival));
}

TEST_CASE("everybody enrolled is infused or lost for one reason, and everybody infused responds or does not") {
  const record::Table table = recording().read("attrition");
  const auto& simulated = table.column("simulated").doubles();
  const std::size_t infused = row_of(table, "step", "infused");
  double lost = 0;
  for (std::size_t i = 1; i < infused; ++i) lost += simulated[i];
  CHECK(simulated.front() == doctest::Approx(92));
  CHECK(lost + simulated[infused] == doctest::Approx(92));
  CHECK(simulated[row_of(table, "step", "responded")] + simulated[row_of(table, "step", "no response")] ==
        doctest::Approx(simulated[infused]));
  CHECK(table.column("published").doubles()[infused] == 75);
  CHECK(table.column("published").doubles()[row_of(table, "step", "died before infusion")] == 7);
}

TEST_CASE("shares of patients by grade of cytokine release sum to one on every day") {
  const record::Table table = recording().read("release_by_day");
  REQUIRE(table.rows() > 100);
  double any = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    double sum = 0;
    for (int grade = 0; grade <= 5; ++grade) sum += table.column("grade_" + std::to_string(grade)).doubles()[i];
    CHECK(sum == doctest::Approx(1));
    any = std::max(any, 1 - table.column("grade_0").doubles()[i]);
  }
  CHECK(any > 0.3);
}

TEST_CASE("courses of ten trials are kept, end with the patient's follow-up, and their bands are their quantiles") {
  const record::Table courses = recording().read("courses");
  CHECK(courses.column("replicate").integers().back() == 10);
  const auto& days = courses.coordinates.front().doubles();
  const auto& levels = std::get<std::vector<float>>(courses.column("transgene").values);
  const std::vector<double> cut = patients("cut"), death = patients("death_day");
  const auto& who = courses.column("individual").integers();
  const auto infusion = static_cast<std::size_t>(std::find(days.begin(), days.end(), 0.0) - days.begin());
  const auto day28 = static_cast<std::size_t>(std::find(days.begin(), days.end(), 28.0) - days.begin());
  std::vector<double> seen;
  for (std::size_t i = 0; i < who.size(); ++i) {
    const auto patient = static_cast<std::size_t>(who[i] - 1);
    const double last = std::isnan(death[patient]) ? cut[patient] : std::min(cut[patient], death[patient]);
    for (std::size_t d = 0; d < days.size(); ++d) {
      if (days[d] > last) CHECK(std::isnan(levels[i * days.size() + d]));
    }
    CHECK(levels[i * days.size() + infusion] > 0);
    if (!std::isnan(levels[i * days.size() + day28])) seen.push_back(static_cast<double>(levels[i * days.size() + day28]));
  }
  std::sort(seen.begin(), seen.end());
  const record::Table bands = recording().read("course_bands");
  CHECK(bands.column("group").texts()[2] == "all");
  CHECK(bands.column("probability").doubles()[2] == 0.5);
  CHECK(at(bands, "transgene", 2, day28) == doctest::Approx(stats::sorted_quantile(seen, 0.5)));
}

TEST_CASE("best change is from the burden before lymphodepletion to the lowest at or after the first visit") {
  const record::Table courses = recording().read("courses"), change = recording().read("burden_change");
  const auto& days = courses.coordinates.front().doubles();
  REQUIRE(days.front() < 0);
  const auto& burden = std::get<std::vector<float>>(courses.column("burden").values);
  REQUIRE(change.rows() == courses.rows());
  for (std::size_t i = 0; i < change.rows(); ++i) {
    double lowest = std::nan("");
    for (std::size_t d = 0; d < days.size(); ++d) {
      if (days[d] >= 28 && !std::isnan(burden[i * days.size() + d]))
        lowest = std::fmin(lowest, static_cast<double>(burden[i * days.size() + d]));
    }
    CHECK(change.column("baseline").doubles()[i] == static_cast<double>(burden[i * days.size()]));
    CHECK((change.column("lowest").doubles()[i] == lowest || std::isnan(lowest)));
    CHECK(std::isnan(change.column("lowest").doubles()[i]) == std::isnan(lowest));
  }
}

TEST_CASE("reports of lymphoma and myeloma draw their own measure of burden, every responder alike") {
  const test::Folder folder;
  for (const auto& [name, burden, survival] :
       {std::tuple{"juliet", "Best change: volume of lesions", "Duration of response"},
        {"karmma", "Best change: M protein", "Progression-free survival"}}) {
    const std::string path = folder / (std::string(name) + ".h5");
    scenario::run_trial(scenario::read_trial_run(std::string(CARINA_SOURCE_TREE) + "/trials/" + name + ".toml",
                                                 test::library({{"replicates", "2"}})),
                        path, {});
    const std::string html = figures::report_html(record::Recording::open(path));
    const std::string trial = name;
    CAPTURE(trial);
    for (const std::string part : {burden, survival, "\"r-cr\" x=", "\"r-lost\" x=", "Every infused patient as a lane"}) {
      CAPTURE(part);
      CHECK(html.find(part) != std::string::npos);
    }
    CHECK(html.find("individuals</dd>") == std::string::npos);
    const std::size_t waterfall = html.find("<title>Waterfall");
    REQUIRE(waterfall != std::string::npos);
    CHECK(html.substr(waterfall, html.find("</svg>", waterfall) - waterfall).find("r-cri") == std::string::npos);
  }
}

TEST_CASE("the report says what was fitted, and shows only parameters that go to its trial") {
  CHECK(figures::report_html(recording()).find("<b>Fitted:</b> nothing.") != std::string::npos);
  const test::Folder folder;
  scenario::TrialRun run = small_trial();
  run.replicates = 1;
  trial::FittedParameter ours;
  ours.parameter = "rho";
  ours.unit = "1/day";
  ours.source = "for a test";
  ours.prior_low = 1;
  ours.prior_high = 4;
  ours.low = 1.25;
  ours.median = 1.75;
  ours.high = 2.25;
  ours.draws = {1.75};
  trial::FittedParameter theirs = ours;
  theirs.parameter = "d_E";
  theirs.layer = trial::Layer::Disease;
  theirs.of = {"LBCL"};
  trial::Fitted fit;
  fit.name = "small_fit";
  fit.file = "fits/small_fit.toml";
  fit.parameters = {ours, theirs};
  run.fits = {fit};
  scenario::run_trial(run, folder / "fitted.h5", {});
  const record::Recording fitted = record::Recording::open(folder / "fitted.h5");
  CHECK(fitted.read("fitted").column("parameter").texts() == std::vector<std::string>{"rho"});
  const std::string html = figures::report_html(fitted);
  for (const char* part : {"by small_fit", "one draw of the joint posterior", "Fitted parameters", "1.25 to 2.25"}) {
    CAPTURE(part);
    CHECK(html.find(part) != std::string::npos);
  }
}

TEST_CASE("a trial in shards, merged, has the hash of a trial in one run, pictures' tables with it") {
  const test::Folder folder;
  const scenario::TrialRun trial = small_trial();
  std::vector<std::string> parts;
  for (const std::uint64_t shard : {1U, 2U}) {
    scenario::RunOptions options;
    options.shard = {shard, 2};
    parts.push_back(folder / ("part" + std::to_string(shard) + ".h5"));
    CHECK(scenario::run_trial(trial, parts.back(), options).complete);
  }
  record::merge(parts, folder / "merged.h5", record::Existing::Refuse, scenario::finish);
  CHECK(record::hash(record::Recording::open(folder / "merged.h5")) == record::hash(recording()));
  CHECK(figures::report_html(record::Recording::open(parts.back())).find("Overall survival") != std::string::npos);
}

TEST_SUITE_END();
