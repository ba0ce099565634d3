/// @file
/// A running XXH3-128 hash of numbers and texts. Two sequences of equal values have one hash however they were cut into
/// calls of `doubles` or `integers`. It tells results apart; it is no protection against forgery.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace carina {

/// A hash under way. Moves, does not copy.
class Hash {
 public:
  Hash();                            ///< of nothing yet
  Hash(Hash&&) noexcept;             ///< moves
  Hash& operator=(Hash&&) noexcept;  ///< moves
  ~Hash();                           ///< lets go

  /// Adds raw bytes, as they lie in memory.
  void bytes(const void* data, std::size_t size);
  /// Adds doubles. Every NaN counts as the same one; -0 and 0 differ.
  void doubles(std::span<const double> values);
  /// Adds floats. Every NaN counts as the same one; -0 and 0 differ.
  void floats(std::span<const float> values);
  /// Adds whole numbers.
  void integers(std::span<const std::int64_t> values);
  /// Adds one whole number.
  void number(std::uint64_t value);
  /// Adds a text with its length, so that "ab", "c" and "a", "bc" differ.
  void text(std::string_view value);

  /// 32 hex digits of all that was added so far.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 32 hex digits of a text alone, without its length.
std::string hash_text(std::string_view text);

}  // namespace carina
