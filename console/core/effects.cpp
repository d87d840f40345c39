// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects.h"

#include "core/commit_unit.h"

namespace anahtar::core {

const char* record_type_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::happened:
      return record_type::effect_happened;
    case Delivery::failed:
      return record_type::effect_failed;
    case Delivery::unknown:
      break;
  }
  return record_type::effect_unknown;
}

Delivery deliver(MessageGateway* gateway, const TextMessage& message) {
  if (!gateway) return Delivery::failed;
  try {
    const auto sent = gateway->send(message);
    if (sent) return Delivery::happened;
    return sent.error().code == Code::internal ? Delivery::unknown : Delivery::failed;
  } catch (...) {  // it may have failed after the message left
    return Delivery::unknown;
  }
}

void intend(Transaction& tx, const RecordMaker& record, const TextMessage& message) {
  Record intended = record(tx, record_type::effect_intended);
  intended.fields[Tag::message_kind] = message.kind;
  intended.fields[Tag::message_id] = message.id;
  if (!message.to.empty()) intended.fields[Tag::number] = message.to;
  tx.record(std::move(intended));
}

std::optional<Text> carry_out(Writer& writer, MessageGateway* gateway, const RecordMaker& record,
                              const std::vector<Outgoing>& messages) {
  std::optional<Text> lost;
  for (const Outgoing& outgoing : messages) {
    const Delivery delivery = deliver(gateway, outgoing.message);
    const auto recorded = commit_unit(writer, [&](Transaction& tx) -> Result<> {
      Record after = record(tx, record_type_of(delivery));
      after.fields[Tag::message_kind] = outgoing.message.kind;
      after.fields[Tag::message_id] = outgoing.message.id;
      tx.record(std::move(after));
      return {};
    });
    if (delivery != Delivery::happened || !recorded) lost = outgoing.when_lost;
  }
  return lost;
}

}  // namespace anahtar::core
