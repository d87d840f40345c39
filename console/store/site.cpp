// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/site.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "audit/local_head.h"
#include "crypto/digest.h"
#include "crypto/base64.h"
#include "crypto/password.h"
#include "store/card_keys.h"
#include "store/evidence_folder.h"
#include "store/audit_log.h"
#include "store/log_source.h"
#include "store/mapping.h"
#include "store/migrations.h"
#include "store/private_file.h"
#include "store/reader.h"
#include "store/unit.h"
#include "store/vault.h"
#include "store/writer.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::failure;
using core::FailureError;
using core::tr;

constexpr char master_purpose[] = "master key";
constexpr char index_purpose[] = "index key";

std::int64_t microseconds(core::Time time) { return time.time_since_epoch().count(); }

audit::Genesis genesis_at(core::Time now, const crypto::PublicKey& key) {
  const auto tag = static_cast<std::uint16_t>(core::Tag::digest);
  return {.time = microseconds(now),
          .actor = {},
          .role = {},
          .fields = {{tag, crypto::bytes_of(crypto::hex_encode(crypto::sha256(key.bytes)))}},
          .acknowledged = {},
          .declared_restore = {}};
}

/// Commits what a new incarnation wrote; only then is its head remembered and its key trusted. In this order: where a key is
/// trusted, the head is known to have been there.
void commit_incarnation(DeviceLog& log, Keyring& keyring, WriteTransaction& transaction) {
  const audit::SignedHead head = log.sign();
  transaction.commit();
  const std::uint32_t incarnation = head.head.origin.incarnation;
  if (auto written = keyring.local_head().advance(audit::local_head_of(head)); !written)
    throw FailureError({Code::unavailable, tr("The file beside the keys that remembers the log's end cannot be written "
                                              "({1}). Check the disk and the permissions.",
                                              written.error())});
  keyring.pin({keyring.device(), incarnation}, keyring.signing_key(incarnation)->public_key());
}

void write_first_rows(Session& session, Keyring& keyring, core::Operator& administrator, core::Time now) {
  crypto::Key master = crypto::Key::random();
  const crypto::Key index = crypto::Key::random();
  const auto key = keyring.make_signing_key(audit::first_incarnation);
  const DeviceRow device{keyring.device_text(), audit::first_incarnation,          key->public_key().text(),
                         keyring.wrap(master, master_purpose), keyring.wrap(index, index_purpose), now};
  const SiteKeys keys(std::move(master), index);

  WriteTransaction transaction(session);
  DeviceLog log(session, keyring);
  log.begin_incarnation(audit::first_incarnation, genesis_at(now, key->public_key()));
  Unit unit(session, keys, log, keyring.site(), now);
  unit.save(SiteRow{keyring.site(), now});
  unit.save(device);
  unit.save(administrator);
  unit.record({.type = core::record_type::site_created, .actor = {}, .role = {}, .ticket = {}, .subject = {}});
  unit.record({.type = core::record_type::operator_added,
               .actor = {},
               .role = {},
               .ticket = {},
               .subject = {},
               .fields = {{core::Tag::operator_name, administrator.name},
                          {core::Tag::role, std::string(core::to_string(administrator.role))}}});
  core::value_or_throw(unit.finish());
  commit_incarnation(log, keyring, transaction);
}

std::string site_of(Session& session) {
  const auto id = session.scalar("select id from site");
  if (!id || !*id) throw FailureError({Code::invalid, tr("The database was never set up. Remove it and create one with \"anahtarctl init\".")});
  return **id;
}

DeviceRow device_row(Session& session, const Keyring& keyring, Sealer& sealer) {
  const RowSpec& spec = spec_of<DeviceRow>();
  const auto rows = session.query(spec.select + " where id = :id", {keyring.device_text()}, spec.width());
  if (rows.empty())
    throw FailureError({Code::not_found, tr("This desk is not enrolled in the database. Was the database replaced?")});
  return read_row<DeviceRow>(rows.front(), sealer);
}

SiteKeys site_keys(Session& session, const Keyring& keyring) {
  const SiteKeys none{crypto::Key{}, crypto::Key{}};
  Sealer sealer(session, none);
  const DeviceRow device = device_row(session, keyring, sealer);
  crypto::Key master = core::value_or_throw(keyring.unwrap(device.wrapped_master, master_purpose));
  return SiteKeys(std::move(master), core::value_or_throw(keyring.unwrap(device.wrapped_index, index_purpose)));
}

/// How the database stands against the head that this desk remembers.
struct Continuity {
  bool broken = false;
  std::optional<core::Text> alarm;
  bool rolled_back = false;  ///< an older copy, not another history
};

Continuity check_continuity(Session& session, Keyring& keyring, DeviceLog& log,
                            const std::optional<audit::LocalHead>& local) {
  const auto rolled_back = tr("The database is older than what this desk wrote to it: somebody put back an old copy. A new "
                              "part of the audit log was begun. Verify the audit log and find out who did it.");
  const auto forked = tr("The audit log in the database is another one than this desk wrote. A new part of the log was "
                         "begun. Keep both copies, verify the audit log and find out who did it.");
  const auto head = stored_head(session, keyring.device_text());
  if (head && !*head) return {true, rolled_back, true};
  try {
    log.synchronise();
  } catch (const FailureError& error) {
    if (error.failure.code != Code::not_intact) throw;
    return {true, error.failure.sentence};
  }
  if (!local) {
    if (keyring.last_pinned() == 0) return {};
    return {.alarm = tr("The file in {1} that remembers the log's end is gone or empty, so an old copy of the database would not "
                      "have been noticed. Find out who did it.",
                      keyring.folder().string())};
  }
  const audit::LogId id{keyring.device(), (*head)->head.origin.incarnation};
  const auto root_at = [&](std::uint64_t size) -> std::optional<audit::Hash> {
    const auto root = audit::root_at(size, stored_tiles(session, id));
    return root ? std::optional(*root) : std::nullopt;
  };
  switch (audit::compare(*local, (*head)->head, root_at)) {
    case audit::HeadRelation::equal:
    case audit::HeadRelation::behind: return {};
    case audit::HeadRelation::ahead: return {true, rolled_back, true};
    case audit::HeadRelation::forked: return {true, forked};
  }
  return {};
}

std::uint32_t newest_incarnation(Session& session, const Keyring& keyring, const std::optional<audit::LocalHead>& local) {
  const auto stored = session.scalar("select coalesce(max(incarnation), 0) from audit_entry where device = :device",
                                     {keyring.device_text()});
  const auto in_database = static_cast<std::uint32_t>(to_integer(*stored));
  return std::max({in_database, local ? local->incarnation : 0, keyring.last_pinned()});
}

/// A restore that somebody declares.
struct Declared {
  Declarer by;
  std::string reason;
};

void begin_again(Session& session, Keyring& keyring, const SiteKeys& keys, DeviceLog& log,
                 const std::optional<audit::LocalHead>& local, WriteTransaction& transaction, core::Time now,
                 const std::optional<Declared>& declared = {}) {
  const std::uint32_t incarnation = newest_incarnation(session, keyring, local) + 1;
  const auto key = keyring.make_signing_key(incarnation);
  audit::Genesis genesis = genesis_at(now, key->public_key());
  auto acknowledged = local ? audit::parse_head(local->note) : std::unexpected(std::string());
  if (!acknowledged) {
    const auto head = stored_head(session, keyring.device_text());
    if (head && *head) acknowledged = **head;
  }
  if (acknowledged) genesis.acknowledged = std::move(*acknowledged);
  if (declared) {
    genesis.actor = declared->by.name;
    genesis.role = declared->by.role;
    genesis.declared_restore = "declared";  // the reason may name people, so it is in a record that seals it
  }
  log.begin_incarnation(incarnation, genesis);
  Unit unit(session, keys, log, keyring.site(), now);
  if (declared)
    unit.record({.type = "device.restore_declared", .actor = declared->by.name, .role = declared->by.role, .ticket = {},
                 .subject = {}, .fields = {{core::Tag::reason, declared->reason}}});
  Sealer sealer(session, keys);
  DeviceRow device = device_row(session, keyring, sealer);
  device.incarnation = incarnation;
  device.public_key = key->public_key().text();
  unit.save(device);
  unit.record({.type = "device.key_changed", .actor = {}, .role = {}, .ticket = {}, .subject = {}});
  core::value_or_throw(unit.finish());
  commit_incarnation(log, keyring, transaction);
}

FailureError unreadable_memory(const Keyring& keyring, const std::string& why) {
  return FailureError({Code::not_intact, tr("The file in {1} that remembers the log's end cannot be read ({2}).",
                                            keyring.folder().string(), why)});
}

/// Takes up this device's log, or begins a new incarnation of it when the database is not what the desk remembers.
std::vector<core::Text> take_up_log(Session& session, Keyring& keyring, const SiteKeys& keys, core::Time now) {
  WriteTransaction transaction(session);
  const auto local = keyring.local_head().read();
  if (!local) throw unreadable_memory(keyring, local.error());
  DeviceLog log(session, keyring);
  const Continuity continuity = check_continuity(session, keyring, log, *local);
  if (continuity.broken) {
    begin_again(session, keyring, keys, log, *local, transaction, now);
    return {*continuity.alarm};
  }
  const auto head = core::value_or_throw(stored_head(session, keyring.device_text()));
  const std::uint32_t incarnation = head->head.origin.incarnation;
  if (const auto written = keyring.local_head().advance(audit::local_head_of(*head)); !written)
    throw unreadable_memory(keyring, written.error());
  keyring.pin({keyring.device(), incarnation}, keyring.signing_key(incarnation)->public_key());  // after the head, as above
  if (continuity.alarm) return {*continuity.alarm};
  return {};
}

bool holds_site(const std::filesystem::path& file, const std::string& site) {
  try {
    const Trust none;
    return SqliteLogSource(file, none, 0).site() == site;
  } catch (const FailureError&) {
    return false;  // there is none, or it is another program's
  }
}

std::filesystem::path memory_of_database(const std::filesystem::path& keys) { return keys / "database"; }

/// Work on a copy would move the keys' memory of the log on, and the database that it was copied from would look rolled back
/// for ever. One that was moved is followed.
void require_no_copy(const std::filesystem::path& file, const Keyring& keyring) {
  const auto memory = memory_of_database(keyring.folder());
  const std::string here = std::filesystem::canonical(file).string();
  const auto remembered = read_private_file(memory);
  const std::string there(remembered ? remembered->expose() : std::string_view());
  if (there == here) return;
  std::error_code ignored;
  if (!there.empty() && !std::filesystem::equivalent(there, here, ignored) && holds_site(there, keyring.site()))
    throw FailureError({Code::conflict, tr("This is a copy: the desk works with {1}, which is there. \"anahtarctl audit verify\" reads a "
                                           "copy; to work with it, put it in that place.",
                                           there)});
  write_private_file(memory, here);
}

/// This desk's keys for a database that is its own, with the schema of this program.
Keyring take_database(Session& session, const std::filesystem::path& file, const std::filesystem::path& config_folder) {
  const SchemaState state = schema_state(session);
  if (state == SchemaState::empty)
    throw FailureError({Code::invalid, tr("The database was never set up. Remove it and create one with \"anahtarctl init\".")});
  Keyring keyring = core::value_or_throw(Keyring::open(config_folder, site_of(session)));
  require_no_copy(file, keyring);
  session.run_script(sqlite::write_ahead);
  if (state == SchemaState::older) migrate(session);
  return keyring;
}

core::Result<> taken(const std::filesystem::path& file) {
  return failure(Code::conflict, tr("There is a file at {1} already. Nothing was changed.", file.string()));
}

/// An empty file beside the place of the database, where it is made.
std::filesystem::path make_draft(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::string draft = file.string() + ".XXXXXX";
  const int made = ::mkostemp(draft.data(), O_CLOEXEC);
  if (made < 0)
    throw FailureError({Code::unavailable, tr("The database {1} cannot be created. Check the folder's permissions.", file.string())});
  ::close(made);
  return draft;
}

/// Of two who create the same database at once, one gets the name. A link is not followed.
core::Result<> give_name(const std::filesystem::path& draft, const std::filesystem::path& file) {
  if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno == EEXIST) return taken(file);
  return failure(Code::unavailable, tr("The database {1} cannot be created. Check the folder's permissions.", file.string()));
}

void remove_database(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix, ignored);
}

/// All of it in the file when this returns.
void make_database(const std::filesystem::path& file, const std::filesystem::path& config_folder, const std::string& site,
                   core::Operator& first_administrator, core::Time now) {
  Session session(file, sqlite::Access::create);
  migrate(session);
  auto keyring = Keyring::create(config_folder, site);
  if (!keyring) throw FailureError(keyring.error());
  write_first_rows(session, *keyring, first_administrator, now);
}

}  // namespace

core::Result<> create_site(const std::string& url, const std::filesystem::path& config_folder,
                           core::Operator first_administrator, const core::Clock& clock, const Fill& fill) {
  return core::guarded([&]() -> core::Result<> {
    const auto file = core::value_or_throw(file_of_url(url));
    std::error_code unknown;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, unknown))) return taken(file);
    const auto draft = make_draft(file);
    const std::string site = audit::to_text(audit::random_uuid());
    try {
      if (first_administrator.created == core::Time{}) first_administrator.created = clock.now();
      make_database(draft, config_folder, site, first_administrator, clock.now());
      if (fill) core::value_or_throw(fill("sqlite://" + draft.string()));
      write_private_file(memory_of_database(key_folder(config_folder, site)), std::filesystem::weakly_canonical(file).string());
      core::value_or_throw(give_name(draft, file));
      return {};
    } catch (...) {
      remove_database(draft);
      std::filesystem::remove_all(key_folder(config_folder, site), unknown);  // keys of nothing
      throw;
    }
  });
}

core::Result<Site> open_site(const std::string& url, const std::filesystem::path& config_folder,
                             const core::Clock& clock) {
  return core::guarded([&]() -> core::Result<Site> {
    const auto file = core::value_or_throw(file_of_url(url));
    Session session(file, sqlite::Access::read_write);
    Keyring keyring = take_database(session, file, config_folder);
    SiteKeys keys = site_keys(session, keyring);
    Site site;
    site.id = keyring.site();
    site.alarms = take_up_log(session, keyring, keys, clock.now());
    auto shared =
        std::make_shared<OpenDatabase>(file, config_folder, std::move(keyring), std::move(keys), clock);
    site.reader = std::make_shared<StoreReader>(shared);
    site.writer = std::make_shared<StoreWriter>(shared);
    site.audit_log = std::make_shared<StoreAuditLog>(shared);
    site.vault = std::make_shared<StoreVault>(shared);
    site.evidence = std::make_shared<SealedFolder>(shared);
    site.card_keys = std::make_shared<StoreCardKeys>(shared);
    return site;
  });
}

core::Result<> declare_restore(const std::string& url, const std::filesystem::path& config_folder, const core::Clock& clock,
                               const std::string& reason, const AskDeclarer& ask) {
  return core::guarded([&]() -> core::Result<> {
    const auto file = core::value_or_throw(file_of_url(url));
    Session session(file, sqlite::Access::read_write);
    Keyring own = take_database(session, file, config_folder);
    SiteKeys own_keys = site_keys(session, own);
    const auto shared = std::make_shared<OpenDatabase>(file, config_folder, std::move(own), std::move(own_keys), clock);
    Keyring& keyring = shared->keyring;
    const SiteKeys& keys = shared->keys;
    StoreReader reader(shared);
    StoreVault vault(shared);
    const Declarer by = core::value_or_throw(ask(reader, vault));
    WriteTransaction transaction(session);
    const auto local = keyring.local_head().read();
    if (!local) throw unreadable_memory(keyring, local.error());
    DeviceLog log(session, keyring);
    if (!check_continuity(session, keyring, log, *local).rolled_back)
      return failure(Code::conflict, tr("The database is not older than what this desk wrote to it. There is no restore to declare, or "
                                        "it was opened before it was declared."));
    begin_again(session, keyring, keys, log, *local, transaction, clock.now(), Declared{by, reason});
    return {};
  });
}

core::Result<core::AuditReport> verify_site(const std::string& url, const std::filesystem::path& config_folder,
                                            const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                            std::stop_token stop) {
  return core::guarded([&]() -> core::Result<core::AuditReport> {
    return verify_file(core::value_or_throw(file_of_url(url)), config_folder, progress, std::move(stop));
  });
}

std::string hash_password(const core::Secret& password) { return crypto::hash_password(password); }

}  // namespace anahtar::store
