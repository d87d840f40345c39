// SPDX-License-Identifier: GPL-3.0-or-later
// The README's walk on the command line, as it is written there, by somebody who types at a terminal.
#include <gtest/gtest.h>
#include <wordexp.h>

#include <fstream>

#include "app/demo_data.h"
#include "app/desk.h"

namespace anahtar::testing {
namespace {

constexpr char section[] = "## The same on the command line";

struct Step {
  std::vector<std::string> line;  ///< without the program's name
  std::string remark;             ///< what the README says will happen
};

std::vector<std::string> words_of(const std::string& line) {
  wordexp_t expanded{};
  if (::wordexp(line.c_str(), &expanded, WRDE_NOCMD) != 0) throw std::runtime_error("not a command: " + line);
  std::vector<std::string> words(expanded.we_wordv, expanded.we_wordv + expanded.we_wordc);
  ::wordfree(&expanded);
  return words;
}

/// The commands of the section's first block of code; those that build and set the surroundings are the test's own.
std::vector<Step> steps_of_readme() {
  std::ifstream readme(README);
  std::string line;
  while (std::getline(readme, line) && line != section) continue;
  std::vector<Step> steps;
  while (std::getline(readme, line) && (line.empty() || line.starts_with("    "))) {
    const auto remark = line.find(" # ");
    const auto words = words_of(line.substr(0, remark));
    if (!words.empty() && words[0] == "anahtarctl")
      steps.push_back({{words.begin() + 1, words.end()}, remark == std::string::npos ? "" : line.substr(remark + 3)});
  }
  return steps;
}

bool names_an_operator(const Step& step) { return std::ranges::find(step.line, "--operator") != step.line.end(); }
bool is(const Step& step, const std::string& command) { return step.line[0] + " " + step.line[1] == command; }

std::string code_in(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), is_digit);
    const auto end = std::find_if_not(begin, text.end(), is_digit);
    if (end - begin == 6) return {begin, end};
    at = end;
  }
  return {};
}

struct Walk : ::testing::Test {
  Walk() { desk.environment.erase("ANAHTAR_PASSWORD_FILE"); }

  std::unique_ptr<Program> begin(const Step& step) {
    auto program = std::make_unique<Program>(desk.file(""), with_name(step.line), desk.environment, Program::Input::terminal);
    if (names_an_operator(step)) {
      EXPECT_TRUE(program->says("Password of"));
      program->type(std::string(app::demo_password));
    }
    return program;
  }

  static std::vector<std::string> with_name(std::vector<std::string> line) {
    line.insert(line.begin(), ANAHTARCTL);
    return line;
  }

  /// The second terminal reads the code that the first one asks for.
  void give_back_code(Program& waiting, const Step& phone) {
    ASSERT_TRUE(waiting.says("Code"));
    const auto messages = begin(phone)->wait();
    const auto code = code_in(messages.out);
    ASSERT_EQ(code.size(), 6u) << messages.out << messages.err;
    waiting.type(code);
    const auto ended = waiting.wait();
    EXPECT_EQ(ended.exit, 0) << ended.err;
  }

  void take(const Step& step) {
    auto program = begin(step);
    const bool refused = step.remark.starts_with("refused");
    if (is(step, "actions run") && !refused) {
      EXPECT_TRUE(program->says("Cause"));
      program->type("1");
      EXPECT_TRUE(program->says("Note"));
      program->type("");
    }
    const auto ended = program->wait();
    EXPECT_EQ(ended.exit, refused ? 1 : 0) << step.line[0] << " " << step.line[1] << ": " << ended.out << ended.err;
    last_output = ended.out;
  }

  Desk desk;
  std::string last_output;
};

TEST_F(Walk, OfTheReadmeGoesAsItIsWritten) {
  const auto steps = steps_of_readme();
  ASSERT_GE(steps.size(), 10u);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool code_is_asked = is(steps[i], "actions run") && i + 1 < steps.size() && is(steps[i + 1], "demo phone");
    if (!code_is_asked) {
      take(steps[i]);
      continue;
    }
    const auto waiting = begin(steps[i]);
    give_back_code(*waiting, steps[++i]);
  }
  EXPECT_NE(last_output.find("intact"), std::string::npos) << last_output;
}

}  // namespace
}  // namespace anahtar::testing
