// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>

#include "audit/appender.h"
#include "audit/verifier.h"
#include "core/ports.h"
#include "store/keyring.h"
#include "store/session.h"

namespace anahtar::store {

/// The tiles of a log as they lie in the database, the unfinished one from the entries.
audit::TileReader stored_tiles(Session& session, audit::LogId log);

/// The newest head of the device's newest incarnation; nothing when the device has no log. A failure when the stored
/// note cannot be read.
core::Result<std::optional<audit::SignedHead>> stored_head(Session& session, const std::string& device);

/// This device's own log, written inside the caller's write transaction. One thread at a time.
class DeviceLog {
 public:
  DeviceLog(Session& session, Keyring& keyring) : session_(session), keyring_(keyring) {}

  /// Takes up where the database stands; cheap when nobody else wrote since. Call it first in every transaction.
  /// Throws FailureError(not_intact) when the log does not agree with its own head.
  void synchronise();
  /// Begins a new incarnation; its entry at seq 0.
  void begin_incarnation(std::uint32_t incarnation, const audit::Genesis& genesis);

  std::string device() const { return keyring_.device_text(); }
  std::uint32_t incarnation() const { return appender_->origin().incarnation; }
  std::uint64_t next_seq() const { return appender_->size(); }
  void append(audit::Draft draft);
  /// Signs what was appended and stores the head.
  audit::SignedHead sign();

  /// For a savepoint: what was appended since can be forgotten again.
  audit::Appender mark() const { return *appender_; }
  void go_back_to(audit::Appender mark) { appender_.emplace(std::move(mark)); }
  /// After a transaction that failed: the memory is no longer what the database holds.
  void forget() { appender_.reset(); }

 private:
  void store(const audit::Appended& appended);
  void load(const audit::SignedHead& head);

  Session& session_;
  Keyring& keyring_;
  std::optional<audit::Appender> appender_;
  bool head_stored_ = false;  ///< whether this incarnation has its line of audit_head
};

}  // namespace anahtar::store
