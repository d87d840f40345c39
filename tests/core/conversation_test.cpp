// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/conversation.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/typed_date.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using namespace core;

/// What `validate` makes of one answer: the normalised value, or "!" and the problem's sentence.
std::string validated(const sdk::Form& form, const std::string& typed) {
  sdk::Answers answers;
  answers.values[form.fields.at(0).id] = typed;
  const auto problems = validate(form, answers);
  if (problems.empty()) return answers[form.fields[0].id];
  return "!" + sdk::fill(problems[0].sentence.id, problems[0].sentence.args);
}

sdk::Form text_form() { return sdk::Form(tr("t")).text("f", tr("f")).max_length(5); }

TEST(Validate, TrimsAndRequiresText) {
  EXPECT_EQ(validated(text_form(), "  ab \n"), "ab");
  EXPECT_EQ(validated(text_form(), "   ")[0], '!');
  EXPECT_EQ(validated(sdk::Form(tr("t")).text("f", tr("f")).optional(), " "), "");
}

TEST(Validate, CountsCharactersNotBytes) {
  EXPECT_EQ(validated(text_form(), "İğüşç"), "İğüşç");
  EXPECT_EQ(validated(text_form(), "İğüşçö"), "!That is too long: at most 5 characters fit.");
}

TEST(Validate, RefusesBrokenUtf8) {
  EXPECT_EQ(validated(text_form(), "a\xc3")[0], '!');
  EXPECT_EQ(validated(text_form(), "\xc0\xaf")[0], '!');
}

TEST(Validate, TakesDigitsOnlyAndAsManyAsAskedFor) {
  const auto form = sdk::Form(tr("t")).digits("f", tr("f"), 6);
  EXPECT_EQ(validated(form, " 123 456 "), "123456");
  for (const char* bad : {"12345", "1234567", "12345a", "-12345", "١٢٣٤٥٦"})
    EXPECT_EQ(validated(form, bad), "!Type exactly 6 digits and nothing else.") << bad;
}

TEST(Validate, TakesOnlyListedChoices) {
  const auto form = sdk::Form(tr("t")).choice("f", tr("f"), {{"a", tr("A")}, {"b", tr("B")}});
  EXPECT_EQ(validated(form, "b"), "b");
  EXPECT_EQ(validated(form, "c")[0], '!');
  EXPECT_EQ(validated(form, "B")[0], '!');
}

TEST(Validate, TakesFilesThatExist) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.txt") << "x";
  const auto form = sdk::Form(tr("t")).file("f", tr("f"));
  EXPECT_EQ(validated(form, (folder / "a.txt").string()), (folder / "a.txt").string());
  EXPECT_EQ(validated(form, (folder / "b.txt").string())[0], '!');
  EXPECT_EQ(validated(form, folder.path().string())[0], '!');
}

TEST(Validate, LeavesSecretsAsTheyAreAndRequiresThem) {
  const auto form = sdk::Form(tr("t")).secret("f", tr("f"));
  sdk::Answers answers;
  EXPECT_EQ(validate(form, answers).size(), 1u);
  answers.secrets["f"] = sdk::Secret(" with spaces ");
  EXPECT_TRUE(validate(form, answers).empty());
  EXPECT_EQ(answers.secret("f").expose(), " with spaces ");
}

TEST(Validate, DropsWhatWasNotAskedForAndASecretTypedAsText) {
  const auto form = sdk::Form(tr("t")).secret("f", tr("f"));
  sdk::Answers answers;
  answers.values = {{"f", "typed in the open"}, {"other", "x"}};
  answers.secrets["other"] = sdk::Secret("x");
  EXPECT_EQ(validate(form, answers).size(), 1u);
  EXPECT_TRUE(answers.values.empty());
  EXPECT_EQ(answers.secrets.size(), 1u);  // the empty one that was asked for
}

TEST(Validate, NamesEveryFieldThatIsWrong) {
  const auto form = sdk::Form(tr("t")).text("a", tr("a")).date("b", tr("b")).text("c", tr("c")).optional();
  sdk::Answers answers;
  answers.values = {{"b", "yesterday"}};
  const auto problems = validate(form, answers);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].field, "a");
  EXPECT_EQ(problems[1].field, "b");
}

TEST(TypedDate, UnderstandsTheUsualSpellings) {
  for (const char* typed : {"31.12.1980", "31/12/1980", "1980-12-31", " 31 . 12 . 1980 ", "31-12-1980", "1980-12-31 "})
    EXPECT_EQ(iso_date_from(typed).value_or("?"), "1980-12-31") << typed;
  EXPECT_EQ(iso_date_from("1.2.1980").value_or("?"), "1980-02-01");
}

TEST(TypedDate, KnowsTheCalendar) {
  EXPECT_TRUE(iso_date_from("29.02.2000"));
  for (const char* typed :
       {"29.02.1900", "29.02.2023", "31.04.2020", "0.1.2020", "1.0.2020", "32.1.2020", "1.13.2020", "1.1.0000"})
    EXPECT_FALSE(iso_date_from(typed)) << typed;
}

TEST(TypedDate, RefusesWhatIsNotADate) {
  for (const char* typed : {"", "31.12", "31.12.80", "31.12.19800", "1980.12.31", "31.12.1980.1", "a.b.cccc",
                            "31..1980", "31121980", "+31.12.1980", "99999999999.1.1980"})
    EXPECT_FALSE(iso_date_from(typed)) << typed;
}

}  // namespace
}  // namespace anahtar::testing
