// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/card_shell.h"

namespace anahtar::card::emulated {

/// A PIV card (NIST SP 800-73-4 part 2) with what YubiKeys add: a version, and a serial when `serial` has 4 bytes (16
/// bytes are the GUID of a plain card). All of the holder's keys are one.
class PivCard : public CardShell {
 public:
  explicit PivCard(CardOptions options = {});

  void store(Memory& memory) const override;
  void recall(const Memory& memory) override;

 protected:
  Reply run(const Command& command) override;
  void forget() override;
  Bytes historical_bytes() const override;

 private:
  CountedSecret* secret(std::uint8_t reference);
  Reply select(const Command& command);
  Reply get_data(const Command& command) const;
  Reply put_data(const Command& command);
  Reply verify(const Command& command);
  Reply change(const Command& command);
  Reply unblock(const Command& command);
  Reply authenticate(const Command& command);
  Reply authenticate_admin(BytesView request);
  Reply sign(const Command& command, BytesView request);
  Reply metadata(const Command& command) const;
  Reply factory_reset();
  void refused(CountedSecret& wrong);
  void write_certificates();

  CardOptions options_;
  CountedSecret pin_, puk_;
  Bytes admin_key_, awaited_;
  std::map<unsigned, Bytes> objects_;
  bool selected_ = false, admin_ = false, pin_fresh_ = false;
};

}  // namespace anahtar::card::emulated
