// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <regex>

#include "loader/plugin_loader.h"
#include "ui/background.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

core::PluginCatalogue real_plugins() {
  auto plugins = loader::load_plugins(PLUGINS, loader::read_trusted_keys(BUILD_KEYS));
  plugins.refused.push_back({"stranger.so", sdk::tr("Its signature is not by a key that is trusted here.")});
  return plugins;
}

}  // namespace

std::vector<core::PhoneMessage> FakePhone::messages() {
  std::vector<core::PhoneMessage> newest_first;
  std::int64_t order = 0;
  for (const SentMessage& message : gateway_.messages())
    newest_first.insert(newest_first.begin(),
                        {core::Time(std::chrono::seconds(++order)), message.to, message.body});
  return newest_first;
}

DeskParts::DeskParts() : plugins(real_plugins()) {
  actions = std::make_unique<core::Actions>(store, store, store, verification, core::Outside{&outbox}, plugins, clock);
  demo = fill_demo(store, clock);
}

core::Services DeskParts::services() {
  core::Services all{sign_in, operators, directory, tickets, verification, *actions, audit, import, plugins, clock, &phone,
                     "demo.db", nullptr, &approvals, &outbox, &board};
  all.recordings = &recordings;
  all.hints = &hints;
  return all;
}

core::Session session_of(const core::Operator& who) {
  return {.id = "s", .operator_id = who.id, .name = who.name, .display_name = who.display_name, .person = who.person, .role = who.role};
}

ui::Options test_options(const std::string& language) {
  ui::Options options;
  options.language = language;
  options.themes_folder = THEMES_FOLDER;
  options.catalogue_folder = CATALOGUE_FOLDER;
  return options;
}

void DeskFixture::open_window(const std::string& language) {
  if (window != nullptr) TearDown();
  parts = std::make_unique<DeskParts>();
  services = std::make_unique<core::Services>(parts->services());
  window = new ui::ConsoleWindow(test_options(language));
  window->begin(*services);
  Driver::settle();
}

void DeskFixture::TearDown() {
  if (window == nullptr) return;
  window->Destroy();
  window = nullptr;
  Driver::settle();
  parts->actions.reset();
}

void DeskFixture::sign_in(const core::Operator& who) {
  ASSERT_TRUE(Driver::type("sign_in.name", who.name));
  ASSERT_TRUE(Driver::type("sign_in.password", demo_password));
  ASSERT_TRUE(Driver::press("sign_in.go"));
  ASSERT_NE(Driver::appears("desk"), nullptr);
  ASSERT_TRUE(Driver::settle());
}

void DeskFixture::open_ticket(core::TicketNumber ticket) {
  window->desk()->show_ticket(ticket);
  ASSERT_NE(Driver::appears("action.password.unblock"), nullptr);
  if (Driver::visible("ticket.take") != nullptr) {
    ASSERT_TRUE(Driver::press("ticket.take"));
    ASSERT_TRUE(Driver::wait([] { return Driver::visible("ticket.take") == nullptr; }));
  }
  ASSERT_TRUE(Driver::settle());
}

std::string DeskFixture::newest_code() const {
  std::smatch found;
  const std::string body = parts->gateway.messages().back().body;
  return std::regex_search(body, found, std::regex("[0-9]{6}")) ? found.str() : std::string();
}

void DeskFixture::give_back_the_code() {
  ASSERT_NE(Driver::appears("field.code"), nullptr);
  ASSERT_TRUE(Driver::type("field.code", newest_code()));
  ASSERT_TRUE(Driver::press("form.submit"));
  ASSERT_NE(Driver::appears("run.result"), nullptr);
  ASSERT_TRUE(Driver::press("run.continue"));
  ASSERT_TRUE(Driver::settle());
}

ui::VerificationBar& DeskFixture::verification_bar() {
  return *dynamic_cast<ui::VerificationBar*>(Driver::visible("verification"));
}

}  // namespace anahtar::testing
