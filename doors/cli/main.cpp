#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/installation.h"
#include "base/problem.h"
#include "commands.h"
#include "record/recording.h"

namespace carina::cli {

std::vector<std::string> installed(const char* kind) {
  const std::filesystem::path share = share_folder();
  if (share.empty()) return {};
  return {(share / kind).string()};
}

std::vector<std::string> model_folders() { return installed("models"); }

study::Folders library() {
  return {installed("models"), installed("products"), installed("trials"), installed("fits"), installed("calibrations")};
}

namespace {

// Words with blanks in quotes, so that the line can be pasted.
std::string command_line(int count, char** words) {
  std::string line = "carina";
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool plain = !word.empty() && word.find_first_of(" \t'\"$&|;<>()*?[]#~`\\") == std::string::npos;
    line += plain ? " " + word : " '" + word + "'";
  }
  return line;
}

int run(int count, char** words) {
  CLI::App app("carina: CAR T-cell therapy in silico");
  Context context{command_line(count, words), {}};
  app.set_version_flag("--version", fmt::format("carina {} ({})", version(), commit()));
  app.require_subcommand(1);
  app.footer("A first run:  carina run scenarios/demo_tisagenlecleucel.toml -o demo.h5");
  add_models(app, context);
  add_trials(app, context);
  add_products(app, context);
  add_check(app, context);
  add_run(app, context);
  add_calibrate(app, context);
  add_compare(app, context);
  add_results(app, context);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : bad_input;
  }
  return context.chosen();
}

}  // namespace
}  // namespace carina::cli

int main(int count, char** words) {
  using namespace carina;
  try {
    return cli::run(count, words);
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) fmt::print(stderr, "carina: {}\n", problem.text());
    return cli::bad_input;
  } catch (const record::FileError& error) {
    fmt::print(stderr, "carina: {}\n", error.what());
    return cli::no_result;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "carina: out of memory\n");
    return cli::no_result;
  } catch (const std::exception& error) {
    fmt::print(stderr, "carina: {}\n", error.what());
    return cli::no_result;
  }
}
