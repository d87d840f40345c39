// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

/// The parts of a mail's head, as they go over the wire.
namespace anahtar::gateways {

/// Whether this is one plain address "name@domain" (RFC 5321 §4.1.2 without quoting, comments or literals; ASCII).
bool is_mail_address(std::string_view address);

/// A header's text as RFC 2047 §2 and §4.1 have it: printable ASCII as it is, else UTF-8 in base64 words of at most 75
/// characters, folded. Nothing when it is not UTF-8 or has control characters, so that no line can be smuggled in.
std::optional<std::string> header_text(std::string_view utf8);

/// "Mon, 05 Jan 2026 09:00:00 +0000" (RFC 5322 §3.3).
std::string mail_date(core::Time time);

}  // namespace anahtar::gateways
