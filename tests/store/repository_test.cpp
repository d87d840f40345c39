// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_fixture.h"

#include <gmock/gmock.h>

namespace anahtar::store::testing {
namespace {

using namespace core;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Time at(int seconds) { return Time(std::chrono::seconds(1'700'000'000 + seconds)); }

std::vector<Subscriber> find(Site& site, SubscriberQuery::Kind kind, std::string value) {
  return site.reader->subscribers({kind, std::move(value)}, 10);
}

TEST(StoreRepository, KeepsTheFirstAdministrator) {
  TemporarySite temporary;
  Site site = temporary.open();
  EXPECT_TRUE(site.alarms.empty());
  const auto found = site.reader->operator_named("yonetici");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, 1);
  EXPECT_EQ(found->display_name, "Yönetici");
  EXPECT_EQ(found->role, Role::administrator);
  EXPECT_FALSE(found->locked_until);
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreRepository, KeepsASubscriberWithAllPersonalData) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber value = saved(site, ayse());
  EXPECT_EQ(value.id, 1);
  EXPECT_THAT(value.pseudonym, SizeIs(32));
  const auto found = site.reader->subscriber(value.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pseudonym, value.pseudonym);
  EXPECT_EQ(found->national_id, value.national_id);
  EXPECT_EQ(found->given_names, value.given_names);
  EXPECT_EQ(found->surname, value.surname);
  EXPECT_EQ(found->mobile, value.mobile);
  EXPECT_EQ(found->email, value.email);
  EXPECT_EQ(found->civil, value.civil);
  EXPECT_EQ(found->created, value.created);
  EXPECT_EQ(site.reader->subscriber_count(), 1);
}

TEST(StoreRepository, FindsASubscriberByEveryKey) {
  using Kind = SubscriberQuery::Kind;
  TemporarySite temporary;
  Site site = temporary.open();
  saved(site, ayse());
  Subscriber other = ayse();
  other.national_id = "10000000078";
  other.given_names = "Mehmet";
  other.mobile = "+905551112233";
  other.email = "m@ornek.example";
  saved(site, other);

  EXPECT_THAT(find(site, Kind::id, "2"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::national_id, "10000000146"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::mobile, "+905551112233"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::email, "ayse.caglayan@ornek.example"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::email, "Ayse.Caglayan@ORNEK.example"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::name, "çağlayan"), SizeIs(2));
  EXPECT_THAT(find(site, Kind::name, "IŞIK çağlayan"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::name, "mehmet ışık"), SizeIs(0));
  EXPECT_THAT(find(site, Kind::name, ""), SizeIs(0));
  EXPECT_THAT(find(site, Kind::id, "1 or 1=1"), SizeIs(0));
  EXPECT_THAT(site.reader->subscribers({Kind::name, "çağlayan"}, 1), SizeIs(1));
}

TEST(StoreRepository, FindsByTheNewNumberAndNoLongerByTheOld) {
  using Kind = SubscriberQuery::Kind;
  TemporarySite temporary;
  Site site = temporary.open();
  Subscriber value = saved(site, ayse());
  value.mobile = "+905559998877";
  value = saved(site, value);
  EXPECT_THAT(find(site, Kind::mobile, "+905321234567"), SizeIs(0));
  EXPECT_THAT(find(site, Kind::mobile, "+905559998877"), SizeIs(1));
  EXPECT_THAT(find(site, Kind::national_id, value.national_id), SizeIs(1));
}

TEST(StoreRepository, KeepsWhatBelongsToASubscriber) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber owner = saved(site, ayse());
  saved(site, PortalAccount{owner.id, "hash", 3, true, at(5)});
  saved(site, Card{0, owner.id, "TR1", "AKIS", "locked", "2012-02-03"});
  saved(site, Certificate{0, owner.id, "TR1", "0A", "active", "2025-01-01", "2028-01-01"});
  saved(site, MethodState{owner.id, "sms_code", 2, 1, true});
  const auto account = site.reader->portal_account(owner.id);
  ASSERT_TRUE(account);
  EXPECT_TRUE(account->blocked);
  EXPECT_EQ(account->failed_tries, 3);
  EXPECT_EQ(account->blocked_at, at(5));
  ASSERT_THAT(site.reader->cards(owner.id), SizeIs(1));
  EXPECT_EQ(site.reader->cards(owner.id)[0].state, "locked");
  ASSERT_THAT(site.reader->certificates(owner.id), SizeIs(1));
  EXPECT_EQ(site.reader->certificates(owner.id)[0].not_after, "2028-01-01");
  EXPECT_TRUE(site.reader->method_state(owner.id, "sms_code").locked);
  EXPECT_EQ(site.reader->method_state(owner.id, "call").failures, 0);
  EXPECT_FALSE(site.reader->portal_account(99));
}

TEST(StoreRepository, KeepsATicketAndItsStory) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber owner = saved(site, ayse());
  Ticket ticket;
  ticket.cause = "password_blocked";
  ticket.call_number = "+905321234567";
  ticket.caller_is = "kızı";
  ticket.opened = ticket.updated = at(1);
  ticket = saved(site, ticket);
  EXPECT_THAT(ticket.id, SizeIs(32));
  TicketNote first{0, ticket.number, "fatma", at(2), "anahtarı unutmuş"};
  first = saved(site, first);

  ticket.subscriber = owner.id;
  ticket.state = TicketState::closed;
  ticket.resolution = "açıldı";
  ticket.closed = at(9);
  ticket.assignee = 1;
  ticket = saved(site, ticket);
  saved(site, TicketNote{0, ticket.number, "fatma", at(3), "ikinci"});

  const auto found = site.reader->ticket(ticket.number);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, ticket.id);
  EXPECT_EQ(found->caller_is, "kızı");
  EXPECT_EQ(found->call_number, "+905321234567");
  EXPECT_EQ(found->resolution, "açıldı");
  EXPECT_EQ(found->closed, at(9));
  EXPECT_EQ(found->state, TicketState::closed);
  const auto notes = site.reader->notes(ticket.number);
  ASSERT_THAT(notes, SizeIs(2));
  EXPECT_EQ(notes[0].text, "anahtarı unutmuş") << "sealed before the subscriber was known";
  EXPECT_EQ(notes[1].text, "ikinci");
  EXPECT_FALSE(site.reader->ticket(99));
}

TEST(StoreRepository, KeepsVerificationsCodesOpeningsAndRuns) {
  TemporarySite temporary;
  Site site = temporary.open();
  Verification granted{0, 7, 1, "sms_code", 2, at(1), at(900), false, "fatma"};
  granted = saved(site, granted);
  granted.voided = true;
  saved(site, granted);
  ASSERT_THAT(site.reader->verifications(7), SizeIs(1));
  EXPECT_TRUE(site.reader->verifications(7)[0].voided);

  saved(site, CodeChallenge{0, 7, 1, "h1", at(1), at(181), 3, false});
  saved(site, CodeChallenge{0, 7, 1, "h2", at(2), at(182), 3, false});
  EXPECT_EQ(site.reader->latest_code(7)->keyed_hash, "h2");
  EXPECT_FALSE(site.reader->latest_code(8));

  saved(site, Opening{0, 7, 1, 4, at(60)});
  EXPECT_EQ(site.reader->opening(7, 4)->until, at(60));
  EXPECT_FALSE(site.reader->opening(7, 5));

  ActionRunRow run{"", "password.unblock", 7, 4, at(3), {}, "", site.writer->device()};
  run = saved(site, run);
  EXPECT_THAT(run.id, SizeIs(32));
  EXPECT_THAT(site.reader->open_runs(), SizeIs(1));
  run.ended = at(4);
  run.outcome = "done";
  saved(site, run);
  EXPECT_THAT(site.reader->open_runs(), SizeIs(0));
  EXPECT_EQ(site.reader->action_run(run.id)->outcome, "done");
}

TEST(StoreRepository, KeepsTheNewestPolicyInForce) {
  TemporarySite temporary;
  Site site = temporary.open();
  EXPECT_FALSE(site.reader->policy_in_force());
  saved(site, PolicyVersion{0, "aa", "level = 1 # ı", at(1), "yonetici"});
  saved(site, PolicyVersion{0, "bb", "level = 2", at(2), "yonetici"});
  const auto found = site.reader->policy_in_force();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->number, 2);
  EXPECT_EQ(found->sha256, "bb");
  EXPECT_EQ(found->text, "level = 2");
  EXPECT_EQ(found->applied, at(2));
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreRepository, KeepsARequestSealedAndListsItWhileItWaits) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber subscriber = saved(site, ayse());
  Approval request{.action = "phone.update", .ticket = 7, .subscriber = subscriber.id, .run = "r", .verification = 3,
                   .requested_by = 4, .person = "p", .role = Role::field, .requested = at(1), .expires = at(2),
                   .change = "{\"mobile\":\"+905551112233\"}", .sentence = "said", .reason = "why"};
  request = saved(site, request);
  EXPECT_EQ(request.number, 1);
  ASSERT_THAT(site.reader->waiting_approvals(), SizeIs(1));
  request.state = "approved";
  request.decided = at(3);
  request.decided_by = "selin";
  request.execution = "e";
  saved(site, request);
  EXPECT_THAT(site.reader->waiting_approvals(), SizeIs(0));
  const auto found = site.reader->approval(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->change, request.change);
  EXPECT_EQ(found->sentence, "said");
  EXPECT_EQ(found->reason, "why");
  EXPECT_EQ(found->role, Role::field);
  EXPECT_EQ(found->verification, 3);
  EXPECT_EQ(found->expires, at(2));
  EXPECT_EQ(found->decided, at(3));
  EXPECT_EQ(found->decided_by, "selin");
  EXPECT_EQ(found->execution, "e");
  EXPECT_FALSE(site.reader->approval(2));
}

TEST(StoreRepository, CountsRunsThatChangedSomethingOrWait) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber subscriber = saved(site, ayse());
  Ticket ticket;
  ticket.subscriber = subscriber.id;
  ticket = saved(site, ticket);
  const Ticket other = saved(site, Ticket{});
  const auto run = [&](const char* action, TicketNumber on, OperatorId by, int second, const char* outcome) {
    saved(site, ActionRunRow{"", action, on, by, at(second), at(second), outcome, site.writer->device()});
  };
  run("a", ticket.number, 4, 1, "done");
  run("a", ticket.number, 5, 2, "waiting");
  run("a", ticket.number, 4, 3, "refused");
  run("a", other.number, 4, 4, "done");
  run("b", ticket.number, 4, 5, "done");
  run("c", ticket.number, 4, 6, "acted");
  EXPECT_EQ(site.reader->run_count({.action = "c", .since = at(0)}), 1);
  EXPECT_EQ(site.reader->run_count({.action = "a", .ticket = other.number, .since = at(0)}), 1);
  EXPECT_EQ(site.reader->run_count({.action = "a", .since = at(0)}), 3);
  EXPECT_EQ(site.reader->run_count({.action = "a", .since = at(1)}), 2);
  EXPECT_EQ(site.reader->run_count({.action = "a", .operator_id = 4, .since = at(0)}), 2);
  EXPECT_EQ(site.reader->run_count({.action = "a", .subscriber = subscriber.id, .since = at(0)}), 2);
}

TEST(StoreRepository, KeepsHowLongASubscriberCoolsOff) {
  TemporarySite temporary;
  Site site = temporary.open();
  EXPECT_FALSE(site.reader->cooling_off(9));
  saved(site, CoolingOff{9, at(1), at(2), "phone.update", "r"});
  saved(site, CoolingOff{9, at(3), at(4), "phone.update", "s"});
  EXPECT_EQ(site.reader->cooling_off(9)->until, at(4));
  EXPECT_EQ(site.reader->cooling_off(9)->run, "s");
}

TEST(StoreRepository, ShowsTheQueues) {
  using Queue = TicketFilter::Queue;
  TemporarySite temporary;
  Site site = temporary.open();
  for (int i = 1; i <= 12; ++i) {
    Ticket ticket;
    ticket.cause = i % 2 ? "card_locked" : "password_blocked";
    if (i % 3 == 0) ticket.assignee = 4;
    if (i % 4 == 0) ticket.state = TicketState::closed;
    saved(site, ticket);
  }
  const auto numbers = [&](TicketFilter filter) {
    std::vector<TicketNumber> found;
    for (const auto& ticket : site.reader->tickets(filter)) found.push_back(ticket.number);
    return found;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(numbers({.queue = Queue::mine, .me = 4}), ElementsAre(9, 6, 3));
  EXPECT_THAT(numbers({.queue = Queue::waiting}), ElementsAre(11, 10, 7, 5, 2, 1));
  EXPECT_THAT(numbers({.queue = Queue::closed}), ElementsAre(12, 8, 4));
  EXPECT_THAT(numbers({.queue = Queue::open}), SizeIs(9));
  EXPECT_THAT(numbers({.queue = Queue::all, .limit = 5}), ElementsAre(12, 11, 10, 9, 8));
  EXPECT_THAT(numbers({.queue = Queue::all, .before = 3}), ElementsAre(2, 1));
  EXPECT_THAT(numbers({.queue = Queue::open, .cause = "card_locked", .before = 8}), ElementsAre(7, 5, 3, 1));
  const auto counts = site.reader->ticket_counts(4);
  EXPECT_EQ(counts.mine, 3);
  EXPECT_EQ(counts.waiting, 6);
  EXPECT_EQ(counts.open, 9);
}

TEST(StoreRepository, AUnitSeesItsOwnWritesAndAFailureUndoesThem) {
  TemporarySite temporary;
  Site site = temporary.open();
  const auto result = site.writer->commit([&](Transaction& unit) -> Result<> {
    Subscriber value = ayse();
    unit.save(value);
    EXPECT_TRUE(unit.subscriber(value.id));
    EXPECT_THAT(unit.subscribers({SubscriberQuery::Kind::mobile, value.mobile}, 5), SizeIs(1));
    unit.record(note());
    return failure(Code::refused, tr("no"));
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::refused);
  EXPECT_EQ(site.reader->subscriber_count(), 0);
  saved(site, ayse());
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreRepository, RefusesAChangeWithoutARecord) {
  TemporarySite temporary;
  Site site = temporary.open();
  const auto result = site.writer->commit([&](Transaction& unit) -> Result<> {
    Subscriber value = ayse();
    unit.save(value);
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::internal);
  EXPECT_EQ(site.reader->subscriber_count(), 0);
}

TEST(StoreRepository, AUnitThatFailsInFinishLeavesTheLogAsItWas) {
  TemporarySite temporary;
  Site site = temporary.open();
  const auto entries = [&] { return site.audit_log->count({}); };
  const auto before = entries();
  const auto result = site.writer->commit([&](Transaction& unit) -> Result<> {
    Ticket ticket;
    unit.save(ticket);
    unit.record(note("test.good"));
    unit.record(note("test.bad\x01"));  // the log refuses control characters: its second entry fails, the first was written
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::internal);
  EXPECT_EQ(entries(), before);
  EXPECT_FALSE(site.reader->ticket(1));
  saved(site, Ticket{});
  EXPECT_EQ(entries(), before + 1);
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreRepository, NumbersGoOnAfterOneThatTheCallerChose) {
  TemporarySite temporary;
  Site site = temporary.open();
  std::vector<TicketNumber> numbers;
  value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
    for (const TicketNumber chosen : {0, 40, 0, 0}) {
      Ticket ticket;
      ticket.number = chosen;
      unit.save(ticket);
      numbers.push_back(ticket.number);
    }
    unit.record(note());
    return {};
  }));
  EXPECT_THAT(numbers, ::testing::ElementsAre(1, 40, 41, 42));
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreRepository, TwoOfOneNameAreAConflict) {
  TemporarySite temporary;
  Site site = temporary.open();
  Operator same{.name = "yonetici"};
  const auto result = site.writer->commit([&](Transaction& unit) -> Result<> {
    unit.save(same);
    unit.record(note());
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::conflict);
}

TEST(StoreRepository, LeavesNoPersonalDataInTheFile) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber owner = saved(site, ayse());
  Ticket ticket;
  ticket.subscriber = owner.id;
  ticket.call_number = "+905339990011";
  ticket.caller_is = "komşusu Hikmet";
  ticket.resolution = "çözüldü gitti";
  ticket = saved(site, ticket);
  saved(site, TicketNote{0, ticket.number, "fatma", at(1), "çok sinirliydi"});
  value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
    Record record = note();
    record.ticket = ticket.id;
    record.subject = owner.pseudonym;
    record.fields = {{Tag::reason, "sinirlenmişti"}, {Tag::query, "Çağlayan"}, {Tag::ticket_number, "471147"}};
    unit.record(record);
    return {};
  }));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(temporary.folder())) {
    if (!entry.is_regular_file()) continue;
    const std::string content = content_of(entry.path());
    for (const char* planted : {"10000000146", "Ayşe", "ayşe", "Çağlayan", "çağlayan", "caglayan", "5321234567", "ornek.example",
                                "Zübeyde", "Eskişehir", "1979-04-23", "5339990011", "Hikmet", "gitti", "sinirli",
                                "sinirlenmişti", "471147"})
      EXPECT_THAT(content, Not(HasSubstr(planted))) << entry.path();
  }
}

TEST(StoreRepository, OpensSealedFieldsOfRecordsForTheirReaders) {
  TemporarySite temporary;
  Site site = temporary.open();
  const Subscriber owner = saved(site, ayse());
  Ticket ticket;
  ticket.subscriber = owner.id;
  ticket = saved(site, ticket);
  const auto receipt = value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
    Record record = note("ticket.noted");
    record.ticket = ticket.id;
    record.subject = owner.pseudonym;
    record.fields = {{Tag::reason, "sinirlenmişti"}, {Tag::channel, "call"}};
    unit.record(record);
    unit.record(note("test.second"));
    return {};
  }));
  const auto rows = site.audit_log->list({.type = "ticket.", .ticket = ticket.number});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].seq, receipt.seq);
  EXPECT_EQ(rows[0].device, site.writer->device());
  EXPECT_EQ(rows[0].ticket, ticket.number);
  EXPECT_EQ(rows[0].subscriber, owner.id);
  EXPECT_EQ(rows[0].actor, "fatma");
  using ::testing::Pair;
  EXPECT_THAT(rows[0].fields, ::testing::ElementsAre(Pair("channel", "call"), Pair("reason", "sinirlenmişti")));
  EXPECT_THAT(site.audit_log->list({.type = "test.second"}), SizeIs(1));
  EXPECT_THAT(site.audit_log->list({.subscriber = owner.id}), SizeIs(1));
  EXPECT_THAT(site.audit_log->list({.actor = "kimse"}), SizeIs(0));
  EXPECT_THAT(site.audit_log->list({.ticket = 99}), SizeIs(0));
  EXPECT_EQ(site.audit_log->count({.actor = "fatma"}), 4);
  EXPECT_THAT(site.audit_log->list({.offset = 1, .limit = 2}), SizeIs(2));
  EXPECT_EQ(site.audit_log->list({.limit = 1})[0].type, "test.second");
  EXPECT_EQ(site.audit_log->list({.limit = 1, .newest_first = false})[0].type, "log.opened");
}

/// A clock that goes back an hour for every second question.
class SteppingClock : public Clock {
 public:
  Time now() const override {
    back_ = !back_;
    return at(back_ ? 0 : 3600);
  }

 private:
  mutable bool back_ = false;
};

TEST(StoreAuditLog, ListsInTheOrderOfCommitsWhateverTheClockSays) {
  TemporarySite temporary;
  const SteppingClock clock;
  Site site = value_or_throw(open_site(temporary.url(), temporary.config(), clock));
  for (int i = 0; i < 6; ++i)
    value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
      unit.record(note("test.number" + std::to_string(i)));
      return {};
    }));
  const auto types = [&](const AuditFilter& filter) {
    std::string all;
    for (const AuditRow& row : site.audit_log->list(filter)) all += row.type.back();
    return all;
  };
  EXPECT_EQ(types({.type = "test.", .newest_first = false}), "012345");
  EXPECT_EQ(types({.type = "test."}), "543210");
  EXPECT_EQ(types({.actor = "fatma"}), "543210");
  EXPECT_EQ(types({.type = "test.", .device = site.writer->device()}), "543210");
  EXPECT_EQ(types({.device = "another"}), "");
  EXPECT_EQ(types({.type = "test.", .offset = 1, .limit = 2}), "43");
  EXPECT_EQ(types({.from = at(3600), .to = at(3601)}).size(), 3u) << "the time only filters";
  EXPECT_EQ(types({.to = at(3600), .actor = "fatma"}), types({.from = at(0), .to = at(1)}));
}

TEST(StoreVault, KeyedHashesDependOnContextValueAndSite) {
  TemporarySite first, second;
  Site one = first.open(), two = second.open();
  const auto hash = [](Site& site, const char* context, const char* value) {
    return site.vault->keyed_hash(context, Secret(value));
  };
  EXPECT_EQ(hash(one, "code/1", "123456"), hash(one, "code/1", "123456"));
  EXPECT_NE(hash(one, "code/1", "123456"), hash(one, "code/2", "123456"));
  EXPECT_NE(hash(one, "code/1", "123456"), hash(one, "code/1", "123457"));
  EXPECT_NE(hash(one, "code/1|", "23"), hash(one, "code/1", "|23"));
  EXPECT_NE(hash(one, "code/1", "123456"), hash(two, "code/1", "123456"));
  Site again = first.open();
  EXPECT_EQ(hash(one, "code/1", "123456"), hash(again, "code/1", "123456"));
}

}  // namespace
}  // namespace anahtar::store::testing
