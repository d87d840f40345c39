// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"
#include "support/fake_recordings.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

/// A ticket to which its operator attached the recording of the call.
class Recordings : public DeskFixture {
 protected:
  void SetUp() override {
    DeskFixture::SetUp();
    recordings = std::make_unique<core::Recordings>(parts->store, parts->store, parts->verification, &inspector, &evidence,
                                                    parts->clock, &output);
    services->recordings = recordings.get();
    ASSERT_TRUE(recordings->attach_file(session_of(parts->demo.operator_), parts->demo.taken, "/calls/a.wav"));
  }
  void play_as_supervisor() {
    sign_in(parts->demo.supervisor);
    window->desk()->show_ticket(parts->demo.taken);
    ASSERT_NE(Driver::appears("ticket.title"), nullptr);
    ASSERT_TRUE(Driver::settle());
    ticket_page().command(ui::TicketCommand::play_recording);
    ASSERT_TRUE(Driver::wait([&] { return output.playing(); }));
  }

  FakeInspector inspector;
  FakeEvidence evidence;
  FakeOutput output;
  std::unique_ptr<core::Recordings> recordings;
};

TEST_F(Recordings, ArePlayedByASupervisorAndItIsSaidThatThisIsRecorded) {
  ASSERT_NO_FATAL_FAILURE(play_as_supervisor());
  EXPECT_EQ(output.heard(), "the sound");
  EXPECT_EQ(parts->store.records_of(core::record_type::recording_played).size(), 1u);
  EXPECT_NE(Driver::appears("notice.action"), nullptr);
}

TEST_F(Recordings, StopWhenTheSupervisorSaysSo) {
  ASSERT_NO_FATAL_FAILURE(play_as_supervisor());
  ASSERT_TRUE(Driver::press("notice.action"));
  EXPECT_TRUE(Driver::wait([&] { return !output.playing(); }));
}

TEST_F(Recordings, StopWhenTheConsoleIsLocked) {
  ASSERT_NO_FATAL_FAILURE(play_as_supervisor());
  window->lock();
  EXPECT_TRUE(Driver::wait([&] { return !output.playing(); }));
}

TEST_F(Recordings, AreNotPlayedByAnOperator) {
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.taken);
  ticket_page().command(ui::TicketCommand::play_recording);
  ASSERT_NE(Driver::appears("notice"), nullptr);
  EXPECT_FALSE(output.playing());
  EXPECT_EQ(evidence.played, 0);
}

}  // namespace
}  // namespace anahtar::testing
