// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>

#include "core/ports.h"
#include "store/sealer.h"
#include "store/session.h"

namespace anahtar::store {

/// core::Reader's questions on one session. In a transaction it sees what the transaction wrote.
class Queries {
 public:
  Queries(Session& session, const SiteKeys& keys, Sealer& sealer) : session_(session), keys_(keys), sealer_(sealer) {}

  std::optional<core::Operator> operator_by_id(core::OperatorId id);
  std::optional<core::Operator> operator_named(std::string_view name);
  std::vector<core::Operator> operators();
  std::optional<core::Subscriber> subscriber(core::SubscriberId id);
  std::vector<core::Subscriber> subscribers(const core::SubscriberQuery& query, int limit);
  std::int64_t subscriber_count();
  std::optional<core::PortalAccount> portal_account(core::SubscriberId subscriber);
  std::vector<core::Card> cards(core::SubscriberId subscriber);
  std::vector<core::Certificate> certificates(core::SubscriberId subscriber);
  std::optional<core::Ticket> ticket(core::TicketNumber number);
  std::vector<core::Ticket> tickets(const core::TicketFilter& filter);
  core::TicketCounts ticket_counts(core::OperatorId me);
  std::vector<core::TicketNote> notes(core::TicketNumber ticket);
  std::vector<core::Verification> verifications(core::TicketNumber ticket);
  core::MethodState method_state(core::SubscriberId subscriber, std::string_view method);
  std::optional<core::CodeChallenge> latest_code(core::TicketNumber ticket);
  std::optional<core::Opening> opening(core::TicketNumber ticket, core::OperatorId operator_id);
  std::optional<core::ActionRunRow> action_run(std::string_view id);
  std::vector<core::ActionRunRow> open_runs();
  std::int64_t run_count(const core::RunFilter& filter);
  std::optional<core::PolicyVersion> policy_in_force();
  std::optional<core::Approval> approval(std::int64_t number);
  std::vector<core::Approval> waiting_approvals();
  std::vector<core::Approval> approvals(const core::ApprovalFilter& filter);
  std::optional<core::CoolingOff> cooling_off(core::SubscriberId subscriber);
  std::vector<core::NumberChange> number_changes(core::SubscriberId subscriber);
  std::optional<core::OutboxMessage> message(std::string_view id);
  std::vector<core::OutboxMessage> messages(const core::MessageFilter& filter);
  std::vector<core::CardSecret> card_secrets(core::SubscriberId subscriber);
  std::optional<core::CardSiteKey> card_site_key(std::int64_t key_version);
  std::vector<core::CardSiteKey> card_site_keys();
  std::vector<core::SubscriberId> holders_of_derived_keys(std::optional<std::int64_t> key_version);
  std::optional<core::MessageContent> message_content(std::string_view id);
  std::optional<core::CallPin> call_pin(core::SubscriberId subscriber);
  std::optional<core::CallBack> call_back(std::string_view id);
  std::optional<core::CallBack> latest_call_back(core::TicketNumber ticket);
  std::optional<core::Recording> recording(std::int64_t id);
  std::vector<core::Recording> recordings(core::TicketNumber ticket);
  std::optional<core::Recording> recording_with(std::string_view sha256);
  std::vector<core::TicketNumber> tickets_without_recording(std::string_view method, core::Time from, core::Time to);
  std::vector<core::TicketNumber> tickets_missing_recording();
  std::vector<core::ActionRunRow> runs_done_since(core::Time since);

  // What the audit log and the writer ask beside.
  std::optional<std::string> pseudonym_of(core::SubscriberId id);
  std::optional<core::SubscriberId> subscriber_with(std::string_view pseudonym);
  std::optional<std::string> ticket_id_of(core::TicketNumber number);
  std::optional<core::TicketNumber> ticket_with(std::string_view id);

 private:
  std::vector<std::int64_t> numbers(const std::string& sql, std::initializer_list<Value> parameters);
  template <class Entity>
  std::vector<Entity> select(const std::string& rest, const std::vector<Value>& parameters);
  template <class Entity>
  std::optional<Entity> select_one(const std::string& rest, const std::vector<Value>& parameters);

  Session& session_;
  const SiteKeys& keys_;
  Sealer& sealer_;
};

/// Implements a port's reads by asking the Queries that `with` provides.
template <class Port>
class Reads : public Port {
 public:
  std::optional<core::Operator> operator_by_id(core::OperatorId id) override {
    return with([&](Queries& q) { return q.operator_by_id(id); });
  }
  std::optional<core::Operator> operator_named(std::string_view name) override {
    return with([&](Queries& q) { return q.operator_named(name); });
  }
  std::vector<core::Operator> operators() override {
    return with([&](Queries& q) { return q.operators(); });
  }
  std::optional<core::Subscriber> subscriber(core::SubscriberId id) override {
    return with([&](Queries& q) { return q.subscriber(id); });
  }
  std::vector<core::Subscriber> subscribers(const core::SubscriberQuery& query, int limit) override {
    return with([&](Queries& q) { return q.subscribers(query, limit); });
  }
  std::int64_t subscriber_count() override {
    return with([&](Queries& q) { return q.subscriber_count(); });
  }
  std::optional<core::PortalAccount> portal_account(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.portal_account(subscriber); });
  }
  std::vector<core::Card> cards(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.cards(subscriber); });
  }
  std::vector<core::Certificate> certificates(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.certificates(subscriber); });
  }
  std::optional<core::Ticket> ticket(core::TicketNumber number) override {
    return with([&](Queries& q) { return q.ticket(number); });
  }
  std::vector<core::Ticket> tickets(const core::TicketFilter& filter) override {
    return with([&](Queries& q) { return q.tickets(filter); });
  }
  core::TicketCounts ticket_counts(core::OperatorId me) override {
    return with([&](Queries& q) { return q.ticket_counts(me); });
  }
  std::vector<core::TicketNote> notes(core::TicketNumber ticket) override {
    return with([&](Queries& q) { return q.notes(ticket); });
  }
  std::vector<core::Verification> verifications(core::TicketNumber ticket) override {
    return with([&](Queries& q) { return q.verifications(ticket); });
  }
  core::MethodState method_state(core::SubscriberId subscriber, std::string_view method) override {
    return with([&](Queries& q) { return q.method_state(subscriber, method); });
  }
  std::optional<core::CodeChallenge> latest_code(core::TicketNumber ticket) override {
    return with([&](Queries& q) { return q.latest_code(ticket); });
  }
  std::optional<core::Opening> opening(core::TicketNumber ticket, core::OperatorId operator_id) override {
    return with([&](Queries& q) { return q.opening(ticket, operator_id); });
  }
  std::optional<core::ActionRunRow> action_run(std::string_view id) override {
    return with([&](Queries& q) { return q.action_run(id); });
  }
  std::vector<core::ActionRunRow> open_runs() override {
    return with([&](Queries& q) { return q.open_runs(); });
  }
  std::int64_t run_count(const core::RunFilter& filter) override {
    return with([&](Queries& q) { return q.run_count(filter); });
  }
  std::optional<core::PolicyVersion> policy_in_force() override {
    return with([&](Queries& q) { return q.policy_in_force(); });
  }
  std::optional<core::Approval> approval(std::int64_t number) override {
    return with([&](Queries& q) { return q.approval(number); });
  }
  std::vector<core::Approval> waiting_approvals() override {
    return with([&](Queries& q) { return q.waiting_approvals(); });
  }
  std::vector<core::Approval> approvals(const core::ApprovalFilter& filter) override {
    return with([&](Queries& q) { return q.approvals(filter); });
  }
  std::vector<core::NumberChange> number_changes(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.number_changes(subscriber); });
  }
  std::optional<core::CoolingOff> cooling_off(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.cooling_off(subscriber); });
  }
  std::optional<core::OutboxMessage> message(std::string_view id) override {
    return with([&](Queries& q) { return q.message(id); });
  }
  std::vector<core::OutboxMessage> messages(const core::MessageFilter& filter) override {
    return with([&](Queries& q) { return q.messages(filter); });
  }
  std::vector<core::CardSecret> card_secrets(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.card_secrets(subscriber); });
  }
  std::optional<core::CardSiteKey> card_site_key(std::int64_t key_version) override {
    return with([&](Queries& q) { return q.card_site_key(key_version); });
  }
  std::vector<core::CardSiteKey> card_site_keys() override {
    return with([&](Queries& q) { return q.card_site_keys(); });
  }
  std::vector<core::SubscriberId> holders_of_derived_keys(std::optional<std::int64_t> key_version) override {
    return with([&](Queries& q) { return q.holders_of_derived_keys(key_version); });
  }
  std::optional<core::MessageContent> message_content(std::string_view id) override {
    return with([&](Queries& q) { return q.message_content(id); });
  }

  std::optional<core::CallPin> call_pin(core::SubscriberId subscriber) override {
    return with([&](Queries& q) { return q.call_pin(subscriber); });
  }
  std::optional<core::CallBack> call_back(std::string_view id) override {
    return with([&](Queries& q) { return q.call_back(id); });
  }
  std::optional<core::CallBack> latest_call_back(core::TicketNumber ticket) override {
    return with([&](Queries& q) { return q.latest_call_back(ticket); });
  }
  std::optional<core::Recording> recording(std::int64_t id) override {
    return with([&](Queries& q) { return q.recording(id); });
  }
  std::vector<core::Recording> recordings(core::TicketNumber ticket) override {
    return with([&](Queries& q) { return q.recordings(ticket); });
  }
  std::optional<core::Recording> recording_with(std::string_view sha256) override {
    return with([&](Queries& q) { return q.recording_with(sha256); });
  }
  std::vector<core::TicketNumber> tickets_without_recording(std::string_view method, core::Time from,
                                                            core::Time to) override {
    return with([&](Queries& q) { return q.tickets_without_recording(method, from, to); });
  }
  std::vector<core::TicketNumber> tickets_missing_recording() override {
    return with([&](Queries& q) { return q.tickets_missing_recording(); });
  }
  std::vector<core::ActionRunRow> runs_done_since(core::Time since) override {
    return with([&](Queries& q) { return q.runs_done_since(since); });
  }

 protected:
  /// Calls back at once with questions to ask.
  virtual void ask(const std::function<void(Queries&)>& question) = 0;

 private:
  template <class Question>
  auto with(Question&& question) {
    std::optional<std::invoke_result_t<Question, Queries&>> answer;
    ask([&](Queries& queries) { answer.emplace(question(queries)); });
    return std::move(*answer);
  }
};

}  // namespace anahtar::store
