// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/tlv.h"

#include <cstdlib>

using namespace anahtar::card;

namespace {
bool inside(BytesView part, BytesView whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}
}  // namespace

/// Every value lies inside what was given; what was read can be written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  TlvReader reader(bytes);
  while (const auto each = reader.next()) {
    if (!inside(each->value, bytes) || !inside(each->whole, bytes)) std::abort();
    const Bytes again = make_tlv(each->tag, each->value);
    TlvReader second(again);
    const auto same = second.next();
    if (!same || same->tag != each->tag || same->value.size() != each->value.size()) std::abort();
    if (const auto found = find_tlv_anywhere(each->value, 0x30); found && !inside(*found, bytes)) std::abort();
  }
  return 0;
}
