#include "fit/problem.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/names.h"
#include "base/problem.h"

namespace carina::fit {
namespace {

class Findings {
 public:
  void expect(bool good, std::string path, std::string value, std::string rule, std::string hint = {}) {
    if (!good) problems_.add({{}, 0, 0, std::move(path), std::move(value), std::move(rule), std::move(hint)});
  }
  void finish() { problems_.throw_if_any(); }

 private:
  carina::Problems problems_;
};

void check_axis(Findings& findings, const std::string& path, const Axis& axis) {
  if (axis.scale != Scale::Logit) return;
  findings.expect(axis.low < axis.high && std::isfinite(axis.high - axis.low), path + ".axis",
                  fmt::format("[{}, {}]", number_text(axis.low), number_text(axis.high)), "must be finite bounds that rise");
}

void check_parameter(Findings& findings, const std::string& path, const Parameter& parameter) {
  check_axis(findings, path, parameter.axis);
  findings.expect(std::isfinite(parameter.axis.to(parameter.centre)), path + ".centre",
                  fmt::format("{} {}", number_text(parameter.centre), parameter.unit),
                  fmt::format("must have a place on the scale {}", name(parameter.axis.scale)));
  findings.expect(parameter.sd > 0 && std::isfinite(parameter.sd), path + ".sd", number_text(parameter.sd), "must be > 0",
                  "a parameter that is known is no parameter of the calibration");
}

void check_figure(Findings& findings, const std::string& path, const Figure& figure) {
  check_axis(findings, path, figure.axis);
  const std::string value = fmt::format("{} {}", number_text(figure.observed), figure.unit);
  if (figure.role == Role::Calibrate) {
    findings.expect(!std::isnan(figure.observed), path + ".observed", value, "a figure to calibrate on needs a value",
                    "role Check predicts it without one");
  }
  findings.expect(std::isnan(figure.observed) || std::isfinite(figure.axis.to(figure.observed)), path + ".observed", value,
                  fmt::format("must have a place on the scale {}", name(figure.axis.scale)),
                  figure.axis.scale == Scale::Logit ? "share_axis(n) has room for 0 and for all" : "");
}

template <class Rows>
void check_names(Findings& findings, const std::string& list, const Rows& rows) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool fresh = !rows[i].name.empty() && seen.insert(rows[i].name).second;
    findings.expect(fresh, fmt::format("{}[{}].name", list, i), rows[i].name, "must be a name of its own");
  }
}

}  // namespace

void validate(const Problem& problem) {
  Findings findings;
  check_names(findings, "parameters", problem.parameters);
  check_names(findings, "figures", problem.figures);
  findings.expect(!problem.parameters.empty(), "parameters", "", "must have at least one");
  for (std::size_t i = 0; i < problem.parameters.size(); ++i) {
    check_parameter(findings, fmt::format("parameters[{}]", i), problem.parameters[i]);
  }
  bool any = false;
  for (std::size_t i = 0; i < problem.figures.size(); ++i) {
    check_figure(findings, fmt::format("figures[{}]", i), problem.figures[i]);
    any = any || problem.figures[i].role == Role::Calibrate;
  }
  findings.expect(any, "figures", "", "must have at least one to calibrate on");
  findings.expect(static_cast<bool>(problem.simulate), "simulate", "", "must be a function");
  findings.finish();
}

}  // namespace carina::fit
