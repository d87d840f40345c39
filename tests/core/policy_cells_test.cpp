// SPDX-License-Identifier: GPL-3.0-or-later
// Every cell of the default policy: role × action × level (by each method) × freshness × approval × cooling-off,
// through what the window calls and through the command line alike. What is expected stands here as a table and is not
// computed from the policy. A new action: its rows, and how it runs in services_that_ask_nothing().
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "app/ctl/context.h"
#include "core/number_changes.h"
#include "core/services.h"
#include "support/office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

constexpr char new_number[] = "+905321234567", earlier_number[] = "+905321234500";

// ---- The table ------------------------------------------------------------------------------------------------------

/// In the order of the letters of a row; the level that each gives.
struct Column {
  const char* method;
  int level;
};
constexpr std::array columns = {Column{"", 0},
                                Column{"registered_mobile", 1},
                                Column{"civil_registry", 1},
                                Column{"call_pin", 1},
                                Column{"sms_code", 2},
                                Column{"call_back", 2},
                                Column{"civil_registry_recorded", 2},
                                Column{"identity_card", 3},
                                Column{"card_signature", 3}};

/// What comes of running an action: R refused to the role, L for want of (fresh, right) verification, C for
/// cooling-off, P because what the action needs is not there; W waits for four eyes; D done;
/// I done, and nothing in the database is another.
struct Row {
  const char* action;
  Role role;
  const char *fresh, *fresh_cooling, *stale, *stale_cooling;
};
constexpr Row rows[] = {
    {"password.unblock", Role::operator_, "LDDDDDDDD", "LDDDDDDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"password.unblock", Role::supervisor, "LDDDDDDDD", "LDDDDDDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"password.unblock", Role::field, "LDDDDDDDD", "LDDDDDDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"password.unblock", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"security_word.reset", Role::operator_, "LDLLDDDDD", "LCLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"security_word.reset", Role::supervisor, "LDLLDDDDD", "LDLLDDDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"security_word.reset", Role::field, "LDLLDDDDD", "LCLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"security_word.reset", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"phone.update", Role::operator_, "LLLLLLWDD", "LLLLLLCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"phone.update", Role::supervisor, "LLLLLLWDD", "LLLLLLWDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"phone.update", Role::field, "LLLLLLWDD", "LLLLLLCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"phone.update", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    // The call comes from the earlier number here whenever a cooling-off runs, and that is not enough.
    {"phone.undo", Role::operator_, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},
    {"phone.undo", Role::supervisor, "LLPPLLPPP", "LLDDLLDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"phone.undo", Role::field, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},
    {"phone.undo", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"call_pin.set", Role::operator_, "LLLLDDDDD", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"call_pin.set", Role::supervisor, "LLLLDDDDD", "LLLLDDDDD", "LLLLLLLLL", "LLLLLLLLL"},
    {"call_pin.set", Role::field, "LLLLDDDDD", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"call_pin.set", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"card.unlock", Role::operator_, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock", Role::supervisor, "LLLLIIIII", "LLLLIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock", Role::field, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"card.unlock_phone", Role::operator_, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock_phone", Role::supervisor, "LLLLIIIII", "LLLLIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock_phone", Role::field, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.unlock_phone", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"card.tell_puk", Role::operator_, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.tell_puk", Role::supervisor, "LLLLIIIII", "LLLLIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.tell_puk", Role::field, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.tell_puk", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"card.replace_puk", Role::operator_, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.replace_puk", Role::supervisor, "LLLLIIIII", "LLLLIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.replace_puk", Role::field, "LLLLIIIII", "LLLLCCCCC", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.replace_puk", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},

    {"card.information", Role::operator_, "LIIIIIIII", "LIIIIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.information", Role::supervisor, "LIIIIIIII", "LIIIIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.information", Role::field, "LIIIIIIII", "LIIIIIIII", "LLLLLLLLL", "LLLLLLLLL"},
    {"card.information", Role::administrator, "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR", "RRRRRRRRR"},
};

/// What happens to a request after it was made.
enum class Decision { none, approved, approved_by_the_same_person, rejected, expired };
constexpr std::array decisions = {Decision::none, Decision::approved, Decision::approved_by_the_same_person,
                                  Decision::rejected, Decision::expired};

struct Cell {
  std::string action;
  Role role = Role::operator_;
  Column column{};
  bool fresh = true, cooling = false;
  Decision decision = Decision::none;
  char expected = '?';

  friend std::ostream& operator<<(std::ostream& out, const Cell& cell) {
    return out << cell.action << ", " << to_string(cell.role) << ", "
               << (cell.column.level == 0 ? "nobody verified" : cell.column.method)
               << (cell.fresh ? ", fresh" : ", stale") << (cell.cooling ? ", cooling off" : "") << ", decision "
               << static_cast<int>(cell.decision);
  }
};

std::vector<Cell> all_cells() {
  std::vector<Cell> cells;
  for (const Row& row : rows)
    for (const bool fresh : {true, false})
      for (const bool cooling : {false, true})
        for (std::size_t i = 0; i < columns.size(); ++i)
          for (const Decision decision : decisions) {
            const char* letters =
                fresh ? (cooling ? row.fresh_cooling : row.fresh) : (cooling ? row.stale_cooling : row.stale);
            cells.push_back({row.action, row.role, columns[i], fresh, cooling, decision, letters[i]});
          }
  return cells;
}

const char* rule_of(char letter) {
  switch (letter) {
    case 'R':
      return "role";
    case 'L':
      return "level";
    case 'C':
      return "cooling_off";
    case 'P':
      return "port";
    default:
      return "";
  }
}

// ---- The desk -------------------------------------------------------------------------------------------------------

FakeGateway* the_gateway = nullptr;  // plugins are plain functions

sdk::Outcome update_phone(sdk::Desk& desk) {
  desk.new_number().send(new_number);
  const std::string body = the_gateway->messages().back().body;
  desk.new_number().check(Secret(body.substr(body.find_first_of("0123456789"), 6)));
  return sdk::propose(sdk::Change::update_phone(new_number)).then_say(sdk::tr("Done."));
}

sdk::Outcome undo_phone_update(sdk::Desk& desk) {
  if (!desk.previous_number().calling()) return sdk::refused(sdk::tr("Another number."));
  return sdk::propose(sdk::Change::undo_phone_update()).then_say(sdk::tr("Done."));
}

sdk::Outcome set_call_pin(sdk::Desk& desk) {
  if (!desk.call_pin().choose(Secret("3907")).empty()) return sdk::refused(sdk::tr("Not this one."));
  return sdk::propose(sdk::Change::set_call_pin()).then_say(sdk::tr("Done."));
}

/// A card is no part of the database.
sdk::Outcome changes_nothing(sdk::Desk&) { return sdk::done(sdk::tr("Done.")); }

PluginCatalogue services_that_ask_nothing() {
  using sdk::Port;
  sdk::Plugin plugin{sdk::tr("Services"), {}};
  plugin.actions = {
      {"password.unblock",
       sdk::tr("Unblock"),
       {Port::registry},
       "",
       [](sdk::Desk&) { return sdk::propose(sdk::Change::unblock_password("forgot")).then_say(sdk::tr("Done.")); }},
      {"security_word.reset",
       sdk::tr("Reset"),
       {Port::registry},
       "",
       [](sdk::Desk&) { return sdk::propose(sdk::Change::reset_security_word("sms")).then_say(sdk::tr("Done.")); }},
      {"phone.update", sdk::tr("Update"), {Port::new_number}, "", update_phone},
      {"phone.undo", sdk::tr("Undo"), {Port::previous_number}, "", undo_phone_update},
      {"call_pin.set", sdk::tr("Set"), {Port::call_pin}, "", set_call_pin},
      {"card.unlock", sdk::tr("Unlock"), {}, "", changes_nothing},
      {"card.unlock_phone", sdk::tr("Unlock"), {}, "", changes_nothing},
      {"card.tell_puk", sdk::tr("Tell"), {}, "", changes_nothing},
      {"card.replace_puk", sdk::tr("Replace"), {}, "", changes_nothing},
      {"card.information", sdk::tr("Inform"), {}, "", changes_nothing}};
  PluginCatalogue catalogue;
  catalogue.loaded.push_back({"services", "1.0.0", "services.so", std::move(plugin), nullptr});
  return catalogue;
}

/// A desk of its own for one cell.
struct CellDesk {
  explicit CellDesk(const Cell& cell) : session(session_of_role(cell.role)) {
    the_gateway = &office.gateway;
    ticket = office.open_ticket(office.demo.blocked, account_of(cell.role));
    if (cell.column.level > 0) office.verify(ticket, cell.column.method);
    if (!cell.fresh) office.clock.advance(16min);
    if (cell.cooling) cool_off();
    // The requester's own second account, and somebody else: both supervisors.
    Operator second = office.demo.supervisor, stranger = office.demo.supervisor;
    second.id = stranger.id = 0;
    second.name = "second";
    second.person = session.person;
    stranger.name = "stranger";
    stranger.person = "somebody else";
    office.change([&](Transaction& tx) { tx.save(second), tx.save(stranger); });
    same_person = office.session_of(second);
    other_supervisor = office.session_of(stranger);
  }

  /// The number was replaced a short while ago.
  void cool_off() {
    office.change([&](Transaction& tx) {
      note_number_change(tx, {"test.cooling_off", "", "", "", "", {}}, office.demo.blocked, earlier_number,
                         "phone.update", "run", 24h, office.clock.now());
    });
    office.change_ticket(ticket, [this](Ticket& t) { t.call_number = earlier_number, t.call_proven = office.clock.now(); });
  }
  const Operator& account_of(Role role) const {
    switch (role) {
      case Role::operator_:
        return office.demo.operator_;
      case Role::supervisor:
        return office.demo.supervisor;
      case Role::field:
        return office.demo.field;
      case Role::administrator:
        break;
    }
    return office.demo.administrator;
  }
  Session session_of_role(Role role) const { return office.session_of(account_of(role)); }
  /// What stands when nothing was changed.
  std::string state() {
    const auto account = *office.store.portal_account(office.demo.blocked);
    const auto pin = office.store.call_pin(office.demo.blocked);
    return account.security_word_hash + (pin ? pin->hash : "no PIN") + (account.blocked ? " blocked " : " active ") +
           office.store.subscriber(office.demo.blocked)->mobile;
  }

  Office office{services_that_ask_nothing()};
  MemoryStore& store = office.store;
  Approvals approvals{store, store, store, office.verification, Outside{office.outbox.get()}, office.plugins, office.clock, &store};
  // What else a front end gets.
  SignIn sign_in{store, store, store, office.clock};
  Operators operators{store, store, store, office.clock};
  Directory directory{store, store, office.clock};
  Tickets tickets{store, store, store, directory, office.verification, office.plugins, office.clock};
  AuditTrail audit{store, store, store, office.plugins};
  SubscriberImport import{store, store, office.clock, &office.verification};
  Services services{.sign_in = sign_in,
                    .operators = operators,
                    .directory = directory,
                    .tickets = tickets,
                    .verification = office.verification,
                    .actions = *office.actions,
                    .audit = audit,
                    .import = import,
                    .plugins = office.plugins,
                    .clock = office.clock,
                    .demo_phone = nullptr,
                    .database_label = {},
                    .approvals = &approvals,
                    .outbox = office.outbox.get()};
  Session session, same_person, other_supervisor;
  TicketNumber ticket = 0;
};

// ---- What the window calls -----------------------------------------------------------------------------------------

/// What a route says came of something: "done", "waiting", or the failure's code.
using Said = std::string;

std::string name_of(Code code) {
  return code == Code::refused         ? "refused"
         : code == Code::not_permitted ? "not_permitted"
                                       : "code " + std::to_string(int(code));
}

/// What the window calls.
struct WindowRoute {
  explicit WindowRoute(CellDesk& at) : desk(at) {}

  Said run(const std::string& action) {
    const auto run = desk.office.actions->start(desk.session, desk.ticket, action, desk.office.conversation());
    if (!run) return name_of(run.error().code);
    const auto result = (*run)->wait();
    if (!result) return name_of(result.error().code);
    return desk.office.store.waiting_approvals().empty() ? "done" : "waiting";
  }
  Said approve(const Session& session, std::int64_t number) {
    const auto result = desk.approvals.approve(session, number);
    return result ? "done" : name_of(result.error().code);
  }
  Said reject(const Session& session, std::int64_t number) {
    const auto result = desk.approvals.reject(session, number, "no");
    return result ? "done" : name_of(result.error().code);
  }

  CellDesk& desk;
};

/// What people type: the parser, the commands and the presenters of anahtarctl, at the same desk.
struct CommandLineRoute {
  explicit CommandLineRoute(CellDesk& at) : desk(at) {}

  Said run(const std::string& action) {
    const auto said = type(desk.session, {"actions", "run", action, "--ticket", std::to_string(desk.ticket)});
    return said != "done" || desk.store.waiting_approvals().empty() ? said : "waiting";
  }
  Said approve(const Session& session, std::int64_t number) {
    return type(session, {"approvals", "approve", std::to_string(number)});
  }
  Said reject(const Session& session, std::int64_t number) {
    return type(session, {"approvals", "reject", std::to_string(number), "--reason", "no"});
  }

  Said type(const Session& session, std::vector<std::string> line) const {
    line.insert(line.begin(), "anahtarctl");
    line.insert(line.end(), {"--json", "--language", "en"});
    std::vector<char*> arguments;
    for (std::string& word : line) arguments.push_back(word.data());
    std::ostringstream out, told;
    auto* const screen = std::cout.rdbuf(out.rdbuf());
    auto* const errors = std::cerr.rdbuf(told.rdbuf());
    app::ctl::Context context(desk.services, session);
    const int status = app::ctl::run_line(context, static_cast<int>(arguments.size()), arguments.data());
    std::cout.rdbuf(screen);
    std::cerr.rdbuf(errors);
    const auto answer = nlohmann::json::parse(out.str());
    EXPECT_EQ(status == 0, !answer.contains("error"));
    if (!answer.contains("error")) return "done";
    EXPECT_FALSE(answer["error"]["sentence"].get<std::string>().empty());
    return answer["error"]["code"].get<std::string>();
  }

  CellDesk& desk;
};

template <class Route>
void expect_run(CellDesk& desk, Route route, const Cell& cell) {
  const std::string before = desk.state();
  const auto offer = desk.office.offer(desk.session, desk.ticket, cell.action);
  const Said said = route.run(cell.action);
  const std::string rule = rule_of(cell.expected);
  EXPECT_EQ(offer.refusal, rule);
  EXPECT_EQ(offer.possible, rule.empty());
  EXPECT_EQ(offer.needs_approval, cell.expected == 'W');
  if (!rule.empty()) {
    EXPECT_EQ(said, cell.expected == 'R' ? "not_permitted" : "refused");
    ASSERT_EQ(desk.office.recorded_refusals(), std::vector<std::string>{rule});
    EXPECT_TRUE(desk.office.store.records_of(record_type::action_started).empty());
  } else {
    EXPECT_EQ(said, cell.expected == 'W' ? "waiting" : "done");
    EXPECT_EQ(desk.office.recorded_ends(), std::vector<std::string>{said});
  }
  EXPECT_EQ(desk.state() != before, cell.expected == 'D');
  EXPECT_EQ(desk.office.store.waiting_approvals().size(), cell.expected == 'W' ? 1u : 0u);
}

/// Where nothing waits, no decision finds anything to decide.
template <class Route>
void expect_decision(CellDesk& desk, Route route, const Cell& cell) {
  const std::string before = desk.state();
  const bool waits = cell.expected == 'W';
  std::string said = "done", state = "waiting";
  switch (cell.decision) {
    case Decision::none:
      break;
    case Decision::approved:
      said = route.approve(desk.other_supervisor, 1);
      state = "approved";
      break;
    case Decision::approved_by_the_same_person:
      EXPECT_EQ(route.approve(desk.same_person, 1) == "not_permitted", waits);
      if (waits) {
        EXPECT_EQ(desk.office.recorded_refusals().back(), "own");
      }
      break;
    case Decision::rejected:
      said = route.reject(desk.other_supervisor, 1);
      state = "rejected";
      break;
    case Decision::expired:
      desk.office.clock.advance(30min);
      EXPECT_NE(route.approve(desk.other_supervisor, 1), "done");
      state = "expired";
      break;
  }
  EXPECT_EQ(said == "done", waits || cell.decision == Decision::none || cell.decision == Decision::expired ||
                                cell.decision == Decision::approved_by_the_same_person);
  if (waits) {
    EXPECT_EQ(desk.office.store.approval(1)->state, state);
  }
  EXPECT_EQ(desk.state() != before, waits && cell.decision == Decision::approved);
}

template <class Route>
void walk() {
  for (const Cell& cell : all_cells()) {
    SCOPED_TRACE(::testing::PrintToString(cell));
    CellDesk desk(cell);
    ASSERT_NO_FATAL_FAILURE(expect_run(desk, Route(desk), cell));
    expect_decision(desk, Route(desk), cell);
    if (::testing::Test::HasFailure()) return;  // one cell says enough
  }
}

TEST(PolicyCells, HoldInTheWindow) { walk<WindowRoute>(); }

TEST(PolicyCells, HoldOnTheCommandLine) { walk<CommandLineRoute>(); }

TEST(PolicyCells, AreAllThereAre) {
  const Policy policy = default_policy();
  std::set<std::string> actions, methods, known_actions, known_methods;
  std::set<std::pair<std::string, Role>> pairs;
  for (const Row& row : rows) {
    actions.insert(row.action);
    pairs.insert({row.action, row.role});
    for (const char* letters : {row.fresh, row.fresh_cooling, row.stale, row.stale_cooling})
      EXPECT_EQ(std::string(letters).size(), columns.size()) << row.action;
  }
  std::set<int> levels;
  for (const Column& column : columns) {
    levels.insert(column.level);
    if (column.level == 0) continue;
    methods.insert(column.method);
    EXPECT_EQ(policy.methods.at(column.method).level, column.level) << column.method;
  }
  for (const auto& [id, action] : policy.actions) known_actions.insert(id);
  for (const auto& [id, method] : policy.methods) known_methods.insert(id);
  EXPECT_EQ(actions, known_actions);
  EXPECT_EQ(methods, known_methods);
  EXPECT_EQ(pairs.size(), std::size(rows));
  EXPECT_EQ(pairs.size(), known_actions.size() * 4);  // every role
  EXPECT_EQ(levels, (std::set<int>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace anahtar::testing
