// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace anahtar::core {

/// Which field of a record. Tags from `sealed_from` on hold personal data or free text and are sealed before they are
/// written. Numbers are part of the stored format: never reuse one. The log itself uses the tags below 0x0100.
enum class Tag : std::uint16_t {
  action = 0x0100,      ///< action id
  run = 0x0101,         ///< opaque id of the run
  outcome = 0x0102,     ///< "done", "refused", "failed", "cancelled", "abandoned", "resolved"
  method = 0x0103,      ///< verification method
  level = 0x0104,       ///< decimal
  refusal = 0x0105,     ///< which rule said no, e.g. "level", "role", "locked"
  count = 0x0106,       ///< decimal
  until = 0x0107,       ///< ISO 8601 UTC
  operator_name = 0x0108,  ///< the operator that the record is about
  role = 0x0109,
  plugin = 0x010a,
  version = 0x010b,
  channel = 0x010c,
  priority = 0x010d,
  cause = 0x010e,
  state = 0x010f,
  message_kind = 0x0110,
  message_id = 0x0111,
  digest = 0x0112,  ///< hex SHA-256 of something imported or exported
  session = 0x0113,
  change_kind = 0x0114,
  query_kind = 0x0115,  ///< "national_id", "mobile", "email", "name", "id"
  approval = 0x0116,    ///< number of the request for four eyes
  execution = 0x0117,   ///< opaque; the same in the record of an approval and in that of what it set off

  call_back = 0x0120,   ///< opaque id of a call to the registered number
  recording = 0x0121,   ///< number of a recording
  size = 0x0122,        ///< decimal, bytes
  length = 0x0123,      ///< decimal, milliseconds
  kind = 0x0124,        ///< of a recording

  card_family = 0x0150, ///< e.g. "piv"
  way = 0x0151,         ///< how a card is unlocked, e.g. "puk"
  key_version = 0x0152, ///< decimal
  kcv = 0x0153,         ///< key check value, hex
  place = 0x0154,       ///< where the holder sees it: "own_screen" or "operators_screen"

  sealed_from = 0x8000,
  reason = 0x8000,       ///< free text
  note = 0x8001,         ///< free text
  query = 0x8002,        ///< what was searched for
  ticket_number = 0x8003,
  change = 0x8004,       ///< the Change as JSON
  number = 0x8005,       ///< a telephone number
  caller = 0x8006,       ///< who calls for the holder
  detail = 0x8007,       ///< free text about a failure; never a secret
  file = 0x8008,         ///< a file's name
  document = 0x8009,     ///< an identity document's number
  address = 0x800a,      ///< a mail address
  reference = 0x8010,    ///< what another system calls something
  card_serial = 0x8020,  ///< of a smart card
};
std::string_view to_string(Tag tag);

constexpr bool is_sealed(Tag tag) { return static_cast<std::uint16_t>(tag) >= static_cast<std::uint16_t>(Tag::sealed_from); }

/// One entry-to-be of the audit log. Never holds a secret.
struct Record {
  std::string type;    ///< e.g. "ticket.opened"; one of record_type
  std::string actor;   ///< operator name; empty: the program itself
  std::string role;    ///< the actor's role at that moment
  std::string ticket;  ///< the ticket's opaque id
  std::string subject; ///< the subscriber's pseudonym
  std::map<Tag, std::string> fields = {};
};

/// The types of records, each with what it means. A plugin's action adds none: its runs are `action.*`.
namespace record_type {
inline constexpr char site_created[] = "site.created";
inline constexpr char site_is_demo[] = "site.is_demo";
inline constexpr char signed_in[] = "session.signed_in";
inline constexpr char sign_in_refused[] = "session.refused";
inline constexpr char signed_out[] = "session.signed_out";
inline constexpr char session_locked[] = "session.locked";
inline constexpr char session_unlocked[] = "session.unlocked";
inline constexpr char operator_added[] = "operator.added";
inline constexpr char operator_changed[] = "operator.changed";
inline constexpr char operator_disabled[] = "operator.disabled";
inline constexpr char operator_unlocked[] = "operator.unlocked";
inline constexpr char password_changed[] = "operator.password_changed";
inline constexpr char password_reset[] = "operator.password_reset";
inline constexpr char subscriber_searched[] = "subscriber.searched";
inline constexpr char subscriber_viewed[] = "subscriber.viewed";
inline constexpr char subscriber_changed[] = "subscriber.changed";
inline constexpr char data_opened[] = "subscriber.data_opened";
inline constexpr char import_started[] = "import.started";
inline constexpr char import_rows[] = "import.rows";
inline constexpr char import_ended[] = "import.ended";
inline constexpr char ticket_opened[] = "ticket.opened";
inline constexpr char ticket_taken[] = "ticket.taken";
inline constexpr char ticket_noted[] = "ticket.noted";
inline constexpr char ticket_handed_over[] = "ticket.handed_over";
inline constexpr char ticket_waiting[] = "ticket.waiting";
inline constexpr char ticket_priority[] = "ticket.priority";
inline constexpr char ticket_closed[] = "ticket.closed";
inline constexpr char ticket_reopened[] = "ticket.reopened";
inline constexpr char ticket_corrected[] = "ticket.subscriber_corrected";
inline constexpr char ticket_caller[] = "ticket.caller_noted";
inline constexpr char ticket_called[] = "ticket.called";
inline constexpr char call_received[] = "call.received";
inline constexpr char verified[] = "verification.granted";
inline constexpr char registry_asked[] = "verification.registry_asked";
inline constexpr char verification_failed[] = "verification.failed";
inline constexpr char code_accepted[] = "verification.code_accepted";
inline constexpr char method_locked[] = "verification.method_locked";
inline constexpr char lock_lifted[] = "verification.lock_lifted";
inline constexpr char action_started[] = "action.started";
inline constexpr char action_changed[] = "action.changed";
inline constexpr char action_ended[] = "action.ended";
inline constexpr char action_refused[] = "action.refused";
inline constexpr char action_resolved[] = "action.resolved";
inline constexpr char effect_intended[] = "effect.intended";
inline constexpr char effect_happened[] = "effect.happened";
inline constexpr char effect_failed[] = "effect.failed";
inline constexpr char effect_unknown[] = "effect.unknown";
inline constexpr char message_queued[] = "message.queued";
inline constexpr char message_withdrawn[] = "message.withdrawn";
inline constexpr char message_reported[] = "message.reported";
inline constexpr char message_taken_over[] = "message.taken_over";
inline constexpr char message_settled[] = "message.settled";
inline constexpr char audit_viewed[] = "audit.viewed";
inline constexpr char audit_verified[] = "audit.verified";
inline constexpr char plugin_loaded[] = "plugin.loaded";
inline constexpr char plugin_refused[] = "plugin.refused";
inline constexpr char settings_loaded[] = "settings.loaded";
inline constexpr char policy_applied[] = "policy.applied";
inline constexpr char approval_requested[] = "approval.requested";
inline constexpr char approval_viewed[] = "approval.viewed";
inline constexpr char approval_approved[] = "approval.approved";
inline constexpr char approval_rejected[] = "approval.rejected";
inline constexpr char approval_expired[] = "approval.expired";
inline constexpr char approval_void[] = "approval.void";
inline constexpr char cooling_off_started[] = "subscriber.cooling_off";
inline constexpr char number_restored[] = "subscriber.number_restored";
inline constexpr char document_seen[] = "verification.document_seen";
inline constexpr char pin_given[] = "verification.pin_given";
inline constexpr char pin_accepted[] = "verification.pin_accepted";
inline constexpr char call_back_asked[] = "call_back.asked";
inline constexpr char call_back_dialled[] = "call_back.dialled";
inline constexpr char call_back_failed[] = "call_back.failed";
inline constexpr char call_back_unknown[] = "call_back.unknown";
inline constexpr char call_back_answered[] = "call_back.answered";
inline constexpr char call_back_unanswered[] = "call_back.unanswered";  ///< as far as the telephone system had said, when the operator confirmed
inline constexpr char call_back_ignored[] = "call_back.ignored";
inline constexpr char call_back_confirmed[] = "call_back.confirmed";
inline constexpr char recording_attached[] = "recording.attached";
inline constexpr char recording_missing[] = "recording.missing";
inline constexpr char recording_exported[] = "recording.exported";
inline constexpr char recording_played[] = "recording.played";
inline constexpr char recordings_listed[] = "recording.listed";
inline constexpr char card_read[] = "card.read";
inline constexpr char card_found[] = "card.holder_found";
inline constexpr char card_secret_used[] = "card.secret_used";
inline constexpr char card_secret_added[] = "card.secret_added";
inline constexpr char card_site_key_added[] = "card.site_key_added";
inline constexpr char card_pin_ready[] = "card.pin_ready";
inline constexpr char card_pin_shown[] = "card.pin_shown";
inline constexpr char card_pin_unseen[] = "card.pin_unseen";
inline constexpr char card_answered[] = "card.challenge_answered";
inline constexpr char card_answer_settled[] = "card.answer_settled";
inline constexpr char card_puk_told[] = "card.puk_told";
inline constexpr char card_puk_settled[] = "card.puk_settled";
inline constexpr char card_signed[] = "card.challenge_signed";
inline constexpr char card_listed[] = "card.listed";
inline constexpr char history_viewed[] = "subscriber.history_viewed";
}  // namespace record_type

}  // namespace anahtar::core
