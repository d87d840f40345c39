// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <openssl/evp.h>

#include "crypto/card_key.h"
#include "crypto/openssl.h"

namespace anahtar::crypto {

/// For the .cpp files of this room only.
struct CardKey::Handle {
  detail::Owned<EVP_PKEY, EVP_PKEY_free> key;
};

}  // namespace anahtar::crypto
