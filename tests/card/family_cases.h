// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "card/card_desk.h"
#include "card/family.h"
#include "card/emulated/akis_card.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/openpgp_card.h"
#include "card/emulated/piv_card.h"
#include "crypto/card_cipher.h"

/// Every family, and every way in which a card of it can be unlocked, as one list for the suites.
namespace anahtar::card {

struct FamilyCase {
  std::string name, family;
  core::UnlockWay way;
  std::function<std::shared_ptr<EmulatedCard>(emulated::CardOptions)> make;
  std::string unlocker, wrong_unlocker;
  bool counts_pin = true;     ///< the PIN's tries can be read for free
  bool counts_code = false;   ///< those of the unlocker too
};

inline void PrintTo(const FamilyCase& which, std::ostream* out) { *out << which.name; }

template <class Card>
std::shared_ptr<EmulatedCard> made(emulated::CardOptions options) {
  return std::make_shared<Card>(std::move(options));
}

inline const std::vector<FamilyCase>& family_cases() {
  using core::UnlockWay;
  using namespace emulated;
  static const std::vector<FamilyCase> all = {
      {"PivByPuk", "piv", UnlockWay::puk, made<PivCard>, "12345678", "87654321"},
      {"PivOverT0ByPuk", "piv", UnlockWay::puk,
       [](CardOptions options) { options.t0 = true; return made<PivCard>(std::move(options)); }, "12345678", "87654321"},
      {"GidsByAdminKey", "gids", UnlockWay::admin_key, made<GidsCard>, "", ""},
      {"GidsByPuk", "gids", UnlockWay::puk,
       [](CardOptions options) { options.gids_puk = true; return made<GidsCard>(std::move(options)); }, "12345678", "87654321", true, true},
      {"OpenPgpByResettingCode", "openpgp", UnlockWay::resetting_code, made<OpenPgpCard>, "12345678", "87654321", true, true},
      {"OpenPgpByAdminPin", "openpgp", UnlockWay::admin_pin, made<OpenPgpCard>, "12345678", "87654321", true, true},
      {"OpenPgpWithHashedPinsByResettingCode", "openpgp", UnlockWay::resetting_code,
       [](CardOptions options) { options.hashed_pins = true; return made<OpenPgpCard>(std::move(options)); }, "12345678", "87654321", true, true},
      {"OpenPgpWithPinsHashedBySha512ByAdminPin", "openpgp", UnlockWay::admin_pin,
       [](CardOptions options) { options.hashed_pins = options.hashes_with_sha512 = true; return made<OpenPgpCard>(std::move(options)); },
       "12345678", "87654321", true, true},
      {"AkisByPuk", "akis", UnlockWay::puk, made<AkisCard>, "12345678", "87654321", false},
      {"AkisByIssuer", "akis", UnlockWay::issuer, made<AkisCard>, "", "", false},
      {"IsoByPuk", "iso", UnlockWay::puk, made<IsoCard>, "12345678", "87654321", false},
      {"IsoByAdminPin", "iso", UnlockWay::admin_pin, made<IsoCard>, "12345678", "87654321", false},
  };
  return all;
}

/// One emulated reader with one card of a case in it, and the desk over it.
class FamilyBench {
 public:
  static constexpr const char* reader = "Desk reader";

  explicit FamilyBench(const FamilyCase& which, emulated::CardOptions options = {}, const std::filesystem::path& roots = {})
      : which_(which), desk(readers, roots, &issuer) {
    options.issuer_master_key = emulated::demo_master_key();
    bare = which.make(std::move(options));
    card = std::make_shared<emulated::Misbehaviour>(bare);
    readers.insert(reader, card);
  }

  std::unique_ptr<core::CardSession> open() { return desk.open(reader).value(); }

  core::UnlockOrder order(const core::CardFacts& facts, bool right = true, const char* pin = "246813") const {
    core::UnlockOrder out;
    out.way = which_.way;
    out.serial = facts.serial;
    out.unlocker = core::Secret(right ? which_.unlocker : which_.wrong_unlocker);
    out.new_pin = core::Secret(pin);
    out.respond = [right](const std::string& challenge) -> core::Result<std::string> {
      Bytes key = emulated::default_admin_key();
      if (!right) key[0] ^= 0xFE;
      const Bytes answer = crypto::tdes_ecb(crypto::Direction::encrypt, key, crypto::view_of(challenge));
      return std::string(crypto::text_of(answer));
    };
    return out;
  }

  emulated::EmulatedReaders readers;
  emulated::DemoIssuer issuer{emulated::demo_master_key()};
  std::shared_ptr<EmulatedCard> bare;
  std::shared_ptr<emulated::Misbehaviour> card;

 private:
  const FamilyCase& which_;

 public:
  CardDesk desk;
};

}  // namespace anahtar::card
