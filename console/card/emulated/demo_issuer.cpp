// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/demo_issuer.h"

#include <algorithm>

#include "card/emulated/demo_session.h"
#include "crypto/base64.h"
#include "crypto/random.h"

namespace anahtar::card::emulated {
namespace {

using core::Code;
using core::failure;
using core::tr;

/// One command, its answer without the status word.
class Talk {
 public:
  explicit Talk(const core::IssuerUnlock::Exchange& exchange) : exchange_(exchange) {}

  /// `what_if` is the failure when the card says no.
  core::Result<Bytes> operator()(const Bytes& header, const Bytes& data, Code what_if) const {
    const Bytes command = header + Bytes{static_cast<std::uint8_t>(data.size())} + data + Bytes{0x00};
    const auto answer = exchange_(std::string(crypto::text_of(command)));
    if (!answer) return std::unexpected(answer.error());
    Bytes bytes = crypto::bytes_of(*answer);
    if (bytes.size() < 2 || bytes[bytes.size() - 2] != 0x90 || bytes.back() != 0x00)
      return failure(what_if, tr("The card does not take the issuer's session."));
    bytes.resize(bytes.size() - 2);
    return bytes;
  }

 private:
  const core::IssuerUnlock::Exchange& exchange_;
};

sdk::Secret random_pin(const core::PinRules& rules) {
  while (true) {
    auto pin = crypto::random_digits(static_cast<std::size_t>(rules.min_length));
    if (rules.problem(pin).empty()) return pin;
  }
}

core::Result<demo_session::Keys> open_session(const Talk& talk, const Bytes& card_key) {
  using namespace demo_session;
  const Bytes ours = crypto::random_bytes(random_size);
  const auto opened = talk({plain_cla, open_ins, 0x00, 0x00}, ours, Code::refused);
  if (!opened) return std::unexpected(opened.error());
  if (opened->size() != random_size + mac_size) return failure(Code::refused, tr("The card does not take the issuer's session."));
  const Bytes theirs(opened->begin(), opened->begin() + random_size);
  const auto keys = session_keys(card_key, ours, theirs);
  if (!crypto::equal_constant_time(short_mac(keys.mac, crypto::bytes_of("card") + ours + theirs), BytesView(*opened).last(mac_size)))
    return failure(Code::refused, tr("The card does not know the issuer's key."));
  const auto proved = talk({plain_cla, prove_ins, 0x00, 0x00}, short_mac(keys.mac, crypto::bytes_of("host") + ours + theirs), Code::refused);
  if (!proved) return std::unexpected(proved.error());
  return keys;
}

}  // namespace

DemoIssuer::~DemoIssuer() { explicit_bzero(master_key_.data(), master_key_.size()); }

bool DemoIssuer::serves(const std::string& family, const std::string& serial) const {
  return family == "akis" && !serial.empty() && crypto::hex_decode(serial).has_value();
}

core::IssuerUnlock::Report DemoIssuer::unlock(const core::CardFacts& card, const sdk::Secret& new_pin, const Exchange& exchange) {
  if (!makes_pin(card.family, card.serial)) return {set_pin(card, new_pin, exchange), {}};
  sdk::Secret made = random_pin(card.rules);
  auto done = set_pin(card, made, exchange);
  return {std::move(done), std::move(made)};
}

core::Result<> DemoIssuer::set_pin(const core::CardFacts& card, const sdk::Secret& new_pin, const Exchange& exchange) const {
  using namespace demo_session;
  const auto serial = crypto::hex_decode(card.serial);
  if (!serial || serial->empty()) return failure(Code::refused, tr("The card does not tell its serial number."));
  const Talk talk(exchange);
  const auto keys = open_session(talk, card_key(master_key_, *serial));
  if (!keys) return std::unexpected(keys.error());

  const Bytes header = {secured_cla, unlock_ins, 0x00, 0x01};
  const auto done = talk(header, sealed_pin(*keys, 1, header, crypto::view_of(new_pin.expose())), Code::refused);
  if (!done) {
    // An answer of the card is a refusal; no answer leaves it open whether the PIN was set.
    if (done.error().code == Code::refused) return std::unexpected(done.error());
    return failure(Code::internal, tr("The card did not answer the issuer's command; nobody knows whether it was unlocked."));
  }
  if (!crypto::equal_constant_time(*done, receipt(*keys, 1)))
    return failure(Code::internal, tr("The card's receipt is not genuine; nobody knows whether it was unlocked."));
  return {};
}

Bytes demo_master_key() { return crypto::bytes_of("demo key no card"); }

}  // namespace anahtar::card::emulated
