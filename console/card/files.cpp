// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/files.h"

#include <algorithm>

#include "card/tlv.h"

namespace anahtar::card {
namespace {

constexpr std::size_t piece = 0xE7;  ///< fits every card's buffer, secure messaging included
constexpr std::size_t largest = 0x7FFF;  ///< what an offset in P1 P2 reaches

std::optional<Bytes> select(Channel& channel, std::uint8_t how, BytesView name) {
  Response response = channel.send({0x00, 0xA4, how, 0x00, Bytes(name.begin(), name.end()), 256});
  if (response.ok() || (response.status.word & 0xFF00) == 0x6200) return std::move(response.data);
  return {};
}

}  // namespace

std::optional<Bytes> select_path(Channel& channel, const Bytes& path) { return select(channel, 0x08, path); }
std::optional<Bytes> select_application(Channel& channel, BytesView name) { return select(channel, 0x04, name); }

std::size_t size_in(BytesView fci) {
  const BytesView inside = find_tlv(fci, 0x6F).value_or(find_tlv(fci, 0x62).value_or(fci));
  for (const std::uint32_t tag : {0x80u, 0x81u})
    if (const auto size = find_tlv(inside, tag); size && size->size() == 2) return static_cast<std::size_t>((*size)[0] << 8 | (*size)[1]);
  return 0;
}

Bytes read_selected(Channel& channel, std::size_t size_told) {
  const std::size_t size = size_told == 0 ? largest : std::min(size_told, largest);
  Bytes content;
  while (content.size() < size) {
    const std::size_t at = content.size(), wanted = std::min(piece, size - at);
    const Command read{0x00, 0xB0, static_cast<std::uint8_t>(at >> 8), static_cast<std::uint8_t>(at), {}, wanted};
    const Response response = at == 0 ? channel.send(read) : channel.go_on(read);
    const bool ended = response.status.word == 0x6282;
    if ((!response.ok() && !ended) || response.data.empty()) break;
    content.insert(content.end(), response.data.begin(), response.data.end());
    if (ended || response.data.size() < wanted) break;
  }
  return content;
}

Bytes read_file(Channel& channel, const Bytes& path) {
  const auto fci = select_path(channel, path);
  return fci ? read_selected(channel, size_in(*fci)) : Bytes();
}

}  // namespace anahtar::card
