// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/number_changes.h"

#include "core/iso_time.h"

namespace anahtar::core {

void note_number_change(Transaction& tx, Record started, SubscriberId subscriber, const std::string& old,
                        const std::string& action, const std::string& run, std::chrono::minutes length, Time now) {
  const auto earlier = undoable_change(tx, subscriber, now);
  NumberChange change{.id = 0,
                      .subscriber = subscriber,
                      .restores = earlier ? earlier->restores : action.empty() ? std::string() : old,
                      .action = action,
                      .at = now,
                      .until = now + length,
                      .undone = {}};
  if (length != std::chrono::minutes(0)) {
    CoolingOff cooling{subscriber, now, now + length, action, run};
    started.fields[Tag::until] = iso_utc(cooling.until);
    tx.record(std::move(started));
    tx.save(cooling);
  }
  tx.save(change);
}

std::optional<NumberChange> undoable_change(Reader& now, SubscriberId subscriber, Time at) {
  auto changes = now.number_changes(subscriber);
  if (changes.empty()) return {};
  NumberChange& newest = changes.back();
  if (newest.undone || newest.restores.empty() || newest.until <= at) return {};
  return std::move(newest);
}

NumberAge age_of_number(Reader& now, const Subscriber& subscriber) {
  const auto changes = now.number_changes(subscriber.id);
  if (changes.empty()) return {subscriber.created, true};
  return {changes.back().undone.value_or(changes.back().at), false};
}

}  // namespace anahtar::core
