// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include <anahtar/sdk/secret.h>

#include "crypto/base64.h"
#include "crypto/kdf.h"

namespace anahtar::gateways {

/// Proves that a delivery report comes from whom we gave the message to: 32 hex digits per message, from the password
/// that we and Kannel share, so that reports are still known after a restart.
class ReportTokens {
 public:
  explicit ReportTokens(const sdk::Secret& password)
      : mac_(crypto::hkdf_sha256(crypto::view_of(password.expose()), {}, crypto::view_of("anahtar delivery report"), 32)) {}

  std::string token(const std::string& message_id) const {
    return crypto::hex_encode(mac_(message_id)).substr(0, 32);
  }
  bool matches(const std::string& message_id, std::string_view given) const {
    return crypto::equal_constant_time(crypto::view_of(token(message_id)), crypto::view_of(given));
  }

 private:
  crypto::Mac mac_;
};

}  // namespace anahtar::gateways
