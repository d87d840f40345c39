// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/appender.h"

#include <algorithm>
#include <stdexcept>

#include "audit/wire.h"

namespace anahtar::audit {
namespace {

void require_own_tags_unused(const std::vector<Field>& fields) {
  if (std::ranges::any_of(fields, [](const Field& field) { return field.tag < tag::first_plain; }))
    throw std::invalid_argument("tags below 0100 belong to the log itself");
}

Bytes number(std::int64_t value) {
  Bytes bytes;
  wire::put(bytes, value);
  return bytes;
}

void sort_by_tag(std::vector<Field>& fields) { std::ranges::sort(fields, {}, &Field::tag); }

}  // namespace

Appender::Appender(Origin origin, std::shared_ptr<const crypto::SigningKey> key, TileBuilder tree)
    : origin_(std::move(origin)), key_(std::move(key)), tree_(std::move(tree)) {}

Appender Appender::fresh(Origin origin, std::shared_ptr<const crypto::SigningKey> key) {
  return Appender(std::move(origin), std::move(key), TileBuilder());
}

Result<Appender> Appender::resume(LogState state, std::shared_ptr<const crypto::SigningKey> key, TileReader stored) {
  const TreeHead& head = state.head.head;
  if (head.size == 0 || state.frontier.begin() != 0 || state.frontier.end() != head.size ||
      state.frontier.root() != head.root)
    return std::unexpected("the stored frontier does not agree with the signed head");
  if (!verify_head(state.head, key->public_key()))
    return std::unexpected("the stored head is not signed with this device's key");
  if (!state.partial_leaves.empty() && state.partial_leaves.back() != state.last_leaf)
    return std::unexpected("the last entry does not agree with the stored tree");
  try {
    Appender appender(head.origin, std::move(key),
                      TileBuilder(std::move(state.frontier), std::move(state.partial_leaves), std::move(stored)));
    appender.last_leaf_ = state.last_leaf;
    appender.last_time_ = state.last_time;
    appender.last_head_ = std::move(state.head);
    return appender;
  } catch (const std::invalid_argument& mismatch) {
    return std::unexpected(mismatch.what());
  }
}

Appended Appender::open(const Genesis& genesis) {
  if (size() != 0) throw std::logic_error("this incarnation is open already");
  if (origin_.incarnation > first_incarnation && !genesis.acknowledged)
    throw std::invalid_argument("a later incarnation quotes the head of the one before");
  require_own_tags_unused(genesis.fields);
  Entry entry;
  entry.time = genesis.time;
  entry.type = genesis_type;
  entry.actor = genesis.actor;
  entry.role = genesis.role;
  entry.fields = genesis.fields;
  entry.fields.push_back({tag::public_key, crypto::bytes_of(key_->public_key().text())});
  if (genesis.acknowledged)
    entry.fields.push_back({tag::acknowledged_head, crypto::bytes_of(genesis.acknowledged->note)});
  if (genesis.declared_restore)
    entry.fields.push_back({tag::declared_restore, crypto::bytes_of(*genesis.declared_restore)});
  return add(std::move(entry));
}

Appended Appender::append(Draft draft) {
  if (size() == 0) throw std::logic_error("an incarnation begins with open()");
  require_own_tags_unused(draft.fields);
  if (!draft.clock_step && last_time_ && draft.time < *last_time_) draft.clock_step = draft.time - *last_time_;
  Entry entry;
  entry.time = draft.time;
  entry.type = std::move(draft.type);
  entry.actor = std::move(draft.actor);
  entry.role = std::move(draft.role);
  entry.ticket = std::move(draft.ticket);
  entry.subject = std::move(draft.subject);
  entry.fields = std::move(draft.fields);
  if (commit_begins_ && last_head_) entry.fields.push_back({tag::previous_head_signature, last_head_->signature});
  if (draft.changes) entry.fields.push_back({tag::changes_digest, Bytes(draft.changes->begin(), draft.changes->end())});
  if (draft.clock_step) entry.fields.push_back({tag::clock_step, number(*draft.clock_step)});
  return add(std::move(entry));
}

Appended Appender::add(Entry entry) {
  entry.device = origin_.device;
  entry.incarnation = origin_.incarnation;
  entry.seq = size();
  entry.previous = last_leaf_;
  sort_by_tag(entry.fields);
  Appended appended;
  appended.bytes = encode(entry);
  appended.leaf = leaf_hash(appended.bytes);
  appended.finished = tree_.append(appended.leaf);
  last_leaf_ = appended.leaf;
  last_time_ = entry.time;
  commit_begins_ = false;
  appended.entry = std::move(entry);
  return appended;
}

SignedHead Appender::sign_head() {
  if (size() == 0) throw std::logic_error("an empty log has no head");
  last_head_ = sign(TreeHead{origin_, size(), tree_.root()}, *key_);
  commit_begins_ = true;
  return *last_head_;
}

}  // namespace anahtar::audit
