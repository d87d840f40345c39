// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "card/reader.h"

namespace anahtar::card {

/// The readers of this machine's card service (PC/SC). Each call and each connection has a context of its own: one that
/// waits would hold up the others, and one that the service lost is not used again. [any]
class PcscReaders : public Readers {
 public:
  /// `patience`: how long a card may take for one answer before its connection is given up.
  explicit PcscReaders(std::chrono::milliseconds patience = std::chrono::seconds(20));
  ~PcscReaders() override;

  std::vector<core::CardReaderState> list() override;
  std::vector<core::CardReaderState> wait_for_change(const std::vector<core::CardReaderState>& known,
                                                     std::chrono::milliseconds limit, std::stop_token stop) override;
  std::unique_ptr<Connection> connect(const std::string& reader) override;

 private:
  struct Held;  ///< which readers this process holds itself
  const std::chrono::milliseconds patience_;
  std::shared_ptr<Held> held_;
};

}  // namespace anahtar::card
