// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change_kinds.h"
#include "core/iso_time.h"
#include "core/phone.h"

namespace anahtar::core {
namespace {

/// To the old number. Always Turkish, in letters of the GSM 7-bit alphabet; names no number.
Secret notice() {
  return Secret("Anahtar: kayitli cep telefonu numaraniz degistirildi. Siz istemediyseniz hemen cagri merkezini arayin: 444 5 576");
}

void start_cooling_off(const ChangeContext& context) {
  const auto length = context.policy().starts_cooling_off;
  if (length == std::chrono::minutes(0)) return;
  const Time now = context.parts.clock.now();
  CoolingOff cooling{*context.ticket.subscriber, now, now + length, context.action, context.run_id};
  Record record = context.record(record_type::cooling_off_started);
  record.fields[Tag::until] = iso_utc(cooling.until);
  context.tx.record(std::move(record));
  context.tx.save(cooling);
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
  start_cooling_off(context);
  if (old.empty()) return;
  context.send({.kind = message_kind::number_changed, .to = old, .subject = {}, .body = notice()},
               tr("The number was changed, but it is not certain that the notice to the old number left."));
}

}  // namespace anahtar::core
