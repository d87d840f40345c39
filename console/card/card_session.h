// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "card/family.h"
#include "crypto/certificate.h"

namespace anahtar::card {

/// One card, from its recognition to its proof.
class CardSession : public core::CardSession {
 public:
  CardSession(std::unique_ptr<Connection> connection, std::shared_ptr<const crypto::TrustedRoots> roots,
              core::IssuerUnlock* issuer);

  /// Leaves nobody logged in whom it has logged in.
  ~CardSession() override;

  core::Result<CardFacts> look() override;
  core::UnlockReport unlock(const UnlockOrder& order) override;
  core::UnlockReport replace_puk(const std::string& serial, const Secret& old_puk, const Secret& new_puk) override;
  core::Result<bool> takes_pin(const core::Secret& pin) override;
  core::Result<> sign_and_check(const std::string& challenge, const Secret& pin) override;
  core::Result<> sign_and_check_on_pad(const std::string& challenge) override;

 private:
  template <class Work>
  auto once_more_after_reset(Work&& work);
  template <class Work, class Settle>
  core::UnlockReport report_of(Work&& work, Settle&& settle);
  const Family* recognise();
  const Family* first_that_recognises(std::span<const Family* const> candidates);
  CardFacts read();
  void judge(core::HolderCertificate& certificate) const;
  bool issuer_serves(const CardFacts& facts) const;
  std::optional<core::UnlockReport> objection(const UnlockOrder& order) const;
  bool is_still_there(const std::string& serial, core::UnlockReport& report);
  void change_puk(const Secret& old_puk, const Secret& new_puk, core::UnlockReport& report);
  void unlock_undisturbed(const UnlockOrder& order, core::UnlockReport& report);
  void unlock_and_prove(const UnlockOrder& order, core::UnlockReport& report);
  Attempt attempt(const UnlockOrder& order, core::UnlockReport& report);
  Attempt ask_issuer(const UnlockOrder& order, core::UnlockReport& report);
  void prove(const UnlockOrder& order, core::UnlockReport& report);
  HolderPin new_pin_of(const UnlockOrder& order, const core::UnlockReport& report) const;
  void tell_other_pin(core::UnlockWay way, core::UnlockReport& report);
  Response verify(const HolderPin& pin);
  core::Result<> check_signature(const std::string& challenge, const Secret* pin);
  void look_after(core::UnlockReport& report);
  void settle(const UnlockOrder& order, const LinkError& error, core::UnlockReport& report);
  void note(CardPin::Kind kind, std::optional<int> tries_left);
  bool was_unblocked(const std::vector<CardPin>& now) const;

  std::unique_ptr<Connection> connection_;
  Channel channel_;
  std::shared_ptr<const crypto::TrustedRoots> roots_;
  core::IssuerUnlock* issuer_;
  const Family* family_ = nullptr;
  CardFacts known_;  ///< as last read
  bool asked_ = false, proving_ = false, logged_in_ = false;
};

}  // namespace anahtar::card
