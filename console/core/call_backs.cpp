// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/call_backs.h"

#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "call_back";
constexpr std::size_t longest_id = 64;

Record record_of_call(Record record, const CallBack& call) {
  record.fields[Tag::call_back] = call.id;
  if (!call.run.empty()) record.fields[Tag::run] = call.run;
  return record;
}

/// Which rule a telephone system's event breaks; empty: none.
const char* objection_to(const CallBack& call, const std::string& number, Time now) {
  if (call.number != number) return "number";
  if (call.voided) return "void";
  if (call.expires <= now) return "expired";
  return "";
}

}  // namespace

Result<CallBacks::Placed> CallBacks::dial(const Session& session, TicketNumber ticket, const std::string& run,
                                          Telephone& telephone) {
  Placed placed;
  const auto asked = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    placed.call = prepared(tx, session, ticket, run);
    return {};
  });
  if (!asked) return std::unexpected(asked.error());
  const auto dialled = guarded([&] { return telephone.dial(placed.call.number, placed.call.id); });
  settle(session, placed.call, dialled);
  placed.certain = dialled.has_value();
  if (!dialled && dialled.error().code != Code::internal) return std::unexpected(dialled.error());
  return placed;
}

CallBack CallBacks::prepared(Transaction& tx, const Session& session, TicketNumber number, const std::string& run) const {
  const Ticket ticket = verification_.holder_ticket(tx, session, number);
  const auto& methods = verification_.policy(tx).methods;
  const auto rules = methods.find(method);
  if (rules == methods.end() || tx.method_state(*ticket.subscriber, method).locked)
    throw FailureError({Code::refused, tr("This verification method is locked for the subscriber.")});
  const auto subscriber = tx.subscriber(*ticket.subscriber);
  if (!subscriber || subscriber->mobile.empty())
    throw FailureError({Code::refused, tr("The subscriber has no registered mobile.")});

  CallBack call{.id = vault_.random_id(),
                .ticket = number,
                .subscriber = subscriber->id,
                .number = subscriber->mobile,
                .run = run,
                .dialled = clock_.now(),
                .expires = clock_.now() + rules->second.answer_within,
                .answered = {}};
  Record record = record_of_call(record_of(session, record_type::call_back_asked, tx, ticket), call);
  record.fields[Tag::number] = call.number;
  tx.record(std::move(record));
  if (auto earlier = tx.latest_call_back(number); earlier && !earlier->voided) {
    earlier->voided = true;
    tx.save(*earlier);
  }
  tx.save(call);
  return call;
}

void CallBacks::settle(const Session& session, const CallBack& call, const Result<>& dialled) const {
  value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(call.ticket);
    if (!ticket) return failure(Code::not_found, tr("The ticket is gone."));
    const bool unknown = !dialled && dialled.error().code == Code::internal;
    const char* type = dialled   ? record_type::call_back_dialled
                       : unknown ? record_type::call_back_unknown
                                 : record_type::call_back_failed;
    tx.record(record_of_call(record_of(session, type, tx, *ticket), call));
    auto stored = tx.call_back(call.id);
    if (dialled || unknown || !stored || stored->voided) return {};
    stored->voided = true;
    tx.save(*stored);
    return {};
  }));
}

Result<sdk::CallBackCheck> CallBacks::confirm(const Session& session, TicketNumber number) {
  auto outcome = sdk::CallBackCheck::expired;
  const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    outcome = judge(tx, session, verification_.holder_ticket(tx, session, number));
    return {};
  });
  if (!committed) return std::unexpected(committed.error());
  return outcome;
}

sdk::CallBackCheck CallBacks::judge(Transaction& tx, const Session& session, const Ticket& ticket) const {
  auto call = tx.latest_call_back(ticket.number);
  const auto subscriber = tx.subscriber(*ticket.subscriber);
  const auto not_confirmed = [&](const char* why, sdk::CallBackCheck outcome) {
    Record record = record_of(session, record_type::verification_failed, tx, ticket);
    record.fields.insert({{Tag::method, method}, {Tag::refusal, why}});
    tx.record(call ? record_of_call(std::move(record), *call) : std::move(record));
    return outcome;
  };
  if (!call || call->subscriber != *ticket.subscriber || !subscriber)
    return not_confirmed("no_call", sdk::CallBackCheck::expired);
  if (const char* rule = objection_to(*call, subscriber->mobile, clock_.now()); *rule)
    return not_confirmed(rule, sdk::CallBackCheck::expired);
  if (tx.method_state(subscriber->id, method).locked) return not_confirmed("locked", sdk::CallBackCheck::expired);
  if (!call->answered) {  // no failure of the caller's: the telephone system's word may be on its way
    tx.record(record_of_call(record_of(session, record_type::call_back_unanswered, tx, ticket), *call));
    return sdk::CallBackCheck::not_answered;
  }
  tx.record(record_of_call(record_of(session, record_type::call_back_confirmed, tx, ticket), *call));
  call->voided = true;
  tx.save(*call);
  return sdk::CallBackCheck::confirmed;
}

Result<> CallBacks::not_the_holder(const Session& session, TicketNumber number) {
  return commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    const Ticket ticket = verification_.holder_ticket(tx, session, number);
    verification_.count_failure(tx, session, ticket, method);
    auto call = tx.latest_call_back(number);
    if (!call || call->voided) return {};
    call->voided = true;
    tx.save(*call);
    return {};
  });
}

Result<> CallBacks::answered(const std::string& id, const std::string& number) {
  bool counts = false;
  const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    auto call = tx.call_back(id);
    Record record{.type = record_type::call_back_ignored, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
    record.fields[Tag::call_back] = id.substr(0, longest_id);
    if (!call) {
      record.fields[Tag::refusal] = "unknown";
      tx.record(std::move(record));
      return {};
    }
    if (const auto ticket = tx.ticket(call->ticket)) record.ticket = ticket->id;
    if (const auto subscriber = tx.subscriber(call->subscriber)) record.subject = subscriber->pseudonym;
    const char* rule = objection_to(*call, number, clock_.now());
    counts = *rule == '\0';
    if (!counts) {
      record.fields[Tag::refusal] = rule;
      tx.record(std::move(record));
      return {};
    }
    record.type = record_type::call_back_answered;
    tx.record(std::move(record));
    if (call->answered) return {};
    call->answered = clock_.now();
    tx.save(*call);
    return {};
  });
  if (!committed) return committed;
  if (!counts) return failure(Code::refused, tr("The desk waits for no such call; the event comes to nothing."));
  return {};
}

}  // namespace anahtar::core
