// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/causes.h"
#include "core/fold.h"
#include "core/masking.h"
#include "core/national_id.h"
#include "core/phone.h"
#include "core/record.h"
#include "support/memory_store.h"

namespace anahtar::core {
namespace {

using Words = std::vector<std::string>;

struct Folding {
  const char *text, *folded, *loosely;
};

TEST(Fold, LowersAsTurkishDoes) {
  const Folding table[] = {
      {"IŞIK İnci", "ışık inci", "isik inci"},
      {"ISPARTA", "ısparta", "isparta"},
      {"İSTANBUL", "istanbul", "istanbul"},
      {"I\u0307stanbul", "istanbul", "istanbul"},  // I and a combining dot
      {"Çag\u0306rı", "çağrı", "cagri"},            // g and a combining breve
      {"ŞÜKRÜ ÖĞÜT", "şükrü öğüt", "sukru ogut"},
      {"Hâlâ Kâmil", "hâlâ kâmil", "hala kamil"},
      {"  Gül \t\u00A0 Masal ", "gül masal", "gul masal"},
      {"", "", ""},
      {"   ", "", ""},
      {"Ångström", "ångström", "angstrom"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(fold(row.text), row.folded) << row.text;
    EXPECT_EQ(fold_loosely(row.text), row.loosely) << row.text;
  }
}

TEST(Fold, KeepsDottedAndDotlessApart) { EXPECT_NE(fold("Işıl"), fold("İşil")); }

TEST(Fold, FoldingTwiceChangesNothing) {
  for (const char* text : {"IŞIK İnci", "Çag\u0306rı", "ﬁ Ǆ ẞ"}) EXPECT_EQ(fold(fold(text)), fold(text));
}

TEST(Fold, SeparatesWordsAtApostrophesAndHyphens) {
  EXPECT_EQ(folded_words("Gül-Masal'ın İNCİ’si"), (Words{"gul", "masal", "in", "inci", "si"}));
  EXPECT_EQ(folded_words(" - ' "), Words{});
}

TEST(Fold, SurvivesBytesThatAreNotUtf8) { EXPECT_EQ(folded_words("\xFF\xFE").size(), 0u); }

TEST(Phone, ReadsEverySpellingOfAMobile) {
  for (const char* typed :
       {"05321234567", "0532 123 45 67", "+90 532 123 45 67", "+905321234567", "905321234567", "5321234567",
        "(532) 123/45 67", "+90 (532) 123/45 67", "0(532)1234567", "00905321234567", "0090 532 123 45 67",
        "+90 0532 123 45 67", "0532-123-45-67", "0532.123.45.67", " 0532 123 45 67 ", "532\u00A0123\u00A045\u00A067"}) {
    const auto phone = normalised_phone(typed);
    ASSERT_TRUE(phone) << typed;
    EXPECT_EQ(*phone, "+905321234567") << typed;
  }
}

TEST(Phone, ReadsOtherNumbers) {
  EXPECT_EQ(normalised_phone("0262 648 18 18").value(), "+902626481818");
  EXPECT_EQ(normalised_phone("+49 30 901820").value(), "+4930901820");
  EXPECT_EQ(normalised_phone("0049 30 901820").value(), "+4930901820");
  EXPECT_EQ(normalised_phone("0500 000 00 01").value(), "+905000000001");
}

TEST(Phone, RefusesWhatIsNoNumber) {
  for (const char* typed : {"", "abc", "0532", "0532 123 45 6", "0532 123 45 678", "0532 ABC 45 67",
                            "12345678901234567890", "0532 123 45 67 x5", "+999 123", "---"}) {
    const auto phone = normalised_phone(typed);
    ASSERT_FALSE(phone) << typed;
    EXPECT_EQ(phone.error().code, Code::invalid);
  }
}

TEST(Phone, KnowsMobilesAndWritesForPeople) {
  EXPECT_TRUE(is_turkish_mobile("+905321234567"));
  EXPECT_FALSE(is_turkish_mobile("+902626481818"));
  EXPECT_FALSE(is_turkish_mobile("+90532123456x"));
  EXPECT_EQ(pretty_phone("+905321234567"), "0532 123 45 67");
  EXPECT_EQ(pretty_phone("+902626481818"), "0262 648 18 18");
  EXPECT_EQ(pretty_phone("+4930901820"), "+49 30 901820");
  EXPECT_EQ(pretty_phone("nothing"), "nothing");
}

TEST(NationalId, ChecksItsDigits) {
  EXPECT_TRUE(is_national_id("10000000146"));
  for (std::uint32_t n : {0u, 1u, 7u, 12345678u, 99999999u})
    EXPECT_TRUE(is_national_id(testing::fictional_national_id(n))) << n;
  for (const char* wrong : {"", "1000000014", "100000001460", "10000000147", "10000000156", "00000000000", "1000000014a",
                            "01234567890", "10000000416"})
    EXPECT_FALSE(is_national_id(wrong)) << wrong;
}

TEST(NationalId, SeesEverySingleWrongDigit) {
  const std::string right = testing::fictional_national_id(4711);
  for (std::size_t i = 0; i < right.size(); ++i)
    for (char c = '0'; c <= '9'; ++c) {
      std::string changed = right;
      changed[i] = c;
      EXPECT_EQ(is_national_id(changed), c == right[i]) << changed;
    }
}

TEST(Masking, ShowsLittle) {
  EXPECT_EQ(mask_name("Ayşe Yılmaz"), "A••• Y•••");
  EXPECT_EQ(mask_name("  İnci   Şen-Öz "), "İ••• Ş•••");
  EXPECT_EQ(mask_name(""), "");
  EXPECT_EQ(mask_mobile("+905321234545"), "05•• ••• •• 45");
  EXPECT_EQ(mask_mobile("+4930901812"), "+49 ••• 12");
  EXPECT_EQ(mask_mobile(""), "");
  EXPECT_EQ(mask_national_id("12345678901"), "123••••••01");
  EXPECT_EQ(mask_national_id("123"), "••••");
  EXPECT_EQ(mask_email("ayse@ornek.example"), "a•••@o•••.example");
  EXPECT_EQ(mask_email("nobody"), "••••");
  EXPECT_EQ(mask_email("a@b"), "a•••@b•••");
  EXPECT_EQ(mask_all("anything at all"), "••••");
  EXPECT_EQ(mask_all(""), "");
}

TEST(Masking, DoesNotTellLengths) { EXPECT_EQ(mask_name("Al Ek"), mask_name("Alparslan Ekinci")); }

TEST(Causes, HaveLabels) {
  for (const auto& cause : causes()) EXPECT_EQ(cause_label(cause.id), cause.label);
  EXPECT_EQ(cause_label("password_blocked").id, "Password blocked");
  EXPECT_EQ(cause_label("a later one"), sdk::verbatim("a later one"));
}

TEST(RecordTags, HaveNamesOfTheirOwn) {
  EXPECT_EQ(to_string(Tag::operator_name), "operator_name");
  EXPECT_EQ(to_string(Tag::reason), "reason");
  EXPECT_EQ(to_string(static_cast<Tag>(0xFFFF)), "");
}

}  // namespace
}  // namespace anahtar::core
