// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/changes.h"

#include <array>
#include <nlohmann/json.hpp>

#include "core/change_kinds.h"
#include "core/phone.h"

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
  const auto seen = context.run->evidence.seen(method);
  const auto life = context.parts.verification.policy(context.tx).verification_life;
  if (method != context.run->action.action.verifies || !seen || *seen + life <= context.parts.clock.now())
    return Refusal{"evidence", tr("The console did not see this verification succeed, so it does not count.")};
  return {};
}

void apply_grant(const ChangeContext& context) {
  context.parts.verification.grant(context.tx, context.session, context.ticket, context.parameter("method"));
}

struct Kind {
  std::string_view name;  ///< a service's kind carries the id of the one action that may propose it
  std::optional<Refusal> (*refusal)(const ChangeContext&);
  void (*apply)(const ChangeContext&);
  void (*prepare)(Prepared&, Vault&) = nullptr;
};

constexpr std::array kinds = {
    Kind{"password.unblock", refusal_of_unblock, apply_unblock},
    Kind{"security_word.reset", refusal_of_word_reset, apply_word_reset, prepare_word_reset},
    Kind{"phone.update", refusal_of_phone_update, apply_phone_update},
    Kind{"phone.undo", refusal_of_phone_undo, apply_phone_undo},
    Kind{"call_pin.set", refusal_of_call_pin, apply_call_pin},
    Kind{grant_kind, refusal_of_grant, apply_grant},
};

const Kind* kind_of(const sdk::Change& change) {
  for (const Kind& kind : kinds)
    if (kind.name == change.kind) return &kind;
  return nullptr;
}

/// A method grants, and only within its run; a service changes what its own policy is about, and nothing else.
bool may_propose(const ChangeContext& context, const Kind& kind) {
  if (kind.name == grant_kind) return context.run && context.run->action.is_method();
  return kind.name == context.action;
}

Text label_of_parameter(const std::string& name) {
  if (name == "mobile") return tr("New number");
  if (name == "delivery") return tr("How the holder gets it");
  if (name == "cause") return tr("Cause");
  if (name == "note") return tr("Note");
  return sdk::verbatim(name);
}

/// A parameter as people say it; what nobody has words for stands for itself.
Text words_of_parameter(const std::string& name, const std::string& value) {
  static const std::map<std::pair<std::string, std::string>, Text> words = {
      {{"cause", "forgot"}, tr("Forgot the security word")},
      {{"cause", "mistyped"}, tr("Typed it wrong")},
      {{"cause", "somebody_else"}, tr("Somebody else tried")},
      {{"cause", "other"}, tr("Other")},
      {{"delivery", "sms"}, tr("By SMS to the registered mobile")},
      {{"delivery", "email"}, tr("By e-mail to the registered address")},
      {{"delivery", "spoken"}, tr("Spoken by the operator")}};
  if (name == "mobile") return sdk::verbatim(pretty_phone(value));
  const auto found = words.find({name, value});
  return found == words.end() ? sdk::verbatim(value) : found->second;
}

std::string dumped(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

const std::string& ChangeContext::parameter(const std::string& name) const {
  static const std::string none;
  const auto found = change.parameters.find(name);
  return found == change.parameters.end() ? none : found->second;
}

const ActionPolicy& ChangeContext::policy() const { return parts.verification.policy(tx).actions.at(action); }

Record ChangeContext::record(const char* type) const {
  Record record = record_of(session, type, tx, ticket);
  record.fields[Tag::run] = run_id;
  record.fields[Tag::action] = action;
  for (const auto& [tag, value] : marks) record.fields[tag] = value;
  return record;
}

void ChangeContext::send(NewMessage message, Text when_lost) const {
  const auto queued =
      queue_message(tx, record(record_type::message_queued), ticket, std::move(message), parts.clock.now());
  effects.messages.push_back({queued.id, std::move(when_lost)});
}

Prepared prepare_change(const sdk::Change& change, Vault& vault) {
  Prepared prepared;
  if (const Kind* kind = kind_of(change); kind && kind->prepare) kind->prepare(prepared, vault);
  return prepared;
}

std::optional<Refusal> refusal_of_change(const ChangeContext& context) {
  const Kind* kind = kind_of(context.change);
  if (!kind) return Refusal{"change", tr("The console does not know the change that this action asks for.")};
  if (!may_propose(context, *kind)) return Refusal{"change", tr("This action may not ask for such a change.")};
  return kind->refusal(context);
}

void apply_change(const ChangeContext& context) {
  Record record = context.record(record_type::action_changed);
  record.fields[Tag::change_kind] = context.change.kind;
  record.fields[Tag::change] = change_as_json(context.change);
  context.tx.record(std::move(record));
  kind_of(context.change)->apply(context);
}

std::string change_as_json(const sdk::Change& change) {
  return dumped({{"kind", change.kind}, {"parameters", change.parameters}});
}

std::optional<sdk::Change> change_from_json(const std::string& json) {
  try {
    const auto value = nlohmann::json::parse(json);
    return sdk::Change{value.at("kind").get<std::string>(),
                       value.at("parameters").get<std::map<std::string, std::string>>()};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

std::string text_as_json(const Text& text) { return dumped({{"id", text.id}, {"args", text.args}}); }

Text text_from_json(const std::string& json) {
  try {
    const auto value = nlohmann::json::parse(json);
    return {value.at("id").get<std::string>(), value.at("args").get<std::vector<std::string>>()};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

std::vector<std::pair<Text, Text>> description_of(const sdk::Change& change) {
  std::vector<std::pair<Text, Text>> lines;
  for (const auto& [name, value] : change.parameters)
    if (!value.empty()) lines.emplace_back(label_of_parameter(name), words_of_parameter(name, value));
  return lines;
}

}  // namespace anahtar::core
