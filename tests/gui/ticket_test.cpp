// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <algorithm>

#include "core/outbox.h"
#include "ui/action_list.h"
#include "ui/accessible.h"
#include "ui/row_list.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;
using Look = ui::VerificationBar::Look;

class Ticket : public DeskFixture {
 protected:
  void open() {
    sign_in(parts->demo.operator_);
    open_ticket(parts->demo.open);
  }
  void verify_by_sms() {
    ASSERT_TRUE(Driver::press("action.verification.sms_code"));
    ASSERT_NO_FATAL_FAILURE(give_back_the_code());
  }
};

TEST_F(Ticket, ShowsTheSubscriberMaskedAndTheBlockedStatePlainly) {
  open();
  EXPECT_EQ(Driver::text("subscriber.name").find("Örnek"), std::string::npos);
  EXPECT_NE(Driver::text("subscriber.blocked").find("BLOCKED"), std::string::npos);
}

TEST_F(Ticket, IsFoundByItsNumber) {
  sign_in(parts->demo.operator_);
  window->desk()->show_find();
  ASSERT_TRUE(Driver::type("find.typed", ("#" + std::to_string(parts->demo.open)).c_str()));
  ASSERT_TRUE(Driver::press("find.search"));
  ASSERT_NE(Driver::appears("ticket.title"), nullptr);
  EXPECT_EQ(window->desk()->current_ticket(), parts->demo.open);
  window->desk()->show_find();
  ASSERT_TRUE(Driver::type("find.typed", "#99999"));
  ASSERT_TRUE(Driver::press("find.search"));
  EXPECT_TRUE(Driver::wait([] { return Driver::text("find.found").find("99999") != std::string::npos; }));
}

TEST_F(Ticket, KeepsTheWindowWhileAnActionRuns) {
  open();
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  EXPECT_FALSE(window->Close());
  ASSERT_NE(Driver::appears("notice"), nullptr);
  EXPECT_NE(Driver::visible("field.code"), nullptr);
}

TEST_F(Ticket, OpensMaskedDataOnlyWithAReason) {
  open();
  ticket_page().command(ui::TicketCommand::show_data);
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_NE(Driver::appears("problem.reason"), nullptr);
  EXPECT_EQ(Driver::text("subscriber.name").find("Örnek"), std::string::npos);
  ASSERT_TRUE(Driver::type("field.reason", "Caller asks which address we have"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_TRUE(Driver::wait([] { return Driver::text("subscriber.name").find("Örnek") != std::string::npos; }));
}

TEST_F(Ticket, ShowsServicesAboveMethodsOnceTheCallerIsVerifiedForThem) {
  open();
  const auto height_of = [](const char* action) { return Driver::appears(action)->GetScreenPosition().y; };
  EXPECT_LT(height_of("action.verification.sms_code"), height_of("action.password.unblock"));
  const auto key_then = Driver::text("action.password.unblock");
  verify_by_sms();
  EXPECT_GT(height_of("action.verification.sms_code"), height_of("action.password.unblock"));
  EXPECT_EQ(Driver::text("action.password.unblock"), key_then) << "under the same key";
}

TEST_F(Ticket, RefusesToUnblockBelowTheLevelAndNamesTheKeyThatHelps) {
  open();
  EXPECT_EQ(verification_bar().look(), Look::none);
  const std::string missing = Driver::text("missing.password.unblock");
  EXPECT_NE(missing.find("press "), std::string::npos) << missing;
  ASSERT_TRUE(Driver::press("action.password.unblock"));
  ASSERT_NE(Driver::appears("notice"), nullptr);
  EXPECT_EQ(parts->store.records_of(core::record_type::action_refused).size(), 1u);
  EXPECT_TRUE(parts->store.portal_account(parts->demo.blocked)->blocked);
}

/// However the sentence is broken into lines.
bool says(const char* label, const char* words) {
  return Driver::wait(
      [=] {
        std::string text = Driver::text(label);
        std::ranges::replace(text, '\n', ' ');
        return text.find(words) != std::string::npos;
      },
      std::chrono::seconds(5));
}

TEST_F(Ticket, SaysOnceWhatStandsAgainstEverything) {
  open();
  EXPECT_TRUE(says("missing.verification.sms_code", "level 2"));
  EXPECT_EQ(Driver::visible("missing.all"), nullptr);
  parts->store.commit([&](core::Transaction& tx) -> core::Result<> {
    auto ticket = *tx.ticket(parts->demo.open);
    ticket.assignee = parts->demo.other_operator.id;
    tx.record(core::record_of(session_of(parts->demo.other_operator), core::record_type::ticket_taken, tx, ticket));
    tx.save(ticket);
    return {};
  }).value();
  window->desk()->refresh();
  EXPECT_TRUE(says("missing.all", "A supervisor can hand it over."));
  EXPECT_EQ(Driver::text("missing.verification.sms_code"), "");
  EXPECT_EQ(Driver::text("missing.password.unblock"), "");
}

TEST_F(Ticket, FollowsTheCodesMessageWhileTheFormIsOpen) {
  open();
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  EXPECT_TRUE(says("form.message", "SMS code: sent")) << Driver::text("form.message");
  const auto message = parts->store.messages({.ticket = parts->demo.open, .device = {}}).at(0);
  ASSERT_TRUE(core::note_report(parts->store, parts->clock, message.id, core::DeliveryState::delivered));
  EXPECT_TRUE(says("form.message", "SMS code: delivered")) << Driver::text("form.message");
}

TEST_F(Ticket, SaysThatACodeHasNotLeftAndWhenItIsTriedAgain) {
  open();
  parts->gateway.fail_with({core::Code::unavailable, sdk::tr("down")});
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  EXPECT_TRUE(says("form.message", "not sent yet; tried again in")) << Driver::text("form.message");
  parts->gateway.let_succeed();
  EXPECT_TRUE(says("form.message", "SMS code: sent")) << Driver::text("form.message");
}

TEST_F(Ticket, ShowsHowEveryGatewayFares) {
  open();
  EXPECT_TRUE(says("status.sms", "\u25cf SMS"));
  EXPECT_TRUE(says("status.mail", "\u25cf mail"));
  EXPECT_TRUE(says("status.civil_registry", "\u25cb civil registry (not set up)"));
}

TEST_F(Ticket, OfSomebodyElseTakesNoNotesAndSaysSoBeforeAnythingIsWritten) {
  sign_in(parts->demo.other_operator);
  open_ticket(parts->demo.taken);
  for (const char* each : {"ticket.note", "ticket.wait", "ticket.hand_over", "ticket.close"})
    EXPECT_FALSE(Driver::visible(each)->IsEnabled()) << each;
  ASSERT_TRUE(Driver::press("subscriber.show"));
  EXPECT_EQ(Driver::visible("field.text"), nullptr) << "a reason is asked for in vain";
  EXPECT_TRUE(ui::accessible_name(Driver::appears("notice")).Contains("Another operator has this ticket"));
}

TEST_F(Ticket, AnActionKeepsItsKeyWhenAnotherOneComesIntoPlace) {
  auto* list = new ui::ActionList(window);
  const auto offer = [](const char* id, const char* refusal) {
    core::ActionOffer made;
    made.id = id;
    made.title = sdk::verbatim(id);
    made.refusal = refusal;
    made.possible = *refusal == '\0';
    return made;
  };
  list->show(7, {offer("first", ""), offer("second", "port"), offer("third", "level")});
  EXPECT_EQ(list->at_key(2)->id, "third");
  EXPECT_EQ(list->at_key(3), nullptr);
  list->show(7, {offer("first", ""), offer("second", ""), offer("third", "")});
  EXPECT_EQ(list->at_key(2)->id, "third");
  EXPECT_EQ(list->at_key(3)->id, "second");
  list->show(8, {offer("first", ""), offer("second", ""), offer("third", "")});
  EXPECT_EQ(list->at_key(2)->id, "second") << "another ticket";
  list->Destroy();
}

TEST_F(Ticket, AnSmsCodeVerifiesTheCallerAndTheBarTurnsGreen) {
  open();
  verify_by_sms();
  EXPECT_EQ(verification_bar().look(), Look::good);
  EXPECT_FALSE(verification_bar().time_left().empty());
  EXPECT_EQ(ui::accessible_name(&verification_bar()), verification_bar().words());
}

TEST_F(Ticket, AWrongCodeIsSaidBesideItAndAsksAgain) {
  open();
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  const std::string right = newest_code();
  ASSERT_TRUE(Driver::type("field.code", right == "111111" ? "222222" : "111111"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_NE(Driver::appears("form.problem"), nullptr);
  EXPECT_EQ(verification_bar().look(), Look::none);
}

TEST_F(Ticket, ACodeTooShortIsAskedForAgainBesideItsField) {
  open();
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_TRUE(Driver::type("field.code", "12"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_NE(Driver::appears("problem.code"), nullptr);
}

TEST_F(Ticket, UnblocksThePasswordOfAVerifiedCaller) {
  open();
  verify_by_sms();
  ASSERT_TRUE(Driver::press("action.password.unblock"));
  ASSERT_NE(Driver::appears("field.cause"), nullptr);
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_NE(Driver::appears("problem.cause"), nullptr) << "nobody was asked for the cause";
  ASSERT_TRUE(Driver::choose("field.cause", 1));
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_NE(Driver::appears("run.result"), nullptr);
  EXPECT_FALSE(parts->store.portal_account(parts->demo.blocked)->blocked);
  EXPECT_TRUE(Driver::wait([] { return Driver::text("subscriber.blocked").find("active") != std::string::npos; }));
}

TEST_F(Ticket, SomebodyElseOnTheLineIsShownAsImpossible) {
  open();
  ticket_page().command(ui::TicketCommand::not_holder);
  ASSERT_TRUE(Driver::type("field.who", "A neighbour"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_TRUE(Driver::wait([&] { return verification_bar().look() == Look::stop; }));
}

TEST_F(Ticket, EscAsksOnceBeforeItThrowsAwayWhatWasTyped) {
  open();
  ticket_page().command(ui::TicketCommand::note);
  ASSERT_TRUE(Driver::type("field.text", "half a sentence"));
  ASSERT_TRUE(Driver::press("form.cancel"));
  ASSERT_NE(Driver::appears("form.discard"), nullptr);
  EXPECT_NE(Driver::visible("field.text"), nullptr);
  ASSERT_TRUE(Driver::press("form.cancel"));
  EXPECT_TRUE(Driver::wait([] { return Driver::visible("field.text") == nullptr; }));
}

TEST_F(Ticket, ACancelledActionLeavesTheTicketAsItWas) {
  open();
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  ASSERT_TRUE(Driver::press("form.cancel"));
  EXPECT_NE(Driver::appears("action.verification.sms_code"), nullptr);
  EXPECT_TRUE(Driver::wait([&] { return !ticket_page().running(); }));
  EXPECT_EQ(verification_bar().look(), Look::none);
}

TEST_F(Ticket, IsClosedWithAResolution) {
  open();
  ASSERT_TRUE(Driver::press("ticket.close"));
  ASSERT_TRUE(Driver::type("field.resolution", "Solved on the phone"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_NE(Driver::appears("ticket.reopen"), nullptr);
  EXPECT_EQ(parts->store.ticket(parts->demo.open)->state, core::TicketState::closed);
}

TEST_F(Ticket, ANoteIsReadInTheTimelineBelowAShorterRow) {
  open();
  const core::Session ada{"s", parts->demo.operator_.id, "ada", "", "", core::Role::operator_};
  ASSERT_TRUE(parts->tickets.note(ada, parts->demo.open, "Wants to be rung back at three"));
  ASSERT_TRUE(parts->tickets.set_priority(ada, parts->demo.open, core::Priority::high));
  window->desk()->refresh();
  auto* timeline = dynamic_cast<ui::RowList*>(Driver::visible("timeline"));
  ASSERT_TRUE(Driver::wait([&] { return timeline->count() > 1 && timeline->text(1, 1).Contains("rung back"); }));
  const auto height = [&](unsigned row) {
    return timeline->GetItemRect(static_cast<wxDataViewVirtualListModel*>(timeline->GetModel())->GetItem(row)).height;
  };
  EXPECT_TRUE(Driver::wait([&] { return height(1) > height(0) * 3 / 2; })) << height(1) << " beside " << height(0);
}

TEST_F(Ticket, TellsTheSubscribersHistoryOverAllTickets) {
  ASSERT_TRUE(parts->tickets.open({"s", parts->demo.operator_.id, "ada", "", "", core::Role::operator_},
                                  {.subscriber = parts->demo.blocked, .note = "On another ticket"}));
  open();
  auto* timeline = dynamic_cast<ui::RowList*>(Driver::visible("timeline"));
  const auto before = timeline->count();
  ASSERT_TRUE(Driver::press("timeline.history"));
  EXPECT_TRUE(Driver::wait([&] { return timeline->count() > before; }));
  EXPECT_EQ(parts->store.records_of(core::record_type::history_viewed).size(), 1u);
  ASSERT_TRUE(Driver::press("timeline.ticket"));
  EXPECT_TRUE(Driver::wait([&] { return timeline->count() < before + 2; }));
}

TEST_F(Ticket, ShowsASupervisorWhatToLookAtAndNobodyElse) {
  const core::Session bora{"s", parts->demo.other_operator.id, "bora", "", "", core::Role::operator_};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(parts->tickets.note(bora, parts->demo.open, "not mine"));
  open();
  EXPECT_EQ(Driver::visible("hints"), nullptr);
  EXPECT_EQ(Driver::visible("queue.hints"), nullptr);
  open_window("en");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(parts->tickets.note(bora, parts->demo.open, "not mine"));
  sign_in(parts->demo.supervisor);
  window->desk()->show_ticket(parts->demo.open);
  ASSERT_NE(Driver::appears("hints"), nullptr);
  EXPECT_NE(Driver::text("hints.text").find("Many refusals"), std::string::npos);
  ASSERT_TRUE(Driver::press("queue.hints"));
  ASSERT_TRUE(Driver::settle());
  EXPECT_EQ(dynamic_cast<ui::RowList*>(Driver::visible("queue.list"))->count(), 1u);
}

}  // namespace
}  // namespace anahtar::testing
