// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include "ui/accessible.h"
#include "ui/row_list.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

class Call : public DeskFixture {
 protected:
  void be_called_during_a_form() {
    sign_in(parts->demo.operator_);
    open_ticket(parts->demo.open);
    ASSERT_TRUE(Driver::press("action.verification.sms_code"));
    ASSERT_NE(Driver::appears("field.code"), nullptr);
    window->call_arrived({"+905000000004", true});
    ASSERT_NE(Driver::appears("notice.action"), nullptr);
  }
};

TEST_F(Call, ListsEveryoneWhoSharesTheNumberAndChoosesNobody) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905000000004", true});
  ASSERT_NE(Driver::appears("find.list"), nullptr);
  auto* list = dynamic_cast<ui::RowList*>(Driver::visible("find.list"));
  ASSERT_TRUE(Driver::wait([&] { return list->count() == 2; }));
  EXPECT_EQ(list->selected(), -1);
  EXPECT_FALSE(Driver::visible("find.primary")->IsEnabled());
}

TEST_F(Call, ContinuesAnOpenTicketOfTheChosenCaller) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905000000001", true});
  ASSERT_TRUE(Driver::choose_row("find.list", 0));
  ASSERT_TRUE(Driver::press("find.primary"));
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  EXPECT_EQ(window->desk()->current_ticket(), parts->demo.open);
}

TEST_F(Call, OpensTheRecordOfWhoTypedTheirCallPin) {
  const auto holder = parts->demo.blocked;
  core::CallPin chosen{holder, parts->verification.hash_of_pin(holder, sdk::Secret(std::string("4827"))), parts->clock.now()};
  ASSERT_TRUE(parts->store.commit([&](core::Transaction& tx) -> core::Result<> {
    tx.record({"test.changed", "", "", "", "", {}});
    tx.save(chosen);
    return {};
  }));
  sign_in(parts->demo.operator_);
  core::IncomingCall call{"+905000000001", true};
  call.pin = std::make_shared<const core::GivenPin>(sdk::Secret(std::string("4827")), "");
  window->call_arrived(call);
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  EXPECT_EQ(window->desk()->current_ticket(), parts->demo.open);
  ASSERT_TRUE(Driver::settle());
  EXPECT_EQ(verification_bar().look(), ui::VerificationBar::Look::low);
}

TEST_F(Call, AnUnknownCallerGetsATicketWithoutSubscriber) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905009999999", true});
  ASSERT_TRUE(Driver::press("find.without"));
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  EXPECT_FALSE(parts->store.ticket(window->desk()->current_ticket())->subscriber.has_value());
}

TEST_F(Call, WaitsBehindTheLockWithoutPersonalData) {
  sign_in(parts->demo.operator_);
  window->lock();
  window->call_arrived({"+905000000001", true});
  ASSERT_NE(Driver::appears("lock.call"), nullptr);
  EXPECT_EQ(Driver::text("lock.call").find_first_of("0123456789"), std::string::npos);
  ASSERT_TRUE(Driver::type("lock.password", demo_password));
  ASSERT_TRUE(Driver::press("lock.unlock"));
  EXPECT_TRUE(Driver::choose_row("find.list", 0));
}

TEST_F(Call, KeepsEveryCallThatWaitsWhileAFormIsOpen) {
  ASSERT_NO_FATAL_FAILURE(be_called_during_a_form());
  window->call_arrived({"+905009999999", true});
  ASSERT_TRUE(Driver::wait([] { return ui::accessible_name(Driver::appears("notice")).Contains("2 calls"); }));
  ASSERT_TRUE(Driver::press("form.cancel"));
  ASSERT_NE(Driver::appears("action.verification.sms_code"), nullptr);
  ASSERT_TRUE(Driver::press("notice.action"));
  ASSERT_TRUE(Driver::choose_row("find.list", 0)) << "the first caller";
  ASSERT_NE(Driver::appears("notice.action"), nullptr) << "the second still waits";
  window->desk()->show_waiting_call();
  EXPECT_TRUE(Driver::wait([] { return Driver::text("find.found").find("Unknown caller") != std::string::npos; }));
}

TEST_F(Call, ThatWasPutAsideComesBackWithItsKey) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905000000004", true});
  ASSERT_NE(Driver::appears("find.list"), nullptr);
  ASSERT_TRUE(Driver::press("find.back"));
  ASSERT_TRUE(Driver::wait([] { return Driver::visible("find.list") == nullptr; }));
  window->desk()->show_waiting_call();
  EXPECT_TRUE(Driver::choose_row("find.list", 0));
}

TEST_F(Call, OffersANewTicketWhenAColleagueHasTheOpenOne) {
  ASSERT_TRUE(parts->tickets.take(session_of(parts->demo.operator_), parts->demo.open));
  sign_in(parts->demo.other_operator);
  window->call_arrived({"+905000000001", true});
  ASSERT_TRUE(Driver::choose_row("find.list", 0));
  EXPECT_EQ(Driver::visible("find.new"), nullptr);
  ASSERT_TRUE(Driver::press("find.primary"));
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  EXPECT_NE(window->desk()->current_ticket(), parts->demo.open);
}

TEST_F(Call, DoesNotTakeTheTicketFromUnderTheHands) {
  sign_in(parts->demo.operator_);
  window->desk()->show_ticket(parts->demo.open);
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  wxKeyEvent pressed(wxEVT_CHAR_HOOK);
  pressed.m_keyCode = WXK_F6;
  window->desk()->ProcessWindowEvent(pressed);
  window->call_arrived({"+905000000004", true});
  ASSERT_NE(Driver::appears("notice.action"), nullptr);
  EXPECT_NE(Driver::visible("ticket.title"), nullptr) << "the next key was meant for it";
}

TEST_F(Call, TypingOnInTheListBeginsAnotherSearchAndOpensNobody) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905000000004", true});
  ASSERT_NE(Driver::appears("find.list"), nullptr);
  ASSERT_TRUE(Driver::choose_row("find.list", 0));
  for (const wchar_t letter : {L' ', L'a'}) {
    wxKeyEvent typed(wxEVT_CHAR);
    typed.m_uniChar = letter;
    EXPECT_TRUE(Driver::visible("find.list")->ProcessWindowEvent(typed));
  }
  EXPECT_EQ(Driver::text("find.typed"), "a");
  EXPECT_NE(Driver::visible("find.list"), nullptr);
}

TEST_F(Call, KeepsACallThatWasLeftWhenTheNextOneIsShown) {
  sign_in(parts->demo.operator_);
  window->call_arrived({"+905000000001", true});
  ASSERT_NE(Driver::appears("find.list"), nullptr);
  window->call_arrived({"+905000000004", true});
  ASSERT_NE(Driver::appears("notice.action"), nullptr);
  window->desk()->show_waiting_call();
  ASSERT_TRUE(Driver::wait([] { return Driver::text("find.title").find("04") != std::string::npos; })) << Driver::text("find.title");
  window->desk()->show_waiting_call();
  EXPECT_TRUE(Driver::wait([] { return Driver::text("find.title").find("01") != std::string::npos; })) << Driver::text("find.title");
}

TEST_F(Call, DoesNotInterruptARunningAction) {
  ASSERT_NO_FATAL_FAILURE(be_called_during_a_form());
  EXPECT_NE(Driver::visible("field.code"), nullptr);
}

}  // namespace
}  // namespace anahtar::testing
