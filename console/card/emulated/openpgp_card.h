// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/card_shell.h"

namespace anahtar::card::emulated {

/// An OpenPGP card (application version 3.4) with one key for signing and authentication. `puk` is the resetting code,
/// `admin_pin` PW3. Section numbers below are those of the functional specification 3.4.
class OpenPgpCard : public CardShell {
 public:
  explicit OpenPgpCard(CardOptions options = {});

  void store(Memory& memory) const override;
  void recall(const Memory& memory) override;

 protected:
  Reply run(const Command& command) override;
  void forget() override;
  Bytes historical_bytes() const override;

 private:
  CountedSecret* password(std::uint8_t reference);
  bool* login(std::uint8_t reference);
  Reply select(const Command& command);
  Reply get_data(const Command& command) const;
  Reply put_data(const Command& command);
  Reply verify(const Command& command);
  Reply change(const Command& command);
  Reply unblock(const Command& command);
  Reply sign(const Command& command, bool& allowed, bool once);
  Reply public_key(const Command& command) const;
  Bytes application_data() const;
  Bytes password_state() const;
  Bytes derivation() const;
  std::string hashed(char which, std::string_view password) const;
  std::string as_kept(const std::string& password, char which) const;
  bool good_password(std::string_view password, std::size_t least) const;

  CardOptions options_;
  CountedSecret pw1_, code_, pw3_;
  bool code_set_, for_signing_ = false, for_others_ = false, for_admin_ = false;
  bool selected_ = false;
  std::uint32_t signatures_ = 0;
  std::map<unsigned, Bytes> objects_;
};

}  // namespace anahtar::card::emulated
