// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "audit/uuid.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace anahtar::audit {

using crypto::Hash;
using crypto::Result;

/// Which log a head belongs to. In notes it is written "site/device/incarnation" and is the name of the key as well.
struct Origin {
  std::string site;  ///< 1 to 100 of letters, digits, '.', '-', '_'
  Uuid device{};
  std::uint32_t incarnation = 1;

  std::string text() const;
  static Result<Origin> parse(std::string_view text);
  friend bool operator==(const Origin&, const Origin&) = default;
  friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// What a head says: the log's first `size` entries have this Merkle root.
struct TreeHead {
  Origin origin;
  std::uint64_t size = 0;
  Hash root{};

  /// The signed text, C2SP tlog-checkpoint: origin, size in decimal, root in base64, each line ended by '\n'.
  std::string body() const;
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

/// A head with its signature, as a C2SP signed note: body, empty line, then "— name base64(key id ‖ signature)". The
/// key id is the first four bytes of SHA-256(name ‖ '\n' ‖ algorithm ‖ public key).
struct SignedHead {
  TreeHead head;
  crypto::Bytes signature;  ///< raw; 64 bytes for Ed25519
  std::string note;         ///< the whole text, what is stored and quoted
  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

SignedHead sign(const TreeHead& head, const crypto::SigningKey& key);

/// Reads a note without believing it. Signatures of other names (witnesses) are skipped. A failure says what is
/// malformed.
Result<SignedHead> parse_head(std::string_view note);

/// Whether the note carries a valid signature of this key under the origin's name.
bool verify_head(const SignedHead& head, const crypto::PublicKey& key);

/// C2SP "verifier key": name+hash+base64(algorithm ‖ key); what other tools take.
std::string verifier_key(const std::string& name, const crypto::PublicKey& key);

}  // namespace anahtar::audit
