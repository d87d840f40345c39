// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verification.h"

#include <algorithm>

#include "core/commit_unit.h"
#include "core/iso_time.h"

namespace anahtar::core {
namespace {

Text sentence_of(const VerificationStatus& status) {
  if (status.impossible) return tr("Somebody else is calling for the holder: cannot be verified");
  if (status.level == 0) return tr("Not verified");
  return tr("Verified at level {1}", std::to_string(status.level));
}

}  // namespace

VerificationDesk::VerificationDesk(Reader& reader, Writer& writer, Vault& vault, const Clock& clock,
                                   const Policy& policy)
    : reader_(reader), writer_(writer), vault_(vault), clock_(clock), policy_(policy) {}

/// Those that count now: of this subscriber, not voided, not expired, each at no more than its method gives today.
std::vector<Verification> VerificationDesk::standing(Reader& now, const Ticket& ticket) const {
  if (!ticket.subscriber || !ticket.caller_is.empty()) return {};
  const Time time = clock_.now();
  std::vector<Verification> all = now.verifications(ticket.number);
  std::erase_if(all, [&](const Verification& v) {
    return v.voided || v.subscriber != *ticket.subscriber || v.ticket != ticket.number || v.expires <= time ||
           v.granted > time + clock_tolerance || !policy_.methods.contains(v.method);
  });
  for (Verification& v : all) v.level = std::min(v.level, policy_.methods.at(v.method).level);
  return all;
}

VerificationStatus VerificationDesk::status(Reader& now, const Ticket& ticket) const {
  VerificationStatus status;
  status.impossible = !ticket.caller_is.empty();
  for (const Verification& v : standing(now, ticket)) {
    if (v.level < status.level || (v.level == status.level && status.expires && v.expires <= *status.expires)) continue;
    status.level = v.level;
    status.method = v.method;
    status.method_label = policy_.methods.at(v.method).label;
    status.expires = v.expires;
  }
  if (ticket.subscriber)
    for (const auto& [method, ignored] : policy_.methods)
      if (now.method_state(*ticket.subscriber, method).locked) status.locked_methods.push_back(method);
  status.sentence = sentence_of(status);
  return status;
}

int VerificationDesk::level(Reader& now, const Ticket& ticket, std::chrono::minutes freshness) const {
  const Time oldest = clock_.now() - freshness;
  int level = 0;
  for (const Verification& v : standing(now, ticket))
    if (v.granted > oldest) level = std::max(level, v.level);
  return level;
}

const MethodPolicy& VerificationDesk::method_policy(const std::string& method) const {
  const auto found = policy_.methods.find(method);
  if (found == policy_.methods.end())
    throw FailureError({Code::not_found, tr("There is no verification method {1}.", method)});
  return found->second;
}

Verification VerificationDesk::grant(Transaction& tx, const Session& session, const Ticket& ticket,
                                     const std::string& method) {
  const MethodPolicy& policy = method_policy(method);
  if (!ticket.subscriber || !ticket.caller_is.empty())
    throw FailureError({Code::refused, tr("There is no holder on the line who could be verified.")});
  MethodState state = tx.method_state(*ticket.subscriber, method);
  if (state.locked) throw FailureError({Code::refused, tr("This verification method is locked for the subscriber.")});

  Record record = record_of(session, record_type::verified, tx, ticket);
  Verification granted{.ticket = ticket.number,
                       .subscriber = *ticket.subscriber,
                       .method = method,
                       .level = policy.level,
                       .granted = clock_.now(),
                       .expires = clock_.now() + policy_.verification_life,
                       .granted_by = session.name};
  record.fields[Tag::method] = method;
  record.fields[Tag::level] = std::to_string(granted.level);
  record.fields[Tag::until] = iso_utc(granted.expires);
  tx.record(std::move(record));
  tx.save(granted);

  state.subscriber = *ticket.subscriber;
  state.method = method;
  state.failures = state.codes_sent = 0;
  tx.save(state);
  return granted;
}

void VerificationDesk::lock(Transaction& tx, const Session& session, const Ticket& ticket, MethodState& state) {
  state.locked = true;
  Record record = record_of(session, record_type::method_locked, tx, ticket);
  record.fields[Tag::method] = state.method;
  record.fields[Tag::count] = std::to_string(state.failures);
  tx.record(std::move(record));
  tx.save(state);
}

void VerificationDesk::count_failure(Transaction& tx, const Session& session, const Ticket& ticket,
                                     const std::string& method) {
  const MethodPolicy& policy = method_policy(method);
  if (!ticket.subscriber) return;
  MethodState state = tx.method_state(*ticket.subscriber, method);
  state.subscriber = *ticket.subscriber;
  state.method = method;
  ++state.failures;

  Record record = record_of(session, record_type::verification_failed, tx, ticket);
  record.fields[Tag::method] = method;
  record.fields[Tag::count] = std::to_string(state.failures);
  tx.record(std::move(record));
  tx.save(state);
  if (!state.locked && state.failures >= policy.tries * std::max(policy.codes, 1)) lock(tx, session, ticket, state);
}

void VerificationDesk::void_all(Transaction& tx, const Ticket& ticket) {
  for (Verification& v : tx.verifications(ticket.number)) {
    if (v.voided) continue;
    v.voided = true;
    tx.save(v);
  }
  if (auto code = tx.latest_code(ticket.number); code && !code->voided) {
    code->voided = true;
    tx.save(*code);
  }
}

Result<> VerificationDesk::lift_lock(const Session& session, TicketNumber number, const std::string& method,
                                     const std::string& reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return failure(Code::invalid, tr("Give the reason for lifting the lock."));
  std::optional<Failure> refusal;
  const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    refusal.reset();
    check_session(tx, session);
    method_policy(method);
    const auto ticket = tx.ticket(number);
    if (!ticket || !ticket->subscriber)
      return failure(Code::not_found, tr("There is no ticket {1} with a subscriber.", std::to_string(number)));
    if (session.role != Role::supervisor) {
      Record record = record_of(session, record_type::action_refused, tx, *ticket);
      record.fields[Tag::action] = "verification.lift_lock";
      record.fields[Tag::refusal] = "role";
      tx.record(std::move(record));
      refusal = Failure{Code::not_permitted, tr("Only a supervisor lifts the lock of a verification method.")};
      return {};
    }
    MethodState state = tx.method_state(*ticket->subscriber, method);
    if (!state.locked) return failure(Code::conflict, tr("This verification method is not locked."));
    Record record = record_of(session, record_type::lock_lifted, tx, *ticket);
    record.fields[Tag::method] = method;
    record.fields[Tag::reason] = reason;
    tx.record(std::move(record));
    state.locked = false;
    state.failures = state.codes_sent = 0;
    tx.save(state);
    return {};
  });
  if (!committed) return committed;
  if (refusal) return std::unexpected(*refusal);
  return {};
}

}  // namespace anahtar::core
