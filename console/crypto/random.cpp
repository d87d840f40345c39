// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/random.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <atomic>

#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

void draw(std::span<std::uint8_t> out) {
  detail::require(out.empty() || RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1, "draw random bytes");
}

// A process that forks must not hand out its parent's bytes again: the child starts with an empty pool.
std::atomic<unsigned> forks{0};
[[maybe_unused]] const int fork_watch = pthread_atfork(nullptr, nullptr, [] { ++forks; });

// Nonces and ids are drawn in the thousands; OpenSSL's generator has a high price per call and a low one per byte.
struct Pool {
  std::array<std::uint8_t, 1024> bytes;
  std::size_t left = 0;
  unsigned forks_seen = 0;

  ~Pool() { explicit_bzero(bytes.data(), bytes.size()); }

  void take(std::span<std::uint8_t> out) {
    if (left < out.size() || forks_seen != forks.load(std::memory_order_relaxed)) {
      draw(bytes);
      left = bytes.size();
      forks_seen = forks.load(std::memory_order_relaxed);
    }
    std::uint8_t* const from = bytes.data() + bytes.size() - left;
    memcpy(out.data(), from, out.size());
    explicit_bzero(from, out.size());
    left -= out.size();
  }
};

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
  thread_local Pool pool;
  if (out.empty()) return;
  if (out.size() > 64)
    draw(out);
  else
    pool.take(out);
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  fill_random(bytes);
  return bytes;
}

std::string random_id() {
  std::array<std::uint8_t, 16> bytes;
  fill_random(bytes);
  return hex_encode(bytes);
}

std::uint64_t random_below(std::uint64_t bound) {
  if (bound == 0) throw CryptoError("there is no number below zero");
  // Values under 2^64 mod bound are thrown away, so that every remainder is equally likely.
  const std::uint64_t biased = (0 - bound) % bound;
  for (;;) {
    std::uint64_t value;
    std::array<std::uint8_t, sizeof value> bytes;
    fill_random(bytes);
    memcpy(&value, bytes.data(), sizeof value);
    explicit_bzero(bytes.data(), bytes.size());
    if (value >= biased) return value % bound;
  }
}

sdk::Secret random_digits(std::size_t count) {
  std::string digits;
  digits.reserve(count);
  for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + random_below(10));
  return sdk::Secret(std::move(digits));
}

}  // namespace anahtar::crypto
