// SPDX-License-Identifier: GPL-3.0-or-later
// The part of VerificationDesk that compares call PINs.
#include "core/commit_unit.h"
#include "core/verification.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "call_pin";

/// A PIN has few digits, so a slow hash alone would be searched in minutes by whoever has the database: the site's key
/// comes first.
Secret under_the_sites_key(Vault& vault, SubscriberId subscriber, const Secret& pin) {
  return Secret(vault.keyed_hash("call_pin/" + std::to_string(subscriber), pin));
}

}  // namespace

std::string VerificationDesk::hash_of_pin(SubscriberId subscriber, const Secret& pin) const {
  return vault_.hash_password(under_the_sites_key(vault_, subscriber, pin));
}

Result<sdk::CodeCheck> VerificationDesk::check_pin(const Session& session, SubscriberId subscriber,
                                                   std::optional<TicketNumber> number, const Secret& given) {
  const auto in_unit = [&](const auto& work) {
    return commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      const auto known = tx.subscriber(subscriber);
      if (!known) return failure(Code::not_found, tr("There is no subscriber #{1}.", std::to_string(subscriber)));
      const auto ticket = number ? std::optional(holder_ticket(tx, session, *number)) : std::nullopt;
      if (ticket && ticket->subscriber != subscriber)
        return failure(Code::conflict, tr("The ticket's subscriber was changed meanwhile. Start the action again."));
      MethodState state = tx.method_state(subscriber, method);
      state.subscriber = subscriber;
      state.method = method;
      work(tx, state, [&](const char* type) {
        Record record = ticket ? record_of(session, type, tx, *ticket) : record_of(session, type);
        record.subject = known->pseudonym;
        record.fields[Tag::method] = method;
        return record;
      });
      return {};
    });
  };

  std::optional<CallPin> chosen;
  const auto taken = in_unit([&](Transaction& tx, MethodState& state, const auto& record) {
    chosen = take_try(tx, state, record);
  });
  if (!taken) return std::unexpected(taken.error());
  if (!chosen) return sdk::CodeCheck::locked;
  const bool right = vault_.password_matches(under_the_sites_key(vault_, subscriber, given), chosen->hash);
  auto outcome = sdk::CodeCheck::wrong;
  const auto settled = in_unit([&](Transaction& tx, MethodState& state, const auto& record) {
    const auto now = tx.call_pin(subscriber);
    outcome = settle_try(tx, state, right && now && now->hash == chosen->hash, record);
  });
  if (!settled) return std::unexpected(settled.error());
  return outcome;
}

/// Nothing when there is no try left.
std::optional<CallPin> VerificationDesk::take_try(Transaction& tx, MethodState& state,
                                                  const std::function<Record(const char*)>& record) {
  auto chosen = tx.call_pin(state.subscriber);
  if (!chosen) throw FailureError({Code::refused, tr("The holder has not chosen a call PIN.")});
  if (state.locked || state.failures >= method_policy(tx, method).tries) {
    Record refused = record(record_type::verification_failed);
    refused.fields[Tag::refusal] = "locked";
    tx.record(std::move(refused));
    return {};
  }
  ++state.failures;
  tx.record(record(record_type::pin_given));
  tx.save(state);
  return chosen;
}

sdk::CodeCheck VerificationDesk::settle_try(Transaction& tx, MethodState& state, bool right,
                                            const std::function<Record(const char*)>& record) {
  if (state.locked) return sdk::CodeCheck::locked;
  if (right) {
    tx.record(record(record_type::pin_accepted));
    state.failures = 0;
    tx.save(state);
    return sdk::CodeCheck::right;
  }
  Record failed = record(record_type::verification_failed);
  failed.fields[Tag::count] = std::to_string(state.failures);
  tx.record(std::move(failed));
  if (state.failures < method_policy(tx, method).tries) return sdk::CodeCheck::wrong;
  lock(tx, state, record(record_type::method_locked));
  return sdk::CodeCheck::locked;
}

}  // namespace anahtar::core
