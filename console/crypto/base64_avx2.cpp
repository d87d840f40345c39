// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/base64_avx2.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace anahtar::crypto::detail {

#if defined(__x86_64__)
namespace {

constexpr std::size_t block = 32;
constexpr std::size_t block_bytes = 24;
constexpr std::size_t slack = 8;

// The method of W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding using AVX2 Instructions" (2018): the two
// halves of a character look up a bit set each, which have a bit in common only for a character that does not belong;
// the upper half also looks up what to add to get the six bits.
__attribute__((target("avx2"))) bool six_bits(__m256i text, __m256i& values) {
  const __m256i low_sets = _mm256_broadcastsi128_si256(_mm_setr_epi8(
      0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
  const __m256i high_sets = _mm256_broadcastsi128_si256(_mm_setr_epi8(
      0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
  const __m256i shifts = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), nibble);
  const __m256i low = _mm256_and_si256(text, nibble);
  if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_sets, low), _mm256_shuffle_epi8(high_sets, high))) return false;
  const __m256i is_slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
  values = _mm256_add_epi8(text, _mm256_shuffle_epi8(shifts, _mm256_add_epi8(is_slash, high)));
  return true;
}

// Four values of six bits to three bytes, eight times.
__attribute__((target("avx2"))) __m256i packed(__m256i values) {
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  return _mm256_shuffle_epi8(groups, _mm256_broadcastsi128_si256(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12,
                                                                              -1, -1, -1, -1)));
}

__attribute__((target("avx2"))) std::size_t decode_with_avx2(const unsigned char* in, std::size_t size,
                                                             std::uint8_t* out) {
  std::size_t done = 0;
  for (; size - done > block + slack; done += block, out += block_bytes) {
    __m256i values;
    if (!six_bits(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + done)), values)) break;
    const __m256i bytes = packed(values);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(bytes));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + block_bytes / 2), _mm256_extracti128_si256(bytes, 1));
  }
  return done;
}

}  // namespace

std::size_t decode_base64_blocks(const unsigned char* in, std::size_t size, std::uint8_t* out) {
  static const bool available = __builtin_cpu_supports("avx2");
  return available && size > block + slack ? decode_with_avx2(in, size, out) : 0;
}
#else
std::size_t decode_base64_blocks(const unsigned char*, std::size_t, std::uint8_t*) { return 0; }
#endif

}  // namespace anahtar::crypto::detail
