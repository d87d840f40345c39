// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <wx/uiaction.h>

#include "ui/row_list.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

/// Real key events from the display server, no mouse, no calls into the window.
class Keyboard : public DeskFixture {
 protected:
  void key(int code, int modifiers = 0) {
    Driver::settle();
    keys_.Char(code, modifiers);
    Driver::settle();
  }
  void write(const char* text) {
    for (const char* c = text; *c != '\0'; ++c) {
      keys_.Char(static_cast<unsigned char>(*c));
      Driver::wait([] { return true; });
    }
    Driver::settle();
  }
  bool key_until(int code, const std::string& appears) {
    key(code);
    if (Driver::appears(appears, Driver::Seconds(5)) != nullptr) return true;
    const wxWindow* focus = wxWindow::FindFocus();
    ADD_FAILURE() << "the key went to " << (focus == nullptr ? "nobody" : focus->GetName().utf8_string());
    return false;
  }

  /// The key beside an action, as its button shows it.
  static int digit_of(const std::string& action) {
    auto* press = dynamic_cast<wxButton*>(Driver::visible("action." + action));
    return press == nullptr ? 0 : static_cast<unsigned char>(press->GetLabelText().utf8_string().at(0));
  }

 private:
  wxUIActionSimulator keys_;
};

/// What the keyboard is given to.
std::string focus() {
  const wxWindow* const has_it = wxWindow::FindFocus();
  return has_it == nullptr ? "nobody" : has_it->GetName().utf8_string();
}

TEST_F(Keyboard, ComesBackToTheFormFromTheQueueTheKeysAndTheLock) {
  window->Raise();
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.open);
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  window->desk()->toggle_focus();
  window->desk()->toggle_focus();
  EXPECT_EQ(focus(), "field.code");
  window->desk()->show_shortcuts();
  ASSERT_TRUE(Driver::press("shortcuts.back"));
  EXPECT_EQ(focus(), "field.code");
  window->desk()->show(ui::DeskPage::View::audit);
  window->desk()->show(ui::DeskPage::View::tickets);
  EXPECT_EQ(focus(), "field.code");
  window->lock();
  ASSERT_TRUE(Driver::type("lock.password", demo_password));
  ASSERT_TRUE(Driver::press("lock.unlock"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  EXPECT_EQ(focus(), "field.code");
}

TEST_F(Keyboard, StartsNoActionBehindWhatOneIsWriting) {
  window->Raise();
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.open);
  ticket_page().command(ui::TicketCommand::note);
  ASSERT_TRUE(Driver::type("field.text", "The caller asks for"));
  window->desk()->toggle_focus();
  window->desk()->toggle_focus();
  EXPECT_EQ(focus(), "field.text");
  write(" help");
  EXPECT_EQ(Driver::text("field.text"), "The caller asks for help");
  ASSERT_FALSE(window->desk()->digit(1, true));
  ticket_page().command(ui::TicketCommand::close);
  ASSERT_TRUE(Driver::settle());
  EXPECT_EQ(Driver::text("field.text"), "The caller asks for help");
}

TEST_F(Keyboard, WalksFromSignInToAnUnblockedPasswordAndAClosedTicket) {
  window->Raise();
  window->SetFocus();
  Driver::visible("sign_in.name")->SetFocus();
  write(parts->demo.operator_.name.c_str());
  key(WXK_RETURN);
  write(demo_password);
  key(WXK_RETURN);
  ASSERT_NE(Driver::appears("desk"), nullptr);

  key('K', wxMOD_CONTROL);
  ASSERT_NE(Driver::appears("find.typed"), nullptr);
  write("05000000001");
  key(WXK_RETURN);
  ASSERT_TRUE(Driver::wait([] {
    auto* list = dynamic_cast<ui::RowList*>(Driver::visible("find.list"));
    return list != nullptr && list->count() == 1 && list->selected() == 0;
  }));
  ASSERT_TRUE(key_until(WXK_RETURN, "ticket.title"));
  ASSERT_NE(Driver::appears("action.verification.sms_code"), nullptr);

  key('T', wxMOD_CONTROL);
  ASSERT_TRUE(Driver::wait([] { return Driver::visible("ticket.take") == nullptr; }));
  Driver::settle();
  ASSERT_TRUE(key_until(digit_of("verification.sms_code"), "field.code"));
  write(newest_code().c_str());
  ASSERT_TRUE(key_until(WXK_RETURN, "run.result"));
  ASSERT_TRUE(key_until(WXK_RETURN, "action.password.unblock"));
  ASSERT_TRUE(key_until(digit_of("password.unblock"), "field.cause"));
  Driver::wait([] { return Driver::visible("form.submit") != nullptr; });
  key(WXK_DOWN);
  ASSERT_TRUE(key_until(WXK_RETURN, "run.result"));
  EXPECT_FALSE(parts->store.portal_account(parts->demo.blocked)->blocked);

  ASSERT_TRUE(key_until(WXK_RETURN, "action.password.unblock"));
  key('E', wxMOD_CONTROL);
  ASSERT_NE(Driver::appears("field.resolution"), nullptr);
  write("done");
  EXPECT_TRUE(key_until(WXK_RETURN, "ticket.reopen"));
}

TEST_F(Keyboard, F1ListsTheKeysAndEscLeavesThem) {
  sign_in(parts->demo.operator_);
  key(WXK_F1);
  ASSERT_NE(Driver::appears("shortcuts.list"), nullptr);
  key(WXK_ESCAPE);
  EXPECT_TRUE(Driver::wait([] { return Driver::visible("shortcuts.list") == nullptr; }));
}

TEST_F(Keyboard, CtrlLLocks) {
  sign_in(parts->demo.operator_);
  key('L', wxMOD_CONTROL);
  EXPECT_NE(Driver::appears("lock.password"), nullptr);
}

TEST_F(Keyboard, DigitsAreWrittenIntoAFieldAndStartNothing) {
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.open);
  key('M', wxMOD_CONTROL);
  ASSERT_NE(Driver::appears("field.text"), nullptr);
  write("12");
  EXPECT_EQ(Driver::text("field.text"), "12");
  EXPECT_FALSE(ticket_page().running());
}

}  // namespace
}  // namespace anahtar::testing
