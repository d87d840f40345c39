// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/card_files.h"
#include "card/emulated/card_shell.h"

namespace anahtar::card::emulated {

/// A plain ISO 7816-4 card with an ISO 7816-15 (PKCS #15) application: EF.DIR, ODF, AODF, PrKDF, CDF, TokenInfo. PIN 81,
/// PUK 82, a security officer's PIN 83 (`admin_pin`).
class IsoCard : public CardShell {
 public:
  explicit IsoCard(CardOptions options = {});

  void store(Memory& memory) const override;
  void recall(const Memory& memory) override;

 protected:
  Reply run(const Command& command) override;
  void forget() override;
  Bytes historical_bytes() const override;

 private:
  CountedSecret* secret(std::uint8_t reference);
  Reply select(const Command& command);
  Reply verify(const Command& command);
  Reply change(const Command& command);
  Reply unblock(const Command& command);
  Reply set_environment(const Command& command);
  Reply sign(const Command& command);
  void write_files();

  CardOptions options_;
  CountedSecret pin_, puk_, officer_;
  CardFiles files_;
  bool key_chosen_ = false, entered_ = false;
};

}  // namespace anahtar::card::emulated
