// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/card_shell.h"

namespace anahtar::card::emulated {

/// A card with Microsoft's Generic Identity Device applet, version 2: data objects in files A0xx, a PIN of 4 to 15
/// characters, an administration key (3DES) instead of a PUK.
class GidsCard : public CardShell {
 public:
  explicit GidsCard(CardOptions options = {});

  void store(Memory& memory) const override;
  void recall(const Memory& memory) override;

 protected:
  Reply run(const Command& command) override;
  void forget() override;
  Bytes historical_bytes() const override;

 private:
  Reply select(const Command& command);
  Reply get_data(const Command& command) const;
  Reply public_key() const;
  Reply put_data(const Command& command);
  Reply verify(const Command& command);
  Reply change(const Command& command);
  Reply unblock(const Command& command);
  Reply set_environment(const Command& command);
  Reply authenticate(const Command& command);
  Reply answer_challenge(BytesView response);
  Reply answer_mutually(BytesView response);
  Reply sign(const Command& command);
  bool good_length(std::size_t length) const { return length >= 4 && length <= 15; }
  void write_files();

  CardOptions options_;
  CountedSecret pin_, puk_;
  Bytes admin_key_;
  int admin_left_;  ///< 0: dead, when the options count them
  std::map<unsigned, Bytes> objects_;  ///< file << 16 | tag
  bool selected_ = false, admin_ = false, admin_chosen_ = false, key_chosen_ = false;
  Bytes challenge_, host_challenge_;
};

}  // namespace anahtar::card::emulated
