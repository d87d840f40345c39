// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verification.h"

#include <algorithm>

#include "core/civil_questions.h"
#include "core/commit_unit.h"
#include "core/iso_time.h"
#include "core/titles.h"

namespace anahtar::core {
namespace {

constexpr char recorded_method[] = "civil_registry_recorded";

std::set<std::string> methods_but(const Policy& policy, const std::string& one) {
  std::set<std::string> others;
  for (const auto& [method, ignored] : policy.methods)
    if (method != one) others.insert(method);
  return others;
}

Text sentence_of(const VerificationStatus& status, const Policy& policy) {
  if (status.impossible) return tr("The caller is not the holder: no verification");
  if (status.level > 0) return tr("Verified at level {1}", std::to_string(status.level));
  if (status.locked_methods.empty()) return tr("Not verified");
  if (status.locked_methods.size() > 1)
    return tr("Not verified. Locked: {1} methods", std::to_string(status.locked_methods.size()));
  return tr("Not verified. Locked: {1}", term(policy.methods.at(status.locked_methods.front()).label));
}

}  // namespace

VerificationDesk::VerificationDesk(Reader& reader, Writer& writer, Vault& vault, const Clock& clock,
                                   const Policy& defaults)
    : reader_(reader), writer_(writer), vault_(vault), clock_(clock), book_(defaults) {}

/// Those that counted at that moment: of this subscriber, not voided until now, not expired, each at no more than its
/// method gives today.
std::vector<Verification> VerificationDesk::standing(Reader& now, const Policy& policy, const Ticket& ticket,
                                                     Time at) const {
  if (!ticket.subscriber || !ticket.caller_is.empty()) return {};
  std::vector<Verification> all = now.verifications(ticket.number);
  std::erase_if(all, [&](const Verification& v) {
    return v.voided || v.subscriber != *ticket.subscriber || v.ticket != ticket.number || v.expires <= at ||
           v.granted > at + clock_tolerance || !policy.methods.contains(v.method);
  });
  for (Verification& v : all) v.level = std::min(v.level, policy.methods.at(v.method).level);
  return all;
}

VerificationStatus VerificationDesk::status(Reader& now, const Ticket& ticket) const {
  const Policy& in_force = policy(now);
  VerificationStatus status;
  status.impossible = !ticket.caller_is.empty();
  for (const Verification& v : standing(now, in_force, ticket, clock_.now())) {
    if (v.level < status.level || (v.level == status.level && status.expires && v.expires <= *status.expires)) continue;
    status.level = v.level;
    status.method = v.method;
    status.method_label = in_force.methods.at(v.method).label;
    status.expires = v.expires;
  }
  if (ticket.subscriber)
    for (const auto& [method, ignored] : in_force.methods)
      if (now.method_state(*ticket.subscriber, method).locked) status.locked_methods.push_back(method);
  status.sentence = sentence_of(status, in_force);
  return status;
}

std::optional<Verification> VerificationDesk::best(Reader& now, const Ticket& ticket, std::chrono::minutes freshness,
                                                   Time at, const std::set<std::string>& excluded) const {
  std::optional<Verification> best;
  for (Verification& v : standing(now, policy(now), ticket, at)) {
    if (v.granted <= at - freshness || excluded.contains(v.method)) continue;
    if (!best || v.level >= best->level) best = std::move(v);
  }
  return best;
}

std::optional<Verification> VerificationDesk::counting(Reader& now, const Ticket& ticket, std::int64_t id,
                                                       std::chrono::minutes freshness, Time at,
                                                       const std::set<std::string>& excluded) const {
  for (Verification& v : standing(now, policy(now), ticket, at))
    if (v.id == id && v.granted > at - freshness && !excluded.contains(v.method)) return std::move(v);
  return {};
}

bool VerificationDesk::call_counts(Reader& now, const Ticket& ticket) const {
  return ticket.call_proven && *ticket.call_proven + policy(now).verification_life > clock_.now();
}

int VerificationDesk::level(Reader& now, const Ticket& ticket, std::chrono::minutes freshness) const {
  const auto found = best(now, ticket, freshness, clock_.now(), {});
  return found ? found->level : 0;
}

const MethodPolicy& VerificationDesk::method_policy(Reader& now, const std::string& method) const {
  const auto& methods = policy(now).methods;
  const auto found = methods.find(method);
  if (found == methods.end())
    throw FailureError({Code::not_found, tr("There is no verification method {1}.", method)});
  return found->second;
}

Verification VerificationDesk::grant(Transaction& tx, const Session& session, const Ticket& ticket,
                                     const std::string& method) {
  const MethodPolicy& rules = method_policy(tx, method);
  if (!ticket.subscriber || !ticket.caller_is.empty())
    throw FailureError({Code::refused, tr("There is no holder on the line who could be verified.")});
  MethodState state = tx.method_state(*ticket.subscriber, method);
  if (state.locked) throw FailureError({Code::refused, tr("This verification method is locked for the subscriber.")});

  Record record = record_of(session, record_type::verified, tx, ticket);
  Verification granted{.ticket = ticket.number,
                       .subscriber = *ticket.subscriber,
                       .method = method,
                       .level = rules.level,
                       .granted = clock_.now(),
                       .expires = clock_.now() + policy(tx).verification_life,
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
  const auto recordings = tx.recordings(ticket.number);
  if (method == civil_method && std::ranges::any_of(recordings, &Recording::of_this_call))
    count_as_recorded(tx, session, ticket);
  return granted;
}

/// As for every other method: who asked the questions, how the ticket came, and whether the method is locked.
bool VerificationDesk::may_count_as_recorded(Transaction& tx, const MethodPolicy& rules, const Ticket& ticket,
                                             const Verification& given) const {
  const auto asked_by = tx.operator_named(given.granted_by);
  return asked_by && rules.roles.contains(asked_by->role) && (rules.channels.empty() || rules.channels.contains(ticket.channel)) &&
         !tx.method_state(given.subscriber, recorded_method).locked;
}

void VerificationDesk::count_as_recorded(Transaction& tx, const Session& session, const Ticket& ticket) {
  const Policy& in_force = policy(tx);
  const auto rules = in_force.methods.find(recorded_method);
  if (rules == in_force.methods.end()) return;
  const auto given = best(tx, ticket, in_force.verification_life, clock_.now(), methods_but(in_force, civil_method));
  if (!given || !may_count_as_recorded(tx, rules->second, ticket, *given)) return;
  Verification recorded{.ticket = ticket.number,
                        .subscriber = given->subscriber,
                        .method = recorded_method,
                        .level = rules->second.level,
                        .granted = given->granted,
                        .expires = given->expires,
                        .granted_by = session.name};
  Record record = record_of(session, record_type::verified, tx, ticket);
  record.fields[Tag::method] = recorded.method;
  record.fields[Tag::level] = std::to_string(recorded.level);
  record.fields[Tag::until] = iso_utc(recorded.expires);
  tx.record(std::move(record));
  tx.save(recorded);
}

void VerificationDesk::lock(Transaction& tx, MethodState& state, Record record) {
  state.locked = true;
  record.fields[Tag::method] = state.method;
  record.fields[Tag::count] = std::to_string(state.failures);
  tx.record(std::move(record));
  tx.save(state);
}

void VerificationDesk::count_failure(Transaction& tx, const Session& session, const Ticket& ticket,
                                     const std::string& method) {
  const MethodPolicy& policy = method_policy(tx, method);
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
  if (!state.locked && state.failures >= policy.tries * std::max(policy.codes, 1)) lock(tx, state, record_of(session, record_type::method_locked, tx, ticket));
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
  if (auto call = tx.latest_call_back(ticket.number); call && !call->voided) {
    call->voided = true;
    tx.save(*call);
  }
  for (Recording& recording : tx.recordings(ticket.number)) {
    if (!recording.of_this_call) continue;
    recording.of_this_call = false;
    tx.save(recording);
  }
  if (!ticket.subscriber) return;
  const auto subscriber = tx.subscriber(*ticket.subscriber);
  withdraw_unsent(tx,
                  {.type = record_type::message_withdrawn,
                   .actor = {},
                   .role = {},
                   .ticket = ticket.id,
                   .subject = subscriber ? subscriber->pseudonym : std::string()},
                  ticket);
}

void VerificationDesk::void_open(Transaction& tx, SubscriberId subscriber, std::optional<TicketNumber> but) {
  for (const Ticket& open : tx.tickets({.queue = TicketFilter::Queue::open, .subscriber = subscriber, .cause = {}, .before = {}, .limit = TicketFilter::no_limit}))
    if (open.number != but) void_all(tx, open);
}

Result<> VerificationDesk::lift_lock(const Session& session, TicketNumber number, const std::string& method,
                                     const std::string& reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return failure(Code::invalid, tr("Give the reason for lifting the lock."));
  std::optional<Failure> refusal;
  const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    refusal.reset();
    check_session(tx, session);
    method_policy(tx, method);
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
