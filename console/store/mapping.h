// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "core/model.h"
#include "store/rows.h"

/// How each entity lies in its table. To add one: a spec, `write`, `read`, and its line in `row_specs`.
namespace anahtar::store {

/// Keys of the site that no entity of core shows.
struct SiteRow {
  std::string id;
  core::Time created{};
};

struct DeviceRow {
  std::string id;
  std::int64_t incarnation = 0;
  std::string public_key, wrapped_master, wrapped_index;
  core::Time enrolled{};
};

struct SealingKeyRow {
  std::string owner, wrapped;
};

/// Every sensitive table, in the order of the schema.
const std::vector<const RowSpec*>& row_specs();

template <class Entity>
const RowSpec& spec_of();

void write(const SiteRow& value, RowWriter& row);
void write(const DeviceRow& value, RowWriter& row);
void write(const SealingKeyRow& value, RowWriter& row);
void write(const core::Operator& value, RowWriter& row);
void write(const core::Subscriber& value, RowWriter& row);
void write(const core::PortalAccount& value, RowWriter& row);
void write(const core::Card& value, RowWriter& row);
void write(const core::Certificate& value, RowWriter& row);
void write(const core::Ticket& value, RowWriter& row);
void write(const core::TicketNote& value, RowWriter& row);
void write(const core::Verification& value, RowWriter& row);
void write(const core::MethodState& value, RowWriter& row);
void write(const core::CodeChallenge& value, RowWriter& row);
void write(const core::Opening& value, RowWriter& row);
void write(const core::ActionRunRow& value, RowWriter& row);
void write(const core::PolicyVersion& value, RowWriter& row);
void write(const core::Approval& value, RowWriter& row);
void write(const core::CoolingOff& value, RowWriter& row);
void write(const core::NumberChange& value, RowWriter& row);
void write(const core::OutboxMessage& value, RowWriter& row);
void write(const core::MessageContent& value, RowWriter& row);
void write(const core::CallPin& value, RowWriter& row);
void write(const core::CallBack& value, RowWriter& row);
void write(const core::Recording& value, RowWriter& row);
void write(const core::CardSecret& value, RowWriter& row);
void write(const core::CardSiteKey& value, RowWriter& row);

void read(DeviceRow& value, RowReader& row);
void read(core::Operator& value, RowReader& row);
void read(core::Subscriber& value, RowReader& row);
void read(core::PortalAccount& value, RowReader& row);
void read(core::Card& value, RowReader& row);
void read(core::Certificate& value, RowReader& row);
void read(core::Ticket& value, RowReader& row);
void read(core::TicketNote& value, RowReader& row);
void read(core::Verification& value, RowReader& row);
void read(core::MethodState& value, RowReader& row);
void read(core::CodeChallenge& value, RowReader& row);
void read(core::Opening& value, RowReader& row);
void read(core::ActionRunRow& value, RowReader& row);
void read(core::PolicyVersion& value, RowReader& row);
void read(core::Approval& value, RowReader& row);
void read(core::CoolingOff& value, RowReader& row);
void read(core::NumberChange& value, RowReader& row);
void read(core::OutboxMessage& value, RowReader& row);
void read(core::MessageContent& value, RowReader& row);
void read(core::CallPin& value, RowReader& row);
void read(core::CallBack& value, RowReader& row);
void read(core::Recording& value, RowReader& row);
void read(core::CardSecret& value, RowReader& row);
void read(core::CardSiteKey& value, RowReader& row);

template <class Entity>
Entity read_row(const Cells& cells, Sealer& sealer) {
  Entity value;
  RowReader reader(spec_of<Entity>(), cells, sealer);
  read(value, reader);
  return value;
}

/// The key of a method's state: "subscriber/method".
std::string method_state_id(core::SubscriberId subscriber, std::string_view method);

}  // namespace anahtar::store
