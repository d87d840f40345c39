// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/card_session.h"

#include <algorithm>

#include "card/card_desk.h"
#include "crypto/digest.h"

namespace anahtar::card {

using core::Code;
using core::tr;
using core::UnlockReport;
using Outcome = core::UnlockReport::Outcome;

namespace {

core::Failure unknown_card() {
  return {Code::invalid, tr("This kind of card is not known here. Check that it is the authority's card.")};
}

std::string tries_of(const CardPin* pin) { return pin && pin->tries_left ? std::to_string(*pin->tries_left) : std::string("?"); }

/// Whether the tries show that a new PIN was set; what a card does not tell speaks neither for nor against.
bool shows_success(const std::vector<CardPin>& pins) {
  return std::ranges::none_of(pins, [](const CardPin& pin) {
    return pin.kind == CardPin::Kind::pin && (pin.blocked || (pin.tries_left && pin.tries_max && *pin.tries_left < *pin.tries_max));
  });
}

CardPin::Kind unlocker_of(UnlockWay way) {
  switch (way) {
    case UnlockWay::resetting_code: return CardPin::Kind::resetting_code;
    case UnlockWay::admin_pin: return CardPin::Kind::admin_pin;
    case UnlockWay::admin_key: return CardPin::Kind::admin_key;
    default: return CardPin::Kind::puk;
  }
}

sdk::Text sentence_of(Attempt attempt, const UnlockReport& report, UnlockWay way) {
  const CardPin* unlocker = report.after ? report.after->pin(unlocker_of(way)) : nullptr;
  switch (attempt) {
    case Attempt::refused:
      if (way == UnlockWay::admin_key) return tr("The card did not accept the administration key. Nothing was changed.");
      if (unlocker && unlocker->tries_left) return tr("The card did not accept the code. Tries left: {1}.", tries_of(unlocker));
      return tr("The card did not accept the code. It does not tell how many tries are left.");
    case Attempt::blocked:
      return tr("The code that unlocks the card is blocked itself: this card cannot be unlocked with it any more. It must be replaced.");
    case Attempt::pin_refused:
      return tr("The card does not take this new PIN. Nothing was changed. Choose another one.");
    default:
      return tr("The card cannot be unlocked in this way. Nothing was changed.");
  }
}

Outcome outcome_of(Attempt attempt) {
  switch (attempt) {
    case Attempt::refused: return Outcome::refused;
    case Attempt::blocked: return Outcome::blocked;
    case Attempt::pin_refused: return Outcome::pin_refused;
    default: return Outcome::not_begun;
  }
}

}  // namespace

CardSession::CardSession(std::unique_ptr<Connection> connection, std::shared_ptr<const crypto::TrustedRoots> roots,
                         core::IssuerUnlock* issuer)
    : connection_(std::move(connection)), channel_(*connection_), roots_(std::move(roots)), issuer_(issuer) {}

/// What costs nothing may be done again when another program has reset the card in between.
template <class Work>
auto CardSession::once_more_after_reset(Work&& work) {
  try {
    return work();
  } catch (const LinkError& error) {
    if (error.kind != LinkError::Kind::reset || channel_.risked()) throw;
    connection_->resume();
    return work();
  }
}

const Family* CardSession::recognise() {
  const auto all = families();
  const auto found = std::ranges::find_if(all, [this](const Family* family) { return family->recognises(channel_); });
  return family_ = found == all.end() ? nullptr : *found;
}

CardFacts CardSession::read() {
  CardFacts facts = family_->read(channel_);
  facts.family = family_->id();
  facts.title = family_->title();
  facts.atr = hex_of(connection_->atr());
  if (facts.certificate) judge(*facts.certificate);
  if (!issuer_serves(facts)) std::erase(facts.ways, UnlockWay::issuer);
  return facts;
}

void CardSession::judge(core::HolderCertificate& certificate) const {
  const auto parsed = crypto::Certificate::parse(crypto::view_of(certificate.der));
  if (!parsed) {
    certificate.trust = core::HolderCertificate::Trust::untrusted;
    certificate.trust_reason = tr("The certificate on the card cannot be read.");
    return;
  }
  certificate.national_id = crypto::national_id_in(parsed->subject_serial());
  certificate.holder = parsed->common_name();
  certificate.issuer = parsed->issuer_name();
  certificate.serial = parsed->serial();
  certificate.not_before = parsed->not_before();
  certificate.not_after = parsed->not_after();
  std::string reason;
  switch (roots_->check(*parsed, reason)) {
    case crypto::TrustedRoots::Verdict::trusted:
      certificate.trust = core::HolderCertificate::Trust::trusted;
      break;
    case crypto::TrustedRoots::Verdict::no_roots:
      certificate.trust = core::HolderCertificate::Trust::no_roots;
      certificate.trust_reason = tr("No root certificates are set up here, so nobody can say who issued it.");
      break;
    case crypto::TrustedRoots::Verdict::revoked:
      certificate.trust = core::HolderCertificate::Trust::revoked;
      certificate.trust_reason = tr("The certificate was revoked.");
      break;
    case crypto::TrustedRoots::Verdict::untrusted:
      certificate.trust = core::HolderCertificate::Trust::untrusted;
      certificate.trust_reason = tr("The certificate does not come from a trusted issuer ({1}).", reason);
  }
}

bool CardSession::issuer_serves(const CardFacts& facts) const {
  return issuer_ != nullptr && !facts.serial.empty() && issuer_->serves(facts.family, facts.serial);
}

core::Result<CardFacts> CardSession::look() {
  try {
    channel_.mark();
    const int before = channel_.exchanges();
    const bool found = once_more_after_reset([&] {
      if (recognise() == nullptr) return false;
      known_ = read();
      return true;
    });
    if (!found) return std::unexpected(unknown_card());
    known_.exchanges = channel_.exchanges() - before;
    return known_;
  } catch (const LinkError& error) {
    return std::unexpected(failure_of(error));
  }
}

UnlockReport CardSession::unlock(const UnlockOrder& order) {
  UnlockReport report;
  const int before = channel_.exchanges();
  channel_.mark();
  try {
    unlock_and_prove(order, report);
  } catch (const LinkError& error) {
    const core::Failure why = failure_of(error);
    report.outcome = channel_.risked() ? Outcome::interrupted : Outcome::not_begun;
    report.sentence = channel_.risked()
                          ? tr("It was interrupted, and whether the new PIN counts is not known yet. Insert the card again and look.")
                          : why.sentence;
    // A reset by another program leaves the card in the reader: its counters can be read at once.
    if (error.kind == LinkError::Kind::reset) look_after(report);
  }
  report.exchanges = channel_.exchanges() - before;
  return report;
}

void CardSession::unlock_and_prove(const UnlockOrder& order, UnlockReport& report) {
  if (family_ == nullptr && recognise() == nullptr) {
    report.sentence = unknown_card().sentence;
    return;
  }
  const std::string serial = once_more_after_reset([&] { return family_->serial(channel_); });
  if (serial.empty() || serial != order.serial) {
    report.outcome = Outcome::other_card;
    report.sentence = tr("This is not the card that was looked at. It was left alone. Look at it again.");
    return;
  }
  const Attempt attempted = attempt(order, report);
  if (attempted == Attempt::accepted) return prove(order, report);
  report.outcome = outcome_of(attempted);
  look_after(report);
  report.sentence = sentence_of(attempted, report, order.way);
}

Attempt CardSession::attempt(const UnlockOrder& order, UnlockReport& report) {
  return order.way == UnlockWay::issuer ? ask_issuer(order, report) : family_->unlock(channel_, order);
}

Attempt CardSession::ask_issuer(const UnlockOrder& order, UnlockReport& report) {
  if (!issuer_serves(known_) || known_.serial != order.serial) return Attempt::impossible;
  std::optional<LinkError> lost;
  const auto exchange = [&](const std::string& command) -> core::Result<std::string> {
    try {
      Response response = channel_.pass_on(crypto::view_of(command));
      response.data.insert(response.data.end(), {response.status.sw1(), response.status.sw2()});
      return std::string(crypto::text_of(response.data));
    } catch (const LinkError& error) {
      lost = error;
      return std::unexpected(failure_of(error));
    }
  };
  const auto done = issuer_->unlock(known_, order.new_pin, exchange);
  if (lost) throw *lost;
  if (done) return Attempt::accepted;
  report.sentence = done.error().sentence;
  if (done.error().code == Code::internal) throw LinkError(LinkError::Kind::broken);
  return Attempt::impossible;
}

/// The counters first: only when they show success is the new PIN tried, so that no try is lost on a card that lied.
void CardSession::prove(const UnlockOrder& order, UnlockReport& report) {
  report.outcome = Outcome::not_proven;
  report.sentence = tr("The card said yes, but does not show it: whether the new PIN counts is not certain. Look at the card again before trying it.");
  if (!shows_success(family_->pins(channel_))) return look_after(report);
  const Response verified = family_->verify(channel_, order.new_pin);
  if (!verified.ok()) {
    report.sentence = tr("The card said yes, but does not accept the new PIN. Look at the card again before trying it.");
    return look_after(report);
  }
  report.outcome = Outcome::proven;
  report.sentence = tr("The card is unlocked, and the new PIN was proved on it.");
}

/// Best effort: the report stands without it.
void CardSession::look_after(UnlockReport& report) {
  try {
    if (report.outcome == Outcome::interrupted) connection_->resume();
    if (recognise() != nullptr) report.after = read();
  } catch (const LinkError&) {
    report.after.reset();
  }
}

core::Result<> CardSession::sign_and_check(const std::string& challenge, const Secret& pin) {
  try {
    channel_.mark();
    if (const auto facts = look(); !facts) return std::unexpected(facts.error());
    if (!known_.certificate || !known_.can_sign)
      return core::failure(Code::refused, tr("There is no certificate on this card to sign with."));
    const auto certificate = crypto::Certificate::parse(crypto::view_of(known_.certificate->der));
    if (!certificate) return core::failure(Code::refused, tr("The certificate on the card cannot be read."));
    const Response verified = family_->verify(channel_, pin);
    if (!verified.ok()) {
      const auto left = verified.status.tries_left();
      if (left) return core::failure(Code::refused, tr("The PIN is wrong. Tries left: {1}.", std::to_string(*left)));
      return core::failure(Code::refused, tr("The card did not accept the PIN; it may be locked."));
    }
    const HolderKey key{certificate->has_rsa_key() ? HolderKey::Kind::rsa : HolderKey::Kind::elliptic, certificate->key_bits()};
    const auto digest = crypto::sha256(crypto::view_of(challenge));
    const auto signature = family_->sign(channel_, digest, key);
    if (!signature || !certificate->signed_by_key(crypto::view_of(challenge), *signature))
      return core::failure(Code::refused, tr("The card's signature does not fit its certificate. The holder is not verified."));
    return {};
  } catch (const LinkError& error) {
    return std::unexpected(failure_of(error));
  }
}

}  // namespace anahtar::card
