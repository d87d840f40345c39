// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <anahtar/sdk/secret.h>

#include "core/result.h"

/// Smart cards as core needs them; implemented by `card` over PC/SC or over emulated readers. Bytes that are no secret are
/// upper-case hex. No call is ever repeated by itself when it could cost a try.
namespace anahtar::core {

using sdk::Secret;

struct CardReaderState {
  enum class Presence {
    empty,
    present,
    mute,       ///< a card that does not answer: inserted the wrong way round, or broken
    in_use,     ///< held by another program
  };
  std::string name;
  Presence presence = Presence::empty;
  std::uint32_t events = 0;  ///< counts insertions and removals: another number with `present` is another card
  std::string atr;
};

/// How a card lets its PIN be set anew. What the card really has, not what its family could have.
enum class UnlockWay {
  puk,             ///< RESET RETRY COUNTER with PUK and new PIN
  admin_key,       ///< challenge and response with the card's administration key
  resetting_code,  ///< OpenPGP's
  admin_pin,       ///< after verifying an administrator's PIN (OpenPGP's PW3)
  issuer,          ///< only through the issuer's own key service (`IssuerUnlock`)
};
std::string_view to_string(UnlockWay way);  ///< "puk", "admin_key", "resetting_code", "admin_pin", "issuer"

/// One secret that the card compares.
struct CardPin {
  enum class Kind { pin, puk, resetting_code, admin_pin, admin_key };
  Kind kind = Kind::pin;
  std::optional<int> tries_left;  ///< nothing: the card does not tell without costing a try
  std::optional<int> tries_max;
  bool blocked = false;
  bool set = true;                ///< false: the card has none, or it was never set
};

struct PinRules {
  int min_length = 6, max_length = 8;
  bool digits_only = true;
  /// The sentence that says what is wrong with `pin`, or nothing. Trivial ones (123456, 111111) are wrong everywhere.
  Text problem(const Secret& pin) const;
};

/// The certificate that the card shows of its holder.
struct HolderCertificate {
  std::string national_id;  ///< from the subject's serialNumber; empty when it carries none
  std::string holder, issuer, serial;
  std::chrono::sys_seconds not_before{}, not_after{};
  enum class Trust { trusted, no_roots, untrusted, revoked };
  Trust trust = Trust::no_roots;  ///< of the chain, at the time of its validity; being expired is told by the dates
  Text trust_reason;              ///< when not trusted
  std::string der;                ///< raw bytes
};

struct CardFacts {
  std::string family;  ///< "piv", "gids", "openpgp", "akis", "iso"
  std::string title;   ///< e.g. "PIV", "AKİS"; a name, not translated
  std::string serial;  ///< as the family prints it; empty: the card does not tell
  std::string atr;
  std::optional<HolderCertificate> certificate;
  std::vector<CardPin> pins;     ///< the one that the holder uses first
  std::vector<UnlockWay> ways;   ///< in the order in which they should be offered
  PinRules rules;                ///< for a new PIN
  std::optional<PinRules> present_rules;  ///< for the PIN that it has, where those are others
  bool last_puk_try_erases = false;  ///< the last wrong PUK may destroy the card's keys
  bool shut_down = false;        ///< terminated: it answers nothing any more but that
  bool can_sign = false;         ///< the holder can sign a challenge with it
  bool puk_changes = false;      ///< who knows the PUK can give the card another one
  bool issuer_makes_pin = false; ///< with UnlockWay::issuer: its service makes the new PIN, and takes none
  /// What the holder can do on the reader's own keypad, if it has one and the card takes a PIN as keypads send it.
  bool pad_sets_pin = false, pad_asks_pin = false;
  int exchanges = 0;             ///< APDUs that this took, continuations not counted

  const CardPin* pin(CardPin::Kind kind) const {
    for (const CardPin& each : pins)
      if (each.kind == kind) return &each;
    return nullptr;
  }
};

/// What shall be done to the card. Lives until `unlock` returns.
struct UnlockOrder {
  UnlockWay way = UnlockWay::puk;
  std::string serial;   ///< compared with the card's right before; another card is left alone
  Secret unlocker;      ///< PUK, resetting code or administrator's PIN
  Secret new_pin;       ///< empty when it comes from elsewhere: CardFacts::issuer_makes_pin, or `pin_on_pad`
  bool pin_on_pad = false;  ///< the holder types it on the reader's keypad: twice, and once more to prove it
  /// With `admin_key`: answers the card's challenge (raw bytes) without giving the key away.
  std::function<Result<std::string>(const std::string& challenge)> respond;
};

struct UnlockReport {
  enum class Outcome {
    proven,        ///< the counters show success and the card took the new PIN
    not_proven,    ///< the card said yes, but shows no success
    other_pin,     ///< the card said yes, but denied the new PIN: it has one that nobody knows
    refused,       ///< the card said no to the unlocker; `after` tells the tries left
    blocked,       ///< the unlocker has no tries left
    pin_refused,   ///< the card does not like the new PIN; nothing was changed
    not_sent,      ///< an unlocker of this form cannot be right for the card; no try was spent
    not_typed,     ///< with `pin_on_pad`: cancelled, too late, or two that differ; nothing was changed
    other_card,    ///< not the card it was; it was left alone
    not_begun,     ///< nothing that could change the card was sent
    interrupted,   ///< something was sent and what came of it is not known; look again
  };
  Outcome outcome = Outcome::not_begun;
  Text sentence;                  ///< what happened, and what to do
  std::optional<CardFacts> after; ///< as read afterwards, where that was possible
  Secret new_pin;                 ///< with `issuer`: what was set, or may have been
  int exchanges = 0;              ///< APDUs, continuations not counted
};

/// One card, held exclusively; no transaction is held while a person thinks. [worker, one thread at a time]
class CardSession {
 public:
  virtual ~CardSession() = default;
  /// Reads anew; never costs a try. Code::not_found: the card is gone. Code::unavailable: it does not answer, or another
  /// program holds it. Code::invalid: no family knows it.
  virtual Result<CardFacts> look() = 0;
  virtual UnlockReport unlock(const UnlockOrder& order) = 0;
  /// Gives the card another PUK. Outcomes as of `unlock`: proven, when the card took it; nothing more can be shown without
  /// costing a try. Never sets `new_pin`.
  virtual UnlockReport replace_puk(const std::string& serial, const Secret& old_puk, const Secret& new_puk) = 0;
  /// Whether the card takes this PIN: asked once. False: it denied it, and a try was spent.
  virtual Result<bool> takes_pin(const Secret& pin) = 0;
  /// Whether the holder's certificate's key signed `challenge` (raw bytes, any length) after `pin`. Code::refused: wrong
  /// PIN (one try was spent; the sentence tells how many are left) or a signature that does not fit. Code::unavailable: the card
  /// did not sign.
  virtual Result<> sign_and_check(const std::string& challenge, const Secret& pin) = 0;
  /// The same, with the PIN typed on the reader's keypad. Code::conflict: it was not typed; no try was spent.
  virtual Result<> sign_and_check_on_pad(const std::string& challenge) = 0;
};

/// What is known of a card before it is seen, from its family alone.
struct CardFamily {
  std::string id;           ///< as CardFacts::family
  int longest_puk = 32;     ///< 0: it has no PUK, and what it has instead is not kept here
  int challenge_bytes = 0;  ///< of its administration key; 0: what the key takes
};

/// The readers of this machine. [any]
class CardDesk {
 public:
  virtual ~CardDesk() = default;
  virtual std::vector<CardFamily> families() const = 0;
  /// Code::unavailable: the card service does not run.
  virtual Result<std::vector<CardReaderState>> readers() = 0;
  /// Returns when something differs from `known`, after `limit`, or when stopped. [worker]
  virtual Result<std::vector<CardReaderState>> wait_for_change(const std::vector<CardReaderState>& known,
                                                               std::chrono::milliseconds limit, std::stop_token stop) = 0;
  /// Code::not_found: no card there. Code::unavailable: another program holds it; the sentence says so. [worker]
  virtual Result<std::unique_ptr<CardSession>> open(const std::string& reader) = 0;
};

/// The authority's own key service, for cards that only their issuer can unlock. A site brings one; without it those
/// cards cannot be unlocked here. [worker]
class IssuerUnlock {
 public:
  /// Sends one command to the card and gives its answer, both raw bytes.
  using Exchange = std::function<Result<std::string>(const std::string& command)>;

  virtual ~IssuerUnlock() = default;
  virtual std::string name() const = 0;
  virtual bool serves(const std::string& family, const std::string& serial) const = 0;
  /// Whether the service makes the new PIN of such a card itself.
  virtual bool makes_pin(const std::string& /*family*/, const std::string& /*serial*/) const { return false; }

  struct Report {
    Result<> done;  ///< Code::refused: the service or the card said no, nothing was changed. Code::internal: nobody knows.
    Secret made;    ///< with `makes_pin`: the new PIN, as soon as the card may have it, and so with Code::internal too
  };
  /// Runs the service's session with the card and sets `new_pin`, which is empty with `makes_pin`.
  virtual Report unlock(const CardFacts& card, const Secret& new_pin, const Exchange& exchange) = 0;
};

}  // namespace anahtar::core
