// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/atr.h"

#include <algorithm>
#include <numeric>

namespace anahtar::card {
namespace {

constexpr std::size_t longest = 33;  // TS and at most 32 characters

/// Card capabilities, the third byte of tag 7: bit 8 chaining, bit 7 extended Lc and Le.
void read_capabilities(Atr& atr) {
  const BytesView historical = atr.historical;
  if (historical.empty() || (historical[0] != 0x80 && historical[0] != 0x00)) return;
  const std::size_t end = historical[0] == 0x00 && historical.size() >= 4 ? historical.size() - 3 : historical.size();
  for (std::size_t at = 1; at < end;) {
    const std::size_t length = historical[at] & 0x0F;
    if (at + 1 + length > end) return;
    if (historical[at] >> 4 == 7 && length >= 3) {
      const std::uint8_t third = historical[at + 3];
      atr.command_chaining = (third & 0x80) != 0;
      atr.extended_length = (third & 0x40) != 0;
      return;
    }
    at += 1 + length;
  }
}

}  // namespace

std::optional<Atr> Atr::parse(BytesView bytes) {
  if (bytes.size() < 2 || bytes.size() > longest || (bytes[0] != 0x3B && bytes[0] != 0x3F)) return {};
  Atr atr;
  atr.bytes.assign(bytes.begin(), bytes.end());
  const std::size_t historical_size = bytes[1] & 0x0F;
  std::uint8_t present = bytes[1] >> 4;
  std::size_t at = 2;
  bool has_check_byte = false, first_protocol = true;
  while (present) {
    for (const int bit : {1, 2, 4}) at += (present & bit) != 0;  // TA, TB, TC
    if (!(present & 8)) break;
    if (at >= bytes.size()) return {};
    const std::uint8_t td = bytes[at++];
    const int protocol = td & 0x0F;
    atr.t0 |= protocol == 0;
    atr.t1 |= protocol == 1;
    has_check_byte |= protocol != 0;
    first_protocol = false;
    present = td >> 4;
  }
  if (first_protocol) atr.t0 = true;  // no TD1
  if (at + historical_size + has_check_byte > bytes.size()) return {};
  atr.historical.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                        bytes.begin() + static_cast<std::ptrdiff_t>(at + historical_size));
  if (has_check_byte) {
    const auto last = bytes.begin() + static_cast<std::ptrdiff_t>(at + historical_size + 1);
    atr.check_byte_right = std::accumulate(bytes.begin() + 1, last, 0, std::bit_xor{}) == 0;
  }
  read_capabilities(atr);
  return atr;
}

bool Atr::mentions(BytesView part) const {
  return std::search(historical.begin(), historical.end(), part.begin(), part.end()) != historical.end();
}

}  // namespace anahtar::card
