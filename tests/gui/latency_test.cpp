// SPDX-License-Identifier: GPL-3.0-or-later
// How long a caller waits who has just read out the last digit: the real window, over a real database. The figure is
// printed, not judged: it depends on what else the machine does.
#include "gui/desk_fixture.h"

#include <algorithm>
#include <iostream>
#include <regex>

#include "identity_verification/methods.h"
#include "store/site.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using ui::Driver;
using Clock = std::chrono::steady_clock;

/// A site of its own in a temporary folder, with the demo's people.
struct RealSite {
  RealSite() : site(open()), demo(fill_demo(*site.writer, *site.vault, clock.now())) {}

  store::Site open() const {
    const auto url = "sqlite://" + (folder / "desk.db").string();
    const core::Operator administrator{.name = "root", .display_name = "Root", .person = "p",
                                       .role = core::Role::administrator, .password_hash = "$none"};
    core::value_or_throw(store::create_site(url, folder / "config", administrator, clock));
    return core::value_or_throw(store::open_site(url, folder / "config", clock));
  }
  core::TicketNumber new_ticket() {
    core::Ticket ticket;
    ticket.subscriber = demo.blocked;
    ticket.cause = "password_blocked";
    ticket.assignee = demo.operator_.id;
    ticket.opened = ticket.updated = clock.now();
    core::value_or_throw(site.writer->commit([&](core::Transaction& tx) -> core::Result<> {
      tx.save(ticket);
      tx.record({"test.opened", "", "", "", "", {}});
      return {};
    }));
    return ticket.number;
  }

  core::SystemClock clock;
  TemporaryFolder folder;
  store::Site site;
  Demo demo;
};

/// The desk over it, with the SMS method alone.
struct RealDesk {
  static core::PluginCatalogue sms_method() {
    core::PluginCatalogue made;
    made.loaded.push_back({"identity-verification", "1.0.0", "identity_verification.so",
                           sdk::Plugin{.title = sdk::tr("Identity verification"),
                                       .actions = {{.id = "verification.sms_code", .title = sdk::tr("SMS code"),
                                                    .needs = {sdk::Port::codes}, .verifies = "sms_code",
                                                    .run = identity_verification::sms_code}}},
                           nullptr});
    return made;
  }
  core::Services services() {
    return {sign_in, operators, directory, tickets, verification, actions, audit, import, plugins, real.clock,
            nullptr, "desk.db", nullptr,   nullptr, &outbox,      &board};
  }
  std::string newest_code() const {
    const std::string body = gateway.messages().back().body;
    std::smatch found;
    return std::regex_search(body, found, std::regex("[0-9]{6}")) ? found.str() : std::string();
  }

  RealSite real;
  store::Site& site = real.site;
  FakeGateway gateway;
  OnlySender lock;
  core::Policy policy = core::default_policy();
  core::PluginCatalogue plugins = sms_method();
  core::SignIn sign_in{*site.reader, *site.writer, *site.vault, real.clock};
  core::Operators operators{*site.reader, *site.writer, *site.vault, real.clock};
  core::Directory directory{*site.reader, *site.writer, real.clock};
  core::VerificationDesk verification{*site.reader, *site.writer, *site.vault, real.clock, policy};
  core::Tickets tickets{*site.reader, *site.writer, *site.audit_log, directory, verification, plugins, real.clock};
  core::Outbox outbox{*site.reader, *site.writer, real.clock, core::Outbox::Ways{&gateway, nullptr}, lock};
  core::GatewayBoard board{&gateway, nullptr, nullptr};
  core::Actions actions{*site.reader, *site.writer, *site.vault, verification, core::Outside{&outbox}, plugins, real.clock};
  core::AuditTrail audit{*site.audit_log, *site.reader, *site.writer, plugins};
  core::SubscriberImport import{*site.reader, *site.writer, real.clock};
};

struct Waited {
  double told = 0, barred = 0;  ///< milliseconds until the sentence, and until the bar is green
};

Waited verify_once(const std::string& code) {
  EXPECT_TRUE(Driver::type("field.code", code.substr(0, 5)));
  Driver::settle();
  auto* field = dynamic_cast<wxTextCtrl*>(Driver::visible("field.code"));
  const auto begin = Clock::now();
  const auto since = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); };
  field->AppendText(code.substr(5));
  EXPECT_TRUE(Driver::press("form.submit"));
  Waited waited;
  EXPECT_TRUE(Driver::wait([&] {
    if (waited.told == 0 && Driver::visible("run.result") != nullptr) waited.told = since();
    auto* bar = dynamic_cast<ui::VerificationBar*>(Driver::visible("verification"));
    return bar != nullptr && bar->look() == ui::VerificationBar::Look::good;
  })) << Driver::text("form.problem") << Driver::text("run.result") << Driver::text("notice.text");
  Driver::visible("verification")->Update();  // drawn, not only decided
  waited.barred = since();
  return waited;
}

TEST(Latency, FromTheLastDigitOfARightCodeToVerified) {
  RealDesk desk;
  auto services = desk.services();
  auto* window = new ui::ConsoleWindow(test_options());
  window->begin(services);
  ASSERT_TRUE(Driver::type("sign_in.name", desk.real.demo.operator_.name));
  ASSERT_TRUE(Driver::type("sign_in.password", demo_password));
  ASSERT_TRUE(Driver::press("sign_in.go"));
  ASSERT_NE(Driver::appears("desk"), nullptr);
  std::vector<double> told, barred;
  for (int i = 0; i < 11; ++i) {
    window->desk()->show_ticket(desk.real.new_ticket());
    ASSERT_NE(Driver::appears("action.verification.sms_code"), nullptr);
    Driver::settle();
    const auto before = desk.gateway.messages().size();
    ASSERT_TRUE(Driver::press("action.verification.sms_code"));
    ASSERT_NE(Driver::appears("field.code"), nullptr);
    ASSERT_TRUE(Driver::wait([&] { return desk.gateway.messages().size() > before; }));
    const Waited waited = verify_once(desk.newest_code());
    told.push_back(waited.told);
    barred.push_back(waited.barred);
    ASSERT_TRUE(Driver::press("run.continue"));
    ASSERT_TRUE(Driver::settle());
  }
  const auto print = [](const char* what, std::vector<double> all) {
    std::ranges::sort(all);
    std::cout << what << ": median " << all[all.size() / 2] << " ms, longest " << all.back() << " ms\n";
  };
  print("last digit to the sentence", told);
  print("last digit to the green bar", barred);
  window->Destroy();
  Driver::settle();
}

}  // namespace
}  // namespace anahtar::testing
