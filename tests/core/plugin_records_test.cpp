// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin_records.h"

#include <gtest/gtest.h>

#include "core/desk_fixture.h"

namespace anahtar::core {
namespace {

struct PluginRecords : DeskTest {
  std::size_t loaded_records() { return store.records_of(record_type::plugin_loaded).size(); }
};

TEST_F(PluginRecords, SayWhatIsLoadedWithItsDigestAndWhatWasRefused) {
  plugins.refused.push_back({"stranger.so", tr("Its signature is not by a key that is trusted here.")});
  ASSERT_TRUE(record_plugins(store, store, plugins));
  const auto loaded = store.records_of(record_type::plugin_loaded);
  ASSERT_EQ(loaded.size(), 1u);
  EXPECT_EQ(loaded[0].fields.at(Tag::plugin), "titles");
  EXPECT_EQ(loaded[0].fields.at(Tag::version), "1.0.0");
  EXPECT_EQ(loaded[0].fields.at(Tag::digest), "00ff");
  const auto refused = store.records_of(record_type::plugin_refused);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].fields.at(Tag::file), "stranger.so");
}

TEST_F(PluginRecords, AreNotRepeatedWhileNothingChanges) {
  ASSERT_TRUE(record_plugins(store, store, plugins));
  ASSERT_TRUE(record_plugins(store, store, plugins));
  EXPECT_EQ(loaded_records(), 1u);
}

TEST_F(PluginRecords, NoticeAnotherFileUnderTheSameNameAndOneThatIsGone) {
  plugins.loaded.push_back({"second", "1.0.0", "second.so", {}, nullptr, "11"});
  ASSERT_TRUE(record_plugins(store, store, plugins));
  ASSERT_EQ(loaded_records(), 2u);
  plugins.loaded[0].sha256 = "00fe";
  ASSERT_TRUE(record_plugins(store, store, plugins));
  ASSERT_EQ(loaded_records(), 4u);
  plugins.loaded.pop_back();
  ASSERT_TRUE(record_plugins(store, store, plugins));
  EXPECT_EQ(loaded_records(), 5u);
}

}  // namespace
}  // namespace anahtar::core
