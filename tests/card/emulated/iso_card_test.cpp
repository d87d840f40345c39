// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/iso_card.h"

#include "card/emulated/dialogue.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::Line;
using testing::talk;

constexpr const char* wrong_pin = "0020008106313131313131";
constexpr const char* officer = "00200083083132333435363738";
constexpr const char* wrong_puk = "002C00810E3030303030303030363534333231";

TEST(IsoCard, UnblocksInAllFourWays) {
  IsoCard card({.pin_blocked = true});
  talk(card, {{"blocked", "00200081", "6983"},
              {"a wrong PUK", wrong_puk, "63C2"},
              {"00: PUK and PIN", "002C00810E3132333435363738363534333231", "9000"},
              {"the new PIN", "0020008106363534333231", "9000"},
              {"wrong", wrong_pin, "63C2"},
              {"01: PUK alone", "002C0181083132333435363738", "9000"},
              {"the same PIN with all tries", "00200081", "63C3"},
              {"02: not without the officer", "002C028106313233343536", "6982"},
              {"the officer", officer, "9000"},
              {"02: a PIN", "002C028106313233343536", "9000"},
              {"wrong", wrong_pin, "63C2"},
              {"03: nothing", "002C0381", "9000"},
              {"all tries", "00200081", "63C3"}});
}

TEST(IsoCard, DiffersAsTheOptionsSay) {
  struct Row {
    const char* what;
    CardOptions options;
    std::vector<Line> lines;
  };
  const std::vector<Row> rows = {
      {"6982 for a wrong PIN", {.wrong_pin_says_6982 = true}, {{"wrong", wrong_pin, "6982"}, {"counted", "00200081", "63C2"}}},
      {"6983 for the last wrong try", {.pin_tries = 1, .last_try_says_blocked = true}, {{"wrong", wrong_pin, "6983"}}},
      {"asking costs", {.empty_verify_costs_a_try = true}, {{"asked", "00200081", "63C2"}, {"asked", "00200081", "63C1"}}},
      {"no PUK", {.no_puk = true}, {{"none", "00200082", "6A88"}, {"none", wrong_puk, "6A88"}}},
      {"PUK blocked", {.puk_blocked = true}, {{"blocked", wrong_puk, "6983"}, {"blocked", "00200082", "6983"}}},
      {"PUK without tries left", {.puk_tries = 1}, {{"wrong", wrong_puk, "63C0"}, {"blocked", wrong_puk, "6983"}}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    IsoCard card(row.options);
    talk(card, row.lines);
  }
}

TEST(IsoCard, ShowsItsFiles) {
  const auto authority = crypto::DemoAuthority::create("Anahtar test root");
  IsoCard card({.holder = make_holder(authority)});
  talk(card, {{"EF.DIR", "00A40000022F0000", "…9000"},
              {"the application", "00B0000000", "61224F0CA000000063504B43532D3135500C416E61687461722064656D6F51043F0050159000"},
              {"by name", "00A404000CA000000063504B43532D313500", "…9000"},
              {"ODF", "00A40200025031 00", "…9000"},
              {"its parts", "00B0000000", "A80A300804063F0050154401 A00A300804063F0050154403 A40A300804063F0050154402 9000"},
              {"by path", "00A40800 0450154331 00", "…9000"},
              {"beyond the end", "00B07FFF00", "6B00"},
              {"none such", "00A4020002123400", "6A82"}});
  ask(card, "00A40800045015433100");
  EXPECT_TRUE(ask(card, "00B0000004").starts_with("3082"));
}

}  // namespace
}  // namespace anahtar::card::emulated
