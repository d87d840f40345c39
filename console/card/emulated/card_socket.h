// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <filesystem>
#include <list>
#include <thread>

#include "card/reader.h"
#include "core/result.h"

namespace anahtar::card {
class SocketChannel;
}

namespace anahtar::card::emulated {

/// Gives a reader to other processes of the same user, over a private Unix socket (`SocketReaders` finds it there).
class CardSocket {
 public:
  /// Code::invalid: the path is too long. Code::conflict: another process serves it. Code::unavailable: it cannot be made.
  static core::Result<std::unique_ptr<CardSocket>> open(std::filesystem::path path, std::shared_ptr<Readers> readers,
                                                        std::string reader);
  ~CardSocket();

 private:
  CardSocket(std::filesystem::path path, int listening, std::shared_ptr<Readers> readers, std::string reader);
  void listen(std::stop_token stop);
  void serve(SocketChannel channel, std::stop_token stop);
  Bytes reply_to(BytesView request, std::unique_ptr<Connection>& link);

  std::filesystem::path path_;
  int listening_;
  std::shared_ptr<Readers> readers_;
  std::string reader_;
  struct Client {
    std::atomic<bool> gone = false;
    std::jthread thread;
  };
  std::list<Client> clients_;
  std::jthread listener_;
};

}  // namespace anahtar::card::emulated
