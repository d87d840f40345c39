// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// An X.509 certificate (RFC 5280), read once. Copies share it. [any]
class Certificate {
 public:
  static Result<Certificate> parse(BytesView der);

  std::string subject_serial() const;  ///< the subject's serialNumber as it is written; empty: none
  std::string common_name() const;     ///< of the subject; UTF-8
  std::string issuer_name() const;     ///< the issuer's common name, or its organisation
  std::string serial() const;          ///< upper-case hex
  std::chrono::sys_seconds not_before() const;
  std::chrono::sys_seconds not_after() const;

  bool has_rsa_key() const;  ///< otherwise an elliptic curve, or something that cannot be used here
  int key_bits() const;
  /// Whether the key signed `message` with SHA-256: RSASSA-PKCS1-v1_5, or ECDSA in DER.
  bool signed_by_key(BytesView message, BytesView signature) const;

 private:
  friend class TrustedRoots;
  struct Handle;
  explicit Certificate(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;
};

/// The T.C. Kimlik No in a subject's serialNumber, also behind a prefix such as "TCKN-" or "PNOTR-"; empty: none.
std::string national_id_in(const std::string& subject_serial);

/// Who may issue certificates, from a folder: *.pem and *.crt hold roots (self-signed) and intermediates, *.crl revocation
/// lists, all in PEM. [any]
class TrustedRoots {
 public:
  /// A folder that is not there is an empty one. Files that cannot be read are passed over.
  explicit TrustedRoots(const std::filesystem::path& folder);
  ~TrustedRoots();
  TrustedRoots(TrustedRoots&&) noexcept;

  enum class Verdict { trusted, no_roots, untrusted, revoked };
  /// Of the chain at a time within the certificate's own validity: that it is over is told by its dates. `reason` gets
  /// what speaks against it, in English.
  Verdict check(const Certificate& certificate, std::string& reason) const;

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace anahtar::crypto
