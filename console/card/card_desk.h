// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "card/reader.h"
#include "core/cards.h"
#include "crypto/certificate.h"

namespace anahtar::card {

/// core::CardDesk over readers of any kind. [any]
class CardDesk : public core::CardDesk {
 public:
  /// `readers`, and `issuer` if there is one, outlive it. `roots` is the folder of TrustedRoots, read once.
  CardDesk(Readers& readers, const std::filesystem::path& roots, core::IssuerUnlock* issuer = nullptr);

  std::vector<core::CardFamily> families() const override;
  core::Result<std::vector<core::CardReaderState>> readers() override;
  core::Result<std::vector<core::CardReaderState>> wait_for_change(const std::vector<core::CardReaderState>& known,
                                                                   std::chrono::milliseconds limit,
                                                                   std::stop_token stop) override;
  core::Result<std::unique_ptr<core::CardSession>> open(const std::string& reader) override;

 private:
  Readers& readers_;
  std::shared_ptr<const crypto::TrustedRoots> roots_;  ///< sessions may outlive the desk
  core::IssuerUnlock* issuer_;
};

/// What went wrong, for people, and what to do.
core::Failure failure_of(const LinkError& error);

}  // namespace anahtar::card
