#include "trial/fitted.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/names.h"
#include "base/section.h"
#include "trial/impl/luck.h"

namespace carina::trial {
namespace {

constexpr std::array<std::string_view, 4> layer_words = {"common", "disease", "product", "patient"};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string list_text(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() == 1 ? "" : ", ") + quoted(text);
  return out + "]";
}

// Lines of numbers up to the width of a page.
std::string numbers_text(const std::vector<double>& numbers) {
  std::string out = "[\n", line = " ";
  for (const double number : numbers) {
    const std::string text = " " + number_text(number) + ",";
    if (line.size() + text.size() > 126) {
      out += line + "\n";
      line = " ";
    }
    line += text;
  }
  return out + line + "\n]";
}

double needed(Section& section, std::string_view key) {
  const auto value = section.number(key, -1e300, 1e300);
  if (!value && section.find(key) == nullptr) section.missing(key);
  return value.value_or(0);
}

std::string needed_text(Section& section, std::string_view key) {
  const auto value = section.text(key);
  if (!value && section.find(key) == nullptr) section.missing(key);
  return value.value_or("");
}

std::vector<double> draws_at(Section& section) {
  std::vector<double> draws;
  const toml::node* node = section.find("draws");
  if (node == nullptr || !node->is_array()) {
    section.problem("draws", "must be a list of numbers");
    return draws;
  }
  for (const toml::node& one : *node->as_array()) {
    const auto value = one.value<double>();
    if (!value) {
      section.problem("draws", "must be a list of numbers");
      return draws;
    }
    draws.push_back(*value);
  }
  if (draws.empty()) section.problem("draws", "must not be empty");
  return draws;
}

FittedParameter read_parameter(Section& section) {
  FittedParameter p;
  p.parameter = needed_text(section, "name");
  if (p.parameter.starts_with("sd.")) {
    p.sd = true;
    p.parameter = p.parameter.substr(3);
  }
  const auto layer = section.word("layer", {layer_words.begin(), layer_words.end()});
  if (layer) p.layer = *layer_of(*layer);
  p.of = section.texts("of").value_or(std::vector<std::string>{});
  if (layer && (p.layer == Layer::Common) != p.of.empty())
    section.problem("of", p.of.empty() ? "is missing: a disease, product or trial" : "must be absent for layer common");
  p.unit = needed_text(section, "unit");
  p.source = needed_text(section, "source");
  p.prior_low = needed(section, "prior_low");
  p.prior_high = needed(section, "prior_high");
  p.low = needed(section, "low");
  p.median = needed(section, "median");
  p.high = needed(section, "high");
  p.contraction = needed(section, "contraction");
  p.draws = draws_at(section);
  section.finish();
  return p;
}

// Every fit comes after those that it takes as given.
std::vector<Fitted> in_order(std::vector<Fitted> fits) {
  std::vector<Fitted> ordered;
  while (!fits.empty()) {
    const auto ready = std::find_if(fits.begin(), fits.end(), [&](const Fitted& one) {
      return std::none_of(one.given.begin(), one.given.end(), [&](const std::string& name) {
        return std::any_of(fits.begin(), fits.end(), [&](const Fitted& other) { return other.name == name; });
      });
    });
    const auto next = ready == fits.end() ? fits.begin() : ready;
    ordered.push_back(std::move(*next));
    fits.erase(next);
  }
  return ordered;
}

}  // namespace

std::string_view name(Layer layer) { return layer_words[static_cast<std::size_t>(layer)]; }

std::optional<Layer> layer_of(std::string_view word) {
  for (std::size_t i = 0; i < layer_words.size(); ++i) {
    if (layer_words[i] == word) return static_cast<Layer>(i);
  }
  return std::nullopt;
}

bool belongs(Layer layer, const std::vector<std::string>& of, const Trial& trial) {
  const auto names = [&](const std::string& one) { return std::find(of.begin(), of.end(), one) != of.end(); };
  switch (layer) {
    case Layer::Common: return true;
    case Layer::Disease: return names(trial.disease);
    case Layer::Product: return names(trial.product);
    case Layer::Patient: return names(trial.name);
  }
  return false;
}

bool Fitted::concerns(const Trial& trial) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const FittedParameter& p) { return belongs(p.layer, p.of, trial); });
}

Fitted read_fitted(const std::string& path) { return read_fitted_text(file_text(path), path); }

Fitted read_fitted_text(const std::string& text, const std::string& name) {
  const toml::table root = parse_toml(text, name);
  Reading reading{name, {}};
  Section top(reading, &root, "");
  Fitted fitted;
  fitted.file = name;
  fitted.name = std::filesystem::path(name).stem().string();
  if (top.whole("fit", 1) != std::uint64_t{1}) top.problem("fit", "must be 1: the format of this file");
  fitted.title = needed_text(top, "title");
  fitted.command = needed_text(top, "command");
  fitted.version = needed_text(top, "version");
  fitted.status = needed_text(top, "status");
  fitted.seed = top.whole("seed", 0).value_or(0);
  fitted.trials = top.texts("trials").value_or(std::vector<std::string>{});
  fitted.given = top.texts("given").value_or(std::vector<std::string>{});
  for (Section& input : top.list("input")) {
    fitted.inputs.push_back({needed_text(input, "name"), needed_text(input, "hash")});
    input.finish();
  }
  for (Section& parameter : top.list("parameter")) {
    fitted.parameters.push_back(read_parameter(parameter));
    if (fitted.parameters.back().draws.size() != fitted.draws())
      parameter.problem("draws", fmt::format("must have {} numbers as those of the first parameter", fitted.draws()));
  }
  if (fitted.parameters.empty()) top.missing("parameter", "carina calibrate writes these files");
  top.finish();
  reading.problems.throw_if_any();
  return fitted;
}

std::string write_fitted(const Fitted& fitted) {
  std::string out =
      "# Parameters fitted to published figures, with their uncertainty. Made by a command, not by hand.\nfit = 1\n";
  out += "title = " + quoted(fitted.title) + "\ncommand = " + quoted(fitted.command) + "\n";
  out += "version = " + quoted(fitted.version) + fmt::format("\nseed = {}\n", fitted.seed);
  out += "status = " + quoted(fitted.status) + "\n";
  out += "trials = " + list_text(fitted.trials) + "\ngiven = " + list_text(fitted.given) + "\n";
  for (const FitInput& input : fitted.inputs) {
    out += "\n[[input]]\nname = " + quoted(input.name) + "\nhash = " + quoted(input.hash) + "\n";
  }
  for (const FittedParameter& p : fitted.parameters) {
    out += "\n[[parameter]]\nname = " + quoted(p.name()) + "\nlayer = " + quoted(std::string(name(p.layer))) + "\n";
    if (!p.of.empty()) out += "of = " + (p.of.size() == 1 ? quoted(p.of.front()) : list_text(p.of)) + "\n";
    out += "unit = " + quoted(p.unit) + "\nsource = " + quoted(p.source) + "\n";
    out += "prior_low = " + number_text(p.prior_low) + "\nprior_high = " + number_text(p.prior_high) + "\n";
    out += "low = " + number_text(p.low) + "\nmedian = " + number_text(p.median) + "\nhigh = " + number_text(p.high) + "\n";
    out += "contraction = " + number_text(p.contraction) + "\ndraws = " + numbers_text(p.draws) + "\n";
  }
  return out;
}

std::vector<Fitted> read_fits(const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  std::vector<Fitted> fits;
  for (const std::string& folder : folders) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      if (file.path().extension() == ".toml") files.push_back(file.path().string());
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      const std::string stem = fs::path(file).stem().string();
      if (std::none_of(fits.begin(), fits.end(), [&](const Fitted& f) { return f.name == stem; }))
        fits.push_back(read_fitted(file));
    }
  }
  return in_order(std::move(fits));
}

void apply(const Fitted& fitted, const Trial& trial, const model::Model& model, std::optional<std::size_t> draw,
           Theta& theta) {
  for (const FittedParameter& p : fitted.parameters) {
    const auto index = model.find_parameter(p.parameter);
    if (!index || !belongs(p.layer, p.of, trial)) continue;
    (p.sd ? theta.sd : theta.typical)[*index] = draw ? p.draws[*draw] : p.median;
  }
}

std::vector<std::string> unknown_parameters(const Fitted& fitted, const Trial& trial, const model::Model& model) {
  std::vector<std::string> names;
  for (const FittedParameter& p : fitted.parameters) {
    if (belongs(p.layer, p.of, trial) && !model.find_parameter(p.parameter)) names.push_back(p.parameter);
  }
  return names;
}

std::size_t draw_of(std::uint64_t seed, std::uint32_t replicate, std::size_t fit, std::size_t draws) {
  const random::Address address{replicate, 0, fit, static_cast<std::uint32_t>(impl::Purpose::Posterior), 0};
  const double u = random::uniform(seed, random::Domain::Trial, address);
  return std::min(draws - 1, static_cast<std::size_t>(u * static_cast<double>(draws)));
}

}  // namespace carina::trial
