// SPDX-License-Identifier: GPL-3.0-or-later
// Cards over a real pcscd with virtual readers, beside the tools that do the same. As root: it lives in namespaces.
#include <benchmark/benchmark.h>

#include <fstream>
#include <map>

#include "app/program.h"
#include "card/card_desk.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/openpgp_card.h"
#include "card/emulated/piv_card.h"
#include "card/pcsc_readers.h"
#include "card/support/virtual_reader.h"
#include "crypto/card_cipher.h"

namespace {

using namespace anahtar;
using testing::VirtualReader;

VirtualReader& reader() {
  static VirtualReader one;
  return one;
}

/// A card in the reader for as long as a measurement takes. It counts what it is asked, whoever asks: GET RESPONSE not, but
/// each READ BINARY of a long file.
template <class Card>
struct Inserted {
  Inserted() {
    const auto authority = crypto::DemoAuthority::create("Benchmark");
    card::emulated::CardOptions options;
    options.holder = card::emulated::make_holder(authority, {.key = crypto::CardKey::Kind::rsa2048});
    reader().insert(counting_ = std::make_shared<card::emulated::Misbehaviour>(std::make_shared<Card>(std::move(options))));
  }
  ~Inserted() { reader().remove(); }

  void begin_counting() const { begun_ = counting_->commands(); }
  void tell_count(benchmark::State& state) const {
    state.counters["commands"] = benchmark::Counter(counting_->commands() - begun_, benchmark::Counter::kAvgIterations);
  }

 private:
  std::shared_ptr<card::emulated::Misbehaviour> counting_;
  mutable int begun_ = 0;
};

bool ready(benchmark::State& state) {
  if (VirtualReader::missing().empty()) return true;
  state.SkipWithError(VirtualReader::missing().c_str());
  return false;
}

template <class Card>
void Recognise(benchmark::State& state) {
  if (!ready(state)) return;
  const Inserted<Card> card;
  card::PcscReaders readers;
  card::CardDesk desk(readers, {});
  int exchanges = 0;
  card.begin_counting();
  for (auto _ : state) {
    const auto session = desk.open(VirtualReader::name());
    const auto facts = session ? (*session)->look() : core::Result<core::CardFacts>(std::unexpected(session.error()));
    if (!facts) return state.SkipWithError(facts.error().sentence.id.c_str());
    exchanges = facts->exchanges;
  }
  card.tell_count(state);
  state.counters["exchanges"] = exchanges;
}
BENCHMARK(Recognise<card::emulated::PivCard>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Recognise<card::emulated::GidsCard>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Recognise<card::emulated::OpenPgpCard>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Recognise<card::emulated::IsoCard>)->Unit(benchmark::kMillisecond)->UseRealTime();

template <class Card, core::UnlockWay way>
void UnlockToProven(benchmark::State& state) {
  if (!ready(state)) return;
  const Inserted<Card> card;
  card::PcscReaders readers;
  card::CardDesk desk(readers, {});
  const auto session = desk.open(VirtualReader::name());
  const auto facts = session ? (*session)->look() : core::Result<core::CardFacts>(std::unexpected(session.error()));
  if (!facts) return state.SkipWithError(facts.error().sentence.id.c_str());
  core::UnlockOrder order;
  order.way = way;
  order.serial = facts->serial;
  order.unlocker = core::Secret("12345678");
  order.new_pin = core::Secret("246813");
  order.respond = [](const std::string& challenge) -> core::Result<std::string> {
    return std::string(crypto::text_of(crypto::tdes_ecb(crypto::Direction::encrypt, card::emulated::default_admin_key(), crypto::view_of(challenge))));
  };
  int exchanges = 0;
  card.begin_counting();
  for (auto _ : state) {
    const auto report = (*session)->unlock(order);
    if (report.outcome != core::UnlockReport::Outcome::proven) return state.SkipWithError(report.sentence.id.c_str());
    exchanges = report.exchanges;
  }
  card.tell_count(state);
  state.counters["exchanges"] = exchanges;
}
BENCHMARK(UnlockToProven<card::emulated::PivCard, core::UnlockWay::puk>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(UnlockToProven<card::emulated::GidsCard, core::UnlockWay::admin_key>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(UnlockToProven<card::emulated::OpenPgpCard, core::UnlockWay::resetting_code>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(UnlockToProven<card::emulated::IsoCard, core::UnlockWay::puk>)->Unit(benchmark::kMillisecond)->UseRealTime();

/// A tool's whole run, start of its process included, as an operator waits for it.
template <class Card>
void Tool(benchmark::State& state, std::vector<std::string> line) {
  if (!ready(state)) return;
  const Inserted<Card> card;
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "opensc.conf") << "app default { enable_default_driver = true; }\n";
  std::ofstream(folder / "scdaemon.conf") << "disable-ccid\npcsc-shared\n";
  const std::map<std::string, std::string> environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.path().string()}, {"LC_ALL", "C.UTF-8"},
                                                          {"GNUPGHOME", folder.path().string()}, {"OPENSC_CONF", folder / "opensc.conf"}};
  const auto run = [&](const std::vector<std::string>& command) {
    testing::Program program(folder.path(), command, environment, testing::Program::Input::nothing);
    return program.wait();
  };
  const bool has_daemons = line.front().ends_with("gpg");
  card.begin_counting();
  for (auto _ : state) {
    const auto ended = run(line);
    if (ended.exit != 0) return state.SkipWithError((ended.out + ended.err).c_str());
    if (!has_daemons) continue;
    state.PauseTiming();  // they would go on holding the card, and the next run would begin warm
    run({"/usr/bin/gpgconf", "--kill", "all"});
    state.ResumeTiming();
  }
  card.tell_count(state);
}

using card::emulated::GidsCard;
using card::emulated::IsoCard;
using card::emulated::OpenPgpCard;
using card::emulated::PivCard;
using Line = std::vector<std::string>;

/// As much as the console tells of a card: who it is, the holder's certificate, the PINs and their tries.
Line pkcs15_tool(const std::string& certificate) {
  return {"/usr/bin/pkcs15-tool", "--list-info", "--list-pins", "--read-certificate", certificate};
}

template <class Card>
void add_tool(const std::string& name, const Line& line) {
  benchmark::RegisterBenchmark(("Tool/" + name).c_str(), Tool<Card>, line)->Unit(benchmark::kMillisecond)->UseRealTime();
}

const auto tools = [] {
  add_tool<PivCard>("PIV: yubico-piv-tool -a status", {"/usr/bin/yubico-piv-tool", "-r", "", "-a", "status"});
  add_tool<PivCard>("PIV: pkcs15-tool", pkcs15_tool("01"));
  add_tool<GidsCard>("GIDS: pkcs15-tool", pkcs15_tool("00"));
  add_tool<OpenPgpCard>("OpenPGP: pkcs15-tool", pkcs15_tool("03"));
  add_tool<OpenPgpCard>("OpenPGP: gpg --card-status", {"/usr/bin/gpg", "--card-status"});
  add_tool<IsoCard>("ISO: pkcs15-tool", pkcs15_tool("45"));
  add_tool<PivCard>("PIV: yubico-piv-tool -a unblock-pin", {"/usr/bin/yubico-piv-tool", "-r", "", "-a", "unblock-pin", "-P", "12345678", "-N", "246813"});
  add_tool<GidsCard>("GIDS: gids-tool -U", {"/usr/bin/gids-tool", "-r", "0", "-U", "--admin-key", "010203040506070801020304050607080102030405060708", "--pin", "246813"});
  add_tool<IsoCard>("ISO: pkcs15-tool -u", {"/usr/bin/pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "246813"});
  return 0;
}();

}  // namespace
