// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/changes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

using Columns = std::vector<std::pair<std::string_view, ColumnValue>>;

Hash example_row() {
  return row_digest("subscriber", "42", 3, Columns{{"blocked", -1}, {"name", "Işıl"}, {"note", std::monostate{}}});
}

TEST(RowDigest, IsAsDocumented) {  // computed with Python's struct and hashlib
  EXPECT_EQ(crypto::hex_encode(example_row()), "debdd8fc51aecd5f41f705709b764c81a91aa14efdaa51291181bff09848f522");
}

TEST(RowDigest, TellsNullFromEmptyAndTextFromNumber) {
  const auto digest = [](ColumnValue value) { return row_digest("t", "1", 1, Columns{{"c", value}}); };
  EXPECT_NE(digest(std::monostate{}), digest(""));
  EXPECT_NE(digest("1"), digest(std::int64_t{1}));
}

TEST(RowDigest, CannotBeShiftedFromOneColumnToTheNext) {
  EXPECT_NE(row_digest("t", "1", 1, Columns{{"a", "xy"}, {"b", "z"}}),
            row_digest("t", "1", 1, Columns{{"a", "x"}, {"b", "yz"}}));
  EXPECT_NE(row_digest("t", "11", 1, Columns{}), row_digest("t1", "1", 1, Columns{}));
  EXPECT_NE(row_digest("t", "1", 1, Columns{}), row_digest("t", "1", 2, Columns{}));
}

TEST(ChangesDigest, DoesNotDependOnTheOrderOfRows) {  // computed with Python's struct and hashlib
  std::vector<RowChange> changes = {{"b", "2", 1, removed_row}, {"a", "10", 2, example_row()}};
  const auto expected = "4cbe09d4d6457698cab60933d016929c5ce2dd434037f009f99c17c8b76e0922";
  EXPECT_EQ(crypto::hex_encode(changes_digest(changes)), expected);
  std::ranges::reverse(changes);
  EXPECT_EQ(crypto::hex_encode(changes_digest(changes)), expected);
  changes.pop_back();
  EXPECT_NE(crypto::hex_encode(changes_digest(changes)), expected);
}

}  // namespace
}  // namespace anahtar::audit
