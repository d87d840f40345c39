// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "card/apdu.h"
#include "card/reader.h"

namespace anahtar::card::emulated {

/// A holder in front of a reader's keypad: gives the digits before the confirmation key; nothing: the cancel key.
using Typing = std::function<std::optional<std::string>()>;

/// The keypad's part in PC/SC part 10: lets the holder type, and puts the PIN into `command` (CLA INS P1 P2 Lc data). The
/// command for the card; or, when it gets none, the status that the reader answers with.
std::expected<Bytes, Status> typed_into(BytesView command, const PadEntry& entry, const Typing& holder);

}  // namespace anahtar::card::emulated
