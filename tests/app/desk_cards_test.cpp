// SPDX-License-Identifier: GPL-3.0-or-later
// The authority's own case, over the real backend: a card of after 2011 without a PUK, in a demo's reader.
#include <gmock/gmock.h>

#include "app/backend.h"
#include "app/demo_cards.h"
#include "app/demo_data.h"
#include "store/site.h"
#include "support/files.h"
#include "support/scripted_conversation.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using namespace core;
using ::testing::IsEmpty;

struct DeskCards : ::testing::Test {
  DeskCards() {
    ::setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
    Operator administrator{.name = app::demo_administrator().name, .display_name = "A", .person = "p1", .role = Role::administrator};
    administrator.password_hash = store::hash_password(Secret(app::demo_password));
    const auto config = folder / "config";
    value_or_throw(store::create_site(url, config, administrator, clock));
    {
      auto site = value_or_throw(store::open_site(url, config, clock));
      id = site.id;
      value_or_throw(app::mark_as_demo(site));
      value_or_throw(app::make_demo_authority(app::site_folder(id)));
    }
    backend = value_or_throw(app::Backend::open(url));
    value_or_throw(app::fill_demo(backend->services()));
    const auto site = value_or_throw(store::open_site(url, config, clock));
    value_or_throw(app::add_demo_cards(*site.writer, *site.card_keys, clock.now()));
    field = value_or_throw(desk().sign_in.sign_in("field", Secret(app::demo_password)));
  }
  ~DeskCards() override { (void)desk().demo_cards->remove(); }
  Services& desk() { return backend->services(); }
  Result<Text> run(TicketNumber ticket, const std::string& action) {
    const auto run = desk().actions.start(field, ticket, action, script);
    return run ? (*run)->wait() : std::unexpected(run.error());
  }
  TicketNumber verified_ticket(SubscriberId holder, const std::string& document) {
    const auto ticket = value_or_throw(desk().tickets.open(field, {holder, Channel::desk, Priority::normal, "card_locked", ""}));
    script->answer({{"document", document}, {"photo", "same"}});
    value_or_throw(run(ticket, "verification.identity_card"));
    return ticket;
  }
  IdentifiedCard inserted(const std::string& card) {
    value_or_throw(desk().demo_cards->insert(card));
    const auto readers = value_or_throw(desk().cards->readers());
    if (readers.size() != 1) throw std::runtime_error("there is no reader");
    return value_or_throw(desk().cards->identify(field, readers.front().name));
  }
  bool registry_says_told(const IdentifiedCard& card) {
    const auto registered = value_or_throw(desk().cards->cards_of(field, card.holder->id));
    return std::ranges::any_of(registered, [&](const auto& each) { return each.card.serial == card.serial && each.puk_told; });
  }
  std::string last_form() const {
    const auto forms = script->forms();
    std::string text = forms.back().title.id + "; " + forms.back().problem.id;
    for (const auto& fact : forms.back().facts) text += "; " + fact.label.id + ": " + fact.value.id;
    return text;
  }
  /// Not counting the card's own memory.
  std::vector<std::filesystem::path> written(const std::string& secret) {
    auto found = files_that_hold(secret, folder.path());
    std::erase_if(found, [](const auto& file) { return file.extension() == ".memory"; });
    return found;
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::string url = "sqlite://" + (folder / "desk.db").string(), id;
  std::unique_ptr<app::Backend> backend;
  Session field;
  std::shared_ptr<ScriptedConversation> script = std::make_shared<ScriptedConversation>();
};

TEST_F(DeskCards, ACardWithoutPukGetsANewPinThatOnlyItsHolderSees) {
  const auto card = inserted("akis");
  EXPECT_EQ(card.family, "akis");
  ASSERT_TRUE(card.holder) << card.problem.id;
  const auto ticket = verified_ticket(card.holder->id, app::demo_card_document);
  script->answer({{"pin", "made"}});
  const auto unlocked = run(ticket, "card.unlock");
  ASSERT_TRUE(unlocked) << unlocked.error().sentence.id << "; last asked: " << last_form();
  const auto [pin, audience] = script->last_revealed();
  EXPECT_EQ(audience, sdk::Audience::holder);
  ASSERT_EQ(pin.size(), 6u);
  EXPECT_THAT(written(pin), IsEmpty());

  script->step([pin = pin](const sdk::Form&) {
    sdk::Answers answers;
    answers.secrets.emplace("pin", sdk::Secret(std::string(pin)));
    return answers;
  });
  const auto signed_ = run(ticket, "verification.card_signature");
  EXPECT_TRUE(signed_) << signed_.error().sentence.id << ": the new PIN must count";
}

TEST_F(DeskCards, ThePukAndTheKeyOfTheVaultUnlockTheirCards) {
  for (const auto& [kind, document] : {std::pair{"piv", "A01B23456"}, std::pair{"gids", "A02B34567"}}) {
    SCOPED_TRACE(kind);
    const auto card = inserted(kind);
    ASSERT_TRUE(card.holder) << card.problem.id;
    const auto ticket = verified_ticket(card.holder->id, document);
    script->answer({{"pin", "made"}});
    const auto unlocked = run(ticket, "card.unlock");
    EXPECT_TRUE(unlocked) << unlocked.error().sentence.id;
    EXPECT_THAT(written(script->last_revealed().first), IsEmpty());
  }
}

TEST_F(DeskCards, APukThatWasToldIsReplacedOnTheCardAndInTheVault) {
  const auto card = inserted("piv");
  ASSERT_TRUE(card.holder) << card.problem.id;
  const auto ticket = verified_ticket(card.holder->id, "A01B23456");
  script->answer({{"card", card.serial}}).answer({{"result", "worked"}});
  const auto told = run(ticket, "card.tell_puk");
  ASSERT_TRUE(told) << told.error().sentence.id << "; last asked: " << last_form();
  EXPECT_EQ(script->last_revealed().first, "1234 5678");
  EXPECT_THAT(written("1234 5678"), IsEmpty());
  EXPECT_TRUE(registry_says_told(card));
  const auto replaced = run(ticket, "card.replace_puk");
  ASSERT_TRUE(replaced) << replaced.error().sentence.id << "; last asked: " << last_form();
  EXPECT_FALSE(registry_says_told(card));
  EXPECT_FALSE(run(ticket, "card.replace_puk")) << "nobody knows this one";
  script->answer({{"pin", "made"}});
  const auto unlocked = run(ticket, "card.unlock");
  EXPECT_TRUE(unlocked) << unlocked.error().sentence.id << ": the vault must have the card's PUK";
}

}  // namespace
}  // namespace anahtar::testing
