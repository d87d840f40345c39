// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using PasswordUnblock = PluginTest;

TEST_F(PasswordUnblock, MakesThePasswordActiveAgain) {
  office.verify(ticket, "sms_code");
  script->answer({{"cause", "mistyped"}, {"note", "üç kez"}});
  const auto result = run("password.unblock");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->id.substr(0, 29), "The password is active again.");
  EXPECT_FALSE(office.blocked(office.demo.blocked));
  EXPECT_EQ(office.store.portal_account(office.demo.blocked)->failed_tries, 0);
  EXPECT_EQ(office.store.records_of(record_type::action_changed).at(0).fields.at(Tag::change),
            R"({"kind":"password.unblock","parameters":{"cause":"mistyped","note":"üç kez"}})");
}

TEST_F(PasswordUnblock, NeedsACauseButNoNote) {
  office.verify(ticket, "sms_code");
  script->answer({{"note", "x"}}).answer({{"cause", "forgot"}});
  EXPECT_TRUE(run("password.unblock"));
  EXPECT_EQ(script->problems().at(1).at(0).field, "cause");
}

TEST_F(PasswordUnblock, SaysThatAPasswordIsNotBlockedAndAsksNothing) {
  ticket = office.demo.taken;
  office.verify(ticket, "sms_code");
  EXPECT_EQ(run("password.unblock").error().sentence.id, "The password is not blocked.");
  EXPECT_TRUE(script->forms().empty());
}

TEST_F(PasswordUnblock, DoesNotRunForACallerWhoIsNotVerified) {
  EXPECT_EQ(run("password.unblock").error().code, Code::refused);
  EXPECT_TRUE(script->forms().empty());
  EXPECT_TRUE(office.blocked(office.demo.blocked));
}

}  // namespace
}  // namespace anahtar::testing
