// SPDX-License-Identifier: GPL-3.0-or-later
// A PUK of the vault that is told by telephone, and the one that takes its place when the card is next in a reader.
#include "core/card_ports.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

using Outcome = UnlockReport::Outcome;

constexpr std::size_t new_puk_length = 8;
constexpr int tries_to_find_out = 2;  ///< the last one is never spent on a question

CardSecret next_puk(const CardSecret& told, const Secret& value, Time now) {
  CardSecret next = copy_of(told);
  next.id = 0;
  next.kind = "next_puk";
  next.added = now;
  next.value = value.duplicate();
  return next;
}

}  // namespace

std::vector<sdk::Choice> RunCardPukPort::cards() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto subscriber = *run_.ticket_now(now).subscriber;
  std::vector<sdk::Choice> out;
  for (const Card& card : cards_with_puk(false, now.cards(subscriber), now.card_secrets(subscriber)))
    out.push_back({card.serial, sdk::verbatim(name_of(card))});
  return out;
}

Record RunCardPukPort::record(const char* type, const CardSecret& puk, Reader& now, const Ticket& ticket) const {
  Record record = run_.record(type, now, ticket);
  record.fields[Tag::card_family] = puk.family;
  record.fields[Tag::card_serial] = puk.card_serial;
  return record;
}

void RunCardPukPort::tell(const std::string& card) {
  const auto pass = run_.enter();
  if (!run_.may_be_spoken()) throw sdk::Failed(tr("The policy does not let the operator see this."));
  std::optional<CardSecret> puk;
  Record untold;
  run_.commit_checked([&](Transaction& tx, const Ticket& ticket) -> std::optional<Refusal> {
    puk.reset();
    const auto secrets = tx.card_secrets(*ticket.subscriber);
    const CardSecret* const held = secret_of(secrets, card, true);
    if (!held) return Refusal{"puk", tr("No PUK of this card is held here.")};
    if (held->spent) return Refusal{"puk", tr("The PUK of this card was told already. The holder brings the card to a desk, where it is replaced.")};
    puk = copy_of(*held);
    puk->spent = true;
    run_.count(tx);
    tx.record(record(record_type::card_puk_told, *puk, tx, ticket));
    untold = record(record_type::card_puk_settled, *puk, tx, ticket);
    untold.fields[Tag::outcome] = nobody_said;
    tx.save(*puk);
    return {};
  });
  run_.question.ask(std::move(untold));
  run_.acted = true;
  run_.conversation->reveal(Secret(grouped_hex(puk->value.expose())), sdk::Audience::operator_);
}

void RunCardPukPort::settle(const std::string& card, bool worked) {
  const auto pass = run_.enter();
  run_.question.settled_by([&] {
    run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
      const auto secrets = tx.card_secrets(*ticket.subscriber);
      const CardSecret* const puk = secret_of(secrets, card, true);
      if (!puk) throw sdk::Failed(tr("No PUK of this card is held here."));
      Record entry = record(record_type::card_puk_settled, *puk, tx, ticket);
      entry.fields[Tag::outcome] = worked ? "worked" : "did_not_work";
      tx.record(std::move(entry));
      if (worked) mark_active(tx, *ticket.subscriber, puk->card_serial);
    });
  });
}

/// What is to become of the PUK of the card in the reader.
sdk::CardAtDesk::Puk RunCardPort::fate_of_puk(Reader& now, const Ticket& ticket) const {
  using Puk = sdk::CardAtDesk::Puk;
  const CardFacts& facts = card().facts;
  const auto secrets = now.card_secrets(*ticket.subscriber);
  const CardSecret* const puk = secret_of(secrets, facts.serial, true);
  const CardPin* const on_card = facts.pin(CardPin::Kind::puk);
  if (!puk || !puk->spent || !facts.puk_changes || (on_card && on_card->blocked)) return Puk::stays;
  const CardSecret* const next = next_puk_of(secrets, facts.serial);
  return next && next->spent ? Puk::perhaps_replaced : Puk::to_be_replaced;
}

/// The new one is in the vault before the card gets it: whatever breaks off, no card has a PUK that nobody knows.
RunCardPort::PukChange RunCardPort::intend_new_puk() {
  std::optional<PukChange> change;
  Secret fresh = run_.parts.vault.random_digits(new_puk_length);
  commit_checked([&](Transaction& tx, const Ticket& ticket) -> std::optional<Refusal> {
    change.reset();
    const auto fate = fate_of_puk(tx, ticket);
    if (fate == sdk::CardAtDesk::Puk::stays) return Refusal{"puk", tr("The PUK of this card stays as it is.")};
    const CardPin* const on_card = card().facts.pin(CardPin::Kind::puk);
    if (fate == sdk::CardAtDesk::Puk::perhaps_replaced && on_card && on_card->tries_left.value_or(tries_to_find_out) < tries_to_find_out)
      return Refusal{"puk", tr("The PUK has one try left, which is not spent on finding out which one counts.")};
    const auto secrets = tx.card_secrets(*ticket.subscriber);
    const CardSecret& told = *secret_of(secrets, card().facts.serial, true);
    const CardSecret* const begun = next_puk_of(secrets, card().facts.serial);
    change.emplace(copy_of(told), begun ? copy_of(*begun) : next_puk(told, fresh, run_.parts.clock.now()), begun && begun->spent);
    Record intended = record(record_type::effect_intended, tx, ticket);
    intended.fields[Tag::way] = way_of_puk_change;
    tx.record(std::move(intended));
    tx.record(record_of_use(told, tx, ticket));
    change->next.spent = true;
    tx.save(change->next);
    return {};
  });
  return std::move(*change);
}

/// After an interrupted replacement the next use of the old PUK tells. True: the new one counts from now on.
bool RunCardPort::learn_which_puk_counts(Transaction& tx, Outcome outcome) const {
  if (outcome != Outcome::proven && outcome != Outcome::refused) return false;
  const auto secrets = tx.card_secrets(*run_.at_start.subscriber);
  const CardSecret* const next = next_puk_of(secrets, card().facts.serial);
  if (!next || !next->spent) return false;
  CardSecret settled = copy_of(*next);
  settled.spent = false;
  if (outcome == Outcome::refused) settled.kind = "puk";
  tx.save(settled);
  return outcome == Outcome::refused;
}

/// When the card took it, and when the card was asked before and now takes the old one no longer.
bool RunCardPort::new_one_counts(const PukChange& change, const UnlockReport& report) {
  return report.outcome == Outcome::proven || (report.outcome == Outcome::refused && change.was_unsure);
}

Result<> RunCardPort::settle_new_puk(PukChange& change, const UnlockReport& report) {
  return commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(run_.at_start.number).value_or(run_.at_start);
    const bool counts = new_one_counts(change, report);
    Record entry = record(counts ? record_type::effect_happened : type_of_effect(report.outcome), tx, ticket);
    entry.fields[Tag::way] = way_of_puk_change;
    entry.fields[Tag::outcome] = std::string(name_of(report.outcome));
    tx.record(std::move(entry));
    if (report.outcome == Outcome::interrupted) return {};
    CardSecret next = copy_of(change.next);
    if (counts) next.kind = "puk";
    next.spent = !counts && change.was_unsure;
    tx.save(next);
    return {};
  });
}

sdk::PukReplaced RunCardPort::replace_puk() {
  const auto pass = run_.enter();
  PukChange change = intend_new_puk();
  run_.must_finish = true;
  run_.acted = true;
  UnlockReport report;
  report.outcome = Outcome::interrupted;
  report.sentence = tr("The work on the card broke off, and whether it has its new PUK is not known.");
  try {
    report = card_->session->replace_puk(card().facts.serial, change.told.value, change.next.value);
  } catch (...) {  // whatever it was: something may have been sent
  }
  const auto settled = settle_new_puk(change, report);
  run_.must_finish = false;
  if (report.after) card_->facts = *report.after;
  if (!new_one_counts(change, report)) return {false, std::move(report.sentence)};
  if (!settled) return {false, settled.error().sentence};
  if (report.outcome == Outcome::proven) return {true, tr("The card has another PUK, which nobody knows. The holder's PIN stays as it is.")};
  return {true, tr("The card takes the PUK that was told no longer: it has its new one since the interruption, or the holder changed it.")};
}

}  // namespace anahtar::core
