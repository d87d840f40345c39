// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/bytes_from.h"
#include "crypto/card_cipher.h"
#include "crypto/card_key.h"
#include "crypto/demo_authority.h"
#include "crypto/digest.h"

namespace anahtar::crypto {
namespace {

TEST(CardCipher, GivesThePublishedBlocks) {
  // SP 800-67, appendix B.
  const Bytes key = from_hex("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123");
  const Bytes cipher = tdes_ecb(Direction::encrypt, key, view_of("The qufck brown fox jump"));
  EXPECT_EQ(hex_encode(cipher), "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900");
  EXPECT_EQ(text_of(tdes_ecb(Direction::decrypt, key, cipher)), "The qufck brown fox jump");
  // SP 800-38A, F.2.1.
  const Bytes aes = from_hex("2b7e151628aed2a6abf7158809cf4f3c"), iv = from_hex("000102030405060708090a0b0c0d0e0f");
  const Bytes block = from_hex("6bc1bee22e409f96e93d7e117393172a");
  EXPECT_EQ(hex_encode(aes_cbc(Direction::encrypt, aes, iv, block)), "7649abac8119b246cee98e9b12e9197d");
  // RFC 4493, §4.
  EXPECT_EQ(hex_encode(aes_cmac(aes, {})), "bb1d6929e95937287fa37d129b756746");
  EXPECT_EQ(hex_encode(aes_cmac(aes, block)), "070a16b46b4d4144f79bdd9dd04a287c");
}

TEST(CardCipher, RefusesKeysAndTextsOfAWrongLength) {
  EXPECT_THROW(tdes_ecb(Direction::encrypt, Bytes(16), Bytes(8)), CryptoError);
  EXPECT_THROW(tdes_ecb(Direction::encrypt, Bytes(24), Bytes(7)), CryptoError);
  EXPECT_THROW(aes_cbc(Direction::encrypt, Bytes(15), Bytes(16), Bytes(16)), CryptoError);
  EXPECT_THROW(aes_cmac(Bytes(8), {}), CryptoError);
}

/// The public key that the certificate holds checks what the private one made.
EVP_PKEY* key_of(const Bytes& certificate, X509*& parsed) {
  const unsigned char* at = certificate.data();
  parsed = d2i_X509(nullptr, &at, static_cast<long>(certificate.size()));
  return X509_get0_pubkey(parsed);
}

DemoAuthority::Subject subject() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {"10000000146", "Ayşe Örnek", now, now + std::chrono::years(1)};
}

TEST(CardKey, SignsWhatItsCertificateVerifies) {
  const auto authority = DemoAuthority::create("Test root");
  const Hash digest = sha256(view_of("a challenge"));
  for (const auto kind : {CardKey::Kind::p256, CardKey::Kind::p384, CardKey::Kind::rsa2048, CardKey::Kind::rsa3072, CardKey::Kind::rsa4096}) {
    const CardKey key = CardKey::parse(view_of(CardKey::generate(kind).pkcs8().expose())).value();
    ASSERT_EQ(key.kind(), kind);
    X509* parsed = nullptr;
    EVP_PKEY* const pub = key_of(authority.issue(subject(), key), parsed);
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(pub, nullptr);
    EVP_PKEY_verify_init(context);
    EXPECT_EQ(EVP_PKEY_get_bits(pub), key.bits());
    if (key.is_rsa()) EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
    const Bytes info = from_hex("3031300d060960864801650304020105000420");
    Bytes whole = info;
    whole.insert(whole.end(), digest.begin(), digest.end());
    const Bytes signature = key.is_rsa() ? key.sign_padded(whole).value() : key.sign_digest(digest).value();
    EXPECT_EQ(EVP_PKEY_verify(context, signature.data(), signature.size(), digest.data(), digest.size()), 1);
    EVP_PKEY_CTX_free(context);
    X509_free(parsed);
  }
}

TEST(CardKey, TreatsAPaddedBlockAsTheOneItPadsItself) {
  const CardKey key = CardKey::generate(CardKey::Kind::rsa2048);
  Bytes block(256, 0xFF);
  block[0] = 0;
  block[1] = 1;
  block[252] = 0;
  std::copy_n("abc", 3, block.end() - 3);
  EXPECT_EQ(key.raw(block).value(), key.sign_padded(view_of("abc")).value());
  EXPECT_FALSE(key.raw(Bytes(255)));
  EXPECT_FALSE(key.raw(Bytes(256, 0xFF))) << "above the modulus";
  EXPECT_FALSE(key.sign_padded(Bytes(246)));
  EXPECT_FALSE(CardKey::parse(view_of("no key")));
}

TEST(DemoAuthority, IssuesUnderItsOwnRootOnly) {
  const auto authority = DemoAuthority::parse(DemoAuthority::create("Test root").pem().expose()).value();
  const auto stranger = DemoAuthority::create("Test root");
  const Bytes certificate = authority.issue(subject(), CardKey::generate(CardKey::Kind::p256));
  X509 *holder = nullptr, *root = nullptr, *other = nullptr;
  key_of(certificate, holder);
  EXPECT_EQ(X509_verify(holder, key_of(authority.root_der(), root)), 1);
  EXPECT_NE(X509_verify(holder, key_of(stranger.root_der(), other)), 1);
  char name[256] = {};
  X509_NAME_oneline(X509_get_subject_name(holder), name, sizeof name);
  EXPECT_NE(std::string_view(name).find("serialNumber=10000000146"), std::string_view::npos) << name;
  for (X509* each : {holder, root, other}) X509_free(each);
  EXPECT_FALSE(DemoAuthority::parse("nothing"));
}

}  // namespace
}  // namespace anahtar::crypto
