// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/cards.h"
#include "core/ports.h"

namespace anahtar::testing {

/// A card that keeps PIN, PUK and counters as a card does, without APDUs.
struct FakeCard {
  core::CardFacts facts;
  std::string pin = "000000", puk, key;  ///< `key`: what a respond() must answer
  int pin_tries = 0, puk_tries = 3;
  bool pull_before_answer = false;  ///< the command arrives, its answer does not
  bool pull_before_command = false;
  bool pull_before_proof = false;   ///< the first time
  bool cuts_elsewhere = false;  ///< between code and PIN: it says yes, and has a PIN that nobody knows
  bool says_yes_and_does_nothing = false;
  std::function<void()> while_it_unlocks;
  std::string typed;  ///< on the reader's keypad, if facts tell of one; empty: cancelled
  std::string issuers = "482913";  ///< what the issuer's service makes; empty: it does not tell what it made
  int unlocks = 0;                  ///< commands that could change the card
};

/// One reader with at most one card. [any]
class FakeCardDesk : public core::CardDesk {
 public:
  FakeCard card;
  bool inserted = true, has_reader = true;

  /// A PIV-like card, locked, with a certificate of this person.
  static FakeCard locked_card(const std::string& national_id, const std::string& serial) {
    FakeCard card;
    card.facts.family = "piv";
    card.facts.title = "PIV";
    card.facts.serial = serial;
    card.facts.ways = {core::UnlockWay::puk};
    card.facts.can_sign = true;
    card.facts.puk_changes = true;
    core::HolderCertificate certificate;
    certificate.national_id = national_id;
    certificate.trust = core::HolderCertificate::Trust::trusted;
    certificate.not_before = std::chrono::sys_days(std::chrono::year{2025} / 9 / 1);
    certificate.not_after = std::chrono::sys_days(std::chrono::year{2028} / 8 / 31);
    card.facts.certificate = certificate;
    card.puk = "73519042";
    return card;
  }

  std::vector<core::CardFamily> families() const override {
    return {{.id = "piv", .longest_puk = 8}, {.id = "gids", .challenge_bytes = 8}, {.id = "openpgp", .longest_puk = 0}, {.id = "akis"}, {.id = "iso"}};
  }
  core::Result<std::vector<core::CardReaderState>> readers() override {
    if (!has_reader) return std::vector<core::CardReaderState>{};
    using Presence = core::CardReaderState::Presence;
    return std::vector<core::CardReaderState>{{"Fake reader", inserted ? Presence::present : Presence::empty, 1, ""}};
  }
  core::Result<std::vector<core::CardReaderState>> wait_for_change(const std::vector<core::CardReaderState>&,
                                                                   std::chrono::milliseconds, std::stop_token) override {
    return readers();
  }
  core::Result<std::unique_ptr<core::CardSession>> open(const std::string&) override {
    if (!inserted) return core::failure(core::Code::not_found, core::tr("There is no card."));
    return std::make_unique<Session>(*this);
  }

 private:
  class Session : public core::CardSession {
   public:
    explicit Session(FakeCardDesk& desk) : desk_(desk) {}
    core::Result<core::CardFacts> look() override {
      if (!desk_.inserted) return core::failure(core::Code::not_found, core::tr("There is no card."));
      return desk_.facts_now();
    }
    core::UnlockReport unlock(const core::UnlockOrder& order) override;
    core::UnlockReport replace_puk(const std::string& serial, const core::Secret& old_puk, const core::Secret& new_puk) override;
    core::Result<bool> takes_pin(const core::Secret& pin) override {
      if (!desk_.inserted) return core::failure(core::Code::not_found, core::tr("There is no card."));
      if (std::exchange(desk_.card.pull_before_proof, false)) return core::failure(core::Code::not_found, core::tr("There is no card."));
      if (pin.expose() == desk_.card.pin) return true;
      --desk_.card.pin_tries;
      return false;
    }
    core::Result<> sign_and_check_on_pad(const std::string& challenge) override {
      if (desk_.card.typed.empty()) return core::failure(core::Code::conflict, core::tr("No PIN was typed."));
      return sign_and_check(challenge, core::Secret(desk_.card.typed));
    }
    core::Result<> sign_and_check(const std::string&, const core::Secret& pin) override {
      if (desk_.card.pin_tries > 0 && pin.expose() == desk_.card.pin) return {};
      if (desk_.card.pin_tries > 0) --desk_.card.pin_tries;
      return core::failure(core::Code::refused, core::tr("That is not the card's PIN."));
    }

   private:
    /// How it ends when `right` or not; the pull that the card was told of comes first.
    void conclude(core::UnlockReport& report, bool right, core::Text yes);
    FakeCardDesk& desk_;
  };

  core::CardFacts facts_now() const {
    core::CardFacts facts = card.facts;
    using Kind = core::CardPin::Kind;
    facts.pins = {{Kind::pin, card.pin_tries, 3, card.pin_tries == 0, true}};
    if (!card.puk.empty()) facts.pins.push_back({Kind::puk, card.puk_tries, 3, card.puk_tries == 0, true});
    return facts;
  }
};

inline void FakeCardDesk::Session::conclude(core::UnlockReport& report, bool right, core::Text yes) {
  using Outcome = core::UnlockReport::Outcome;
  if (desk_.card.pull_before_answer) {
    desk_.inserted = false;
    report.outcome = Outcome::interrupted;
    report.sentence = core::tr("The card was pulled.");
    return;
  }
  report.outcome = right && desk_.card.cuts_elsewhere ? Outcome::other_pin : right ? Outcome::proven : desk_.card.puk_tries > 0 ? Outcome::refused : Outcome::blocked;
  report.sentence = right ? std::move(yes) : core::tr("The card did not accept the code.");
  report.after = desk_.facts_now();
}

inline core::UnlockReport FakeCardDesk::Session::unlock(const core::UnlockOrder& order) {
  using Outcome = core::UnlockReport::Outcome;
  FakeCard& card = desk_.card;
  core::UnlockReport report;
  if (!desk_.inserted || order.serial != card.facts.serial) {
    report.outcome = desk_.inserted ? Outcome::other_card : Outcome::not_begun;
    report.sentence = core::tr("It is another card, or none.");
    return report;
  }
  if (card.pull_before_command) {
    desk_.inserted = false;
    report.sentence = core::tr("The card was pulled. Nothing was sent.");
    return report;
  }
  if (order.pin_on_pad && card.typed.empty()) {
    report.outcome = Outcome::not_typed;
    report.sentence = core::tr("No PIN was typed.");
    return report;
  }
  ++card.unlocks;
  if (card.while_it_unlocks) card.while_it_unlocks();
  if (card.says_yes_and_does_nothing) {
    report.outcome = Outcome::not_proven;
    report.sentence = core::tr("The card said yes, but does not show it.");
    report.after = desk_.facts_now();
    return report;
  }
  bool right = order.way == core::UnlockWay::issuer;
  if (order.way == core::UnlockWay::puk) {
    right = card.puk_tries > 0 && order.unlocker.expose() == card.puk;
    card.puk_tries = right ? 3 : std::max(0, card.puk_tries - 1);
  }
  if (order.way == core::UnlockWay::admin_key) {
    const auto answer = order.respond("challenge");
    right = answer && *answer == card.key;
  }
  if (right) {
    card.pin = order.pin_on_pad ? card.typed : std::string(order.new_pin.expose());
    if (order.way == core::UnlockWay::issuer && card.facts.issuer_makes_pin) {
      EXPECT_TRUE(order.new_pin.empty()) << "the service takes none";
      card.pin = card.issuers.empty() ? "573912" : card.issuers;
      report.new_pin = core::Secret(card.issuers);
    }
    if (card.cuts_elsewhere) card.pin = "1" + card.pin;
    card.pin_tries = 3;
  }
  conclude(report, right, core::tr("The card takes the new PIN."));
  return report;
}

inline core::UnlockReport FakeCardDesk::Session::replace_puk(const std::string& serial, const core::Secret& old_puk, const core::Secret& new_puk) {
  FakeCard& card = desk_.card;
  core::UnlockReport report;
  if (!desk_.inserted || serial != card.facts.serial) return report;
  const bool right = card.puk_tries > 0 && old_puk.expose() == card.puk;
  card.puk_tries = right ? 3 : std::max(0, card.puk_tries - 1);
  if (right) card.puk = std::string(new_puk.expose());
  conclude(report, right, core::tr("It has it."));
  return report;
}

/// Answers "response" whatever it is asked.
class FakeCardKeys : public core::CardKeys {
 public:
  core::Result<std::string> respond(const core::CardKeyRef&, const std::string&) override { return answer; }
  core::Result<std::vector<std::string>> check_values(const core::CardKeyRef&) override { return std::vector<std::string>{"A1B2C3"}; }
  core::Result<std::string> check_value_of_site_key(const core::Secret&) override { return std::string("D4E5F6"); }
  std::string answer = "response";
};

}  // namespace anahtar::testing
