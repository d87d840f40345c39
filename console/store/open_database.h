// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <mutex>
#include <string>

#include "core/clock.h"
#include "store/database.h"
#include "store/keyring.h"
#include "store/sealer.h"

namespace anahtar::store {

/// What the parts of an open site share.
struct OpenDatabase {
  OpenDatabase(std::filesystem::path file, std::filesystem::path config, Keyring ring, SiteKeys site_keys,
               const core::Clock& the_clock)
      : database(std::move(file)),
        config_folder(std::move(config)),
        keyring(std::move(ring)),
        keys(std::move(site_keys)),
        clock(the_clock) {}

  Database database;
  std::filesystem::path config_folder;
  Keyring keyring;  ///< used by the writer's thread alone, once the site is open
  SiteKeys keys;
  const core::Clock& clock;
};

}  // namespace anahtar::store
