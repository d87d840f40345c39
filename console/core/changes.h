// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/change.h>

#include <map>
#include <optional>
#include <string>

#include "core/action_rules.h"
#include "core/effects.h"
#include "core/run_context.h"

/// Private to core: how a proposed change is judged and applied. To add a kind, add a row to the table in changes.cpp.
namespace anahtar::core {

/// Secrets that a change needs, made when it is applied and before its unit (a password hash takes a tenth of a second).
struct Prepared {
  Secret word;
  std::string word_hash;
};
Prepared prepare_change(const sdk::Change& change, Vault& vault);

/// What a kind's functions see, inside the unit that applies the change.
struct ChangeContext {
  Transaction& tx;
  const ActionParts& parts;
  const Session& session;      ///< who applies it: the operator of the run, or who approved
  const RunContext* run;       ///< that proposes it; null once it was approved
  std::string action;
  std::string run_id;
  const Ticket& ticket;        ///< as it is now
  const sdk::Change& change;
  const Prepared& prepared;
  Effects& effects;
  std::map<Tag, std::string> marks = {};  ///< into every record, e.g. the approval's number

  const std::string& parameter(const std::string& name) const;
  const ActionPolicy& policy() const;
  Record record(const char* type) const;
  /// Puts the message into the outbox; it leaves after the commit.
  void send(NewMessage message, Text when_lost) const;
};

/// Whether this action may propose this change and it can be applied now. Reads only.
std::optional<Refusal> refusal_of_change(const ChangeContext& context);
/// Records action.changed and saves what it changes. Only after refusal_of_change said nothing.
void apply_change(const ChangeContext& context);

/// {"kind": …, "parameters": {…}}; what the record holds, sealed.
std::string change_as_json(const sdk::Change& change);
std::optional<sdk::Change> change_from_json(const std::string& json);
/// {"id": …, "args": […]}
std::string text_as_json(const Text& text);
Text text_from_json(const std::string& json);

/// What the change would do, label and value, for who must decide about it.
std::vector<std::pair<Text, Text>> description_of(const sdk::Change& change);

}  // namespace anahtar::core
