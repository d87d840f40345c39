// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "card/reader.h"

namespace anahtar::card {

/// Readers that are sockets in a folder, a peer of PC/SC's for demos: each `NAME.card` there is a card of another process
/// (`anahtar-card FAMILY --serve FOLDER/NAME.card`). The folder must belong to this user alone. [any]
class SocketReaders : public Readers {
 public:
  explicit SocketReaders(std::filesystem::path folder, std::chrono::milliseconds patience = std::chrono::seconds(10))
      : folder_(std::move(folder)), patience_(patience) {}

  /// A folder that is not there has no readers; one that others may write to is LinkError::no_service.
  std::vector<core::CardReaderState> list() override;
  std::vector<core::CardReaderState> wait_for_change(const std::vector<core::CardReaderState>& known,
                                                     std::chrono::milliseconds limit, std::stop_token stop) override;
  std::unique_ptr<Connection> connect(const std::string& reader) override;

 private:
  std::filesystem::path folder_;
  std::chrono::milliseconds patience_;
};

}  // namespace anahtar::card
