// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sign_in.h"

#include "core/desk_fixture.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;
using testing::demo_password;

struct SignInTest : ::testing::Test {
  testing::FakeClock clock;
  testing::MemoryStore store{clock};
  testing::Demo demo = testing::fill_demo(store, clock);
  SignIn sign_in{store, store, store, clock};
  Operators operators{store, store, store, clock};
  Session administrator = session_of(demo.administrator);

  Result<Session> enter(const char* name = "ada", const char* password = demo_password) {
    return sign_in.sign_in(name, Secret(password));
  }
  std::string last_refusal() {
    const auto refused = store.records_of(record_type::sign_in_refused);
    return refused.empty() ? "" : refused.back().fields.at(Tag::refusal);
  }
};

TEST_F(SignInTest, OpensASessionAndRecordsIt) {
  const auto session = enter();
  ASSERT_TRUE(session);
  EXPECT_EQ(session->name, "ada");
  EXPECT_EQ(session->role, Role::operator_);
  EXPECT_EQ(session->id.size(), 32u);
  const auto records = store.records_of(record_type::signed_in);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].actor, "ada");
  EXPECT_EQ(records[0].fields.at(Tag::session), session->id);
}

TEST_F(SignInTest, TakesCapitalsAndSpacesOfTheNameEasily) { EXPECT_TRUE(enter(" Ada ")); }

TEST_F(SignInTest, SaysTheSameOfAWrongNameAndAWrongPassword) {
  const auto wrong_name = enter("nobody");
  const auto wrong_password = enter("ada", "not this one");
  ASSERT_FALSE(wrong_name);
  ASSERT_FALSE(wrong_password);
  EXPECT_EQ(wrong_name.error().sentence, wrong_password.error().sentence);
  EXPECT_EQ(wrong_name.error().code, wrong_password.error().code);
  EXPECT_EQ(store.records_of(record_type::sign_in_refused).size(), 2u);
}

TEST_F(SignInTest, LocksAfterFiveWrongPasswordsAndOpensAgainLater) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(enter("ada", "not this one"));
  EXPECT_EQ(last_refusal(), "locked");
  const auto right = enter();
  ASSERT_FALSE(right);
  EXPECT_NE(right.error().sentence.id.find("locked"), std::string::npos);
  EXPECT_EQ(right.error().sentence.args.at(0), "15");
  clock.advance(15min);
  EXPECT_TRUE(enter());
  EXPECT_EQ(store.operator_named("ada")->failed_sign_ins, 0);
}

TEST_F(SignInTest, DoesNotTellDuringALockWhetherAPasswordIsRight) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(enter("ada", "not this one"));
  const auto locked_until = store.operator_named("ada")->locked_until;
  clock.advance(1min);
  const auto wrong = enter("ada", "not this one");
  EXPECT_EQ(last_refusal(), "locked");
  const auto right = enter();
  ASSERT_FALSE(wrong || right);
  EXPECT_EQ(wrong.error().sentence, right.error().sentence);
  EXPECT_EQ(wrong.error().code, right.error().code);
  EXPECT_EQ(store.operator_named("ada")->locked_until, locked_until);  // nor can they prolong it
}

TEST_F(SignInTest, ForgetsWrongPasswordsAfterARightOne) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(enter("ada", "not this one"));
    EXPECT_TRUE(enter());
  }
}

TEST_F(SignInTest, NamesADisabledAccountOnlyToWhoKnowsThePassword) {
  ASSERT_TRUE(operators.disable(administrator, "ada"));
  EXPECT_EQ(code_of(operators.disable(administrator, "ada")), Code::conflict) << "recorded a second time";
  EXPECT_EQ(enter("ada", "not this one").error().sentence, enter("nobody").error().sentence);
  EXPECT_EQ(enter().error().code, Code::not_permitted);
  EXPECT_EQ(last_refusal(), "disabled");
}

TEST_F(SignInTest, OpensNothingWhenItCannotBeRecorded) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  const auto session = enter();
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, Code::unavailable);
}

TEST_F(SignInTest, EndsTheSessionsOfAnOldPassword) {
  const Session thief = *enter();
  ASSERT_TRUE(operators.reset_password(administrator, "ada", Secret("a first password")));
  const Session first = *enter("ada", "a first password");
  const Session owner = *sign_in.change_password(first, Secret("a first password"), Secret("the owner's own one"));
  EXPECT_NO_THROW(check_session(store, owner));
  EXPECT_THROW(check_session(store, thief), FailureError);
  EXPECT_THROW(check_session(store, first), FailureError);
  EXPECT_FALSE(sign_in.unlock(thief, Secret("the owner's own one")));
}

TEST_F(SignInTest, RefusesADisplayedNameWithControlCharacters) {
  EXPECT_FALSE(operators.add(administrator, {"cem", "Cem\x1b[31m", {}, Role::operator_}, Secret("a first password")));
  EXPECT_TRUE(operators.add(administrator, {"cem", "Cem Işık", {}, Role::operator_}, Secret("a first password")));
}

TEST_F(SignInTest, RecordsLockUnlockAndSignOut) {
  const Session session = *enter();
  EXPECT_TRUE(sign_in.lock(session));
  EXPECT_FALSE(sign_in.unlock(session, Secret("not this one")));
  EXPECT_TRUE(sign_in.unlock(session, Secret(demo_password)));
  EXPECT_TRUE(sign_in.sign_out(session));
  for (const char* type : {record_type::session_locked, record_type::sign_in_refused, record_type::session_unlocked,
                           record_type::signed_out}) {
    ASSERT_EQ(store.records_of(type).size(), 1u) << type;
    EXPECT_EQ(store.records_of(type)[0].fields.at(Tag::session), session.id);
  }
}

TEST_F(SignInTest, CountsWrongPasswordsOfUnlockingToo) {
  const Session session = *enter();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(sign_in.unlock(session, Secret("not this one")));
  EXPECT_FALSE(sign_in.unlock(session, Secret(demo_password)));
}

TEST_F(SignInTest, EndsADisabledOperatorsSessionAtOnce) {
  const Session session = *enter();
  EXPECT_NO_THROW(check_session(store, session));
  ASSERT_TRUE(operators.disable(administrator, "ada"));
  EXPECT_THROW(check_session(store, session), FailureError);
  EXPECT_FALSE(sign_in.unlock(session, Secret(demo_password)));
}

TEST_F(SignInTest, EndsASessionWhoseRoleHasChanged) {
  const Session session = *enter();
  ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
    Operator account = *tx.operator_named("ada");
    account.role = Role::supervisor;
    tx.record(record_of(administrator, record_type::operator_changed));
    tx.save(account);
    return {};
  }));
  EXPECT_THROW(check_session(store, session), FailureError);
  EXPECT_EQ(enter()->role, Role::supervisor);
}

TEST_F(SignInTest, AllowsNothingButAChangeOfAFirstPassword) {
  ASSERT_TRUE(operators.add(administrator, {"deniz", "Deniz Yeni", {}, Role::administrator}, Secret("first password")));
  const Session session = *enter("deniz", "first password");
  EXPECT_TRUE(session.must_change_password);
  EXPECT_FALSE(operators.list(session));
  const auto changed = sign_in.change_password(session, Secret("first password"), Secret("second password"));
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->must_change_password);
  EXPECT_EQ(changed->id, session.id);
  EXPECT_TRUE(operators.list(*changed));
  EXPECT_FALSE(enter("deniz", "first password"));
  EXPECT_TRUE(enter("deniz", "second password"));
}

TEST_F(SignInTest, RefusesPoorPasswords) {
  const Session session = *enter();
  EXPECT_FALSE(sign_in.change_password(session, Secret(demo_password), Secret("short")));
  EXPECT_FALSE(sign_in.change_password(session, Secret(demo_password), Secret("aaaaaaaaaaaa")));
  EXPECT_FALSE(sign_in.change_password(session, Secret(demo_password), Secret(demo_password)));
  EXPECT_FALSE(sign_in.change_password(session, Secret(demo_password), Secret("\xFF\xFE not UTF-8 text")));
  EXPECT_FALSE(sign_in.change_password(session, Secret("not this one"), Secret("a good long one")));
  EXPECT_TRUE(acceptable_password(Secret("ığüşöçİĞÜŞ")));    // ten characters
  EXPECT_FALSE(acceptable_password(Secret("ığüşöçİĞÜ")));   // nine, though 18 bytes
}

TEST_F(SignInTest, AResetPasswordEndsTheRunningSession) {
  const Session session = *enter();
  ASSERT_TRUE(operators.reset_password(administrator, "ada", Secret("another first one")));
  EXPECT_THROW(check_session(store, session), FailureError);
  EXPECT_FALSE(enter());
  EXPECT_TRUE(enter("ada", "another first one")->must_change_password);
}

TEST_F(SignInTest, UnlocksByTheAdministrator) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(enter("ada", "not this one"));
  ASSERT_TRUE(operators.unlock(administrator, "ada"));
  EXPECT_TRUE(enter());
}

TEST_F(SignInTest, ListsAccountsWithoutHashes) {
  const auto accounts = operators.list(administrator);
  ASSERT_TRUE(accounts);
  for (const auto& account : *accounts) EXPECT_EQ(account.password_hash, "");
}

TEST_F(SignInTest, LeavesAccountsToAdministratorsAndRecordsTheRefusal) {
  for (const Operator& who : {demo.operator_, demo.supervisor, demo.field}) {
    const Session session = session_of(who);
    EXPECT_EQ(operators.disable(session, "bora").error().code, Code::not_permitted);
    EXPECT_EQ(operators.list(session).error().code, Code::not_permitted);
  }
  EXPECT_FALSE(store.operator_named("bora")->disabled);
  const auto refusals = store.records_of(record_type::action_refused);
  ASSERT_EQ(refusals.size(), 6u);
  EXPECT_EQ(refusals[0].fields.at(Tag::refusal), "role");
  EXPECT_EQ(refusals[0].fields.at(Tag::action), "operators.disable");
}

TEST_F(SignInTest, RefusesADoubledOrUnfitName) {
  EXPECT_EQ(operators.add(administrator, {"ada", "Ada", {}, Role::operator_}, Secret("first password")).error().code,
            Code::conflict);
  for (const char* name : {"", "a", "Ada", "1ada", "ışık", "a b", "a/b", "abcdefghijklmnopqrstuvwxyz0123456"})
    EXPECT_FALSE(operators.add(administrator, {name, "Ada", {}, Role::operator_}, Secret("first password"))) << name;
}

TEST_F(SignInTest, GivesTwoAccountsToOnePersonOnlyWhenSaidSo) {
  const auto other = operators.add(administrator, {"ada.two", "Ada", "ada", Role::supervisor}, Secret("first password"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->person, demo.operator_.person);
  const auto fresh = operators.add(administrator, {"deniz", "Deniz", {}, Role::operator_}, Secret("first password"));
  EXPECT_NE(fresh->person, demo.operator_.person);
  EXPECT_EQ(operators.add(administrator, {"ece", "Ece", "adaa", Role::operator_}, Secret("first password")).error().code,
            Code::not_found);
}

TEST_F(SignInTest, AnAdministratorCannotDisableTheirOwnAccount) {
  EXPECT_EQ(operators.disable(administrator, "yusuf").error().code, Code::refused);
}

TEST_F(SignInTest, KeepsPasswordsOutOfEveryRecord) {
  const char* planted = "planted-passphrase-77";
  EXPECT_FALSE(enter("ada", planted));
  EXPECT_FALSE(enter(planted, "x"));  // typed into the wrong field
  EXPECT_TRUE(operators.reset_password(administrator, "ada", Secret(planted)));
  EXPECT_TRUE(enter("ada", planted));
  for (const auto& stored : store.records()) {
    EXPECT_EQ(stored.record.actor.find(planted), std::string::npos);
    for (const auto& [tag, value] : stored.record.fields) EXPECT_EQ(value.find(planted), std::string::npos);
  }
}

}  // namespace
}  // namespace anahtar::core
