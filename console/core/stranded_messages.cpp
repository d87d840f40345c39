// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stranded_messages.h"

#include "core/commit_unit.h"
#include "core/permission.h"
#include "core/ticket_rules.h"

namespace anahtar::core {
namespace {

/// It may have left: a try was begun and nobody knows how it ended.
bool in_doubt(const OutboxMessage& message) {
  return message.state == MessageState::sending || message.reason == message_reason::no_answer ||
         message.reason == message_reason::interrupted;
}

}  // namespace

bool StrandedMessages::is_stranded(const OutboxMessage& message) const {
  return !is_settled(message.state) && message.device != writer_.device() &&
         std::max(message.changed, message.next_try) + untouched <= clock_.now();
}

Result<std::vector<MessageStatus>> StrandedMessages::list(const Session& session) {
  return guarded([&]() -> Result<std::vector<MessageStatus>> {
    if (const auto may = permitted(reader_, writer_, session, {Role::supervisor, Role::administrator}, "message.list"); !may)
      return std::unexpected(may.error());
    std::vector<MessageStatus> found;
    for (const OutboxMessage& message : reader_.messages({.ticket = {}, .device = {}, .unsettled = true}))
      if (is_stranded(message)) found.push_back(status_of(message, clock_.now()));
    return found;
  });
}

Result<> StrandedMessages::decide(const Session& session, const std::string& id, const std::string& reason,
                                  const char* operation,
                                  const std::function<Result<>(Transaction&, OutboxMessage&, Record)>& decision) {
  return guarded([&]() -> Result<> {
    if (const auto may = permitted(reader_, writer_, session, {Role::administrator}, operation); !may) return may;
    const auto why = required_text(reason, tr("Give the reason; it stands in the record."));
    if (!why) return std::unexpected(why.error());
    return commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      auto message = tx.message(id);
      if (!message) return failure(Code::not_found, tr("There is no message with this identifier."));
      if (!is_stranded(*message))
        return failure(Code::conflict, tr("This message is settled, or its computer still looks after it."));
      Record record = record_about(tx, *message, operation);
      record.actor = session.name;
      record.role = to_string(session.role);
      record.fields[Tag::reason] = *why;
      return decision(tx, *message, std::move(record));
    });
  });
}

Result<> StrandedMessages::take_over(const Session& session, const std::string& id, const std::string& reason) {
  return decide(session, id, reason, record_type::message_taken_over,
                [&](Transaction& tx, OutboxMessage& message, Record record) -> Result<> {
                  if (in_doubt(message) && message_kind_named(message.kind).worse == Worse::second_copy)
                    return failure(Code::refused, tr("Nobody knows whether this message left, and a second copy would do "
                                                     "harm. Settle it instead."));
                  tx.record(std::move(record));
                  if (message.state == MessageState::sending) message.reason = message_reason::interrupted;
                  message.state = MessageState::queued;
                  message.device = writer_.device();
                  message.next_try = message.changed = clock_.now();
                  tx.save(message);
                  return {};
                });
}

Result<> StrandedMessages::settle(const Session& session, const std::string& id, const std::string& reason) {
  return decide(session, id, reason, record_type::message_settled,
                [&](Transaction& tx, OutboxMessage& message, Record record) -> Result<> {
                  tx.record(std::move(record));
                  const bool doubt = in_doubt(message);
                  core::settle(tx, message, doubt ? MessageState::unknown : MessageState::failed,
                               doubt ? message_reason::interrupted : message_reason::withdrawn, clock_.now());
                  return {};
                });
}

}  // namespace anahtar::core
