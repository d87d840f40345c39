// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>

#include "crypto/card_key.h"
#include "crypto/demo_authority.h"

namespace anahtar::card::emulated {

using crypto::Bytes;

/// What the card shows and proves of its holder; without a certificate it is an empty card.
struct Holder {
  std::optional<crypto::CardKey> key = {};
  Bytes certificate = {};  ///< DER
};

struct HolderWish {
  std::string national_id = "10000000146", name = "Ayşe Örnek";  ///< a person of the demo
  crypto::CardKey::Kind key = crypto::CardKey::Kind::p256;
  bool expired = false;
};

/// A fresh key and a certificate for it.
Holder make_holder(const crypto::DemoAuthority& authority, const HolderWish& wish = {});

/// AKİS changed between its versions; what is not public is not here.
enum class AkisVersion {
  v1_0,  ///< tries in the FCI's tag 90, blocked says 6984, own CHANGE, no PUK command
  v1_2,  ///< the same, and the certificate can be read only under secure messaging
  v2_2,  ///< 63CX and 6983, RESET RETRY COUNTER with the PUK
};

/// How a card is made. Every family reads what it knows.
struct CardOptions {
  std::string pin = "123456";
  std::string puk = "12345678";        ///< OpenPGP: the resetting code
  std::string admin_pin = "12345678";  ///< OpenPGP's PW3; ISO: the security officer's
  Bytes admin_key = {};                     ///< 24 bytes (3DES); empty: the well-known default 0102030405060708, three times
  int pin_tries = 3, puk_tries = 3;
  bool pin_blocked = false, puk_blocked = false;
  bool no_puk = false;    ///< AKİS, ISO: there is none; OpenPGP: the code was never set
  bool gids_puk = false;  ///< GIDS: there is one, which its cards seldom have
  Bytes serial = {};        ///< empty: one of the family's
  Holder holder = {};
  bool t0 = false;      ///< T=0: answers come with 61XX and GET RESPONSE

  // What cards that claim the same standard do differently.
  bool wrong_pin_says_6982 = false;        ///< instead of 63CX
  bool last_try_says_blocked = false;      ///< the wrong try that blocks answers 6983 instead of 63C0
  bool empty_verify_costs_a_try = false;   ///< AKİS and others
  bool tells_puk_tries = false;            ///< PIV: GET METADATA, as YubiKeys from 5.3 on
  bool packed_certificate = false;         ///< PIV: as gzip
  bool erases_when_exhausted = false;      ///< PIV: PIN and PUK without tries: the keys are gone
  int admin_tries = 0;                     ///< GIDS: wrong responses after which the admin key is dead; 0: any number
  bool wrong_length_answers_freely = true; ///< GIDS: a PIN of a wrong length answers 63CX and costs nothing
  bool hashed_pins = false;                ///< OpenPGP: with a KDF-DO
  bool hashes_with_sha512 = false;         ///< OpenPGP: in its KDF-DO
  std::uint8_t only_slot = 0;              ///< PIV: where its one key is, 9A, 9C, 9D or 9E; 0: in each of them
  std::uint8_t key_reference = 0x81;       ///< GIDS: as its key map says
  bool no_ef_dir = false;                  ///< ISO: no list of applications
  bool selects_step_by_step = false;       ///< ISO: knows file identifiers, no paths
  bool tells_no_fci = false;               ///< ISO: refuses to be asked for it
  bool only_by_name = false;               ///< ISO: an applet, whose files are there after it was selected by its name
  bool wants_algorithm = false;            ///< ISO: a key is not chosen without 11 for RSA and 21 for a curve
  bool relative_paths = false;             ///< ISO: paths begin at the application
  AkisVersion akis = AkisVersion::v2_2;
  Bytes issuer_master_key = {};            ///< AKİS: 16 bytes; opens the demo issuer's sessions (demo_issuer.h)
};

/// The well-known key that fresh cards have.
Bytes default_admin_key();

}  // namespace anahtar::card::emulated
