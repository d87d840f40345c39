// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>

#include "crypto/card_key.h"

namespace anahtar::crypto {

/// A certification authority of a demo or a test: one root on P-256 that signs holder certificates. It proves nothing to
/// anybody who was not given its root. [any]
class DemoAuthority {
 public:
  struct Subject {
    std::string national_id;  ///< becomes the subject's serialNumber; empty: none
    std::string name;         ///< UTF-8; the common name
    std::chrono::sys_seconds not_before, not_after;
  };

  static DemoAuthority create(const std::string& name);
  /// What `pem` gave: the root's certificate and its private key.
  static Result<DemoAuthority> parse(std::string_view certificate_and_key);
  sdk::Secret pem() const;

  std::string root_pem() const;
  Bytes root_der() const;
  /// An end-entity certificate (RFC 5280, digitalSignature and nonRepudiation) in DER.
  Bytes issue(const Subject& subject, const CardKey& key) const;

 private:
  struct Handle;
  explicit DemoAuthority(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;
};

}  // namespace anahtar::crypto
