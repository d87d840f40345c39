// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/commit_unit.h"
#include "core/masking.h"

namespace anahtar::core {
namespace {

/// What the holder reads. Always Turkish, and in letters that fit one SMS of the GSM 7-bit alphabet (3GPP TS 23.038).
Secret message_with(const Secret& code) {
  constexpr std::string_view before = "Anahtar: onay kodunuz ";
  constexpr std::string_view after =
      ". Kodu yalnizca cagri merkezini siz aradiysaniz soyleyin, baska kimseyle paylasmayin.";
  std::string body;
  body.reserve(before.size() + code.size() + after.size());  // no copy of the code is left behind by growing
  body.append(before).append(code.expose()).append(after);
  return Secret(std::move(body));
}

}  // namespace

sdk::SentCode RunCodesPort::send() {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (!run_.parts.messages) throw sdk::Failed(tr("No SMS gateway is set up."));
  const auto prepared =
      value_or_throw(run_.parts.verification.prepare_code(run_.session, run_.at_start.number, run_.id));
  const Delivery delivery = deliver({prepared.message, "verification_code", prepared.to, message_with(prepared.code)});
  record(delivery, prepared);
  if (delivery == Delivery::failed)
    throw sdk::Failed(tr("The SMS could not be sent. Try again, or verify the caller in another way."));
  if (delivery == Delivery::unknown)
    run_.conversation->show(tr("It is not certain that the SMS left. Ask the caller whether it arrived."));
  return {mask_mobile(prepared.to), prepared.challenge.expires, prepared.challenge.tries_left};
}

RunCodesPort::Delivery RunCodesPort::deliver(const TextMessage& message) const {
  try {
    const auto sent = run_.parts.messages->send(message);
    if (sent) return Delivery::happened;
    return sent.error().code == Code::unavailable ? Delivery::failed : Delivery::unknown;
  } catch (...) {  // it may have failed after the message left
    return Delivery::unknown;
  }
}

void RunCodesPort::record(Delivery delivery, const VerificationDesk::Prepared& prepared) const {
  const char* type = delivery == Delivery::happened ? record_type::effect_happened
                     : delivery == Delivery::failed ? record_type::effect_failed
                                                    : record_type::effect_unknown;
  value_or_throw(commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(run_.at_start.number);
    if (!ticket) return failure(Code::not_found, tr("The ticket is gone."));
    Record record = run_.record(type, tx, *ticket);
    record.fields[Tag::message_kind] = "verification_code";
    record.fields[Tag::message_id] = prepared.message;
    tx.record(std::move(record));
    if (delivery == Delivery::failed) run_.parts.verification.withdraw_code(tx, prepared.challenge);
    return {};
  }));
}

sdk::CodeCheck RunCodesPort::check(const Secret& typed) {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  const auto outcome = value_or_throw(run_.parts.verification.check_code(run_.session, run_.at_start.number, typed));
  if (outcome == sdk::CodeCheck::right) run_.evidence.add("sms_code", run_.parts.clock.now());
  return outcome;
}

int RunCodesPort::tries_left() {
  const auto pass = run_.enter();
  const auto code = run_.parts.reader.latest_code(run_.at_start.number);
  return code && !code->voided ? code->tries_left : 0;
}

}  // namespace anahtar::core
