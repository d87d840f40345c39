// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "core/actions.h"
#include "support/memory_store.h"
#include "support/scripted_conversation.h"

namespace anahtar::testing {

/// A whole desk in memory, with actions from a catalogue of the test's choice.
struct Office {
  explicit Office(core::PluginCatalogue with) : plugins(std::move(with)) { open_actions(); }

  void open_actions() {
    actions.reset();
    outbox.reset();
    outbox = std::make_unique<core::Outbox>(
        store, store, clock, core::Outbox::Ways{has_gateway ? &gateway : nullptr, has_mail ? &mail : nullptr}, lock,
        [this](core::Transaction& tx, const core::OutboxMessage& m) { verification.code_never_left(tx, m); });
    actions = std::make_unique<core::Actions>(store, store, store, verification,
                                              core::Outside{outbox.get(), civil_registry, has_telephone ? &telephone : nullptr, cards, card_keys}, plugins, clock);
  }

  core::Session session_of(const core::Operator& who) const {
    return {"session-" + who.name, who.id, who.name, who.display_name, who.person, who.role, false};
  }
  core::Session operator_() const { return session_of(demo.operator_); }
  core::Session supervisor() const { return session_of(demo.supervisor); }

  /// Changes what is stored, with a record of no meaning.
  template <class Change>
  void change(Change change) {
    const auto done = store.commit([&](core::Transaction& tx) -> core::Result<> {
      tx.record({"test.changed", "", "", "", "", {}});
      change(tx);
      return {};
    });
    if (!done) throw core::FailureError(done.error());
  }
  template <class Change>
  void change_ticket(core::TicketNumber number, Change change_it) {
    change([&](core::Transaction& tx) {
      core::Ticket ticket = *tx.ticket(number);
      change_it(ticket);
      tx.save(ticket);
    });
  }
  template <class Change>
  void change_subscriber(core::SubscriberId id, Change change_it) {
    change([&](core::Transaction& tx) {
      core::Subscriber subscriber = *tx.subscriber(id);
      change_it(subscriber);
      tx.save(subscriber);
    });
  }
  core::TicketNumber open_ticket(core::SubscriberId subscriber, const core::Operator& assignee) {
    core::Ticket ticket;
    ticket.subscriber = subscriber;
    ticket.cause = "password_blocked";
    ticket.assignee = assignee.id;
    ticket.opened = ticket.updated = clock.now();
    change([&](core::Transaction& tx) { tx.save(ticket); });
    return ticket.number;
  }
  void verify(core::TicketNumber ticket, const std::string& method) {
    change([&](core::Transaction& tx) { verification.grant(tx, operator_(), *tx.ticket(ticket), method); });
  }
  int level(core::TicketNumber ticket) { return verification.status(store, *store.ticket(ticket)).level; }
  bool blocked(core::SubscriberId subscriber) { return store.portal_account(subscriber)->blocked; }

  std::shared_ptr<ScriptedConversation> conversation() { return std::make_shared<ScriptedConversation>(); }
  /// Starts and waits.
  core::Result<core::Text> run(const core::Session& session, core::TicketNumber ticket, const std::string& action,
                               std::shared_ptr<ScriptedConversation> script) {
    const auto run = actions->start(session, ticket, action, std::move(script));
    return run ? (*run)->wait() : std::unexpected(run.error());
  }
  core::ActionOffer offer(const core::Session& session, core::TicketNumber ticket, const std::string& action) {
    const auto offers = actions->offers(session, ticket).value();
    for (const auto& offer : offers)
      if (offer.id == action) return offer;
    throw std::runtime_error("there is no offer of " + action);
  }
  /// The code in the newest message on the caller's telephone.
  std::string code_on_phone() const {
    const std::string body = gateway.messages().back().body;
    return body.substr(body.find_first_of("0123456789"), 6);
  }
  /// The outcomes recorded for runs, in order.
  std::vector<std::string> recorded_ends() const {
    std::vector<std::string> outcomes;
    for (const auto& record : store.records_of(core::record_type::action_ended))
      outcomes.push_back(record.fields.at(core::Tag::outcome));
    return outcomes;
  }
  std::vector<std::string> recorded_refusals() const {
    std::vector<std::string> rules;
    for (const auto& record : store.records_of(core::record_type::action_refused))
      rules.push_back(record.fields.at(core::Tag::refusal));
    return rules;
  }

  FakeClock clock;
  MemoryStore store{clock};
  Demo demo = fill_demo(store, clock);
  FakeGateway gateway;
  FakeMail mail;
  OnlySender lock;
  bool has_gateway = true, has_mail = true, has_telephone = true;
  core::CivilRegistryService* civil_registry = nullptr;
  FakeTelephone telephone;
  core::CardDesk* cards = nullptr;      ///< open_actions() after a change
  core::CardKeys* card_keys = nullptr;
  core::Policy policy = core::default_policy();
  core::VerificationDesk verification{store, store, store, clock, policy};
  core::PluginCatalogue plugins;
  std::unique_ptr<core::Outbox> outbox;
  std::unique_ptr<core::Actions> actions;
};

}  // namespace anahtar::testing
