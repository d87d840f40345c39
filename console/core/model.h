// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anahtar/sdk/secret.h>

#include "core/clock.h"

/// The things of the desk, as plain values. Identifiers: `number` and `id` are small integers that count up within a
/// site; an opaque id or a pseudonym is 32 random hex digits and is all that leaves in an unsealed part of a record.
namespace anahtar::core {

using OperatorId = std::int64_t;
using SubscriberId = std::int64_t;
using TicketNumber = std::int64_t;

enum class Role { operator_, supervisor, field, administrator };
std::string_view to_string(Role role);  ///< "operator", "supervisor", "field", "administrator"
std::optional<Role> role_from(std::string_view name);

struct Operator {
  OperatorId id = 0;  ///< 0: not stored yet
  std::string name;   ///< what they sign in with; ASCII lower case, unique
  std::string display_name;
  std::string person;  ///< who they are; two accounts of one person carry the same
  Role role = Role::operator_;
  std::string password_hash;
  bool must_change_password = false;
  bool disabled = false;
  int failed_sign_ins = 0;
  std::optional<Time> locked_until;
  Time created{};
};

/// What the civil registry holds. All optional; dates "YYYY-MM-DD"; texts in proper Turkish.
struct CivilRecord {
  std::string birth_date, birth_place, mother_name, father_name;
  std::string registry_province, registry_district;
  std::string volume_number, family_number, order_number;  ///< cilt, aile sıra, sıra no
  std::string document_serial;                             ///< identity card's serial
  friend bool operator==(const CivilRecord&, const CivilRecord&) = default;
};

struct Subscriber {
  SubscriberId id = 0;
  std::string pseudonym;    ///< 32 hex digits; given by the store when 0-length
  std::string national_id;  ///< T.C. Kimlik No, 11 digits, checksum right
  std::string given_names, surname;
  std::string mobile;  ///< E.164, "+905xxxxxxxxx"; empty when none is registered
  std::string email;
  CivilRecord civil;
  Time created{};
};

struct PortalAccount {
  SubscriberId subscriber = 0;
  std::string security_word_hash;
  int failed_tries = 0;
  bool blocked = false;
  std::optional<Time> blocked_at;
};

struct Card {
  std::int64_t id = 0;
  SubscriberId subscriber = 0;
  std::string serial, model, state;  ///< state: "active", "locked", "revoked"
  std::string produced;              ///< "YYYY-MM-DD"
};

struct Certificate {
  std::int64_t id = 0;
  SubscriberId subscriber = 0;
  std::string card_serial, serial, state;  ///< state: "active", "not_activated", "suspended", "revoked", "expired"
  std::string not_before, not_after;       ///< "YYYY-MM-DD"
};

enum class TicketState { open, waiting, closed };
enum class Channel { call, desk, email, other };
enum class Priority { low, normal, high, urgent };
std::string_view to_string(TicketState);
std::string_view to_string(Channel);
std::string_view to_string(Priority);
std::optional<TicketState> ticket_state_from(std::string_view);
std::optional<Channel> channel_from(std::string_view);
std::optional<Priority> priority_from(std::string_view);

struct Ticket {
  TicketNumber number = 0;  ///< 0: not stored yet
  std::string id;           ///< opaque
  std::optional<SubscriberId> subscriber;
  TicketState state = TicketState::open;
  Channel channel = Channel::call;
  Priority priority = Priority::normal;
  std::string cause;                   ///< one of core/causes.h, e.g. "password_blocked"
  std::optional<OperatorId> assignee;  ///< none: waiting for somebody
  std::string call_number;             ///< E.164 or empty; sealed in the database
  std::optional<Time> call_proven;     ///< when the telephone system proved call_number; none: it did not
  std::string caller_is;               ///< empty: the holder. Else who calls for the holder (never verified); sealed
  std::string resolution;              ///< sealed
  Time opened{}, updated{};
  std::optional<Time> closed;
};

struct TicketNote {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  std::string author;  ///< operator name
  Time at{};
  std::string text;  ///< sealed in the database
};

/// A caller verified by one method, for one subscriber, on one ticket, for a time.
struct Verification {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  std::string method;  ///< e.g. "sms_code"
  int level = 0;
  Time granted{}, expires{};
  bool voided = false;
  std::string granted_by;  ///< operator name
};

/// How often a method failed on a subscriber, over all tickets and operators.
struct MethodState {
  SubscriberId subscriber = 0;
  std::string method;
  int failures = 0;    ///< since the last success
  int codes_sent = 0;  ///< since the last success; for methods that send codes
  bool locked = false;
};

/// A one-time code that was sent. The code itself is nowhere; only its keyed hash.
struct CodeChallenge {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  std::string keyed_hash;
  Time sent{}, expires{};
  int tries_left = 0;
  bool voided = false;
};

/// Personal data opened for one operator on one ticket, with a reason, for a while.
struct Opening {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  OperatorId operator_id = 0;
  Time until{};
};

/// One version of the policy, as an administrator gave it. The newest is in force.
struct PolicyVersion {
  std::int64_t number = 0;  ///< 0: not stored yet
  std::string sha256;       ///< hex, of the text
  std::string text;         ///< TOML
  Time applied{};
  std::string applied_by;   ///< operator name
};

/// A change that waits until somebody else has agreed to it. It is bound to all that was true when it was asked for.
struct Approval {
  std::int64_t number = 0;  ///< 0: not stored yet
  std::string action;
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  std::string run;                ///< which asked for it
  std::int64_t verification = 0;  ///< which carried it; 0: the action needed none
  OperatorId requested_by = 0;
  std::string person;             ///< of the requester, then
  Role role = Role::operator_;    ///< of the requester, then
  Time requested{}, expires{};
  std::string state = "waiting";  ///< "waiting", "approved", "rejected", "expired", "void"
  std::optional<Time> decided;
  std::string decided_by;         ///< operator name
  std::string execution;          ///< opaque; stands in the records of the approval and of what it set off
  std::string change;             ///< the Change as JSON; sealed in the database
  std::string sentence;           ///< what is said once it is done, a Text as JSON; sealed
  std::string reason;             ///< of a rejection, or why it became void; sealed
};

/// The time after a change of number in which sensitive actions on the subscriber need a supervisor.
struct CoolingOff {
  SubscriberId subscriber = 0;
  Time since{}, until{};
  std::string action, run;  ///< that started it
};

/// That another mobile number was registered. While it can be undone, a call from `restores` brings that number back.
struct NumberChange {
  std::int64_t id = 0;
  SubscriberId subscriber = 0;
  std::string restores;  ///< E.164; of changes in a row the number before the first of them; empty: none. Sealed
  std::string action;    ///< that did it, e.g. "phone.update"; empty: an import
  Time at{}, until{};    ///< when; how long it can be undone
  std::optional<Time> undone;
};

enum class MessageChannel { sms, mail };
std::string_view to_string(MessageChannel);
std::optional<MessageChannel> message_channel_from(std::string_view);

enum class MessageState {
  queued,     ///< waits for its turn, or for the next try
  sending,    ///< given to the gateway; after a crash nobody knows
  sent,       ///< the gateway took it
  delivered,  ///< it arrived
  failed,     ///< it was not sent or did not arrive, and will not be tried again; see `reason`
  unknown,    ///< nobody knows whether it was sent, and it will not be tried again
};
std::string_view to_string(MessageState);
std::optional<MessageState> message_state_from(std::string_view);
/// Nothing more is done for it. A report may still tell more of what was sent, and of what nobody knows.
constexpr bool is_settled(MessageState state) { return state != MessageState::queued && state != MessageState::sending; }

/// A message that leaves after the unit that saved it is committed. What it says is in MessageContent.
struct OutboxMessage {
  std::string id;    ///< opaque; the gateway sees it, and a doubled one is noticed by it
  std::string kind;  ///< one of core/messages.h
  MessageChannel channel = MessageChannel::sms;
  SubscriberId subscriber = 0;
  TicketNumber ticket = 0;
  std::string run;     ///< which asked for it; may be empty
  std::string device;  ///< sends it; drawn by the store when empty
  MessageState state = MessageState::queued;
  std::string reason;  ///< one of core/messages.h, for `queued` after a try, `failed` and `unknown`
  int tries = 0;
  Time next_try{}, deadline{};  ///< not sent before the one, nor from the other on
  Time created{}, changed{};
};

/// Wiped (but for the recipient) as soon as the message is settled.
struct MessageContent {
  std::string message;  ///< id
  SubscriberId subscriber = 0;
  std::string to;       ///< E.164 or a mail address; sealed in the database
  std::string subject;  ///< of a mail; sealed
  sdk::Secret body;     ///< sealed
};

/// That the holder chose a call PIN, and its slow, salted hash. The PIN itself is nowhere.
struct CallPin {
  SubscriberId subscriber = 0;
  std::string hash;
  Time chosen{};
};

/// A call that the telephone system was asked to make to the registered number. It counts once the operator and the
/// telephone system have both confirmed it.
struct CallBack {
  std::string id;  ///< opaque; by it the telephone system names the call
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  std::string number;  ///< E.164, as it was registered then; sealed in the database
  std::string run;     ///< which asked for it
  Time dialled{}, expires{};
  std::optional<Time> answered;  ///< when the telephone system said so
  bool voided = false;           ///< used, replaced by a newer one, or its ticket's caller changed
};

/// What says that a ticket's call was recorded, or that nothing says so.
struct Recording {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  SubscriberId subscriber = 0;
  /// "file": a sealed WAV file; "reference": the telephone system's name for it, as an operator gave it; "telephone": the
  /// same, as the telephone system gave it; "missing": nothing came in time, and the supervisors were told.
  std::string kind;
  std::string reference;  ///< the telephone system's name, or the file's name; sealed in the database
  std::string file;       ///< opaque name in the evidence folder; empty: none
  std::string sha256;     ///< hex, of the file as it was given
  std::int64_t bytes = 0, milliseconds = 0;
  Time attached{};
  std::string attached_by;  ///< operator name; empty: the program
  bool of_this_call = false;  ///< came with the call that the ticket is about now
};

/// What the desk may use of a card for its holder. Erased with them.
struct CardSecret {
  std::int64_t id = 0;
  SubscriberId subscriber = 0;
  std::string family;       ///< e.g. "gids"
  std::string card_serial;  ///< sealed in the database
  std::string kind;         ///< "puk"; "next_puk": a replacement; "admin_key": the key itself; "derived_key": made from the
                            ///< site's key of `key_version`
  int key_version = 0;
  std::string kcv;          ///< of a key: 6 hex digits
  bool spent = false;       ///< of a PUK: told to somebody, to be replaced when the card is next in a reader; of a next one: the
                            ///< card has it perhaps already; of a key: refused by its card
  int answers = 0;          ///< of a key: challenges answered since one is known to have worked; of a PUK: attempts in which
                            ///< the card refused it or it could not be sent, since it last worked
  Time added{};
  sdk::Secret value;        ///< sealed; empty for a derived key
};

/// A key of the authority from which the administration keys of its cards were made. Once here, it stays as it is.
struct CardSiteKey {
  std::int64_t key_version = 0;  ///< from 1
  std::string kcv;               ///< 6 hex digits
  Time added{};
  std::string added_by;          ///< operator name
  sdk::Secret value;             ///< 32, 48 or 64 hex digits; sealed in the database
};

/// One run of an action. A run with no `ended` after a crash is unfinished.
struct ActionRunRow {
  std::string id;  ///< opaque
  std::string action;
  TicketNumber ticket = 0;
  OperatorId operator_id = 0;
  Time started{};
  std::optional<Time> ended;
  std::string outcome;  ///< "done", "refused", "failed", "cancelled", "abandoned", "resolved", "waiting"; empty: open
  std::string device;   ///< which device runs it, so that only its own crash makes it unfinished
};

}  // namespace anahtar::core
