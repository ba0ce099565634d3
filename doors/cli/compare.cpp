#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/problem.h"
#include "commands.h"
#include "record/recording.h"
#include "scenario/judge.h"
#include "scenario/run.h"
#include "text.h"

namespace carina::cli {
namespace {

struct CompareArguments {
  std::string file;
  bool all = false;
  bool json = false;
};

struct Row {
  std::string figure, role, unit;
  double published = 0, simulated = 0, low = 0, high = 0;
  std::int64_t n = 0, replicates = 0;
  bool inside = false, counted = false;
};

std::vector<Row> rows_of(const record::Table& table) {
  std::vector<Row> rows(table.rows());
  const auto flag = [&](const char* name, std::size_t i) {
    return std::get<std::vector<std::uint8_t>>(table.column(name).values)[i] != 0;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row& r = rows[i];
    r.figure = table.column("figure").texts()[i];
    r.role = table.column("role").texts()[i];
    r.unit = table.column("unit").texts()[i];
    r.published = table.column("published").doubles()[i];
    r.simulated = table.column("simulated").doubles()[i];
    r.low = table.column("low").doubles()[i];
    r.high = table.column("high").doubles()[i];
    r.n = table.column("n").integers()[i];
    r.replicates = table.column("replicates").integers()[i];
    r.inside = flag("inside", i);
    r.counted = flag("counted", i);
  }
  return rows;
}

std::string number(double value) {
  if (std::isnan(value)) return "-";
  const double size = std::fabs(value);
  if (size != 0 && (size >= 1e6 || size < 1e-2)) return fmt::format("{:.3g}", value);
  return size >= 1000 ? count_text(std::round(value)) : fmt::format("{:.3g}", value);
}

// Shares and numbers of patients.
std::string unit_text(const std::string& unit) { return unit == "1" ? "" : " " + unit; }

void print(const std::vector<Row>& rows, const std::string& role, const char* heading, bool all) {
  std::size_t inside = 0, of = 0, width = 6;
  for (const Row& r : rows) {
    if (r.role != role || !(r.counted || all)) continue;
    width = std::max(width, r.figure.size());
    if (r.counted) ++of, inside += r.inside ? 1 : 0;
  }
  fmt::print("{}: {} of {} inside the 90 % prediction interval\n", heading, inside, of);
  fmt::print("  {:<{}}  {:>10}  {:>5}  {:>10}  {:>23}\n", "figure", width, "published", "n", "simulated", "90 % of trials");
  for (const Row& r : rows) {
    if (r.role != role || !(r.counted || all)) continue;
    const bool none = std::isnan(r.low);
    const std::string interval = none ? "in few trials or none" : number(r.low) + " to " + number(r.high);
    const char* verdict = none ? "  missed" : r.inside ? "" : r.published < r.low ? "  below" : "  above";
    fmt::print("  {:<{}}  {:>10}  {:>5}  {:>10}  {:>23}{}{}{}\n", r.figure, width, number(r.published),
               r.n == 0 ? "" : std::to_string(r.n), number(r.simulated), interval, none ? "" : unit_text(r.unit), verdict,
               r.counted ? "" : "  (not counted)");
  }
}

void print(const scenario::Judgement& j) {
  if (j.figures == 0) return;
  fmt::print("  {:.0f} % inside; of the simulated trials 5 % reach {:.0f} % or less on the same list\n", 100 * j.coverage,
             100 * j.coverage_low);
  if (std::isnan(j.joint_distance)) return;
  fmt::print("  all {} together: squared distance {:.1f}; as far or farther are {:.2g} of the simulated trials\n", j.joint,
             j.joint_distance, j.joint_p);
}

nlohmann::json json_number(double value) { return std::isnan(value) ? nlohmann::json(nullptr) : nlohmann::json(value); }

int compare(const CompareArguments& a) {
  const record::Recording recording = record::Recording::open(a.file, scenario::finish);
  if (!recording.has("comparison")) {
    throw InputError({{a.file, 0, 0, "", "", "is no finished recording of a trial",
                       "carina run trials/eliana.toml -o eliana.h5 makes one"}});
  }
  const std::vector<Row> rows = rows_of(recording.read("comparison"));
  if (a.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const Row& r : rows) {
      list.push_back({{"figure", r.figure},
                      {"role", r.role},
                      {"counted", r.counted},
                      {"unit", r.unit},
                      {"published", json_number(r.published)},
                      {"n", r.n},
                      {"simulated", json_number(r.simulated)},
                      {"low", json_number(r.low)},
                      {"high", json_number(r.high)},
                      {"replicates", r.replicates},
                      {"inside", r.inside}});
    }
    fmt::print("{}\n", list.dump(2));
    return done;
  }
  print(rows, "calibrate", "figures for calibration (agreement is fit, not validation)", a.all);
  print(scenario::judge(recording));
  fmt::print("\n");
  print(rows, "check", "figures that are only predicted", a.all);
  return done;
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  const auto a = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand("compare", "published figures of a trial beside its simulated ones");
  command->add_option("RESULT", a->file, "recording of a trial")->required();
  command->add_flag("--all", a->all, "show figures of the same patients as another one too");
  command->add_flag("--json", a->json, "print as JSON");
  command->callback([&context, a] { context.chosen = [a] { return compare(*a); }; });
}

}  // namespace carina::cli
