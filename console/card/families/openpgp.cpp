// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP card 3.4. PW1 is set anew with the resetting code, or after PW3; passwords may be hashed by the host (KDF-DO).
#include <algorithm>

#include "card/family.h"
#include "card/files.h"
#include "card/tlv.h"
#include "crypto/message_digest.h"

namespace anahtar::card {
namespace {

constexpr std::uint8_t pw1_sign = 0x81, pw1_other = 0x82, pw3 = 0x83;
constexpr std::size_t all = 256;
constexpr std::uint32_t most_hashed = 1u << 28;  ///< a card that asks for more is not worth waiting for

/// Where the seven bytes of DO C4 hold the tries (§4.4.2).
enum Place { of_pw1 = 4, of_code = 5, of_pw3 = 6 };

Response get_data(Channel& channel, std::uint8_t p1, std::uint8_t p2) { return channel.send({0x00, 0xCA, p1, p2, {}, all}); }

/// DO 6E, with or without its own tag.
BytesView content_of(const Response& related_data) {
  return find_tlv(related_data.data, 0x6E).value_or(BytesView(related_data.data));
}

/// DO C4.
Bytes state_of(Channel& channel) {
  Response answer = get_data(channel, 0x00, 0xC4);
  return answer.ok() ? std::move(answer.data) : Bytes();
}

const Bytes name = bytes_of_hex("D27600012401");

constexpr std::uint16_t terminated = 0x6285;

Status status_of_selection(Channel& channel) { return channel.send({0x00, 0xA4, 0x04, 0x00, name, all}).status; }

/// A terminated card says so, and is one all the same.
bool select(Channel& channel) {
  const Status status = status_of_selection(channel);
  return status.ok() || status.word == terminated;
}

bool is_terminated(Channel& channel) { return status_of_selection(channel).word == terminated; }

/// As it is, or still in its data object, as cards of version 2 give it.
std::string certificate_in(const Response& answer) {
  if (!answer.ok()) return {};
  const Bytes der = der_in(find_tlv(answer.data, 0x7F21).value_or(BytesView(answer.data)));
  return std::string(crypto::text_of(der));
}

/// The first place is of the key for authentication. One that has a certificate for its signature key alone keeps it in the third
/// (§7.2.5), and gives the first one's emptiness.
std::string certificate_of(Channel& channel) {
  std::string der = certificate_in(get_data(channel, 0x7F, 0x21));
  for (const std::uint8_t place : {2, 1}) {
    if (!der.empty()) break;
    if (!channel.send({0x00, 0xA5, place, 0x04, bytes_of_hex("60045C027F21")}).ok()) break;
    der = certificate_in(get_data(channel, 0x7F, 0x21));
  }
  return der;
}

/// The key that belongs to the certificate: that for authentication (§4.4.2: the first certificate is its), but cards that
/// give another one first, or have room for one alone, may have it for their signature key.
enum Key : std::uint8_t { for_authentication = 0xA4, for_signature = 0xB6 };

Key& key_in(Channel& channel) {
  if (!std::any_cast<Key>(&channel.memo())) channel.memo() = for_authentication;
  return *std::any_cast<Key>(&channel.memo());
}

/// Whether a certificate is of that key: its modulus or point (§7.2.14, reading) is in it as it is.
bool is_of(std::string_view certificate, Channel& channel, Key key) {
  const Response read = channel.send({0x00, 0x47, 0x81, 0x00, Bytes{key, 0x00}, all});
  const auto modulus = find_tlv(read.data, {0x7F49, 0x81}), point = find_tlv(read.data, {0x7F49, 0x86});
  if (!read.ok() || (!modulus && !point)) return false;
  return certificate.find(crypto::text_of(modulus ? *modulus : *point)) != certificate.npos;
}

void find_key(std::string_view certificate, Channel& channel) {
  key_in(channel) = for_authentication;
  if (!is_of(certificate, channel, for_authentication) && is_of(certificate, channel, for_signature)) key_in(channel) = for_signature;
}

/// PW1 counts once and is verified apart for either key.
std::uint8_t password_for(Key key) { return key == for_signature ? pw1_sign : pw1_other; }

/// Cards of version 2 have no command for it.
void log_out_as(Channel& channel, std::uint8_t password) {
  if (!channel.send({0x00, 0x20, 0xFF, password}).ok()) channel.log_out_by_reset();
}

std::string serial_in(BytesView application) {
  return application.size() >= 14 ? hex_of(application.subspan(10, 4)) : std::string();
}

/// No maker's: 0000 and FFFF are for tests (§4.2.1), and applets come with a name whose number all of them share.
bool is_numbered(BytesView application) {
  if (application.size() < 14 || is_zero(application.subspan(10, 4))) return false;
  return !std::ranges::equal(application.subspan(8, 2), Bytes{0x00, 0x00}) && !std::ranges::equal(application.subspan(8, 2), Bytes{0xFF, 0xFF});
}

/// An applet that was not numbered when it was installed is known by the fingerprint of a key (DO C5, §4.4.1).
std::string number_in(BytesView inside) {
  constexpr std::size_t fingerprint = 20, enough = 8;
  const BytesView application = find_tlv(inside, 0x4F).value_or(BytesView());
  const std::string serial = serial_in(application);
  if (is_numbered(application)) return serial;
  BytesView all_prints = find_tlv(inside, {0x73, 0xC5}).value_or(BytesView());
  for (; all_prints.size() >= fingerprint; all_prints = all_prints.subspan(fingerprint))
    if (!is_zero(all_prints.first(fingerprint))) return hex_of(all_prints.first(enough));
  return serial;
}

CardPin pin_of(CardPin::Kind kind, BytesView state, Place place) {
  CardPin pin{.kind = kind, .tries_left = {}, .tries_max = {}};
  if (state.size() < 7) return pin;
  pin.tries_left = state[place];
  pin.blocked = state[place] == 0;
  return pin;
}

/// Whether the card takes that password as text: bit 8 of its greatest length says that it wants a PIN block, which it is
/// not given here, and as text would cost a try.
bool takes_text(BytesView state, Place place) {
  constexpr std::size_t tries_behind_lengths = 3;
  return state.size() < 7 || (state[place - tries_behind_lengths] & 0x80) == 0;
}

std::vector<CardPin> pins_in(BytesView state) {
  CardPin code = pin_of(CardPin::Kind::resetting_code, state, of_code);
  code.set = !code.blocked;  // never set and used up look alike
  return {pin_of(CardPin::Kind::pin, state, of_pw1), code, pin_of(CardPin::Kind::admin_pin, state, of_pw3)};
}

/// The KDF-DO (§4.3.2): what the card compares is an iterated, salted hash (RFC 4880 §3.7.1.3) of the password.
class Derivation {
 public:
  explicit Derivation(BytesView object) {
    const auto algorithm = find_tlv(object, 0x81), hash = find_tlv(object, 0x82), count = find_tlv(object, 0x83);
    if (!algorithm || algorithm->size() != 1 || (*algorithm)[0] != 0x03) return;
    function_ = hash && hash->size() == 1 ? function_of((*hash)[0]) : std::nullopt;
    known_ = function_ && count && count->size() == 4;
    hashes_ = true;
    if (!known_) return;
    for (const std::uint8_t byte : *count) count_ = count_ << 8 | byte;
    known_ = count_ <= most_hashed;
    const auto salt = [&](std::uint32_t tag) { return find_tlv(object, tag).value_or(find_tlv(object, 0x84).value_or(BytesView())); };
    for (const std::uint32_t tag : {0x84u, 0x85u, 0x86u}) salts_.emplace_back(salt(tag).begin(), salt(tag).end());
  }

  enum Which { for_pw1, for_code, for_pw3 };
  bool hashes() const { return hashes_; }
  /// Nothing when the card hashes in a way that is not known here.
  std::optional<Bytes> operator()(const Secret& password, Which which) const {
    if (!hashes_) return pin_field(password);
    if (!known_) return {};
    Bytes once = joined(salts_[which], pin_field(password));
    crypto::MessageDigest hash(*function_);
    std::size_t rest = std::max<std::size_t>(count_, once.size());
    for (; rest >= once.size(); rest -= once.size()) hash.update(once);
    hash.update(BytesView(once).first(rest));
    wipe(once);
    return hash.finish();
  }

 private:
  using Function = crypto::MessageDigest::Kind;

  /// RFC 4880 §9.4.
  static std::optional<Function> function_of(std::uint8_t number) {
    if (number == 0x08) return Function::sha256;
    return number == 0x0A ? std::optional(Function::sha512) : std::nullopt;
  }

  std::optional<Function> function_;
  bool hashes_ = false, known_ = false;
  std::uint32_t count_ = 0;
  std::vector<Bytes> salts_;
};

Derivation derivation(Channel& channel) { return Derivation(get_data(channel, 0x00, 0xF9).data); }

/// PW1 behind the command's data. Nothing was sent when it would have to be hashed in a way that cannot be done.
std::optional<Response> send_pw1(Channel& channel, Command command, const HolderPin& pin, const Derivation& derived) {
  if (!derived.hashes()) return send_with_pin(channel, std::move(command), pin);
  auto hash = pin.known ? derived(*pin.known, Derivation::for_pw1) : std::nullopt;
  if (!hash) return {};
  command.data = joined(std::move(command.data), std::move(*hash));
  return channel.send(command);
}

class OpenPgp : public Family {
 public:
  std::string_view id() const override { return "openpgp"; }
  std::string_view title() const override { return "OpenPGP"; }
  int longest_puk() const override { return 0; }
  Bytes application() const override { return name; }
  bool recognises(Channel& channel) const override { return select(channel); }

  CardFacts read(Channel& channel) const override {
    channel.memo() = for_authentication;
    CardFacts facts;
    const Response data = get_data(channel, 0x00, 0x6E);
    const BytesView inside = content_of(data);
    facts.serial = number_in(inside);
    const auto related = find_tlv(inside, {0x73, 0xC4});
    const Bytes state = related ? Bytes(related->begin(), related->end()) : state_of(channel);
    facts.pins = pins_in(state);
    if (!data.ok()) facts.shut_down = is_terminated(channel);
    if (std::string der = facts.shut_down ? std::string() : certificate_of(channel); !der.empty())
      facts.certificate = core::HolderCertificate{.der = std::move(der)};
    if (facts.certificate) find_key(facts.certificate->der, channel);
    const bool settable = state.size() >= 7 && takes_text(state, of_pw1);  // a terminated card tells nothing
    // PW3 first: it is always there, where some cards show tries of a resetting code that was never set.
    if (settable && takes_text(state, of_pw3) && !facts.pins[2].blocked) facts.ways.push_back(UnlockWay::admin_pin);
    if (settable && takes_text(state, of_code) && !facts.pins[1].blocked) facts.ways.push_back(UnlockWay::resetting_code);
    facts.rules = {6, 16, true};
    facts.present_rules = core::PinRules{6, state.size() >= 7 ? state[1] & 0x7F : 127, false};
    facts.can_sign = settable && facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override {
    if (!select(channel)) return {};
    const Response application = get_data(channel, 0x00, 0x4F);
    return is_numbered(application.data) ? serial_in(application.data) : number_in(content_of(get_data(channel, 0x00, 0x6E)));
  }

  std::vector<CardPin> pins(Channel& channel) const override { return pins_in(state_of(channel)); }

  Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const override {
    const bool by_code = order.way == UnlockWay::resetting_code;
    if (!by_code && order.way != UnlockWay::admin_pin) return Attempt::impossible;
    const Derivation derived = derivation(channel);
    auto unlocker = derived(order.unlocker, by_code ? Derivation::for_code : Derivation::for_pw3);
    if (!unlocker || (derived.hashes() && !fresh.known)) return Attempt::impossible;
    if (by_code) {
      const auto set = send_pw1(channel, {0x00, 0x2C, 0x00, pw1_sign, std::move(*unlocker)}, fresh, derived);
      return set ? attempt_of(*set) : Attempt::impossible;
    }
    const Response admitted = channel.send({0x00, 0x20, 0x00, pw3, std::move(*unlocker)});
    if (!admitted.ok()) return admission_of(admitted);
    const auto set = send_pw1(channel, {0x00, 0x2C, 0x02, pw1_sign}, fresh, derived);
    log_out_as(channel, pw3);  // nobody stays administrator
    return set ? attempt_after_admission(*set) : Attempt::impossible;
  }

  Response verify(Channel& channel, const HolderPin& pin) const override {
    return send_pw1(channel, {0x00, 0x20, 0x00, password_for(key_in(channel))}, pin, derivation(channel)).value_or(Response{{}, {0x6A81}});
  }

  bool takes_typed_pin(Channel& channel) const override { return !derivation(channel).hashes(); }

  void log_out(Channel& channel) const override { log_out_as(channel, password_for(key_in(channel))); }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    const bool as_signature = key_in(channel) == for_signature;
    const Response answer = as_signature ? channel.send({0x00, 0x2A, 0x9E, 0x9A, to_be_signed(digest, key), all})
                                         : channel.send({0x00, 0x88, 0x00, 0x00, to_be_signed(digest, key), all});
    if (!answer.ok()) return {};
    return key.rsa() ? answer.data : der_signature(answer.data);
  }
};

}  // namespace

const Family& openpgp_family() {
  static const OpenPgp family;
  return family;
}

}  // namespace anahtar::card
