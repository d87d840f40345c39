// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include "core/verification.h"

namespace anahtar::core {

/// Something that a hint's rule may look at: an action that was done, or a refusal.
struct HintEvent {
  Time at{};
  std::string what;  ///< action id, or "refused"
  SubscriberId subscriber = 0;  ///< 0: about nobody
  std::string operator_name;
  TicketNumber ticket = 0;  ///< 0: on none
};

/// A pattern that was found: a supervisor should look. It accuses nobody and refuses nothing.
struct Hint {
  std::string rule;
  Text title;
  Time at{};  ///< of its last event
  int count = 0;  ///< events in it
  SubscriberId subscriber = 0;  ///< 0: it is about an operator
  std::string subscriber_name;  ///< masked
  std::string operator_name;    ///< empty: it is about a subscriber
  TicketNumber ticket = 0;      ///< of its last event; 0: on none
};

/// The newest match of the rule for each subscriber or operator. `events` in the order of time.
std::vector<Hint> hints_of(const HintRule& rule, const std::vector<HintEvent>& events);

/// The policy's patterns over what the desk has recorded. [worker]
class Hints {
 public:
  Hints(Reader& reader, Writer& writer, AuditLog& audit, VerificationDesk& verification, const Clock& clock)
      : reader_(reader), writer_(writer), audit_(audit), verification_(verification), clock_(clock) {}

  /// Those whose last event is no older than a day, newest first. Supervisors only.
  Result<std::vector<Hint>> current(const Session& session);

 private:
  std::vector<HintEvent> events_since(Time since) const;

  Reader& reader_;
  Writer& writer_;
  AuditLog& audit_;
  VerificationDesk& verification_;
  const Clock& clock_;
};

}  // namespace anahtar::core
