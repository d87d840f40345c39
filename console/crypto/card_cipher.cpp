// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/card_cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

Bytes run(const EVP_CIPHER* cipher, Direction direction, BytesView key, const std::uint8_t* iv, BytesView blocks) {
  const detail::Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  Bytes out(blocks.size() + EVP_MAX_BLOCK_LENGTH);
  int written = 0, last = 0;
  const int encrypt = direction == Direction::encrypt;
  detail::require(context && EVP_CipherInit_ex2(context.get(), cipher, key.data(), iv, encrypt, nullptr) == 1 &&
                      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                      EVP_CipherUpdate(context.get(), out.data(), &written, blocks.data(),
                                       static_cast<int>(blocks.size())) == 1 &&
                      EVP_CipherFinal_ex(context.get(), out.data() + written, &last) == 1,
                  "run a block cipher");
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

struct Aes {
  const EVP_CIPHER* cipher;
  const char* name;
};

Aes aes_for(std::size_t key_size) {
  switch (key_size) {
    case 16: return {EVP_aes_128_cbc(), "AES-128-CBC"};
    case 24: return {EVP_aes_192_cbc(), "AES-192-CBC"};
    case 32: return {EVP_aes_256_cbc(), "AES-256-CBC"};
  }
  throw CryptoError("an AES key has 16, 24 or 32 bytes");
}

}  // namespace

Bytes tdes_ecb(Direction direction, BytesView key, BytesView blocks) {
  if (key.size() != 24) throw CryptoError("a triple-DES key has 24 bytes");
  return run(EVP_des_ede3_ecb(), direction, key, nullptr, blocks);
}

Bytes aes_cbc(Direction direction, BytesView key, BytesView iv, BytesView blocks) {
  if (iv.size() != 16) throw CryptoError("an AES initial value has 16 bytes");
  return run(aes_for(key.size()).cipher, direction, key, iv.data(), blocks);
}

Bytes aes_cmac(BytesView key, BytesView message) {
  const detail::Owned<EVP_MAC, EVP_MAC_free> mac(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
  const detail::Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, const_cast<char*>(aes_for(key.size()).name), 0),
      OSSL_PARAM_construct_end()};
  Bytes tag(16);
  std::size_t size = 0;
  detail::require(context && EVP_MAC_init(context.get(), key.data(), key.size(), parameters) == 1 &&
                      EVP_MAC_update(context.get(), message.data(), message.size()) == 1 &&
                      EVP_MAC_final(context.get(), tag.data(), &size, tag.size()) == 1,
                  "compute CMAC");
  return tag;
}

}  // namespace anahtar::crypto
