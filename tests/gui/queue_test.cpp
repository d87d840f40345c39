// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <wx/image.h>

#include <array>

#include "support/temporary_folder.h"
#include "ui/row_list.h"
#include "ui/snapshot.h"
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

/// What is drawn well inside the button, away from its rounded corners.
bool shows_something(const wxImage& screen, const wxRect& button) {
  const wxRect inside = wxRect(button).Deflate(6);
  const auto pixel = [&](int x, int y) { return std::array{screen.GetRed(x, y), screen.GetGreen(x, y), screen.GetBlue(x, y)}; };
  for (int y = inside.y; y < inside.GetBottom(); ++y)
    for (int x = inside.x; x < inside.GetRight(); ++x)
      if (pixel(x, y) != pixel(inside.x, inside.y)) return true;
  return false;
}

TEST_F(Queue, DrawsTheWordOfATabWhoseCountChanges) {
  sign_in(parts->demo.operator_);
  ASSERT_TRUE(Driver::wait([&] { return list().count() == 2; }));
  const TemporaryFolder folder;
  const auto drawn = [&](const char* tab) {
    wxInitAllImageHandlers();
    const std::string file = (folder / "screen.png").string();
    wxImage screen;
    if (!ui::snapshot(window, file) || !screen.LoadFile(file)) return false;
    wxRect place = Driver::visible(tab)->GetScreenRect();
    place.Offset(-std::max(0, window->GetScreenRect().x), -std::max(0, window->GetScreenRect().y));
    return shows_something(screen, place);
  };
  ASSERT_TRUE(Driver::wait([&] { return drawn("queue.open"); }));
  const auto session = *parts->sign_in.sign_in(parts->demo.other_operator.name, sdk::Secret(demo_password));
  ASSERT_TRUE(parts->tickets.open(session, {}));
  window->desk()->refresh();
  ASSERT_TRUE(Driver::wait([&] { return Driver::text("queue.open").find('3') != std::string::npos; }));
  for (const char* tab : {"queue.mine", "queue.waiting", "queue.open", "queue.unfinished", "queue.closed", "queue.all"})
    EXPECT_TRUE(Driver::wait([&] { return drawn(tab); }, Driver::Seconds(2))) << tab;
}

TEST_F(Queue, CallsNoActionUnfinishedThatRuns) {
  sign_in(parts->demo.operator_);
  open_ticket(parts->demo.open);
  ASSERT_TRUE(Driver::press("action.verification.sms_code"));
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  const auto session = *parts->sign_in.sign_in(parts->demo.other_operator.name, sdk::Secret(demo_password));
  ASSERT_TRUE(parts->tickets.open(session, {}));
  window->desk()->refresh_queue();
  ASSERT_TRUE(Driver::wait([&] { return Driver::text("queue.open").find('3') != std::string::npos; }));
  EXPECT_NE(Driver::text("queue.unfinished").find('0'), std::string::npos) << Driver::text("queue.unfinished");
  for (std::size_t row = 0; row < list().count(); ++row)
    EXPECT_EQ(ui::to_utf8(list().text(row, 0) + list().text(row, 1)).find("unfinished"), std::string::npos) << row;
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
