/// @file
/// Units, by UDUNITS-2 with added base units for `cell`, `copies`, `IU` and `CI` (cell index), with `M` (mol/L) and `Da`, and
/// with year = 365.25 day and month = year/12. A Unit is a product of powers of base units times a scale; it is used only
/// while files are read and columns are labelled: the engines see plain doubles.
///
/// How a unit is written: names with SI prefixes, joined by a space, `.` or `*`; `/`; powers as `^2`, `2` or `-1`; numbers as
/// factors; parentheses: `cell/uL`, `mg/(L day)`, `mg L-1 h-1`, `1e6 cell`. A product after a `/` needs parentheses, because
/// `mg/L day` is read in two ways.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carina {

/// A unit: dimension, scale to base units, and the text by which a person knows it.
class Unit {
 public:
  /// The unit 1.
  Unit() = default;
  /// Reads a unit such as `cell/uL`, `1/day`, `pg/mL`, `mg L-1 h-1`, `nM`, `1`, `%`. Empty optional when UDUNITS knows no
  /// such unit, or when it has an offset (degC) or a logarithm.
  static std::optional<Unit> parse(const std::string& text);
  /// What to say about a text that `parse` refuses: the nearest usual unit, or what stopped the reading; may be empty.
  static std::string advice(const std::string& text);

  /// Product; the text is built from both.
  Unit operator*(const Unit& other) const;
  /// Quotient; the text is built from both.
  Unit operator/(const Unit& other) const;
  /// Power with a real exponent.
  Unit pow(double exponent) const;

  /// Same dimension, whatever the scale.
  bool convertible(const Unit& other) const { return powers_ == other.powers_; }
  /// No dimension (`1`, `%`, `copies/copies`).
  bool dimensionless() const { return powers_.empty(); }
  /// What one of this unit is in base units.
  double scale() const;
  /// Factor that turns a value in this unit into one in `other`, which must be convertible; 1 exactly for equal scales,
  /// and the nearest double of a short decimal (day to hour 24, uL to L 1e-6).
  double factor_to(const Unit& other) const;
  /// As a person writes it: `cell/uL`, `1/day`, `mg/(L day)`, `1`. `parse` reads it back.
  std::string text() const;

 private:
  struct Atom {
    std::string name;     // as written; a number for a factor
    double exponent = 1;  // never 0
    double scale = 1;     // one of it in base units
    bool time = false;    // a power of time only: written last
  };
  friend class UnitReader;
  void multiply(const Unit& other, double exponent);

  std::map<std::string, double> powers_;  // base unit -> exponent, no zeros
  std::vector<Atom> atoms_;               // in the order of their first appearance
};

}  // namespace carina
