// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/commit_unit.h"
#include "core/masking.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::seconds patience{2};  // for the first try; after that the form tells how it goes on

}  // namespace

sdk::SentCode RunCodesPort::send() {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (!run_.parts.outside.can_text()) throw sdk::Failed(tr("No SMS gateway is set up."));
  const auto prepared =
      value_or_throw(run_.parts.verification.prepare_code(run_.session, run_.at_start.number, run_.id));
  Outbox& outbox = *run_.parts.outside.outbox;
  outbox.wake();
  const auto status = outbox.wait_for_try(prepared.message, patience);
  if (status && status->state == MessageState::failed)
    throw sdk::Failed(tr("The SMS could not be sent. Try again, or verify the caller in another way."));
  if (status && status->state == MessageState::unknown)
    run_.conversation->show(tr("It is not certain that the SMS left. Ask the caller whether it arrived."));
  return {mask_mobile(prepared.to), prepared.challenge.expires, prepared.challenge.tries_left, prepared.message};
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
