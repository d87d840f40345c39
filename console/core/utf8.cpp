// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/utf8.h"

#include <unicode/utf8.h>

namespace anahtar::core {

std::optional<std::size_t> count_characters(std::string_view text) {
  const auto length = static_cast<std::int64_t>(text.size());
  std::size_t count = 0;
  for (std::int64_t at = 0; at < length; ++count) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, length, character);
    if (character < 0) return std::nullopt;
  }
  return count;
}

}  // namespace anahtar::core
