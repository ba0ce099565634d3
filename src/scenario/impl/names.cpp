#include "scenario/impl/names.h"

#include <map>

#include "base/units.h"

namespace carina::scenario::impl {

std::string auc_name(const NcaPart& nca) {
  static const std::map<std::string, std::string> letters = {
      {"day", "d"}, {"days", "d"}, {"hour", "h"}, {"week", "w"}, {"minute", "min"}};
  const std::size_t gap = nca.auc.text.find(' ');
  const std::string number = nca.auc.text.substr(0, gap);
  const std::string unit = gap == std::string::npos ? "" : nca.auc.text.substr(gap + 1);
  const auto letter = letters.find(unit);
  std::string name = "AUC0-" + number + (letter == letters.end() ? unit : letter->second);
  for (char& c : name) {
    if (c == ' ' || c == '/' || c == '*' || c == '^') c = '_';
  }
  return name;
}

std::vector<NcaColumn> nca_columns(const NcaPart& nca, const std::string& unit, const std::string& time) {
  using Result = stats::NcaResult;
  const Unit c = *Unit::parse(unit), t = *Unit::parse(time);
  const std::string area = (c * t).text(), rate = (Unit() / t).text();
  return {
      {"Cmax", unit, "highest value", &Result::cmax, true},
      {"Tmax", time, "time of the highest value", &Result::tmax, true},
      {auc_name(nca), area, "area under the curve from 0 to " + nca.auc.text, &Result::auc_end, true},
      {"AUClast", area, "area under the curve from 0 to the last quantifiable sample", &Result::auc_last, true},
      {"AUCinf", area, "AUClast, and what the best-fit half-life adds after it", &Result::auc_inf, true},
      {"half_life", time, "log(2)/lambda_z of the best-fit terminal line (adjusted R2, three points or more after Tmax)",
       &Result::half_life, true},
      {"Clast", unit, "last quantifiable value", &Result::clast, false},
      {"Tlast", time, "time of the last quantifiable value", &Result::tlast, true},
      {"lambda_z", rate, "terminal rate of the best-fit line", &Result::lambda_z, false},
      {"lambda_z_from", time, "first time of the best-fit line", &Result::lambda_z_from, false},
      {"adjusted_r2", "1", "adjusted R2 of the best-fit line", &Result::adjusted_r2, false},
      {"extrapolated", "1", "fraction of AUCinf that lies after the last sample", &Result::extrapolated, false},
  };
}

std::string nca_table(const Scenario& scenario, const std::string& column) {
  return column == scenario.nca.columns.front() ? "nca" : "nca_" + column;
}

std::string sketch_table(const std::string& column) { return "sketch_" + column; }
std::string seen_sketch_table(const std::string& column) { return "seen_sketch_" + column; }
std::string seen_below_table(const std::string& column) { return "seen_below_" + column; }
std::string moments_table(const std::string& column) { return "sums_" + column; }

}  // namespace carina::scenario::impl
