// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/apdu.h"

#include <cstdlib>

using namespace anahtar::card;

/// An answer that was taken has every byte that came, and its text forms do not fail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  if (const auto response = Response::parse(bytes)) {
    if (response->data.size() + 2 != size || hex_of(bytes).size() != size * 2) std::abort();
    if (response->status.text().size() != 4) std::abort();
    const auto left = response->status.tries_left();
    if (left && (*left < 0 || *left > 15)) std::abort();
  }
  if (size >= 4 && size <= 4 + 255) {
    const Command command(data[0], data[1], data[2], data[3], Bytes(data + 4, data + size), 256);
    if (encode_short(command).size() < size || encode_extended(command).size() < size) std::abort();
    const Command other(data[0], data[1], data[2], data[3], Bytes(size - 4, 0xA5), 256);
    if (command.secret() && masked(command) != masked(other)) std::abort();  // a trace tells nothing of the data
  }
  return 0;
}
