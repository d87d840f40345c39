// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/appender.h"

#include <gtest/gtest.h>

namespace anahtar::audit {
namespace {

class AppenderTest : public ::testing::Test {
 protected:
  static Draft draft(std::int64_t time) {
    Draft out;
    out.time = time;
    out.type = "action.ended";
    return out;
  }
  Genesis genesis(std::int64_t time) const {
    Genesis out;
    out.time = time;
    return out;
  }
  Appender opened() {
    Appender appender = Appender::fresh(origin, key);
    last = appender.open(genesis(1));
    return appender;
  }
  LogState state_of(const Appender& appender) const {
    return {*appender.last_head(), appender.frontier(), leaves, last.leaf, last.entry.time};
  }

  Origin origin{"test.site", random_uuid(), 1};
  std::shared_ptr<const crypto::SigningKey> key = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate());
  Appended last;
  std::vector<Hash> leaves;
};

TEST_F(AppenderTest, OpensWithItsPublicKey) {
  const Appender appender = opened();
  EXPECT_EQ(last.entry.type, genesis_type);
  EXPECT_EQ(last.entry.seq, 0u);
  EXPECT_EQ(last.entry.previous, Hash{});
  EXPECT_EQ(crypto::text_of(last.entry.field(tag::public_key)->bytes), key->public_key().text());
  EXPECT_EQ(decode(last.bytes), last.entry);
}

TEST_F(AppenderTest, ChainsAndNumbersItsEntries) {
  Appender appender = opened();
  const Hash first = last.leaf;
  const Appended second = appender.append(draft(2));
  EXPECT_EQ(second.entry.previous, first);
  EXPECT_EQ(second.entry.seq, 1u);
  EXPECT_EQ(second.leaf, leaf_hash(second.bytes));
}

TEST_F(AppenderTest, CarriesTheLastSignatureIntoTheNextCommit) {
  Appender appender = opened();
  EXPECT_EQ(appender.append(draft(2)).entry.field(tag::previous_head_signature), nullptr);
  const SignedHead head = appender.sign_head();
  EXPECT_TRUE(verify_head(head, key->public_key()));
  EXPECT_EQ(head.head.size, 2u);
  const Appended next = appender.append(draft(3));
  ASSERT_NE(next.entry.field(tag::previous_head_signature), nullptr);
  EXPECT_EQ(next.entry.field(tag::previous_head_signature)->bytes, head.signature);
  EXPECT_EQ(appender.append(draft(4)).entry.field(tag::previous_head_signature), nullptr);
}

TEST_F(AppenderTest, NotesAClockThatGoesBack) {
  Appender appender = opened();
  EXPECT_EQ(appender.append(draft(100)).entry.field(tag::clock_step), nullptr);
  const Appended back = appender.append(draft(97));
  ASSERT_NE(back.entry.field(tag::clock_step), nullptr);
  EXPECT_EQ(back.entry.field(tag::clock_step)->bytes, (Bytes{255, 255, 255, 255, 255, 255, 255, 253}));
  EXPECT_EQ(appender.append(draft(97)).entry.field(tag::clock_step), nullptr);
}

TEST_F(AppenderTest, GoesOnWhereTheLogStands) {
  Appender whole = opened();
  leaves.push_back(last.leaf);
  for (int i = 2; i < 50; ++i) {
    last = whole.append(draft(i));
    leaves.push_back(last.leaf);
  }
  whole.sign_head();
  auto resumed = Appender::resume(state_of(whole), key, {});
  ASSERT_TRUE(resumed) << resumed.error();
  EXPECT_EQ(resumed->append(draft(60)).bytes, whole.append(draft(60)).bytes);
  EXPECT_EQ(resumed->sign_head(), whole.sign_head());
}

TEST_F(AppenderTest, DoesNotGoOnFromAStateThatDisagreesWithItsHead) {
  Appender appender = opened();
  leaves.push_back(last.leaf);
  appender.sign_head();
  const auto other = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate());
  EXPECT_FALSE(Appender::resume(state_of(appender), other, {}));
  LogState state = state_of(appender);
  state.last_leaf[0] ^= 1;
  EXPECT_FALSE(Appender::resume(state, key, {}));
  state = state_of(appender);
  state.partial_leaves.clear();
  EXPECT_FALSE(Appender::resume(state, key, {}));
  state = state_of(appender);
  state.frontier.append(Hash{});
  EXPECT_FALSE(Appender::resume(state, key, {}));
}

TEST_F(AppenderTest, RefusesMistakesOfTheProgram) {
  Appender appender = Appender::fresh(origin, key);
  EXPECT_THROW(appender.append(draft(1)), std::logic_error);
  EXPECT_THROW(appender.sign_head(), std::logic_error);
  appender.open(genesis(1));
  EXPECT_THROW(appender.open(genesis(1)), std::logic_error);
  Draft own = draft(2);
  own.fields = {{tag::changes_digest, Bytes(32)}};
  EXPECT_THROW(appender.append(own), std::invalid_argument);
  EXPECT_EQ(appender.size(), 1u);
  origin.incarnation = 2;
  EXPECT_THROW(Appender::fresh(origin, key).open(genesis(1)), std::invalid_argument);
}

TEST_F(AppenderTest, IsUnchangedByARefusedDraft) {
  Appender appender = opened();
  appender.sign_head();
  Draft bad = draft(2);
  bad.actor = "line\n";
  EXPECT_THROW(appender.append(bad), std::invalid_argument);
  const Appended next = appender.append(draft(3));
  EXPECT_EQ(next.entry.seq, 1u);
  EXPECT_NE(next.entry.field(tag::previous_head_signature), nullptr);
}

TEST_F(AppenderTest, SortsTheFieldsOfADraft) {
  Appender appender = opened();
  Draft unsorted = draft(2);
  unsorted.fields = {{0x9000, Bytes(28)}, {0x0100, {1}}};
  unsorted.changes = Hash{};
  const Appended appended = appender.append(unsorted);
  EXPECT_EQ(appended.entry.fields.front().tag, tag::changes_digest);
  EXPECT_EQ(appended.entry.fields.back().tag, 0x9000);
}

}  // namespace
}  // namespace anahtar::audit
