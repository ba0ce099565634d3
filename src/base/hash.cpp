#include "base/hash.h"

#define XXH_STATIC_LINKING_ONLY  // to hold the state by value
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace carina {

static_assert(std::endian::native == std::endian::little, "values are hashed as they lie in memory");

struct Hash::State {
  XXH3_state_t xxh;
};

namespace {

std::string hex_text(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

// In blocks: NaNs are rare, and a copy that stays in the first cache costs little beside the hash.
template <class T>
void add_floating(Hash& hash, std::span<const T> values) {
  std::array<T, 512> block;
  while (!values.empty()) {
    const std::size_t count = std::min(values.size(), block.size());
    std::transform(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count), block.begin(),
                   [](T value) { return value == value ? value : std::numeric_limits<T>::quiet_NaN(); });
    hash.bytes(block.data(), count * sizeof(T));
    values = values.subspan(count);
  }
}

}  // namespace

Hash::Hash() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh); }
Hash::Hash(Hash&&) noexcept = default;
Hash& Hash::operator=(Hash&&) noexcept = default;
Hash::~Hash() = default;

void Hash::bytes(const void* data, std::size_t size) { XXH3_128bits_update(&state_->xxh, data, size); }
void Hash::doubles(std::span<const double> values) { add_floating(*this, values); }
void Hash::floats(std::span<const float> values) { add_floating(*this, values); }
void Hash::integers(std::span<const std::int64_t> values) { bytes(values.data(), values.size_bytes()); }
void Hash::number(std::uint64_t value) { bytes(&value, sizeof value); }

void Hash::text(std::string_view value) {
  number(value.size());
  bytes(value.data(), value.size());
}

std::string Hash::hex() const { return hex_text(XXH3_128bits_digest(&state_->xxh)); }

std::string hash_text(std::string_view text) { return hex_text(XXH3_128bits(text.data(), text.size())); }

}  // namespace carina
