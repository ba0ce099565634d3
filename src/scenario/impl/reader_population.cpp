#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/names.h"
#include "scenario/impl/reader.h"

namespace carina::scenario::impl {
namespace {

constexpr std::uint64_t most_individuals = 1'000'000'000;

// The cells of one line of CSV; quotes as in RFC 4180, within one line.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  for (std::string& cell : cells) {
    const std::size_t begin = cell.find_first_not_of(" \t");
    cell = begin == std::string::npos ? "" : cell.substr(begin, cell.find_last_not_of(" \t") - begin + 1);
  }
  return cells;
}

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (rows.empty() && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') {
      rows.emplace_back();  // keeps the numbers of the lines
    } else {
      rows.push_back(cells_of(line));
    }
  }
  return rows;
}

// `weight [kg]` taken apart.
std::pair<std::string, std::string> name_and_unit(const std::string& head) {
  const std::size_t open = head.find('[');
  if (open == std::string::npos || head.back() != ']') return {head, ""};
  std::string name = head.substr(0, open);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return {name, head.substr(open + 1, head.size() - open - 2)};
}

}  // namespace

void Reader::read_population() {
  Section population = root_.section("population");
  PopulationPart& part = scenario_.population;
  const auto size = population.whole("size", 1);
  if (size && *size > most_individuals)
    population.problem("size", "must be at most 1000000000", "split the work into several seeds");
  part.size = size.value_or(0);
  part.variability = population.flag("variability").value_or(true);
  read_sd(population);
  read_covariates(population);
  // without a size: one individual for each row of the table, or one
  if (part.size == 0) {
    part.size = 1;
    for (const ensemble::Covariate& covariate : scenario_.covariates) {
      part.size = std::max<std::uint64_t>(part.size, covariate.values.size());
    }
  }
  const std::string fault = ensemble::correlation_fault(scenario_.model, scenario_.sd);
  if (!fault.empty()) population.problem("sd", fault);
  population.finish();
}

void Reader::read_sd(Section& population) {
  using Kind = model::Variability::Kind;
  Section sd = population.section("sd");
  for (const auto& [name, node] : sd.entries()) {
    const auto index = scenario_.model.find_parameter(name);
    const Kind kind = index ? scenario_.model.parameters[*index].variability.kind : Kind::None;
    if (kind == Kind::None || kind == Kind::Choice) {
      std::vector<std::string> varied;
      for (const model::Parameter& parameter : scenario_.model.parameters) {
        const Kind known = parameter.variability.kind;
        if (known != Kind::None && known != Kind::Choice) varied.push_back(parameter.name);
      }
      reading_.problem(node, sd.path(name), "has no random effect in " + scenario_.use, did_you_mean(name, varied));
      continue;
    }
    const std::string unit = kind == Kind::Normal ? scenario_.model.parameters[*index].unit : "1";
    const auto value = quantity(reading_, *node, sd.path(name), known_unit(unit));
    if (!value) continue;
    if (value->value < 0) {
      reading_.problem(node, sd.path(name), "must be >= 0");
      continue;
    }
    scenario_.sd[*index] = value->value;
    scenario_.population.sd.emplace_back(name, *value);
  }
}

void Reader::read_covariates(Section& population) {
  const toml::node* node = population.find("covariates");
  if (node == nullptr) return;
  const std::string path = population.path("covariates");
  if (node->is_string()) {
    read_covariate_table(population, *node, path);
    check_rows(population, *node, path);
    return;
  }
  Section covariates = population.section("covariates");
  if (!covariates.present()) return;
  const toml::node* file = covariates.find("file");
  scenario_.population.cycle = covariates.flag("cycle").value_or(false);
  if (file != nullptr && !file->is_string()) covariates.problem("file", "must be the name of a CSV file");
  if (file != nullptr && file->is_string()) {
    read_covariate_table(covariates, *file, covariates.path("file"));
    check_rows(covariates, *file, covariates.path("file"));
  }
  read_covariate_lines(covariates);
}

void Reader::read_covariate_lines(Section& covariates) {
  std::vector<std::string> names = {"file", "cycle"};
  for (const model::Parameter& parameter : scenario_.model.parameters) names.push_back(parameter.name);
  for (const auto& [name, node] : covariates.entries()) {
    if (name == "file" || name == "cycle") continue;
    const std::string path = covariates.path(name);
    const auto index = scenario_.model.find_parameter(name);
    if (!index) {
      reading_.problem(node, path, "is no covariate of " + scenario_.use, did_you_mean(name, names));
      continue;
    }
    const model::Parameter& parameter = scenario_.model.parameters[*index];
    const KnownUnit unit = known_unit(parameter.unit);
    ensemble::Covariate covariate;
    covariate.parameter = *index;
    std::string text;
    if (node->is_string()) {
      text = node->as_string()->get();
      Refusal refusal;
      const auto distribution = parse_distribution(text, unit, refusal);
      if (!distribution) {
        reading_.problem(node, path, refusal.rule, refusal.hint);
        continue;
      }
      covariate.distribution = *distribution;
    } else {
      const auto value = quantity(reading_, *node, path, unit);
      if (!value) continue;
      text = value->text;
      covariate.distribution.a = value->value;
    }
    scenario_.population.covariates.push_back({name, text});
    scenario_.covariates.push_back(std::move(covariate));
  }
}

void Reader::read_covariate_table(Section&, const toml::node& node, const std::string& path) {
  const std::string name = node.as_string()->get();
  const std::string place = (std::filesystem::path(folder_) / name).lexically_normal().string();
  std::ifstream file(place, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || std::filesystem::is_directory(place)) {
    reading_.problem(&node, path, "cannot be read", "it is looked up beside the scenario");
    return;
  }
  scenario_.population.covariate_file = name;
  scenario_.files.push_back({name, "covariates", text.str()});
  read_covariate_columns(rows_of(text.str()), name);
}

void Reader::read_covariate_columns(const std::vector<std::vector<std::string>>& rows, const std::string& file) {
  const auto problem = [&](std::size_t row, const std::string& column, const std::string& value, const std::string& rule,
                           const std::string& hint = "") {
    reading_.problems.add({file, static_cast<int>(row) + 1, 0, column, value, rule, hint});
  };
  std::size_t head = 0;
  while (head < rows.size() && rows[head].empty()) ++head;
  if (head == rows.size()) return problem(0, "", "", "has no head line with the names of the covariates");
  std::vector<std::string> names;
  for (const model::Parameter& parameter : scenario_.model.parameters) names.push_back(parameter.name);
  for (std::size_t c = 0; c < rows[head].size(); ++c) {
    const auto [name, unit_text] = name_and_unit(rows[head][c]);
    if (name == "individual") continue;
    const auto index = scenario_.model.find_parameter(name);
    if (!index) {
      problem(head, rows[head][c], "", "is no covariate of " + scenario_.use, did_you_mean(name, names));
      continue;
    }
    const KnownUnit unit = known_unit(scenario_.model.parameters[*index].unit);
    ensemble::Covariate covariate;
    covariate.parameter = *index;
    for (std::size_t r = head + 1; r < rows.size(); ++r) {
      if (rows[r].empty()) continue;
      const std::string cell = c < rows[r].size() ? rows[r][c] : "";
      Refusal refusal;
      const auto value = parse_quantity(unit_text.empty() || cell.empty() ? cell : cell + " " + unit_text, unit, refusal);
      if (!value) problem(r, rows[head][c], cell, cell.empty() ? "is missing" : refusal.rule, refusal.hint);
      covariate.values.push_back(value.value_or(0));
    }
    if (covariate.values.empty()) problem(head, rows[head][c], "", "has no rows");
    scenario_.covariates.push_back(std::move(covariate));
  }
}

void Reader::check_rows(Section&, const toml::node& node, const std::string& path) {
  std::size_t rows = std::numeric_limits<std::size_t>::max();
  for (const ensemble::Covariate& covariate : scenario_.covariates) rows = std::min(rows, covariate.values.size());
  const std::uint64_t size = scenario_.population.size;
  if (scenario_.covariates.empty() || rows == 0 || size <= rows || scenario_.population.cycle) return;
  reading_.problem(&node, path, "has " + std::to_string(rows) + " rows for " + std::to_string(size) + " individuals",
                   "covariates = { file = \"" + scenario_.population.covariate_file + "\", cycle = true } starts again");
}

}  // namespace carina::scenario::impl
