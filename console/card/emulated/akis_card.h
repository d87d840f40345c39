// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/card_files.h"
#include "card/emulated/card_shell.h"
#include "card/emulated/demo_session.h"

namespace anahtar::card::emulated {

/// A card like those with TÜBİTAK's AKİS, as far as that is public; leads, not proof. `serial` has 12 bytes. Cards after
/// 2011 have no PUK (`no_puk`): their issuer unlocks them, which here only the demo issuer can (`issuer_master_key`).
class AkisCard : public CardShell {
 public:
  explicit AkisCard(CardOptions options = {});

  Bytes atr() const override;
  void store(Memory& memory) const override;
  void recall(const Memory& memory) override;

 protected:
  Reply run(const Command& command) override;
  void forget() override;
  Bytes historical_bytes() const override;

 private:
  bool first_generation() const { return options_.akis != AkisVersion::v2_2; }
  std::uint16_t blocked_word() const { return first_generation() ? sw::unusable : sw::blocked; }
  std::uint16_t wrong_word(const CountedSecret& secret) const;
  CountedSecret* secret(std::uint8_t reference);
  Reply select(const Command& command);
  Reply get_data(const Command& command) const;
  Reply read(const Command& command) const;
  Reply verify(const Command& command);
  Reply change(const Command& command);
  Reply unblock(const Command& command);
  Reply sign(const Command& command);
  Reply issuer_session(const Command& command);
  Reply open_session(const Command& command);
  Reply issuer_unlock(const Command& command);
  void write_files();

  CardOptions options_;
  CountedSecret pin_, puk_;
  CardFiles files_;
  bool key_chosen_ = false, session_proved_ = false;
  std::optional<demo_session::Keys> session_;
  Bytes session_randoms_;
  std::uint64_t session_counter_ = 0;
};

}  // namespace anahtar::card::emulated
