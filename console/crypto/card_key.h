// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/secret.h>

#include <memory>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// The private key of a chip, and what a chip does with it: RSA, or ECDSA on a curve of NIST. Shared by copies. [any]
class CardKey {
 public:
  enum class Kind { rsa2048, rsa3072, rsa4096, p256, p384 };

  static CardKey generate(Kind kind);
  /// PKCS #8 in DER, as `pkcs8` gives it.
  static Result<CardKey> parse(BytesView pkcs8);
  sdk::Secret pkcs8() const;

  Kind kind() const { return kind_; }
  bool is_rsa() const { return kind_ != Kind::p256 && kind_ != Kind::p384; }
  int bits() const;
  Bytes modulus() const;   ///< RSA
  Bytes exponent() const;  ///< RSA
  Bytes point() const;     ///< of a curve; 04 ‖ x ‖ y

  /// RSA: m^d mod n of a padded block as long as the modulus; a failure when it has another length or is not below the modulus.
  Result<Bytes> raw(BytesView block) const;
  /// RSA: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) over a DigestInfo, or whatever a card is given in its place: 11 bytes
  /// less than the modulus at most.
  Result<Bytes> sign_padded(BytesView digest_info) const;
  /// A curve: ECDSA over a digest, as SEQUENCE { r, s } in DER; longer digests are cut as FIPS 186-4 §6.4 says.
  Result<Bytes> sign_digest(BytesView digest) const;
  /// The same as r ‖ s, each as long as a coordinate.
  Result<Bytes> sign_digest_plain(BytesView digest) const;

 private:
  struct Handle;
  friend class DemoAuthority;
  CardKey(Kind kind, std::shared_ptr<const Handle> handle) : kind_(kind), handle_(std::move(handle)) {}
  Kind kind_;
  std::shared_ptr<const Handle> handle_;
};

}  // namespace anahtar::crypto
