// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include "loader/plugin_loader.h"
#include "support/office.h"

namespace anahtar::testing {

/// The plugins as they were built and signed, at a desk in memory, with a ticket of the blocked subscriber.
struct PluginTest : ::testing::Test {
  core::Result<core::Text> run(const std::string& action) {
    return office.run(office.operator_(), ticket, action, script);
  }
  core::VerificationStatus status() { return office.verification.status(office.store, *office.store.ticket(ticket)); }
  sdk::Form form(std::size_t which) { return script->forms().at(which); }

  Office office{loader::load_plugins(PLUGINS, loader::read_trusted_keys(BUILD_KEYS))};
  core::TicketNumber ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
  std::shared_ptr<ScriptedConversation> script = office.conversation();
};

}  // namespace anahtar::testing
