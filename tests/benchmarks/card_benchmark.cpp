// SPDX-License-Identifier: GPL-3.0-or-later
// Cards over a real pcscd with virtual readers, beside the tools that do the same. As root: it lives in namespaces.
#include <benchmark/benchmark.h>

#include <map>

#include "app/program.h"
#include "card/card_desk.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
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

/// A card in the reader for as long as a measurement takes.
template <class Card>
struct Inserted {
  Inserted() {
    const auto authority = crypto::DemoAuthority::create("Benchmark");
    card::emulated::CardOptions options;
    options.holder = card::emulated::make_holder(authority, {.key = crypto::CardKey::Kind::rsa2048});
    reader().insert(std::make_shared<Card>(std::move(options)));
  }
  ~Inserted() { reader().remove(); }
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
  for (auto _ : state) {
    const auto session = desk.open(VirtualReader::name());
    const auto facts = session ? (*session)->look() : core::Result<core::CardFacts>(std::unexpected(session.error()));
    if (!facts) return state.SkipWithError(facts.error().sentence.id.c_str());
    exchanges = facts->exchanges;
  }
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
  for (auto _ : state) {
    const auto report = (*session)->unlock(order);
    if (report.outcome != core::UnlockReport::Outcome::proven) return state.SkipWithError(report.sentence.id.c_str());
    exchanges = report.exchanges;
  }
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
  const std::map<std::string, std::string> environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.path().string()}, {"LC_ALL", "C.UTF-8"}};
  for (auto _ : state) {
    testing::Program program(folder.path(), line, environment, testing::Program::Input::nothing);
    const auto ended = program.wait();
    if (ended.exit != 0) return state.SkipWithError((ended.out + ended.err).c_str());
  }
}
using card::emulated::GidsCard;
using card::emulated::PivCard;
const auto tools = [] {
  const auto in_real_time = [](benchmark::internal::Benchmark* each) { each->Unit(benchmark::kMillisecond)->UseRealTime(); };
  in_real_time(benchmark::RegisterBenchmark("Tool/yubico-piv-tool status", Tool<PivCard>,
                                            std::vector<std::string>{"/usr/bin/yubico-piv-tool", "-r", "", "-a", "status"}));
  in_real_time(benchmark::RegisterBenchmark("Tool/yubico-piv-tool unblock-pin", Tool<PivCard>,
                                            std::vector<std::string>{"/usr/bin/yubico-piv-tool", "-r", "", "-a", "unblock-pin", "-P", "12345678", "-N", "246813"}));
  in_real_time(benchmark::RegisterBenchmark("Tool/pkcs15-tool list pins of GIDS", Tool<GidsCard>, std::vector<std::string>{"/usr/bin/pkcs15-tool", "--list-pins"}));
  return 0;
}();

}  // namespace
