// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RunCardPort that changes a card: intended, done once, and what came of it.
#include <algorithm>

#include "core/card_ports.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

using Outcome = UnlockReport::Outcome;

constexpr int generated_length = 6;

}  // namespace

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::proven:
      return "proven";
    case Outcome::not_proven:
      return "not_proven";
    case Outcome::refused:
      return "refused";
    case Outcome::blocked:
      return "blocked";
    case Outcome::pin_refused:
      return "pin_refused";
    case Outcome::not_sent:
      return "not_sent";
    case Outcome::not_typed:
      return "not_typed";
    case Outcome::other_pin:
      return "other_pin";
    case Outcome::other_card:
      return "other_card";
    case Outcome::not_begun:
      return "not_begun";
    case Outcome::interrupted:
      break;
  }
  return "interrupted";
}

const char* type_of_effect(Outcome outcome) {
  if (outcome == Outcome::proven) return record_type::effect_happened;
  if (outcome == Outcome::interrupted || outcome == Outcome::not_proven || outcome == Outcome::other_pin) return record_type::effect_unknown;
  return record_type::effect_failed;
}

void RunCardPort::forget_new_pin() {
  new_pin_ = Secret();
  new_pin_counts_ = pin_on_pad_ = holder_knows_pin_ = false;
}

void RunCardPort::check_holder_sees() const {
  if (run_.conversation->holder_place() == HolderPlace::nowhere)
    throw sdk::Failed(tr("A new PIN is for the holder's eyes only, and nothing here can show it to them alone. Nothing was sent to the card."));
}

void RunCardPort::make_new_pin() {
  run_.check_alive();
  check_holder_sees();
  PinRules rules = card().facts.rules;
  const int length = std::clamp(generated_length, rules.min_length, rules.max_length);
  forget_new_pin();
  do new_pin_ = run_.parts.vault.random_digits(static_cast<std::size_t>(length));
  while (!rules.problem(new_pin_).empty());
}

Text RunCardPort::choose_new_pin(const Secret& pin) {
  run_.check_alive();
  forget_new_pin();
  if (Text problem = card().facts.rules.problem(pin); !problem.empty()) return problem;
  new_pin_ = pin.duplicate();
  holder_knows_pin_ = true;
  return {};
}

void RunCardPort::take_new_pin_from_pad() {
  run_.check_alive();
  if (!card().facts.pad_sets_pin) throw sdk::Failed(tr("The new PIN cannot be typed on this reader. Nothing was sent to the card."));
  forget_new_pin();
  pin_on_pad_ = true;
}

/// Where the new PIN comes from. What the issuer's service makes counts alone.
void RunCardPort::settle_new_pin(UnlockWay way) {
  if (way == UnlockWay::issuer && card().facts.issuer_makes_pin) {
    check_holder_sees();
    forget_new_pin();
  } else if (new_pin_.empty() && !pin_on_pad_) {
    throw sdk::Failed(tr("There is no new PIN yet."));
  }
}

/// Everything is checked once more, and what is about to be done is committed. Without that nothing is sent.
std::optional<CardSecret> RunCardPort::intend(UnlockWay way) {
  std::optional<CardSecret> secret;
  commit_checked([&](Transaction& tx, const Ticket& ticket) -> std::optional<Refusal> {
    secret.reset();
    Record intended = record(record_type::effect_intended, tx, ticket);
    intended.fields[Tag::way] = std::string(to_string(way));
    tx.record(std::move(intended));
    const auto secrets = tx.card_secrets(*ticket.subscriber);
    const CardSecret* known = secret_for(way, secrets, card().facts.serial);
    if (!known) return {};
    secret = copy_of(*known);
    tx.record(record_of_use(*known, tx, ticket));
    return {};
  });
  return secret;
}

/// As RunContext::commit_checked, and the card must be the subscriber's still.
void RunCardPort::commit_checked(const CheckedWork& work) const {
  run_.commit_checked(
      [&](Transaction& tx, const Ticket& ticket) -> std::optional<Refusal> {
        if (auto no = objection(tx, ticket)) return no;
        return work(tx, ticket);
      },
      [this](Reader& now, const Ticket& ticket) { return record(record_type::action_refused, now, ticket); });
}

Record RunCardPort::record_of_use(const CardSecret& secret, Reader& now, const Ticket& ticket) const {
  Record used = record(record_type::card_secret_used, now, ticket);
  used.fields[Tag::kind] = secret.kind;
  used.fields[Tag::key_version] = std::to_string(secret.key_version);
  return used;
}

UnlockOrder RunCardPort::order_of(UnlockWay way, const std::optional<CardSecret>& secret) const {
  UnlockOrder order;
  order.way = way;
  order.serial = card().facts.serial;
  order.new_pin = new_pin_.duplicate();
  order.pin_on_pad = pin_on_pad_;
  if (way == UnlockWay::puk && secret)
    order.unlocker = secret->value.duplicate();
  else
    order.unlocker = unlocker_.duplicate();
  if (way != UnlockWay::admin_key || !secret || !run_.parts.outside.card_keys) return order;
  auto key = std::make_shared<const CardSecret>(copy_of(*secret));
  order.respond = [key, family = card().facts.family, keys = run_.parts.outside.card_keys](const std::string& challenge) {
    return keys->respond({family, key->card_serial, key->key_version, key->value}, challenge);
  };
  return order;
}

Result<> RunCardPort::settle(UnlockWay way, const std::optional<CardSecret>& given, UnlockReport& report) {
  bool other_puk_counts = false;
  const auto settled = commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(run_.at_start.number).value_or(run_.at_start);
    Record entry = record(type_of_effect(report.outcome), tx, ticket);
    entry.fields[Tag::way] = std::string(to_string(way));
    entry.fields[Tag::outcome] = name_of(report.outcome);
    tx.record(std::move(entry));
    if (!run_.at_start.subscriber) return {};
    other_puk_counts = way == UnlockWay::puk && learn_which_puk_counts(tx, report.outcome);
    if (!other_puk_counts && given) count_use(tx, *given, report.outcome);
    if (report.outcome != Outcome::proven) return {};
    run_.count(tx);
    mark_active(tx, *run_.at_start.subscriber, card().facts.serial);
    return {};
  });
  if (settled && other_puk_counts)
    report.sentence = tr("The card did not take the PUK of before: it has the one that was to replace it. Try once more; that one is used now.");
  return settled;
}

/// What the vault gave and the card refused is not given again as if nothing had been.
void RunCardPort::count_use(Transaction& tx, const CardSecret& given, Outcome outcome) const {
  const auto secrets = tx.card_secrets(*run_.at_start.subscriber);
  const auto now = std::ranges::find(secrets, given.id, &CardSecret::id);
  const bool refused = outcome == Outcome::refused || outcome == Outcome::not_sent;
  if (now == secrets.end() || (!refused && (outcome != Outcome::proven || now->answers == 0))) return;
  CardSecret counted = copy_of(*now);
  counted.answers = refused ? now->answers + 1 : 0;
  if (is_key(*now)) counted.spent = refused;
  tx.save(counted);
}

sdk::CardUnlocked RunCardPort::conclude(UnlockWay way, UnlockReport& report, bool held_here) {
  using Said = sdk::CardUnlocked::Outcome;
  if (way == UnlockWay::issuer && !report.new_pin.empty()) new_pin_ = std::move(report.new_pin);
  switch (report.outcome) {
    case Outcome::proven:
      new_pin_counts_ = true;
      return {Said::proven, std::move(report.sentence)};
    case Outcome::refused:
      if (held_here && way == UnlockWay::admin_key)
        return {Said::ended, tr("The key that is held here is not this card's: the card did not accept it. It was sent once; more tries "
                                "can destroy some cards. Ask for the right key, and import it.")};
      return {Said::try_again, std::move(report.sentence)};
    case Outcome::other_pin:
      forget_new_pin();
      return {Said::try_again, std::move(report.sentence)};
    case Outcome::pin_refused:
    case Outcome::not_sent:
    case Outcome::not_typed:
      return {Said::try_again, std::move(report.sentence)};
    case Outcome::not_begun:
    case Outcome::other_card:
    case Outcome::interrupted:
    case Outcome::not_proven:
      return {Said::unknown, std::move(report.sentence)};
    case Outcome::blocked:
      if (std::ranges::any_of(card().facts.ways, [way](UnlockWay each) { return each != way; }))
        return {Said::try_again, tr("The tries of that code are used up: this card cannot be unlocked with it any more. Choose another way.")};
      break;
  }
  return {Said::ended, std::move(report.sentence)};
}

/// A PIN that counts and that nobody but this run knows: it is brought to its end, or the record says that the PIN is lost.
void RunCardPort::hold_until_shown() {
  run_.must_finish = new_pin_counts_ && !new_pin_.empty() && !holder_knows_pin_;
  if (!run_.must_finish) return;
  run_.revealed_to_holder = {{Tag::card_family, card().facts.family}, {Tag::card_serial, card().facts.serial}};
  Record lost = record(record_type::card_pin_unseen, run_.parts.reader, run_.at_start);
  if (!run_.revoked) return run_.question.ask(std::move(lost));
  // The run was given up, and its end is recorded already. Should this fail, the effect stands there without a PIN that was shown.
  (void)commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    tx.record(lost);
    return {};
  });
}

sdk::CardUnlocked RunCardPort::unlock(const std::string& name) {
  const auto pass = run_.enter();
  const auto way = unlock_way_from(name);
  if (!way) throw sdk::Failed(tr("There is no such way to unlock the card."));
  settle_new_pin(*way);
  const auto secret = intend(*way);
  if (*way == UnlockWay::admin_key && !secret) throw sdk::Failed(tr("No key of this card is held here. Nothing was sent to it."));
  const CardFacts before = card_->facts;
  run_.must_finish = true;  // a PIN that the card took and nobody saw helps nobody
  run_.acted = true;
  UnlockReport report;
  report.outcome = Outcome::interrupted;
  try {
    report = card_->session->unlock(order_of(*way, secret));
  } catch (...) {  // whatever it was: something may have been sent
    report.sentence = tr("The work on the card broke off, and what came of it is not known. The card is read again.");
  }
  unlocker_ = Secret();
  const auto settled = settle(*way, secret, report);
  if (report.outcome == Outcome::interrupted || report.outcome == Outcome::not_proven)
    interrupted_ = Interrupted{before, report.outcome == Outcome::not_proven};
  if (report.after) card_->facts = *report.after;
  auto said = conclude(*way, report, secret.has_value());
  hold_until_shown();
  if (!settled && said.outcome != sdk::CardUnlocked::Outcome::proven) throw sdk::Failed(settled.error().sentence);
  return said;
}

void RunCardPort::show_new_pin() {
  const auto pass = run_.enter();
  if (!new_pin_counts_ || new_pin_.empty()) throw sdk::Failed(tr("There is no new PIN that counts. Nothing was shown."));
  const bool apart = run_.conversation->holder_place() == HolderPlace::own_screen;
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    Record shown = record(apart ? record_type::card_pin_ready : record_type::card_pin_shown, tx, ticket);
    shown.fields[Tag::place] = apart ? "own_screen" : "operators_screen";
    tx.record(std::move(shown));
  });
  run_.conversation->reveal(new_pin_, sdk::Audience::holder);
  run_.question.settled();
  new_pin_ = Secret();
  run_.must_finish = false;
}

}  // namespace anahtar::core
