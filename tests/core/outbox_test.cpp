// SPDX-License-Identifier: GPL-3.0-or-later
// Messages from the commit that queued them to their end: once, or again where that does no harm.
#include <gmock/gmock.h>

#include "core/outbox.h"
#include "core/stranded_messages.h"
#include "support/memory_store.h"

namespace anahtar::core {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char code[] = "verification_code", notice[] = "number_changed";

struct OutboxTest : ::testing::Test {
  ~OutboxTest() override { outbox.reset(); }

  void open() {
    outbox.reset();
    outbox = std::make_unique<Outbox>(store, store, clock, Outbox::Ways{&sms, &mail}, lock,
                                      [this](Transaction&, const OutboxMessage& m) { never_left.push_back(m.id); });
  }
  std::string queue(const char* kind, MessageChannel channel = MessageChannel::sms, std::optional<Time> deadline = {}) {
    std::string id;
    value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
      id = queue_message(tx, {.type = record_type::message_queued, .actor = "ada", .role = {}, .ticket = {}, .subject = {}},
                         ticket,
                         {.kind = kind,
                          .channel = channel,
                          .to = channel == MessageChannel::sms ? "+905000000001" : "holder@example.org",
                          .subject = channel == MessageChannel::sms ? "" : "Subject",
                          .body = Secret("the body 123456"),
                          .deadline = deadline},
                         clock.now())
               .id;
      return {};
    }));
    return id;
  }
  OutboxMessage row(const std::string& id) { return *store.message(id); }
  /// As a process leaves it that dies while it sends.
  void leave_in_sending(const std::string& id) {
    value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
      auto message = *tx.message(id);
      message.state = MessageState::sending;
      ++message.tries;
      tx.record(record_about(tx, message, record_type::effect_intended));
      tx.save(message);
      return {};
    }));
  }
  /// Lets the sender go until the message is where it should be.
  ::testing::AssertionResult becomes(const std::string& id, MessageState state) {
    outbox->wake();
    for (int i = 0; i < 500; ++i) {
      if (row(id).state == state) return ::testing::AssertionSuccess();
      std::this_thread::sleep_for(5ms);
      if (i % 20 == 19) outbox->wake();
    }
    return ::testing::AssertionFailure() << "it is " << to_string(row(id).state) << " (" << row(id).reason << ")";
  }
  bool tried(const std::string& id, int times) {
    outbox->wake();
    for (int i = 0; i < 500 && (row(id).tries < times || row(id).state == MessageState::sending); ++i)
      std::this_thread::sleep_for(5ms);
    return row(id).tries == times;
  }
  std::vector<std::string> effects() {
    std::vector<std::string> types;
    for (const auto& stored : store.records())
      if (stored.record.type.starts_with("effect.") || stored.record.type.starts_with("message."))
        types.push_back(stored.record.type);
    return types;
  }
  bool wiped(const std::string& id) {
    const auto content = store.message_content(id);
    return content && content->body.empty() && content->subject.empty();
  }

  testing::FakeClock clock;
  testing::MemoryStore store{clock};
  testing::Demo demo = testing::fill_demo(store, clock);
  const Ticket ticket = *store.ticket(demo.taken);
  testing::FakeGateway sms;
  testing::FakeMail mail;
  testing::OnlySender lock;
  std::vector<std::string> never_left;
  std::unique_ptr<Outbox> outbox = nullptr;
};

TEST_F(OutboxTest, SendsWhatWasQueuedAndForgetsWhatItSaid) {
  open();
  const auto id = queue(code);
  EXPECT_FALSE(wiped(id));
  ASSERT_TRUE(becomes(id, MessageState::sent));
  ASSERT_THAT(sms.messages(), SizeIs(1));
  EXPECT_EQ(sms.messages()[0].id, id);
  EXPECT_EQ(sms.messages()[0].body, "the body 123456");
  EXPECT_THAT(effects(), ElementsAre("message.queued", "effect.intended", "effect.happened"));
  EXPECT_TRUE(wiped(id));
}

TEST_F(OutboxTest, SendsMailByItsOwnWay) {
  open();
  const auto id = queue(notice, MessageChannel::mail);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  ASSERT_THAT(mail.messages(), SizeIs(1));
  EXPECT_EQ(mail.messages()[0].body, "Subject\nthe body 123456");
  EXPECT_THAT(sms.messages(), IsEmpty());
  EXPECT_TRUE(wiped(id));
}

TEST_F(OutboxTest, SaysNoSecretInItsRecords) {
  open();
  ASSERT_TRUE(becomes(queue(code), MessageState::sent));
  for (const auto& stored : store.records())
    for (const auto& [tag, value] : stored.record.fields) EXPECT_EQ(value.find("123456"), std::string::npos) << value;
}

TEST_F(OutboxTest, TriesAgainLaterAndLaterWhatCertainlyDidNotLeave) {
  sms.fail_with({Code::unavailable, tr("down")});
  open();
  const auto id = queue(notice);
  ASSERT_TRUE(tried(id, 1));
  EXPECT_EQ(row(id).next_try, clock.now() + 2s);
  clock.advance(2s);
  ASSERT_TRUE(tried(id, 2));
  EXPECT_EQ(row(id).next_try, clock.now() + 4s);
  clock.advance(4s);
  ASSERT_TRUE(tried(id, 3));
  EXPECT_EQ(row(id).next_try, clock.now() + 8s);
  EXPECT_FALSE(wiped(id));
  sms.let_succeed();
  clock.advance(8s);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(sms.messages(), SizeIs(1));
}

TEST_F(OutboxTest, DoesNotSendACodeAfterItsCountdown) {
  sms.fail_with({Code::unavailable, tr("down")});
  open();
  const auto id = queue(code, MessageChannel::sms, clock.now() + 3s);
  ASSERT_TRUE(tried(id, 1));
  sms.let_succeed();
  clock.advance(3s);
  ASSERT_TRUE(becomes(id, MessageState::failed));
  EXPECT_EQ(row(id).reason, message_reason::expired);
  EXPECT_THAT(sms.messages(), IsEmpty());
  EXPECT_THAT(never_left, ElementsAre(id));
  EXPECT_TRUE(wiped(id));
}

TEST_F(OutboxTest, GivesUpWhatTheGatewayRefuses) {
  sms.fail_with({Code::refused, tr("no")});
  open();
  const auto id = queue(notice);
  ASSERT_TRUE(becomes(id, MessageState::failed));
  EXPECT_EQ(row(id).reason, message_reason::refused);
  EXPECT_THAT(never_left, ElementsAre(id));
  EXPECT_THAT(effects(), ElementsAre("message.queued", "effect.intended", "effect.failed"));
}

TEST_F(OutboxTest, NeverSendsACodeAgainOfWhichNobodyKnows) {
  sms.fail_with({Code::internal, tr("no answer")});
  open();
  const auto id = queue(code);
  ASSERT_TRUE(becomes(id, MessageState::unknown));
  sms.let_succeed();
  clock.advance(1min);
  ASSERT_TRUE(becomes(queue(notice), MessageState::sent));  // the sender has been around since
  EXPECT_THAT(sms.messages(), SizeIs(1));
  EXPECT_EQ(row(id).state, MessageState::unknown);
  EXPECT_TRUE(wiped(id));
  EXPECT_THAT(never_left, IsEmpty());
}

TEST_F(OutboxTest, SendsANoticeAgainOfWhichNobodyKnows) {
  sms.fail_with({Code::internal, tr("no answer")});
  open();
  const auto id = queue(notice);
  ASSERT_TRUE(tried(id, 1));
  EXPECT_EQ(row(id).state, MessageState::queued);
  sms.let_succeed();
  clock.advance(2s);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  ASSERT_THAT(sms.messages(), SizeIs(1));
  EXPECT_EQ(sms.messages()[0].id, id);
}

TEST_F(OutboxTest, SaysOfEachKindWhichIsWorse) {
  EXPECT_EQ(message_kind_named(code).worse, Worse::second_copy);
  EXPECT_EQ(message_kind_named("number_confirmation").worse, Worse::second_copy);
  EXPECT_EQ(message_kind_named(notice).worse, Worse::none);
  EXPECT_THROW(message_kind_named("no_such_kind"), FailureError);
}

TEST_F(OutboxTest, TakesACodeForLostThatACrashLeftBehind) {
  const auto id = queue(code);
  leave_in_sending(id);
  open();
  ASSERT_TRUE(becomes(id, MessageState::unknown));
  EXPECT_EQ(row(id).reason, message_reason::interrupted);
  EXPECT_THAT(sms.messages(), IsEmpty());
  EXPECT_TRUE(wiped(id));
}

TEST_F(OutboxTest, SendsANoticeAgainThatACrashLeftBehind) {
  const auto id = queue(notice, MessageChannel::mail);
  leave_in_sending(id);
  open();
  ASSERT_TRUE(becomes(id, MessageState::queued));
  clock.advance(2s);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(mail.messages(), SizeIs(1));
}

TEST_F(OutboxTest, LeavesAloneWhatAnotherDeviceSends) {
  open();
  const auto id = queue(notice);
  value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
    auto message = *tx.message(id);
    message.device = "00000000000040008000000000000bad";
    tx.record(record_about(tx, message, "test.changed"));
    tx.save(message);
    return {};
  }));
  ASSERT_TRUE(becomes(queue(notice), MessageState::sent));
  EXPECT_EQ(row(id).state, MessageState::queued);
}

TEST_F(OutboxTest, WaitsForTheLockOfAnotherProcess) {
  lock.free = false;
  open();
  const auto id = queue(notice);
  outbox->wake();
  EXPECT_EQ(outbox->wait_for_try(id, 100ms)->state, MessageState::queued);
  EXPECT_THAT(sms.messages(), IsEmpty());
  EXPECT_THAT(outbox->wait_until_sent(clock.now() - 1s, 10ms), SizeIs(1));
  lock.free = true;
  EXPECT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(outbox->wait_until_sent(clock.now() - 1s, 10ms), IsEmpty());
}

TEST_F(OutboxTest, DoesNotSendWhatCannotBeRecordedAsIntended) {
  open();
  const auto id = queue(code);
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  outbox->wake();
  EXPECT_EQ(outbox->wait_for_try(id, 200ms)->state, MessageState::queued);
  EXPECT_THAT(sms.messages(), IsEmpty());
  store.let_commits_succeed();
  EXPECT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(sms.messages(), SizeIs(1));
}

TEST_F(OutboxTest, NotesLaterWhatCouldNotBeNotedAtOnceAndDoesNotSendItAgain) {
  open();
  const auto id = queue(code);
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);
  outbox->wake();
  outbox->wait_for_try(id, 200ms);
  EXPECT_EQ(row(id).state, MessageState::sending);
  EXPECT_THAT(sms.messages(), SizeIs(1));
  store.let_commits_succeed();
  EXPECT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(sms.messages(), SizeIs(1));
}

TEST_F(OutboxTest, NotesWhatTheNetworkReports) {
  open();
  const auto id = queue(code);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  ASSERT_TRUE(note_report(store, clock, id, DeliveryState::sent));
  EXPECT_EQ(row(id).state, MessageState::sent);
  ASSERT_TRUE(note_report(store, clock, id, DeliveryState::delivered));
  ASSERT_TRUE(note_report(store, clock, id, DeliveryState::delivered));
  ASSERT_TRUE(note_report(store, clock, id, DeliveryState::failed));
  EXPECT_EQ(row(id).state, MessageState::delivered);
  EXPECT_THAT(store.records_of(record_type::message_reported), SizeIs(1));
  EXPECT_FALSE(note_report(store, clock, "stranger", DeliveryState::delivered));
}

TEST_F(OutboxTest, LearnsFromAReportThatAMessageLeftAfterAll) {
  sms.fail_with({Code::internal, tr("no answer")});
  open();
  const auto lost_code = queue(code), lost_notice = queue(notice);
  ASSERT_TRUE(becomes(lost_code, MessageState::unknown));
  ASSERT_TRUE(tried(lost_notice, 1));
  ASSERT_TRUE(note_report(store, clock, lost_code, DeliveryState::sent));
  ASSERT_TRUE(note_report(store, clock, lost_notice, DeliveryState::delivered));
  EXPECT_EQ(row(lost_code).state, MessageState::sent);
  EXPECT_EQ(row(lost_notice).state, MessageState::delivered);
  EXPECT_TRUE(wiped(lost_notice));
}

TEST_F(OutboxTest, TellsThatAMessageDidNotArrive) {
  open();
  const auto id = queue(notice);
  ASSERT_TRUE(becomes(id, MessageState::sent));
  ASSERT_TRUE(note_report(store, clock, id, DeliveryState::failed));
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_EQ(outbox->status(id)->sentence.id, "did not arrive");
  EXPECT_THAT(never_left, IsEmpty());
}

TEST_F(OutboxTest, TakesBackOnlyWhatHasNotLeft) {
  const auto waiting = queue(code), other = queue(notice);
  value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
    EXPECT_EQ(withdraw_messages(tx, {.type = record_type::message_withdrawn, .actor = {}, .role = {}, .ticket = {}, .subject = {}},
                                ticket, code, clock.now()),
              1);
    return {};
  }));
  EXPECT_EQ(row(waiting).state, MessageState::failed);
  EXPECT_EQ(row(waiting).reason, message_reason::withdrawn);
  EXPECT_EQ(row(other).state, MessageState::queued);
  open();
  ASSERT_TRUE(becomes(other, MessageState::sent));
  EXPECT_THAT(sms.messages(), SizeIs(1));
}

TEST_F(OutboxTest, KeepsAMessageWithoutAGatewayUntilItIsOfNoUse) {
  outbox = std::make_unique<Outbox>(store, store, clock, Outbox::Ways{&sms, nullptr}, lock);
  EXPECT_FALSE(outbox->can_send(MessageChannel::mail));
  const auto id = queue(notice, MessageChannel::mail);
  ASSERT_TRUE(becomes(queue(notice), MessageState::sent));
  EXPECT_EQ(row(id).state, MessageState::queued);
  clock.advance(72h);
  ASSERT_TRUE(becomes(id, MessageState::failed));
}

// ---- What a device left behind that does not come back ----------------------------------------------------------------

struct StrandedTest : OutboxTest {
  StrandedTest() { open(); }

  /// Queued on another computer, which has not touched it since.
  std::string left_behind(const char* kind, MessageState state = MessageState::queued) {
    const auto id = queue(kind);
    value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
      auto message = *tx.message(id);
      message.device = "another";
      message.state = state;
      message.deadline = clock.now() + 72h;
      tx.record(record_about(tx, message, "test.moved"));
      tx.save(message);
      return {};
    }));
    return id;
  }
  Session session_of(const Operator& who) const {
    return {"s", who.id, who.name, who.display_name, who.person, who.role, false};
  }
  Session administrator() const { return session_of(demo.administrator); }
  Session supervisor() const { return session_of(demo.supervisor); }

  StrandedMessages stranded{store, store, clock};
};

TEST_F(StrandedTest, AreNotSentByAnotherDeviceOfItsOwnAccord) {
  const auto theirs = left_behind(notice);
  const auto ours = queue(notice);
  ASSERT_TRUE(becomes(ours, MessageState::sent));
  EXPECT_EQ(row(theirs).tries, 0);
}

TEST_F(StrandedTest, AreShownOnceNobodyHasTouchedThemForAnHour) {
  const auto id = left_behind(notice);
  clock.advance(59min);
  EXPECT_THAT(*stranded.list(supervisor()), IsEmpty());
  clock.advance(1min);
  ASSERT_THAT(*stranded.list(supervisor()), SizeIs(1));
  EXPECT_EQ(stranded.list(administrator())->at(0).id, id);
  EXPECT_EQ(stranded.list(session_of(demo.operator_)).error().code, Code::not_permitted);
}

TEST_F(StrandedTest, AreTakenOverByAnAdministratorWithAReasonAndThenLeave) {
  const auto id = left_behind(notice);
  EXPECT_EQ(stranded.take_over(administrator(), id, "its computer broke").error().code, Code::conflict) << "too early";
  clock.advance(1h);
  EXPECT_EQ(stranded.take_over(supervisor(), id, "its computer broke").error().code, Code::not_permitted);
  EXPECT_EQ(stranded.take_over(administrator(), id, " ").error().code, Code::invalid);
  ASSERT_TRUE(stranded.take_over(administrator(), id, "its computer broke"));
  const auto record = store.records_of(record_type::message_taken_over).at(0);
  EXPECT_EQ(record.actor, demo.administrator.name);
  EXPECT_EQ(record.fields.at(Tag::reason), "its computer broke");
  EXPECT_TRUE(becomes(id, MessageState::sent));
  EXPECT_THAT(*stranded.list(administrator()), IsEmpty());
}

TEST_F(StrandedTest, AreNotSentAgainWhenASecondCopyIsWorseThanNone) {
  const auto id = left_behind(code, MessageState::sending);
  clock.advance(1h);
  EXPECT_EQ(stranded.take_over(administrator(), id, "its computer broke").error().code, Code::refused);
  ASSERT_TRUE(stranded.settle(administrator(), id, "its computer broke"));
  EXPECT_EQ(row(id).state, MessageState::unknown);
  EXPECT_TRUE(wiped(id));
  EXPECT_EQ(store.records_of(record_type::message_settled).size(), 1u);
}

TEST_F(StrandedTest, AreSettledAsNotSentWhenTheyCertainlyWereNot) {
  const auto id = left_behind(notice);
  clock.advance(1h);
  ASSERT_TRUE(stranded.settle(administrator(), id, "of no use any more"));
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_EQ(stranded.settle(administrator(), id, "again").error().code, Code::conflict);
  EXPECT_THAT(sms.messages(), IsEmpty());
}

}  // namespace
}  // namespace anahtar::core
