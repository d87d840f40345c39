// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "card/apdu.h"
#include "card/reader.h"

namespace anahtar::card {

/// A connection that expects certain commands in a certain order, and gives the answers that the script has for them.
class ScriptedConnection : public Connection {
 public:
  explicit ScriptedConnection(std::string_view atr = "3B 80 80 01 01", Protocol protocol = Protocol::t1)
      : atr_(bytes_of_hex(atr)), protocol_(protocol) {}
  ~ScriptedConnection() override { EXPECT_TRUE(script_.empty()) << "the script expects " << script_.front().command; }

  ScriptedConnection& expect(std::string_view command, std::string_view answer) {
    script_.push_back({hex_of(bytes_of_hex(command)), bytes_of_hex(answer), {}});
    return *this;
  }
  ScriptedConnection& expect(std::string_view command, LinkError error) {
    script_.push_back({hex_of(bytes_of_hex(command)), {}, error});
    return *this;
  }

  Bytes atr() const override { return atr_; }
  Protocol protocol() const override { return protocol_; }
  Bytes transmit(BytesView command) override {
    if (script_.empty()) {
      ADD_FAILURE() << "nothing more was expected, but " << hex_of(command) << " came";
      return bytes_of_hex("6F00");
    }
    const Step step = std::move(script_.front());
    script_.pop_front();
    EXPECT_EQ(hex_of(command), step.command);
    if (step.error) throw *step.error;
    return step.answer;
  }
  void resume() override { ++resumed; }

  int resumed = 0;

 private:
  struct Step {
    std::string command;
    Bytes answer;
    std::optional<LinkError> error;
  };
  std::deque<Step> script_;
  Bytes atr_;
  Protocol protocol_;
};

}  // namespace anahtar::card
