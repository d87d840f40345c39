// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/memory_store.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/fold.h"

namespace anahtar::testing {
using namespace core;

namespace {

template <class Map, class Key>
auto value_at(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Map, class Predicate>
auto values_where(const Map& map, Predicate matches) {
  std::vector<typename Map::mapped_type> out;
  for (const auto& [key, value] : map)
    if (matches(value)) out.push_back(value);
  return out;
}

template <class Map, class Predicate>
auto newest_where(const Map& map, Predicate matches) -> std::optional<typename Map::mapped_type> {
  for (auto entry = map.rbegin(); entry != map.rend(); ++entry)
    if (matches(entry->second)) return entry->second;
  return std::nullopt;
}

bool has_words(const Subscriber& subscriber, const std::string& wanted) {
  const auto words = folded_words(subscriber.given_names + " " + subscriber.surname);
  const auto asked = folded_words(wanted);
  return !asked.empty() &&
         std::ranges::all_of(asked, [&](const std::string& word) { return std::ranges::count(words, word) > 0; });
}

bool matches(const Subscriber& subscriber, const SubscriberQuery& query) {
  switch (query.kind) {
    case SubscriberQuery::Kind::id: return std::to_string(subscriber.id) == query.value;
    case SubscriberQuery::Kind::national_id: return subscriber.national_id == query.value;
    case SubscriberQuery::Kind::mobile: return !subscriber.mobile.empty() && subscriber.mobile == query.value;
    case SubscriberQuery::Kind::email: return !subscriber.email.empty() && fold(subscriber.email) == fold(query.value);
    case SubscriberQuery::Kind::name: return has_words(subscriber, query.value);
  }
  return false;
}

bool matches(const Ticket& ticket, const TicketFilter& filter) {
  const bool closed = ticket.state == TicketState::closed;
  switch (filter.queue) {
    case TicketFilter::Queue::all: break;
    case TicketFilter::Queue::mine:
      if (closed || ticket.assignee != filter.me) return false;
      break;
    case TicketFilter::Queue::waiting:
      if (closed || ticket.assignee) return false;
      break;
    case TicketFilter::Queue::open:
      if (closed) return false;
      break;
    case TicketFilter::Queue::closed:
      if (!closed) return false;
      break;
  }
  return (!filter.subscriber || ticket.subscriber == filter.subscriber) &&
         (filter.cause.empty() || ticket.cause == filter.cause) && (!filter.before || ticket.number < *filter.before);
}

bool matches(const AuditRow& row, const AuditFilter& filter) {
  const bool prefix = filter.type.ends_with('.');
  return (!filter.from || row.time >= *filter.from) && (!filter.to || row.time < *filter.to) &&
         (filter.type.empty() || (prefix ? row.type.starts_with(filter.type) : row.type == filter.type)) &&
         (filter.actor.empty() || row.actor == filter.actor) &&
         (filter.device.empty() || row.device == filter.device) && (!filter.ticket || row.ticket == filter.ticket) &&
         (!filter.subscriber || row.subscriber == filter.subscriber);
}

/// FNV-1a, twice with different starts: enough to tell inputs apart, not enough to keep a secret.
std::string scramble(std::string_view text) {
  std::string out;
  for (std::uint64_t hash : {0xcbf29ce484222325ULL, 0x9e3779b97f4a7c15ULL}) {
    for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ULL;
    hash ^= hash >> 32;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> shift) & 15];
  }
  return out;
}

}  // namespace

/// Reads and writes the tables in place and knows how to undo what it wrote.
class MemoryStore::Unit : public Transaction {
 public:
  Unit(MemoryStore& store, Tables& tables) : store_(store), tables_(tables), first_(tables.records.size()) {}

  std::size_t first_record() const { return first_; }
  bool saved_unrecorded() const { return !undo_.empty() && tables_.records.size() == first_; }
  void undo() {
    for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) (*step)();
    undo_.clear();
    tables_.records.resize(first_);
  }

  std::optional<Operator> operator_by_id(OperatorId id) override { return value_at(tables_.operators, id); }
  std::optional<Operator> operator_named(std::string_view name) override {
    return newest_where(tables_.operators, [&](const Operator& o) { return o.name == name; });
  }
  std::vector<Operator> operators() override {
    return values_where(tables_.operators, [](const Operator&) { return true; });
  }

  std::optional<Subscriber> subscriber(SubscriberId id) override { return value_at(tables_.subscribers, id); }
  std::vector<Subscriber> subscribers(const SubscriberQuery& query, int limit) override {
    std::vector<Subscriber> found;
    if (query.kind == SubscriberQuery::Kind::national_id) {
      if (const auto id = value_at(tables_.by_national_id, query.value)) found.push_back(tables_.subscribers.at(*id));
    } else {
      found = values_where(tables_.subscribers, [&](const Subscriber& s) { return matches(s, query); });
    }
    if (found.size() > static_cast<std::size_t>(std::max(limit, 0))) found.resize(static_cast<std::size_t>(limit));
    return found;
  }
  std::int64_t subscriber_count() override { return static_cast<std::int64_t>(tables_.subscribers.size()); }
  std::optional<PortalAccount> portal_account(SubscriberId id) override { return value_at(tables_.accounts, id); }
  std::vector<Card> cards(SubscriberId id) override {
    return values_where(tables_.cards, [&](const Card& c) { return c.subscriber == id; });
  }
  std::vector<Certificate> certificates(SubscriberId id) override {
    return values_where(tables_.certificates, [&](const Certificate& c) { return c.subscriber == id; });
  }

  std::optional<Ticket> ticket(TicketNumber number) override { return value_at(tables_.tickets, number); }
  std::vector<Ticket> tickets(const TicketFilter& filter) override {
    auto found = values_where(tables_.tickets, [&](const Ticket& t) { return matches(t, filter); });
    std::ranges::reverse(found);
    if (found.size() > static_cast<std::size_t>(filter.limit)) found.resize(static_cast<std::size_t>(filter.limit));
    return found;
  }
  TicketCounts ticket_counts(OperatorId me) override {
    const auto counted = [&](TicketFilter::Queue queue) {
      const TicketFilter filter{.queue = queue, .me = me, .subscriber = {}, .cause = {}, .before = {}};
      return std::ranges::count_if(tables_.tickets, [&](const auto& entry) { return matches(entry.second, filter); });
    };
    return {counted(TicketFilter::Queue::mine), counted(TicketFilter::Queue::waiting),
            counted(TicketFilter::Queue::open)};
  }
  std::vector<TicketNote> notes(TicketNumber number) override {
    return values_where(tables_.notes, [&](const TicketNote& n) { return n.ticket == number; });
  }

  std::vector<Verification> verifications(TicketNumber number) override {
    return values_where(tables_.verifications, [&](const Verification& v) { return v.ticket == number; });
  }
  MethodState method_state(SubscriberId id, std::string_view method) override {
    const auto found = value_at(tables_.methods, std::pair{id, std::string(method)});
    return found ? *found : MethodState{.subscriber = id, .method = std::string(method)};
  }
  std::optional<CodeChallenge> latest_code(TicketNumber number) override {
    return newest_where(tables_.codes, [&](const CodeChallenge& c) { return c.ticket == number; });
  }
  std::optional<Opening> opening(TicketNumber number, OperatorId operator_id) override {
    return newest_where(tables_.openings,
                        [&](const Opening& o) { return o.ticket == number && o.operator_id == operator_id; });
  }

  std::optional<ActionRunRow> action_run(std::string_view id) override {
    return value_at(tables_.runs, std::string(id));
  }
  std::vector<ActionRunRow> open_runs() override {
    auto found = values_where(tables_.runs, [](const ActionRunRow& r) { return !r.ended; });
    std::ranges::stable_sort(found, {}, &ActionRunRow::started);
    return found;
  }

  std::int64_t run_count(const RunFilter& filter) override {
    return std::ranges::count_if(tables_.runs, [&](const auto& entry) {
      const ActionRunRow& run = entry.second;
      const auto on = value_at(tables_.tickets, run.ticket);
      return run.action == filter.action && run.started > filter.since &&
             (run.outcome == "done" || run.outcome == "waiting" || run.outcome == "acted") &&
             (!filter.ticket || run.ticket == *filter.ticket) &&
             (!filter.operator_id || run.operator_id == *filter.operator_id) &&
             (!filter.subscriber || (on && on->subscriber == filter.subscriber));
    });
  }
  std::optional<PolicyVersion> policy_in_force() override {
    return newest_where(tables_.policies, [](const PolicyVersion&) { return true; });
  }
  std::optional<Approval> approval(std::int64_t id) override { return value_at(tables_.approvals, id); }
  std::vector<Approval> waiting_approvals() override {
    return values_where(tables_.approvals, [](const Approval& a) { return a.state == "waiting"; });
  }
  std::vector<Approval> approvals(const ApprovalFilter& filter) override {
    auto found = values_where(tables_.approvals, [&](const Approval& a) {
      return a.decided && *a.decided > filter.decided_since &&
             (!filter.requested_by || a.requested_by == *filter.requested_by) &&
             (!filter.subscriber || a.subscriber == *filter.subscriber);
    });
    std::ranges::reverse(found);
    if (found.size() > static_cast<std::size_t>(filter.limit)) found.resize(static_cast<std::size_t>(filter.limit));
    return found;
  }
  std::vector<NumberChange> number_changes(SubscriberId id) override {
    return values_where(tables_.number_changes, [&](const NumberChange& c) { return c.subscriber == id; });
  }
  std::optional<CoolingOff> cooling_off(SubscriberId id) override { return value_at(tables_.cooling_off, id); }
  std::vector<CardSecret> card_secrets(SubscriberId subscriber) override {
    std::vector<CardSecret> found;
    for (const auto& [id, stored] : tables_.card_secrets)
      if (stored.subscriber == subscriber) found.push_back(stored.entity());
    return found;
  }
  std::optional<CardSiteKey> card_site_key(std::int64_t key_version) override {
    const auto found = tables_.card_site_keys.find(key_version);
    return found == tables_.card_site_keys.end() ? std::nullopt : std::optional(found->second.entity());
  }
  std::vector<CardSiteKey> card_site_keys() override {
    std::vector<CardSiteKey> all;
    for (const auto& [version, stored] : tables_.card_site_keys) all.push_back(stored.entity());
    return all;
  }
  std::vector<SubscriberId> holders_of_derived_keys(std::optional<std::int64_t> key_version) override {
    std::set<SubscriberId> found;
    for (const auto& [id, stored] : tables_.card_secrets)
      if (stored.kind == "derived_key" && (!key_version || stored.key_version == *key_version)) found.insert(stored.subscriber);
    return {found.begin(), found.end()};
  }
  std::optional<CallPin> call_pin(SubscriberId id) override { return value_at(tables_.call_pins, id); }
  std::optional<CallBack> call_back(std::string_view id) override {
    return value_at(tables_.call_backs, std::string(id));
  }
  std::optional<CallBack> latest_call_back(TicketNumber number) override {
    std::optional<CallBack> latest;
    for (const auto& [id, call] : tables_.call_backs)
      if (call.ticket == number && (!latest || call.dialled > latest->dialled)) latest = call;
    return latest;
  }
  std::optional<Recording> recording(std::int64_t id) override { return value_at(tables_.recordings, id); }
  std::vector<Recording> recordings(TicketNumber number) override {
    return values_where(tables_.recordings, [&](const Recording& r) { return r.ticket == number; });
  }
  std::optional<Recording> recording_with(std::string_view sha256) override {
    const auto found = values_where(tables_.recordings, [&](const Recording& r) { return r.sha256 == sha256; });
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  std::vector<TicketNumber> tickets_without_recording(std::string_view method, Time from, Time to) override {
    std::set<TicketNumber> found;
    for (const auto& [id, v] : tables_.verifications)
      if (v.method == method && v.granted >= from && v.granted < to && recordings(v.ticket).empty())
        found.insert(v.ticket);
    return {found.begin(), found.end()};
  }
  std::vector<TicketNumber> tickets_missing_recording() override {
    std::set<TicketNumber> found;
    for (const auto& [id, r] : tables_.recordings)
      if (std::ranges::all_of(recordings(r.ticket), [](const Recording& each) { return each.kind == "missing"; }))
        found.insert(r.ticket);
    return {found.begin(), found.end()};
  }
  std::vector<ActionRunRow> runs_done_since(Time since) override {
    std::set<std::string> approved;
    for (const auto& [number, request] : tables_.approvals)
      if (request.state == "approved" && request.decided > since) approved.insert(request.run);
    auto found = values_where(tables_.runs, [&](const ActionRunRow& r) {
      return (r.ended && *r.ended > since && r.outcome == "done") || approved.contains(r.id);
    });
    std::ranges::stable_sort(found, {}, &ActionRunRow::ended);
    return found;
  }

  std::optional<OutboxMessage> message(std::string_view id) override {
    return value_at(tables_.messages, std::string(id));
  }
  std::vector<OutboxMessage> messages(const MessageFilter& filter) override {
    auto found = values_where(tables_.messages, [&](const OutboxMessage& m) {
      return (!filter.unsettled || !is_settled(m.state)) && (filter.device.empty() || m.device == filter.device) &&
             (!filter.ticket || m.ticket == *filter.ticket);
    });
    std::ranges::stable_sort(found, {}, &OutboxMessage::created);
    if (std::ssize(found) > filter.limit) found.resize(static_cast<std::size_t>(filter.limit));
    return found;
  }
  std::optional<MessageContent> message_content(std::string_view id) override {
    const auto found = value_at(tables_.contents, std::string(id));
    if (!found) return std::nullopt;
    return MessageContent{std::string(id), found->subscriber, found->to, found->subject, Secret(found->body)};
  }

  void save(Operator& value) override {
    for (const auto& [id, other] : tables_.operators)
      if (other.name == value.name && id != value.id) conflict();
    put(tables_.operators, number(tables_.operators, value.id), value);
  }
  void save(Subscriber& value) override {
    const auto same = value_at(tables_.by_national_id, value.national_id);
    if (same && *same != value.id) conflict();
    if (value.pseudonym.empty()) value.pseudonym = store_.random_id();
    if (const auto before = value_at(tables_.subscribers, value.id)) {
      tables_.by_national_id.erase(before->national_id);
      undo_.push_back([this, old = *before] { tables_.by_national_id[old.national_id] = old.id; });
    }
    put(tables_.subscribers, number(tables_.subscribers, value.id), value);
    tables_.by_national_id[value.national_id] = value.id;
    undo_.push_back([this, id = value.national_id] { tables_.by_national_id.erase(id); });
  }
  void save(PortalAccount& value) override { put(tables_.accounts, value.subscriber, value); }
  void save(Card& value) override { put(tables_.cards, number(tables_.cards, value.id), value); }
  void save(Certificate& value) override { put(tables_.certificates, number(tables_.certificates, value.id), value); }
  void save(Ticket& value) override {
    if (value.id.empty()) value.id = store_.random_id();
    put(tables_.tickets, number(tables_.tickets, value.number), value);
  }
  void save(TicketNote& value) override { put(tables_.notes, number(tables_.notes, value.id), value); }
  void save(Verification& value) override {
    put(tables_.verifications, number(tables_.verifications, value.id), value);
  }
  void save(MethodState& value) override { put(tables_.methods, std::pair{value.subscriber, value.method}, value); }
  void save(CodeChallenge& value) override { put(tables_.codes, number(tables_.codes, value.id), value); }
  void save(Opening& value) override { put(tables_.openings, number(tables_.openings, value.id), value); }
  void save(ActionRunRow& value) override {
    if (value.id.empty()) value.id = store_.random_id();
    put(tables_.runs, value.id, value);
  }
  void save(PolicyVersion& value) override { put(tables_.policies, number(tables_.policies, value.number), value); }
  void save(Approval& value) override { put(tables_.approvals, number(tables_.approvals, value.number), value); }
  void save(NumberChange& value) override {
    put(tables_.number_changes, number(tables_.number_changes, value.id), value);
  }
  void save(CoolingOff& value) override { put(tables_.cooling_off, value.subscriber, value); }
  void save(OutboxMessage& value) override {
    if (value.id.empty()) value.id = store_.random_id();
    if (value.device.empty()) value.device = store_.device();
    put(tables_.messages, value.id, value);
  }
  void save(MessageContent& value) override {
    put(tables_.contents, value.message,
        StoredContent{value.subscriber, value.to, value.subject, std::string(value.body.expose())});
  }
  void save(CallPin& value) override { put(tables_.call_pins, value.subscriber, value); }
  void save(CardSecret& value) override {
    const auto id = number(tables_.card_secrets, value.id);
    put(tables_.card_secrets, id,
        StoredCardSecret{id, value.subscriber, value.family, value.card_serial, value.kind, value.key_version, value.kcv,
                         value.spent, value.answers, value.added, std::string(value.value.expose())});
  }
  void save(CardSiteKey& value) override {
    put(tables_.card_site_keys, value.key_version,
        StoredSiteKey{value.key_version, value.kcv, value.added, value.added_by, std::string(value.value.expose())});
  }
  void save(CallBack& value) override {
    if (value.id.empty()) value.id = store_.random_id();
    put(tables_.call_backs, value.id, value);
  }
  void save(Recording& value) override { put(tables_.recordings, number(tables_.recordings, value.id), value); }

  void record(Record record) override {
    tables_.records.push_back({tables_.records.size(), store_.clock_.now(), std::move(record)});
  }

 private:
  [[noreturn]] static void conflict() { throw FailureError({Code::conflict, tr("It exists already.")}); }

  template <class Map>
  static std::int64_t number(const Map& map, std::int64_t& id) {
    if (id == 0) id = map.empty() ? 1 : map.rbegin()->first + 1;
    return id;
  }

  template <class Map, class Key, class Value>
  void put(Map& map, Key key, const Value& value) {
    undo_.push_back([&map, key, before = value_at(map, key)] {
      if (before)
        map.insert_or_assign(key, *before);
      else
        map.erase(key);
    });
    map.insert_or_assign(key, value);
  }

  MemoryStore& store_;
  Tables& tables_;
  std::size_t first_;
  std::vector<std::function<void()>> undo_;
};

template <class Work>
auto MemoryStore::locked(Work work) const {
  if (writing_.load() == std::this_thread::get_id()) throw std::logic_error("a unit uses the store beside its transaction");
  const std::scoped_lock lock(mutex_);
  auto& self = const_cast<MemoryStore&>(*this);
  Unit unit(self, self.tables_);
  return work(unit);
}

std::optional<Operator> MemoryStore::operator_by_id(OperatorId id) {
  return locked([&](Unit& now) { return now.operator_by_id(id); });
}
std::optional<Operator> MemoryStore::operator_named(std::string_view name) {
  return locked([&](Unit& now) { return now.operator_named(name); });
}
std::vector<Operator> MemoryStore::operators() {
  return locked([](Unit& now) { return now.operators(); });
}
std::optional<Subscriber> MemoryStore::subscriber(SubscriberId id) {
  return locked([&](Unit& now) { return now.subscriber(id); });
}
std::vector<Subscriber> MemoryStore::subscribers(const SubscriberQuery& query, int limit) {
  return locked([&](Unit& now) { return now.subscribers(query, limit); });
}
std::int64_t MemoryStore::subscriber_count() {
  return locked([](Unit& now) { return now.subscriber_count(); });
}
std::optional<PortalAccount> MemoryStore::portal_account(SubscriberId id) {
  return locked([&](Unit& now) { return now.portal_account(id); });
}
std::vector<Card> MemoryStore::cards(SubscriberId id) {
  return locked([&](Unit& now) { return now.cards(id); });
}
std::vector<Certificate> MemoryStore::certificates(SubscriberId id) {
  return locked([&](Unit& now) { return now.certificates(id); });
}
std::optional<Ticket> MemoryStore::ticket(TicketNumber number) {
  return locked([&](Unit& now) { return now.ticket(number); });
}
std::vector<Ticket> MemoryStore::tickets(const TicketFilter& filter) {
  return locked([&](Unit& now) { return now.tickets(filter); });
}
TicketCounts MemoryStore::ticket_counts(OperatorId me) {
  return locked([&](Unit& now) { return now.ticket_counts(me); });
}
std::vector<TicketNote> MemoryStore::notes(TicketNumber number) {
  return locked([&](Unit& now) { return now.notes(number); });
}
std::vector<Verification> MemoryStore::verifications(TicketNumber number) {
  return locked([&](Unit& now) { return now.verifications(number); });
}
MethodState MemoryStore::method_state(SubscriberId id, std::string_view method) {
  return locked([&](Unit& now) { return now.method_state(id, method); });
}
std::optional<CodeChallenge> MemoryStore::latest_code(TicketNumber number) {
  return locked([&](Unit& now) { return now.latest_code(number); });
}
std::optional<Opening> MemoryStore::opening(TicketNumber number, OperatorId operator_id) {
  return locked([&](Unit& now) { return now.opening(number, operator_id); });
}
std::optional<ActionRunRow> MemoryStore::action_run(std::string_view id) {
  return locked([&](Unit& now) { return now.action_run(id); });
}
std::vector<ActionRunRow> MemoryStore::open_runs() {
  return locked([](Unit& now) { return now.open_runs(); });
}
std::int64_t MemoryStore::run_count(const RunFilter& filter) {
  return locked([&](Unit& now) { return now.run_count(filter); });
}
std::optional<PolicyVersion> MemoryStore::policy_in_force() {
  return locked([](Unit& now) { return now.policy_in_force(); });
}
std::optional<Approval> MemoryStore::approval(std::int64_t number) {
  return locked([&](Unit& now) { return now.approval(number); });
}
std::vector<Approval> MemoryStore::waiting_approvals() {
  return locked([](Unit& now) { return now.waiting_approvals(); });
}
std::vector<Approval> MemoryStore::approvals(const ApprovalFilter& filter) {
  return locked([&](Unit& now) { return now.approvals(filter); });
}
std::vector<NumberChange> MemoryStore::number_changes(SubscriberId id) {
  return locked([&](Unit& now) { return now.number_changes(id); });
}
std::optional<CoolingOff> MemoryStore::cooling_off(SubscriberId id) {
  return locked([&](Unit& now) { return now.cooling_off(id); });
}

std::optional<OutboxMessage> MemoryStore::message(std::string_view id) {
  return locked([&](Unit& now) { return now.message(id); });
}
std::vector<OutboxMessage> MemoryStore::messages(const MessageFilter& filter) {
  return locked([&](Unit& now) { return now.messages(filter); });
}
std::optional<MessageContent> MemoryStore::message_content(std::string_view id) {
  return locked([&](Unit& now) { return now.message_content(id); });
}

std::vector<CardSecret> MemoryStore::card_secrets(SubscriberId subscriber) {
  return locked([&](Unit& now) { return now.card_secrets(subscriber); });
}
std::optional<CardSiteKey> MemoryStore::card_site_key(std::int64_t key_version) {
  return locked([&](Unit& now) { return now.card_site_key(key_version); });
}
std::vector<CardSiteKey> MemoryStore::card_site_keys() {
  return locked([&](Unit& now) { return now.card_site_keys(); });
}
std::vector<SubscriberId> MemoryStore::holders_of_derived_keys(std::optional<std::int64_t> key_version) {
  return locked([&](Unit& now) { return now.holders_of_derived_keys(key_version); });
}
std::optional<CallPin> MemoryStore::call_pin(SubscriberId subscriber) {
  return locked([&](Unit& now) { return now.call_pin(subscriber); });
}
std::optional<CallBack> MemoryStore::call_back(std::string_view id) {
  return locked([&](Unit& now) { return now.call_back(id); });
}
std::optional<CallBack> MemoryStore::latest_call_back(TicketNumber number) {
  return locked([&](Unit& now) { return now.latest_call_back(number); });
}
std::optional<Recording> MemoryStore::recording(std::int64_t id) {
  return locked([&](Unit& now) { return now.recording(id); });
}
std::optional<Recording> MemoryStore::recording_with(std::string_view sha256) {
  return locked([&](Unit& now) { return now.recording_with(sha256); });
}
std::vector<Recording> MemoryStore::recordings(TicketNumber number) {
  return locked([&](Unit& now) { return now.recordings(number); });
}
std::vector<TicketNumber> MemoryStore::tickets_without_recording(std::string_view method, Time from, Time to) {
  return locked([&](Unit& now) { return now.tickets_without_recording(method, from, to); });
}
std::vector<TicketNumber> MemoryStore::tickets_missing_recording() {
  return locked([](Unit& now) { return now.tickets_missing_recording(); });
}
std::vector<ActionRunRow> MemoryStore::runs_done_since(Time since) {
  return locked([&](Unit& now) { return now.runs_done_since(since); });
}

Result<Receipt> MemoryStore::commit(std::function<Result<void>(Transaction&)> unit) {
  return locked([&](Unit& tx) -> Result<Receipt> {
    struct Writing {
      explicit Writing(std::atomic<std::thread::id>& who) : who_(who) { who_ = std::this_thread::get_id(); }
      ~Writing() { who_ = std::thread::id{}; }
      std::atomic<std::thread::id>& who_;
    } writing(writing_);

    Result<void> done;
    try {
      done = guarded([&] { return unit(tx); });
    } catch (...) {
      tx.undo();
      throw;
    }
    if (done && tx.saved_unrecorded()) done = failure(Code::internal, tr("A unit saved something and recorded nothing."));
    if (done && failure_ && commits_before_failure_-- <= 0) done = std::unexpected(*failure_);
    if (!done) {
      tx.undo();
      return std::unexpected(std::move(done.error()));
    }
    ++commits_;
    return Receipt{device(), 0, tx.first_record()};
  });
}

std::vector<StoredRecord> MemoryStore::records() const {
  return locked([&](Unit&) { return tables_.records; });
}
std::vector<Record> MemoryStore::records_of(std::string_view type) const {
  std::vector<Record> out;
  for (auto& stored : records())
    if (stored.record.type == type) out.push_back(std::move(stored.record));
  return out;
}
void MemoryStore::fail_commits_with(Failure failure, int after) {
  locked([&](Unit&) { failure_ = std::move(failure), commits_before_failure_ = after; });
}
void MemoryStore::let_commits_succeed() {
  locked([&](Unit&) { failure_.reset(); });
}
std::uint64_t MemoryStore::commits() const {
  return locked([&](Unit&) { return commits_; });
}

std::uint64_t MemoryStore::next_random() {  // splitmix64
  const std::scoped_lock lock(random_mutex_);
  std::uint64_t z = (random_state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}
std::string MemoryStore::random_id() { return scramble(std::to_string(next_random())); }
std::uint32_t MemoryStore::random_below(std::uint32_t bound) {
  return bound == 0 ? 0 : static_cast<std::uint32_t>(next_random() % bound);
}
Secret MemoryStore::random_digits(std::size_t count) {
  std::string digits;
  while (digits.size() < count) digits += static_cast<char>('0' + random_below(10));
  return Secret(std::move(digits));
}
std::string MemoryStore::hash_password(const Secret& password) {
  const std::string salt = random_id();
  return "fake$" + salt + "$" + scramble(salt + std::string(password.expose()));
}
bool MemoryStore::password_matches(const Secret& password, const std::string& hash) {
  if (!hash.starts_with("fake$") || hash.size() != 5 + 32 + 1 + 32) return false;
  return scramble(hash.substr(5, 32) + std::string(password.expose())) == hash.substr(38);
}
std::string MemoryStore::keyed_hash(std::string_view context, const Secret& value) {
  return scramble("the key of a test\x1f" + std::string(context) + "\x1f" + std::string(value.expose()));
}
std::string MemoryStore::sha256(std::string_view bytes) { return scramble(bytes) + scramble(scramble(bytes)); }

std::vector<AuditRow> MemoryStore::matching(const AuditFilter& filter) const {
  std::map<std::string, TicketNumber> tickets;
  std::map<std::string, SubscriberId> subjects;
  for (const auto& [number, ticket] : tables_.tickets) tickets[ticket.id] = number;
  for (const auto& [id, subscriber] : tables_.subscribers) subjects[subscriber.pseudonym] = id;
  std::vector<AuditRow> out;
  for (const auto& [seq, time, record] : tables_.records) {
    AuditRow row{device(), 0, seq, time, record.type, record.actor, record.role, value_at(tickets, record.ticket),
                 value_at(subjects, record.subject), {}};
    for (const auto& [tag, value] : record.fields) row.fields.emplace_back(to_string(tag), value);
    if (matches(row, filter)) out.push_back(std::move(row));
  }
  return out;
}
std::vector<AuditRow> MemoryStore::list(const AuditFilter& filter) {
  return locked([&](Unit&) {
    auto rows = matching(filter);
    if (filter.newest_first) std::ranges::reverse(rows);
    rows.erase(rows.begin(), rows.begin() + std::min<std::ptrdiff_t>(filter.offset, std::ssize(rows)));
    if (std::ssize(rows) > filter.limit) rows.resize(static_cast<std::size_t>(filter.limit));
    return rows;
  });
}
std::int64_t MemoryStore::count(const AuditFilter& filter) {
  return locked([&](Unit&) { return static_cast<std::int64_t>(matching(filter).size()); });
}
AuditReport MemoryStore::verify(const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::stop_token) {
  const auto entries = records().size();
  if (progress) progress(entries, entries);
  return {Verdict::intact, tr("The audit log is intact."), {}, entries, std::ssize(open_runs()), {}};
}

Result<> FakeGateway::send(const TextMessage& message) {
  const std::scoped_lock lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  messages_.push_back({message.id, message.kind, message.to, std::string(message.body.expose())});
  return {};
}
std::vector<SentMessage> FakeGateway::messages() const {
  const std::scoped_lock lock(mutex_);
  return messages_;
}
void FakeGateway::fail_with(Failure failure) {
  const std::scoped_lock lock(mutex_);
  failure_ = std::move(failure);
}
void FakeGateway::let_succeed() {
  const std::scoped_lock lock(mutex_);
  failure_.reset();
}

Result<> FakeTelephone::dial(const std::string& number, const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  calls_.push_back({number, id});
  return {};
}
std::vector<FakeTelephone::Call> FakeTelephone::calls() const {
  const std::scoped_lock lock(mutex_);
  return calls_;
}
void FakeTelephone::fail_with(Failure failure) {
  const std::scoped_lock lock(mutex_);
  failure_ = std::move(failure);
}

}  // namespace anahtar::testing
