// SPDX-License-Identifier: GPL-3.0-or-later
// Policy as data: the file, what is refused in it, and which version is in force.
#include "core/policies.h"
#include "core/policy_book.h"
#include "desk_fixture.h"

namespace anahtar::core {
namespace {

using namespace std::chrono_literals;

const KnownNames known{{"sms_code", "identity_card", "call_back"}, {"password.unblock"}};

std::vector<std::pair<std::uint32_t, std::string>> problems_of(std::string_view toml) {
  const auto parsed = parse_policy(toml, &known);
  std::vector<std::pair<std::uint32_t, std::string>> found;
  if (parsed) return found;
  for (const auto& problem : parsed.error()) found.emplace_back(problem.line, sdk::fill(problem.what.id, problem.what.args));
  return found;
}

constexpr std::string_view small = R"(verification_life = "10min"
[methods.sms_code]
level = 2
roles = ["operator"]
codes = 2
code_life = "90s"
[actions."password.unblock"]
level = 1
roles = ["operator", "supervisor"]
)";

std::string with(std::string_view line) { return std::string(small).append(line).append("\n"); }

TEST(PolicyFile, GivesTheDefaultsOfTheDesk) {
  const Policy policy = default_policy();
  EXPECT_EQ(policy.verification_life, 15min);
  EXPECT_EQ(policy.methods.at("registered_mobile").level, 1);
  EXPECT_EQ(policy.methods.at("sms_code").level, 2);
  EXPECT_EQ(policy.methods.at("sms_code").code_life, 180s);
  EXPECT_EQ(policy.methods.at("civil_registry").level, 1);
  EXPECT_EQ(policy.methods.at("identity_card").level, 3);
  EXPECT_EQ(policy.methods.at("identity_card").roles, std::set{Role::field});
  EXPECT_EQ(policy.methods.at("identity_card").channels, std::set{Channel::desk});
  EXPECT_EQ(policy.actions.at("password.unblock").level, 1);
  const ActionPolicy& phone = policy.actions.at("phone.update");
  EXPECT_EQ(phone.level, 2);
  EXPECT_EQ(phone.approval, ApprovalRule::four_eyes_unless_level_3);
  EXPECT_EQ(phone.starts_cooling_off, 24h);
  EXPECT_EQ(phone.approval_life, 30min);
  EXPECT_EQ(phone.excluded_methods, (std::set<std::string>{"registered_mobile", "sms_code", "call_back"}));
  EXPECT_TRUE(phone.sensitive);
  EXPECT_EQ(policy.methods.at("call_pin").level, 1);
  EXPECT_EQ(policy.methods.at("call_pin").tries, 3);
  EXPECT_EQ(policy.methods.at("call_back").level, 2);
  EXPECT_EQ(policy.methods.at("call_back").answer_within, 5min);
  EXPECT_EQ(policy.methods.at("civil_registry_recorded").level, 2);
  EXPECT_EQ(policy.recordings.within, 24h);
  ASSERT_EQ(policy.hints.size(), 4u);
}

TEST(PolicyFile, ReadsWhatIsWrittenAndFillsInTheRest) {
  const auto parsed = parse_policy(with("open_days = [\"mon\", \"fri\"]\nopen_hours = \"09:00-17:30\""), &known);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->verification_life, 10min);
  EXPECT_EQ(parsed->methods.at("sms_code").codes, 2);
  EXPECT_EQ(parsed->methods.at("sms_code").code_life, 90s);
  EXPECT_EQ(parsed->methods.at("sms_code").label.id, "SMS code");
  const ActionPolicy& unblock = parsed->actions.at("password.unblock");
  EXPECT_EQ(unblock.freshness, 15min);
  EXPECT_EQ(unblock.approval, ApprovalRule::none);
  EXPECT_EQ(unblock.hours->days, (std::set<unsigned>{1, 5}));
  EXPECT_EQ(unblock.hours->to, 17h + 30min);
}

struct BadLine {
  const char* line;
  const char* problem;
};
struct BadPolicy : ::testing::TestWithParam<BadLine> {};

TEST_P(BadPolicy, IsRefusedWithLineAndReason) {
  const auto problems = problems_of(with(GetParam().line));
  ASSERT_EQ(problems.size(), 1u) << GetParam().line;
  EXPECT_EQ(problems[0].first, 10u);
  EXPECT_EQ(problems[0].second, GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadPolicy,
    ::testing::Values(
        BadLine{"levl = 2", "There is no key levl."},
        BadLine{"freshness = \"15 minutes\"",
                "freshness is no duration that can be used here. Write for example \"15min\" or \"24h\"."},
        BadLine{"freshness = \"30s\"",
                "freshness is no duration that can be used here. Write for example \"15min\" or \"24h\"."},
        BadLine{"freshness = \"9999999999999999999d\"",
                "freshness is no duration that can be used here. Write for example \"15min\" or \"24h\"."},
        BadLine{"excluded_methods = [\"telepathy\"]", "excluded_methods names “telepathy”, which does not exist."},
        BadLine{"excluded_methods = \"sms_code\"", "excluded_methods must be a list in square brackets."},
        BadLine{"approval = \"six_eyes\"", "approval has a value that is not known."},
        BadLine{"sensitive = \"yes\"", "sensitive must be true or false."},
        BadLine{"per_operator_hour = -1", "per_operator_hour must be a whole number from 0 to 1000000."},
        BadLine{"per_operator_hour = 1.5", "per_operator_hour must be a whole number from 0 to 1000000."},
        BadLine{"[hints.x]\nsteps = [\"password.unblock\"]\nper = \"subscriber\"", "The key within is missing."},
        BadLine{"[hints.x]\nper = \"subscriber\"\nwithin = \"1h\"\ncount = \"refused\"", "The key at_least is missing."},
        BadLine{"[methods.call_back]\nlevel = 2\nroles = []", "The key answer_within is missing."},
        BadLine{"open_hours = \"17:00-09:00\"", "open_hours has a value that is not known."},
        BadLine{"open_hours = \"09:00-24:01\"", "open_hours has a value that is not known."},
        BadLine{"open_days = [\"moonday\"]", "open_days names “moonday”, which does not exist."}));

TEST(PolicyFile, TellsEveryProblemInTheOrderOfTheLines) {
  const auto problems = problems_of(R"(utc_offset = "Istanbul"
[methods.sms_code]
level = 4
roles = ["operator", "king"]
[methods.telepathy]
level = 1
roles = []
[actions."certificate.revoke"]
roles = ["operator"]
)");
  ASSERT_EQ(problems.size(), 6u);
  EXPECT_EQ(problems[0], (std::pair{1u, std::string("utc_offset has a value that is not known.")}));
  EXPECT_EQ(problems[1], (std::pair{3u, std::string("level must be a whole number from 0 to 3.")}));
  EXPECT_EQ(problems[2], (std::pair{4u, std::string("roles names “king”, which does not exist.")}));
  EXPECT_EQ(problems[3], (std::pair{5u, std::string("There is no verification method telepathy.")}));
  EXPECT_EQ(problems[4], (std::pair{8u, std::string("There is no action certificate.revoke.")}));
  EXPECT_EQ(problems[5], (std::pair{8u, std::string("The key level is missing.")}));
}

TEST(PolicyFile, RefusesWhatIsNoTomlWithItsLine) {
  const auto problems = problems_of("verification_life = \"15min\"\n[methods\n");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].first, 2u);
  EXPECT_FALSE(problems_of(std::string(300 * 1024, '#')).empty());
}

TEST(PolicyFile, RefusesAMethodThatSendsCodesWithoutSayingForHowLongTheyAreGood) {
  EXPECT_EQ(problems_of("[methods.sms_code]\nlevel = 2\nroles = []\ncodes = 1\n[actions]\n").size(), 1u);
}

TEST(OpeningHours, AreJudgedInTheDesksOwnTime) {
  const OpeningHours hours{{1, 2, 3, 4, 5}, 9h, 18h};
  const Time monday = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};
  EXPECT_FALSE(is_open(hours, monday + 5h + 59min, 3h));
  EXPECT_TRUE(is_open(hours, monday + 6h, 3h));
  EXPECT_TRUE(is_open(hours, monday + 14h + 59min, 3h));
  EXPECT_FALSE(is_open(hours, monday + 15h, 3h));
  EXPECT_FALSE(is_open(hours, monday + 5 * 24h + 8h, 3h));            // Saturday
  EXPECT_FALSE(is_open({{1}, 0h, 24h}, monday - 4h, 3h));             // Sunday, 23:00 here
  EXPECT_TRUE(is_open({{1}, 0h, 24h}, monday - 3h, 3h));              // Monday, 00:00 here
}

struct PoliciesTest : DeskTest {
  PluginCatalogue plugins;
  Policies policies{store, store, store, plugins, clock};
  std::string stricter() {
    std::string text(default_policy_text());
    const std::string key = "[actions.\"password.unblock\"]\nlevel = 1";
    return text.replace(text.find(key), key.size(), "[actions.\"password.unblock\"]\nlevel = 2");
  }
};

TEST_F(PoliciesTest, ShowsTheDefaultsUntilAnotherIsApplied) {
  EXPECT_EQ(policies.in_force(ada)->number, 0);
  EXPECT_EQ(policies.in_force(ada)->text, default_policy_text());
  ASSERT_EQ(policies.apply(yusuf, stricter()).value(), 1);
  const auto now = policies.in_force(ada);
  EXPECT_EQ(now->number, 1);
  EXPECT_EQ(now->applied_by, "yusuf");
  EXPECT_EQ(now->text, stricter());
}

TEST_F(PoliciesTest, CountFromTheCommitThatBroughtThemAndNameTheirDigest) {
  EXPECT_EQ(verification.policy(store).actions.at("password.unblock").level, 1);
  ASSERT_TRUE(policies.apply(yusuf, stricter()));
  EXPECT_EQ(verification.policy(store).actions.at("password.unblock").level, 2);
  EXPECT_EQ(verification.policy().actions.at("password.unblock").level, 2);
  const auto record = store.records_of(record_type::policy_applied).at(0);
  EXPECT_EQ(record.fields.at(Tag::version), "1");
  EXPECT_EQ(record.fields.at(Tag::digest), store.sha256(stricter()));
  EXPECT_EQ(record.actor, "yusuf");
}

TEST_F(PoliciesTest, AreAppliedByAdministratorsOnly) {
  for (const Session& who : {ada, selin, fatma}) {
    EXPECT_EQ(code_of(policies.apply(who, stricter())), Code::not_permitted);
    EXPECT_EQ(last_refusal(), "role");
  }
  EXPECT_FALSE(store.policy_in_force());
}

TEST_F(PoliciesTest, AreNotAppliedWithAProblemNorTwice) {
  EXPECT_EQ(code_of(policies.apply(yusuf, stricter() + "x = 1\n")), Code::invalid);
  EXPECT_FALSE(store.policy_in_force());
  ASSERT_TRUE(policies.apply(yusuf, stricter()));
  EXPECT_EQ(code_of(policies.apply(yusuf, stricter())), Code::conflict);
}

TEST_F(PoliciesTest, MayNameTheActionsOfLoadedPlugins) {
  const std::string text = stricter() + "[actions.\"certificate.suspend\"]\nlevel = 2\nroles = [\"field\"]\n";
  EXPECT_EQ(policies.check(text).size(), 1u);
  plugins.loaded.push_back({"certificate-suspend", "1.0.0", "certificate_suspend.so", {tr("Certificates"), {{"certificate.suspend", tr("Suspend")}}}, {}});
  EXPECT_TRUE(Policies(store, store, store, plugins, clock).check(text).empty());
}

TEST_F(PoliciesTest, FailClosedWhenWhatIsStoredCannotBeRead) {
  ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
    tx.record(record_of(yusuf, record_type::policy_applied));
    PolicyVersion broken{.sha256 = "x", .text = "levl = 1", .applied = clock.now(), .applied_by = "yusuf"};
    tx.save(broken);
    return {};
  }));
  EXPECT_THROW(verification.policy(store), FailureError);
}

}  // namespace
}  // namespace anahtar::core
