#include "stats/quantiles.h"

#include <algorithm>
#include <optional>

#include "base/check.h"

namespace carina::stats {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr int key_shift = 52 - QuantileSketch::mantissa_bits;
constexpr std::uint64_t exponent_mask = 0x7ff;
constexpr std::uint8_t format = 1;

/// The middle of a bin: its lowest number in size plus half of its width.
double middle(std::uint32_t key) {
  const std::uint64_t low = std::uint64_t{key} << key_shift;
  return std::bit_cast<double>(low | (std::uint64_t{1} << (key_shift - 1)));
}

bool is_negative(std::uint32_t key) { return key >> (63 - key_shift) != 0; }

void put(std::vector<std::uint8_t>& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

/// Reads numbers one after the other; `good` turns false at the first that is not there.
struct Reader {
  std::span<const std::uint8_t> bytes;
  bool good = true;

  std::uint64_t next() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes.empty()) break;
      const std::uint8_t byte = bytes.front();
      bytes = bytes.subspan(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    good = false;
    return 0;
  }
};

}  // namespace

QuantileSketch::QuantileSketch() : page_of_(4096, no_page) {}

std::uint16_t QuantileSketch::page(std::size_t octave) {
  std::uint16_t& page = page_of_[octave];
  if (page == no_page) {
    page = static_cast<std::uint16_t>(counts_.size() / page_size);
    counts_.resize(counts_.size() + page_size, 0);
  }
  return page;
}

void QuantileSketch::add_rare(double value) {
  if (value != value) {
    ++nan_;
    return;
  }
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t exponent = (bits >> 52) & exponent_mask;
  if (exponent == 0) {
    value = 0;
    ++zero_;
  } else if (exponent == exponent_mask) {
    ++(bits & sign_bit ? below_ : above_);
  } else {
    add_bin(static_cast<std::uint32_t>(bits >> key_shift), 1);
  }
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void QuantileSketch::add_bin(std::uint32_t key, std::uint64_t count) {
  const std::size_t bin = page(key >> mantissa_bits) * page_size + (key & (page_size - 1));
  const std::uint64_t sum = counts_[bin] + count;
  counts_[bin] = static_cast<std::uint32_t>(sum);
  if (sum >> 32 != 0) carries_[bin] += sum >> 32;
}

std::vector<QuantileSketch::Bin> QuantileSketch::bins() const {
  std::vector<Bin> found;
  for (std::size_t octave = 0; octave < page_of_.size(); ++octave) {
    if (page_of_[octave] == no_page) continue;
    for (std::size_t i = 0; i < page_size; ++i) {
      const std::size_t bin = page_of_[octave] * page_size + i;
      std::uint64_t count = counts_[bin];
      if (!carries_.empty()) {
        if (const auto carry = carries_.find(bin); carry != carries_.end()) count += carry->second << 32;
      }
      if (count != 0) found.push_back({static_cast<std::uint32_t>(octave * page_size + i), count});
    }
  }
  return found;
}

void QuantileSketch::merge(const QuantileSketch& other) {
  for (const Bin& bin : other.bins()) add_bin(bin.key, bin.count);
  zero_ += other.zero_;
  below_ += other.below_;
  above_ += other.above_;
  nan_ += other.nan_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

std::uint64_t QuantileSketch::count() const {
  std::uint64_t sum = zero_ + below_ + above_;
  for (const std::uint32_t count : counts_) sum += count;
  for (const auto& [bin, carry] : carries_) sum += carry << 32;
  return sum;
}

double QuantileSketch::min() const { return min_ <= max_ ? min_ : std::numeric_limits<double>::quiet_NaN(); }
double QuantileSketch::max() const { return min_ <= max_ ? max_ : std::numeric_limits<double>::quiet_NaN(); }

double QuantileSketch::quantile(double p) const { return quantiles(std::span(&p, 1)).front(); }

std::vector<double> QuantileSketch::quantiles(std::span<const double> probabilities) const {
  std::vector<double> results;
  results.reserve(probabilities.size());
  const std::uint64_t n = count();
  if (n == 0) return std::vector<double>(probabilities.size(), std::numeric_limits<double>::quiet_NaN());

  // Groups of alike values in rising order: -inf, negative bins from the largest in size, zeros, positive bins, inf.
  std::vector<std::pair<double, std::uint64_t>> groups;
  const std::vector<Bin> all = bins();
  const auto negative = std::find_if(all.begin(), all.end(), [](const Bin& bin) { return is_negative(bin.key); });
  if (below_ != 0) groups.emplace_back(-std::numeric_limits<double>::infinity(), below_);
  for (auto bin = all.end(); bin != negative;) {
    --bin;
    groups.emplace_back(std::clamp(middle(bin->key), min_, max_), bin->count);
  }
  if (zero_ != 0) groups.emplace_back(0.0, zero_);
  for (auto bin = all.begin(); bin != negative; ++bin) {
    groups.emplace_back(std::clamp(middle(bin->key), min_, max_), bin->count);
  }
  if (above_ != 0) groups.emplace_back(std::numeric_limits<double>::infinity(), above_);

  std::size_t group = 0;
  std::uint64_t before = 0;
  double previous = 0;
  for (const double p : probabilities) {
    CARINA_CHECK(p >= previous && p <= 1);
    previous = p;
    const double h = static_cast<double>(n - 1) * p;
    const auto k = std::min(static_cast<std::uint64_t>(h), n - 1);
    while (before + groups[group].second <= k) before += groups[group++].second;
    const auto value = [&](std::uint64_t rank, std::size_t at) {
      return rank == 0 ? min_ : (rank == n - 1 ? max_ : groups[at].first);
    };
    const double low = value(k, group);
    const double part = h - static_cast<double>(k);
    if (part == 0 || k == n - 1) {
      results.push_back(low);
      continue;
    }
    const double high = value(k + 1, k + 1 < before + groups[group].second ? group : group + 1);
    // From -infinity every step upwards is -infinity still, not infinity - infinity.
    const bool stays = low == high || low == -std::numeric_limits<double>::infinity();
    results.push_back(stays ? low : low + part * (high - low));
  }
  return results;
}

std::vector<std::uint8_t> QuantileSketch::bytes() const {
  const std::vector<Bin> all = bins();
  std::vector<std::uint8_t> out;
  out.reserve(all.size() * 3 + 40);
  out.push_back(format);
  for (const std::uint64_t value : {nan_, zero_, below_, above_}) put(out, value);
  put(out, std::bit_cast<std::uint64_t>(min_));
  put(out, std::bit_cast<std::uint64_t>(max_));
  put(out, all.size());
  std::uint32_t key = 0;
  for (const Bin& bin : all) {
    put(out, bin.key - key);
    put(out, bin.count);
    key = bin.key;
  }
  return out;
}

bool QuantileSketch::merge_bytes(std::span<const std::uint8_t> bytes) {
  if (bytes.empty() || bytes.front() != format) return false;
  Reader reader{bytes.subspan(1)};
  const std::uint64_t nans = reader.next(), zeros = reader.next(), below = reader.next(), above = reader.next();
  const auto low = std::bit_cast<double>(reader.next());
  const auto high = std::bit_cast<double>(reader.next());
  const std::uint64_t size = reader.next();
  // A bin takes at least two bytes: a larger number would be made up, and must not reserve memory.
  if (!reader.good || low != low || high != high || size > reader.bytes.size() / 2) return false;
  std::vector<Bin> all;
  all.reserve(size);
  std::uint64_t key = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::uint64_t step = reader.next();
    const std::uint64_t count = reader.next();
    if (!reader.good || count == 0 || step > UINT32_MAX || (i > 0 && step == 0)) return false;
    key += step;
    const std::uint64_t exponent = (key >> mantissa_bits) & exponent_mask;
    if (key >= page_of_.size() * page_size || exponent == 0 || exponent == exponent_mask) return false;
    all.push_back({static_cast<std::uint32_t>(key), count});
  }
  if (!reader.bytes.empty()) return false;
  for (const Bin& bin : all) add_bin(bin.key, bin.count);
  nan_ += nans;
  zero_ += zeros;
  below_ += below;
  above_ += above;
  min_ = std::min(min_, low);
  max_ = std::max(max_, high);
  return true;
}

void QuantileSketch::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  carries_.clear();
  zero_ = below_ = above_ = nan_ = 0;
  min_ = std::numeric_limits<double>::infinity();
  max_ = -std::numeric_limits<double>::infinity();
}

std::size_t QuantileSketch::memory() const {
  return sizeof *this + page_of_.capacity() * sizeof(std::uint16_t) + counts_.capacity() * sizeof(std::uint32_t);
}

double sorted_quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double h = static_cast<double>(sorted.size() - 1) * p;
  const auto k = static_cast<std::size_t>(h);
  const double below = sorted[k];
  return k + 1 < sorted.size() ? below + (h - static_cast<double>(k)) * (sorted[k + 1] - below) : below;
}

}  // namespace carina::stats
