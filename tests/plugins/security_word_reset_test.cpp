// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <set>

#include "core/approvals.h"
#include "core/security_word.h"
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

struct SecurityWordReset : PluginTest {
  Result<Text> reset(const std::string& delivery = "sms") {
    script->answer({{"delivery", delivery}});
    return run("security_word.reset");
  }
  PortalAccount account() { return *office.store.portal_account(office.demo.blocked); }
  bool is_the_word(const std::string& word) {
    return office.store.password_matches(Secret(word), account().security_word_hash);
  }
  /// What the holder finds in the newest message.
  std::string word_on_phone() {
    const std::string body = office.gateway.messages().back().body;
    const auto begin = body.find("sozcugunuz ") + 11;
    return body.substr(begin, body.find(' ', begin) - begin);
  }
  void start_cooling_off() {
    office.change([&](Transaction& tx) {
      CoolingOff cooling{office.demo.blocked, office.clock.now(), office.clock.now() + 24h, "phone.update", "run"};
      tx.save(cooling);
    });
  }
};

TEST(SecurityWord, IsPronounceableUnmistakableAndAsHardToGuessAsStated) {
  FakeClock clock;
  MemoryStore vault(clock);
  std::set<std::string> words;
  std::set<char> letters;
  for (int i = 0; i < 2000; ++i) {
    const std::string word(random_security_word(vault).expose());
    ASSERT_EQ(word.size(), 12u);
    for (std::size_t at = 0; at < word.size(); ++at) {
      const auto& of = at % 2 == 0 ? word_consonants : word_vowels;
      ASSERT_NE(of.find(word[at]), std::string_view::npos);
      letters.insert(word[at]);
    }
    words.insert(word);
  }
  EXPECT_EQ(words.size(), 2000u);
  EXPECT_EQ(letters.size(), word_consonants.size() + word_vowels.size());
  for (const char c : std::string("cgijloqswx0123456789")) EXPECT_FALSE(letters.contains(c)) << c;
  const double bits = word_syllables * std::log2(double(word_consonants.size() * word_vowels.size()));
  EXPECT_NEAR(bits, 31.7, 0.05);
}

TEST_F(SecurityWordReset, SendsANewWordAndKeepsOnlyItsHash) {
  office.verify(ticket, "sms_code");
  const std::string before = account().security_word_hash;
  const auto result = reset();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->id, "The security word was renewed, and the password is active again.");
  EXPECT_NE(account().security_word_hash, before);
  ASSERT_EQ(office.gateway.messages().size(), 1u);
  EXPECT_EQ(office.gateway.messages()[0].to, "+905000000001");
  EXPECT_LE(office.gateway.messages()[0].body.size(), 160u);
  const std::string word = word_on_phone();
  EXPECT_TRUE(is_the_word(word));
  EXPECT_FALSE(account().blocked);
  EXPECT_EQ(account().failed_tries, 0);
  EXPECT_EQ(script->revealed(), 0);
  for (const auto& stored : office.store.records())
    for (const auto& [tag, value] : stored.record.fields) EXPECT_EQ(value.find(word), std::string::npos);
}

TEST_F(SecurityWordReset, SendsTheWordByMailAndTellsTheMobile) {
  office.change_subscriber(office.demo.blocked, [](Subscriber& s) { s.email = "holder@ornek.example"; });
  office.verify(ticket, "sms_code");
  ASSERT_TRUE(reset("email"));
  const auto mails = office.mail.messages();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].to, "holder@ornek.example");
  const auto begin = mails[0].body.find("    ") + 4;
  const std::string word = mails[0].body.substr(begin, 12);
  EXPECT_TRUE(is_the_word(word));
  ASSERT_EQ(office.gateway.messages().size(), 1u);
  EXPECT_EQ(office.gateway.messages()[0].to, "+905000000001");
  EXPECT_EQ(office.gateway.messages()[0].body.find(word), std::string::npos);
  EXPECT_LE(office.gateway.messages()[0].body.size(), 160u);
  EXPECT_EQ(script->revealed(), 0);
  for (const auto& stored : office.store.records())
    for (const auto& [tag, value] : stored.record.fields) EXPECT_EQ(value.find(word), std::string::npos);
}

TEST_F(SecurityWordReset, OffersOnlyTheWaysThatLeadToTheHolder) {
  const auto offered = [&] {
    std::set<std::string> ways;
    const sdk::Form asked = form(0);
    for (const auto& choice : asked.fields.at(0).choices) ways.insert(choice.id);
    return ways;
  };
  const auto try_with = [&](const std::string& mobile, const std::string& email) {
    office.change_subscriber(office.demo.blocked, [&](Subscriber& s) { s.mobile = mobile, s.email = email; });
    script = office.conversation();
    return run("security_word.reset");
  };
  office.verify(ticket, "sms_code");
  try_with("+905000000001", "holder@ornek.example");
  EXPECT_EQ(offered(), (std::set<std::string>{"sms", "email"}));
  EXPECT_EQ(form(0).fields.at(0).choices.at(1).label.args.at(0).find("holder"), std::string::npos) << "masked";
  try_with("+905000000001", "");
  EXPECT_EQ(offered(), (std::set<std::string>{"sms"}));
  try_with("", "holder@ornek.example");
  EXPECT_EQ(offered(), (std::set<std::string>{"email"}));
  EXPECT_FALSE(try_with("", ""));
  EXPECT_TRUE(script->forms().empty());
  office.has_mail = false;
  office.open_actions();
  try_with("+905000000001", "holder@ornek.example");
  EXPECT_EQ(offered(), (std::set<std::string>{"sms"}));
}

TEST_F(SecurityWordReset, RefusesAMailThatNothingCarriesWhateverThePluginSays) {
  office.change_subscriber(office.demo.blocked, [](Subscriber& s) { s.email.clear(); });
  office.plugins.loaded = {{"liar", "1.0.0", "liar.so",
                            {sdk::tr("Liar"),
                             {{"security_word.reset", sdk::tr("Reset"), {}, "",
                               [](sdk::Desk&) { return sdk::propose(sdk::Change::reset_security_word("email")); }}}},
                            nullptr}};
  office.open_actions();
  office.verify(ticket, "sms_code");
  const std::string before = account().security_word_hash;
  EXPECT_FALSE(run("security_word.reset"));
  EXPECT_EQ(office.recorded_refusals().back(), "state");
  EXPECT_EQ(account().security_word_hash, before);
}

TEST_F(SecurityWordReset, RecordsTheMessageBeforeAndAfter) {
  office.verify(ticket, "sms_code");
  ASSERT_TRUE(reset());
  const auto intended = office.store.records_of(record_type::effect_intended).at(0);
  const auto happened = office.store.records_of(record_type::effect_happened).at(0);
  EXPECT_EQ(intended.fields.at(Tag::message_kind), "security_word");
  EXPECT_EQ(intended.fields.at(Tag::message_id), happened.fields.at(Tag::message_id));
  EXPECT_EQ(happened.fields.at(Tag::message_id), office.gateway.messages().at(0).id);
}

TEST_F(SecurityWordReset, LeavesTheBlockWhereThePolicySaysSo) {
  office.policy.actions["security_word.reset"].clears_block = false;
  office.verify(ticket, "sms_code");
  EXPECT_EQ(reset()->id, "The security word was renewed.");
  EXPECT_TRUE(account().blocked);
}

TEST_F(SecurityWordReset, SaysSoWhenTheMessageDidNotLeave) {
  office.verify(ticket, "sms_code");
  office.gateway.fail_with({Code::unavailable, tr("The gateway is down.")});
  EXPECT_EQ(reset().error().code, Code::unavailable);
  EXPECT_EQ(office.store.records_of(record_type::effect_failed).size(), 1u);
  office.gateway.fail_with({Code::internal, tr("The line broke.")});
  EXPECT_EQ(reset().error().code, Code::unavailable);
  EXPECT_EQ(office.store.records_of(record_type::effect_unknown).size(), 1u);
}

TEST_F(SecurityWordReset, IsSpokenOnlyWhereThePolicyAllowsIt) {
  office.verify(ticket, "sms_code");
  script->answer({{"delivery", "spoken"}}).answer({{"delivery", "sms"}});  // not a choice of the form
  ASSERT_TRUE(run("security_word.reset"));
  const sdk::Form asked = form(0);
  for (const auto& choice : asked.fields.at(0).choices) EXPECT_NE(choice.id, "spoken");
  EXPECT_EQ(script->revealed(), 0);

  office.policy.actions["security_word.reset"].spoken = true;
  ASSERT_TRUE(reset("spoken"));
  EXPECT_EQ(script->revealed(), 1);
  ASSERT_EQ(office.gateway.messages().size(), 2u) << "the first word, and the notice that there is another one";
  std::multiset<std::string> happened;
  for (const auto& record : office.store.records_of(record_type::effect_happened))
    happened.insert(record.fields.at(Tag::message_kind));
  EXPECT_EQ(happened, (std::multiset<std::string>{"security_word", "security_word_changed", "security_word_spoken"}));
}

TEST_F(SecurityWordReset, TakesACallFromTheRegisteredMobileOrLevelTwoButNoQuestions) {
  office.verify(ticket, "civil_registry");
  EXPECT_EQ(reset().error().code, Code::refused);
  EXPECT_EQ(office.recorded_refusals().back(), "level");
  office.verify(ticket, "registered_mobile");
  script = office.conversation();
  EXPECT_TRUE(reset());
}

TEST_F(SecurityWordReset, NeedsASupervisorAfterTheNumberWasChanged) {
  office.verify(ticket, "sms_code");
  start_cooling_off();
  EXPECT_FALSE(reset());
  EXPECT_EQ(office.recorded_refusals().back(), "cooling_off");
  EXPECT_TRUE(office.gateway.messages().empty());
  script = office.conversation();
  script->answer({{"delivery", "sms"}});
  EXPECT_TRUE(office.run(office.supervisor(), ticket, "security_word.reset", script));
}

TEST_F(SecurityWordReset, IsDoneToOneSubscriberThreeTimesADay) {
  for (int i = 0; i < 3; ++i) {
    office.verify(ticket, "sms_code");
    EXPECT_TRUE(reset());
    office.clock.advance(1h);
  }
  office.verify(ticket, "sms_code");
  EXPECT_FALSE(reset());
  EXPECT_EQ(office.recorded_refusals().back(), "rate");
  office.clock.advance(21h + 1s);
  office.verify(ticket, "sms_code");
  script = office.conversation();
  EXPECT_TRUE(reset());
}

TEST_F(SecurityWordReset, MakesTheWordWhenItIsApprovedAndNotBefore) {
  office.policy.actions["security_word.reset"].approval = ApprovalRule::four_eyes;
  office.verify(ticket, "sms_code");
  const std::string before = account().security_word_hash;
  ASSERT_TRUE(reset());
  EXPECT_EQ(account().security_word_hash, before);
  EXPECT_TRUE(office.gateway.messages().empty());
  Approvals approvals{office.store,    office.store,   office.store, office.verification,
                      Outside{office.outbox.get()}, office.plugins, office.clock};
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  EXPECT_TRUE(is_the_word(word_on_phone()));
  const auto queued = office.store.records_of(record_type::message_queued).at(0);
  EXPECT_EQ(queued.fields.at(Tag::approval), "1");
}

}  // namespace
}  // namespace anahtar::testing
