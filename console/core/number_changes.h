// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "core/policy.h"
#include "core/ports.h"

/// Private to core: what a change of a registered mobile leads to, whether an operator or an import made it.
namespace anahtar::core {

/// Inside the unit that changes the number: from now on it can be undone by a call from `old` (or, when an earlier change
/// can still be undone, from the number before that one), and cooling-off starts, both for `length`. `started` is made by
/// the caller with the type record_type::cooling_off_started; a length of 0 starts none.
void note_number_change(Transaction& tx, Record started, SubscriberId subscriber, const std::string& old,
                        const std::string& action, const std::string& run, std::chrono::minutes length, Time now);

/// The change that an undo would reverse, if that is still possible.
std::optional<NumberChange> undoable_change(Reader& now, SubscriberId subscriber, Time at);

/// Since when the present number is registered.
struct NumberAge {
  Time since{};
  bool at_least = false;  ///< the desk has it since then; nobody knows how long the holder had it before
};
NumberAge age_of_number(Reader& now, const Subscriber& subscriber);

}  // namespace anahtar::core
