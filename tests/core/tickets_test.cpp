// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tickets.h"

#include "core/desk_fixture.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;

struct TicketsTest : DeskTest {
  Ticket ticket(TicketNumber number) { return *store.ticket(number); }
  std::vector<std::string> timeline(TicketNumber number) {
    std::vector<std::string> types;
    const auto view = tickets.view(selin, number, false);
    for (const auto& event : view->timeline) types.push_back(event.type);
    return types;
  }
};

TEST_F(TicketsTest, OpensForTheOneWhoOpens) {
  const auto number = tickets.open(ada, {.subscriber = demo.active, .cause = "card_locked", .note = " Card in hand "});
  ASSERT_TRUE(number);
  EXPECT_EQ(ticket(*number).assignee, ada.operator_id);
  EXPECT_EQ(store.notes(*number).at(0).text, "Card in hand");
  const auto records = store.records_of(record_type::ticket_opened);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].ticket, ticket(*number).id);
  EXPECT_EQ(records[0].subject, store.subscriber(demo.active)->pseudonym);
  EXPECT_EQ(records[0].fields.at(Tag::cause), "card_locked");
}

TEST_F(TicketsTest, RefusesAnUnknownCauseOrSubscriber) {
  EXPECT_EQ(code_of(tickets.open(ada, {.subscriber = {}, .cause = "boredom", .note = {}})), Code::invalid);
  EXPECT_EQ(code_of(tickets.open(ada, {.subscriber = 9999, .note = {}})), Code::not_found);
}

TEST_F(TicketsTest, LeavesTicketsToTheDesk) {
  EXPECT_EQ(code_of(tickets.open(yusuf, {.subscriber = demo.active, .note = {}})), Code::not_permitted);
  EXPECT_EQ(code_of(tickets.take(yusuf, demo.open)), Code::not_permitted);
  EXPECT_EQ(code_of(tickets.view(yusuf, demo.open, true)), Code::not_permitted);
  EXPECT_EQ(last_refusal(), "role");
  EXPECT_TRUE(tickets.take(fatma, demo.open));
}

TEST_F(TicketsTest, TakesAWaitingTicketAndLeavesAnothersToASupervisor) {
  EXPECT_TRUE(tickets.take(ada, demo.open));
  EXPECT_EQ(code_of(tickets.take(bora, demo.open)), Code::refused);
  EXPECT_EQ(last_refusal(), "assignee");
  EXPECT_EQ(ticket(demo.open).assignee, ada.operator_id);
  EXPECT_TRUE(tickets.take(selin, demo.open));
  EXPECT_EQ(ticket(demo.open).assignee, selin.operator_id);
}

TEST_F(TicketsTest, LetsTheAssigneeAndASupervisorNote) {
  EXPECT_TRUE(tickets.note(ada, demo.taken, "Calls back at five"));
  EXPECT_TRUE(tickets.note(selin, demo.taken, "Seen"));
  EXPECT_EQ(code_of(tickets.note(bora, demo.taken, "Mine?")), Code::refused);
  EXPECT_EQ(code_of(tickets.note(ada, demo.open, "Not taken yet")), Code::refused);
  EXPECT_EQ(code_of(tickets.note(ada, demo.taken, " \n ")), Code::invalid);
  EXPECT_EQ(code_of(tickets.note(ada, demo.taken, std::string(4001, 'x'))), Code::invalid);
  EXPECT_EQ(store.notes(demo.taken).size(), 2u);
}

TEST_F(TicketsTest, ClosesWithAResolutionOnly) {
  EXPECT_EQ(code_of(tickets.close(ada, demo.taken, "")), Code::invalid);
  EXPECT_EQ(code_of(tickets.close(bora, demo.taken, "Done")), Code::refused);
  ASSERT_TRUE(tickets.close(ada, demo.taken, "Password active again"));
  EXPECT_EQ(ticket(demo.taken).state, TicketState::closed);
  EXPECT_EQ(ticket(demo.taken).resolution, "Password active again");
  EXPECT_EQ(ticket(demo.taken).closed, clock.now());
}

TEST_F(TicketsTest, AClosedTicketRefusesEverythingButReopening) {
  const auto refused = [&](const Result<>& result) {
    EXPECT_EQ(code_of(result), Code::refused);
    EXPECT_EQ(last_refusal(), "closed");
  };
  refused(tickets.take(selin, demo.closed));
  refused(tickets.note(selin, demo.closed, "Late"));
  refused(tickets.hand_over(selin, demo.closed, "bora", ""));
  refused(tickets.set_waiting(selin, demo.closed, "Papers"));
  refused(tickets.set_priority(selin, demo.closed, Priority::urgent));
  refused(tickets.close(selin, demo.closed, "Again"));
  refused(tickets.correct_subscriber(selin, demo.closed, demo.blocked, "Wrong one"));
  refused(tickets.caller_is_not_holder(selin, demo.closed, "A cousin"));
  EXPECT_EQ(code_of(tickets.reopen(bora, demo.closed, "")), Code::invalid);
  ASSERT_TRUE(tickets.reopen(bora, demo.closed, "Blocked again"));
  EXPECT_EQ(ticket(demo.closed).state, TicketState::open);
  EXPECT_EQ(ticket(demo.closed).assignee, bora.operator_id);
  EXPECT_FALSE(ticket(demo.closed).closed);
  EXPECT_EQ(code_of(tickets.reopen(bora, demo.closed, "Again")), Code::refused);
}

TEST_F(TicketsTest, ClosingVoidsVerificationAndOpenings) {
  verify_caller(demo.taken, ada);
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  ASSERT_TRUE(tickets.close(ada, demo.taken, "Solved"));
  ASSERT_TRUE(tickets.reopen(ada, demo.taken, "Not solved"));
  EXPECT_EQ(level(demo.taken), 0);
  EXPECT_FALSE(directory.view(ada, demo.taken, false)->opened_until);
}

TEST_F(TicketsTest, HandsOverToSomebodyWhoCanWorkOnIt) {
  EXPECT_EQ(code_of(tickets.hand_over(ada, demo.taken, "yusuf", "")), Code::not_found);
  EXPECT_EQ(code_of(tickets.hand_over(ada, demo.taken, "nobody", "")), Code::not_found);
  ASSERT_TRUE(tickets.hand_over(ada, demo.taken, "bora", "Knows the case"));
  EXPECT_EQ(ticket(demo.taken).assignee, bora.operator_id);
  EXPECT_EQ(code_of(tickets.note(ada, demo.taken, "Still mine?")), Code::refused);
  ASSERT_TRUE(tickets.hand_over(bora, demo.taken, "", ""));
  EXPECT_FALSE(ticket(demo.taken).assignee);
  EXPECT_TRUE(tickets.take(ada, demo.taken));
}

TEST_F(TicketsTest, WaitsAndGoesOn) {
  ASSERT_TRUE(tickets.set_waiting(ada, demo.taken, "Papers"));
  EXPECT_EQ(ticket(demo.taken).state, TicketState::waiting);
  ASSERT_TRUE(tickets.take(ada, demo.taken));
  EXPECT_EQ(ticket(demo.taken).state, TicketState::open);
  ASSERT_TRUE(tickets.set_priority(ada, demo.taken, Priority::urgent));
  EXPECT_EQ(ticket(demo.taken).priority, Priority::urgent);
}

TEST_F(TicketsTest, CorrectingTheSubscriberVoidsVerificationAndOpenings) {
  verify_caller(demo.taken, ada);
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  EXPECT_EQ(level(demo.taken), 2);
  EXPECT_EQ(code_of(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "")), Code::invalid);
  EXPECT_EQ(code_of(tickets.correct_subscriber(ada, demo.taken, 9999, "Wrong one")), Code::not_found);
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "Wrong one"));
  EXPECT_EQ(level(demo.taken), 0);
  EXPECT_FALSE(directory.view(ada, demo.taken, false)->opened_until);

  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.active, "Right one after all"));
  EXPECT_EQ(level(demo.taken), 0);  // what was void stays void
  EXPECT_FALSE(directory.view(ada, demo.taken, false)->opened_until);
  EXPECT_EQ(store.records_of(record_type::ticket_corrected).size(), 4u);  // in the history of both, twice
}

TEST_F(TicketsTest, SomebodyElseCallingVoidsTheVerification) {
  verify_caller(demo.taken, ada);
  ASSERT_TRUE(tickets.caller_is_not_holder(ada, demo.taken, "Her brother"));
  EXPECT_EQ(level(demo.taken), 0);
  EXPECT_TRUE(tickets.view(ada, demo.taken, false)->verification.impossible);
}

TEST_F(TicketsTest, SomebodyElseIsToldOfOnTheNextTicketForADay) {
  const auto subscriber = *ticket(demo.taken).subscriber;
  ASSERT_TRUE(tickets.caller_is_not_holder(ada, demo.taken, "Her brother"));
  const auto next = tickets.open(ada, {.subscriber = subscriber});
  ASSERT_TRUE(next);
  EXPECT_EQ(tickets.view(ada, *next, false)->not_holder_on, demo.taken);
  EXPECT_FALSE(tickets.view(ada, demo.taken, false)->not_holder_on) << "its own header says so";
  clock.advance(std::chrono::hours(24));
  EXPECT_FALSE(tickets.view(ada, *next, false)->not_holder_on);
}

TEST_F(TicketsTest, SomebodyElseStaysSomebodyElseUntilANewCallComes) {
  ASSERT_TRUE(tickets.caller_is_not_holder(ada, demo.taken, "Her brother"));
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "Wrong one"));
  EXPECT_EQ(ticket(demo.taken).caller_is, "Her brother");
  ASSERT_TRUE(tickets.open_for_call(ada, {"0500 000 00 01", true}, demo.blocked, demo.taken, "other"));
  EXPECT_EQ(ticket(demo.taken).caller_is, "");
}

TEST_F(TicketsTest, MatchesAKnownCaller) {
  const auto match = tickets.match_call(ada, {"0500 000 00 01", true});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->call.number, "+905000000001");
  ASSERT_EQ(match->callers.size(), 1u);
  EXPECT_EQ(match->callers[0].id, demo.blocked);
  EXPECT_EQ(match->callers[0].open_ticket, demo.open);
  EXPECT_EQ(store.records_of(record_type::call_received).size(), 1u);
}

TEST_F(TicketsTest, OffersEverybodyWhomASharedNumberFits) {
  const auto match = tickets.match_call(ada, {"+90 500 000 00 04", true});
  ASSERT_TRUE(match);
  ASSERT_EQ(match->callers.size(), 2u);
  EXPECT_EQ(match->callers[0].id, demo.shared_a);
  EXPECT_EQ(match->callers[1].id, demo.shared_b);
}

TEST_F(TicketsTest, OffersNobodyForAnUnknownOrWithheldNumber) {
  for (const char* number : {"0500 000 00 99", "", "anonymous"}) {
    const auto match = tickets.match_call(ada, {number, true});
    ASSERT_TRUE(match);
    EXPECT_TRUE(match->callers.empty());
  }
  EXPECT_FALSE(tickets.match_call(ada, {"", true})->call.proven);
}

TEST_F(TicketsTest, KnowsACallFromTheRegisteredMobile) {
  const auto is_mobile = [&](const char* number, bool proven) {
    const auto opened = tickets.open_for_call(ada, {number, proven}, demo.active, {}, "other");
    return tickets.view(ada, *opened, false)->call_is_registered_mobile;
  };
  EXPECT_TRUE(is_mobile("0500 000 00 02", true));
  EXPECT_FALSE(is_mobile("0500 000 00 02", false));
  EXPECT_FALSE(is_mobile("0500 000 00 01", true));
  EXPECT_FALSE(is_mobile("", true));
}

TEST_F(TicketsTest, CloseThePersonalDataWhenTheCallerIsNotTheHolder) {
  const auto number = *tickets.open_for_call(ada, {"0500 000 00 02", true}, demo.active, {}, "other");
  ASSERT_TRUE(directory.open_data(ada, number, "The caller asks"));
  ASSERT_TRUE(tickets.view(ada, number, false)->subscriber->opened_until);
  ASSERT_TRUE(tickets.caller_is_not_holder(ada, number, "A neighbour"));
  EXPECT_FALSE(tickets.view(ada, number, false)->subscriber->opened_until);
  EXPECT_TRUE(tickets.view(ada, number, false)->call_is_registered_mobile) << "whoever speaks, the number is what it is";
}

TEST_F(TicketsTest, NeverTakesTwoMissingNumbersForTheSame) {
  const auto opened = tickets.open_for_call(ada, {"", true}, demo.no_phone, {}, "other");
  EXPECT_FALSE(tickets.view(ada, *opened, false)->call_is_registered_mobile);
}

TEST_F(TicketsTest, PutsACallOntoTheOpenTicketAndVerifiesAnew) {
  verify_caller(demo.taken, ada);
  const auto number = tickets.open_for_call(ada, {"0500 000 00 02", true}, demo.active, demo.taken, "other");
  ASSERT_TRUE(number);
  EXPECT_EQ(*number, demo.taken);
  EXPECT_EQ(ticket(demo.taken).call_number, "+905000000002");
  EXPECT_EQ(level(demo.taken), 0);
  EXPECT_EQ(code_of(tickets.open_for_call(ada, {"0500 000 00 02", true}, demo.blocked, demo.taken, "other")), Code::refused);
  EXPECT_EQ(code_of(tickets.open_for_call(bora, {"0500 000 00 02", true}, demo.active, demo.taken, "other")), Code::refused);
}

TEST_F(TicketsTest, ListsTheQueueMasked) {
  const auto lines = tickets.list(bora, {});
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ(lines->front().number, demo.taken);  // newest first
  EXPECT_EQ(lines->front().subscriber, "Ç••• D•••");
  EXPECT_EQ(lines->front().assignee, "Ada Operatör");
  EXPECT_FALSE(lines->front().mine);
  EXPECT_EQ(lines->back().assignee, "");
  EXPECT_EQ(tickets.counts(ada)->mine, 1);
  EXPECT_EQ(tickets.counts(ada)->waiting, 1);
}

TEST_F(TicketsTest, MineIsOnesOwnWhateverTheFilterSays) {
  TicketFilter filter;
  filter.queue = TicketFilter::Queue::mine;
  filter.me = ada.operator_id;
  EXPECT_TRUE(tickets.list(bora, filter)->empty());
  EXPECT_EQ(tickets.list(ada, filter)->size(), 1u);
}

TEST_F(TicketsTest, StaysWithTheSubscriberForWhomSomethingWasDoneOnIt) {
  const auto ran = [&](const char* action, const char* outcome = "done") {
    ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
      ActionRunRow run{.id = {}, .action = action, .ticket = demo.taken, .operator_id = ada.operator_id,
                       .started = clock.now(), .ended = clock.now(), .outcome = outcome, .device = {}};
      tx.record(record_of(ada, record_type::action_ended));
      tx.save(run);
      return {};
    }));
  };
  ran("verification.sms_code");
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "Wrong one"));
  ran("password.unblock", "waiting");
  ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
    Approval request{.action = "password.unblock", .ticket = demo.taken, .subscriber = demo.blocked, .requested_by = ada.operator_id};
    tx.record(record_of(ada, record_type::approval_requested));
    tx.save(request);
    return {};
  }));
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.active, "Only asked for"));
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "Wrong after all"));
  ran("password.unblock");
  EXPECT_EQ(code_of(tickets.correct_subscriber(ada, demo.taken, demo.active, "To lose count")), Code::refused);
  EXPECT_EQ(store.ticket(demo.taken)->subscriber, demo.blocked);
}

TEST_F(TicketsTest, TellsTheStoryOfTheTicket) {
  ASSERT_TRUE(tickets.note(ada, demo.taken, "Calls back at five"));
  ASSERT_TRUE(tickets.correct_subscriber(ada, demo.taken, demo.blocked, "Wrong one"));
  ASSERT_TRUE(tickets.close(ada, demo.taken, "Solved"));
  EXPECT_EQ(timeline(demo.taken),
            (std::vector<std::string>{"ticket.noted", "ticket.subscriber_corrected", "ticket.closed"}));
  const auto view = tickets.view(ada, demo.taken, true);
  EXPECT_EQ(view->timeline[0].text, "Calls back at five");
  EXPECT_EQ(view->timeline[0].who, "Ada Operatör");
  EXPECT_EQ(view->timeline[1].text, "Wrong one");
  EXPECT_EQ(view->timeline[2].what, tr("Ticket closed"));
}

TEST_F(TicketsTest, ChangesNothingWhenItCannotBeRecorded) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  EXPECT_EQ(code_of(tickets.take(ada, demo.open)), Code::unavailable);
  EXPECT_FALSE(ticket(demo.open).assignee);
}

TEST_F(TicketsTest, SaysWhenThereIsNoSuchTicket) {
  EXPECT_EQ(code_of(tickets.take(ada, 4711)), Code::not_found);
  EXPECT_EQ(code_of(tickets.view(ada, 4711, true)), Code::not_found);
}

TEST_F(TicketsTest, DoesNotWriteATelephoneNumberOutsideOfSealedFields) {
  ASSERT_TRUE(tickets.match_call(ada, {"0500 000 00 01", true}));
  ASSERT_TRUE(tickets.open_for_call(ada, {"0500 000 00 01", true}, demo.blocked, {}, "other"));
  for (const auto& stored : store.records())
    for (const auto& [tag, value] : stored.record.fields)
      EXPECT_TRUE(is_sealed(tag) || value.find("5000000001") == std::string::npos) << to_string(tag);
}

struct AuditTrailTest : DeskTest {
  void act() {
    ASSERT_TRUE(tickets.note(ada, demo.taken, "One"));
    ASSERT_TRUE(tickets.take(bora, demo.open));
  }
};

TEST_F(AuditTrailTest, ShowsOperatorsTheirOwnRowsAndTheirNumberOnly) {
  act();
  const auto page = trail.list(ada, {});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->total, 1);
  for (const auto& row : page->rows) EXPECT_EQ(row.actor, "ada");
}

TEST_F(AuditTrailTest, LeaksNothingThroughFilters) {
  act();
  AuditFilter by_actor, by_ticket, by_subscriber;
  by_actor.actor = "bora";
  by_ticket.ticket = demo.open;
  by_subscriber.subscriber = demo.blocked;
  for (const AuditFilter& filter : {by_actor, by_ticket, by_subscriber}) {
    const auto page = trail.list(ada, filter);
    ASSERT_TRUE(page);
    for (const auto& row : page->rows) EXPECT_EQ(row.type, record_type::audit_viewed);  // one's own looks
    EXPECT_EQ(page->total, std::ssize(page->rows));
    EXPECT_FALSE(trail.list(selin, filter)->rows.empty());
  }
}

TEST_F(AuditTrailTest, IsNoWayRoundTheMasksOfContactDataNorToTheIdOfACallBack) {
  ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
    Record queued = record_of(ada, record_type::message_queued);
    queued.fields.insert({{Tag::number, "+905321234545"}, {Tag::address, "ayse@ornek.example"}, {Tag::call_back, "addc8667"}});
    tx.record(std::move(queued));
    return {};
  }));
  const auto values = [&](const Session& who) {
    std::string all;
    const auto page = trail.list(who, {});
    for (const auto& row : page->rows)
      for (const auto& [name, value] : row.fields) all += name + "=" + value + ";";
    return all;
  };
  EXPECT_EQ(values(ada).find("+905321234545"), std::string::npos);
  EXPECT_NE(values(ada).find("45;"), std::string::npos) << "masked, not gone";
  EXPECT_EQ(values(ada).find("ayse@"), std::string::npos);
  EXPECT_NE(values(selin).find("+905321234545"), std::string::npos);
  EXPECT_EQ(values(ada).find("addc8667"), std::string::npos) << "with it the telephone system vouches for a caller";
  EXPECT_NE(values(selin).find("addc8667"), std::string::npos);
}

TEST_F(AuditTrailTest, RecordsThatItWasLookedAt) {
  ASSERT_TRUE(trail.list(selin, {}));
  EXPECT_EQ(store.records_of(record_type::audit_viewed).size(), 1u);
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  EXPECT_FALSE(trail.list(selin, {}));
}

TEST_F(AuditTrailTest, VerifiesForSupervisorsAndRecordsTheVerdict) {
  EXPECT_EQ(code_of(trail.verify(ada, {}, {})), Code::not_permitted);
  EXPECT_EQ(code_of(trail.verify(fatma, {}, {})), Code::not_permitted);
  const auto report = trail.verify(selin, {}, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->verdict, Verdict::intact);
  EXPECT_EQ(store.records_of(record_type::audit_verified).at(0).fields.at(Tag::outcome), "intact");
}

TEST_F(AuditTrailTest, TellsAFindingAlsoWhenItCannotBeRecorded) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  const auto report = trail.verify(selin, {}, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->notes.size(), 1u);
}

TEST(SentenceOf, KnowsEveryTypeOfRecord) {
  namespace type = record_type;
  for (const char* name :
       {type::site_created, type::signed_in, type::sign_in_refused, type::signed_out, type::session_locked,
        type::session_unlocked, type::operator_added, type::operator_changed, type::operator_disabled,
        type::operator_unlocked, type::password_changed, type::password_reset, type::subscriber_searched,
        type::subscriber_viewed, type::data_opened, type::import_started, type::import_rows, type::import_ended,
        type::ticket_opened, type::ticket_taken, type::ticket_noted, type::ticket_handed_over, type::ticket_waiting,
        type::ticket_priority, type::ticket_closed, type::ticket_reopened, type::ticket_corrected, type::ticket_caller,
        type::ticket_called, type::call_received, type::verified, type::verification_failed, type::method_locked,
        type::lock_lifted, type::action_started, type::action_changed, type::action_ended, type::action_refused,
        type::action_resolved, type::effect_intended, type::effect_happened, type::effect_failed, type::effect_unknown,
        type::audit_viewed, type::audit_verified, type::plugin_loaded, type::plugin_refused,
        type::settings_loaded, type::site_is_demo})
    EXPECT_NE(sentence_of(name, {}, Titles()).id, "{1}") << name;
  EXPECT_EQ(sentence_of("something.new", {}, Titles()), sdk::verbatim("something.new"));
}

TEST(SentenceOf, FillsInWhatTheRecordHolds) {
  const Text sentence = sentence_of("verification.granted", {{"level", "2"}, {"method", "sms_code"}}, Titles());
  EXPECT_EQ(sdk::fill(sentence.id, sentence.args), "Caller verified at level 2 (sms_code)");
}

TEST(SentenceOf, UsesTitlesAndTranslatesThem) {
  const std::map<std::string, std::string> turkish = {{"SMS code", "SMS kodu"}, {"role", "rol"}};
  const auto translate = [&](const std::string& english) { return turkish.contains(english) ? turkish.at(english) : english; };
  const Titles titles(named_plugins());
  const Text verified = sentence_of("verification.granted", {{"level", "2"}, {"method", "sms_code"}}, titles);
  EXPECT_EQ(fill_in(verified, verified.id, translate), "Caller verified at level 2 (SMS kodu)");
  const Text refused = sentence_of("action.refused", {{"action", "password.unblock"}, {"refusal", "role"}}, titles);
  EXPECT_EQ(fill_in(refused, refused.id, translate), "Refused: Unblock password (rol)");
}

}  // namespace
}  // namespace anahtar::core
