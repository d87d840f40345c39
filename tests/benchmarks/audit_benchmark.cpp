// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log in memory: what verifying and appending cost beside the hashing that they cannot do without.
#include <benchmark/benchmark.h>

#include "audit/memory_log.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace {

using namespace anahtar;
using namespace anahtar::audit;
using anahtar::audit::testing::Device;
using anahtar::audit::testing::MemorySource;

constexpr std::size_t entry_count = 400'000;

struct Site {
  MemorySource source;
  Pins pins;
  std::vector<Bytes> bytes;  ///< the encodings, decoded

  Site() {
    Device desk(source, pins);
    desk.commit(entry_count - 1);
    for (const auto& entry : source.stored_logs.front().entries)
      bytes.push_back(crypto::base64_decode(entry.bytes).value());
  }
};

Site& site() {
  static Site made;
  return made;
}

void RawSha256(benchmark::State& state) {
  std::size_t total = 0;
  const auto& all = site().bytes;
  for (auto _ : state)
    for (const Bytes& entry : all) {
      benchmark::DoNotOptimize(crypto::sha256(entry));
      total += entry.size();
    }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * entry_count));
  state.SetBytesProcessed(static_cast<std::int64_t>(total));
}
BENCHMARK(RawSha256)->Unit(benchmark::kMillisecond)->UseRealTime();

void VerifyLog(benchmark::State& state) {
  Site& made = site();
  const VerifyOptions options{.threads = static_cast<unsigned>(state.range(0))};
  for (auto _ : state) {
    const Report report = verify(made.source, made.pins, {}, {}, options);
    if (report.verdict != Verdict::intact) state.SkipWithError("the log is not intact");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * entry_count));
  state.counters["bytes_each"] = static_cast<double>(site().bytes[1].size());
}
BENCHMARK(VerifyLog)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

Draft draft() {
  Draft out;
  out.time = 1;
  out.type = "action.ended";
  out.fields = {{tag::first_sealed, Bytes(120, 1)}};
  return out;
}

void Append(benchmark::State& state) {
  auto key = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate());
  Appender appender = Appender::fresh({"bench", random_uuid(), 1}, key);
  appender.open({});
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize(appender.append(draft()));
    benchmark::DoNotOptimize(appender.sign_head());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Append)->ArgName("entries_per_commit")->Arg(1)->Arg(64);

void Parse(benchmark::State& state) {
  EntryView view;
  for (auto _ : state) benchmark::DoNotOptimize(parse(site().bytes[7], view));
}
BENCHMARK(Parse);

void DecodeBase64(benchmark::State& state) {
  const std::string text = crypto::base64_encode(Bytes(300, 0x5A));
  Bytes out(text.size());
  for (auto _ : state) benchmark::DoNotOptimize(crypto::base64_decode_to(text, out.data()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(DecodeBase64);

void NodeHash(benchmark::State& state) {
  Hash hash{};
  for (auto _ : state) hash = node_hash(hash, hash);
  benchmark::DoNotOptimize(hash);
}
BENCHMARK(NodeHash);

void Seal(benchmark::State& state) {
  const crypto::Key key = crypto::Key::random();
  for (auto _ : state) benchmark::DoNotOptimize(crypto::seal(key, "+905321234567", "subscriber/phone"));
}
BENCHMARK(Seal);

void Open(benchmark::State& state) {
  const crypto::Key key = crypto::Key::random();
  const Bytes sealed = crypto::seal(key, "+905321234567", "subscriber/phone");
  for (auto _ : state) benchmark::DoNotOptimize(crypto::open(key, sealed, "subscriber/phone"));
}
BENCHMARK(Open);

void BlindIndex(benchmark::State& state) {
  const crypto::Mac mac(crypto::Key::random());
  for (auto _ : state) benchmark::DoNotOptimize(mac("+905321234567"));
}
BENCHMARK(BlindIndex);

}  // namespace
