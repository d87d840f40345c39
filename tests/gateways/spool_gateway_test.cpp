// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/spool_gateway.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace anahtar {
namespace {

struct HandClock : core::Clock {
  core::Time now() const override { return time; }
  core::Time time{std::chrono::seconds(1000)};
};

core::TextMessage message(std::string id, std::string body) {
  return {std::move(id), "verification_code", "+905000000001", sdk::Secret(std::move(body))};
}

struct SpoolGateway : ::testing::Test {
  testing::TemporaryFolder folder;
  HandClock clock;
  gateways::SpoolGateway spool{folder / "phone", clock};
};

TEST_F(SpoolGateway, GivesTheNewestMessageFirst) {
  ASSERT_TRUE(spool.send(message("a1", "first")));
  clock.time += std::chrono::seconds(1);
  ASSERT_TRUE(spool.send(message("a0", "second, with \"quotes\" and ığüşöç")));
  const auto read = spool.messages();
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].text, "second, with \"quotes\" and ığüşöç");
  EXPECT_EQ(read[0].at, clock.time);
  EXPECT_EQ(read[1].to, "+905000000001");
}

TEST_F(SpoolGateway, KeepsEveryCharacterOfAMail) {
  const std::string body = "a \\ and \"\n\tand \x01 and ğ\n";
  ASSERT_TRUE(spool.send(core::MailMessage{"a1", "security_word", "holder@example.org", "Konu \"1\"", sdk::Secret(std::string(body))}));
  const auto read = spool.messages();
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].text, "Konu \"1\"\n\n" + body);
  EXPECT_EQ(read[0].to, "holder@example.org");
}

TEST_F(SpoolGateway, KeepsTheFolderToItsOwner) {
  ASSERT_TRUE(spool.send(message("a1", "code")));
  struct stat folder_mode{}, file_mode{};
  ASSERT_EQ(::stat((folder / "phone").c_str(), &folder_mode), 0);
  ASSERT_EQ(::stat((folder / "phone" / "a1.json").c_str(), &file_mode), 0);
  EXPECT_EQ(folder_mode.st_mode & 0777, 0700u);
  EXPECT_EQ(file_mode.st_mode & 0777, 0600u);
}

TEST_F(SpoolGateway, RefusesAFolderThatOthersCanEnter) {
  std::filesystem::create_directory(folder / "phone");
  ::chmod((folder / "phone").c_str(), 0755);
  const auto sent = spool.send(message("a1", "code"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, core::Code::unavailable);
  EXPECT_TRUE(spool.messages().empty());
}

TEST_F(SpoolGateway, SendsADoubledMessageOnce) {
  ASSERT_TRUE(spool.send(message("a1", "code")));
  ASSERT_TRUE(spool.send(message("a1", "another")));
  ASSERT_EQ(spool.messages().size(), 1u);
  EXPECT_EQ(spool.messages()[0].text, "code");
}

TEST_F(SpoolGateway, DoesNotFollowAnIdOutOfItsFolder) {
  EXPECT_FALSE(spool.send(message("../escape", "code")));
  EXPECT_FALSE(std::filesystem::exists(folder / "escape.json"));
}

TEST_F(SpoolGateway, PassesOverWhatIsNoMessage) {
  ASSERT_TRUE(spool.send(message("a1", "code")));
  std::ofstream(folder / "phone" / "x.json") << "not json";
  std::ofstream(folder / "phone" / "y.json") << R"({"at":1,"to":5})";
  EXPECT_EQ(spool.messages().size(), 1u);
}

TEST_F(SpoolGateway, HasNoMessagesBeforeTheFirst) { EXPECT_TRUE(spool.messages().empty()); }

}  // namespace
}  // namespace anahtar
