// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/services.h"

namespace anahtar::store {
struct Site;
}

namespace anahtar::app {

/// The program without its front end: the database, the plugins and the desk, built and connected. Lives as long as
/// the front end that uses its services.
class Backend {
 public:
  /// Opens the site at this URL as this machine's device. A failure is for the person who started the program.
  static core::Result<std::unique_ptr<Backend>> open(const std::string& url);
  ~Backend();

  core::Services& services();
  /// This process stays: from now on it sends what waits in the outbox and looks after the gateways. Without it the
  /// outbox begins with the first message that this process queues.
  void stay();
  /// Records what the clock has brought about; a process that stays does so by itself.
  void keep_house();
  /// What was found wrong with the database and did not stop it from opening.
  const std::vector<sdk::Text>& alarms() const;

 private:
  struct Parts;
  explicit Backend(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The plugins shipped with this program; needs no database.
const core::PluginCatalogue& shipped_plugins();

/// From now on this site is a demo: its messages go to a folder beside the database. Said in the configuration folder,
/// beside the site's keys, so that nobody who can only write beside the database can lead messages there; and in the log, so
/// that no file makes a demo of a site that was not made as one.
core::Result<> mark_as_demo(store::Site& site);
bool is_demo(store::Site& site);

}  // namespace anahtar::app
