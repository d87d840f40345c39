// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <mutex>

#include "app/program.h"
#include "card/emulated/card_maker.h"
#include "card/emulated/misbehaviour.h"
#include "card/support/virtual_reader.h"
#include "crypto/base64.h"

namespace anahtar::testing {

using crypto::Bytes;

struct Seen {
  int exit;
  std::string text;  ///< of both streams
};

/// A card that the reader's thread speaks with and the test looks into.
class SharedCard : public card::EmulatedCard {
 public:
  explicit SharedCard(std::shared_ptr<card::EmulatedCard> card) : card_(std::move(card)) {}
  Bytes atr() const override { return card_->atr(); }
  void reset() override {
    const std::lock_guard lock(mutex);
    card_->reset();
  }
  Bytes answer(crypto::BytesView command) override {
    const std::lock_guard lock(mutex);
    return card_->answer(command);
  }
  std::mutex mutex;

 private:
  std::shared_ptr<card::EmulatedCard> card_;
};

/// An emulated card in a virtual reader of a real pcscd, and tools that are run on it. Skipped where that cannot be.
class VirtualReaderTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { start_readers(); }
  static void start_readers(std::string driver = {}) {
    if (VirtualReader::missing().empty()) readers_ = std::make_unique<VirtualReader>(std::move(driver));
  }
  static void TearDownTestSuite() { readers_.reset(); }
  void SetUp() override {
    if (!readers_) GTEST_SKIP() << VirtualReader::missing();
  }
  void TearDown() override {
    if (readers_ && card_) readers_->remove();
  }

  void insert(const std::string& family, card::emulated::CardOptions options) {
    card_ = card::emulated::make_card(family, std::move(options));
    faults_ = std::make_shared<card::emulated::Misbehaviour>(card_);
    shared_ = std::make_shared<SharedCard>(faults_);
    insert_again();
  }
  /// The same card, after it was out of the reader.
  void insert_again() { readers_->insert(shared_); }

  Seen run(std::vector<std::string> line) {
    line[0] = "/usr/bin/" + line[0];
    Program program(folder_.path(), line, environment_, Program::Input::nothing);
    const Ended ended = program.wait();
    return {ended.exit, ended.out + ended.err};
  }

  /// What the card itself holds.
  int left(const std::string& secret) {
    const std::lock_guard lock(shared_->mutex);
    card::emulated::Memory memory;
    card_->store(memory);
    return std::stoi(memory.at(secret + ".left"));
  }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  /// The DER in the first PEM certificate of `text`.
  static Bytes certificate_in(const std::string& text) {
    const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
    const auto from = text.find(begin), to = text.find(end);
    if (from == text.npos || to == text.npos) return {};
    std::string body = text.substr(from + begin.size(), to - from - begin.size());
    std::erase_if(body, [](char each) { return std::isspace(static_cast<unsigned char>(each)); });
    return crypto::base64_decode(body).value_or(Bytes{});
  }

  static const crypto::DemoAuthority& authority() {
    static const auto made = crypto::DemoAuthority::create("Anahtar test root");
    return made;
  }
  static const card::emulated::Holder& holder() {
    static const auto made = card::emulated::make_holder(authority(), {.key = crypto::CardKey::Kind::rsa2048});
    return made;
  }

  static inline std::unique_ptr<VirtualReader> readers_;
  std::shared_ptr<card::emulated::CardShell> card_;
  std::shared_ptr<card::emulated::Misbehaviour> faults_;
  std::shared_ptr<SharedCard> shared_;
  TemporaryFolder folder_;
  std::map<std::string, std::string> environment_{{"PATH", "/usr/bin:/bin"}, {"HOME", folder_.path().string()}, {"LC_ALL", "C.UTF-8"}};
};

}  // namespace anahtar::testing
