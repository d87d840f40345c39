// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::testing {

/// What a holder types on the keypad of the virtual reader: an entry on each line, an empty one for the cancel key.
inline constexpr const char* keypad_file = "/run/pcscd/keypad";

}  // namespace anahtar::testing
