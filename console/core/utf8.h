// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string_view>

namespace anahtar::core {

/// How many characters (code points) a text has; nothing when it is not well-formed UTF-8 (Unicode 15 §3.9, D92).
std::optional<std::size_t> count_characters(std::string_view text);

}  // namespace anahtar::core
