// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string.h>

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace anahtar::crypto {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// An expected failure is a short English phrase for a log or as the argument of a sentence; it never holds key
/// material or plaintext. What OpenSSL cannot do for lack of memory or entropy is thrown as CryptoError.
template <class T>
using Result = std::expected<T, std::string>;

struct CryptoError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline BytesView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

/// Compares in a time that depends on the lengths only.
bool equal_constant_time(BytesView a, BytesView b);

/// A symmetric key or a signature seed: 32 bytes that move, never copy, and are wiped when they go.
class Key {
 public:
  static constexpr std::size_t length = 32;

  Key() = default;
  /// Throws CryptoError unless `bytes` has exactly 32 bytes. The caller wipes its own copy.
  explicit Key(BytesView bytes) {
    if (bytes.size() != length) throw CryptoError("a key has 32 bytes");
    memcpy(bytes_.data(), bytes.data(), length);
  }
  static Key random();

  Key(Key&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  Key& operator=(Key&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { wipe(); }

  BytesView expose() const { return bytes_; }
  Key duplicate() const { return Key(expose()); }

 private:
  void wipe() { explicit_bzero(bytes_.data(), bytes_.size()); }
  std::array<std::uint8_t, length> bytes_{};
};

}  // namespace anahtar::crypto
