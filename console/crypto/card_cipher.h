// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "crypto/bytes.h"

/// The block ciphers that smart cards speak. Keys have the length that the cipher wants, data are whole blocks; anything
/// else is a CryptoError. [any]
namespace anahtar::crypto {

enum class Direction { encrypt, decrypt };

/// Triple DES (SP 800-67), ECB, 24-byte key. Degenerate keys, which exist in the field, are taken as they are.
Bytes tdes_ecb(Direction direction, BytesView key, BytesView blocks);
/// AES-CBC (SP 800-38A) without padding; the key's length chooses AES-128, -192 or -256.
Bytes aes_cbc(Direction direction, BytesView key, BytesView iv, BytesView blocks);
/// AES-CMAC (RFC 4493), all 16 bytes.
Bytes aes_cmac(BytesView key, BytesView message);

}  // namespace anahtar::crypto
