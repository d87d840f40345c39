// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anahtar::audit {

/// RFC 9562. The text is the 36 lower-case characters with dashes, in tables and in origins alike.
using Uuid = std::array<std::uint8_t, 16>;

Uuid random_uuid();  ///< Version 4.
std::string to_text(const Uuid& uuid);
std::optional<Uuid> parse_uuid(std::string_view text);  ///< Takes the form that to_text() gives and no other.

}  // namespace anahtar::audit
