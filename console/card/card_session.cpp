// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/card_session.h"

#include <algorithm>

#include "card/card_desk.h"
#include "card/files.h"
#include "core/card_facts.h"
#include "crypto/digest.h"

namespace anahtar::card {

using core::Code;
using core::has_code;
using core::tr;
using core::UnlockReport;
using Outcome = core::UnlockReport::Outcome;

namespace {

constexpr int most_restarts = 2;

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

sdk::Text another_pin() { return tr("The card does not take this new PIN. Nothing was changed. Choose another one."); }

sdk::Text sentence_of(Attempt attempt, const UnlockReport& report, UnlockWay way) {
  const CardPin* unlocker = report.after ? report.after->pin(core::unlocker_of(way)) : nullptr;
  switch (attempt) {
    case Attempt::refused:
      if (way == UnlockWay::admin_key) return tr("The card did not accept the administration key. Nothing was changed.");
      if (unlocker && unlocker->tries_left) return tr("The card did not accept the code. Tries left: {1}.", tries_of(unlocker));
      return tr("The card did not accept the code. It does not tell how many tries are left.");
    case Attempt::blocked:
      return tr("The code that unlocks the card is blocked itself, or was never set: this card cannot be unlocked with it any more.");
    case Attempt::pin_refused:  // the two are sent together
      if (way == UnlockWay::puk || way == UnlockWay::resetting_code)
        return tr("The card does not take this new PIN, or the code cannot have this form. Nothing was changed. Check the code, or choose another PIN.");
      return another_pin();
    default:
      return tr("The card cannot be unlocked in this way. Nothing was changed.");
  }
}

bool is_denial(const Status& status) { return status.blocked() || status.denied(); }

/// Only the form; that a PIN is too simple is said above, where it is chosen.
bool has_form(const core::PinRules& rules, const Secret& pin) {
  const auto size = static_cast<int>(pin.size());
  return size >= rules.min_length && size <= rules.max_length &&
         (!rules.digits_only || std::ranges::all_of(pin.expose(), [](char c) { return c >= '0' && c <= '9'; }));
}

/// Either name may be the beginning of the other (ISO 7816-4 §12.2.3).
bool is_listed(BytesView application, const std::vector<Bytes>& listed) {
  return std::ranges::any_of(listed, [&](const Bytes& each) {
    const std::size_t size = std::min(application.size(), each.size());
    return std::ranges::equal(application.first(size), BytesView(each).first(size));
  });
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

CardSession::~CardSession() {
  if (!logged_in_ || family_ == nullptr) return;
  try {
    family_->log_out(channel_);
  } catch (const LinkError&) {
    // A card that is gone has forgotten it.
  }
}

/// What costs nothing and asked nobody may be done again when another program has reset the card in between.
template <class Work>
auto CardSession::once_more_after_reset(Work&& work) {
  for (int again = 0;; ++again) {
    try {
      return work();
    } catch (const LinkError& error) {
      logged_in_ = false;
      if (error.kind != LinkError::Kind::reset || channel_.risked() || asked_ || again == most_restarts) throw;
      connection_->resume();
    }
  }
}

const Family* CardSession::first_that_recognises(std::span<const Family* const> candidates) {
  const auto found = std::ranges::find_if(candidates, [this](const Family* family) { return family->recognises(channel_); });
  return found == candidates.end() ? nullptr : *found;
}

/// What the ATR tells first; then what the card's own list of applications names, which spares the asking for the others.
const Family* CardSession::recognise() {
  if (family_ && family_->recognises(channel_)) return family_;
  std::vector<const Family*> by_name(families().begin(), families().end());
  const auto by_atr = std::ranges::stable_partition(by_name, [](const Family* family) { return !family->application().empty(); });
  family_ = first_that_recognises(by_atr);
  if (family_) return family_;
  by_name.erase(by_atr.begin(), by_atr.end());
  const auto listed = listed_applications(channel_);
  std::ranges::stable_partition(by_name, [&](const Family* family) { return is_listed(family->application(), listed); });
  return family_ = first_that_recognises(by_name);
}

CardFacts CardSession::read() {
  CardFacts facts = family_->read(channel_);
  facts.family = family_->id();
  facts.title = family_->title();
  facts.atr = hex_of(connection_->atr());
  if (facts.certificate) judge(*facts.certificate);
  if (!issuer_serves(facts)) std::erase(facts.ways, UnlockWay::issuer);
  facts.issuer_makes_pin = issuer_serves(facts) && issuer_->makes_pin(facts.family, facts.serial);
  if (const PinPad pad = connection_->pin_pad(); pad.verify && family_->takes_typed_pin(channel_)) {
    facts.pad_asks_pin = true;
    facts.pad_sets_pin = pad.modify;
  }
  core::keep_known_codes(facts, known_);
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
    asked_ = false;
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

void CardSession::note(CardPin::Kind kind, std::optional<int> tries_left) {
  auto found = std::ranges::find(known_.pins, kind, &CardPin::kind);
  if (found == known_.pins.end()) found = known_.pins.insert(found, CardPin{.kind = kind, .tries_left = {}, .tries_max = {}});
  found->tries_left = tries_left;
  found->blocked = tries_left == 0;
}

/// What `work` does to the card. A link that breaks is `settle`'s: it says how far it came.
template <class Work, class Settle>
UnlockReport CardSession::report_of(Work&& work, Settle&& settle) {
  UnlockReport report;
  const int before = channel_.exchanges();
  channel_.mark();
  asked_ = proving_ = false;
  try {
    work(report);
  } catch (const LinkError& error) {
    logged_in_ = false;
    settle(error, report);
  }
  report.exchanges = channel_.exchanges() - before;
  return report;
}

UnlockReport CardSession::unlock(const UnlockOrder& order) {
  return report_of([&](UnlockReport& report) { unlock_undisturbed(order, report); },
                   [&](const LinkError& error, UnlockReport& report) { settle(order, error, report); });
}

/// Until a person was asked or something was sent that counts, another program's reset begins it anew.
void CardSession::unlock_undisturbed(const UnlockOrder& order, UnlockReport& report) {
  UnlockOrder copy{order.way, order.serial, order.unlocker.duplicate(), order.new_pin.duplicate(), order.pin_on_pad, {}};
  if (order.respond)
    copy.respond = [&](const std::string& challenge) {
      asked_ = true;
      auto response = order.respond(challenge);
      if (!response) report.sentence = response.error().sentence;
      return response;
    };
  once_more_after_reset([&] { unlock_and_prove(copy, report); });
}

/// What can be known to be in vain is not sent.
std::optional<UnlockReport> CardSession::objection(const UnlockOrder& order) const {
  const auto because = [](Outcome outcome, sdk::Text sentence) {
    UnlockReport report;
    report.outcome = outcome;
    report.sentence = std::move(sentence);
    return report;
  };
  if (std::ranges::find(known_.ways, order.way) == known_.ways.end()) {
    const CardPin* const code = has_code(order.way) ? known_.pin(core::unlocker_of(order.way)) : nullptr;
    return code && code->blocked ? because(Outcome::blocked, sentence_of(Attempt::blocked, {}, order.way))
                                 : because(Outcome::not_begun, sentence_of(Attempt::impossible, {}, order.way));
  }
  const bool made_there = order.way == UnlockWay::issuer && known_.issuer_makes_pin;
  if (order.pin_on_pad && (!known_.pad_sets_pin || order.way == UnlockWay::issuer))
    return because(Outcome::not_begun, tr("The new PIN cannot be typed on this reader. Nothing was sent to the card."));
  if (!order.pin_on_pad && !made_there && !has_form(known_.rules, order.new_pin)) return because(Outcome::pin_refused, another_pin());
  if (has_code(order.way) && order.unlocker.empty())
    return because(Outcome::not_begun, tr("There is no code to unlock the card with. Nothing was sent."));
  return {};
}

/// Whether the card is the one that is meant and was looked at; else the report says why nothing was sent.
bool CardSession::is_still_there(const std::string& wanted, UnlockReport& report) {
  if (known_.family.empty()) {
    if (recognise() == nullptr) {
      report.sentence = unknown_card().sentence;
      return false;
    }
    known_ = read();
  }
  if (known_.serial.empty()) {
    report.sentence = tr("This card tells no number by which it could be known again, so nothing was sent to it. It must be replaced or numbered first.");
    return false;
  }
  const std::string serial = family_->serial(channel_);
  if (!serial.empty() && serial == wanted && serial == known_.serial) return true;
  report.outcome = Outcome::other_card;
  report.sentence = tr("This is not the card that was looked at. It was left alone. Look at it again.");
  return false;
}

void CardSession::unlock_and_prove(const UnlockOrder& order, UnlockReport& report) {
  if (!is_still_there(order.serial, report)) return;
  if (auto problem = objection(order)) {
    report = std::move(*problem);
    report.after = known_;
    return;
  }
  const CardPin* const shown = known_.pin(CardPin::Kind::resetting_code);
  constexpr int unknown = -1;
  const int tries_before = shown ? shown->tries_left.value_or(unknown) : unknown;
  const Attempt attempted = attempt(order, report);
  if (attempted == Attempt::accepted) {
    if (has_code(order.way)) note(core::unlocker_of(order.way), {});
    return prove(order, report);
  }
  if (channel_.untyped()) {
    report.outcome = Outcome::not_typed;
    report.sentence = tr("No new PIN was typed on the reader, or the two differ. Nothing was changed.");
    return look_after(report);
  }
  if (has_code(order.way) && channel_.verdict().word != 0 && attempted != Attempt::pin_refused)
    note(core::unlocker_of(order.way), attempted == Attempt::blocked ? 0 : channel_.verdict().tries_left());
  report.outcome = outcome_of(attempted);
  const CardFacts before = known_;
  look_after(report);
  if (report.after && before.pin(CardPin::Kind::pin) && before.pin(CardPin::Kind::pin)->blocked && was_unblocked(report.after->pins))
    return prove(order, report);  // it said no and did it
  const CardPin* const code = report.after && has_code(order.way) ? report.after->pin(core::unlocker_of(order.way)) : nullptr;
  if (attempted == Attempt::refused && code && code->blocked) {  // the last try: not every card says so
    report.outcome = Outcome::blocked;
    report.sentence = sentence_of(Attempt::blocked, report, order.way);
    return;
  }
  if (attempted == Attempt::refused && order.way == UnlockWay::resetting_code && code && tries_before != unknown && code->tries_left == tries_before) {
    report.outcome = outcome_of(Attempt::impossible);  // some cards show tries of one that was never set
    report.sentence = tr("The card did not compare the code: its tries are as before. Perhaps it was never set. Choose another way.");
    return;
  }
  if (attempted == Attempt::refused && has_code(order.way) && channel_.verdict().word == 0) {
    report.outcome = Outcome::not_sent;
    report.sentence = tr("A code of this form cannot be right for this card, so it was not sent and no try was spent.");
    return;
  }
  const sdk::Text why = std::move(report.sentence);
  report.sentence = why.empty() ? sentence_of(attempted, report, order.way) : why;
}

bool CardSession::was_unblocked(const std::vector<CardPin>& now) const {
  return std::ranges::any_of(now, [](const CardPin& pin) { return pin.kind == CardPin::Kind::pin && !pin.blocked && pin.tries_left; });
}

Attempt CardSession::attempt(const UnlockOrder& order, UnlockReport& report) {
  return order.way == UnlockWay::issuer ? ask_issuer(order, report) : family_->unlock(channel_, order, new_pin_of(order, report));
}

/// What counts when all went well: typed on the reader, made by the issuer's service, or the order's.
HolderPin CardSession::new_pin_of(const UnlockOrder& order, const UnlockReport& report) const {
  if (order.pin_on_pad) return {nullptr, known_.rules, true};
  return {report.new_pin.empty() ? &order.new_pin : &report.new_pin, known_.rules, true};
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
  auto [done, made] = issuer_->unlock(known_, order.new_pin, exchange);
  report.new_pin = known_.issuer_makes_pin ? std::move(made) : order.new_pin.duplicate();
  if (lost) throw *lost;
  if (done) return Attempt::accepted;
  report.sentence = done.error().sentence;
  if (done.error().code == Code::internal) throw LinkError(LinkError::Kind::broken);
  report.new_pin = Secret();
  return Attempt::impossible;
}

/// The counters first: only when they show success is the new PIN tried, so that no try is lost on a card that lied.
void CardSession::prove(const UnlockOrder& order, UnlockReport& report) {
  report.outcome = Outcome::not_proven;
  report.sentence = tr("The card said yes, but does not show it: whether the new PIN counts is not certain. Look at the card again before trying it.");
  const auto pins = family_->pins(channel_);
  if (!shows_success(pins)) return look_after(report);
  for (const CardPin& each : pins)
    if (const auto old = std::ranges::find(known_.pins, each.kind, &CardPin::kind); old != known_.pins.end()) *old = each;
  HolderPin pin = new_pin_of(order, report);
  pin.fresh = false;
  if (pin.known && !has_form(known_.rules, *pin.known)) {
    report.sentence = tr("The card has a new PIN, but the issuer's service did not tell it in a form that this card takes. Nobody knows the PIN: unlock the card again.");
    return look_after(report);
  }
  if (const Response verified = verify(pin); !verified.ok()) {
    if (channel_.untyped())
      report.sentence = tr("The card took the new PIN, but it was not typed once more to prove it.");
    else if (!order.pin_on_pad && is_denial(verified.status))  // on a keypad the third may be the mistyped one
      tell_other_pin(order.way, report);
    else
      report.sentence = tr("The card said yes, but the new PIN could not be proved on it. Look at the card again before trying it.");
    return look_after(report);
  }
  report.outcome = Outcome::proven;
  report.sentence = tr("The card is unlocked, and the new PIN was proved on it.");
  report.after = known_;
}

/// A code and a PIN that are sent as one are cut where the card's own code ends.
void CardSession::tell_other_pin(UnlockWay way, UnlockReport& report) {
  report.outcome = Outcome::other_pin;
  report.sentence =
      way == UnlockWay::puk || way == UnlockWay::resetting_code
          ? tr("The card said yes, but has another PIN than the one that was meant, and nobody knows it. Perhaps the code was typed with a "
               "character too many or too few: unlock the card again, with the exact code.")
          : tr("The card said yes, but has another PIN than the one that was meant, and nobody knows it. Unlock the card again.");
}

Response CardSession::verify(const HolderPin& pin) {
  proving_ = true;
  Response verified = family_->verify(channel_, pin);
  logged_in_ = verified.ok();
  return verified;
}

/// Best effort: the report stands without it.
void CardSession::look_after(UnlockReport& report) {
  try {
    if (recognise() == nullptr) return;
    known_ = read();
    report.after = known_;
  } catch (const LinkError&) {
    report.after.reset();
  }
}

/// After a break nothing is sent a second time. What the card shows is read when it is still there, and the new PIN is
/// proved when the counters show that it was set and it was not tried yet.
void CardSession::settle(const UnlockOrder& order, const LinkError& error, UnlockReport& report) {
  report.after.reset();
  if (!channel_.risked()) {
    report.outcome = Outcome::not_begun;
    report.sentence = asked_ ? tr("The connection to the card broke before the response was given. Begin again with a new challenge; the old one counts no longer.")
                             : failure_of(error).sentence;
    return;
  }
  report.outcome = Outcome::interrupted;
  report.sentence = tr("It was interrupted, and whether the new PIN counts is not known yet. Insert the card again and look.");
  if (error.kind != LinkError::Kind::reset && error.kind != LinkError::Kind::broken) return;
  const CardPin* const before = known_.pin(CardPin::Kind::pin);
  const bool was_blocked = before && before->blocked;
  try {
    if (error.kind == LinkError::Kind::reset) connection_->resume();
    if (family_->serial(channel_) != order.serial) return;
    look_after(report);
    if (!proving_ && was_blocked && report.after && was_unblocked(report.after->pins)) prove(order, report);
  } catch (const LinkError&) {
    report.outcome = Outcome::interrupted;
    report.sentence = tr("It was interrupted, and whether the new PIN counts is not known yet. Insert the card again and look.");
  }
}

UnlockReport CardSession::replace_puk(const std::string& serial, const Secret& old_puk, const Secret& new_puk) {
  const auto change = [&](UnlockReport& report) {
    once_more_after_reset([&] {
      if (is_still_there(serial, report)) change_puk(old_puk, new_puk, report);
    });
  };
  return report_of(change, [&](const LinkError& error, UnlockReport& report) {
    report.outcome = channel_.risked() ? Outcome::interrupted : Outcome::not_begun;
    report.sentence = channel_.risked() ? tr("It was interrupted, and whether the card has its new PUK is not known. The PUK is to be replaced once more.")
                                        : failure_of(error).sentence;
  });
}

void CardSession::change_puk(const Secret& old_puk, const Secret& new_puk, UnlockReport& report) {
  const CardPin* const known = known_.pin(CardPin::Kind::puk);
  const Attempt attempted = known && known->blocked ? Attempt::blocked : family_->change_puk(channel_, old_puk, new_puk);
  if (channel_.verdict().word != 0 && attempted != Attempt::pin_refused)
    note(CardPin::Kind::puk, attempted == Attempt::blocked    ? 0
                             : attempted == Attempt::accepted ? std::nullopt
                                                              : channel_.verdict().tries_left());
  report.outcome = attempted == Attempt::accepted ? Outcome::proven : outcome_of(attempted);
  report.after = known_;
  switch (attempted) {
    case Attempt::accepted: report.sentence = tr("The card has a new PUK."); break;
    case Attempt::pin_refused: report.sentence = tr("The card does not take the new PUK. Nothing was changed."); break;
    case Attempt::impossible: report.sentence = tr("The PUK of this card cannot be replaced. Nothing was changed."); break;
    default: report.sentence = sentence_of(attempted, report, UnlockWay::puk);
  }
}

core::Result<bool> CardSession::takes_pin(const Secret& pin) {
  try {
    if (const auto facts = look(); !facts) return std::unexpected(facts.error());
    const Response verified = verify({&pin, known_.rules});
    if (verified.ok() || is_denial(verified.status)) return verified.ok();
    return core::failure(Code::unavailable, tr("The card does not say whether it takes the new PIN."));
  } catch (const LinkError& error) {
    return std::unexpected(failure_of(error));
  }
}

core::Result<> CardSession::sign_and_check(const std::string& challenge, const Secret& pin) { return check_signature(challenge, &pin); }

core::Result<> CardSession::sign_and_check_on_pad(const std::string& challenge) { return check_signature(challenge, nullptr); }

core::Result<> CardSession::check_signature(const std::string& challenge, const Secret* pin) {
  try {
    if (const auto facts = look(); !facts) return std::unexpected(facts.error());
    if (!known_.certificate || !known_.can_sign)
      return core::failure(Code::refused, tr("There is no certificate on this card to sign with."));
    const auto certificate = crypto::Certificate::parse(crypto::view_of(known_.certificate->der));
    if (!certificate) return core::failure(Code::refused, tr("The certificate on the card cannot be read."));
    if (!pin && !known_.pad_asks_pin) return core::failure(Code::conflict, tr("The PIN cannot be typed on this reader. No try was spent."));
    if (pin && !has_form(known_.present_rules.value_or(known_.rules), *pin)) return core::failure(Code::refused, tr("A PIN of this form cannot be right for this card; no try was spent."));
    const Response verified = verify({pin, known_.rules});
    if (channel_.untyped()) return core::failure(Code::conflict, tr("No PIN was typed on the reader. No try was spent."));
    if (!verified.ok()) {
      const auto left = verified.status.tries_left();
      if (left) return core::failure(Code::refused, tr("The PIN is wrong. Tries left: {1}.", std::to_string(*left)));
      return core::failure(Code::refused, tr("The card did not accept the PIN; it may be locked."));
    }
    const HolderKey key{certificate->has_rsa_key() ? HolderKey::Kind::rsa : HolderKey::Kind::elliptic, certificate->key_bits()};
    const auto digest = crypto::sha256(crypto::view_of(challenge));
    const auto signature = family_->sign(channel_, digest, key);
    if (!signature)
      return core::failure(Code::unavailable, tr("The card took the PIN, but did not sign. Verify the holder in another way."));
    if (!certificate->signed_by_key(crypto::view_of(challenge), *signature))
      return core::failure(Code::refused, tr("The card's signature does not fit its certificate. The holder is not verified."));
    return {};
  } catch (const LinkError& error) {
    return std::unexpected(failure_of(error));
  }
}

}  // namespace anahtar::card
