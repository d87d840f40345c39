// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "card/emulated/command.h"
#include "core/cards.h"

namespace anahtar::card::emulated {

/// A demo's stand-in for the authority's key service. It unlocks the AKİS-like cards of this folder over a session of our
/// own (demo_session.h) and no card that exists. [worker]
class DemoIssuer : public core::IssuerUnlock {
 public:
  /// Who makes the new PIN: services of both kinds exist.
  enum class Pins { made_by_console, made_by_service };

  /// 16 bytes; the cards were made with the same.
  explicit DemoIssuer(Bytes master_key, Pins pins = Pins::made_by_console) : master_key_(std::move(master_key)), pins_(pins) {}
  ~DemoIssuer() override;
  DemoIssuer(const DemoIssuer&) = delete;
  DemoIssuer& operator=(const DemoIssuer&) = delete;

  std::string name() const override { return "Anahtar demo issuer"; }
  bool serves(const std::string& family, const std::string& serial) const override;
  bool makes_pin(const std::string& family, const std::string& serial) const override {
    return pins_ == Pins::made_by_service && serves(family, serial);
  }
  Report unlock(const core::CardFacts& card, const sdk::Secret& new_pin, const Exchange& exchange) override;

 private:
  core::Result<> set_pin(const core::CardFacts& card, const sdk::Secret& pin, const Exchange& exchange) const;

  Bytes master_key_;
  Pins pins_;
};

/// The key that demos use when nobody gives another.
Bytes demo_master_key();

}  // namespace anahtar::card::emulated
