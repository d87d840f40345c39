// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "gateways/support/server_process.h"
#include "gateways/support/web_service.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {

/// What Kannel's fake centre was given.
struct ArrivedMessage {
  std::string to, coding, text;  ///< coding "text" or "ucs-2"; the text in UTF-8
};

/// Debian's Kannel on free ports: bearerbox, smsbox ("desk", "kannel password") and its fake message centre. Numbers with +90599
/// go to a centre that rejects every message, those with +90598 nowhere.
class Kannel {
 public:
  Kannel();

  std::string url() const;
  std::vector<ArrivedMessage> arrived() const;
  /// Waits for as many.
  std::vector<ArrivedMessage> arrived(std::size_t count) const;
  ServerProcess& bearerbox() { return *bearerbox_; }
  ServerProcess& smsbox() { return *smsbox_; }
  ServerProcess& centre() { return *centre_; }
  /// Ends what runs, and starts everything again on the same ports; what had arrived is forgotten, what bearerbox had
  /// taken and not passed on is not.
  void restart();
  /// Starts smsbox again, after a test has killed it.
  void restart_smsbox();
  /// The end of each server's log, for a test that fails.
  std::string logs() const;

 private:
  bool start();
  void write_configuration();

  TemporaryFolder folder_;
  WebService rejecting_centre_;
  std::uint16_t admin_port_ = 0, box_port_ = 0, centre_port_ = 0, unused_port_ = 0, web_port_ = 0;
  std::unique_ptr<ServerProcess> bearerbox_, smsbox_, centre_;
};

}  // namespace anahtar::testing
