// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "audit/local_head.h"
#include "audit/verifier.h"
#include "core/result.h"
#include "crypto/signature.h"

namespace anahtar::store {

/// Which machine this is: a hash of /etc/machine-id, or empty where there is none.
std::string this_machine();

/// The folder of one site's keys, `<config>/anahtar/sites/<site>/` (0700), all files 0600:
///   device.key   what must stay secret: the wrapping key and the signing seed of each incarnation; and the machine
///   pins         the device and the public keys of the logs that it trusts
///   head         the newest head that this device committed (audit/local_head.h)
///   database     where the database lies with which this device works
std::filesystem::path key_folder(const std::filesystem::path& config_folder, const std::string& site);

/// What a verification needs from the key folder; no secret. Empty when there is no folder.
struct Trust {
  std::optional<audit::Uuid> device;
  audit::Pins pins;
  std::optional<audit::LocalHead> local_head;
};
core::Result<Trust> read_trust(const std::filesystem::path& config_folder, const std::string& site);

/// One device's keys. Changes are written to disk before a call returns. One thread at a time; two processes may use
/// the same folder.
class Keyring {
 public:
  /// Makes a device for the site, with the signing key of incarnation 1.
  static core::Result<Keyring> create(const std::filesystem::path& config_folder, const std::string& site,
                                      const std::string& machine = this_machine());
  /// A failure when there is none, when it cannot be read, when others could read it, or when it is another machine's.
  static core::Result<Keyring> open(const std::filesystem::path& config_folder, const std::string& site,
                                    const std::string& machine = this_machine());

  const std::string& site() const { return site_; }
  const audit::Uuid& device() const { return device_; }
  std::string device_text() const { return audit::to_text(device_); }

  /// The signing key of an incarnation; reads the file again when another process may have made it. Null: none.
  std::shared_ptr<const crypto::SigningKey> signing_key(std::uint32_t incarnation);
  /// Makes the key of an incarnation, or gives the one that an interrupted start left.
  std::shared_ptr<const crypto::SigningKey> make_signing_key(std::uint32_t incarnation);
  /// The newest incarnation of this device that is known to have been committed; 0: none. A key alone may be of one that
  /// was not.
  std::uint32_t last_pinned() const;

  /// Keeps a site key for this device alone, as text; `purpose` is bound to it.
  std::string wrap(const crypto::Key& key, std::string_view purpose) const;
  core::Result<crypto::Key> unwrap(std::string_view wrapped, std::string_view purpose) const;

  /// Trusts the public key from now on. Throws FailureError when another one is pinned for this log.
  void pin(const audit::LogId& log, const crypto::PublicKey& key);

  audit::LocalHeadFile local_head() const { return audit::LocalHeadFile(folder_ / "head"); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Keyring() = default;
  void load();
  void save() const;

  std::filesystem::path folder_;
  std::string site_, machine_;
  audit::Uuid device_{};
  crypto::Key wrapping_;
  std::map<std::uint32_t, crypto::Key> seeds_;
};

}  // namespace anahtar::store
