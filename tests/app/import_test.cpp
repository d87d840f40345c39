// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <set>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

// A byte order mark, semicolons, quotes around a separator and a quote, several spellings of a mobile; and a birth place of
// two lines, which is refused and moves the line numbers of what follows.
constexpr char nasty[] =
    "\xEF\xBB\xBFsurname;national_id;given_names;mobile;birth_place\r\n"
    "\"Iş;ık\";10000000146;İsmail;0532 111 22 33;\"Iğ\"\"dır\"\r\n"
    "Çağ;10000000214;Şule;+90 (532) 111/22 44;\"iki\nsatır\"\r\n"
    "Yanlış;10000000381;Sağlama;05321112255;Bolu\r\n"
    ";10000000382;Soyadsız;05321112266;Bolu\r\n"
    "Kısa;123;Numara;05321112277;Bolu\r\n"
    "Telefon;10000000450;Bozuk;12;Bolu\r\n"
    "Son;10000000528;Satır;5321112288;Bolu";

struct Import : ::testing::Test {
  void SetUp() override { desk.init_empty(); }
  Desk desk;
};

TEST_F(Import, TakesTheGoodRowsAndNamesTheBadOnes) {
  const auto file = desk.write("nasty.csv", nasty).string();
  const auto ended = desk.as("admin", {"subscribers", "import", file, "--json"});
  EXPECT_EQ(ended.exit, 1) << ended.err;  // something was refused, and scripts must see it
  const auto report = nlohmann::json::parse(ended.out);
  EXPECT_EQ(report["rows"], 7);
  EXPECT_EQ(report["added"], 2);
  EXPECT_EQ(report["bad_count"], 5);
  std::set<int> lines;
  for (const auto& row : report["bad"]) lines.insert(row["line"].get<int>());
  EXPECT_EQ(lines, (std::set<int>{3, 5, 6, 7, 8}));
}

TEST_F(Import, ChangesNothingTheSecondTime) {
  const auto file = desk.write("nasty.csv", nasty).string();
  desk.as("admin", {"subscribers", "import", file});
  const auto report = nlohmann::json::parse(desk.as("admin", {"subscribers", "import", file, "--json"}).out);
  EXPECT_EQ(report["added"], 0);
  EXPECT_EQ(report["updated"], 0);
  EXPECT_EQ(report["unchanged"], 2);
}

TEST_F(Import, MakesRowsThatAreFoundHoweverTheyAreTyped) {
  desk.as("admin", {"subscribers", "import", desk.write("nasty.csv", nasty).string()});
  for (const char* typed : {"0532 111 22 33", "+905321112233", "(532) 111/22 33", "10000000146", "ismail", "İSMAİL"}) {
    const auto found = desk.json_as("admin", {"subscribers", "find", typed});
    ASSERT_EQ(found.size(), 1u) << typed;
  }
}

TEST_F(Import, RefusesAMissingFileAndAFileWithoutAHeader) {
  EXPECT_EQ(desk.as("admin", {"subscribers", "import", desk.file("none.csv").string()}).exit, 1);
  EXPECT_EQ(desk.as("admin", {"subscribers", "import", desk.write("x.csv", "a,b,c\n1,2,3\n").string()}).exit, 1);
  EXPECT_EQ(desk.as("admin", {"subscribers", "import", desk.write("empty.csv", "").string()}).exit, 1);
}

}  // namespace
}  // namespace anahtar::testing
