// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "core/ports.h"

/// Private to core: what is done outside the database, with a record before (effect.intended) and after.
namespace anahtar::core {

enum class Delivery { happened, failed, unknown };
const char* record_type_of(Delivery delivery);

/// Sends once; never again by itself.
Delivery deliver(MessageGateway* gateway, const TextMessage& message);

struct Outgoing {
  TextMessage message;
  Text when_lost;  ///< said when it is not certain that it left
};

/// What a change leaves to be done once its unit is committed. Its intentions are recorded in that unit.
struct Effects {
  std::vector<Outgoing> messages;
  Secret spoken;  ///< shown to the operator once, to be spoken; empty: nothing
};

/// A record of a type about what is being done.
using RecordMaker = std::function<Record(Reader& now, const char* type)>;

/// Records effect.intended for a message, in the unit that makes it necessary.
void intend(Transaction& tx, const RecordMaker& record, const TextMessage& message);
/// Sends the messages, each with the record of how it went. What to say when one of them may be lost; else nothing.
std::optional<Text> carry_out(Writer& writer, MessageGateway* gateway, const RecordMaker& record,
                              const std::vector<Outgoing>& messages);

}  // namespace anahtar::core
