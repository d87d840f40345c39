// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <optional>

#include "audit/entry.h"
#include "audit/head.h"
#include "audit/merkle.h"

namespace anahtar::audit {

/// What the writer has to say; the appender adds device, incarnation, seq, previous hash and the log's own fields.
struct Draft {
  std::int64_t time = 0;  ///< µs since the epoch, UTC
  std::string type, actor, role, ticket, subject;
  std::vector<Field> fields;               ///< tags from tag::first_plain on; sorted here, none twice
  std::optional<Hash> changes;             ///< changes_digest() of what this entry changes
  std::optional<std::int64_t> clock_step;  ///< when the caller noticed one; a step backwards is noticed here as well
};

/// One appended entry, ready to be stored in the transaction of its action.
struct Appended {
  Entry entry;
  Bytes bytes;
  Hash leaf{};
  std::vector<Tile> finished;  ///< tiles to store beside it, mostly none
};

/// Why an incarnation begins (its entry at seq 0).
struct Genesis {
  std::int64_t time = 0;
  std::string actor, role;
  std::vector<Field> fields;                    ///< as in Draft; the public key is added
  std::optional<SignedHead> acknowledged;       ///< needed for every incarnation after the first
  std::optional<std::string> declared_restore;  ///< the reason, when a restore was declared
};

/// Where a log stands, as it is read back under the writer's lock.
struct LogState {
  SignedHead head;                   ///< the last one; head.size > 0
  CompactRange frontier;             ///< of head.size leaves
  std::vector<Hash> partial_leaves;  ///< the leaf hashes of the last head.size % 256 entries
  Hash last_leaf{};
  std::int64_t last_time = 0;
};

/// Appends to one device log in memory; no database, no clock. A commit is: append() once or more, sign_head(), store
/// all of it in one transaction. When the transaction fails, drop the appender and resume from the database. Not
/// thread-safe.
class Appender {
 public:
  /// A new incarnation. Call open() next.
  static Appender fresh(Origin origin, std::shared_ptr<const crypto::SigningKey> key);
  /// Goes on with a stored log. A failure when the state does not agree with its own head or the key is not the head's.
  static Result<Appender> resume(LogState state, std::shared_ptr<const crypto::SigningKey> key, TileReader stored);

  Appended open(const Genesis& genesis);
  Appended append(Draft draft);

  /// Signs the tree as it stands; the next append() begins the next commit and carries this signature.
  SignedHead sign_head();

  const Origin& origin() const { return origin_; }
  std::uint64_t size() const { return tree_.size(); }
  const CompactRange& frontier() const { return tree_.frontier(); }
  const std::optional<SignedHead>& last_head() const { return last_head_; }

 private:
  Appender(Origin origin, std::shared_ptr<const crypto::SigningKey> key, TileBuilder tree);
  Appended add(Entry entry);

  Origin origin_;
  std::shared_ptr<const crypto::SigningKey> key_;
  TileBuilder tree_;
  Hash last_leaf_{};
  std::optional<std::int64_t> last_time_;
  std::optional<SignedHead> last_head_;
  bool commit_begins_ = true;
};

}  // namespace anahtar::audit
