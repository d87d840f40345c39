// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "card/reader.h"

/// Readers with a keypad, as PC/SC part 10 (2.02.09) has them.
namespace anahtar::card::pcsc {

/// What a reader names in its answer to CM_IOCTL_GET_FEATURE_REQUEST (§2.2): tag, length 4, control code, over and over.
struct PinPadFeatures {
  std::optional<std::uint32_t> verify, modify;  ///< control codes for SCardControl

  static PinPadFeatures parse(BytesView answer);
  PinPad pad() const { return {verify.has_value(), modify.has_value()}; }
};

/// PIN_VERIFY_STRUCTURE (§2.5.2), or for a PIN that is typed twice PIN_MODIFY_STRUCTURE (§2.5.3), around `command`.
Bytes pin_pad_request(BytesView command, const PadEntry& entry);

}  // namespace anahtar::card::pcsc
