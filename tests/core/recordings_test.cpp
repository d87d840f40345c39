// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recordings.h"

#include "core/desk_fixture.h"
#include "support/fake_recordings.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;
using testing::FakeEvidence, testing::FakeInspector, testing::FakeOutput;

struct RecordingsTest : DeskTest {
  FakeInspector sound;
  FakeEvidence folder;
  FakeOutput output;
  Recordings recordings{store, store, verification, &sound, &folder, clock, &output};
};

TEST_F(RecordingsTest, MakeACivilRegistryVerificationARecordedOneThatStandsNoLonger) {
  verify_caller(demo.taken, ada, "civil_registry");
  const auto until = verification.status(store, *store.ticket(demo.taken)).expires;
  clock.advance(5min);
  const auto attached = recordings.attach_file(ada, demo.taken, "/calls/a.wav");
  ASSERT_TRUE(attached);
  const auto status = verification.status(store, *store.ticket(demo.taken));
  EXPECT_EQ(status.level, 2);
  EXPECT_EQ(status.method, "civil_registry_recorded");
  EXPECT_EQ(status.expires, until);
  EXPECT_EQ(verification.level(store, *store.ticket(demo.taken), 4min), 0) << "it became fresher than the answers";
  const auto record = store.records_of(record_type::recording_attached).at(0);
  EXPECT_EQ(record.fields.at(Tag::digest), "d1");
  EXPECT_EQ(record.fields.at(Tag::length), "62500");
}

TEST_F(RecordingsTest, StrengthenOnlyWhatThePolicyLetsTheOperatorAndTheChannelDo) {
  MethodPolicy& recorded = policy.methods["civil_registry_recorded"];
  int calls = 0;
  const auto level_with_a_recording = [&] {
    verify_caller(demo.taken, ada, "civil_registry");
    sound.digest = folder.digest = "d" + std::to_string(++calls);
    EXPECT_TRUE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
    return level(demo.taken);
  };
  recorded.roles = {Role::supervisor};
  EXPECT_EQ(level_with_a_recording(), 1);
  recorded.roles = {Role::operator_};
  recorded.channels = {Channel::desk};
  EXPECT_EQ(level_with_a_recording(), 1);
  recorded.channels.clear();
  EXPECT_EQ(level_with_a_recording(), 2);
}

TEST_F(RecordingsTest, AreRefusedWhenTheyAreTooShortForAnyCall) {
  verify_caller(demo.taken, ada, "civil_registry");
  sound.milliseconds = 9'999;
  EXPECT_EQ(code_of(recordings.attach_file(ada, demo.taken, "/calls/a.wav")), Code::invalid);
  EXPECT_EQ(verification.status(store, *store.ticket(demo.taken)).level, 1);
  sound.milliseconds = 10'000;
  EXPECT_TRUE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
}

TEST_F(RecordingsTest, MakeNothingOfATicketOnWhichNobodyIsVerified) {
  ASSERT_TRUE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
  EXPECT_EQ(level(demo.taken), 0);
  verify_caller(demo.taken, ada, "civil_registry");
  EXPECT_EQ(level(demo.taken), 1) << "the file was there before the questions were asked";
}

TEST_F(RecordingsTest, ThatWereAttachedOnceProveNoOtherCall) {
  ASSERT_TRUE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
  const auto next = tickets.open(ada, {demo.blocked, Channel::call, Priority::normal, "other", ""});
  ASSERT_TRUE(next);
  for (const auto number : {*next, demo.taken}) {
    verify_caller(number, ada, "civil_registry");
    const auto again = recordings.attach_file(ada, number, "/calls/a copy.wav");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::refused);
    EXPECT_EQ(again.error().sentence.args, std::vector<std::string>{std::to_string(demo.taken)});
    EXPECT_EQ(level(number), 1);
  }
  EXPECT_EQ(folder.files.size(), 1u) << "the first one stays";
  sound.digest = folder.digest = "d2";
  EXPECT_TRUE(recordings.attach_file(ada, *next, "/calls/b.wav"));
}

TEST_F(RecordingsTest, StrengthenNothingByANameThatTheOperatorTyped) {
  verify_caller(demo.taken, ada, "civil_registry");
  ASSERT_TRUE(recordings.attach_reference(ada, demo.taken, " PBX-17 "));
  EXPECT_EQ(level(demo.taken), 1);
  EXPECT_EQ(store.recordings(demo.taken).at(0).reference, "PBX-17");
  EXPECT_FALSE(recordings.attach_reference(ada, demo.taken, "  "));
}

TEST_F(RecordingsTest, NamedByTheTelephoneSystemStrengthenTheQuestionsOfThatCallAlone) {
  const IncomingCall recorded{"+905000000001", true, {}, "PBX-18"};
  const auto number = tickets.open_for_call(ada, recorded, demo.blocked, {}, "other");
  ASSERT_TRUE(number);
  verify_caller(*number, ada, "civil_registry");
  EXPECT_EQ(level(*number), 2);
  ASSERT_TRUE(tickets.open_for_call(ada, {"+905000000001", true}, demo.blocked, *number, "other"));
  EXPECT_EQ(level(*number), 0);
  verify_caller(*number, ada, "civil_registry");
  EXPECT_EQ(level(*number), 1) << "the recording of the first call counted for the second";
}

TEST_F(RecordingsTest, DoNotCountWithoutTheTelephoneSystemsToken) {
  const auto number = tickets.open_for_call(ada, {"+905000000001", false, {}, "PBX-18"}, demo.blocked, {}, "other");
  ASSERT_TRUE(number);
  EXPECT_TRUE(store.recordings(*number).empty());
}

TEST_F(RecordingsTest, AreAttachedByWhoHasTheTicketAlsoWhenItIsClosed) {
  EXPECT_EQ(code_of(recordings.attach_file(bora, demo.taken, "/calls/a.wav")), Code::refused);
  EXPECT_EQ(last_refusal(), "assignee");
  EXPECT_TRUE(folder.files.empty());
  ASSERT_TRUE(tickets.close(ada, demo.taken, "Done."));
  EXPECT_TRUE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
  EXPECT_EQ(store.ticket(demo.taken)->state, TicketState::closed);
}

TEST_F(RecordingsTest, LeaveNoFileWithoutItsRecord) {
  store.fail_commits_with({Code::unavailable, tr("full")});
  EXPECT_FALSE(recordings.attach_file(ada, demo.taken, "/calls/a.wav"));
  EXPECT_TRUE(folder.files.empty());
  store.let_commits_succeed();
  folder.digest = "d2";
  EXPECT_EQ(code_of(recordings.attach_file(ada, demo.taken, "/calls/a.wav")), Code::conflict);
  EXPECT_TRUE(folder.files.empty());
  sound.refusal = Failure{Code::invalid, tr("no WAV")};
  EXPECT_EQ(code_of(recordings.attach_file(ada, demo.taken, "/calls/a.wav")), Code::invalid);
  EXPECT_TRUE(store.recordings(demo.taken).empty());
}

TEST_F(RecordingsTest, AreExportedByASupervisorWithAReasonAndARecordBeforeAnythingIsOpened) {
  const auto attached = recordings.attach_file(ada, demo.taken, "/calls/a.wav");
  ASSERT_TRUE(attached);
  EXPECT_EQ(code_of(recordings.export_to(ada, attached->id, "/tmp/x.wav", "curious")), Code::not_permitted);
  EXPECT_EQ(last_refusal(), "role");
  EXPECT_EQ(code_of(recordings.export_to(selin, attached->id, "/tmp/x.wav", "  ")), Code::invalid);
  store.fail_commits_with({Code::unavailable, tr("full")}, 0);
  EXPECT_FALSE(recordings.export_to(selin, attached->id, "/tmp/x.wav", "dispute"));
  EXPECT_TRUE(folder.opened.empty());
  store.let_commits_succeed();
  EXPECT_TRUE(recordings.export_to(selin, attached->id, "/tmp/x.wav", "dispute"));
  EXPECT_EQ(folder.opened.size(), 1u);
  EXPECT_EQ(store.records_of(record_type::recording_exported).at(0).fields.at(Tag::reason), "dispute");
}

TEST_F(RecordingsTest, ArePlayedByASupervisorWithARecordEachTimeBeforeAnythingIsOpened) {
  const auto attached = recordings.attach_file(ada, demo.taken, "/calls/a.wav");
  ASSERT_TRUE(attached);
  EXPECT_EQ(code_of(recordings.play(ada, attached->id)), Code::not_permitted);
  EXPECT_EQ(last_refusal(), "role");
  store.fail_commits_with({Code::unavailable, tr("full")}, 0);
  EXPECT_FALSE(recordings.play(selin, attached->id));
  EXPECT_EQ(folder.played, 0);
  store.let_commits_succeed();
  ASSERT_TRUE(recordings.play(selin, attached->id));
  EXPECT_EQ(output.heard(), "the sound");
  ASSERT_TRUE(recordings.play(selin, attached->id));
  const auto played = store.records_of(record_type::recording_played);
  ASSERT_EQ(played.size(), 2u);
  EXPECT_EQ(played[0].actor, selin.name);
  EXPECT_EQ(played[0].fields.at(Tag::digest), attached->sha256);
  EXPECT_TRUE(folder.opened.empty()) << "nothing is written to a disk";
  const auto named = recordings.attach_reference(ada, demo.taken, "PBX-17");
  EXPECT_EQ(code_of(recordings.play(selin, named->id)), Code::refused);
}

TEST_F(RecordingsTest, ThatDoNotComeInTimeAreTheSupervisorsBusinessOnce) {
  verify_caller(demo.taken, ada, "civil_registry");
  clock.advance(23h);
  ASSERT_TRUE(recordings.mark_missing());
  EXPECT_TRUE(recordings.missing(selin)->empty());
  clock.advance(2h);
  ASSERT_TRUE(recordings.mark_missing());
  ASSERT_TRUE(recordings.mark_missing());
  EXPECT_EQ(recordings.missing(selin).value(), std::vector{demo.taken});
  EXPECT_EQ(code_of(recordings.missing(ada)), Code::not_permitted);
  const auto records = store.records_of(record_type::recording_missing);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].actor, "");
  const auto marked = [&](const Session& who) {
    TicketFilter all;
    all.queue = TicketFilter::Queue::all;
    const auto lines = tickets.list(who, all);  // named: a loop over a temporary's value outlives it
    for (const auto& line : *lines)
      if (line.number == demo.taken) return line.recording_missing;
    return false;
  };
  EXPECT_TRUE(marked(selin));
  EXPECT_FALSE(marked(ada));
  ASSERT_TRUE(recordings.attach_reference(ada, demo.taken, "PBX-17"));
  EXPECT_TRUE(recordings.missing(selin)->empty());
}

TEST_F(RecordingsTest, AreWaitedForOnlyWhenThePolicySaysSo) {
  policy.recordings.within = 0min;
  verify_caller(demo.taken, ada, "civil_registry");
  clock.advance(48h);
  ASSERT_TRUE(recordings.mark_missing());
  EXPECT_TRUE(recordings.missing(selin)->empty());
}

}  // namespace
}  // namespace anahtar::core
