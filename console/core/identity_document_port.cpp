// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/action_ports.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "identity_card";

/// Letters and digits alone, in capitals: "a12-b 34567" → "A12B34567".
std::string bare(const std::string& number) {
  std::string out;
  for (const char c : number) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

}  // namespace

bool RunIdentityDocumentPort::seen(const std::string& number) {
  const auto pass = run_.enter();
  const std::string shown = bare(number);
  bool same = false;
  // Compared and counted in one unit, as the registry's answers are.
  run_.commit([&](Transaction& tx) {
    check_session(tx, run_.session);
    const Ticket ticket = run_.ticket_now(tx);
    if (tx.method_state(*ticket.subscriber, method).locked)
      throw sdk::Failed(tr("Locked after too many attempts. A supervisor can lift the lock."));
    const auto subscriber = tx.subscriber(*ticket.subscriber);
    if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
    same = !shown.empty() && shown == bare(subscriber->civil.document_serial);
    Record record = run_.record(record_type::document_seen, tx, ticket);
    record.fields[Tag::document] = shown;
    tx.record(std::move(record));
    if (!same) run_.parts.verification.count_failure(tx, run_.session, ticket, method);
  });
  if (same) run_.evidence.add(method, run_.parts.clock.now());
  return same;
}

}  // namespace anahtar::core
