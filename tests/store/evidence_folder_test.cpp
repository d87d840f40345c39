// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "store/store_fixture.h"

namespace anahtar::store::testing {
namespace {

using namespace core;

constexpr std::int64_t largest = 1'000'000;

struct SealedFolder : ::testing::Test {
  TemporarySite temporary;
  Site site = temporary.open();
  SubscriberId holder = saved(site, ayse()).id;

  std::filesystem::path source(const std::string& content) const {
    std::ofstream(temporary.folder() / "call.wav", std::ios::binary) << content;
    return temporary.folder() / "call.wav";
  }
  std::filesystem::path evidence() const { return temporary.file().string() + ".evidence"; }
  std::filesystem::path target() const { return temporary.folder() / "opened.wav"; }
  EvidenceFolder::Sealed seal(const std::string& content) {
    return value_or_throw(site.evidence->seal(holder, source(content), largest));
  }
  Result<> open(const EvidenceFolder::Sealed& sealed) {
    return site.evidence->open(holder, sealed.name, sealed.sha256, target());
  }
  void spoil(const std::string& name, const std::function<void(std::string&)>& change) {
    std::string content = content_of(evidence() / name);
    change(content);
    std::ofstream(evidence() / name, std::ios::binary) << content;
  }
};

TEST_F(SealedFolder, GivesBackWhatItTookWhateverItsLength) {
  for (const std::size_t length : {std::size_t{1}, std::size_t{65536}, std::size_t{65537}, std::size_t{200000}}) {
    std::string content(length, '\0');
    for (std::size_t i = 0; i < length; ++i) content[i] = static_cast<char>(i * 7 + i / 251);
    const auto sealed = seal(content);
    ASSERT_TRUE(open(sealed)) << length;
    EXPECT_EQ(content_of(target()), content);
    std::filesystem::remove(target());
  }
}

TEST_F(SealedFolder, HoldsNoPlaintextAndIsClosedToOthers) {
  const auto sealed = seal("a word that nobody shall find");
  EXPECT_THAT(content_of(evidence() / sealed.name), ::testing::Not(::testing::HasSubstr("nobody")));
  struct stat folder{}, file{};
  ASSERT_EQ(::stat(evidence().c_str(), &folder), 0);
  ASSERT_EQ(::stat((evidence() / sealed.name).c_str(), &file), 0);
  EXPECT_EQ(folder.st_mode & 0777, 0700u);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(SealedFolder, OpensNothingThatWasChangedCutOrExchanged) {
  const std::string content(150000, 'x');
  const auto sealed = seal(content);
  const std::string whole = content_of(evidence() / sealed.name);
  const std::size_t chunk = 65536 + 28;
  const std::vector<std::function<void(std::string&)>> attacks = {
      [](std::string& s) { s[100] ^= 1; },
      [](std::string& s) { s.back() ^= 1; },
      [&](std::string& s) { s.resize(4 + 2 * chunk); },
      [&](std::string& s) { s.resize(4 + chunk); },
      [&](std::string& s) { s.erase(4, chunk); },
      [&](std::string& s) { s = s.substr(0, 4) + s.substr(4 + chunk, chunk) + s.substr(4, chunk) + s.substr(4 + 2 * chunk); },
      [](std::string& s) { s.clear(); },
      [](std::string& s) { s.append("more"); }};
  for (std::size_t i = 0; i < attacks.size(); ++i) {
    spoil(sealed.name, attacks[i]);
    const auto opened = open(sealed);
    ASSERT_FALSE(opened) << i;
    EXPECT_EQ(opened.error().code, Code::not_intact) << i;
    EXPECT_FALSE(std::filesystem::exists(target())) << i;
    spoil(sealed.name, [&](std::string& s) { s = whole; });
  }
  const auto other = seal("another recording");
  std::filesystem::copy_file(evidence() / other.name, evidence() / sealed.name,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_FALSE(open(sealed));
}

TEST_F(SealedFolder, OpensForItsSubscriberAlone) {
  Subscriber somebody = ayse();
  somebody.national_id = "10000000078";
  const auto other = saved(site, somebody).id;
  const auto sealed = seal("words");
  EXPECT_FALSE(site.evidence->open(other, sealed.name, sealed.sha256, target()));
  EXPECT_FALSE(site.evidence->open(9999, sealed.name, sealed.sha256, target()));
}

TEST_F(SealedFolder, WritesOverNothing) {
  const auto sealed = seal("words");
  std::ofstream(target()) << "mine";
  EXPECT_EQ(open(sealed).error().code, Code::conflict);
  EXPECT_EQ(content_of(target()), "mine");
}

TEST_F(SealedFolder, TakesNothingThatIsTooLargeAndLeavesNothingOfIt) {
  const auto sealed = site.evidence->seal(holder, source(std::string(2000, 'x')), 1000);
  ASSERT_FALSE(sealed);
  EXPECT_TRUE(std::filesystem::is_empty(evidence()));
}

TEST_F(SealedFolder, DropsOnlyWhatItNamed) {
  const auto sealed = seal("words");
  site.evidence->drop("../desk.db");
  EXPECT_TRUE(std::filesystem::exists(temporary.file()));
  site.evidence->drop(sealed.name);
  EXPECT_TRUE(std::filesystem::is_empty(evidence()));
}

TEST(StoreRepository, KeepsCallPinsCallBacksAndRecordings) {
  TemporarySite temporary;
  Site site = temporary.open();
  const auto holder = saved(site, ayse()).id;
  Ticket opened;
  opened.subscriber = holder;
  const auto ticket = saved(site, opened).number;
  const Time then = Time(std::chrono::seconds(1'700'000'000));
  saved(site, CallPin{holder, "$hash", then});
  EXPECT_EQ(site.reader->call_pin(holder)->hash, "$hash");
  EXPECT_FALSE(site.reader->call_pin(99));

  CallBack call{.ticket = ticket, .subscriber = holder, .number = "+905321234567", .run = "r", .dialled = then,
                .expires = then + std::chrono::minutes(5)};
  call = saved(site, call);
  call.answered = then + std::chrono::seconds(9);
  saved(site, call);
  const auto found = site.reader->latest_call_back(ticket);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, call.id);
  EXPECT_EQ(found->number, "+905321234567");
  EXPECT_EQ(found->answered, call.answered);

  saved(site, Verification{.ticket = ticket, .subscriber = holder, .method = "civil_registry", .level = 1, .granted = then,
                           .expires = then, .granted_by = "fatma"});
  const auto waiting = [&] { return site.reader->tickets_without_recording("civil_registry", then, then + std::chrono::hours(1)); };
  EXPECT_EQ(waiting(), std::vector{ticket});
  EXPECT_TRUE(site.reader->tickets_without_recording("civil_registry", then, then).empty());
  saved(site, Recording{.ticket = ticket, .subscriber = holder, .kind = "missing", .attached = then});
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(site.reader->tickets_missing_recording(), std::vector{ticket});
  saved(site, Recording{.ticket = ticket, .subscriber = holder, .kind = "file", .reference = "a.wav", .file = "f",
                        .sha256 = "d", .bytes = 5'000'000'000, .milliseconds = 7, .attached = then, .attached_by = "fatma",
                        .of_this_call = true});
  EXPECT_TRUE(site.reader->tickets_missing_recording().empty());
  const auto recordings = site.reader->recordings(ticket);
  ASSERT_EQ(recordings.size(), 2u);
  EXPECT_EQ(recordings[1].reference, "a.wav");
  EXPECT_EQ(site.reader->recording_with("d")->id, recordings[1].id);
  EXPECT_FALSE(site.reader->recording_with("e"));
  EXPECT_EQ(recordings[1].bytes, 5'000'000'000);
  EXPECT_TRUE(recordings[1].of_this_call);

  saved(site, ActionRunRow{"", "phone.update", ticket, 1, then, then + std::chrono::seconds(1), "done", "d"});
  saved(site, ActionRunRow{"", "phone.update", ticket, 1, then, then + std::chrono::seconds(2), "refused", "d"});
  const auto asked = saved(site, ActionRunRow{"", "phone.update", ticket, 1, then, then + std::chrono::seconds(3), "waiting", "d"});
  EXPECT_EQ(site.reader->runs_done_since(then).size(), 1u);
  Approval approval{.action = "phone.update", .ticket = ticket, .subscriber = holder, .run = asked.id, .requested_by = 1,
                    .state = "approved", .decided = then + std::chrono::seconds(5)};
  saved(site, approval);
  EXPECT_EQ(site.reader->runs_done_since(then).size(), 2u);
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

}  // namespace
}  // namespace anahtar::store::testing
