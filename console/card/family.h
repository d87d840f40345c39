// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "card/channel.h"
#include "core/cards.h"

/// What a kind of card does in its own way. One file in families/ each; `families()` lists them.
namespace anahtar::card {

using core::CardFacts;
using core::CardPin;
using core::UnlockOrder;
using core::UnlockWay;
using sdk::Secret;

/// What the certificate says of the holder's key.
struct HolderKey {
  enum class Kind { rsa, elliptic } kind = Kind::rsa;
  int bits = 2048;
  bool rsa() const { return kind == Kind::rsa; }
};

/// A PIN of the holder's for a command: known here, or typed by them on the reader.
struct HolderPin {
  const Secret* known = nullptr;  ///< nothing: it is typed
  core::PinRules rules = {};      ///< how long a typed one is
  bool fresh = false;             ///< a new one
};

/// How the card answered the attempt to set a new PIN. What it is worth, the counters and the new PIN show afterwards.
enum class Attempt {
  accepted,
  refused,      ///< the unlocker was wrong
  blocked,      ///< the unlocker has no tries left
  pin_refused,  ///< the card does not like the new PIN
  impossible,   ///< the card does not have this way, or could not be brought to it; nothing was tried
};

class Family {
 public:
  virtual ~Family() = default;
  virtual std::string_view id() const = 0;
  virtual std::string_view title() const = 0;

  /// As of core::CardFamily.
  virtual int longest_puk() const { return 32; }
  virtual int challenge_bytes() const { return 0; }
  /// The name of its application, as EF.DIR would list it; empty: the ATR tells.
  virtual Bytes application() const { return {}; }
  /// Whether the card is one, by ATR or by selecting its application, which is selected then.
  virtual bool recognises(Channel& channel) const = 0;
  /// Everything about a card that was recognised just now. Never costs a try. The certificate comes as DER alone.
  virtual CardFacts read(Channel& channel) const = 0;
  /// Selects and reads the serial alone.
  virtual std::string serial(Channel& channel) const = 0;
  /// The tries, with nobody logged in. Never costs a try.
  virtual std::vector<CardPin> pins(Channel& channel) const = 0;
  /// Sets `fresh`, which is the order's new PIN.
  virtual Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const = 0;
  /// Sets another PUK, by who knows the old one.
  virtual Attempt change_puk(Channel&, const Secret& /*old*/, const Secret& /*fresh*/) const { return Attempt::impossible; }
  /// VERIFY of the holder's PIN, which costs a try when it is wrong.
  virtual Response verify(Channel& channel, const HolderPin& pin) const = 0;
  /// Whether the card takes a PIN as a reader's keypad sends it: as text. Asked after `read`, never costs a try.
  virtual bool takes_typed_pin(Channel&) const { return true; }
  /// Whoever is logged in is no longer, or by the end of the connection where the card has no command for it.
  virtual void log_out(Channel& channel) const { channel.log_out_by_reset(); }
  /// Signs a SHA-256 digest with the holder's key after `verify`; DER for ECDSA. Nothing when the card cannot.
  virtual std::optional<Bytes> sign(Channel&, BytesView /*digest*/, const HolderKey&) const { return {}; }
};

/// In the order in which they are tried: those that the ATR tells first.
std::span<const Family* const> families();

// One for each file.
const Family& akis_family();
const Family& piv_family();
const Family& gids_family();
const Family& openpgp_family();
const Family& iso_family();

/// What the status word of RESET RETRY COUNTER with a code says of an attempt.
Attempt attempt_of(const Response& response);
/// What that of the VERIFY or the authentication before it says, which knows no new PIN.
Attempt admission_of(const Response& response);
/// What that of RESET RETRY COUNTER says after the unlocker was accepted: it is about the new PIN or the card, not about a
/// code.
Attempt attempt_after_admission(const Response& response);

/// What tells a card that nobody numbered from others: the beginning of a hash of its holder's certificate, in hex. Empty
/// when there is none.
std::string number_of_certificate(std::string_view der);

/// A PIN as it stands in a command: its bytes, and `fill` up to `length`. Wiped by the Command that takes it.
Bytes pin_field(const Secret& pin, std::size_t length = 0, std::uint8_t fill = 0xFF);
/// Sends `command` with the PIN behind its data, in a field of `length` bytes that ends in `fill` (0: as long as it is).
Response send_with_pin(Channel& channel, Command command, const HolderPin& pin, std::size_t length = 0, std::uint8_t fill = 0xFF);
/// The two behind each other, wiping its arguments.
Bytes joined(Bytes first, Bytes second);
/// DigestInfo of a SHA-256 digest (RFC 8017 §9.2).
Bytes digest_info(BytesView sha256);
/// What the card signs: the DigestInfo for RSA; for a curve the digest, which is the same number with zeros before it, and
/// some cards take it only as long as their field.
Bytes to_be_signed(BytesView sha256, const HolderKey& key);
/// r ‖ s as SEQUENCE { r, s }.
Bytes der_signature(BytesView plain);

}  // namespace anahtar::card
