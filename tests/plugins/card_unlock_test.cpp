// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <future>

#include "plugin_office.h"
#include "core/card_facts.h"
#include "support/fake_cards.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

constexpr char serial[] = "4711AB", stored_puk[] = "73519042";

struct CardUnlock : PluginTest {
  using Strings = std::vector<std::string>;

  CardUnlock() {
    cards.card = FakeCardDesk::locked_card(holder().national_id, serial);
    office.cards = &cards;
    office.card_keys = &keys;
    office.open_actions();
    office.change_ticket(ticket, [](Ticket& t) { t.channel = Channel::desk; });
    office.verify(ticket, "sms_code");
  }
  Subscriber holder() { return *office.store.subscriber(office.demo.blocked); }
  void keep(const std::string& kind, const std::string& value, const std::string& of = serial) {
    office.change([&](Transaction& tx) {
      CardSecret secret;
      secret.subscriber = office.demo.blocked;
      secret.family = cards.card.facts.family;
      secret.card_serial = of;
      secret.kind = kind;
      secret.value = sdk::Secret(std::string(value));
      tx.save(secret);
    });
  }
  void register_card(const std::string& produced = "2010-05-01", const std::string& model = "PIV") {
    office.change([&](Transaction& tx) {
      Card card{0, office.demo.blocked, serial, model, "locked", produced};
      tx.save(card);
    });
  }
  void locked_for_an_issuer_that_makes_the_pin() {
    cards.card.facts.family = "akis";
    cards.card.facts.ways = {UnlockWay::issuer};
    cards.card.facts.issuer_makes_pin = true;
    cards.card.puk.clear();
    register_card("2014-03-01");
  }
  void type(const std::string& field, const std::string& value, const std::string& again = {}) {
    script->step([=](const sdk::Form& form) {
      EXPECT_TRUE(form.holder) << "a secret is asked for on the operator's window";
      sdk::Answers answers;
      answers.secrets.emplace(field, sdk::Secret(std::string(value)));
      if (!again.empty()) answers.secrets.emplace("again", sdk::Secret(std::string(again)));
      return answers;
    });
  }
  std::vector<std::string> effects() {
    std::vector<std::string> types;
    for (const auto& stored : office.store.records())
      if (stored.record.type.starts_with("effect.") && stored.record.fields.contains(Tag::card_family))
        types.push_back(stored.record.type.substr(7));
    return types;
  }
  Strings outcomes_of(const char* type) {
    Strings outcomes;
    for (const auto& record : office.store.records_of(type)) {
      const auto found = record.fields.find(Tag::outcome);
      outcomes.push_back(found == record.fields.end() ? "" : found->second);
    }
    return outcomes;
  }
  bool recorded_anywhere(const std::string& text) {
    for (const auto& stored : office.store.records())
      for (const auto& [tag, value] : stored.record.fields)
        if (value.find(text) != std::string::npos) return true;
    return false;
  }
  /// An answer to any form, with the card back in the reader.
  std::function<sdk::Answers(const sdk::Form&)> insert_again() {
    return [this](const sdk::Form&) {
      cards.inserted = true;
      return sdk::Answers{};
    };
  }
  /// Runs until so many forms were asked, looks, and cancels.
  Result<Text> stopped_at_form(std::size_t forms, const std::function<void()>& look) {
    const auto started = office.actions->start(office.operator_(), ticket, "card.unlock", script);
    script->wait_for_forms(forms);
    look();
    (*started)->cancel();
    return (*started)->wait();
  }
  FakeCardDesk cards;
  FakeCardKeys keys;
};

TEST_F(CardUnlock, MakesANewPinWithThePukOfTheVaultAndShowsItToTheHolderAlone) {
  keep("puk", stored_puk);
  register_card();
  script->answer({{"pin", "made"}});
  const auto result = run("card.unlock");
  ASSERT_TRUE(result) << result.error().sentence.id;
  const auto [pin, audience] = script->last_revealed();
  EXPECT_EQ(script->revealed(), 1);
  EXPECT_EQ(audience, sdk::Audience::holder);
  EXPECT_EQ(pin.size(), 6u);
  EXPECT_EQ(cards.card.pin, pin);
  EXPECT_EQ(effects(), (Strings{"intended", "happened"}));
  EXPECT_EQ(office.store.records_of(record_type::card_secret_used).size(), 1u);
  const auto ready = office.store.records_of(record_type::card_pin_ready);
  ASSERT_EQ(ready.size(), 1u);
  EXPECT_EQ(ready.front().fields.at(Tag::place), "own_screen");
  EXPECT_TRUE(office.store.records_of(record_type::card_pin_shown).empty()) << "nobody has looked yet";
  EXPECT_FALSE(recorded_anywhere(pin));
  EXPECT_FALSE(recorded_anywhere(stored_puk));
  for (const Card& card : office.store.cards(office.demo.blocked)) {
    if (card.serial == serial) {
      EXPECT_EQ(card.state, "active");
    }
  }
}

TEST_F(CardUnlock, RecordsWhetherTheHolderSawTheirPin) {
  keep("puk", stored_puk);
  script->answer({{"pin", "made"}});
  const auto started = office.actions->start(office.operator_(), ticket, "card.unlock", script);
  ASSERT_TRUE((*started)->wait());
  (*started)->holder_saw(PinSeen::confirmed);
  EXPECT_EQ(outcomes_of(record_type::card_pin_shown), Strings{"confirmed"});
  (*started)->holder_saw(PinSeen::shown);
  EXPECT_EQ(outcomes_of(record_type::card_pin_shown), (Strings{"confirmed", "not_confirmed"}));
  EXPECT_TRUE(office.store.records_of(record_type::card_pin_unseen).empty());
  (*started)->holder_saw(PinSeen::no);
  EXPECT_EQ(office.store.records_of(record_type::card_pin_unseen).size(), 1u);
}

TEST_F(CardUnlock, GivesTheHolderThePinThoughTheOperatorCancelsWhileTheCardTakesIt) {
  keep("puk", stored_puk);
  script->answer({{"pin", "made"}});
  std::shared_ptr<ActionRun> running;
  std::promise<void> known;
  cards.card.while_it_unlocks = [&] {
    known.get_future().wait();
    EXPECT_FALSE(running->can_be_cancelled());
    running->cancel();
  };
  running = *office.actions->start(office.operator_(), ticket, "card.unlock", script);
  known.set_value();
  const auto result = running->wait();
  EXPECT_TRUE(result) << result.error().sentence.id;
  EXPECT_EQ(script->last_revealed(), std::pair(cards.card.pin, sdk::Audience::holder));
  EXPECT_TRUE(running->can_be_cancelled());
}

TEST_F(CardUnlock, TakesPinAndPukThatTheHolderTypes) {
  script->answer({{"pin", "typed"}});
  type("pin", "274913", "274914");
  type("pin", "123456", "123456");
  type("pin", "274913", "274913");
  type("code", stored_puk);
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.pin, "274913");
  EXPECT_EQ(script->revealed(), 0) << "the holder knows the PIN that they chose";
  EXPECT_FALSE(form(2).problem.empty()) << "PINs that differ";
  EXPECT_FALSE(form(3).problem.empty()) << "a trivial PIN";
  EXPECT_FALSE(recorded_anywhere("274913"));
}

TEST_F(CardUnlock, UnlocksThroughTheIssuerWithoutAnyPuk) {
  cards.card.facts.family = "akis";
  cards.card.facts.ways = {UnlockWay::issuer};
  cards.card.puk.clear();
  register_card("2014-03-01");
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(script->last_revealed().first, cards.card.pin);
  EXPECT_EQ(effects(), (Strings{"intended", "happened"}));
}

TEST_F(CardUnlock, ShowsThePinThatTheIssuersServiceMade) {
  locked_for_an_issuer_that_makes_the_pin();
  script->answer({});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(script->last_revealed(), std::pair(std::string("482913"), sdk::Audience::holder));
  EXPECT_TRUE(form(0).fields.empty()) << "nobody is asked for a PIN that the service makes";
  EXPECT_EQ(effects(), (Strings{"intended", "happened"}));
  EXPECT_FALSE(recorded_anywhere("482913"));
}

TEST_F(CardUnlock, SaysThatNobodyKnowsAPinThatTheServiceDidNotTell) {
  locked_for_an_issuer_that_makes_the_pin();
  cards.card.issuers.clear();
  cards.card.pull_before_answer = true;
  script->answer({}).step(insert_again()).never_answer();
  stopped_at_form(3, [&] {
    EXPECT_TRUE(form(2).problem.id.find("nobody knows it") != std::string::npos) << form(2).problem.id;
    EXPECT_EQ(script->revealed(), 0);
    EXPECT_EQ(effects(), (Strings{"intended", "unknown"}));
  });
}

TEST_F(CardUnlock, SendsTheServiceNoPinOfAnEarlierTry) {
  locked_for_an_issuer_that_makes_the_pin();
  cards.card.pull_before_answer = true;
  script->answer({}).step([&](const sdk::Form&) {
    cards.inserted = true;
    cards.card.pull_before_answer = false;
    cards.card.pin_tries = 0;  // what was set did not last
    return sdk::Answers{};
  }).answer({});
  ASSERT_TRUE(run("card.unlock"));  // the fake service fails the test when it gets a PIN
  EXPECT_EQ(cards.card.unlocks, 2);
  EXPECT_EQ(script->revealed(), 1);
}

TEST_F(CardUnlock, TakesANewPinFromTheReadersKeypadAndLearnsItNotAtAll) {
  keep("puk", stored_puk);
  cards.card.facts.pad_asks_pin = cards.card.facts.pad_sets_pin = true;
  cards.card.typed = "583914";
  script->answer({{"pin", "pad"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(form(0).fields.back().choices.front().id, "pad") << "the safest first";
  EXPECT_EQ(cards.card.pin, "583914");
  EXPECT_EQ(script->revealed(), 0);
  EXPECT_EQ(effects(), (Strings{"intended", "happened"}));
}

TEST_F(CardUnlock, AsksAgainWhenNothingWasTypedOnTheKeypad) {
  keep("puk", stored_puk);
  cards.card.facts.pad_asks_pin = cards.card.facts.pad_sets_pin = true;
  script->answer({{"pin", "pad"}}).answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_FALSE(form(1).problem.empty());
  EXPECT_EQ(effects(), (Strings{"intended", "failed", "intended", "happened"}));
  EXPECT_EQ(cards.card.pin, script->last_revealed().first);
}

TEST_F(CardUnlock, OffersNoKeypadWhereTheReaderHasNone) {
  keep("puk", stored_puk);
  script->answer({{"pin", "pad"}}).answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_NE(form(0).fields.back().choices.front().id, "pad");
  EXPECT_EQ(cards.card.pin, script->last_revealed().first);
}

TEST_F(CardUnlock, AfterAnInterruptionAPinFromTheKeypadCounts) {
  keep("puk", stored_puk);
  cards.card.facts.pad_asks_pin = cards.card.facts.pad_sets_pin = true;
  cards.card.typed = "583914";
  cards.card.pull_before_answer = true;
  script->answer({{"pin", "pad"}}).step(insert_again());
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 1);
  EXPECT_EQ(script->revealed(), 0);
}

TEST_F(CardUnlock, AnswersTheCardsChallengeFromTheVault) {
  cards.card.facts.ways = {UnlockWay::admin_key};
  cards.card.puk.clear();
  cards.card.key = "response";
  keep("derived_key", "");
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.pin, script->last_revealed().first);
}

TEST_F(CardUnlock, LeavesSomebodyElsesCardAlone) {
  keep("puk", stored_puk);
  cards.card.facts.certificate->national_id = "10000000078";
  EXPECT_EQ(run("card.unlock").error().code, Code::refused);
  EXPECT_EQ(cards.card.unlocks, 0);
  EXPECT_TRUE(effects().empty());
  EXPECT_EQ(outcomes_of(record_type::card_read), Strings{"card.somebody_elses"});
}

TEST_F(CardUnlock, TrustsNoCertificateOfAnUnknownAuthority) {
  using Trust = HolderCertificate::Trust;
  keep("puk", stored_puk);
  register_card();
  for (const Trust trust : {Trust::untrusted, Trust::no_roots, Trust::revoked}) {
    cards.card.facts.certificate->trust = trust;
    EXPECT_FALSE(run("card.unlock"));
  }
  EXPECT_EQ(cards.card.unlocks, 0);
  EXPECT_EQ(outcomes_of(record_type::card_read), (Strings{"card.untrusted", "card.no_roots", "card.revoked"}));
}

TEST_F(CardUnlock, GoesByTheRegisteredSerialWhereTheCertificateCannotBeRead) {
  keep("puk", stored_puk);
  cards.card.facts.certificate.reset();
  EXPECT_FALSE(run("card.unlock")) << "nobody registered it";
  register_card();
  script->answer({{"pin", "made"}});
  EXPECT_TRUE(run("card.unlock"));
  EXPECT_TRUE(std::ranges::any_of(form(0).facts, [](const sdk::Fact& fact) {
    return fact.label.id == "Certificate" && fact.value.id.find("is not known") != std::string::npos;
  })) << "nobody is told that it may have been revoked";
  EXPECT_EQ(outcomes_of(record_type::card_read), (Strings{"card.unregistered", ""}));
}

TEST_F(CardUnlock, WorksOnAnExpiredCertificateOnlyWherePolicyAllows) {
  keep("puk", stored_puk);
  cards.card.facts.certificate->not_after = std::chrono::sys_days(std::chrono::year{2025} / 10 / 1);
  script->answer({{"pin", "made"}});
  EXPECT_TRUE(run("card.unlock"));
  office.policy.actions.at("card.unlock").expired_certificate = false;
}

TEST_F(CardUnlock, SaysSoAndSpendsNothingMoreWhenThePukIsWrong) {
  script->answer({{"pin", "made"}});
  type("code", "11112222");
  script->answer({{"pin", "made"}});
  type("code", stored_puk);
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 2);
  EXPECT_EQ(effects(), (Strings{"intended", "failed", "intended", "happened"}));
}

TEST_F(CardUnlock, WarnsBeforeTheLastPukTryAndSendsNothingWithoutAYes) {
  cards.card.puk_tries = 1;
  cards.card.facts.last_puk_try_erases = true;
  script->answer({{"pin", "made"}}).answer({{"go_on", "no"}});
  EXPECT_FALSE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 0);
  EXPECT_TRUE(form(1).problem.id.find("ERASES") != std::string::npos);
}

TEST_F(CardUnlock, TellsTheNextStepWhenPinAndPukAreLocked) {
  cards.card.puk_tries = 0;
  const auto result = run("card.unlock");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().sentence.id.starts_with("PIN and PUK are both locked")) << result.error().sentence.id;
  EXPECT_EQ(outcomes_of(record_type::card_read), Strings{"card.no_way"});
}

TEST_F(CardUnlock, ReadsTheCardAgainAfterItWasPulledAndSaysWhichPinCounts) {
  keep("puk", stored_puk);
  cards.card.pull_before_answer = true;
  script->answer({{"pin", "made"}}).step(insert_again());
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 1) << "nothing is repeated";
  EXPECT_EQ(script->last_revealed().first, cards.card.pin) << "the new PIN counts, so the holder sees it";
  EXPECT_EQ(effects(), (Strings{"intended", "unknown", "happened"}));
  EXPECT_EQ(cards.card.pin_tries, 3) << "the card was asked, and it was right";
}

TEST_F(CardUnlock, TellsOfAnUnlockThatNeverEnded) {
  keep("puk", stored_puk);
  const auto told = [&](std::size_t which) {
    return std::ranges::any_of(form(which).facts, [](const sdk::Fact& fact) { return fact.label.id == "Interrupted"; });
  };
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_FALSE(told(0));
  office.change([&](Transaction& tx) {
    ActionRunRow open;
    open.id = "of-another-console";
    open.action = "card.unlock";
    open.ticket = ticket;
    open.started = office.clock.now();
    open.device = "another";
    tx.save(open);
  });
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_FALSE(told(1)) << "it may run there still";
  office.clock.advance(2h);
  office.verify(ticket, "sms_code");
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_TRUE(told(2));
}

TEST_F(CardUnlock, IsNotCertainOfACardThatSaidYesAndShowsItsPinAsLocked) {
  keep("puk", stored_puk);
  cards.card.says_yes_and_does_nothing = true;
  script->answer({{"pin", "made"}}).answer({}).never_answer();
  stopped_at_form(3, [&] {
    EXPECT_NE(form(2).problem.id.find("is not certain"), std::string::npos) << form(2).problem.id;
    EXPECT_EQ(effects(), (Strings{"intended", "unknown"}));
    EXPECT_EQ(script->revealed(), 0);
  });
}

TEST_F(CardUnlock, AsksTheCardAgainWhenItWasPulledWhileItWasAsked) {
  keep("puk", stored_puk);
  cards.card.pull_before_answer = cards.card.pull_before_proof = true;
  script->answer({{"pin", "made"}})
      .step([&](const sdk::Form&) {
        cards.inserted = true;
        cards.card.pull_before_answer = false;
        return sdk::Answers{};
      })
      .step([&](const sdk::Form& form) {
        EXPECT_FALSE(form.problem.empty());
        return sdk::Answers{};
      });
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(script->last_revealed().first, cards.card.pin);
}

TEST_F(CardUnlock, EndsWhenItsOnlyWayIsUsedUp) {
  cards.card.facts.ways = {UnlockWay::admin_key};
  cards.card.puk.clear();
  cards.card.puk_tries = 0;  // the fake card says "blocked" to what is wrong then
  cards.card.key = "another";
  keep("admin_key", "00");
  script->answer({{"pin", "made"}});
  EXPECT_EQ(run("card.unlock").error().code, Code::refused);
  EXPECT_EQ(cards.card.unlocks, 1);
}

TEST_F(CardUnlock, ShowsNoPinThatTheCardDenied) {
  cards.card.cuts_elsewhere = true;
  script->answer({{"pin", "made"}});
  type("code", stored_puk);
  script->never_answer();
  stopped_at_form(3, [&] {
    EXPECT_EQ(script->revealed(), 0);
    EXPECT_EQ(effects(), (Strings{"intended", "unknown"}));
  });
}

TEST_F(CardUnlock, AsksTheCardWhichPinItHasAfterAnInterruption) {
  keep("puk", stored_puk);
  cards.card.pull_before_answer = cards.card.cuts_elsewhere = true;
  script->answer({{"pin", "made"}}).step([&](const sdk::Form&) {
    cards.inserted = true;
    cards.card.pull_before_answer = cards.card.cuts_elsewhere = false;
    return sdk::Answers{};
  }).never_answer();
  stopped_at_form(3, [&] {
    EXPECT_TRUE(form(2).problem.id.find("nobody knows it") != std::string::npos) << form(2).problem.id;
    EXPECT_EQ(script->revealed(), 0);
    EXPECT_EQ(effects(), (Strings{"intended", "unknown", "failed"}));
    EXPECT_EQ(cards.card.pin_tries, 2) << "asked once";
  });
}

/// Cards with administration keys may die of wrong ones, and the same key never becomes right.
TEST_F(CardUnlock, SendsAKeyThatTheCardRefusedNoSecondTime) {
  cards.card.facts.ways = {UnlockWay::admin_key};
  cards.card.puk.clear();
  cards.card.key = "another";
  keep("admin_key", "00");
  script->answer({{"pin", "made"}});
  EXPECT_EQ(run("card.unlock").error().code, Code::refused);
  EXPECT_EQ(cards.card.unlocks, 1);
  const auto again = run("card.unlock");
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().sentence.id.find("refused the administration key"), std::string::npos) << again.error().sentence.id;
  EXPECT_EQ(cards.card.unlocks, 1);
  cards.card.key = "response";
  keep("admin_key", "01");
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock")) << "the right one was imported";
}

TEST_F(CardUnlock, SendsAKeyOfWhichNobodyKnowsThatItFitsOnlyAfterAYes) {
  cards.card.facts.ways = {UnlockWay::admin_key};
  cards.card.puk.clear();
  cards.card.key = "response";
  keep("admin_key", "00");
  office.change([&](Transaction& tx) {
    auto used = copy_of(tx.card_secrets(office.demo.blocked).front());
    used.answers = 1;  // told by telephone, and nobody said what came of it
    tx.save(used);
  });
  script->answer({{"pin", "made"}}).answer({{"go_on", "no"}});
  EXPECT_EQ(run("card.unlock").error().code, Code::refused);
  EXPECT_EQ(cards.card.unlocks, 0);
  script->answer({{"pin", "made"}}).answer({{"go_on", "yes"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(office.store.card_secrets(office.demo.blocked).front().answers, 0);
}

TEST_F(CardUnlock, LetsTheHolderTypeThePukWhenThatOfTheVaultIsAnother) {
  keep("puk", "11111111");
  register_card();
  script->answer({{"pin", "made"}}).answer({{"pin", "made"}});
  type("code", stored_puk);
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 2);
  EXPECT_EQ(cards.card.pin, script->last_revealed().first);
}

/// Tools write zeros for a number on every card: they are nobody's.
TEST_F(CardUnlock, TakesZerosForNoNumber) {
  cards.card.facts.serial = "0000";
  cards.card.facts.certificate.reset();
  office.change([&](Transaction& tx) {
    Card card{0, office.demo.blocked, "0000", "ISO", "locked", "2010-05-01"};
    tx.save(card);
  });
  EXPECT_EQ(run("card.unlock").error().code, Code::refused);
  EXPECT_EQ(cards.card.unlocks, 0);
}

/// 2011 is the year of AKİS cards; others have what they show.
TEST_F(CardUnlock, SaysOfNoOtherFamilyThatItHasNoPukBecauseOfItsYear) {
  cards.card.facts.family = "gids";
  cards.card.facts.ways.clear();
  cards.card.puk.clear();
  register_card("2019-01-01");
  const auto result = run("card.unlock");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sentence.id.find("2011"), std::string::npos) << result.error().sentence.id;
}

TEST_F(CardUnlock, ShowsNoPinThatDoesNotCount) {
  keep("puk", stored_puk);
  cards.card.pull_before_command = true;
  script->answer({{"pin", "made"}})
      .step([&](const sdk::Form&) {
        cards.inserted = true;
        cards.card.pull_before_command = false;
        return sdk::Answers{};
      })
      .never_answer();
  stopped_at_form(3, [&] {
    EXPECT_EQ(script->revealed(), 0);
    EXPECT_EQ(effects(), (Strings{"intended", "failed"}));
  });
}

TEST_F(CardUnlock, SendsNothingWhenItCannotBeRecorded) {
  keep("puk", stored_puk);
  script->step([&](const sdk::Form&) {
    office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
    sdk::Answers answers;
    answers.values["pin"] = "made";
    return answers;
  });
  EXPECT_FALSE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 0);
  EXPECT_EQ(script->revealed(), 0);
}

TEST_F(CardUnlock, ChecksPolicyAgainRightBeforeTheCard) {
  keep("puk", stored_puk);
  script->step([&](const sdk::Form&) {
    office.clock.advance(20min);  // the verification has run out meanwhile
    sdk::Answers answers;
    answers.values["pin"] = "made";
    return answers;
  });
  EXPECT_FALSE(run("card.unlock"));
  EXPECT_EQ(cards.card.unlocks, 0);
  EXPECT_TRUE(effects().empty());
  EXPECT_EQ(office.recorded_refusals().back(), "level");
}

TEST_F(CardUnlock, LeavesAnotherCardAloneThatWasPutInItsPlace) {
  keep("puk", stored_puk);
  script->step([&](const sdk::Form&) {
    cards.card.facts.serial = "0815CD";
    sdk::Answers answers;
    answers.values["pin"] = "made";
    return answers;
  }).never_answer();
  const auto ended = stopped_at_form(2, [&] {
    EXPECT_EQ(cards.card.unlocks, 0);
    EXPECT_EQ(effects(), (Strings{"intended", "failed"}));
  });
  EXPECT_NE(ended.error().sentence.id, "The action was cancelled. Nothing was changed.");
}

TEST_F(CardUnlock, StandsBeforeOtherServicesOnATicketAboutALockedCard) {
  const auto first_service = [&](const char* cause) {
    office.change_ticket(ticket, [cause](Ticket& t) { t.cause = cause; });
    const auto offers = office.actions->offers(office.operator_(), ticket).value();
    return std::ranges::find_if(offers, [](const ActionOffer& offer) { return offer.verifies.empty(); })->id;
  };
  EXPECT_EQ(first_service("card_locked"), "card.information");
  EXPECT_EQ(first_service("password_blocked"), "password.unblock");
  EXPECT_EQ(first_service("phone_changed"), "phone.undo");
}

TEST_F(CardUnlock, IsForTheDeskAlone) {
  office.change_ticket(ticket, [](Ticket& t) { t.channel = Channel::call; });
  EXPECT_EQ(office.offer(office.operator_(), ticket, "card.unlock").refusal, "port");
}

// ---- By telephone ---------------------------------------------------------------------------------------------------

struct CardUnlockByPhone : CardUnlock {
  CardUnlockByPhone() {
    register_card();
    keep("derived_key", "");
    keys.answer = std::string("\x01\x23\x45\x67\x89\xAB\xCD\xEF", 8);
  }
  void call(const std::string& result) {
    script->answer({{"challenge", "0011 2233 4455 6677"}}).answer({}).answer({{"result", result}});
  }
  int answers() { return office.store.card_secrets(office.demo.blocked).front().answers; }
};

TEST_F(CardUnlockByPhone, SpeaksAGroupedAnswerWithACheckAfterReadingTheChallengeBack) {
  call("worked");
  ASSERT_TRUE(run("card.unlock_phone"));
  EXPECT_EQ(form(1).say.args.front(), "0011 2233 4455 6677");
  const auto [spoken, audience] = script->last_revealed();
  EXPECT_EQ(audience, sdk::Audience::operator_);
  EXPECT_TRUE(spoken.starts_with("0123 4567 89AB CDEF \xC2\xB7 ")) << spoken;
  EXPECT_EQ(answers(), 0) << "one worked";
  EXPECT_FALSE(recorded_anywhere("0123456789ABCDEF"));
}

TEST_F(CardUnlockByPhone, GivesACardNoMoreAnswersThanPolicySays) {
  for (int i = 0; i < 3; ++i) call("wrong");
  const auto result = run("card.unlock_phone");
  ASSERT_FALSE(result);
  EXPECT_EQ(answers(), 3);
  call("worked");
  const auto asked = script->forms().size();
  EXPECT_FALSE(run("card.unlock_phone"));
  EXPECT_EQ(script->revealed(), 3) << "the fourth answer was given";
  EXPECT_EQ(script->forms().size(), asked) << "a challenge was read for nothing";
}

TEST_F(CardUnlockByPhone, TakesOnlyWhatIsAChallenge) {
  script->answer({{"challenge", "12 34"}});
  call("worked");
  ASSERT_TRUE(run("card.unlock_phone"));
  EXPECT_FALSE(form(1).problem.empty());
}

TEST_F(CardUnlockByPhone, TakesNoChallengeThatIsTooLongForThisFamily) {
  office.change([&](Transaction& tx) {
    auto gids = copy_of(tx.card_secrets(office.demo.blocked).front());
    gids.family = "gids";
    tx.save(gids);
  });
  script->answer({{"challenge", "0011 2233 4455 6677 8899 AABB CCDD EEFF"}});
  call("worked");
  ASSERT_TRUE(run("card.unlock_phone"));
  EXPECT_FALSE(form(1).problem.empty());
  EXPECT_EQ(script->revealed(), 1);
}

TEST_F(CardUnlockByPhone, RecordsThatNobodyToldWhatCameOfAnAnswer) {
  script->answer({{"challenge", "0011 2233 4455 6677"}}).answer({}).never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "card.unlock_phone", script);
  script->wait_for_forms(3);
  (*started)->cancel();
  EXPECT_FALSE((*started)->wait());
  EXPECT_EQ(outcomes_of(record_type::card_answer_settled), Strings{"not_told"});
  EXPECT_EQ(answers(), 1);
}

TEST_F(CardUnlockByPhone, RecordsNothingOpenOnceTheHolderToldIt) {
  call("wrong");
  script->answer({{"challenge", "12 34"}}).never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "card.unlock_phone", script);
  script->wait_for_forms(5);
  (*started)->cancel();
  EXPECT_FALSE((*started)->wait());
  EXPECT_EQ(outcomes_of(record_type::card_answer_settled), Strings{"did_not_work"});
}

struct CardPuk : CardUnlock {
  CardPuk() {
    register_card();
    keep("puk", stored_puk);
  }
  Result<Text> tell(const std::string& result) {
    script->answer({}).answer({{"result", result}});
    return run("card.tell_puk");
  }
  /// Of the newest that counts.
  const CardSecret& puk() {
    held = office.store.card_secrets(office.demo.blocked);
    return *secret_of(held, serial, true);
  }
  void pulled_while_it_gets_another() {
    ASSERT_TRUE(tell("worked"));
    cards.card.pull_before_answer = true;
    EXPECT_FALSE(run("card.replace_puk"));
    cards.card.pull_before_answer = false;
    cards.inserted = true;
  }
  std::vector<CardSecret> held;
};

TEST_F(CardPuk, IsToldToTheOperatorOnce) {
  ASSERT_TRUE(tell("worked"));
  const auto [spoken, audience] = script->last_revealed();
  EXPECT_EQ(spoken, "7351 9042");
  EXPECT_EQ(audience, sdk::Audience::operator_);
  EXPECT_TRUE(puk().spent);
  EXPECT_EQ(office.store.records_of(record_type::card_puk_told).size(), 1u);
  EXPECT_FALSE(recorded_anywhere(stored_puk));
  EXPECT_EQ(office.store.cards(office.demo.blocked).back().state, "active");
  EXPECT_EQ(office.offer(office.operator_(), ticket, "card.tell_puk").refusal, "port") << "it was told";
  EXPECT_FALSE(run("card.tell_puk"));
  EXPECT_EQ(script->revealed(), 1);
}

TEST_F(CardPuk, IsNotToldWhenSomebodyElseToldItMeanwhile) {
  office.change([this](Transaction& tx) {
    Card other{0, office.demo.blocked, "0000111122223333", "PIV", "locked", "2010-05-01"};
    tx.save(other);
  });
  keep("puk", "40961725", "0000111122223333");  // the action stays possible for this one
  script->step([this](const sdk::Form&) {
    CardSecret told = copy_of(puk());
    told.spent = true;
    office.change([&](Transaction& tx) { tx.save(told); });
    sdk::Answers answers;
    answers.values["card"] = serial;
    return answers;
  });
  const auto told = run("card.tell_puk");
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().sentence.id, "The PUK of this card was told already. The holder brings the card to a desk, where it is replaced.");
  EXPECT_EQ(script->revealed(), 0);
}

TEST_F(CardPuk, ThatWasToldCountsHoweverTheActionEnds) {
  office.policy.actions["card.tell_puk"].per_subscriber_day = 1;
  office.change([this](Transaction& tx) {
    Card other{0, office.demo.blocked, "0000111122223333", "PIV", "locked", "2010-05-01"};
    tx.save(other);
  });
  keep("puk", "40961725", "0000111122223333");
  script->answer({{"card", serial}}).answer({{"result", "wrong"}});
  ASSERT_FALSE(run("card.tell_puk"));
  ASSERT_EQ(script->revealed(), 1);
  EXPECT_EQ(office.offer(office.operator_(), ticket, "card.tell_puk").refusal, "rate");
}

TEST_F(CardPuk, IsNotToldWhenThatCannotBeRecorded) {
  script->step([this](const sdk::Form&) {
    office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
    return sdk::Answers();
  });
  EXPECT_FALSE(run("card.tell_puk"));
  EXPECT_EQ(script->revealed(), 0);
}

TEST_F(CardPuk, ThatWasToldIsReplacedAtTheNextUnlock) {
  ASSERT_FALSE(tell("wrong"));
  script->answer({{"pin", "made"}});
  ASSERT_TRUE(run("card.unlock"));
  EXPECT_NE(cards.card.puk, stored_puk);
  EXPECT_EQ(puk().value.expose(), cards.card.puk);
  EXPECT_FALSE(puk().spent);
  EXPECT_FALSE(recorded_anywhere(cards.card.puk));
  EXPECT_EQ(effects(), (Strings{"intended", "happened", "intended", "happened"}));
}

TEST_F(CardPuk, ThatWasToldToNobodyStays) {
  EXPECT_FALSE(run("card.replace_puk"));
  EXPECT_EQ(cards.card.puk, stored_puk);
  EXPECT_EQ(effects(), Strings{});
}

TEST_F(CardPuk, IsReplacedByItself) {
  EXPECT_EQ(office.offer(office.operator_(), ticket, "card.replace_puk").refusal, "port") << "it was told to nobody";
  ASSERT_TRUE(tell("worked"));
  const auto replaced = run("card.replace_puk");
  ASSERT_TRUE(replaced) << replaced.error().sentence.id;
  EXPECT_EQ(puk().value.expose(), cards.card.puk);
  EXPECT_NE(cards.card.puk, stored_puk);
  EXPECT_EQ(office.offer(office.operator_(), ticket, "card.replace_puk").refusal, "port") << "it is replaced";
}

TEST_F(CardPuk, IsKnownAfterAnInterruptedReplacement) {
  pulled_while_it_gets_another();
  EXPECT_NE(cards.card.puk, stored_puk) << "the card has it";
  EXPECT_EQ(puk().value.expose(), stored_puk) << "which nobody knows";
  script->answer({{"go_on", "yes"}});
  const auto found_out = run("card.replace_puk");
  ASSERT_TRUE(found_out) << found_out.error().sentence.id;
  EXPECT_NE(found_out->id.find("new one since the interruption"), std::string::npos) << found_out->id;
  EXPECT_EQ(effects(), (Strings{"intended", "unknown", "intended", "happened"}));
  EXPECT_EQ(puk().value.expose(), cards.card.puk);
  EXPECT_EQ(cards.card.puk_tries, 2);
}

TEST_F(CardPuk, IsNotFoundOutWithoutAYesNorWithTheLastTry) {
  pulled_while_it_gets_another();
  script->answer({{"go_on", "no"}});
  EXPECT_FALSE(run("card.replace_puk"));
  EXPECT_EQ(cards.card.puk_tries, 3);
  cards.card.puk_tries = 1;
  script->answer({{"go_on", "yes"}});
  EXPECT_FALSE(run("card.replace_puk"));
  EXPECT_EQ(cards.card.puk_tries, 1);
}

TEST_F(CardPuk, OfAnInterruptedReplacementUnlocksAtTheSecondTry) {
  pulled_while_it_gets_another();
  script->answer({{"pin", "made"}}).answer({{"pin", "made"}});
  const auto result = run("card.unlock");
  ASSERT_TRUE(result) << result.error().sentence.id;
  EXPECT_EQ(puk().value.expose(), cards.card.puk);
  EXPECT_FALSE(puk().spent);
}

// ---- Information and signature ----------------------------------------------------------------------------------------

TEST_F(CardUnlock, TellsThatAnAkisCardOfAfter2011HasNoPukAndOfOthersThatItDoesNotKnow) {
  for (const auto& [model, puk] : {std::pair{"AKİS", "none: produced after 01.01.2011"}, {"GIDS", "not known"}}) {
    const std::string name = std::string(model) + " " + serial;
    register_card("2014-03-01", model);
    for (std::size_t i = 0; i < office.store.cards(office.demo.blocked).size(); ++i) script->answer({});
    ASSERT_TRUE(run("card.information"));
    bool told = false;
    for (const auto& asked : script->forms()) {
      if (asked.facts.front().value.id != name && asked.facts.front().value.args != std::vector{name}) continue;
      for (const auto& fact : asked.facts) told |= fact.value.id == puk;
    }
    EXPECT_TRUE(told) << model;
  }
}

TEST_F(CardUnlock, ASignatureOfTheHoldersCardVerifiesAtLevelThree) {
  cards.card.pin_tries = 3;
  cards.card.pin = "274913";
  type("pin", "111111");
  type("pin", "274913");
  const auto result = run("verification.card_signature");
  ASSERT_TRUE(result) << result.error().sentence.id;
  EXPECT_EQ(status().level, 3);
  EXPECT_EQ(status().method, "card_signature");
  EXPECT_FALSE(recorded_anywhere("274913"));
}

TEST_F(CardUnlock, ASignatureAfterAPinTypedOnTheKeypadVerifiesToo) {
  cards.card.pin_tries = 3;
  cards.card.pin = "274913";
  cards.card.facts.pad_asks_pin = true;
  script->answer({}).step([&](const sdk::Form& asked) {
    EXPECT_FALSE(asked.problem.empty()) << "nothing was typed";
    EXPECT_FALSE(asked.holder);
    cards.card.typed = "274913";
    return sdk::Answers{};
  });
  ASSERT_TRUE(run("verification.card_signature"));
  EXPECT_EQ(status().level, 3);
  EXPECT_EQ(office.store.method_state(office.demo.blocked, "card_signature").failures, 0) << "a cancelled one is no failure";
}

TEST_F(CardUnlock, ASignatureNeedsACertificateThatStandsAndIsTheHolders) {
  cards.card.pin_tries = 3;
  register_card();
  auto& certificate = cards.card.facts.certificate;
  const auto mine = certificate;
  certificate.reset();
  EXPECT_FALSE(run("verification.card_signature"));
  certificate = mine;
  certificate->national_id = "10000000078";
  EXPECT_FALSE(run("verification.card_signature"));
  certificate = mine;
  certificate->not_after = std::chrono::sys_days(std::chrono::year{2025} / 10 / 1);
  EXPECT_FALSE(run("verification.card_signature"));
  EXPECT_EQ(status().level, 2);
}

}  // namespace
}  // namespace anahtar::testing
