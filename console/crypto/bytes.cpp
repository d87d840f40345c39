// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/bytes.h"

#include <openssl/crypto.h>

#include "crypto/random.h"

namespace anahtar::crypto {

bool equal_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

Key Key::random() {
  Key key;
  fill_random(key.bytes_);
  return key;
}

}  // namespace anahtar::crypto
