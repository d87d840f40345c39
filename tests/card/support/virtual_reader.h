// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <memory>
#include <string>
#include <thread>

#include "card/emulated_card.h"
#include "gateways/support/server_process.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {

/// A real pcscd with vpcd's two virtual readers, for this process and its children alone: they live in a network and a
/// mount namespace of their own, so nobody else sees the ports (vpcd listens on every address) or the service's socket.
/// Ended by its process id. One at a time. [one thread]
class VirtualReader {
 public:
  /// Why it cannot work here, for GTEST_SKIP; empty when it can. Goes into the namespaces at the first call, which must
  /// come before any thread is started.
  static const std::string& missing();

  /// Starts the service and waits until it has its readers. `driver` is the path of an IFD handler around the packaged one.
  explicit VirtualReader(std::string driver = {});
  ~VirtualReader();

  static const std::string& name(int slot = 0);  ///< as PC/SC names the reader
  static std::uint16_t port(int slot = 0);

  /// Waits until the service has powered it. The card is used by a thread of its own until `remove`.
  void insert(std::shared_ptr<card::EmulatedCard> card, int slot = 0);
  /// Waits until the service has noticed.
  void remove(int slot = 0);
  /// Whether the service sees a card, within `patience`.
  static bool wait_for_card(bool present, int slot = 0, std::chrono::milliseconds patience = std::chrono::seconds(5));

  /// After a card was pulled in mid-command the service says "empty" at once, but does not see another card that comes
  /// before its own next look (it looks every 400 ms). Waits for that.
  static bool wait_for_pulled_card(int slot = 0);

  /// As a crash would end it.
  void kill_service();
  void start_service();

 private:
  const std::string driver_;
  TemporaryFolder folder_;
  std::unique_ptr<ServerProcess> service_;
  std::array<std::jthread, 2> cards_;
};

}  // namespace anahtar::testing
