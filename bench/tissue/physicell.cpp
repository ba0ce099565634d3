#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "runner/external.h"
#include "tissue/tissue.h"

namespace carina::bench {

Row begin_row(const std::string& bench, const std::string& contender, const std::string& unit, bool ours) {
  Row row;
  row.bench = bench;
  row.contender = contender;
  row.version = ours ? "one thread" : "";
  row.unit = unit;
  row.ours = ours;
  if (!ours) row.absent = "not built: --with physicell=DIR, a checkout of PhysiCell";
  return row;
}

double Told::seconds(const char* what) const { return nlohmann::json::parse(line).at(what).get<double>(); }

Told physicell(const Settings& settings, const std::string& program, const std::string& arguments,
               const std::string& after) {
  Told told;
  const std::string folder = std::filesystem::absolute(settings.peers + "/physicell").string(),
                    file = folder + "/answers.f64";
  std::ifstream stamp(folder + "/carina-peer.txt");
  std::string checkout;
  if (!std::getline(stamp, checkout) || !std::getline(stamp, told.version)) return told;
  told.there = true;
  // PhysiCell leaves files where it runs
  told.line = last_line("cd '" + folder + "' && './" + program + "' " + arguments + " '" + file + "' " + after + " 2>&1");
  told.answers.resize(std::filesystem::file_size(file) / sizeof(double));
  std::ifstream answers(file, std::ios::binary);
  answers.read(reinterpret_cast<char*>(told.answers.data()),
               static_cast<std::streamsize>(told.answers.size() * sizeof(double)));
  return told;
}

std::string physicell_checkout(const Settings& settings) {
  std::ifstream stamp(settings.peers + "/physicell/carina-peer.txt");
  std::string checkout;
  std::getline(stamp, checkout);
  return checkout;
}

double thread_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace carina::bench
