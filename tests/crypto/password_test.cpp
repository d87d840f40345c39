// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/password.h"

#include <gtest/gtest.h>

namespace anahtar::crypto {
namespace {

using sdk::Secret;
constexpr PasswordCost quick{.log_n = 10, .r = 8, .p = 1};

// Computed with Python's hashlib.scrypt over the salt 00 … 0f.
constexpr auto stored = "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$U2vIBievGXSL+k7RebPcxIqV3zog3WSH6kIYmds7Hms";

TEST(Password, AcceptsAHashMadeElsewhere) {
  EXPECT_TRUE(verify_password(Secret("parola"), stored));
  EXPECT_FALSE(verify_password(Secret("Parola"), stored));
  EXPECT_FALSE(verify_password(Secret(""), stored));
}

TEST(Password, HashesWithAFreshSalt) {
  const Secret password("güçlü bir parola");
  const std::string one = hash_password(password, quick);
  const std::string two = hash_password(password, quick);
  EXPECT_NE(one, two);
  EXPECT_TRUE(one.starts_with("$scrypt$ln=10,r=8,p=1$"));
  EXPECT_TRUE(verify_password(password, one));
  EXPECT_TRUE(verify_password(password, two));
}

TEST(Password, WorksAtTheDefaultCost) {
  EXPECT_TRUE(verify_password(Secret("parola"), hash_password(Secret("parola"))));
}

TEST(Password, RefusesWhatIsNoHash) {
  for (const char* text :
       {"", "parola", "$scrypt$", "$scrypt$ln=10,r=8,p=1$AAEC", "$scrypt$ln=10,r=8$AA$AA",
        "$scrypt$ln=40,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$U2vIBievGXSL+k7RebPcxIqV3zog3WSH6kIYmds7Hms",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw==$U2vIBievGXSL+k7RebPcxIqV3zog3WSH6kIYmds7Hms"}) {
    EXPECT_FALSE(verify_password(Secret("parola"), text)) << text;
    EXPECT_TRUE(needs_rehash(text, quick)) << text;
  }
}

TEST(Password, AsksForANewHashWhenTheCostChanges) {
  EXPECT_FALSE(needs_rehash(stored, quick));
  EXPECT_TRUE(needs_rehash(stored));
  EXPECT_TRUE(needs_rehash(stored, {.log_n = 10, .r = 8, .p = 2}));
}

}  // namespace
}  // namespace anahtar::crypto
