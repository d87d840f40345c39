// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/uuid.h"

#include "crypto/base64.h"
#include "crypto/random.h"

namespace anahtar::audit {
namespace {
constexpr std::size_t dashes[] = {8, 13, 18, 23};
}

Uuid random_uuid() {
  Uuid uuid;
  crypto::fill_random(uuid);
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x40);
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
  return uuid;
}

std::string to_text(const Uuid& uuid) {
  std::string text = crypto::hex_encode(uuid);
  for (std::size_t dash : dashes) text.insert(dash, 1, '-');
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  std::string digits(text);
  if (digits.size() != 36) return std::nullopt;
  for (std::size_t i = std::size(dashes); i-- > 0;) {
    if (digits[dashes[i]] != '-') return std::nullopt;
    digits.erase(dashes[i], 1);
  }
  const auto bytes = crypto::hex_decode(digits);
  if (!bytes) return std::nullopt;
  Uuid uuid;
  std::copy(bytes->begin(), bytes->end(), uuid.begin());
  if (to_text(uuid) != text) return std::nullopt;
  return uuid;
}

}  // namespace anahtar::audit
