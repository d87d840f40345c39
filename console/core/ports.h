// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <anahtar/sdk/secret.h>

#include "core/model.h"
#include "core/record.h"
#include "core/result.h"

/// What core needs of lower rooms, declared here and implemented there (store, gateways); tests bring their own.
namespace anahtar::core {

using sdk::Secret;

/// An exact look-up. Names match word by word (every word given must be a word of the name), folded in Turkish.
struct SubscriberQuery {
  enum class Kind { id, national_id, mobile, email, name };
  Kind kind = Kind::name;
  std::string value;  ///< normalised: 11 digits, E.164, folded e-mail, folded words separated by one space
};

struct TicketFilter {
  static constexpr int no_limit = std::numeric_limits<int>::max();
  enum class Queue { all, mine, waiting, open, closed };  ///< waiting: open and assigned to nobody
  Queue queue = Queue::open;
  OperatorId me = 0;  ///< for `mine`
  std::optional<SubscriberId> subscriber;
  std::string cause;
  std::optional<TicketNumber> before;  ///< page: only numbers smaller than this one
  int limit = 100;
};

struct TicketCounts {
  std::int64_t mine = 0, waiting = 0, open = 0;
};

/// Which runs of an action count towards a limit: those that changed something, wait for approval or let a secret out
/// (whatever their end was), started later than `since`, of one operator, about one subscriber or on one ticket.
struct RunFilter {
  std::string action;
  std::optional<OperatorId> operator_id;
  std::optional<SubscriberId> subscriber;
  std::optional<TicketNumber> ticket;
  Time since{};
};

/// Requests for four eyes that were decided, or ended in another way, later than `decided_since`.
struct ApprovalFilter {
  std::optional<OperatorId> requested_by;
  std::optional<SubscriberId> subscriber;
  Time decided_since{};
  int limit = 100;
};

/// Oldest first.
struct MessageFilter {
  std::optional<TicketNumber> ticket;
  std::string device;     ///< which sends them; empty: any
  bool unsettled = false; ///< only those for which something is still to be done
  int limit = 1000;
};

/// Reads. [any], each thread on a session of its own. Throws FailureError when the storage does not answer.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual std::optional<Operator> operator_by_id(OperatorId id) = 0;
  virtual std::optional<Operator> operator_named(std::string_view name) = 0;
  virtual std::vector<Operator> operators() = 0;

  virtual std::optional<Subscriber> subscriber(SubscriberId id) = 0;
  /// In order of id, at most `limit`.
  virtual std::vector<Subscriber> subscribers(const SubscriberQuery& query, int limit) = 0;
  virtual std::int64_t subscriber_count() = 0;
  virtual std::optional<PortalAccount> portal_account(SubscriberId subscriber) = 0;
  virtual std::vector<Card> cards(SubscriberId subscriber) = 0;
  virtual std::vector<Certificate> certificates(SubscriberId subscriber) = 0;

  virtual std::optional<Ticket> ticket(TicketNumber number) = 0;
  /// Newest first.
  virtual std::vector<Ticket> tickets(const TicketFilter& filter) = 0;
  virtual TicketCounts ticket_counts(OperatorId me) = 0;
  virtual std::vector<TicketNote> notes(TicketNumber ticket) = 0;

  /// Oldest first, voided and expired ones too.
  virtual std::vector<Verification> verifications(TicketNumber ticket) = 0;
  virtual MethodState method_state(SubscriberId subscriber, std::string_view method) = 0;
  /// The newest code of the ticket, if any.
  virtual std::optional<CodeChallenge> latest_code(TicketNumber ticket) = 0;
  virtual std::optional<Opening> opening(TicketNumber ticket, OperatorId operator_id) = 0;

  virtual std::optional<ActionRunRow> action_run(std::string_view id) = 0;
  /// Runs without an end, oldest first, of every device.
  virtual std::vector<ActionRunRow> open_runs() = 0;
  virtual std::int64_t run_count(const RunFilter& filter) = 0;

  /// Nothing while the defaults of the program are in force.
  virtual std::optional<PolicyVersion> policy_in_force() = 0;
  virtual std::optional<Approval> approval(std::int64_t number) = 0;
  /// Oldest first, expired ones too.
  virtual std::vector<Approval> waiting_approvals() = 0;
  /// Newest first.
  virtual std::vector<Approval> approvals(const ApprovalFilter& filter) = 0;
  /// Also when it is over.
  virtual std::optional<CoolingOff> cooling_off(SubscriberId subscriber) = 0;
  /// Oldest first.
  virtual std::vector<NumberChange> number_changes(SubscriberId subscriber) = 0;

  virtual std::optional<OutboxMessage> message(std::string_view id) = 0;
  virtual std::vector<OutboxMessage> messages(const MessageFilter& filter) = 0;
  virtual std::optional<MessageContent> message_content(std::string_view id) = 0;
  virtual std::optional<CallPin> call_pin(SubscriberId subscriber) = 0;
  virtual std::optional<CallBack> call_back(std::string_view id) = 0;
  /// The newest of the ticket, voided or not.
  virtual std::optional<CallBack> latest_call_back(TicketNumber ticket) = 0;
  virtual std::optional<Recording> recording(std::int64_t id) = 0;
  /// Oldest first, with the rows that say "missing".
  virtual std::vector<Recording> recordings(TicketNumber ticket) = 0;
  /// The oldest one of a file with this content.
  virtual std::optional<Recording> recording_with(std::string_view sha256) = 0;
  /// Tickets on which `method` verified somebody at `from` or later and before `to`, and of which no row of a recording
  /// exists. Ascending.
  virtual std::vector<TicketNumber> tickets_without_recording(std::string_view method, Time from, Time to) = 0;
  /// Tickets whose only row of a recording says "missing". Ascending.
  virtual std::vector<TicketNumber> tickets_missing_recording() = 0;
  /// In order of id.
  virtual std::vector<CardSecret> card_secrets(SubscriberId subscriber) = 0;
  virtual std::optional<CardSiteKey> card_site_key(std::int64_t key_version) = 0;
  /// In order of version.
  virtual std::vector<CardSiteKey> card_site_keys() = 0;
  /// Who has, or once had, a card with a key derived from a site key: of this version, or of any. Ascending.
  virtual std::vector<SubscriberId> holders_of_derived_keys(std::optional<std::int64_t> key_version) = 0;
  /// Runs that took effect later than `since`, by themselves or by an approval, in the order of their ends.
  virtual std::vector<ActionRunRow> runs_done_since(Time since) = 0;
};

/// One unit of work inside the writer's transaction: it reads what is true now, saves, and records. Everything saved
/// is bound to the unit's first record (the record's entry holds the digests of the rows), so a unit that saves and
/// records nothing is a defect and is refused. Throws FailureError when the storage does not answer.
class Transaction : public Reader {
 public:
  // Saves insert when the id (number) is 0 and then set it; opaque ids and pseudonyms are drawn when empty.
  virtual void save(Operator& value) = 0;
  virtual void save(Subscriber& value) = 0;
  virtual void save(PortalAccount& value) = 0;
  virtual void save(Card& value) = 0;
  virtual void save(Certificate& value) = 0;
  virtual void save(Ticket& value) = 0;
  virtual void save(TicketNote& value) = 0;
  virtual void save(Verification& value) = 0;
  virtual void save(MethodState& value) = 0;
  virtual void save(CodeChallenge& value) = 0;
  virtual void save(Opening& value) = 0;
  virtual void save(ActionRunRow& value) = 0;
  virtual void save(PolicyVersion& value) = 0;
  virtual void save(Approval& value) = 0;
  virtual void save(CoolingOff& value) = 0;
  virtual void save(NumberChange& value) = 0;
  virtual void save(OutboxMessage& value) = 0;
  virtual void save(MessageContent& value) = 0;
  virtual void save(CallPin& value) = 0;
  virtual void save(CallBack& value) = 0;
  virtual void save(Recording& value) = 0;
  virtual void save(CardSecret& value) = 0;
  virtual void save(CardSiteKey& value) = 0;  ///< its version is the caller's

  virtual void record(Record record) = 0;
};

/// Where an entry stands once it is durable.
struct Receipt {
  std::string device;  ///< hex UUID
  std::uint32_t incarnation = 0;
  std::uint64_t seq = 0;  ///< of the unit's first record
};

/// The one writer of the process. [any]
class Writer {
 public:
  virtual ~Writer() = default;
  /// Runs `unit` on the writer's thread, together with other waiting units in one commit, each on its own savepoint.
  /// A failure or exception of the unit undoes that unit alone. Returns after the commit is durable.
  /// The unit must not block, ask, or call commit.
  virtual Result<Receipt> commit(std::function<Result<void>(Transaction&)> unit) = 0;
  /// The device that this process writes as (hex UUID).
  virtual std::string device() const = 0;
};

struct AuditRow {
  std::string device;
  std::uint32_t incarnation = 0;
  std::uint64_t seq = 0;
  Time time{};
  std::string type, actor, role;
  std::optional<TicketNumber> ticket;
  std::optional<SubscriberId> subscriber;
  std::vector<std::pair<std::string, std::string>> fields;  ///< name and value; sealed ones opened, or "erased"
};

struct AuditFilter {
  std::optional<Time> from, to;  ///< from ≤ time < to
  std::string type;              ///< exact, or a prefix that ends in '.', e.g. "ticket."
  std::string actor;
  std::string device;
  std::optional<TicketNumber> ticket;
  std::optional<SubscriberId> subscriber;
  std::int64_t offset = 0;
  int limit = 200;
  bool newest_first = true;
};

enum class Verdict { intact, tampered, incomplete, forked, unverifiable };
std::string_view to_string(Verdict verdict);

struct AuditReport {
  Verdict verdict = Verdict::unverifiable;
  Text sentence;          ///< what was found and what to do
  std::string first_bad;  ///< "device/incarnation/seq" of the first bad entry, or empty
  std::uint64_t entries = 0;
  std::int64_t unfinished = 0;  ///< actions that started and never ended
  std::vector<Text> notes;      ///< e.g. that an end was cut before its first sync cannot be seen
};

/// The audit log as its readers see it. [any]
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  virtual std::vector<AuditRow> list(const AuditFilter& filter) = 0;
  virtual std::int64_t count(const AuditFilter& filter) = 0;
  /// Writes nothing. `progress` gets entries done and entries in all, often, from any thread.
  virtual AuditReport verify(const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::stop_token stop) = 0;
};

/// Randomness, password hashes and keyed hashes; the keys stay behind this interface. [any]
class Vault {
 public:
  virtual ~Vault() = default;
  virtual std::string random_id() = 0;  ///< 32 hex digits
  virtual std::uint32_t random_below(std::uint32_t bound) = 0;
  virtual Secret random_digits(std::size_t count) = 0;
  virtual std::string hash_password(const Secret& password) = 0;
  virtual bool password_matches(const Secret& password, const std::string& hash) = 0;
  /// Same input, same output; the key never leaves. `context` binds it, e.g. "code/<ticket>/<purpose>".
  virtual std::string keyed_hash(std::string_view context, const Secret& value) = 0;
  /// Hex SHA-256 of something public.
  virtual std::string sha256(std::string_view bytes) = 0;
};

/// Which key of which card. `value` is empty when the key is derived from the site's key of that version: the imported one,
/// else one of this site's own.
struct CardKeyRef {
  const std::string& family;
  const std::string& serial;
  int version = 0;
  const Secret& value;
};

/// What the administration keys of cards are used for, so that a hardware module can take this place. Raw bytes. [any]
class CardKeys {
 public:
  virtual ~CardKeys() = default;
  /// A challenge of 8 bytes is answered with triple DES, one of 16 with AES; one block. Code::invalid: it does not fit the key.
  virtual Result<std::string> respond(const CardKeyRef& key, const std::string& challenge) = 0;
  /// 6 hex digits: the first three bytes of zeros under the key. One for each cipher that a card may use the key with, triple
  /// DES before AES. Code::invalid: that is no key.
  virtual Result<std::vector<std::string>> check_values(const CardKeyRef& key) = 0;
  /// That of a site's key, an AES key as 32, 48 or 64 hex digits, that is not here yet.
  virtual Result<std::string> check_value_of_site_key(const Secret& key) = 0;
};

/// How a gateway fares, for a status bar.
struct GatewayState {
  enum class Health {
    not_set_up,  ///< nothing is configured for it
    ok,
    degraded,  ///< the last calls failed; it is tried again after `retry_in`
    down,      ///< it will not come back by itself (certificate, password), or has been away for long
  };
  Health health = Health::not_set_up;
  std::optional<std::chrono::seconds> retry_in;  ///< nothing is sent before; with degraded and down
  Text sentence;                                 ///< what is wrong and what to do; may be empty when ok
};

/// A short message to a telephone. The body is secret: it may hold a code.
struct TextMessage {
  std::string id;    ///< opaque; a doubled one is noticed by it
  std::string kind;  ///< e.g. "verification_code"
  std::string to;    ///< E.164
  Secret body;
  bool may_repeat = false;  ///< a second copy does no harm: sent even when nobody knows whether it was sent before
};

/// What became of a message after a gateway took it. Reports come doubled and out of order; see `supersedes`.
enum class DeliveryState {
  queued,     ///< the operator's centre keeps it, e.g. the telephone is off
  sent,       ///< the operator's centre took it
  delivered,  ///< it is on the telephone
  failed,     ///< it will not arrive
};
/// Whether a report changes what is known: delivered and failed are final, and sent is not undone by a late queued.
constexpr bool supersedes(DeliveryState fresh, DeliveryState known) {
  const auto rank = [](DeliveryState state) { return state == DeliveryState::failed ? 2 : static_cast<int>(state); };
  return rank(fresh) > rank(known);
}

class MessageGateway {
 public:
  virtual ~MessageGateway() = default;
  virtual std::string name() const = 0;
  /// Code::unavailable: certainly not sent, and may be tried again. Code::invalid or refused: not sent, and will not be
  /// however often it is tried. Code::internal: nobody knows.
  virtual Result<> send(const TextMessage& message) = 0;
  virtual GatewayState state() const { return {GatewayState::Health::ok, {}, {}}; }
  /// Looks whether the gateway can be reached, without sending anything; state() tells the result. Not while it is left
  /// alone for a pause. May take as long as a call. [worker]
  virtual void look() {}
};

/// The telephone system, as far as the desk makes it call somebody. [any]
class Telephone {
 public:
  virtual ~Telephone() = default;
  virtual std::string name() const = 0;
  /// Asks for a call to `number` (E.164); `id` names it in the event that says it was answered. A failure with
  /// Code::unavailable: certainly not dialled. Code::internal: nobody knows.
  virtual Result<> dial(const std::string& number, const std::string& id) = 0;
};

/// What a file with sound was found to be.
struct SoundFacts {
  std::string sha256;  ///< hex, of the whole file
  std::int64_t bytes = 0, milliseconds = 0;
};

/// Looks at files with sound. [worker]
class SoundInspector {
 public:
  virtual ~SoundInspector() = default;
  /// Code::invalid with a sentence when the file is no WAV file, is not complete, or is larger than `largest` bytes.
  virtual Result<SoundFacts> inspect(const std::filesystem::path& file, std::int64_t largest) = 0;
};

/// Files sealed under the key of the subscriber whom they are about: they go when that key is destroyed. [worker]
class EvidenceFolder {
 public:
  virtual ~EvidenceFolder() = default;
  struct Sealed {
    std::string name;    ///< opaque
    std::string sha256;  ///< hex, of what was sealed
  };
  virtual Result<Sealed> seal(SubscriberId subscriber, const std::filesystem::path& file, std::int64_t largest) = 0;
  /// Writes the opened file to `target`, 0600, which must not exist yet; only a whole and unchanged file stays there.
  virtual Result<> open(SubscriberId subscriber, const std::string& name, const std::string& sha256,
                        const std::filesystem::path& target) = 0;
  /// The opened file, in memory alone; nothing of it is written anywhere.
  virtual Result<std::string> read(SubscriberId subscriber, const std::string& name, const std::string& sha256) = 0;
  /// For a file whose record could not be written.
  virtual void drop(const std::string& name) = 0;
};

/// A plain-text mail. The body is secret: it may hold a new security word.
struct MailMessage {
  std::string id;       ///< opaque; becomes the Message-ID, by which a doubled one is noticed
  std::string kind;     ///< e.g. "security_word"
  std::string to;       ///< one address, "holder@example.org"
  std::string subject;  ///< UTF-8, one line
  Secret body;          ///< UTF-8
  bool may_repeat = false;  ///< as in TextMessage
};

class MailGateway {
 public:
  virtual ~MailGateway() = default;
  virtual std::string name() const = 0;
  /// Failures as of MessageGateway.
  virtual Result<> send(const MailMessage& message) = 0;
  virtual GatewayState state() const = 0;
  virtual void look() {}
};

/// The civil registry's own word on a subscriber.
class CivilRegistryService {
 public:
  virtual ~CivilRegistryService() = default;
  virtual std::string name() const = 0;
  /// Whether the registry confirms national id, names, date of birth and identity card as the record has them; one
  /// answer for the whole set. Code::invalid: the record lacks what must be asked. Code::unavailable: no answer that
  /// could be trusted. A failure is never a yes.
  virtual Result<bool> confirm(const Subscriber& subscriber) = 0;
  virtual GatewayState state() const = 0;
  virtual void look() {}
};

}  // namespace anahtar::core
