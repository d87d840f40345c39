// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/base64.h"

#include "crypto/base64_avx2.h"

namespace anahtar::crypto {
namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t invalid = 0x80000000;

// One table for each place in a group of four: four look-ups and three ORs give the 24 bits; the top bit tells a
// character that does not belong.
struct Tables {
  std::uint32_t place[4][256];
};

constexpr Tables make_tables() {
  Tables tables{};
  for (auto& place : tables.place)
    for (auto& value : place) value = invalid;
  for (std::uint32_t value = 0; value < 64; ++value)
    for (int place = 0; place < 4; ++place)
      tables.place[place][static_cast<unsigned char>(alphabet[value])] = value << (18 - 6 * place);
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t group(const unsigned char* in) {
  return tables.place[0][in[0]] | tables.place[1][in[1]] | tables.place[2][in[2]] | tables.place[3][in[3]];
}

void put(std::uint32_t bits, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(bits >> 16);
  out[1] = static_cast<std::uint8_t>(bits >> 8);
  out[2] = static_cast<std::uint8_t>(bits);
}

std::optional<std::size_t> decode_last(const unsigned char* in, std::uint8_t* out) {
  if (in[3] != '=') {
    const std::uint32_t bits = group(in);
    if (bits & invalid) return std::nullopt;
    put(bits, out);
    return 3;
  }
  const bool two = in[2] == '=';
  const std::uint32_t bits = tables.place[0][in[0]] | tables.place[1][in[1]] | (two ? 0 : tables.place[2][in[2]]);
  if (bits & (invalid | (two ? 0xFFFFu : 0xFFu))) return std::nullopt;
  out[0] = static_cast<std::uint8_t>(bits >> 16);
  if (!two) out[1] = static_cast<std::uint8_t>(bits >> 8);
  return two ? 1 : 2;
}

}  // namespace

void base64_encode_to(BytesView bytes, char* out) {
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3, out += 4) {
    const std::uint32_t bits = std::uint32_t{bytes[i]} << 16 | std::uint32_t{bytes[i + 1]} << 8 | bytes[i + 2];
    out[0] = alphabet[bits >> 18];
    out[1] = alphabet[bits >> 12 & 63];
    out[2] = alphabet[bits >> 6 & 63];
    out[3] = alphabet[bits & 63];
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const std::uint32_t bits = std::uint32_t{bytes[i]} << 16 | (rest == 2 ? std::uint32_t{bytes[i + 1]} << 8 : 0);
  out[0] = alphabet[bits >> 18];
  out[1] = alphabet[bits >> 12 & 63];
  out[2] = rest == 2 ? alphabet[bits >> 6 & 63] : '=';
  out[3] = '=';
}

std::string base64_encode(BytesView bytes) {
  std::string text(base64_encoded_size(bytes.size()), '\0');
  base64_encode_to(bytes, text.data());
  return text;
}

std::optional<std::size_t> base64_decode_to(std::string_view text, std::uint8_t* out) {
  if (text.empty()) return 0;
  if (text.size() % 4 != 0) return std::nullopt;
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const last = in + text.size() - 4;
  std::uint8_t* const begin = out;
  const std::size_t done = detail::decode_base64_blocks(in, text.size(), out);
  in += done;
  out += done / 4 * 3;
  std::uint32_t seen = 0;
  for (; in != last; in += 4, out += 3) {
    const std::uint32_t bits = group(in);
    seen |= bits;
    put(bits, out);
  }
  const auto tail = decode_last(last, out);
  if (!tail || (seen & invalid)) return std::nullopt;
  return static_cast<std::size_t>(out - begin) + *tail;
}

std::optional<Bytes> base64_decode(std::string_view text) {
  Bytes bytes(text.size() / 4 * 3);
  const auto size = base64_decode_to(text, bytes.data());
  if (!size) return std::nullopt;
  bytes.resize(*size);
  return bytes;
}

std::string hex_encode(BytesView bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<Bytes> hex_decode(std::string_view text) {
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = value(text[2 * i]);
    const int low = value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return bytes;
}

}  // namespace anahtar::crypto
