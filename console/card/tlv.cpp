// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/tlv.h"

#include <vector>

namespace anahtar::card {
namespace {

constexpr std::size_t most_levels = 8, most_elements = 512;

/// Takes a tag of one to three bytes from the front.
std::optional<std::uint32_t> take_tag(BytesView& rest) {
  if (rest.empty()) return {};
  std::uint32_t tag = rest[0];
  std::size_t used = 1;
  if ((tag & 0x1F) == 0x1F) {
    do {
      if (used == rest.size() || used == 3) return {};
      tag = tag << 8 | rest[used++];
    } while (rest[used - 1] & 0x80);
  }
  rest = rest.subspan(used);
  return tag;
}

std::optional<std::size_t> take_length(BytesView& rest) {
  if (rest.empty()) return {};
  const std::uint8_t first = rest[0];
  if (first < 0x80) {
    rest = rest.subspan(1);
    return first;
  }
  const std::size_t count = first & 0x7F;
  if (count == 0 || count > 3 || rest.size() < 1 + count) return {};  // 80 would be indefinite
  std::size_t length = 0;
  for (std::size_t i = 1; i <= count; ++i) length = length << 8 | rest[i];
  rest = rest.subspan(1 + count);
  return length;
}

}  // namespace

bool Tlv::constructed() const {
  const std::uint32_t first = tag > 0xFFFF ? tag >> 16 : tag > 0xFF ? tag >> 8 : tag;
  return first & 0x20;
}

std::optional<Tlv> TlvReader::next() {
  while (!rest_.empty() && (rest_[0] == 0x00 || rest_[0] == 0xFF)) rest_ = rest_.subspan(1);  // ISO 7816-4: padding
  if (rest_.empty() || malformed_) return {};
  const BytesView begin = rest_;
  const auto tag = take_tag(rest_);
  const auto length = tag ? take_length(rest_) : std::nullopt;
  if (!length || *length > rest_.size()) {
    malformed_ = true;
    rest_ = {};
    return {};
  }
  Tlv found{*tag, rest_.first(*length), {}};
  rest_ = rest_.subspan(*length);
  found.whole = begin.first(begin.size() - rest_.size());
  return found;
}

std::optional<BytesView> find_tlv(BytesView bytes, std::uint32_t tag) {
  TlvReader reader(bytes);
  while (const auto each = reader.next())
    if (each->tag == tag) return each->value;
  return {};
}

std::optional<BytesView> find_tlv(BytesView bytes, std::initializer_list<std::uint32_t> path) {
  std::optional<BytesView> here = bytes;
  for (const auto tag : path) {
    here = find_tlv(*here, tag);
    if (!here) return {};
  }
  return here;
}

std::optional<BytesView> find_tlv_anywhere(BytesView bytes, std::uint32_t tag) {
  std::vector<TlvReader> levels{TlvReader(bytes)};
  std::size_t seen = 0;
  while (!levels.empty() && seen++ < most_elements) {
    const auto each = levels.back().next();
    if (!each) {
      levels.pop_back();
      continue;
    }
    if (each->tag == tag) return each->value;
    if (each->constructed() && levels.size() < most_levels) levels.emplace_back(each->value);
  }
  return {};
}

Bytes make_tlv(std::uint32_t tag, BytesView value) {
  Bytes out;
  out.reserve(value.size() + 8);
  for (const int shift : {16, 8})
    if (tag >> shift) out.push_back(static_cast<std::uint8_t>(tag >> shift));
  out.push_back(static_cast<std::uint8_t>(tag));
  const std::size_t length = value.size();
  if (length >= 0x80) {
    out.push_back(length > 0xFFFF ? 0x83 : length > 0xFF ? 0x82 : 0x81);
    if (length > 0xFFFF) out.push_back(static_cast<std::uint8_t>(length >> 16));
    if (length > 0xFF) out.push_back(static_cast<std::uint8_t>(length >> 8));
  }
  out.push_back(static_cast<std::uint8_t>(length));
  out.insert(out.end(), value.begin(), value.end());
  return out;
}

}  // namespace anahtar::card
