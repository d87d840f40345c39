// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "card/emulated/command.h"
#include "core/cards.h"

namespace anahtar::card::emulated {

/// A demo's stand-in for the authority's key service. It unlocks the AKİS-like cards of this folder over a session of our
/// own (demo_session.h) and no card that exists. [worker]
class DemoIssuer : public core::IssuerUnlock {
 public:
  /// 16 bytes; the cards were made with the same.
  explicit DemoIssuer(Bytes master_key) : master_key_(std::move(master_key)) {}
  ~DemoIssuer() override;
  DemoIssuer(const DemoIssuer&) = delete;
  DemoIssuer& operator=(const DemoIssuer&) = delete;

  std::string name() const override { return "Anahtar demo issuer"; }
  bool serves(const std::string& family, const std::string& serial) const override;
  core::Result<> unlock(const core::CardFacts& card, const sdk::Secret& new_pin, const Exchange& exchange) override;

 private:
  Bytes master_key_;
};

/// The key that demos use when nobody gives another.
Bytes demo_master_key();

}  // namespace anahtar::card::emulated
