// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change_kinds.h"
#include "core/number_changes.h"
#include "core/phone.h"

namespace anahtar::core {
namespace {

/// To the old number. Always Turkish, in letters of the GSM 7-bit alphabet; names no number.
Secret notice() {
  return Secret("Anahtar: kayitli cep telefonu numaraniz degistirildi. Siz istemediyseniz hemen cagri merkezini arayin: 444 5 576");
}

/// To the number that is registered again, and to the one that is so no more. As above.
Secret notice_of_return() {
  return Secret("Anahtar: cep telefonu numaranizin degisikligi geri alindi; eski numaraniz yeniden kayitli. "
                "Sorunuz varsa: 444 5 576");
}
Secret notice_of_loss() {
  return Secret("Anahtar: bu numaranin kaydi geri alindi, kayitli cep telefonu artik bu degil. Sorunuz varsa: 444 5 576");
}

void void_other_verifications(const ChangeContext& context) {
  context.parts.verification.void_open(context.tx, *context.ticket.subscriber, context.ticket.number);
}

/// On this ticket stands what does not count for the change, because it hangs on the old number, no longer.
void void_by_old_number(const ChangeContext& context) {
  for (Verification& given : context.tx.verifications(context.ticket.number)) {
    if (given.voided || !context.policy().excluded_methods.contains(given.method)) continue;
    given.voided = true;
    context.tx.save(given);
  }
}

/// A new security word on its way to the old number: the holder gets another one.
void withdraw_security_words(const ChangeContext& context) {
  for (const Ticket& each : context.tx.tickets(
           {.queue = TicketFilter::Queue::all, .subscriber = context.ticket.subscriber, .cause = {}, .before = {}, .limit = TicketFilter::no_limit})) {
    Record record = context.record(record_type::message_withdrawn);
    record.ticket = each.id;
    withdraw_messages(context.tx, record, each, message_kind::security_word, context.parts.clock.now());
  }
}

/// A code on its way to the old number opens nothing any more.
void void_code(const ChangeContext& context) {
  auto code = context.tx.latest_code(context.ticket.number);
  if (!code || code->voided) return;
  code->voided = true;
  context.tx.save(*code);
  withdraw_messages(context.tx, context.record(record_type::message_withdrawn), context.ticket,
                    message_kind::verification_code, context.parts.clock.now());
}

}  // namespace

std::optional<Refusal> refusal_of_phone_update(const ChangeContext& context) {
  const std::string& fresh = context.parameter("mobile");
  const auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  if (!subscriber) return Refusal{"state", tr("The subscriber is gone.")};
  if (!is_turkish_mobile(fresh)) return Refusal{"change", tr("Only a Turkish mobile number can be registered.")};
  if (subscriber->mobile == fresh) return Refusal{"state", tr("This number is registered already.")};
  if (context.run && !context.run->evidence.seen("number/" + fresh))
    return Refusal{"evidence", tr("The console did not see this number confirmed, so it is not registered.")};
  return {};
}

void apply_phone_update(const ChangeContext& context) {
  auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  const std::string old = std::exchange(subscriber->mobile, context.parameter("mobile"));
  context.tx.save(*subscriber);
  void_code(context);
  void_by_old_number(context);
  void_other_verifications(context);
  withdraw_security_words(context);
  note_number_change(context.tx, context.record(record_type::cooling_off_started), subscriber->id, old, context.action,
                     context.run_id, context.policy().starts_cooling_off, context.parts.clock.now());
  if (old.empty()) return;
  context.send({.kind = message_kind::number_changed, .to = old, .subject = {}, .body = notice()},
               tr("The number was changed, but it is not certain that the notice to the old number left."));
}

std::optional<Refusal> refusal_of_phone_undo(const ChangeContext& context) {
  const auto change = undoable_change(context.tx, *context.ticket.subscriber, context.parts.clock.now());
  if (!change || !context.tx.subscriber(*context.ticket.subscriber))
    return Refusal{"state", tr("There is no change of number that could still be undone.")};
  if (!context.run)
    return Refusal{"evidence", tr("Undoing cannot wait for approval: it rests on the call. Ask for it again.")};
  if (!context.run->evidence.seen("previous_number/" + change->restores))
    return Refusal{"evidence", tr("The console did not see a call from the earlier number, so it is not restored.")};
  return {};
}

void apply_phone_undo(const ChangeContext& context) {
  const Time now = context.parts.clock.now();
  auto change = *undoable_change(context.tx, *context.ticket.subscriber, now);
  auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  const std::string gone = std::exchange(subscriber->mobile, change.restores);
  Record restored = context.record(record_type::number_restored);
  restored.fields[Tag::number] = subscriber->mobile;
  context.tx.record(std::move(restored));
  context.tx.save(*subscriber);
  change.undone = now;
  context.tx.save(change);
  void_code(context);
  void_other_verifications(context);
  withdraw_security_words(context);
  const Text lost = tr("The earlier number is registered again, but it is not certain that both notices left.");
  context.send({.kind = message_kind::number_restored, .to = subscriber->mobile, .subject = {}, .body = notice_of_return()},
               lost);
  if (gone.empty() || gone == subscriber->mobile) return;
  context.send({.kind = message_kind::number_restored, .to = gone, .subject = {}, .body = notice_of_loss()}, lost);
}

}  // namespace anahtar::core
