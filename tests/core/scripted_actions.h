// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>

#include "support/office.h"

namespace anahtar::testing {

/// What the test's actions do when they run; plain functions cannot capture.
struct Bodies {
  using Body = std::function<sdk::Outcome(sdk::Desk&)>;
  Body service, sms, registered_mobile, civil;
  static Bodies& now() {
    static Bodies bodies;
    return bodies;
  }
};

/// One plugin with a service (password.unblock, with every port) and the three methods, each doing what Bodies says.
inline core::PluginCatalogue scripted_catalogue() {
  using sdk::Port;
  using sdk::tr;
  sdk::Plugin plugin{tr("Test"), {}};
  plugin.actions = {
      {"password.unblock",
       tr("Unblock password"),
       {Port::registry},
       "",
       [](sdk::Desk& desk) { return Bodies::Body(Bodies::now().service)(desk); }},
      {"test.not_in_policy", tr("Nobody's"), {}, "", [](sdk::Desk&) { return sdk::done(tr("done")); }},
      {"verification.registered_mobile",
       tr("Registered mobile"),
       {Port::call},
       "registered_mobile",
       [](sdk::Desk& desk) { return Bodies::Body(Bodies::now().registered_mobile)(desk); }},
      {"verification.sms_code",
       tr("SMS code"),
       {Port::codes},
       "sms_code",
       [](sdk::Desk& desk) { return Bodies::Body(Bodies::now().sms)(desk); }},
      {"verification.civil_registry",
       tr("Civil registry"),
       {Port::civil_registry},
       "civil_registry",
       [](sdk::Desk& desk) { return Bodies::Body(Bodies::now().civil)(desk); }},
  };
  core::PluginCatalogue catalogue;
  catalogue.loaded.push_back({"test", "1.0.0", "test.so", std::move(plugin), nullptr});
  return catalogue;
}

/// An office whose operator has a ticket of the blocked subscriber; the service asks nothing and proposes the
/// unblocking.
struct ActionTest : ::testing::Test {
  ActionTest() {
    Bodies::now() = {};
    Bodies::now().service = [this](sdk::Desk&) {
      ++service_ran;
      return sdk::propose(sdk::Change::unblock_password("forgot", "a note"))
          .then_say(sdk::tr("The password is active again."));
    };
    ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
  }

  core::Result<core::Text> unblock() { return unblock_as(office.operator_()); }
  core::Result<core::Text> unblock_as(const core::Session& session) {
    return office.run(session, ticket, "password.unblock", office.conversation());
  }
  /// The refusal that is recorded, told and offered alike; nothing ran.
  void expect_refused(const std::string& rule, const core::Session& session,
                      const std::string& action = "password.unblock") {
    const auto before = office.store.records_of(core::record_type::action_started).size();
    EXPECT_EQ(office.offer(session, ticket, action).refusal, rule);
    EXPECT_FALSE(office.offer(session, ticket, action).missing.empty());
    EXPECT_FALSE(office.run(session, ticket, action, office.conversation()));
    ASSERT_FALSE(office.recorded_refusals().empty());
    EXPECT_EQ(office.recorded_refusals().back(), rule);
    EXPECT_EQ(office.store.records_of(core::record_type::action_started).size(), before);
    EXPECT_EQ(service_ran, 0);
    EXPECT_TRUE(office.blocked(office.demo.blocked));
  }

  int service_ran = 0;
  Office office{scripted_catalogue()};
  core::TicketNumber ticket = 0;
};

}  // namespace anahtar::testing
