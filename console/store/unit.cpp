// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/unit.h"

#include <algorithm>

#include "crypto/base64.h"
#include "crypto/random.h"
#include "store/blind_index.h"

namespace anahtar::store {

using core::Code;
using core::FailureError;
using core::tr;

std::string entry_context(const std::string& device, std::uint32_t incarnation, std::uint64_t seq, std::uint16_t tag) {
  return "entry|" + device + "|" + std::to_string(incarnation) + "|" + std::to_string(seq) + "|" + std::to_string(tag);
}

std::string owner_of_entry(const std::string& subject, const std::string& ticket, const std::string& site) {
  if (!subject.empty()) return subject;
  return ticket.empty() ? site : ticket;
}

Unit::Unit(Session& session, const SiteKeys& keys, DeviceLog& log, const std::string& site, core::Time now)
    : session_(session),
      keys_(keys),
      log_(log),
      site_(site),
      now_(now),
      sealer_(*this, session, keys),
      queries_(session, keys, sealer_) {}

crypto::Key Unit::UnitSealer::make_key(const std::string& owner) {
  const RowSpec& spec = spec_of<SealingKeyRow>();
  if (!unit_.session_.query(spec.version, {owner}, 1).empty())
    throw FailureError({Code::refused, tr("The data of this subject were erased; nothing new can be stored about them.")});
  return store_key(owner, false);
}

void Unit::UnitSealer::begin(const std::string& owner) { keep(owner, store_key(owner, true)); }

crypto::Key Unit::UnitSealer::store_key(const std::string& owner, bool fresh) {
  crypto::Key key = crypto::Key::random();
  unit_.put_row(spec_of<SealingKeyRow>(), owner, {wrap(owner, key)}, fresh);
  return key;
}

void Unit::put_row(const RowSpec& spec, const std::string& id, const Cells& values, bool fresh) {
  const auto stored = fresh ? std::nullopt : session_.scalar(spec.version, {id});
  const std::int64_t version = stored ? to_integer(*stored) + 1 : 1;
  const audit::Hash digest = digest_of(spec, id, version, values);
  session_.execute(
      "insert into audit_change (table_name, row_id, version, digest, device, incarnation, seq)"
      " values (:table_name, :row_id, :version, :digest, :device, :incarnation, :seq)",
      {spec.table, id, value_of(version), crypto::base64_encode(digest), log_.device(),
       value_of(std::int64_t{log_.incarnation()}), value_of(static_cast<std::int64_t>(log_.next_seq()))});
  std::vector<Value> parameters = values;
  parameters.push_back(value_of(version));
  parameters.push_back(id);
  session_.execute(stored ? spec.update : spec.insert, parameters);
  changes_.push_back({spec.table, id, static_cast<std::uint64_t>(version), digest});
}

template <class Entity>
void Unit::put(const Entity& value, const std::string& id, const std::string& owner, bool fresh) {
  RowWriter row(spec_of<Entity>(), id, owner, sealer_);
  write(value, row);
  put_row(spec_of<Entity>(), id, row.take(), fresh);
}

std::int64_t Unit::next_number(const RowSpec& spec) {
  const auto [last, unknown] = last_numbers_.try_emplace(&spec, 0);
  if (unknown) last->second = to_integer(*session_.scalar("select coalesce(max(" + spec.key + "), 0) from " + spec.table));
  return ++last->second;
}

template <class Entity, class Id>
void Unit::put_numbered(Entity& value, Id& id, const std::string& owner) {
  const bool fresh = id == 0;
  if (fresh) id = next_number(spec_of<Entity>());
  put(value, std::to_string(id), owner, fresh);
  if (!fresh) last_numbers_.erase(&spec_of<Entity>());  // a number that the caller chose may be the greatest now
}

void Unit::save(core::Operator& value) { put_numbered(value, value.id); }
void Unit::save(core::PortalAccount& value) { put(value, std::to_string(value.subscriber)); }
void Unit::save(core::Card& value) { put_numbered(value, value.id); }
void Unit::save(core::Certificate& value) { put_numbered(value, value.id); }
void Unit::save(core::Verification& value) { put_numbered(value, value.id); }
void Unit::save(core::MethodState& value) { put(value, method_state_id(value.subscriber, value.method)); }
void Unit::save(core::CodeChallenge& value) { put_numbered(value, value.id); }
void Unit::save(core::Opening& value) { put_numbered(value, value.id); }
void Unit::save(core::PolicyVersion& value) { put_numbered(value, value.number); }
void Unit::save(core::Approval& value) { put_numbered(value, value.number, owner_of(value.subscriber)); }
void Unit::save(core::CoolingOff& value) { put(value, std::to_string(value.subscriber)); }
void Unit::save(core::NumberChange& value) { put_numbered(value, value.id, owner_of(value.subscriber)); }
void Unit::save(core::CallPin& value) { put(value, std::to_string(value.subscriber)); }
void Unit::save(core::CardSecret& value) { put_numbered(value, value.id, owner_of(value.subscriber)); }
void Unit::save(core::CardSiteKey& value) { put(value, std::to_string(value.key_version), site_); }
void Unit::save(core::Recording& value) { put_numbered(value, value.id, owner_of(value.subscriber)); }
void Unit::save(const SiteRow& value) { put(value, value.id); }
void Unit::save(const DeviceRow& value) { put(value, value.id); }

void Unit::save(core::MessageContent& value) { put(value, value.message, owner_of(value.subscriber)); }

void Unit::save(core::OutboxMessage& value) {
  if (value.id.empty()) value.id = crypto::random_id();
  if (value.device.empty()) value.device = log_.device();
  put(value, value.id);
}

void Unit::save(core::ActionRunRow& value) {
  if (value.id.empty()) value.id = crypto::random_id();
  put(value, value.id);
}

void Unit::save(core::CallBack& value) {
  if (value.id.empty()) value.id = crypto::random_id();
  put(value, value.id, owner_of(value.subscriber));
}

void Unit::save(core::Subscriber& value) {
  const auto before = value.id == 0 ? std::nullopt : queries_.subscriber(value.id);
  if (before && value.pseudonym.empty()) value.pseudonym = before->pseudonym;
  if (before && value.pseudonym != before->pseudonym)
    throw FailureError({Code::internal, tr("A subscriber's pseudonym never changes. This is a defect.")});
  if (value.pseudonym.empty()) {
    value.pseudonym = crypto::random_id();
    sealer_.begin(value.pseudonym);
  }
  put_numbered(value, value.id, value.pseudonym);
  update_index(value, before);
}

void Unit::update_index(const core::Subscriber& value, const std::optional<core::Subscriber>& before) {
  const auto wanted = index_tokens(keys_.blind_index, value);
  const auto present = before ? index_tokens(keys_.blind_index, *before) : std::vector<IndexToken>();
  const auto apply = [&](const std::vector<IndexToken>& from, const std::vector<IndexToken>& without, const char* sql) {
    for (const IndexToken& token : from)
      if (!std::ranges::binary_search(without, token))
        session_.execute(sql, {token.kind, token.token, value_of(value.id)});
  };
  apply(present, wanted, "delete from subscriber_index where kind = :kind and token = :token and subscriber = :subscriber");
  apply(wanted, present, "insert into subscriber_index (kind, token, subscriber) values (:kind, :token, :subscriber)");
}

std::string Unit::owner_of(const core::Ticket& ticket) {
  return ticket.subscriber ? owner_of(*ticket.subscriber) : ticket.id;
}

std::string Unit::owner_of(core::SubscriberId subscriber) {
  auto pseudonym = queries_.pseudonym_of(subscriber);
  if (!pseudonym) throw FailureError({Code::not_found, tr("There is no subscriber {1}.", std::to_string(subscriber))});
  return *pseudonym;
}

void Unit::save(core::Ticket& value) {
  if (value.id.empty() && value.number != 0) value.id = queries_.ticket_id_of(value.number).value_or("");
  if (value.id.empty()) value.id = crypto::random_id();
  put_numbered(value, value.number, owner_of(value));
}

void Unit::save(core::TicketNote& value) {
  const auto ticket = queries_.ticket(value.ticket);
  if (!ticket) throw FailureError({Code::not_found, tr("There is no ticket {1}.", std::to_string(value.ticket))});
  put_numbered(value, value.id, owner_of(*ticket));
}

audit::Draft Unit::draft_of(const core::Record& record, std::uint64_t seq) {
  audit::Draft draft{.time = now_.time_since_epoch().count(),
                     .type = record.type,
                     .actor = record.actor,
                     .role = record.role,
                     .ticket = record.ticket,
                     .subject = record.subject,
                     .fields = {},
                     .changes = {},
                     .clock_step = {}};
  const std::string owner = owner_of_entry(record.subject, record.ticket, site_);
  for (const auto& [tag, value] : record.fields) {
    const auto number = static_cast<std::uint16_t>(tag);
    draft.fields.push_back(
        {number, core::is_sealed(tag)
                     ? sealer_.seal_bytes(owner, entry_context(log_.device(), log_.incarnation(), seq, number), value)
                     : crypto::bytes_of(value)});
  }
  return draft;
}

core::Result<> Unit::finish() {
  if (records_.empty() && !changes_.empty())
    return core::failure(Code::internal, tr("A change without an audit record was refused. This is a defect."));
  std::vector<audit::Draft> drafts;
  for (const core::Record& record : records_) drafts.push_back(draft_of(record, log_.next_seq() + drafts.size()));
  if (!changes_.empty()) drafts.front().changes = audit::changes_digest(changes_);
  for (audit::Draft& draft : drafts) log_.append(std::move(draft));
  return {};
}

}  // namespace anahtar::store
