// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include "core/actions.h"
#include "core/audit_trail.h"
#include "core/directory.h"
#include "core/sign_in.h"
#include "core/tickets.h"
#include "support/memory_store.h"

namespace anahtar::core {

inline Session session_of(const Operator& account) {
  return {.id = "5e55", .operator_id = account.id, .name = account.name, .display_name = account.display_name,
          .person = account.person, .role = account.role};
}

/// Titles without anything behind them.
inline PluginCatalogue named_plugins() {
  sdk::Plugin plugin{.title = sdk::tr("Titles"),
                     .actions = {{.id = "verification.sms_code", .title = sdk::tr("SMS code"), .verifies = "sms_code"},
                                 {.id = "password.unblock", .title = sdk::tr("Unblock password")}}};
  return {{{"titles", "1.0.0", "titles.so", std::move(plugin), nullptr, "00ff"}}, {}};
}

/// A desk over a store in memory, with the demo's people.
struct DeskTest : ::testing::Test {
  testing::FakeClock clock;
  testing::MemoryStore store{clock};
  testing::Demo demo = testing::fill_demo(store, clock);
  Policy policy = default_policy();
  PluginCatalogue plugins = named_plugins();
  VerificationDesk verification{store, store, store, clock, policy};
  Directory directory{store, store, clock};
  Tickets tickets{store, store, store, directory, verification, plugins, clock};
  AuditTrail trail{store, store, store, plugins};
  Session ada = session_of(demo.operator_), bora = session_of(demo.other_operator), selin = session_of(demo.supervisor),
          fatma = session_of(demo.field), yusuf = session_of(demo.administrator);

  void verify_caller(TicketNumber number, const Session& who, const std::string& method = "sms_code") {
    ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
      verification.grant(tx, who, *tx.ticket(number), method);
      return {};
    }));
  }
  int level(TicketNumber number) { return verification.status(store, *store.ticket(number)).level; }
  std::string last_refusal() {
    const auto refused = store.records_of(record_type::action_refused);
    return refused.empty() ? "" : refused.back().fields.at(Tag::refusal);
  }
};

template <class T>
Code code_of(const Result<T>& result) {
  EXPECT_FALSE(result) << "it succeeded";
  return result ? Code::internal : result.error().code;
}

}  // namespace anahtar::core
