// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "card/emulated/command.h"
#include "card/emulated_card.h"
#include "crypto/base64.h"

namespace anahtar::testing {

/// The card's answer in upper-case hexadecimal.
inline std::string ask(card::EmulatedCard& card, std::string_view command) {
  std::string text = crypto::hex_encode(card.answer(card::emulated::hex(command)));
  std::transform(text.begin(), text.end(), text.begin(), [](char each) { return static_cast<char>(std::toupper(each)); });
  return text;
}

/// Asks until all pieces are there; data and last status word.
inline std::string ask_whole(card::EmulatedCard& card, std::string_view command) {
  std::string whole = ask(card, command);
  while (whole.size() >= 4 && whole.substr(whole.size() - 4, 2) == "61")
    whole = whole.substr(0, whole.size() - 4) + ask(card, "00C0000000");
  return whole;
}

struct Line {
  const char* what;     ///< what the line shows
  const char* command;  ///< in hexadecimal; "reset" powers the card off and on
  const char* answer;   ///< all of it, or its end after "…"
};

inline void talk(card::EmulatedCard& card, const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    SCOPED_TRACE(std::string(line.what) + ": " + line.command);
    if (std::string_view(line.command) == "reset") {
      card.reset();
      continue;
    }
    const std::string answer = ask(card, line.command);
    std::string expected = line.answer;
    std::erase(expected, ' ');
    if (expected.starts_with("…")) {
      expected = expected.substr(std::string_view("…").size());
      ASSERT_TRUE(answer.ends_with(expected)) << answer;
    } else {
      ASSERT_EQ(answer, expected);
    }
  }
}

}  // namespace anahtar::testing
