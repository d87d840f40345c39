// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <memory>

#include "core/ports.h"
#include "store/open_database.h"

namespace anahtar::store {

/// core::CardKeys over the site's keys. A card's own key is hexadecimal, 16, 24 or 32 bytes; DES keys get odd parity.
///
/// A derived one is SP 800-108 in counter mode (32-bit counter, then label, 00, context, 32-bit length in bits) with AES-CMAC
/// under the site key of its version. Label: "card admin key 3DES", of which come 24 bytes, or "card admin key AES", 32 bytes.
/// Context: family, serial number and version as text, each ended by '|', e.g. "gids|A2000000000000000000000000000002|1|"; the
/// serial number as core::bare_serial has it. So does `openssl kdf -keylen 24 -kdfopt mac:CMAC -kdfopt cipher:AES-256-CBC
/// -kdfopt hexkey:… -kdfopt salt:LABEL -kdfopt info:CONTEXT KBKDF`. The site key of a version is the authority's, where one
/// was imported, else HKDF of the site's master key.
///
/// A check value is the first three bytes of a block of zeros under the key (CKA_CHECK_VALUE of PKCS #11).
class StoreCardKeys : public core::CardKeys {
 public:
  explicit StoreCardKeys(std::shared_ptr<OpenDatabase> shared) : shared_(std::move(shared)) {}
  core::Result<std::string> respond(const core::CardKeyRef& key, const std::string& challenge) override;
  core::Result<std::vector<std::string>> check_values(const core::CardKeyRef& key) override;
  core::Result<std::string> check_value_of_site_key(const core::Secret& key) override;

 private:
  core::Secret site_key(int version) const;
  std::shared_ptr<OpenDatabase> shared_;
};

/// The site key of a version, as bytes. Throws FailureError when it cannot be read.
using SiteKeyOfVersion = std::function<core::Secret(int version)>;
/// This site's own.
core::Secret own_site_key(const crypto::Key& master, int version);

/// The computation.
core::Result<std::string> answer_with_card_key(const SiteKeyOfVersion& site, const core::CardKeyRef& key, const std::string& challenge);
core::Result<std::vector<std::string>> check_values_of_card_key(const SiteKeyOfVersion& site, const core::CardKeyRef& key);

}  // namespace anahtar::store
