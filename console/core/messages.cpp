// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/messages.h"

#include <algorithm>

#include "core/iso_time.h"

namespace anahtar::core {
namespace {

using namespace std::chrono_literals;

Text sentence_of_waiting(const OutboxMessage& message, const std::optional<std::chrono::seconds>& retry_in) {
  if (message.tries == 0 || !retry_in) return tr("waits to be sent");
  return tr("not sent yet; tried again in {1} s", std::to_string(retry_in->count()));
}

Text sentence_of_failure(const OutboxMessage& message) {
  if (message.reason == message_reason::expired) return tr("not sent in time");
  if (message.reason == message_reason::withdrawn) return tr("not sent: no longer of use");
  if (message.reason == message_reason::refused) return tr("not sent: the gateway refused it");
  if (message.reason == message_reason::undelivered) return tr("did not arrive");
  return tr("not sent");
}

Text sentence_of(const OutboxMessage& message, const std::optional<std::chrono::seconds>& retry_in) {
  switch (message.state) {
    case MessageState::queued: return sentence_of_waiting(message, retry_in);
    case MessageState::sending: return tr("is being sent");
    case MessageState::sent: return tr("sent");
    case MessageState::delivered: return tr("delivered");
    case MessageState::failed: return sentence_of_failure(message);
    case MessageState::unknown: break;
  }
  return tr("nobody knows whether it was sent; ask the caller, or send a new one");
}

void add_fields(Record& record, const OutboxMessage& message) {
  record.fields[Tag::message_kind] = message.kind;
  record.fields[Tag::message_id] = message.id;
  record.fields[Tag::channel] = to_string(message.channel);
  if (!message.run.empty()) record.fields[Tag::run] = message.run;
}

}  // namespace

const std::vector<MessageKind>& message_kinds() {
  static const std::vector<MessageKind> all = {
      {message_kind::verification_code, Worse::second_copy, 5min, tr("SMS code")},
      {message_kind::number_confirmation, Worse::second_copy, 5min, tr("Code to the new number")},
      {message_kind::number_changed, Worse::none, 72h, tr("Notice of a new number")},
      {message_kind::number_restored, Worse::none, 72h, tr("Notice that the number was restored")},
      {message_kind::security_word, Worse::none, 30min, tr("New security word")},
      {message_kind::security_word_changed, Worse::none, 72h, tr("Notice of a new security word")},
  };
  return all;
}

const MessageKind& message_kind_named(std::string_view id) {
  const auto found = std::ranges::find(message_kinds(), id, &MessageKind::id);
  if (found == message_kinds().end())
    throw FailureError({Code::internal, tr("A message of an unknown kind was to be sent. This is a defect.")});
  return *found;
}

OutboxMessage queue_message(Transaction& tx, Record record, const Ticket& ticket, NewMessage message, Time now) {
  const Time end = now + message_kind_named(message.kind).life;
  const auto run = record.fields.find(Tag::run);
  OutboxMessage queued{.id = {},
                       .kind = std::move(message.kind),
                       .channel = message.channel,
                       .subscriber = ticket.subscriber.value(),
                       .ticket = ticket.number,
                       .run = run == record.fields.end() ? std::string() : run->second,
                       .device = {},
                       .reason = {},
                       .next_try = now,
                       .deadline = message.deadline ? std::min(*message.deadline, end) : end,
                       .created = now,
                       .changed = now};
  tx.save(queued);
  add_fields(record, queued);
  record.fields[Tag::until] = iso_utc(queued.deadline);
  record.fields[queued.channel == MessageChannel::sms ? Tag::number : Tag::address] = message.to;
  tx.record(std::move(record));
  MessageContent content{queued.id, queued.subscriber, std::move(message.to), std::move(message.subject),
                         std::move(message.body)};
  tx.save(content);
  return queued;
}

namespace {

template <class Concerned>
std::vector<OutboxMessage> withdraw(Transaction& tx, const Record& record, const Ticket& ticket, Time now,
                                    Concerned concerned) {
  std::vector<OutboxMessage> withdrawn;
  for (OutboxMessage& message : tx.messages({.ticket = ticket.number, .device = {}, .unsettled = true})) {
    if (message.state != MessageState::queued || !concerned(message)) continue;
    Record of_it = record;
    add_fields(of_it, message);
    tx.record(std::move(of_it));
    settle(tx, message, MessageState::failed, message_reason::withdrawn, now);
    withdrawn.push_back(std::move(message));
  }
  return withdrawn;
}

}  // namespace

int withdraw_messages(Transaction& tx, const Record& record, const Ticket& ticket, std::string_view kind, Time now) {
  return static_cast<int>(
      withdraw(tx, record, ticket, now, [&](const OutboxMessage& message) { return message.kind == kind; }).size());
}

std::vector<OutboxMessage> withdraw_messages_of_run(Transaction& tx, const Record& record, const Ticket& ticket,
                                                    std::string_view run, Time now) {
  return withdraw(tx, record, ticket, now, [&](const OutboxMessage& message) { return message.run == run; });
}

void settle(Transaction& tx, OutboxMessage& message, MessageState state, std::string_view reason, Time now) {
  message.state = state;
  message.reason = reason;
  message.changed = now;
  tx.save(message);
  auto content = tx.message_content(message.id);
  if (!content || (content->body.empty() && content->subject.empty())) return;
  content->subject.clear();
  content->body = {};
  tx.save(*content);
}

Record record_about(Reader& now, const OutboxMessage& message, const char* type) {
  const auto ticket = now.ticket(message.ticket);
  const auto subscriber = now.subscriber(message.subscriber);
  Record record{.type = type,
                .actor = {},
                .role = {},
                .ticket = ticket ? ticket->id : std::string(),
                .subject = subscriber ? subscriber->pseudonym : std::string()};
  add_fields(record, message);
  return record;
}

MessageStatus status_of(const OutboxMessage& message, Time now) {
  MessageStatus status{.id = message.id,
                       .kind = message.kind,
                       .channel = message.channel,
                       .ticket = message.ticket,
                       .state = message.state,
                       .retry_in = {},
                       .changed = message.changed,
                       .label = message_kind_named(message.kind).label,
                       .sentence = {}};
  if (message.state == MessageState::queued && message.next_try > now)
    status.retry_in = std::chrono::ceil<std::chrono::seconds>(message.next_try - now);
  status.sentence = sentence_of(message, status.retry_in);
  return status;
}

}  // namespace anahtar::core
