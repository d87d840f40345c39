// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/queries.h"

#include "store/blind_index.h"
#include "store/mapping.h"

namespace anahtar::store {

template <class Entity>
std::vector<Entity> Queries::select(const std::string& rest, const std::vector<Value>& parameters) {
  const RowSpec& spec = spec_of<Entity>();
  std::vector<Entity> found;
  for (const Cells& cells : session_.query(spec.select + rest, parameters, spec.width()))
    found.push_back(read_row<Entity>(cells, sealer_));
  return found;
}

template <class Entity>
std::optional<Entity> Queries::select_one(const std::string& rest, const std::vector<Value>& parameters) {
  auto found = select<Entity>(rest, parameters);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<core::Operator> Queries::operator_by_id(core::OperatorId id) {
  return select_one<core::Operator>(" where id = :id", {value_of(id)});
}

std::optional<core::Operator> Queries::operator_named(std::string_view name) {
  return select_one<core::Operator>(" where name = :name", {value_of(name)});
}

std::vector<core::Operator> Queries::operators() { return select<core::Operator>(" order by id", {}); }

std::optional<core::Subscriber> Queries::subscriber(core::SubscriberId id) {
  return select_one<core::Subscriber>(" where id = :id", {value_of(id)});
}

namespace {

/// Subscribers that have all of `count` tokens, each with its sealing key, by one walk along the blind index.
std::string make_subscribers_by_tokens(std::size_t count) {
  std::string sql = "select " + spec_of<core::Subscriber>().select_list("s") +
                    ", k.wrapped from subscriber_index i join subscriber s on s.id = i.subscriber"
                    " left join sealing_key k on k.owner = s.pseudonym where i.kind = :kind and i.token = :token";
  for (std::size_t n = 1; n < count; ++n)
    sql += " and exists (select 1 from subscriber_index w where w.kind = i.kind and w.token = :token" +
           std::to_string(n) + " and w.subscriber = i.subscriber)";
  return sql + " order by i.subscriber limit :count";
}

constexpr std::size_t words_at_most = 8;

const std::string& subscribers_by_tokens(std::size_t count) {
  static const std::vector<std::string> made = [] {
    std::vector<std::string> all;
    for (std::size_t n = 1; n <= words_at_most; ++n) all.push_back(make_subscribers_by_tokens(n));
    return all;
  }();
  return made.at(count - 1);
}

}  // namespace

std::vector<core::Subscriber> Queries::subscribers(const core::SubscriberQuery& query, int limit) {
  if (query.kind == core::SubscriberQuery::Kind::id) {
    if (query.value.empty() || query.value.size() > 18 ||
        query.value.find_first_not_of("0123456789") != std::string::npos)
      return {};
    auto found = subscriber(to_integer(query.value));
    return found ? std::vector{std::move(*found)} : std::vector<core::Subscriber>();
  }
  auto values = index_values(query);
  if (values.empty() || limit <= 0) return {};
  values.resize(std::min(values.size(), words_at_most));
  const std::string kind = index_kind(query.kind);
  std::vector<Value> parameters = {kind};
  for (const auto& value : values) parameters.push_back(index_token(keys_.blind_index, kind, value));
  parameters.push_back(value_of(std::int64_t{limit}));

  const std::size_t width = spec_of<core::Subscriber>().width();
  std::vector<core::Subscriber> found;
  for (const Cells& cells : session_.query(subscribers_by_tokens(values.size()), parameters, width + 1)) {
    sealer_.know(cells[1].value_or(""), cells[width]);
    auto subscriber = read_row<core::Subscriber>(cells, sealer_);
    if (matches(query, subscriber)) found.push_back(std::move(subscriber));
  }
  return found;
}

std::int64_t Queries::subscriber_count() { return to_integer(*session_.scalar("select count(*) from subscriber")); }

std::optional<core::PortalAccount> Queries::portal_account(core::SubscriberId subscriber) {
  return select_one<core::PortalAccount>(" where subscriber = :subscriber", {value_of(subscriber)});
}

std::vector<core::Card> Queries::cards(core::SubscriberId subscriber) {
  return select<core::Card>(" where subscriber = :subscriber order by id", {value_of(subscriber)});
}

std::vector<core::Certificate> Queries::certificates(core::SubscriberId subscriber) {
  return select<core::Certificate>(" where subscriber = :subscriber order by id", {value_of(subscriber)});
}

std::optional<core::Ticket> Queries::ticket(core::TicketNumber number) {
  return select_one<core::Ticket>(" where number = :number", {value_of(number)});
}

std::vector<core::Ticket> Queries::tickets(const core::TicketFilter& filter) {
  using Queue = core::TicketFilter::Queue;
  std::string where;
  std::vector<Value> parameters;
  const auto add = [&](const std::string& condition, std::optional<Value> parameter = {}) {
    where += (where.empty() ? " where " : " and ") + condition;
    if (parameter) parameters.push_back(*parameter);
  };
  if (filter.queue == Queue::closed) add("t.state = 'closed'");
  if (filter.queue != Queue::closed && filter.queue != Queue::all) add("t.state <> 'closed'");
  if (filter.queue == Queue::mine) add("t.assignee = :assignee", value_of(filter.me));
  if (filter.queue == Queue::waiting) add("t.assignee is null");
  if (filter.subscriber) add("t.subscriber = :subscriber", value_of(*filter.subscriber));
  if (!filter.cause.empty()) add("t.cause = :cause", value_of(filter.cause));
  if (filter.before) add("t.number < :before", value_of(*filter.before));
  parameters.push_back(value_of(std::int64_t{std::max(filter.limit, 0)}));

  const RowSpec& spec = spec_of<core::Ticket>();
  const std::string sql = "select " + spec.select_list("t") +
                          ", t.owner, k.wrapped from ticket t left join sealing_key k on k.owner = t.owner" + where +
                          " order by t.number desc limit :count";
  std::vector<core::Ticket> found;
  for (const Cells& cells : session_.query(sql, parameters, spec.width() + 2)) {
    sealer_.know(cells[spec.width()].value_or(""), cells[spec.width() + 1]);
    found.push_back(read_row<core::Ticket>(cells, sealer_));
  }
  return found;
}

core::TicketCounts Queries::ticket_counts(core::OperatorId me) {
  const auto count = [&](const char* sql, std::initializer_list<Value> parameters = {}) {
    return to_integer(*session_.scalar(sql, parameters));
  };
  return {.mine = count("select count(*) from ticket where state <> 'closed' and assignee = :me", {value_of(me)}),
          .waiting = count("select count(*) from ticket where state <> 'closed' and assignee is null"),
          .open = count("select count(*) from ticket where state <> 'closed'")};
}

std::vector<core::TicketNote> Queries::notes(core::TicketNumber ticket) {
  return select<core::TicketNote>(" where ticket = :ticket order by id", {value_of(ticket)});
}

std::vector<core::Verification> Queries::verifications(core::TicketNumber ticket) {
  return select<core::Verification>(" where ticket = :ticket order by id", {value_of(ticket)});
}

core::MethodState Queries::method_state(core::SubscriberId subscriber, std::string_view method) {
  auto state = select_one<core::MethodState>(" where id = :id", {method_state_id(subscriber, method)});
  return state ? *state : core::MethodState{.subscriber = subscriber, .method = std::string(method)};
}

std::optional<core::CodeChallenge> Queries::latest_code(core::TicketNumber ticket) {
  return select_one<core::CodeChallenge>(" where ticket = :ticket order by id desc limit 1", {value_of(ticket)});
}

std::optional<core::Opening> Queries::opening(core::TicketNumber ticket, core::OperatorId operator_id) {
  return select_one<core::Opening>(" where ticket = :ticket and operator_id = :operator order by id desc limit 1",
                                   {value_of(ticket), value_of(operator_id)});
}

std::optional<core::ActionRunRow> Queries::action_run(std::string_view id) {
  return select_one<core::ActionRunRow>(" where id = :id", {value_of(id)});
}

std::vector<core::ActionRunRow> Queries::open_runs() {
  return select<core::ActionRunRow>(" where ended is null order by started, id", {});
}

std::int64_t Queries::run_count(const core::RunFilter& filter) {
  std::string sql =
      "select count(*) from action_run r where r.action = :action and r.started > :since"
      " and r.outcome in ('done', 'waiting', 'acted')";
  std::vector<Value> parameters = {value_of(filter.action), value_of(filter.since.time_since_epoch().count())};
  if (filter.ticket) {
    sql += " and r.ticket = :ticket";
    parameters.push_back(value_of(*filter.ticket));
  }
  if (filter.operator_id) {
    sql += " and r.operator_id = :operator";
    parameters.push_back(value_of(*filter.operator_id));
  }
  if (filter.subscriber) {
    sql += " and r.ticket in (select t.number from ticket t where t.subscriber = :subscriber)";
    parameters.push_back(value_of(*filter.subscriber));
  }
  return to_integer(session_.query(sql, parameters, 1).at(0).at(0));
}

std::optional<core::PolicyVersion> Queries::policy_in_force() {
  return select_one<core::PolicyVersion>(" order by number desc limit 1", {});
}

std::optional<core::Approval> Queries::approval(std::int64_t number) {
  return select_one<core::Approval>(" where number = :number", {value_of(number)});
}

std::vector<core::Approval> Queries::waiting_approvals() {
  return select<core::Approval>(" where state = 'waiting' order by number", {});
}

std::vector<core::Approval> Queries::approvals(const core::ApprovalFilter& filter) {
  std::string where = " where decided > :since";
  std::vector<Value> parameters = {value_of(filter.decided_since.time_since_epoch().count())};
  const auto add = [&](const char* condition, std::int64_t id) {
    where += condition;
    parameters.push_back(value_of(id));
  };
  if (filter.requested_by) add(" and requested_by = :requester", *filter.requested_by);
  if (filter.subscriber) add(" and subscriber = :subscriber", *filter.subscriber);
  parameters.push_back(value_of(std::int64_t{filter.limit}));
  return select<core::Approval>(where + " order by number desc limit :count", parameters);
}

std::vector<core::NumberChange> Queries::number_changes(core::SubscriberId subscriber) {
  return select<core::NumberChange>(" where subscriber = :subscriber order by id", {value_of(subscriber)});
}

std::optional<core::CoolingOff> Queries::cooling_off(core::SubscriberId subscriber) {
  return select_one<core::CoolingOff>(" where subscriber = :subscriber", {value_of(subscriber)});
}

std::optional<core::OutboxMessage> Queries::message(std::string_view id) {
  return select_one<core::OutboxMessage>(" where id = :id", {value_of(id)});
}

std::vector<core::OutboxMessage> Queries::messages(const core::MessageFilter& filter) {
  std::string where;
  std::vector<Value> parameters;
  const auto add = [&](const char* condition) { where += (where.empty() ? " where " : " and ") + std::string(condition); };
  if (filter.unsettled) add("state in ('queued', 'sending')");
  if (!filter.device.empty()) {
    add("device = :device");
    parameters.push_back(value_of(filter.device));
  }
  if (filter.ticket) {
    add("ticket = :ticket");
    parameters.push_back(value_of(*filter.ticket));
  }
  parameters.push_back(value_of(std::int64_t{std::max(filter.limit, 0)}));
  return select<core::OutboxMessage>(where + " order by created, id limit :count", parameters);
}

std::optional<core::MessageContent> Queries::message_content(std::string_view id) {
  return select_one<core::MessageContent>(" where message = :message", {value_of(id)});
}

std::vector<core::CardSecret> Queries::card_secrets(core::SubscriberId subscriber) {
  return select<core::CardSecret>(" where subscriber = :subscriber order by id", {value_of(subscriber)});
}

std::optional<core::CardSiteKey> Queries::card_site_key(std::int64_t key_version) {
  return select_one<core::CardSiteKey>(" where id = :id", {value_of(key_version)});
}

std::vector<core::CardSiteKey> Queries::card_site_keys() { return select<core::CardSiteKey>(" order by id", {}); }

std::vector<core::SubscriberId> Queries::holders_of_derived_keys(std::optional<std::int64_t> key_version) {
  const std::string all = "select distinct subscriber from card_secret where kind = 'derived_key'";
  if (!key_version) return numbers(all + " order by subscriber", {});
  return numbers(all + " and key_version = :key_version order by subscriber", {value_of(*key_version)});
}

std::optional<core::CallPin> Queries::call_pin(core::SubscriberId subscriber) {
  return select_one<core::CallPin>(" where subscriber = :subscriber", {value_of(subscriber)});
}

std::optional<core::CallBack> Queries::call_back(std::string_view id) {
  return select_one<core::CallBack>(" where id = :id", {value_of(id)});
}

std::optional<core::CallBack> Queries::latest_call_back(core::TicketNumber ticket) {
  return select_one<core::CallBack>(" where ticket = :ticket order by dialled desc, id limit 1", {value_of(ticket)});
}

std::optional<core::Recording> Queries::recording(std::int64_t id) {
  return select_one<core::Recording>(" where id = :id", {value_of(id)});
}

std::vector<core::Recording> Queries::recordings(core::TicketNumber ticket) {
  return select<core::Recording>(" where ticket = :ticket order by id", {value_of(ticket)});
}

std::optional<core::Recording> Queries::recording_with(std::string_view sha256) {
  return select_one<core::Recording>(" where sha256 = :sha256 order by id limit 1", {std::string(sha256)});
}

std::vector<std::int64_t> Queries::numbers(const std::string& sql, std::initializer_list<Value> parameters) {
  std::vector<std::int64_t> found;
  for (const Cells& cells : session_.query(sql, parameters, 1)) found.push_back(to_integer(cells.at(0)));
  return found;
}

std::vector<core::TicketNumber> Queries::tickets_without_recording(std::string_view method, core::Time from,
                                                                   core::Time to) {
  return numbers(
      "select distinct v.ticket from verification v where v.method = :method and v.granted >= :from and v.granted < :to"
      " and not exists (select 1 from recording r where r.ticket = v.ticket) order by v.ticket",
      {value_of(method), value_of(from.time_since_epoch().count()), value_of(to.time_since_epoch().count())});
}

std::vector<core::TicketNumber> Queries::tickets_missing_recording() {
  return numbers(
      "select distinct m.ticket from recording m where m.kind = 'missing'"
      " and not exists (select 1 from recording r where r.ticket = m.ticket and r.kind <> 'missing') order by m.ticket",
      {});
}

std::vector<core::ActionRunRow> Queries::runs_done_since(core::Time since) {
  const Value from = value_of(since.time_since_epoch().count());
  return select<core::ActionRunRow>(
      " where (ended > :since and outcome = 'done')"
      " or id in (select a.run from approval a where a.state = 'approved' and a.decided > :decided) order by ended, id",
      {from, from});
}

std::optional<std::string> Queries::pseudonym_of(core::SubscriberId id) {
  return session_.scalar("select pseudonym from subscriber where id = :id", {value_of(id)}).value_or(std::nullopt);
}

std::optional<core::SubscriberId> Queries::subscriber_with(std::string_view pseudonym) {
  const auto id = session_.scalar("select id from subscriber where pseudonym = :pseudonym", {value_of(pseudonym)});
  return id ? std::optional(to_integer(*id)) : std::nullopt;
}

std::optional<std::string> Queries::ticket_id_of(core::TicketNumber number) {
  return session_.scalar("select id from ticket where number = :number", {value_of(number)}).value_or(std::nullopt);
}

std::optional<core::TicketNumber> Queries::ticket_with(std::string_view id) {
  const auto number = session_.scalar("select number from ticket where id = :id", {value_of(id)});
  return number ? std::optional(to_integer(*number)) : std::nullopt;
}

}  // namespace anahtar::store
