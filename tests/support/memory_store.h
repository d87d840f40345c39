// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/outbox.h"

namespace anahtar::testing {

/// A clock that stands still until it is told to move. It starts on 2026-01-05 at 09:00 UTC.
class FakeClock : public core::Clock {
 public:
  core::Time now() const override { return now_; }
  void set(core::Time time) { now_ = time; }
  void advance(std::chrono::microseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<core::Time> now_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};
};

/// One record as it was written.
struct StoredRecord {
  std::uint64_t seq = 0;
  core::Time time{};
  core::Record record;
};

/// core::MessageContent as it lies here: without a secret, so that it can be copied.
struct StoredContent {
  core::SubscriberId subscriber = 0;
  std::string to, subject, body;
};

struct StoredCardSecret {
  core::CardSecret entity() const {
    return {id, subscriber, family, card_serial, kind, key_version, kcv, spent, answers, added, sdk::Secret(std::string(value))};
  }
  std::int64_t id = 0;
  core::SubscriberId subscriber = 0;
  std::string family, card_serial, kind;
  int key_version = 0;
  std::string kcv;
  bool spent = false;
  int answers = 0;
  core::Time added{};
  std::string value;
};

struct StoredSiteKey {
  core::CardSiteKey entity() const { return {key_version, kcv, added, added_by, sdk::Secret(std::string(value))}; }
  std::int64_t key_version = 0;
  std::string kcv;
  core::Time added{};
  std::string added_by, value;
};

/// The whole of the desk's storage in memory: everything that core asks of lower rooms, with the same rules. A unit that
/// fails leaves no trace; a unit that saves and records nothing is refused with Code::internal; a unit that uses the store
/// instead of its transaction gets a std::logic_error. [any]
class MemoryStore : public core::Reader, public core::Writer, public core::Vault, public core::AuditLog {
 public:
  explicit MemoryStore(const core::Clock& clock) : clock_(clock) {}

  // For tests.
  std::vector<StoredRecord> records() const;
  std::vector<core::Record> records_of(std::string_view type) const;
  /// Commits fail with this, leaving no trace, as on a full disk; the first `after` ones still succeed.
  void fail_commits_with(core::Failure failure, int after = 0);
  void let_commits_succeed();
  std::uint64_t commits() const;

  // core::Reader
  std::optional<core::Operator> operator_by_id(core::OperatorId id) override;
  std::optional<core::Operator> operator_named(std::string_view name) override;
  std::vector<core::Operator> operators() override;
  std::optional<core::Subscriber> subscriber(core::SubscriberId id) override;
  std::vector<core::Subscriber> subscribers(const core::SubscriberQuery& query, int limit) override;
  std::int64_t subscriber_count() override;
  std::optional<core::PortalAccount> portal_account(core::SubscriberId subscriber) override;
  std::vector<core::Card> cards(core::SubscriberId subscriber) override;
  std::vector<core::Certificate> certificates(core::SubscriberId subscriber) override;
  std::optional<core::Ticket> ticket(core::TicketNumber number) override;
  std::vector<core::Ticket> tickets(const core::TicketFilter& filter) override;
  core::TicketCounts ticket_counts(core::OperatorId me) override;
  std::vector<core::TicketNote> notes(core::TicketNumber ticket) override;
  std::vector<core::Verification> verifications(core::TicketNumber ticket) override;
  core::MethodState method_state(core::SubscriberId subscriber, std::string_view method) override;
  std::optional<core::CodeChallenge> latest_code(core::TicketNumber ticket) override;
  std::optional<core::Opening> opening(core::TicketNumber ticket, core::OperatorId operator_id) override;
  std::optional<core::ActionRunRow> action_run(std::string_view id) override;
  std::vector<core::ActionRunRow> open_runs() override;
  std::int64_t run_count(const core::RunFilter& filter) override;
  std::optional<core::PolicyVersion> policy_in_force() override;
  std::optional<core::Approval> approval(std::int64_t number) override;
  std::vector<core::Approval> waiting_approvals() override;
  std::vector<core::Approval> approvals(const core::ApprovalFilter& filter) override;
  std::optional<core::CoolingOff> cooling_off(core::SubscriberId subscriber) override;
  std::vector<core::NumberChange> number_changes(core::SubscriberId subscriber) override;
  std::optional<core::OutboxMessage> message(std::string_view id) override;
  std::vector<core::OutboxMessage> messages(const core::MessageFilter& filter) override;
  std::optional<core::MessageContent> message_content(std::string_view id) override;
  std::optional<core::CallPin> call_pin(core::SubscriberId subscriber) override;
  std::vector<core::CardSecret> card_secrets(core::SubscriberId subscriber) override;
  std::optional<core::CardSiteKey> card_site_key(std::int64_t key_version) override;
  std::vector<core::CardSiteKey> card_site_keys() override;
  std::vector<core::SubscriberId> holders_of_derived_keys(std::optional<std::int64_t> key_version) override;
  std::optional<core::CallBack> call_back(std::string_view id) override;
  std::optional<core::CallBack> latest_call_back(core::TicketNumber ticket) override;
  std::optional<core::Recording> recording(std::int64_t id) override;
  std::vector<core::Recording> recordings(core::TicketNumber ticket) override;
  std::optional<core::Recording> recording_with(std::string_view sha256) override;
  std::vector<core::TicketNumber> tickets_without_recording(std::string_view method, core::Time from,
                                                            core::Time to) override;
  std::vector<core::TicketNumber> tickets_missing_recording() override;
  std::vector<core::ActionRunRow> runs_done_since(core::Time since) override;

  // core::Writer
  core::Result<core::Receipt> commit(std::function<core::Result<void>(core::Transaction&)> unit) override;
  std::string device() const override { return "0000000000004000800000000000d00d"; }

  // core::Vault: repeatable, and nothing of the input can be read in the output. Not for real secrets.
  std::string random_id() override;
  std::uint32_t random_below(std::uint32_t bound) override;
  sdk::Secret random_digits(std::size_t count) override;
  std::string hash_password(const sdk::Secret& password) override;
  bool password_matches(const sdk::Secret& password, const std::string& hash) override;
  std::string keyed_hash(std::string_view context, const sdk::Secret& value) override;
  std::string sha256(std::string_view bytes) override;

  // core::AuditLog
  std::vector<core::AuditRow> list(const core::AuditFilter& filter) override;
  std::int64_t count(const core::AuditFilter& filter) override;
  core::AuditReport verify(const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                           std::stop_token stop) override;

 private:
  struct Tables {
    std::map<core::OperatorId, core::Operator> operators;
    std::map<core::SubscriberId, core::Subscriber> subscribers;
    std::map<std::string, core::SubscriberId> by_national_id;
    std::map<core::SubscriberId, core::PortalAccount> accounts;
    std::map<std::int64_t, core::Card> cards;
    std::map<std::int64_t, core::Certificate> certificates;
    std::map<core::TicketNumber, core::Ticket> tickets;
    std::map<std::int64_t, core::TicketNote> notes;
    std::map<std::int64_t, core::Verification> verifications;
    std::map<std::pair<core::SubscriberId, std::string>, core::MethodState> methods;
    std::map<std::int64_t, core::CodeChallenge> codes;
    std::map<std::int64_t, core::Opening> openings;
    std::map<std::string, core::ActionRunRow> runs;
    std::map<std::int64_t, core::PolicyVersion> policies;
    std::map<std::int64_t, core::Approval> approvals;
    std::map<core::SubscriberId, core::CoolingOff> cooling_off;
    std::map<std::int64_t, core::NumberChange> number_changes;
    std::map<std::string, core::OutboxMessage> messages;
    std::map<std::string, StoredContent> contents;
    std::map<core::SubscriberId, core::CallPin> call_pins;
    std::map<std::int64_t, StoredCardSecret> card_secrets;
    std::map<std::int64_t, StoredSiteKey> card_site_keys;
    std::map<std::string, core::CallBack> call_backs;
    std::map<std::int64_t, core::Recording> recordings;
    std::vector<StoredRecord> records;
  };
  class Unit;

  template <class Work>
  auto locked(Work work) const;
  std::uint64_t next_random();
  std::vector<core::AuditRow> matching(const core::AuditFilter& filter) const;

  const core::Clock& clock_;
  mutable std::mutex mutex_;
  std::atomic<std::thread::id> writing_{};
  Tables tables_;
  std::mutex random_mutex_;
  std::uint64_t random_state_ = 2026;
  std::optional<core::Failure> failure_;
  int commits_before_failure_ = 0;
  std::uint64_t commits_ = 0;
};

/// A message as it reached the telephone.
struct SentMessage {
  std::string id, kind, to, body;
};

/// Keeps what it is given to send. [any]
class FakeGateway : public core::MessageGateway {
 public:
  std::string name() const override { return "fake"; }
  core::Result<> send(const core::TextMessage& message) override;

  std::vector<SentMessage> messages() const;
  void fail_with(core::Failure failure);
  void let_succeed();

 private:
  mutable std::mutex mutex_;
  std::vector<SentMessage> messages_;
  std::optional<core::Failure> failure_;
};

/// The same for mail; `subject` and body in SentMessage::body, with a line end between.
class FakeMail : public core::MailGateway {
 public:
  std::string name() const override { return "fake"; }
  core::Result<> send(const core::MailMessage& message) override {
    return sent_.send({message.id, message.kind, message.to,
                       sdk::Secret(message.subject + "\n" + std::string(message.body.expose()))});
  }
  core::GatewayState state() const override { return {core::GatewayState::Health::ok, {}, {}}; }
  std::vector<SentMessage> messages() const { return sent_.messages(); }
  void fail_with(core::Failure failure) { sent_.fail_with(std::move(failure)); }
  void let_succeed() { sent_.let_succeed(); }

 private:
  FakeGateway sent_;
};

/// A lock that this process has, unless the test says that another one has it.
class OnlySender : public core::SenderLock {
 public:
  bool take() override { return free; }
  std::atomic<bool> free = true;
};

/// A telephone system that keeps what it is asked to dial. [any]
class FakeTelephone : public core::Telephone {
 public:
  struct Call {
    std::string number, id;
  };
  std::string name() const override { return "fake"; }
  core::Result<> dial(const std::string& number, const std::string& id) override;

  std::vector<Call> calls() const;
  void fail_with(core::Failure failure);

 private:
  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  std::optional<core::Failure> failure_;
};

/// Every operator of the demo signs in with this.
inline constexpr char demo_password[] = "fictional password 1";

/// The identifiers of what `fill_demo` stored.
struct Demo {
  core::Operator operator_, other_operator, supervisor, field, administrator;  ///< ada, bora, selin, fatma, yusuf
  core::SubscriberId blocked = 0;   ///< "Işık İnci Örnek", 3 wrong tries, portal blocked, full civil record, a card
  core::SubscriberId active = 0;    ///< "Çağrı Deneme", nothing wrong
  core::SubscriberId no_phone = 0;  ///< "Ümit Kurmaca", no mobile registered
  core::SubscriberId shared_a = 0, shared_b = 0;  ///< "Gül Masal" and "Ege Masal" share one mobile
  core::TicketNumber open = 0;     ///< on `blocked`, waiting for nobody in particular
  core::TicketNumber taken = 0;    ///< on `active`, the operator's
  core::TicketNumber closed = 0;   ///< on `active`
};
/// Fills any store, in one unit, with people who do not exist (mobiles +90500 000 00 xx).
Demo fill_demo(core::Writer& writer, core::Vault& vault, core::Time now);
inline Demo fill_demo(MemoryStore& store, const core::Clock& clock) { return fill_demo(store, store, clock.now()); }

/// A T.C. Kimlik No with the right checksum from a number below 10^8 (it begins with 1).
std::string fictional_national_id(std::uint32_t number);

}  // namespace anahtar::testing
