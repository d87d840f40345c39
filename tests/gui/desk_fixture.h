// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/services.h"
#include "support/memory_store.h"
#include "ui/console_window.h"
#include "ui/driver.h"

namespace anahtar::testing {

/// The demo's telephone over the fake gateway.
class FakePhone : public core::DemoPhone {
 public:
  explicit FakePhone(FakeGateway& gateway) : gateway_(gateway) {}
  std::vector<core::PhoneMessage> messages() override;

 private:
  FakeGateway& gateway_;
};

/// Every service of the desk over a store in memory, with people who do not exist and the real plugins' functions.
struct DeskParts {
  DeskParts();
  core::Services services();

  core::SystemClock clock;  // the window's countdowns run by the real one
  MemoryStore store{clock};
  FakeGateway gateway;
  FakePhone phone{gateway};
  core::Policy policy = core::default_policy();
  core::PluginCatalogue plugins;
  core::SignIn sign_in{store, store, store, clock};
  core::Operators operators{store, store, store, clock};
  core::Directory directory{store, store, clock};
  core::VerificationDesk verification{store, store, store, clock, policy};
  core::Tickets tickets{store, store, store, directory, verification, plugins, clock};
  OnlySender lock;
  FakeMail mail;
  core::Outbox outbox{store, store, clock, core::Outbox::Ways{&gateway, &mail}, lock,
                      [this](core::Transaction& tx, const core::OutboxMessage& m) { verification.code_never_left(tx, m); }};
  core::GatewayBoard board{&gateway, &mail, nullptr};
  core::Recordings recordings{store, store, verification, nullptr, nullptr, clock};
  core::Hints hints{store, store, store, verification, clock};
  std::unique_ptr<core::Actions> actions;
  core::Approvals approvals{store, store, store, verification, core::Outside{&outbox}, plugins, clock, &store};
  core::AuditTrail audit{store, store, store, plugins};
  core::SubscriberImport import{store, store, clock};
  Demo demo;
};

/// Signed in without a window.
core::Session session_of(const core::Operator& who);

ui::Options test_options(const std::string& language = "en");

/// A console's window over its own store.
class DeskFixture : public ::testing::Test {
 protected:
  void SetUp() override { open_window("en"); }
  void TearDown() override;

  void open_window(const std::string& language);
  void sign_in(const core::Operator& who);
  void open_ticket(core::TicketNumber ticket);
  /// The newest code that reached the telephone.
  std::string newest_code() const;
  /// Types it where it is asked for, and goes on from the result.
  void give_back_the_code();
  ui::TicketPage& ticket_page() { return window->desk()->ticket_page(); }
  ui::VerificationBar& verification_bar();

  std::unique_ptr<DeskParts> parts;
  std::unique_ptr<core::Services> services;
  ui::ConsoleWindow* window = nullptr;
};

}  // namespace anahtar::testing
