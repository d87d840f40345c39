// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include "ui/row_list.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

class Queue : public DeskFixture {
 protected:
  ui::RowList& list() { return *dynamic_cast<ui::RowList*>(Driver::visible("queue.list")); }
};

TEST_F(Queue, ShowsOpenTicketsWithCountsAndMaskedNames) {
  sign_in(parts->demo.operator_);
  ASSERT_TRUE(Driver::wait([&] { return list().count() == 2; }));
  EXPECT_NE(Driver::text("queue.mine").find("1"), std::string::npos);
  const std::string row = ui::to_utf8(list().text(0, 0)) + ui::to_utf8(list().text(1, 0));
  EXPECT_EQ(row.find("Deneme"), std::string::npos);
}

TEST_F(Queue, OpensTheChosenTicket) {
  sign_in(parts->demo.operator_);
  ASSERT_TRUE(Driver::choose_row("queue.list", 0));
  list().activated(0);
  EXPECT_NE(Driver::appears("ticket.title"), nullptr);
}

TEST_F(Queue, KeepsTheChosenRowWhenNewTicketsCome) {
  sign_in(parts->demo.operator_);
  ASSERT_TRUE(Driver::choose_row("queue.list", 1));
  const wxString before = list().text(1, 0);
  const auto session = *parts->sign_in.sign_in(parts->demo.other_operator.name, sdk::Secret(demo_password));
  ASSERT_TRUE(parts->tickets.open(session, {}));
  window->desk()->refresh();
  ASSERT_TRUE(Driver::wait([&] { return list().count() == 3; }));
  ASSERT_EQ(list().selected(), 2);
  EXPECT_EQ(list().text(2, 0), before);
}

TEST_F(Queue, TheMineTabHoldsOnlyMyTickets) {
  sign_in(parts->demo.operator_);
  ASSERT_TRUE(Driver::press("queue.mine"));
  EXPECT_TRUE(Driver::wait([&] { return list().count() == 1; }));
}

}  // namespace
}  // namespace anahtar::testing
