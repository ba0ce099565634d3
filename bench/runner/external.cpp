#include "runner/external.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace carina::bench {
std::string last_line(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start: " + command);
  std::string text;
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), static_cast<int>(piece.size()), pipe) != nullptr) text += piece.data();
  if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

namespace {

class External final : public Contender {
 public:
  explicit External(ExternalProgram program) : program_(std::move(program)) {
    if (std::filesystem::exists(program_.needs)) version_ = last_line(program_.command + " --version");
  }
  std::string name() const override { return program_.name; }
  std::string version() const override { return version_.empty() ? "-" : version_; }
  std::string absent() const override {
    return version_.empty() ? "not installed: " + program_.needs + " is not there" : "";
  }
  std::size_t most_patients() const override { return program_.most_patients; }

  Outcome run(std::size_t count, std::vector<double>& out) override {
    std::filesystem::create_directories(program_.folder);
    const std::string patients = program_.folder + "/patients.f64", answers = program_.folder + "/answers.f64";
    write_patients(patients, count);
    const std::string line =
        last_line(fmt::format("{} {} '{}' {} '{}'", program_.command, program_.bench, patients, count, answers));
    const auto told = nlohmann::json::parse(line);
    std::ifstream file(answers, std::ios::binary);
    const std::size_t values = out.size();
    const auto available = static_cast<std::size_t>(std::filesystem::file_size(answers)) / sizeof(double);
    file.read(reinterpret_cast<char*>(out.data()),
              static_cast<std::streamsize>(std::min(values, available) * sizeof(double)));
    return {told.at("failures").get<std::size_t>(), {}, told.at("cpu_seconds").get<double>()};
  }

 private:
  void write_patients(const std::string& path, std::size_t count) const {
    std::ofstream file(path, std::ios::binary);
    for (std::size_t id = 1; id <= count; ++id) {
      const std::vector<double> numbers = program_.patient(id);
      file.write(reinterpret_cast<const char*>(numbers.data()),
                 static_cast<std::streamsize>(numbers.size() * sizeof(double)));
    }
    if (!file) throw std::runtime_error("cannot write " + path);
  }

  ExternalProgram program_;
  std::string version_;
};

}  // namespace

std::unique_ptr<Contender> external(ExternalProgram program) { return std::make_unique<External>(std::move(program)); }

}  // namespace carina::bench
