#include "runner/report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace carina::bench {
namespace {

std::string per_patient(const Row& row, std::int64_t total) {
  return fmt::format("{:.4g}", static_cast<double>(total) / static_cast<double>(row.patients));
}

std::string note(const Row& row) {
  if (!row.absent.empty()) return row.absent;
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (row.accuracy.known)
    add(fmt::format("WRMS {:.3g} / {:.3g} (median / p95), largest error {:.2g}", row.accuracy.wrms_median,
                    row.accuracy.wrms_p95, row.accuracy.largest_median));
  if (row.effort.steps > 0) add(per_patient(row, row.effort.steps) + " steps");
  if (row.speedup_equal > 0.0) add(fmt::format("ours at equal WRMS {:.2f}x", row.speedup_equal));
  if (row.failures > 0) add(fmt::format("{} of {} patients failed", row.failures, row.patients));
  if (!row.remark.empty()) add(row.remark);
  return text;
}

}  // namespace

std::string as_table(const std::vector<Row>& rows) {
  using Line = std::array<std::string, 8>;
  std::vector<Line> lines = {{"bench", "contender", "version", "value", "unit", "speedup", "checked", "note"}};
  for (const Row& row : rows) {
    const bool there = row.absent.empty();
    lines.push_back({row.bench, row.contender, row.version, there ? fmt::format("{:.5g}", row.value) : "-", row.unit,
                     there && row.speedup > 0.0 ? fmt::format("{:.2f}", row.speedup) : "-",
                     there ? (row.checked ? "yes" : "no") : "-", note(row)});
  }
  std::array<std::size_t, 8> width{};
  for (const Line& line : lines)
    for (std::size_t i = 0; i + 1 < line.size(); ++i) width[i] = std::max(width[i], line[i].size());
  std::string text;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) text += fmt::format("{:<{}}  ", line[i], width[i]);
    text += line.back() + "\n";
  }
  return text;
}

std::string as_json(const std::vector<Row>& rows) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    const bool there = row.absent.empty();
    nlohmann::ordered_json one;
    one["bench"] = row.bench;
    one["contender"] = row.contender;
    one["version"] = row.version;
    one["value"] = there ? nlohmann::ordered_json(row.value) : nlohmann::ordered_json(nullptr);
    one["unit"] = row.unit;
    one["speedup"] = there && row.speedup > 0.0 ? nlohmann::ordered_json(row.speedup) : nlohmann::ordered_json(nullptr);
    one["checked"] = row.checked;
    if (there) {
      if (row.speedup_equal > 0.0) one["speedup_at_equal_accuracy"] = row.speedup_equal;
      one["patients"] = row.patients;
      one["failures"] = row.failures;
      if (row.accuracy.known) {
        one["wrms_median"] = row.accuracy.wrms_median;
        one["wrms_p95"] = row.accuracy.wrms_p95;
        one["largest_relative_error_median"] = row.accuracy.largest_median;
        one["largest_relative_error"] = row.accuracy.largest;
      }
      if (row.effort.steps > 0)
        one["steps_per_patient"] = static_cast<double>(row.effort.steps) / static_cast<double>(row.patients);
      if (row.effort.rates > 0)
        one["rates_per_patient"] = static_cast<double>(row.effort.rates) / static_cast<double>(row.patients);
      if (row.effort.jacobians > 0)
        one["jacobians_per_patient"] = static_cast<double>(row.effort.jacobians) / static_cast<double>(row.patients);
      if (row.effort.factorisations > 0)
        one["factorisations_per_patient"] =
            static_cast<double>(row.effort.factorisations) / static_cast<double>(row.patients);
    }
    const std::string said = there ? row.remark : row.absent;
    if (!said.empty()) one["note"] = said;
    all.push_back(one);
  }
  return all.dump(2) + "\n";
}

}  // namespace carina::bench
