// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/verification.h"

namespace anahtar::core {

/// Calls that the telephone system makes to a registered number. The number comes from the record, whoever asks; the call
/// counts once the operator and the telephone system have both confirmed it in time. Every step is a record. [worker]
class CallBacks {
 public:
  CallBacks(Reader& reader, Writer& writer, Vault& vault, VerificationDesk& verification, const Clock& clock)
      : reader_(reader), writer_(writer), vault_(vault), verification_(verification), clock_(clock) {}

  struct Placed {
    CallBack call;
    bool certain = true;  ///< false: nobody knows whether the telephone system dials
  };
  /// Has the registered number of the ticket's subscriber dialled; an earlier call of the ticket is void.
  Result<Placed> dial(const Session& session, TicketNumber ticket, const std::string& run, Telephone& telephone);
  /// The operator says that the holder answered. Confirmed once: a call counts for one verification.
  Result<sdk::CallBackCheck> confirm(const Session& session, TicketNumber ticket);
  /// The operator says that somebody else answered: the call is void, and it counts as a failure of the method.
  Result<> not_the_holder(const Session& session, TicketNumber ticket);

  /// The telephone system's event: the call that it knows as `id`, to `number`, was answered. Who calls this has seen the
  /// telephone system's token. What does not fit is recorded and comes to nothing.
  Result<> answered(const std::string& id, const std::string& number);

 private:
  CallBack prepared(Transaction& tx, const Session& session, TicketNumber number, const std::string& run) const;
  void settle(const Session& session, const CallBack& call, const Result<>& dialled) const;
  sdk::CallBackCheck judge(Transaction& tx, const Session& session, const Ticket& ticket) const;

  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  VerificationDesk& verification_;
  const Clock& clock_;
};

}  // namespace anahtar::core
