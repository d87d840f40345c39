// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RunCardPort that reads the card and checks the holder's signature. See card_unlock.cpp for the rest.
#include <algorithm>

#include "core/card_ports.h"
#include "core/iso_time.h"

namespace anahtar::core {
namespace {

using Presence = CardReaderState::Presence;

constexpr char signature_method[] = "card_signature";

Failure no_card_of(const std::vector<CardReaderState>& readers) {
  if (readers.empty()) return {Code::not_found, tr("No card reader is connected. Connect one.")};
  const auto any = [&](Presence presence) {
    return std::ranges::any_of(readers, [&](const CardReaderState& r) { return r.presence == presence; });
  };
  if (any(Presence::mute))
    return {Code::unavailable, tr("The card does not answer. Take it out and insert it the other way round, chip first.")};
  if (any(Presence::in_use))
    return {Code::unavailable, tr("Another program is using the card. Close it, or wait a moment.")};
  return {Code::not_found, tr("There is no card in the reader. Insert the holder's card.")};
}

bool is_of(const CardFacts& card, const Subscriber& subscriber, const std::vector<Card>& registered) {
  if (card.certificate && !card.certificate->national_id.empty())
    return card.certificate->national_id == subscriber.national_id;
  return registered_card(registered, card.serial).has_value();
}

}  // namespace

Result<CardInReader> card_in_reader(CardDesk& desk, const Subscriber& subscriber, const std::vector<Card>& registered) {
  const auto readers = desk.readers();
  if (!readers) return std::unexpected(readers.error());
  std::vector<CardInReader> cards;
  std::optional<Failure> problem;
  for (const CardReaderState& reader : *readers) {
    if (reader.presence != Presence::present) continue;
    auto session = desk.open(reader.name);
    if (!session) {
      problem = session.error();
      continue;
    }
    auto facts = (*session)->look();
    if (!facts) {
      problem = facts.error();
      continue;
    }
    cards.push_back({reader.name, std::move(*session), std::move(*facts)});
    if (is_of(cards.back().facts, subscriber, registered)) return std::move(cards.back());
  }
  if (cards.size() == 1) return std::move(cards.front());
  if (cards.size() > 1)
    return failure(Code::conflict, tr("Several cards are inserted, and none is the subscriber's. Leave only the holder's card."));
  return std::unexpected(problem ? *problem : no_card_of(*readers));
}

void mark_active(Transaction& tx, SubscriberId holder, std::string_view serial) {
  auto registered = registered_card(tx.cards(holder), serial);
  if (!registered || registered->state != "locked") return;
  registered->state = "active";
  tx.save(*registered);
}

const CardInReader& RunCardPort::card() const {
  if (!card_) throw sdk::Failed(tr("The card was not read yet."));
  return *card_;
}

Record RunCardPort::record(const char* type, Reader& now, const Ticket& ticket) const {
  Record record = run_.record(type, now, ticket);
  record.fields[Tag::card_family] = card().facts.family;
  record.fields[Tag::card_serial] = card().facts.serial;
  return record;
}

CardPolicy RunCardPort::policy_now(Reader& now) const {
  if (run_.action.is_method()) return {.certificate_needed = true};
  const auto& actions = run_.parts.verification.policy(now).actions;
  const auto found = actions.find(run_.action.id());
  if (found == actions.end()) return {};
  return {found->second.expired_certificate, found->second.revoked_certificate, false};
}

std::optional<Refusal> RunCardPort::objection(Reader& now, const Ticket& ticket) const {
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) return Refusal{"subscriber", tr("The subscriber is gone.")};
  return objection_to_card(card().facts, *subscriber, now.cards(subscriber->id), policy_now(now),
                           run_.parts.clock.now());
}

/// Begun at this desk's database, and neither ended nor resolved since: whoever ran it is gone.
std::optional<Time> RunCardPort::unlock_without_end(Reader& now, SubscriberId holder) const {
  std::optional<Time> latest;
  for (const ActionRunRow& row : now.open_runs()) {
    if (row.id == run_.id || row.action != run_.action.id() || may_still_run(row, run_.parts)) continue;
    if (const auto ticket = now.ticket(row.ticket); ticket && ticket->subscriber == holder) latest = row.started;
  }
  return latest;
}

void RunCardPort::put_in_words(Reader& now, const Ticket& ticket, sdk::CardAtDesk& out) {
  const CardFacts& facts = card().facts;
  const Time time = run_.parts.clock.now();
  out.name = name_of(facts);
  out.state = state_of(facts);
  out.facts = facts_of(facts, time);
  const auto registered = registered_card(now.cards(*ticket.subscriber), facts.serial);
  const auto secrets = now.card_secrets(*ticket.subscriber);
  out.ways = ways_of(facts, secrets, run_.parts.outside.card_keys != nullptr, registered);
  if (out.ways.empty()) out.next_step = next_step_of(facts, secrets, registered);
  if (const auto begun = unlock_without_end(now, *ticket.subscriber))
    out.facts.push_back({tr("Interrupted"), tr("an unlock for this holder, begun {1}, has no end: the card may have a PIN that nobody knows. Set a new one.",
                                               wall_time(*begun))});
  out.shortest_pin = facts.rules.min_length;
  out.longest_pin = facts.rules.max_length;
  out.pad = facts.pad_asks_pin;
  out.puk = fate_of_puk(now, ticket);
  if (out.puk != sdk::CardAtDesk::Puk::stays) out.facts.push_back({tr("PUK of the vault"), tr("was told by telephone, and is to be replaced")});
}

/// That the PIN is not locked any more says that one was set, and not which: code and PIN are sent as one by some ways, and a
/// code of the wrong length moves the cut. So the card itself is asked. False: it did not answer, and is to be asked again.
bool RunCardPort::ask_card_for_new_pin(sdk::CardAtDesk& out) {
  constexpr int enough_tries = 2;
  const CardPin& pin = *card().facts.pin(CardPin::Kind::pin);
  if (pin.tries_left.value_or(enough_tries) < enough_tries) {
    out.since = tr("The card has one try left, which is not spent on finding out whether the new PIN counts. Unlock the card again.");
    return true;
  }
  const auto taken = card_->session->takes_pin(new_pin_);
  if (!taken) {
    out.problem = taken.error().sentence;
    return false;
  }
  if (auto facts = card_->session->look()) card_->facts = std::move(*facts);
  new_pin_counts_ = out.new_pin_counts = *taken;
  hold_until_shown();
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    Record found = record(*taken ? record_type::effect_happened : record_type::effect_failed, tx, ticket);
    found.fields[Tag::outcome] = *taken ? "proven" : "other_pin";
    tx.record(std::move(found));
    if (!*taken) return;
    run_.count(tx);
    mark_active(tx, *ticket.subscriber, card().facts.serial);
  });
  out.since = *taken ? tr("The card took the new PIN before the interruption: the new PIN counts.")
                     : tr("The card has another PIN than the one that was meant, and nobody knows it. Unlock it again.");
  if (!*taken) forget_new_pin();
  return true;
}

void RunCardPort::tell_what_came_of_it(sdk::CardAtDesk& out) {
  if (!interrupted_ || !same_serial(interrupted_->before.serial, card().facts.serial)) return;
  const auto locked = [](const CardFacts& facts) {
    const CardPin* pin = facts.pin(CardPin::Kind::pin);
    return pin && pin->blocked;
  };
  if (!locked(interrupted_->before)) {
    out.since = tr("The card does not tell which PIN counts. Let the holder try the new PIN once before anything else.");
  } else if (locked(card().facts) && interrupted_->card_said_yes) {
    out.since = tr("The card said yes, and still shows its PIN as locked: whether the new PIN counts is not certain. Unlock it again; "
                   "if it answers so once more, the holder needs a new card.");
  } else if (locked(card().facts)) {
    out.since = tr("The card is as it was before: its PIN is still locked, and the new PIN does not count.");
  } else if (pin_on_pad_) {
    out.new_pin_counts = true;
    out.since = tr("The card took the new PIN before the interruption: the new PIN counts.");
  } else if (new_pin_.empty()) {
    out.since = tr("The card has a new PIN that the issuer's service did not tell: nobody knows it. Unlock the card again.");
  } else if (!ask_card_for_new_pin(out)) {
    return;
  }
  interrupted_.reset();
}

sdk::CardAtDesk RunCardPort::look() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  if (!run_.parts.outside.cards) throw sdk::Failed(tr("No card reader is set up at this desk."));
  sdk::CardAtDesk out;
  const std::optional<CardFacts> before = card_ ? std::optional(card_->facts) : std::nullopt;
  card_.reset();  // lets go of the card: it may be another one now
  auto found = card_in_reader(*run_.parts.outside.cards, *subscriber, now.cards(subscriber->id));
  if (!found) {
    out.problem = found.error().sentence;
    return out;
  }
  card_ = std::move(*found);
  if (before) keep_known_codes(card_->facts, *before);
  tell_what_came_of_it(out);
  put_in_words(now, ticket, out);
  auto refusal = card_->facts.shut_down ? std::optional(Refusal{"card.shut_down", out.state}) : objection(now, ticket);
  if (!refusal && out.ways.empty() && !run_.action.is_method()) refusal = Refusal{"card.no_way", {}};
  note(record_type::card_read, refusal ? refusal->rule : std::string());
  if (refusal) out.refusal = std::move(refusal->sentence);
  return out;
}

void RunCardPort::note(const char* type, const std::string& outcome) const {
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    Record entry = record(type, tx, ticket);
    if (!outcome.empty()) entry.fields[Tag::outcome] = outcome;
    tx.record(std::move(entry));
  });
}

Text RunCardPort::check_signature(const Secret* pin) {
  const auto pass = run_.enter();
  const Ticket ticket = run_.ticket_now(run_.parts.reader);
  if (run_.parts.reader.method_state(*ticket.subscriber, signature_method).locked)
    throw sdk::Failed(tr("Locked after too many attempts. A supervisor can lift the lock."));
  card();
  if (auto refusal = objection(run_.parts.reader, ticket)) return std::move(refusal->sentence);
  const std::string challenge = run_.parts.vault.random_id() + run_.parts.vault.random_id();
  const auto checked = pin ? card_->session->sign_and_check(challenge, *pin) : card_->session->sign_and_check_on_pad(challenge);
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket_now) {
    Record entry = record(record_type::card_signed, tx, ticket_now);
    entry.fields[Tag::outcome] = checked ? "signed" : "not_signed";
    entry.fields[Tag::digest] = run_.parts.vault.sha256(challenge);
    tx.record(std::move(entry));
    if (!checked && checked.error().code == Code::refused)
      run_.parts.verification.count_failure(tx, run_.session, ticket_now, signature_method);
  });
  if (!checked) return checked.error().sentence;
  run_.evidence.add(signature_method, run_.parts.clock.now());
  return {};
}

}  // namespace anahtar::core
