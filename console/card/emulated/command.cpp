// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/command.h"

#include <algorithm>

#include "crypto/base64.h"

namespace anahtar::card::emulated {
namespace {

std::size_t number_at(BytesView bytes, std::size_t at) { return static_cast<std::size_t>(bytes[at] << 8 | bytes[at + 1]); }

/// The length of a TLV's value and where the value begins.
struct Measured {
  std::size_t tag_size, begin, length;
};

std::optional<Measured> measure(BytesView row) {
  std::size_t at = 1;
  if (row.empty()) return {};
  if ((row[0] & 0x1F) == 0x1F)
    while (at < row.size() && at < 3 && (row[at++] & 0x80) != 0) {
    }
  const std::size_t tag_size = at;
  if (at >= row.size()) return {};
  std::size_t length = row[at++];
  if (length > 0x80) {
    std::size_t count = length & 0x7F;
    if (count > 2 || at + count > row.size()) return {};
    for (length = 0; count > 0; --count) length = length << 8 | row[at++];
  } else if (length == 0x80) {
    return {};
  }
  if (at + length > row.size()) return {};
  return Measured{tag_size, at, length};
}

unsigned tag_of(BytesView row, std::size_t size) {
  unsigned tag = 0;
  for (std::size_t i = 0; i < size; ++i) tag = tag << 8 | row[i];
  return tag;
}

}  // namespace

std::optional<Command> parse_command(BytesView bytes) {
  if (bytes.size() < 4) return {};
  Command command{bytes[0], bytes[1], bytes[2], bytes[3], {}, 0, false};
  const BytesView body = bytes.subspan(4);
  const auto take = [&](std::size_t from, std::size_t count) {
    command.data.assign(body.begin() + static_cast<std::ptrdiff_t>(from),
                        body.begin() + static_cast<std::ptrdiff_t>(from + count));
  };
  if (body.empty()) return command;
  if (body.size() == 1) {
    command.expected = body[0] == 0 ? 256 : body[0];
    return command;
  }
  if (body[0] != 0) {
    const std::size_t lc = body[0];
    if (body.size() != 1 + lc && body.size() != 2 + lc) return {};
    take(1, lc);
    if (body.size() == 2 + lc) command.expected = body.back() == 0 ? 256 : body.back();
    return command;
  }
  if (body.size() < 3) return {};
  command.extended = true;
  const auto expected = [](std::size_t le) { return le == 0 ? std::size_t{65536} : le; };
  const std::size_t lc = number_at(body, 1);
  if (body.size() == 3) {
    command.expected = expected(lc);
    return command;
  }
  if (lc == 0 || (body.size() != 3 + lc && body.size() != 5 + lc)) return {};
  take(3, lc);
  if (body.size() == 5 + lc) command.expected = expected(number_at(body, 3 + lc));
  return command;
}

Bytes tlv(unsigned tag, BytesView value) {
  Bytes out;
  for (int shift = 16; shift >= 0; shift -= 8)
    if ((tag >> shift) != 0) out.push_back(static_cast<std::uint8_t>(tag >> shift));
  if (value.size() > 0xFF) {
    out.insert(out.end(), {0x82, static_cast<std::uint8_t>(value.size() >> 8)});
  } else if (value.size() > 0x7F) {
    out.push_back(0x81);
  }
  out.push_back(static_cast<std::uint8_t>(value.size()));
  return std::move(out) + value;
}

Bytes tlv(unsigned tag, std::initializer_list<Bytes> parts) {
  Bytes value;
  for (const Bytes& part : parts) value.insert(value.end(), part.begin(), part.end());
  return tlv(tag, BytesView(value));
}

std::optional<Bytes> find_tlv(BytesView row, unsigned tag) {
  while (!row.empty()) {
    const auto one = measure(row);
    if (!one) return {};
    const BytesView value = row.subspan(one->begin, one->length);
    if (tag_of(row, one->tag_size) == tag) return Bytes(value.begin(), value.end());
    row = row.subspan(one->begin + one->length);
  }
  return {};
}

Bytes operator+(Bytes left, BytesView right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes big_endian(std::uint64_t number, std::size_t bytes) {
  Bytes out(bytes);
  for (std::size_t i = 0; i < std::min(bytes, sizeof number); ++i)
    out[bytes - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

Bytes hex(std::string_view digits) {
  std::string dense;
  std::copy_if(digits.begin(), digits.end(), std::back_inserter(dense), [](char each) { return each != ' '; });
  return crypto::hex_decode(dense).value();
}

}  // namespace anahtar::card::emulated
