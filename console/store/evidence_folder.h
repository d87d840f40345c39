// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <memory>

#include "core/ports.h"
#include "store/open_database.h"

namespace anahtar::store {

/// core::EvidenceFolder in the folder `<database>.evidence`, 0700, files 0600. A file is "AEV1" and then chunks of at most
/// 64 KiB of plaintext, each AES-256-GCM under a key derived from the subscriber's key and the file's name; the chunk's
/// place, and whether it is the last one, are its associated data, so that none can be moved, left out or cut off.
class SealedFolder : public core::EvidenceFolder {
 public:
  explicit SealedFolder(std::shared_ptr<OpenDatabase> shared);

  core::Result<Sealed> seal(core::SubscriberId subscriber, const std::filesystem::path& file,
                            std::int64_t largest) override;
  core::Result<> open(core::SubscriberId subscriber, const std::string& name, const std::string& sha256,
                      const std::filesystem::path& target) override;
  core::Result<std::string> read(core::SubscriberId subscriber, const std::string& name,
                                 const std::string& sha256) override;
  void drop(const std::string& name) override;

 private:
  /// Throws FailureError when the subscriber is unknown or their key was destroyed.
  void each_piece(core::SubscriberId subscriber, const std::string& name, const std::string& sha256,
                  const std::function<void(const crypto::Bytes&)>& take) const;
  crypto::Key key_of(core::SubscriberId subscriber, const std::string& name) const;

  std::shared_ptr<OpenDatabase> shared_;
  std::filesystem::path folder_;
};

}  // namespace anahtar::store
