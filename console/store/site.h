// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ports.h"
#include "core/result.h"

/// The desk's database and its keys, behind core's ports. The only SQL in the program.
namespace anahtar::store {

/// An open site. The parts share what is behind them, so they may outlive this value; the database closes with the
/// last of them.
struct Site {
  std::shared_ptr<core::Reader> reader;
  std::shared_ptr<core::Writer> writer;
  std::shared_ptr<core::AuditLog> audit_log;
  std::shared_ptr<core::Vault> vault;
  std::shared_ptr<core::EvidenceFolder> evidence;
  std::shared_ptr<core::CardKeys> card_keys;
  std::string id;  ///< UUID of the site
  /// What was wrong when it was opened and did not stop it: the database was rolled back, or its log was forked. Show
  /// these to whoever signs in; `AuditLog::verify` says the same.
  std::vector<core::Text> alarms;
};

/// Databases are named by URL: `sqlite:///absolute/path.db`. Keys lie below `config_folder` (the XDG configuration
/// folder, e.g. ~/.config) in anahtar/sites/<site>/, readable by their owner alone.

/// What is put into a new database before anybody else sees it.
using Fill = std::function<core::Result<>(const std::string& url)>;

/// Makes the database (there must be no such file; its folder is made), this device's keys, and the first administrator,
/// with the entries that say so. `first_administrator.password_hash` comes from `hash_password`. It is made beside its
/// place and named once it is whole, so that a full disk or a power cut leaves no half of one.
core::Result<> create_site(const std::string& url, const std::filesystem::path& config_folder,
                           core::Operator first_administrator, const core::Clock& clock, const Fill& fill = {});

/// Opens an existing site as this device, applying newer migrations. `clock` outlives the site.
core::Result<Site> open_site(const std::string& url, const std::filesystem::path& config_folder,
                             const core::Clock& clock);

/// Whoever says that a back-up was put back, as the log keeps it.
struct Declarer {
  std::string name, role;
};
/// Asked before anything is written, of the database as it was put back; a failure is the end of it.
using AskDeclarer = std::function<core::Result<Declarer>(core::Reader&, core::Vault&)>;

/// The database at `url` is a back-up that was put back in the place of a lost one, and somebody says so before any other
/// program opens it: the log goes on in a new incarnation, whose signed beginning names them and the reason. What the
/// back-up does not have is named by every verification from then on, and excused. Code::conflict when the database is
/// not older than what this desk remembers.
core::Result<> declare_restore(const std::string& url, const std::filesystem::path& config_folder, const core::Clock& clock,
                               const std::string& reason, const AskDeclarer& ask);

/// Verifies the audit log. Writes nothing, neither to the database nor to the configuration folder; needs no sign-in,
/// works on a read-only file, and without keys it gives the verdict `unverifiable` with what it could check.
core::Result<core::AuditReport> verify_site(const std::string& url, const std::filesystem::path& config_folder,
                                            const std::function<void(std::uint64_t, std::uint64_t)>& progress = {},
                                            std::stop_token stop = {});

/// What `Operator::password_hash` holds; for the first administrator, when there is no vault yet.
std::string hash_password(const core::Secret& password);

}  // namespace anahtar::store
