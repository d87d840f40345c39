// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// The numbers are those of C2SP signed notes where they have one; they are stored, so never renumber. ML-DSA will get
/// its own: whoever meets a number that it does not know says "cannot be verified", not "is wrong".
enum class SignatureAlgorithm : std::uint8_t { ed25519 = 0x01 };

/// A public key as data: RFC 8032 §5.1.5 encoding (32 bytes) for Ed25519.
struct PublicKey {
  SignatureAlgorithm algorithm = SignatureAlgorithm::ed25519;
  Bytes bytes;

  bool known_algorithm() const { return algorithm == SignatureAlgorithm::ed25519; }
  /// False for a wrong signature, a malformed key and an unknown algorithm alike. [any]
  bool verify(BytesView message, BytesView signature) const;

  /// "ed25519:" and base64; what files and tables hold.
  std::string text() const;
  static Result<PublicKey> parse(std::string_view text);

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// A private key. Moves, never copies; OpenSSL wipes it. Signing is [any].
class SigningKey {
 public:
  static SigningKey generate();
  /// RFC 8032 §5.1.5: the seed is the private key.
  static SigningKey from_seed(const Key& seed);
  Key seed() const;

  const PublicKey& public_key() const { return public_; }
  Bytes sign(BytesView message) const;

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

 private:
  struct Handle;
  explicit SigningKey(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
  PublicKey public_;
};

}  // namespace anahtar::crypto
