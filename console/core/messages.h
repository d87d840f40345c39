// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.h"

/// Messages that follow from a record or a change: what kinds there are, how one is put into the outbox, what is said of
/// it. Sending them is core/outbox.h.
namespace anahtar::core {

/// Of a message of which nobody knows whether it left: is a second copy worse for its reader, or none at all?
enum class Worse {
  second_copy,  ///< never sent again; the operator is told that nobody knows
  none,         ///< sent again, with the same id
};

struct MessageKind {
  std::string_view id;
  Worse worse;
  std::chrono::seconds life;  ///< how long after it was queued it is still of use; a code's own end may be earlier
  Text label;                 ///< "SMS code"
};

namespace message_kind {
inline constexpr char verification_code[] = "verification_code";      ///< shows that the caller has the mobile
inline constexpr char number_confirmation[] = "number_confirmation";  ///< a code to a number that is to be registered
inline constexpr char number_changed[] = "number_changed";            ///< a notice to the number that was replaced
inline constexpr char number_restored[] = "number_restored";          ///< a notice that a change of number was undone
inline constexpr char security_word[] = "security_word";              ///< a new security word
inline constexpr char security_word_changed[] = "security_word_changed";  ///< a notice that there is a new one
}  // namespace message_kind

/// The one table of kinds. To add one: its name above, its line in messages.cpp.
const std::vector<MessageKind>& message_kinds();
/// Throws FailureError(internal) for a kind that is not in the table.
const MessageKind& message_kind_named(std::string_view id);

/// Why a message waits or will not be sent; OutboxMessage::reason.
namespace message_reason {
inline constexpr char unavailable[] = "unavailable";  ///< the gateway could not be reached; certainly not sent
inline constexpr char refused[] = "refused";          ///< the gateway does not take this message
inline constexpr char expired[] = "expired";          ///< it was of no use any more before it could be sent
inline constexpr char withdrawn[] = "withdrawn";      ///< what it belongs to stands no longer
inline constexpr char no_answer[] = "no_answer";      ///< the gateway did not say whether it took it
inline constexpr char interrupted[] = "interrupted";  ///< the program ended while it was being sent
inline constexpr char erased[] = "erased";            ///< the subscriber's data were erased
inline constexpr char undelivered[] = "undelivered";  ///< it left, and the telephone's network says that it did not arrive
}  // namespace message_reason

struct NewMessage {
  std::string kind;  ///< one of message_kinds()
  MessageChannel channel = MessageChannel::sms;
  std::string to;       ///< E.164, or a mail address
  std::string subject;  ///< of a mail: UTF-8, one line
  Secret body;          ///< UTF-8
  std::optional<Time> deadline = {};  ///< earlier than the kind's own, e.g. the end of a countdown
};

/// Puts a message into the outbox in the unit of what it follows from; it leaves once that is committed (call
/// Outbox::wake then). `record` is made by the caller with the type record_type::message_queued, so that it names who
/// did it and the run; the message's own fields are added here.
OutboxMessage queue_message(Transaction& tx, Record record, const Ticket& ticket, NewMessage message, Time now);

/// Takes back the messages of this kind and ticket that have not left; returns how many these were. `record` as above,
/// with the type record_type::message_withdrawn.
int withdraw_messages(Transaction& tx, const Record& record, const Ticket& ticket, std::string_view kind, Time now);

/// The same for whatever a run asked for that came to nothing.
std::vector<OutboxMessage> withdraw_messages_of_run(Transaction& tx, const Record& record, const Ticket& ticket,
                                                    std::string_view run, Time now);

/// Inside a unit: nothing more is done for this message, and its text is wiped. The unit records why.
void settle(Transaction& tx, OutboxMessage& message, MessageState state, std::string_view reason, Time now);

/// A record of the program itself about a message.
Record record_about(Reader& now, const OutboxMessage& message, const char* type);

/// What became of a message, for people.
struct MessageStatus {
  std::string id, kind;
  MessageChannel channel = MessageChannel::sms;
  TicketNumber ticket = 0;
  MessageState state = MessageState::queued;
  std::optional<std::chrono::seconds> retry_in;  ///< when it waits for the next try
  Time changed{};
  Text label;     ///< of the kind
  Text sentence;  ///< "sent", "waits to be sent", …: goes on from the label; says what to do where something is to be done
};
MessageStatus status_of(const OutboxMessage& message, Time now);

}  // namespace anahtar::core
