// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/changes.h"

#include <array>
#include <nlohmann/json.hpp>

namespace anahtar::core {
namespace {

constexpr std::string_view grant_kind = "verification.grant";

std::optional<Refusal> refusal_of_unblock(const ChangeContext& context) {
  const auto account = context.tx.portal_account(*context.ticket.subscriber);
  if (account && account->blocked) return {};
  return Refusal{"state", tr("The password is not blocked any more. Nothing was changed.")};
}

void apply_unblock(const ChangeContext& context) {
  auto account = context.tx.portal_account(*context.ticket.subscriber);
  account->blocked = false;
  account->blocked_at.reset();
  account->failed_tries = 0;
  context.tx.save(*account);
}

std::optional<Refusal> refusal_of_grant(const ChangeContext& context) {
  const std::string& method = context.parameter("method");
  const auto seen = context.run.evidence.seen(method);
  const auto life = context.run.parts.verification.policy(context.tx).verification_life;
  if (method != context.run.action.action.verifies || !seen || *seen + life <= context.run.parts.clock.now())
    return Refusal{"evidence", tr("The console did not see this verification succeed, so it does not count.")};
  return {};
}

void apply_grant(const ChangeContext& context) {
  context.run.parts.verification.grant(context.tx, context.run.session, context.ticket, context.parameter("method"));
}

struct Kind {
  std::string_view name;
  std::optional<Refusal> (*refusal)(const ChangeContext&);
  void (*apply)(const ChangeContext&);
};

constexpr std::array kinds = {
    Kind{"password.unblock", refusal_of_unblock, apply_unblock},
    Kind{grant_kind, refusal_of_grant, apply_grant},
};

const Kind* kind_of(const sdk::Change& change) {
  for (const Kind& kind : kinds)
    if (kind.name == change.kind) return &kind;
  return nullptr;
}

}  // namespace

const std::string& ChangeContext::parameter(const std::string& name) const {
  static const std::string none;
  const auto found = change.parameters.find(name);
  return found == change.parameters.end() ? none : found->second;
}

std::optional<Refusal> refusal_of_change(const ChangeContext& context) {
  const Kind* kind = kind_of(context.change);
  if (!kind) return Refusal{"change", tr("The console does not know the change that this action asks for.")};
  if ((kind->name == grant_kind) != context.run.action.is_method())
    return Refusal{"change", tr("This action may not ask for such a change.")};
  return kind->refusal(context);
}

void apply_change(const ChangeContext& context) {
  Record record = context.run.record(record_type::action_changed, context.tx, context.ticket);
  record.fields[Tag::change_kind] = context.change.kind;
  record.fields[Tag::change] = change_as_json(context.change);
  context.tx.record(std::move(record));
  kind_of(context.change)->apply(context);
}

std::string change_as_json(const sdk::Change& change) {
  const nlohmann::json json = {{"kind", change.kind}, {"parameters", change.parameters}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace anahtar::core
