// SPDX-License-Identifier: GPL-3.0-or-later
// The half of VerificationDesk that makes and compares one-time codes.
#include <algorithm>

#include "core/commit_unit.h"
#include "core/messages.h"
#include "core/ticket_rules.h"
#include "core/verification.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "sms_code";
constexpr std::size_t code_digits = 6;

/// In a time that does not tell where the difference is.
bool equal_hashes(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

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

Failure locked() {
  return {Code::refused, tr("SMS codes are locked for this subscriber. A supervisor can lift the lock.")};
}

}  // namespace

std::string VerificationDesk::hash_of(const Ticket& ticket, const Secret& code) const {
  return vault_.keyed_hash("code/" + ticket.id + "/" + std::to_string(*ticket.subscriber) + "/" + method, code);
}

/// The ticket, if there is a holder on it to whom a code may be sent.
Ticket VerificationDesk::holder_ticket(Reader& now, const Session& session, TicketNumber number) const {
  check_session(now, session);
  auto ticket = now.ticket(number);
  if (!ticket) throw FailureError({Code::not_found, tr("There is no ticket {1}.", std::to_string(number))});
  if (!ticket->subscriber)
    throw FailureError({Code::refused, tr("The ticket has no subscriber yet. Find the caller first.")});
  if (!ticket->caller_is.empty())
    throw FailureError({Code::refused, tr("Somebody else is calling for the holder: cannot be verified")});
  if (const auto no = objection_to_work(session, *ticket)) throw FailureError(no->why);
  return *ticket;
}

Result<VerificationDesk::Prepared> VerificationDesk::prepare_code(const Session& session, TicketNumber ticket,
                                                                  const std::string& run) {
  Prepared prepared;
  std::optional<Failure> refusal;
  const auto committed =
      commit_unit(writer_, [&](Transaction& tx) { return prepare(tx, session, ticket, run, prepared, refusal); });
  if (!committed) return std::unexpected(committed.error());
  if (refusal) return std::unexpected(*refusal);
  return prepared;
}

Result<> VerificationDesk::prepare(Transaction& tx, const Session& session, TicketNumber number, const std::string& run,
                                   Prepared& out, std::optional<Failure>& refusal) {
  refusal.reset();
  const MethodPolicy& policy = method_policy(tx, method);
  const Ticket ticket = holder_ticket(tx, session, number);
  const auto subscriber = tx.subscriber(*ticket.subscriber);
  if (!subscriber || subscriber->mobile.empty())
    return failure(Code::refused, tr("The subscriber has no registered mobile to which a code could be sent."));
  const Time now = clock_.now();
  withdraw_unsent(tx, record_of(session, record_type::message_withdrawn, tx, ticket), ticket);
  MethodState state = tx.method_state(subscriber->id, method);
  state.subscriber = subscriber->id;
  state.method = method;
  if (state.locked) return std::unexpected(locked());
  if (state.codes_sent >= policy.codes) {  // commits: the lock must stay
    lock(tx, state, record_of(session, record_type::method_locked, tx, ticket));
    refusal = locked();
    return {};
  }

  const Secret code = vault_.random_digits(code_digits);
  out.to = subscriber->mobile;
  Record record = record_of(session, record_type::message_queued, tx, ticket);
  if (!run.empty()) record.fields[Tag::run] = run;

  if (auto earlier = tx.latest_code(number); earlier && !earlier->voided) {
    earlier->voided = true;
    tx.save(*earlier);
  }
  out.challenge = {.ticket = number,
                   .subscriber = subscriber->id,
                   .keyed_hash = hash_of(ticket, code),
                   .sent = now,
                   .expires = now + policy.code_life,
                   .tries_left = policy.tries};
  tx.save(out.challenge);
  out.message = queue_message(tx, std::move(record), ticket,
                              {.kind = message_kind::verification_code,
                               .to = out.to,
                               .subject = {},
                               .body = message_with(code),
                               .deadline = out.challenge.expires},
                              now)
                    .id;
  ++state.codes_sent;
  tx.save(state);
  return {};
}

void VerificationDesk::code_never_left(Transaction& tx, const OutboxMessage& message) {
  if (message.kind != message_kind::verification_code) return;
  MethodState state = tx.method_state(message.subscriber, method);
  if (state.codes_sent > 0) --state.codes_sent;
  tx.save(state);
  // A newer code has its own message; this one's is still the latest only while none was asked for.
  auto challenge = tx.latest_code(message.ticket);
  if (!challenge || challenge->voided || challenge->sent != message.created) return;
  challenge->voided = true;
  tx.save(*challenge);
}

/// A code whose message has not left is void with it, and does not count.
void VerificationDesk::withdraw_unsent(Transaction& tx, const Record& record, const Ticket& ticket) {
  const int withdrawn = withdraw_messages(tx, record, ticket, message_kind::verification_code, clock_.now());
  if (withdrawn == 0) return;
  MethodState state = tx.method_state(*ticket.subscriber, method);
  state.codes_sent = std::max(0, state.codes_sent - withdrawn);
  tx.save(state);
}

Result<sdk::CodeCheck> VerificationDesk::check_code(const Session& session, TicketNumber number, const Secret& typed) {
  sdk::CodeCheck outcome = sdk::CodeCheck::wrong;
  const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    outcome = check(tx, session, holder_ticket(tx, session, number), typed);
    return {};
  });
  if (!committed) return std::unexpected(committed.error());
  return outcome;
}

sdk::CodeCheck VerificationDesk::check(Transaction& tx, const Session& session, const Ticket& ticket,
                                       const Secret& typed) {
  const auto not_compared = [&](const char* why, sdk::CodeCheck outcome) {
    Record record = record_of(session, record_type::verification_failed, tx, ticket);
    record.fields.insert({{Tag::method, method}, {Tag::refusal, why}});
    tx.record(std::move(record));
    return outcome;
  };
  auto code = tx.latest_code(ticket.number);
  MethodState state = tx.method_state(*ticket.subscriber, method);
  if (state.locked) return not_compared("locked", sdk::CodeCheck::locked);
  if (!code || code->subscriber != *ticket.subscriber) return not_compared("no_code", sdk::CodeCheck::expired);
  if (code->tries_left <= 0) return not_compared("used_up", sdk::CodeCheck::used_up);
  if (code->voided || code->expires <= clock_.now()) return not_compared("expired", sdk::CodeCheck::expired);

  if (equal_hashes(code->keyed_hash, hash_of(ticket, typed))) {
    Record record = record_of(session, record_type::code_accepted, tx, ticket);
    record.fields[Tag::method] = method;
    tx.record(std::move(record));
    code->voided = true;  // right once
    tx.save(*code);
    return sdk::CodeCheck::right;
  }

  --code->tries_left;
  count_failure(tx, session, ticket, method);
  tx.save(*code);
  if (code->tries_left > 0) return sdk::CodeCheck::wrong;
  state = tx.method_state(*ticket.subscriber, method);
  if (!state.locked && state.codes_sent >= method_policy(tx, method).codes)
    lock(tx, state, record_of(session, record_type::method_locked, tx, ticket));
  return state.locked ? sdk::CodeCheck::locked : sdk::CodeCheck::used_up;
}

}  // namespace anahtar::core
