// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/atr.h"

#include <cstdlib>

using namespace anahtar::card;

/// What is taken for an ATR offers a protocol, and holds its own historical bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto atr = Atr::parse({data, size});
  if (!atr) return 0;
  if (atr->bytes.size() != size || atr->historical.size() > 15) std::abort();
  if (!atr->historical.empty() && !atr->mentions(atr->historical)) std::abort();
  return 0;
}
