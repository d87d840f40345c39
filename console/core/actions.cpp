// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/actions.h"

#include <algorithm>

#include "core/actions_implementation.h"
#include "core/causes.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::seconds patience_at_exit{2};
constexpr std::chrono::seconds patience_with_a_card{30};  // while a card is being changed

std::vector<KnownAction> known_actions(const PluginCatalogue& plugins) {
  std::vector<KnownAction> known;
  for (const LoadedPlugin& plugin : plugins.loaded)
    for (const sdk::Action& action : plugin.plugin.actions)
      if (action.run) known.push_back({action, plugin.id, plugin.version, plugin.keep_alive});
  std::ranges::stable_partition(known, &KnownAction::is_method);
  return known;
}

Failure not_started(const Failure& cause) {
  return {cause.code, tr("Nothing was done, because the start of the action could not be recorded. Detail: {1}",
                         sdk::fill(cause.sentence.id, cause.sentence.args))};
}

/// Methods as they are; of the services those that the ticket is about, and then by the level that they need: what can be
/// done soonest stands under the hand.
std::vector<ActionOffer> in_order_of_use(std::vector<ActionOffer> offers, const Ticket& ticket, const Policy& policy) {
  const auto level = [&policy](const ActionOffer& offer) {
    const auto row = policy.actions.find(offer.id);
    return row == policy.actions.end() ? highest_level : row->second.level;
  };
  const auto services = std::ranges::stable_partition(offers, [](const ActionOffer& offer) { return !offer.verifies.empty(); });
  std::ranges::stable_sort(services, {}, [&](const ActionOffer& offer) { return std::pair(!serves(offer.id, ticket.cause), level(offer)); });
  return offers;
}

}  // namespace

Actions::Implementation::Implementation(const ActionParts& the_parts, const PluginCatalogue& plugins)
    : parts(the_parts),
      rules_(the_parts.verification, the_parts.outside.can_text(), the_parts.clock,
             the_parts.outside.telephone != nullptr, the_parts.outside.cards != nullptr,
             the_parts.outside.card_keys != nullptr, &known_),
      gate_(std::make_shared<Gate>()),
      known_(known_actions(plugins)) {}

void Actions::Implementation::shut_down() {
  std::vector<std::shared_ptr<Run>> alive;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [ticket, run] : running_)
      if (run) alive.push_back(run);
  }
  for (const auto& run : alive) run->cancel();
  const auto end = std::chrono::steady_clock::now() + patience_at_exit;
  for (const auto& run : alive) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const bool ended = run->wait_for(std::max(left, std::chrono::milliseconds(0))) ||
                       (!run->can_be_cancelled() && run->wait_for(patience_with_a_card));
    if (!ended) run->abandon();
    run->wait();
  }
  gate_->close();
}

const KnownAction* Actions::Implementation::find(const std::string& action) const {
  const auto found = std::ranges::find(known_, action, &KnownAction::id);
  return found == known_.end() ? nullptr : &*found;
}

bool Actions::Implementation::runs(TicketNumber ticket) const {
  const std::lock_guard lock(mutex_);
  return running_.contains(ticket);
}

bool Actions::Implementation::runs(const std::string& run) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(running_, [&](const auto& entry) { return entry.second && entry.second->id() == run; });
}

bool Actions::Implementation::reserve(TicketNumber ticket) {
  const std::lock_guard lock(mutex_);
  return running_.emplace(ticket, nullptr).second;
}

void Actions::Implementation::release(TicketNumber ticket) {
  const std::lock_guard lock(mutex_);
  running_.erase(ticket);
}

ActionOffer Actions::Implementation::offer(Reader& now, const Session& session, const Ticket& ticket,
                                           const KnownAction& action) const {
  ActionOffer offer;
  offer.id = action.id();
  offer.title = action.action.title;
  offer.verifies = action.action.verifies;
  const Policy& policy = parts.verification.policy(now);
  const auto& methods = policy.methods;
  if (const auto method = methods.find(offer.verifies); method != methods.end())
    offer.level_given = method->second.level;
  if (const auto refusal = refusal_now(now, session, ticket, &action, !runs(ticket.number))) {
    offer.missing = refusal->sentence;
    offer.refusal = refusal->rule;
  }
  offer.possible = offer.refusal.empty();
  offer.needs_approval = offer.possible && rules_.needs_approval(now, *admission_of(policy, action), ticket);
  return offer;
}

Result<std::vector<ActionOffer>> Actions::Implementation::offers(const Session& session, TicketNumber number) const {
  return guarded([&]() -> Result<std::vector<ActionOffer>> {
    Reader& now = parts.reader;
    check_session(now, session);
    const auto ticket = now.ticket(number);
    if (!ticket) return failure(Code::not_found, tr("There is no ticket {1}.", std::to_string(number)));
    std::vector<ActionOffer> offers;
    for (const KnownAction& action : known_) offers.push_back(offer(now, session, *ticket, action));
    for (std::size_t i = 0; i < offers.size(); ++i) {
      if (offers[i].refusal != "level") continue;
      const auto admission = admission_of(parts.verification.policy(now), known_[i]);
      for (const ActionOffer& method : offers)
        if (method.possible && method.level_given >= admission->level &&
            !admission->excluded_methods.contains(method.verifies))
          offers[i].supplied_by.push_back(method.id);
    }
    return in_order_of_use(std::move(offers), *ticket, parts.verification.policy(now));
  });
}

std::optional<Refusal> Actions::Implementation::refusal_now(Reader& now, const Session& session,
                                                            const std::optional<Ticket>& ticket,
                                                            const KnownAction* action, bool reserved) const {
  try {
    check_session(now, session);
  } catch (const FailureError& error) {
    return Refusal{"session", error.failure.sentence, error.failure.code};
  }
  if (!action) return Refusal{"unknown", tr("No loaded plugin offers this action."), Code::not_found};
  if (!ticket) return Refusal{"unknown", tr("There is no such ticket."), Code::not_found};
  if (auto refusal = rules_.check(now, session, *ticket, *action)) return refusal;
  if (!reserved)
    return Refusal{"running", tr("Another action is running on this ticket. Finish or cancel it first."),
                   Code::conflict};
  return {};
}

/// One unit: either the refusal is recorded, or the start is. The decision reads what is true in that very commit.
Result<> Actions::Implementation::record_start(const Session& session, TicketNumber number, const std::string& id,
                                               bool reserved, Start& start) const {
  const KnownAction* action = find(id);
  const std::string run = parts.vault.random_id();
  if (parts.outside.run_locks != nullptr) start.lock = parts.outside.run_locks->hold(run);  // first: it is seen as soon as it is recorded
  const auto recorded = commit_unit(parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(number);
    start.refusal = refusal_now(tx, session, ticket, action, reserved);
    start.ticket = ticket.value_or(Ticket{});
    start.run = run;
    const char* type = start.refusal ? record_type::action_refused : record_type::action_started;
    Record record = ticket ? record_of(session, type, tx, *ticket) : record_of(session, type);
    if (action)
      record.fields.insert({{Tag::action, id}, {Tag::plugin, action->plugin}, {Tag::version, action->version}});
    else
      record.fields.emplace(Tag::detail, id.substr(0, 200));
    if (start.refusal) {
      record.fields[Tag::refusal] = start.refusal->rule;
      tx.record(std::move(record));
      return {};
    }
    record.fields[Tag::run] = run;
    tx.record(std::move(record));
    ActionRunRow row{run, id, number, session.operator_id, parts.clock.now(), {}, "", parts.writer.device()};
    tx.save(row);
    return {};
  });
  return recorded ? Result<>{} : std::unexpected(not_started(recorded.error()));
}

Result<std::shared_ptr<ActionRun>> Actions::Implementation::start(const std::shared_ptr<Implementation>& self,
                                                                  const Session& session, TicketNumber ticket,
                                                                  const std::string& action,
                                                                  std::shared_ptr<Conversation> conversation) {
  const bool reserved = reserve(ticket);
  const auto give_back = [&] {
    if (reserved) release(ticket);
  };
  try {
    Start start;
    if (const auto recorded = record_start(session, ticket, action, reserved, start); !recorded || start.refusal) {
      give_back();
      return std::unexpected(recorded ? start.refusal->failure() : recorded.error());
    }
    // The run holds the implementation, so that one that comes back late finds it.
    std::unique_ptr<RunContext> context(
        new RunContext{start.run, *find(action), session, start.ticket, std::move(conversation), gate_, parts});
    context->lock = std::move(start.lock);
    auto run = std::make_shared<Run>(std::move(context), rules_, [self, ticket] { self->release(ticket); });
    {
      const std::lock_guard lock(mutex_);
      running_[ticket] = run;
    }
    run->begin();
    return run;
  } catch (...) {
    give_back();
    throw;
  }
}

Actions::Actions(Reader& reader, Writer& writer, Vault& vault, VerificationDesk& verification, Outside outside,
                 const PluginCatalogue& plugins, const Clock& clock)
    : implementation_(std::make_shared<Implementation>(
          ActionParts{reader, writer, vault, verification, outside, clock}, plugins)) {}

Actions::~Actions() { implementation_->shut_down(); }

std::vector<ActionEntry> Actions::catalogue() const {
  const ActionParts& parts = implementation_->parts;
  const Policy& policy = parts.verification.policy(parts.reader);
  std::vector<ActionEntry> entries;
  for (const KnownAction& action : implementation_->known()) {
    ActionEntry entry;
    entry.id = action.id();
    entry.plugin = action.plugin;
    entry.title = action.action.title;
    entry.verifies = action.action.verifies;
    if (const auto admission = admission_of(policy, action)) {
      entry.in_policy = true;
      entry.level = action.is_method() ? policy.methods.at(entry.verifies).level : admission->level;
      entry.roles.assign(admission->roles.begin(), admission->roles.end());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<ActionOffer>> Actions::offers(const Session& session, TicketNumber ticket) {
  return implementation_->offers(session, ticket);
}

Result<std::shared_ptr<ActionRun>> Actions::start(const Session& session, TicketNumber ticket,
                                                  const std::string& action,
                                                  std::shared_ptr<Conversation> conversation) {
  return implementation_->start(implementation_, session, ticket, action, std::move(conversation));
}

Result<std::vector<Actions::Unfinished>> Actions::unfinished(const Session& session) {
  return implementation_->unfinished(session);
}

Result<> Actions::resolve(const Session& session, const std::string& run, const std::string& what_happened) {
  return implementation_->resolve(session, run, what_happened);
}

}  // namespace anahtar::core
