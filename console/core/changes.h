// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>

#include "core/run_context.h"

/// Private to core: how a proposed change is judged and applied. To add a kind, add a row to the table in changes.cpp.
namespace anahtar::core {

/// What a kind's functions see, inside the unit that applies the change.
struct ChangeContext {
  Transaction& tx;
  const RunContext& run;
  const Ticket& ticket;  ///< as it is now
  const sdk::Change& change;

  const std::string& parameter(const std::string& name) const;
};

/// Whether this action may propose this change and it can be applied now. Reads only.
std::optional<Refusal> refusal_of_change(const ChangeContext& context);
/// Records action.changed and saves what it changes. Only after refusal_of_change said nothing.
void apply_change(const ChangeContext& context);

/// {"kind": …, "parameters": {…}}; what the record holds, sealed.
std::string change_as_json(const sdk::Change& change);

}  // namespace anahtar::core
