// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <cstdlib>

#include "support/temporary_folder.h"
#include "ui/snapshot.h"
#include "ui/theme.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

class Tour : public DeskFixture {
 protected:
  void picture(const std::string& name) {
    Driver::settle();
    ASSERT_TRUE(ui::snapshot(window, folder_ / (look_ + "-" + name + ".png")));
  }
  void walk() {
    picture("1-sign-in");
    sign_in(parts->demo.operator_);
    picture("2-queue");
    window->call_arrived({"+905000000004", true});
    Driver::choose_row("find.list", 0);
    picture("3-call");
    open_ticket(parts->demo.open);
    Driver::press("action.password.unblock");
    Driver::appears("notice");
    picture("4-refused");
    Driver::press("action.verification.sms_code");
    Driver::appears("field.code");
    Driver::type("field.code", "12");
    Driver::press("form.submit");
    Driver::appears("problem.code");
    picture("5-code");
    Driver::type("field.code", newest_code());
    Driver::press("form.submit");
    Driver::appears("run.result");
    picture("6-verified");
    Driver::press("run.continue");
    Driver::settle();
    picture("7-ticket");
    Driver::press("action.password.unblock");
    Driver::appears("field.cause");
    picture("8-unblock");
    Driver::press("form.cancel");
    Driver::settle();
    window->desk()->show_shortcuts();
    picture("9-keys");
    window->lock();
    picture("10-lock");
    Driver::press("lock.sign_out");
    leave_a_request();
    sign_in(parts->demo.supervisor);
    Driver::press("nav.approvals");
    Driver::appears("approvals.approve");
    picture("10-approvals");
    Driver::press("approvals.reject");
    picture("10-rejecting");
    Driver::press("form.cancel");
    window->lock();
    Driver::press("lock.sign_out");
    sign_in(parts->demo.administrator);
    Driver::press("nav.audit");
    Driver::settle();
    Driver::press("verify.go");
    Driver::appears("verify.verdict");
    picture("11-audit");
    Driver::press("nav.plugins");
    picture("12-plugins");
    Driver::press("nav.operators");
    Driver::press("operators.add");
    picture("13-operators");
  }

  /// A phone update of ada's that waits.
  void leave_a_request() {
    const auto now = parts->clock.now();
    core::Approval request{.action = "phone.update", .ticket = parts->demo.open, .subscriber = parts->demo.blocked,
                           .run = "run", .verification = parts->store.verifications(parts->demo.open).back().id,
                           .requested_by = parts->demo.operator_.id, .person = parts->demo.operator_.person,
                           .requested = now, .expires = now + std::chrono::minutes(30), .decided = {}, .decided_by = {},
                           .execution = {}, .change = R"({"kind":"phone.update","parameters":{"mobile":"+905321234567"}})",
                           .sentence = {}, .reason = {}};
    ASSERT_TRUE(parts->store.commit([&](core::Transaction& tx) -> core::Result<> {
      tx.record({"test.changed", "", "", "", "", {}});
      tx.save(request);
      return {};
    }));
  }

  std::filesystem::path folder_;
  std::string look_;
};

TEST_F(Tour, APictureOfTheWindowIsSaved) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "window.png";
  ASSERT_TRUE(ui::snapshot(window, file));
  EXPECT_GT(std::filesystem::file_size(file), 2000u);
}

TEST_F(Tour, PicturesOfEveryScreenForTheEye) {
  const char* wanted = std::getenv("ANAHTAR_PICTURES");
  if (wanted == nullptr) GTEST_SKIP() << "set ANAHTAR_PICTURES to a folder to get them";
  folder_ = wanted;
  std::filesystem::create_directories(folder_);
  for (const char* language : {"en", "tr"}) {
    for (const char* theme : {"light", "dark"}) {
      look_ = std::string(language) + "-" + theme;
      open_window(language);
      window->set_theme(theme);
      walk();
    }
  }
}

}  // namespace
}  // namespace anahtar::testing
