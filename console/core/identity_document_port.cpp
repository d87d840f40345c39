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
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  if (now.method_state(*ticket.subscriber, method).locked)
    throw sdk::Failed(tr("Locked after too many failures. A supervisor can lift the lock."));
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  const std::string shown = bare(number), known = bare(subscriber->civil.document_serial);
  const bool same = !shown.empty() && shown == known;
  value_or_throw(commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket_now = tx.ticket(run_.at_start.number);
    if (!ticket_now) return failure(Code::not_found, tr("The ticket is gone."));
    check_session(tx, run_.session);
    Record record = run_.record(record_type::document_seen, tx, *ticket_now);
    record.fields[Tag::document] = shown;
    tx.record(std::move(record));
    if (!same) run_.parts.verification.count_failure(tx, run_.session, *ticket_now, method);
    return {};
  }));
  if (same) run_.evidence.add(method, run_.parts.clock.now());
  return same;
}

}  // namespace anahtar::core
