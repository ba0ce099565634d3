/// @file
/// What is wrong with something a user wrote. A reader or `validate` collects every problem it can find and throws them
/// together in one InputError, so that a user mends a file in one go. Exit code 2 at the command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace carina {

/// One thing wrong, as a user reads it: `stein.toml:12:7: parameters.Tmax.unit = "dya": not a unit (did you mean "day"?)`.
struct Problem {
  std::string file;   ///< file as the user named it; empty for a value given on the command line
  int line = 0;       ///< 1-based line, 0 when there is none
  int column = 0;     ///< 1-based column, 0 when there is none
  std::string path;   ///< key path, e.g. `arms[1].dose`
  std::string value;  ///< offending value as written, with its unit; may be empty
  std::string rule;   ///< the rule that it breaks, e.g. `must be > 0`
  std::string hint;   ///< what to do; may be empty

  /// `file:line:column: path = value: rule (hint)`, leaving out what is empty.
  std::string text() const;
};

/// A list of problems under collection.
class Problems {
 public:
  /// Adds one problem.
  void add(Problem problem) { list_.push_back(std::move(problem)); }
  /// True while nothing is wrong.
  bool empty() const { return list_.empty(); }
  /// Every problem so far, in the order found.
  const std::vector<Problem>& list() const { return list_; }
  /// Throws InputError with all problems, sorted by file and place; returns when there are none.
  void throw_if_any();

 private:
  std::vector<Problem> list_;
};

/// What a library entry throws for bad input: all problems at once; what() has one line a problem.
class InputError : public std::runtime_error {
 public:
  /// Takes the whole list; must not be empty.
  explicit InputError(std::vector<Problem> problems);
  /// The problems, sorted by file and place.
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

}  // namespace carina
