// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <anahtar/sdk/secret.h>

#include "core/tickets.h"

/// How a call reaches the console that runs already. The telephone system's connector starts `anahtar --call NUMBER`; this
/// talks over a Unix socket (one per database, 0600, below runtime_folder()) with the console of the same user. One line
/// of JSON each way: {"call": NUMBER, "token": TOKEN, "pin": DIGITS, "national_id": DIGITS, "recording": NAME} (the last
/// three may be missing) or {"raise": true}; {"taken": true, "proven": false}, or {"taken": false} from a console that ends.
namespace anahtar::app {

/// What only the telephone system's connector knows: with it a number is proven, without it a number merely finds
/// records. Lies in the configuration folder, 0600; made when there is none.
core::Result<std::filesystem::path> telephone_token_file();
/// Whether this is the token, compared in constant time.
bool is_telephone_token(const sdk::Secret& given);

/// What the running console said.
enum class HandOver { taken, taken_as_proven, nobody_there };

/// Code::unavailable when a console is there and does not answer. `token` may be empty; what the caller typed and the
/// recording's name count only with the right one.
core::Result<HandOver> hand_over_call(const std::string& database, const core::IncomingCall& call, const sdk::Secret& token);
/// Asks a running console of this database to come to the front.
core::Result<HandOver> raise_running_console(const std::string& database);

/// The console's end.
class CallLine {
 public:
  /// On the line's own thread. False: the window is gone already, and the program only ends what it has to end.
  struct Handlers {
    std::function<bool(core::IncomingCall)> call;
    std::function<bool()> raise;
  };
  /// Code::conflict when a console of this user serves this database already.
  static core::Result<std::unique_ptr<CallLine>> open(const std::string& database, Handlers handlers);
  ~CallLine();
  CallLine(const CallLine&) = delete;
  CallLine& operator=(const CallLine&) = delete;

 private:
  CallLine() = default;
  void serve();
  void answer(int peer);

  Handlers handlers_;
  std::filesystem::path socket_path_;
  int lock_ = -1, listener_ = -1, wake_ = -1;
  std::thread thread_;
};

}  // namespace anahtar::app
