// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "crypto/bytes.h"

/// Big-endian writing and bounds-checked reading, shared by the formats of this room.
namespace anahtar::audit::wire {

template <std::integral T>
void put(crypto::Bytes& out, T value) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(bits >> shift));
}

inline void put_bytes(crypto::Bytes& out, crypto::BytesView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// A text after its length as an integer of type Length.
template <std::unsigned_integral Length>
void put_text(crypto::Bytes& out, std::string_view text) {
  put(out, static_cast<Length>(text.size()));
  put_bytes(out, crypto::view_of(text));
}

/// Reads from the front. After a read that did not fit, good() is false and everything read is zero or empty.
class Reader {
 public:
  explicit Reader(crypto::BytesView bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  crypto::BytesView rest() const { return rest_; }

  template <std::integral T>
  T take() {
    const crypto::BytesView bytes = take_bytes(sizeof(T));
    if (bytes.empty()) return 0;
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return std::endian::native == std::endian::big ? value : std::byteswap(value);
  }

  crypto::BytesView take_bytes(std::size_t count) {
    if (!good_ || count > rest_.size()) {
      good_ = false;
      return {};
    }
    const crypto::BytesView bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return bytes;
  }

 private:
  crypto::BytesView rest_;
  bool good_ = true;
};

}  // namespace anahtar::audit::wire
