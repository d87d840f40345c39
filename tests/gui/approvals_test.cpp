// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "gui/desk_fixture.h"
#include "ui/row_list.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

constexpr char old_number[] = "+905000000001", new_number[] = "+905321234567";

/// A phone update on a ticket whose caller gave their civil-registry data on a recorded line.
class Approvals : public DeskFixture {
 protected:
  void verify(core::TicketNumber ticket) {
    parts->policy.methods["civil_registry"].level = 2;
    ASSERT_TRUE(parts->store.commit([&](core::Transaction& tx) -> core::Result<> {
      parts->verification.grant(tx, session_of(parts->demo.operator_), *tx.ticket(ticket), "civil_registry");
      return {};
    }));
  }
  void ask_for_update() {
    const auto ticket = parts->demo.open;
    open_ticket(ticket);
    verify(ticket);
    window->desk()->refresh();
    ASSERT_TRUE(Driver::settle());
    ASSERT_TRUE(Driver::press("action.phone.update"));
    ASSERT_TRUE(Driver::type("field.mobile", "0532 123 45 67"));
    ASSERT_TRUE(Driver::press("form.submit"));
    ASSERT_NO_FATAL_FAILURE(give_back_the_code());
  }
  void operator_asks() {
    sign_in(parts->demo.operator_);
    ask_for_update();
  }
  void change_places_to(const core::Operator& who) {
    window->lock();
    ASSERT_TRUE(Driver::press("lock.sign_out"));
    sign_in(who);
  }
  /// The supervisor sits down and opens the approvals; the only request is chosen by itself.
  void supervisor_looks() {
    change_places_to(parts->demo.supervisor);
    ASSERT_TRUE(Driver::press("nav.approvals"));
    ASSERT_NE(Driver::appears("approvals.approve"), nullptr);
    ASSERT_TRUE(Driver::settle());
  }
  std::string mobile() { return parts->store.subscriber(parts->demo.blocked)->mobile; }
  static bool says(const std::string& window_name, const std::string& words) {
    return Driver::wait([&] {
      std::string text = Driver::text(window_name);
      if (auto* bar = dynamic_cast<ui::NoticeBar*>(Driver::visible(window_name))) text = ui::to_utf8(bar->sentence());
      std::ranges::replace(text, '\n', ' ');
      return text.find(words) != std::string::npos;
    });
  }
};

TEST_F(Approvals, ASupervisorApprovesThePhoneUpdateThatAnOperatorAskedFor) {
  operator_asks();
  EXPECT_EQ(mobile(), old_number);
  supervisor_looks();
  EXPECT_EQ(Driver::text("approvals.change.New number"), "0532 123 45 67");
  EXPECT_NE(Driver::text("approvals.verified").find("level 2"), std::string::npos);
  EXPECT_EQ(Driver::text("approvals.requested_by").find(parts->demo.operator_.display_name), 0u);
  EXPECT_EQ(parts->store.records_of(core::record_type::approval_viewed).size(), 1u);
  ASSERT_TRUE(Driver::press("approvals.approve"));
  ASSERT_TRUE(Driver::wait([&] { return mobile() == new_number; }));
  ASSERT_NE(Driver::appears("approvals.none"), nullptr);
}

TEST_F(Approvals, TheBadgeCountsWhatTheSupervisorMayDecide) {
  operator_asks();
  change_places_to(parts->demo.supervisor);
  auto* tab = dynamic_cast<wxButton*>(Driver::visible("nav.approvals"));
  ASSERT_NE(tab, nullptr);
  EXPECT_TRUE(Driver::wait([&] { return tab->GetLabelText().EndsWith("1"); })) << tab->GetLabelText();
  ASSERT_TRUE(Driver::press("nav.approvals"));
  ASSERT_TRUE(Driver::press("approvals.approve"));
  EXPECT_TRUE(Driver::wait([&] { return tab->GetLabelText() == "Approvals"; })) << tab->GetLabelText();
}

TEST_F(Approvals, TheQueueMarksTheTicketUntilSomebodyHasDecided) {
  operator_asks();
  const auto row = [] {
    auto* list = dynamic_cast<ui::RowList*>(Driver::visible("queue.list"));
    std::string all;
    for (std::size_t i = 0; list != nullptr && i < list->count(); ++i) all += ui::to_utf8(list->text(i, 0));
    return all;
  };
  EXPECT_TRUE(Driver::wait([&] { return row().find("waits for approval") != std::string::npos; })) << row();
  ASSERT_TRUE(parts->approvals.reject(session_of(parts->demo.supervisor), 1, "The voice was another"));
  window->desk()->refresh();
  EXPECT_TRUE(Driver::wait([&] { return row().find("waits for approval") == std::string::npos; })) << row();
}

TEST_F(Approvals, WhoAskedIsToldInTheirOwnWindowWhatCameOfIt) {
  operator_asks();
  ASSERT_TRUE(parts->approvals.reject(session_of(parts->demo.supervisor), 1, "The voice was another"));
  EXPECT_TRUE(says("notice", "was rejected by " + parts->demo.supervisor.display_name));
  EXPECT_TRUE(says("notice", "The voice was another"));
}

TEST_F(Approvals, TheSupervisorSeesTheAgeOfTheNumberAndThePast) {
  operator_asks();
  supervisor_looks();
  EXPECT_NE(Driver::text("approvals.verified").find("just now"), std::string::npos);
  EXPECT_NE(Driver::text("approvals.mobile").find("since "), std::string::npos);
  EXPECT_NE(Driver::visible("approvals.past"), nullptr);
}

TEST_F(Approvals, ARejectionNeedsAReason) {
  operator_asks();
  supervisor_looks();
  ASSERT_TRUE(Driver::press("approvals.reject"));
  ASSERT_NE(Driver::appears("field.reason"), nullptr);
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_NE(Driver::appears("problem.reason"), nullptr);
  EXPECT_EQ(parts->store.approval(1)->state, "waiting");
  ASSERT_TRUE(Driver::type("field.reason", "The voice was another"));
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_TRUE(Driver::wait([&] { return parts->store.approval(1)->state == "rejected"; }));
  EXPECT_EQ(mobile(), old_number);
}

TEST_F(Approvals, OnesOwnRequestCannotBeApproved) {
  sign_in(parts->demo.supervisor);
  ask_for_update();
  ASSERT_TRUE(Driver::press("nav.approvals"));
  ASSERT_NE(Driver::appears("approvals.approve"), nullptr);
  EXPECT_FALSE(Driver::visible("approvals.approve")->IsEnabled());
  EXPECT_TRUE(says("approvals.warning", "Another supervisor must decide"));
  EXPECT_EQ(Driver::visible("nav.approvals")->GetLabel(), "Approvals") << "nothing to decide";
  EXPECT_EQ(mobile(), old_number);
}

TEST_F(Approvals, OthersHaveNoSuchPage) {
  sign_in(parts->demo.operator_);
  EXPECT_EQ(Driver::visible("nav.approvals"), nullptr);
  EXPECT_FALSE(window->desk()->offers(ui::DeskPage::View::approvals));
}

}  // namespace
}  // namespace anahtar::testing
