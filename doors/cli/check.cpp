#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/problem.h"
#include "commands.h"
#include "model/read.h"
#include "model/write.h"
#include "product/page.h"
#include "product/read.h"
#include "scenario/checks.h"
#include "scenario/read.h"
#include "study/calibration.h"
#include "study/stale.h"
#include "trial/fitted.h"
#include "trial/read.h"
#include "trial/write.h"

namespace carina::cli {
namespace {

struct CheckArguments {
  std::string file;
  std::vector<std::string> set;
  bool resolved = false, quick = false, json = false;
};

nlohmann::json problems_json(const std::vector<Problem>& problems) {
  nlohmann::json list = nlohmann::json::array();
  for (const Problem& p : problems) {
    list.push_back({{"file", p.file},
                    {"line", p.line},
                    {"column", p.column},
                    {"path", p.path},
                    {"value", p.value},
                    {"rule", p.rule},
                    {"hint", p.hint},
                    {"text", p.text()}});
  }
  return list;
}

// The model's own checks count as problems of the file: a model that does not give its published values is wrong.
void run_checks(const std::string& file, const model::Model& model, Problems& problems) {
  for (const scenario::CheckResult& result : scenario::run_checks(model)) {
    if (result.passed) continue;
    problems.add({file, 0, 0, "check", "\"" + result.name + "\"", result.text, ""});
  }
}

std::string check_model(const CheckArguments& a) {
  const model::Model model = model::check_model(a.file);
  Problems problems;
  if (!a.quick) {
    run_checks(a.file, model, problems);
    for (const model::Variant& variant : model.variants) {
      run_checks(a.file, model::read_model(a.file, variant.name), problems);
    }
  }
  problems.throw_if_any();
  return a.resolved ? model::write_resolved(model) : "ok\n";
}

std::string check_scenario(const CheckArguments& a) {
  scenario::ReadOptions options;
  options.model_folders = model_folders();
  options.product_folders = installed("products");
  for (const std::string& text : a.set) options.overrides.push_back(scenario::read_override(text));
  const scenario::Scenario s = scenario::read_scenario(a.file, options);
  return a.resolved ? scenario::resolved_text(s) : "ok\n";
}

std::string check_trial(const CheckArguments& a) {
  const trial::Trial trial = trial::read_trial(a.file);
  return a.resolved ? trial::write_resolved(trial) : "ok\n";
}

std::string check_product(const CheckArguments& a) {
  const product::Product product = product::read_product(a.file);
  return a.resolved ? product::page_text(product) : "ok\n";
}

std::string check_patient(const CheckArguments& a) {
  const product::Patient patient = product::read_patient(a.file);
  return a.resolved ? product::resolved_text(patient) : "ok\n";
}

// A stale fit is no problem of its file: it can still be taken.
std::string check_fit(const CheckArguments& a) {
  const trial::Fitted fitted = trial::read_fitted(a.file);
  const std::string stale = study::stale_sentence(fitted, study::stale_inputs(fitted, library()));
  return stale.empty() ? "ok\n" : "ok, but " + stale + "\n";
}

std::string check_file(const CheckArguments& a) {
  const std::string kind = scenario::kind_of_file(a.file);
  if (kind == "model") return check_model(a);
  if (kind == "scenario") return check_scenario(a);
  if (kind == "trial") return check_trial(a);
  if (kind == "product") return check_product(a);
  if (kind == "patient") return check_patient(a);
  if (kind == "calibration") {
    study::read_calibration(a.file, library());
    return "ok\n";
  }
  if (kind == "fit") return check_fit(a);
  throw InputError(
      {{a.file, 0, 0, "", "", "says of no kind that it is",
        "the first line is scenario = 1, model = 1, trial = 1, product = 1, patient = 1, calibration = 1 or fit = 1"}});
}

int check(const CheckArguments& a) {
  try {
    const std::string text = check_file(a);
    if (a.json)
      fmt::print("{}\n", nlohmann::json{{"ok", true}, {"problems", nlohmann::json::array()}}.dump(2));
    else
      fmt::print("{}", text);
    return done;
  } catch (const InputError& error) {
    if (!a.json) throw;
    fmt::print("{}\n", nlohmann::json{{"ok", false}, {"problems", problems_json(error.problems())}}.dump(2));
    return bad_input;
  }
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  const auto a = std::make_shared<CheckArguments>();
  CLI::App* command =
      app.add_subcommand("check", "all problems of a scenario, model, trial, product, patient, calibration or fit, or ok");
  command->add_option("FILE", a->file, "any file of carina")->required();
  command->add_option("--set", a->set, "path=value, for a scenario")->take_all()->allow_extra_args(false);
  command->add_flag("--resolved", a->resolved, "print the file with every default written out");
  command->add_flag("--quick", a->quick, "do not run the checks of a model");
  command->add_flag("--json", a->json, "print the problems as JSON");
  command->callback([&context, a] { context.chosen = [a] { return check(*a); }; });
}

}  // namespace carina::cli
