// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/device_log.h"

#include "crypto/base64.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::FailureError;
using core::tr;

[[noreturn]] void not_intact() {
  throw FailureError(
      {Code::not_intact, tr("This desk's audit log is not what its signed head says. Verify the audit log.")});
}

audit::Hash hash_from(const Value& base64) {
  const auto bytes = crypto::base64_decode(base64.value_or(""));
  audit::Hash hash{};
  if (!bytes || bytes->size() != hash.size()) not_intact();
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

Value value_of_count(std::uint64_t count) { return value_of(static_cast<std::int64_t>(count)); }

std::vector<audit::Hash> leaf_hashes(Session& session, const audit::LogId& log, std::uint64_t first, std::uint64_t end) {
  std::vector<audit::Hash> hashes;
  const auto rows = session.query(
      "select leaf_hash from audit_entry where device = :device and incarnation = :incarnation and seq >= :first"
      " and seq < :end order by seq",
      {audit::to_text(log.device), value_of(std::int64_t{log.incarnation}), value_of_count(first), value_of_count(end)}, 1);
  for (const Cells& row : rows) hashes.push_back(hash_from(row[0]));
  return hashes;
}

}  // namespace

audit::TileReader stored_tiles(Session& session, audit::LogId log) {
  return [&session, log](unsigned level, std::uint64_t index) -> std::optional<std::vector<audit::Hash>> {
    const auto tile = session.scalar(
        "select hashes from audit_tile where device = :device and incarnation = :incarnation and level = :level"
        " and position = :position",
        {audit::to_text(log.device), value_of(std::int64_t{log.incarnation}), value_of(std::int64_t{level}),
         value_of_count(index)});
    if (tile) {
      const auto bytes = crypto::base64_decode(tile->value_or(""));
      return bytes ? audit::Tile::parse(*bytes) : std::nullopt;
    }
    if (level != 0) return std::nullopt;
    auto leaves = leaf_hashes(session, log, index * audit::Tile::width, (index + 1) * audit::Tile::width);
    if (leaves.empty()) return std::nullopt;
    return leaves;
  };
}

core::Result<std::optional<audit::SignedHead>> stored_head(Session& session, const std::string& device) {
  const auto note = session.scalar(
      "select note from audit_head where device = :device order by incarnation desc limit 1", {device});
  if (!note) return std::nullopt;
  auto head = audit::parse_head(note->value_or(""));
  if (!head)
    return core::failure(Code::not_intact, tr("The signed head of the audit log cannot be read. Verify the audit log."));
  return std::move(*head);
}

void DeviceLog::synchronise() {
  const auto head = core::value_or_throw(stored_head(session_, keyring_.device_text()));
  if (!head) not_intact();
  if (appender_ && appender_->last_head() && *appender_->last_head() == *head) return;
  load(*head);
}

void DeviceLog::load(const audit::SignedHead& head) {
  const audit::LogId log{keyring_.device(), head.head.origin.incarnation};
  const auto key = keyring_.signing_key(log.incarnation);
  if (!key || head.head.size == 0 || head.head.origin.site != keyring_.site()) not_intact();

  audit::LogState state;
  state.head = head;
  const auto tiles = stored_tiles(session_, log);
  auto frontier = audit::frontier_at(head.head.size, tiles);
  if (!frontier) not_intact();
  state.frontier = std::move(*frontier);
  const std::uint64_t partial = head.head.size % audit::Tile::width;
  state.partial_leaves = leaf_hashes(session_, log, head.head.size - partial, head.head.size);
  const auto last = session_.query(
      "select seq, time, leaf_hash from audit_entry where device = :device and incarnation = :incarnation"
      " order by seq desc limit 1",
      {keyring_.device_text(), value_of(std::int64_t{log.incarnation})}, 3);
  if (last.empty() || to_integer(last[0][0]) + 1 != static_cast<std::int64_t>(head.head.size)) not_intact();
  state.last_time = to_integer(last[0][1]);
  state.last_leaf = hash_from(last[0][2]);
  auto appender = audit::Appender::resume(std::move(state), key, tiles);
  if (!appender) not_intact();
  appender_.emplace(std::move(*appender));
  head_stored_ = true;
}

void DeviceLog::begin_incarnation(std::uint32_t incarnation, const audit::Genesis& genesis) {
  appender_.emplace(audit::Appender::fresh({keyring_.site(), keyring_.device(), incarnation},
                                           keyring_.make_signing_key(incarnation)));
  head_stored_ = false;
  store(appender_->open(genesis));
}

void DeviceLog::append(audit::Draft draft) { store(appender_->append(std::move(draft))); }

void DeviceLog::store(const audit::Appended& appended) {
  const audit::Entry& entry = appended.entry;
  const std::string device = keyring_.device_text();
  session_.execute(
      "insert into audit_entry (device, incarnation, seq, time, type, actor, ticket, subject, leaf_hash, bytes)"
      " values (:device, :incarnation, :seq, :time, :type, :actor, :ticket, :subject, :leaf_hash, :bytes)",
      {device, value_of(std::int64_t{entry.incarnation}), value_of_count(entry.seq), value_of(entry.time), entry.type,
       entry.actor, entry.ticket, entry.subject, crypto::base64_encode(appended.leaf),
       crypto::base64_encode(appended.bytes)});
  for (const audit::Tile& tile : appended.finished)
    session_.execute(
        "insert into audit_tile (device, incarnation, level, position, hashes)"
        " values (:device, :incarnation, :level, :position, :hashes)",
        {device, value_of(std::int64_t{entry.incarnation}), value_of(std::int64_t{tile.level}),
         value_of_count(tile.index), crypto::base64_encode(tile.bytes())});
}

audit::SignedHead DeviceLog::sign() {
  audit::SignedHead head = appender_->sign_head();
  const Value size = value_of_count(head.head.size), incarnation_text = value_of(std::int64_t{incarnation()});
  if (head_stored_)
    session_.execute(
        "update audit_head set size = :size, note = :note where device = :device and incarnation = :incarnation",
        {size, head.note, keyring_.device_text(), incarnation_text});
  else
    session_.execute(
        "insert into audit_head (size, note, device, incarnation) values (:size, :note, :device, :incarnation)",
        {size, head.note, keyring_.device_text(), incarnation_text});
  head_stored_ = true;
  return head;
}

}  // namespace anahtar::store
