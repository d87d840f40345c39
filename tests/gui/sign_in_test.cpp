// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtk/gtk.h>

#include "gui/desk_fixture.h"

#include "ui/accessible.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

class SignIn : public DeskFixture {};

/// Whether GTK has put the window where wx believes it to be.
bool is_placed(const wxWindow* window) {
  GtkAllocation place;
  gtk_widget_get_allocation(window->GetHandle(), &place);
  return wxRect(place.x, place.y, place.width, place.height) == window->GetRect();
}

/// Whether the sentence can be read whole, and the card has grown with it.
bool stands_between(const char* sentence, const char* above, const char* below) {
  const wxWindow* const text = Driver::appears(sentence);
  if (text == nullptr) return false;
  const wxWindow* const card = text->GetParent();
  return Driver::wait(
      [&] {
        const wxRect place = text->GetRect();
        return is_placed(text) && is_placed(card) && place.height > 8 && Driver::visible(above)->GetRect().GetBottom() < place.y &&
               place.GetBottom() < Driver::visible(below)->GetRect().y &&
               Driver::visible(below)->GetRect().GetBottom() + 8 < card->GetClientSize().y;
      },
      Driver::Seconds(3));
}

TEST_F(SignIn, OpensTheDeskWithTheRightPassword) {
  sign_in(parts->demo.operator_);
  EXPECT_NE(Driver::visible("queue.list"), nullptr);
  EXPECT_NE(Driver::text("status.who").find(parts->demo.operator_.display_name), std::string::npos);
  EXPECT_NE(Driver::text("status.plugins").find("1 plugin refused"), std::string::npos);
}

TEST_F(SignIn, SaysSoWhenThePasswordIsWrongAndStays) {
  ASSERT_TRUE(Driver::type("sign_in.name", parts->demo.operator_.name));
  ASSERT_TRUE(Driver::type("sign_in.password", "not this one at all"));
  ASSERT_TRUE(Driver::press("sign_in.go"));
  ASSERT_NE(Driver::appears("sign_in.problem"), nullptr);
  EXPECT_EQ(Driver::visible("desk"), nullptr);
  EXPECT_EQ(Driver::text("sign_in.password"), "");
  EXPECT_EQ(parts->store.records_of(core::record_type::sign_in_refused).size(), 1u);
}

TEST_F(SignIn, AsksForTheNameBeforeAnybodyIsRefused) {
  ASSERT_TRUE(Driver::type("sign_in.password", demo_password));
  ASSERT_TRUE(Driver::press("sign_in.go"));
  EXPECT_TRUE(Driver::wait([] { return Driver::text("sign_in.problem").find("user name first") != std::string::npos; }));
  EXPECT_EQ(wxWindow::FindFocus(), Driver::visible("sign_in.name"));
  EXPECT_TRUE(parts->store.records_of(core::record_type::sign_in_refused).empty());
}

TEST_F(SignIn, AsksForANewPasswordBeforeAnythingElse) {
  core::Session admin = *parts->sign_in.sign_in(parts->demo.administrator.name, sdk::Secret(demo_password));
  ASSERT_TRUE(parts->operators.reset_password(admin, parts->demo.operator_.name, sdk::Secret("a first password")));
  ASSERT_TRUE(Driver::type("sign_in.name", parts->demo.operator_.name));
  ASSERT_TRUE(Driver::type("sign_in.password", "a first password"));
  ASSERT_TRUE(Driver::press("sign_in.go"));
  ASSERT_TRUE(Driver::type("password.current", "a first password"));
  ASSERT_TRUE(Driver::type("password.fresh", "my very own password"));
  ASSERT_TRUE(Driver::type("password.again", "another one by mistake"));
  ASSERT_TRUE(Driver::press("password.go"));
  ASSERT_TRUE(Driver::wait([] { return Driver::text("password.problem").find("not the same") != std::string::npos; }));
  EXPECT_TRUE(stands_between("password.problem", "password.again", "password.go"));
  EXPECT_EQ(Driver::visible("desk"), nullptr);
  ASSERT_TRUE(Driver::type("password.again", "my very own password"));
  ASSERT_TRUE(Driver::press("password.go"));
  EXPECT_NE(Driver::appears("desk"), nullptr);
}

TEST_F(SignIn, LockHidesTheDeskUntilTheSameOperatorUnlocks) {
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.taken);
  window->lock();
  ASSERT_NE(Driver::appears("lock.password"), nullptr);
  EXPECT_EQ(Driver::visible("ticket"), nullptr);
  ASSERT_TRUE(Driver::type("lock.password", "wrong password here"));
  ASSERT_TRUE(Driver::press("lock.unlock"));
  ASSERT_NE(Driver::appears("lock.problem"), nullptr);
  ASSERT_TRUE(Driver::type("lock.password", demo_password));
  ASSERT_TRUE(Driver::press("lock.unlock"));
  EXPECT_NE(Driver::appears("ticket"), nullptr);
  EXPECT_EQ(parts->store.records_of(core::record_type::session_locked).size(), 1u);
}

TEST_F(SignIn, TheLockShowsItsSentenceWholeEachTime) {
  sign_in(parts->demo.operator_);
  for (int time = 0; time < 2; ++time) {
    window->lock();
    ASSERT_TRUE(Driver::type("lock.password", "wrong password here"));
    ASSERT_TRUE(Driver::press("lock.unlock"));
    EXPECT_TRUE(stands_between("lock.problem", "lock.password", "lock.unlock")) << "time " << time;
    ASSERT_TRUE(Driver::type("lock.password", demo_password));
    ASSERT_TRUE(Driver::press("lock.unlock"));
    ASSERT_NE(Driver::appears("desk"), nullptr);
  }
}

TEST_F(SignIn, ThePasswordPageOfTheMenuShowsItsFirstSentenceWhole) {
  sign_in(parts->demo.supervisor);
  wxCommandEvent chosen(wxEVT_MENU, window->GetMenuBar()->FindMenuItem("Console", ui::from_utf8("Change password…")));
  ASSERT_NE(chosen.GetId(), wxNOT_FOUND);
  window->GetEventHandler()->ProcessEvent(chosen);
  ASSERT_TRUE(Driver::type("password.fresh", "one password here"));
  ASSERT_TRUE(Driver::type("password.again", "another password"));
  ASSERT_TRUE(Driver::press("password.go"));
  EXPECT_TRUE(stands_between("password.problem", "password.again", "password.go"));
}

TEST_F(SignIn, NothingOfOneOperatorIsLeftForTheNext) {
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.taken);
  window->sign_out();
  sign_in(parts->demo.other_operator);
  EXPECT_EQ(window->desk()->current_ticket(), 0);
  EXPECT_EQ(Driver::visible("ticket.title"), nullptr);
}

TEST_F(SignIn, FieldsHaveNamesForAScreenReader) {
  EXPECT_EQ(ui::accessible_name(Driver::visible("sign_in.name")), "User name");
  EXPECT_EQ(ui::accessible_name(Driver::visible("sign_in.password")), "Password");
}

TEST_F(SignIn, SpeaksTurkish) {
  open_window("tr");
  EXPECT_EQ(ui::accessible_name(Driver::visible("sign_in.password")), ui::from_utf8("Parola"));
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.open);
  EXPECT_EQ(Driver::text("ticket.close"), "Kapat");
  EXPECT_NE(Driver::text("ticket.title").find("Parola bloke"), std::string::npos);
}

}  // namespace
}  // namespace anahtar::testing
