// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include "core/messages.h"
#include "core/session.h"

namespace anahtar::core {

/// Messages that another device put into the outbox and has not touched for long: each device sends its own alone, so what
/// one leaves behind that never comes back waits until somebody decides. [worker]
class StrandedMessages {
 public:
  /// A message is taken for stranded when its device has done nothing about it for this long.
  static constexpr std::chrono::hours untouched{1};

  StrandedMessages(Reader& reader, Writer& writer, const Clock& clock)
      : reader_(reader), writer_(writer), clock_(clock) {}

  /// Oldest first. Supervisors and administrators; it names no number and no text. Not recorded.
  Result<std::vector<MessageStatus>> list(const Session& session);
  /// This device sends it from now on. Administrators, with a reason. Refused for a message of which nobody knows whether
  /// it left and whose second copy would do harm.
  Result<> take_over(const Session& session, const std::string& message, const std::string& reason);
  /// It will not be sent. Administrators, with a reason.
  Result<> settle(const Session& session, const std::string& message, const std::string& reason);

 private:
  Result<> decide(const Session& session, const std::string& message, const std::string& reason, const char* operation,
                  const std::function<Result<>(Transaction&, OutboxMessage&, Record)>& decision);
  bool is_stranded(const OutboxMessage& message) const;

  Reader& reader_;
  Writer& writer_;
  const Clock& clock_;
};

}  // namespace anahtar::core
