#include "study/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "base/names.h"
#include "base/section.h"
#include "trial/compare.h"
#include "trial/library.h"

namespace carina::study {
namespace {

namespace fs = std::filesystem;

using trial::Layer;

struct MethodKey {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
};
constexpr std::array<MethodKey, 5> method_keys = {{{"seed", 0, ~std::uint64_t{0}},
                                                   {"replicates", 4, 10'000},
                                                   {"points", 0, 100'000},
                                                   {"waves", 1, 100},
                                                   {"draws", 100, 100'000}}};

void set_method(Method& method, std::string_view key, std::uint64_t value) {
  const auto size = static_cast<std::size_t>(value);
  if (key == "seed") method.seed = value;
  if (key == "replicates") method.replicates = size;
  if (key == "points") method.points = size;
  if (key == "waves") method.waves = size;
  if (key == "draws") method.draws = size;
}

class Reader {
 public:
  Reader(Reading& reading, const toml::table& root, const Folders& folders, Calibration& calibration)
      : top_(reading, &root, ""), folders_(folders), calibration_(calibration) {}

  void read() {
    if (top_.whole("calibration", 1) != std::uint64_t{1}) top_.problem("calibration", "must be 1: the format of this file");
    calibration_.title = needed(top_, "title");
    calibration_.about = top_.text("about").value_or("");
    calibration_.given = top_.texts("given").value_or(std::vector<std::string>{});
    sources();
    method();
    trials();
    if (!calibration_.runs.empty()) {
      for (Section& prior : top_.list("prior")) priors(prior);
      if (calibration_.priors.empty()) top_.missing("prior", "what is open");
      for (Section& one : top_.list("leave_out")) leave_out(one);
    } else {
      top_.find("prior");
      top_.find("leave_out");
    }
    top_.finish();
  }

 private:
  static std::string needed(Section& section, std::string_view key) {
    const auto value = section.text(key);
    if (!value && section.find(key) == nullptr) section.missing(key);
    return value.value_or("");
  }

  void sources() {
    Section list = top_.section("sources");
    for (const auto& [key, node] : list.entries()) {
      sources_.push_back(key);
      if (!node->is_table()) continue;
      Section one = list.section(key);
      needed(one, "cite");
      one.text("note");
      one.finish();
    }
  }

  void method() {
    Section section = top_.section("method");
    for (const MethodKey& key : method_keys) {
      const auto value = section.whole(key.name, key.least);
      if (!value) continue;
      if (*value > key.most) section.problem(key.name, fmt::format("must be at most {}", key.most));
      set_method(calibration_.method, key.name, *value);
    }
    section.finish();
  }

  void trials() {
    const auto names = top_.texts("trials");
    if (!names || names->empty()) return top_.missing("trials", "names of trials, such as [\"eliana\"]");
    std::string given = calibration_.given.empty() ? "none" : "";
    for (const std::string& name : calibration_.given) given += (given.empty() ? "" : ",") + name;
    scenario::ReadOptions options;
    options.model_folders = folders_.models;
    options.product_folders = folders_.products;
    options.fit_folders = folders_.fits;
    options.overrides = {{"fit", given}, {"uncertainty", "none"}};
    for (const std::string& name : *names) {
      try {
        calibration_.runs.push_back(scenario::read_trial_run(trial::find_trial(name, folders_.trials), options));
      } catch (const InputError& wrong) {
        for (Problem problem : wrong.problems()) {
          if (problem.file.empty()) problem = {calibration_.file, 0, 0, "trials", problem.value, problem.rule, problem.hint};
          top_.reading().problems.add(std::move(problem));
        }
      }
    }
  }

  void layer(Section& section, Prior& prior) {
    const auto word = section.word("layer", {"common", "disease", "product", "patient"});
    if (!word) {
      if (section.find("layer") == nullptr) section.missing("layer", "common, disease, product or patient");
      return;
    }
    prior.layer = *trial::layer_of(*word);
    prior.of = section.texts("of").value_or(std::vector<std::string>{});
    const auto owner = [&](const trial::Trial& t) {
      return prior.layer == Layer::Disease ? t.disease : prior.layer == Layer::Product ? t.product : t.name;
    };
    if (prior.layer == Layer::Common) {
      if (!prior.of.empty()) section.problem("of", "must be absent for layer common");
      return;
    }
    std::vector<std::string> owners;
    for (const scenario::TrialRun& run : calibration_.runs) owners.push_back(owner(run.trial));
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    if (prior.of.empty() && owners.size() == 1) prior.of = owners;
    if (prior.of.empty()) {
      section.missing("of", fmt::format("one of {}", fmt::join(owners, ", ")));
    }
    for (const std::string& one : prior.of) {
      if (std::find(owners.begin(), owners.end(), one) != owners.end()) continue;
      section.problem("of", fmt::format("is no {} of the trials", *word), fmt::format("one of {}", fmt::join(owners, ", ")));
    }
  }

  void parameter(Section& section, Prior& prior) {
    const model::Model& model = calibration_.runs.front().model;
    std::string name = needed(section, "parameter");
    if (name.empty()) return;
    prior.sd = name.starts_with("sd.");
    prior.parameter = prior.sd ? name.substr(3) : name;
    const auto index = model.find_parameter(prior.parameter);
    if (!index) {
      section.find("median");
      std::vector<std::string> names;
      for (const model::Parameter& p : model.parameters) names.push_back(p.name);
      return section.problem("parameter", "is no parameter of " + calibration_.runs.front().use, did_you_mean(name, names));
    }
    const model::Parameter& p = model.parameters[*index];
    if (prior.sd && p.variability.kind == model::Variability::Kind::None)
      section.problem("parameter", "does not vary between patients");
    prior.unit = prior.sd ? "1" : p.unit;
    const bool bounded = !prior.sd && std::isfinite(p.low) && std::isfinite(p.high);
    prior.axis = bounded ? fit::logit_axis(p.low, p.high) : fit::log_axis();
    const auto median = quantity(section, "median", known_unit(prior.unit));
    if (!median) {
      if (section.find("median") == nullptr) section.missing("median", "with its unit");
      return;
    }
    prior.median = median->value;
    if (std::isnan(prior.axis.to(prior.median)))
      section.problem("median", bounded ? fmt::format("must lie between {} and {}", p.low, p.high) : "must be > 0");
  }

  void priors(Section& section) {
    Prior prior;
    parameter(section, prior);
    layer(section, prior);
    const auto sd = section.number("sd", 1e-6, 20);
    if (!sd && section.find("sd") == nullptr)
      section.missing("sd", "SD of the prior on the logarithm, or on the logit for a share");
    prior.spread = sd.value_or(1);
    prior.source = needed(section, "source");
    prior.about = section.text("about").value_or("");
    const std::string key = prior.source.substr(0, prior.source.find(':'));
    if (!prior.source.empty() && std::find(sources_.begin(), sources_.end(), key) == sources_.end())
      section.problem("source", "is no key of [sources]", did_you_mean(key, sources_));
    for (const Prior& other : calibration_.priors) {
      if (other.name() == prior.name() && other.of == prior.of) section.problem("parameter", "is open already");
    }
    section.finish();
    calibration_.priors.push_back(std::move(prior));
  }

  void leave_out(Section& section) {
    LeftOut out;
    out.figure = needed(section, "figure");
    out.reason = needed(section, "reason");
    out.trial = section.text("trial").value_or(calibration_.runs.front().trial.name);
    std::vector<std::string> known;
    for (const scenario::TrialRun& run : calibration_.runs) {
      if (run.trial.name != out.trial) continue;
      for (const trial::Figure& figure : run.trial.figures) {
        if (figure.role == trial::Role::Calibrate && figure.counted()) known.push_back(figure.id);
      }
    }
    if (!out.figure.empty() && std::find(known.begin(), known.end(), out.figure) == known.end())
      section.problem("figure", "is no figure to calibrate on of " + out.trial, did_you_mean(out.figure, known));
    section.finish();
    calibration_.left_out.push_back(std::move(out));
  }

  Section top_;
  const Folders& folders_;
  Calibration& calibration_;
  std::vector<std::string> sources_;
};

void override_method(Problems& problems, const scenario::Override& o, Method& method) {
  const auto* key =
      std::find_if(method_keys.begin(), method_keys.end(), [&](const MethodKey& k) { return o.path == k.name; });
  if (key == method_keys.end()) {
    problems.add(
        {"", 0, 0, o.path, o.value, "is nothing that a calibration can set", "seed, replicates, points, waves, draws"});
    return;
  }
  std::uint64_t value = 0;
  std::istringstream in(o.value);
  if (!(in >> value) || !in.eof() || o.value.starts_with('-') || value < key->least || value > key->most) {
    problems.add(
        {"", 0, 0, o.path, o.value, fmt::format("must be a whole number from {} to {}", key->least, key->most), ""});
    return;
  }
  set_method(method, key->name, value);
}

}  // namespace

Calibration read_calibration(const std::string& path, const Folders& folders, const std::vector<scenario::Override>& set) {
  Calibration calibration;
  calibration.file = path;
  calibration.name = fs::path(path).stem().string();
  calibration.text = file_text(path);
  const toml::table root = parse_toml(calibration.text, path);
  Reading reading{path, {}};
  Reader(reading, root, folders, calibration).read();
  for (const scenario::Override& o : set) override_method(reading.problems, o, calibration.method);
  reading.problems.throw_if_any();
  return calibration;
}

std::string find_calibration(const std::string& path, const Folders& folders) {
  if (scenario::kind_of_file(path) != "trial") return path;
  const std::string name = fs::path(path).stem().string();
  for (const std::string& folder : folders.calibrations) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      if (file.path().extension() != ".toml") continue;
      const toml::table root = parse_toml(file_text(file.path().string()), file.path().string());
      const toml::array* trials = root["trials"].as_array();
      if (trials == nullptr) continue;
      for (const toml::node& one : *trials) {
        if (one.value<std::string>() == name) return file.path().string();
      }
    }
  }
  throw InputError(
      {{path, 0, 0, "", "", "no calibration names this trial", "a file of calibrations/ says what is open, with priors"}});
}

}  // namespace carina::study
