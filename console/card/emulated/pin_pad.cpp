// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/pin_pad.h"

#include <algorithm>

namespace anahtar::card::emulated {
namespace {

constexpr std::size_t header = 5;  ///< CLA INS P1 P2 Lc
constexpr Status cancelled{0x6401}, differ{0x6402}, wrong_length{0x6403}, wrong_request{0x6B80};

}  // namespace

std::expected<Bytes, Status> typed_into(BytesView command, const PadEntry& entry, const Typing& holder) {
  const std::size_t begin = header + entry.at;
  if (command.size() < begin + entry.length || command.size() != header + command[4]) return std::unexpected(wrong_request);
  const auto pin = holder();
  if (!pin) return std::unexpected(cancelled);
  if (static_cast<int>(pin->size()) < entry.shortest || static_cast<int>(pin->size()) > entry.longest) return std::unexpected(wrong_length);
  if (entry.twice) {
    const auto again = holder();
    if (!again) return std::unexpected(cancelled);
    if (*again != *pin) return std::unexpected(differ);
  }
  if (entry.length != 0 && pin->size() > entry.length) return std::unexpected(wrong_length);
  Bytes out(command.begin(), command.end());
  if (entry.length == 0) out.resize(begin + pin->size());
  std::ranges::copy(*pin, out.begin() + static_cast<std::ptrdiff_t>(begin));
  out[4] = static_cast<std::uint8_t>(out.size() - header);
  return out;
}

}  // namespace anahtar::card::emulated
