/// @file
/// The commands of the program `carina`. Each adds itself to the command line and gives back the exit code: 0 done, 2 bad
/// input, 3 no complete result, 130 and 143 interrupted.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "study/calibration.h"

namespace carina::cli {

/// What every command knows.
struct Context {
  std::string command;          ///< the command line, for people
  std::function<int()> chosen;  ///< what the user asked for
};

inline constexpr int done = 0;       ///< all went well
inline constexpr int bad_input = 2;  ///< the user's input is wrong
inline constexpr int no_result = 3;  ///< the disk or an integration was in the way

/// Folders of an installed kind of file: models, trials, fits.
std::vector<std::string> installed(const char* kind);
/// Folders of installed models.
std::vector<std::string> model_folders();
/// Folders of everything installed.
study::Folders library();

void add_models(CLI::App& app, Context& context);     ///< carina models
void add_trials(CLI::App& app, Context& context);     ///< carina trials
void add_check(CLI::App& app, Context& context);      ///< carina check
void add_run(CLI::App& app, Context& context);        ///< carina run
void add_calibrate(CLI::App& app, Context& context);  ///< carina calibrate
void add_compare(CLI::App& app, Context& context);    ///< carina compare
void add_products(CLI::App& app, Context& context);   ///< carina products, eligible, dose
void add_results(CLI::App& app, Context& context);    ///< carina merge, diff, pair, show, export, hash, report

}  // namespace carina::cli
