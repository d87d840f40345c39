// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "core/ports.h"
#include "store/open_database.h"

namespace anahtar::store {

/// core::CardKeys over the site's master key. A card's own key is hexadecimal, 16, 24 or 32 bytes. A derived one is
/// SP 800-108 (AES-CMAC) of the site key of its version over family, serial number and version, each ended by '|'; the site
/// key of a version is HKDF of the master key.
class StoreCardKeys : public core::CardKeys {
 public:
  explicit StoreCardKeys(std::shared_ptr<OpenDatabase> shared) : shared_(std::move(shared)) {}
  core::Result<std::string> respond(const core::CardKeyRef& key, const std::string& challenge) override;
  core::Result<std::string> check_value(const core::CardKeyRef& key) override;

 private:
  std::shared_ptr<OpenDatabase> shared_;
};

/// The computation, over any master key.
core::Result<std::string> answer_with_card_key(const crypto::Key& master, const core::CardKeyRef& key,
                                               const std::string& challenge);
core::Result<std::string> check_value_of_card_key(const crypto::Key& master, const core::CardKeyRef& key);

}  // namespace anahtar::store
