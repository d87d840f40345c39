// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/pcsc_readers.h"

#include <algorithm>

#include "card/apdu.h"
#include "card/pcsc_connection.h"
#include "card/pcsc_context.h"

namespace anahtar::card {

using core::CardReaderState;
using Presence = CardReaderState::Presence;

namespace pcsc {

/// W_RESET_CARD and W_REMOVED_CARD come before anything is sent.
LinkError error_of(LONG code) {
  using Kind = LinkError::Kind;
  switch (static_cast<std::uint32_t>(code)) {
    case static_cast<std::uint32_t>(SCARD_E_NO_SERVICE):
    case static_cast<std::uint32_t>(SCARD_E_SERVICE_STOPPED):
    case static_cast<std::uint32_t>(SCARD_E_INVALID_HANDLE):
    case static_cast<std::uint32_t>(SCARD_F_COMM_ERROR): return LinkError(Kind::no_service);
    case static_cast<std::uint32_t>(SCARD_E_UNKNOWN_READER):
    case static_cast<std::uint32_t>(SCARD_E_READER_UNAVAILABLE):
    case static_cast<std::uint32_t>(SCARD_E_NO_READERS_AVAILABLE): return LinkError(Kind::no_reader);
    case static_cast<std::uint32_t>(SCARD_E_NO_SMARTCARD):
    case static_cast<std::uint32_t>(SCARD_W_REMOVED_CARD): return LinkError(Kind::no_card, false);
    case static_cast<std::uint32_t>(SCARD_W_RESET_CARD): return LinkError(Kind::reset, false);
    case static_cast<std::uint32_t>(SCARD_E_SHARING_VIOLATION): return LinkError(Kind::in_use, false);
    case static_cast<std::uint32_t>(SCARD_W_UNRESPONSIVE_CARD):
    case static_cast<std::uint32_t>(SCARD_W_UNPOWERED_CARD):
    case static_cast<std::uint32_t>(SCARD_E_TIMEOUT): return LinkError(Kind::silent);
    default: return LinkError(Kind::broken);
  }
}

Context::Context() { require(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle_)); }

std::vector<std::string> Context::reader_names() const {
  DWORD size = 0;
  const LONG code = SCardListReaders(handle_, nullptr, nullptr, &size);
  if (static_cast<std::uint32_t>(code) == static_cast<std::uint32_t>(SCARD_E_NO_READERS_AVAILABLE)) return {};
  require(code);
  std::string all(size, '\0');
  const LONG again = SCardListReaders(handle_, nullptr, all.data(), &size);
  if (static_cast<std::uint32_t>(again) == static_cast<std::uint32_t>(SCARD_E_NO_READERS_AVAILABLE)) return {};
  require(again);
  std::vector<std::string> names;
  for (const char* at = all.c_str(); *at != '\0' && at < all.data() + size; at += names.back().size() + 1) names.emplace_back(at);
  return names;
}

}  // namespace pcsc

namespace {

constexpr char news_of_readers[] = "\\\\?PnP?\\Notification";
constexpr std::chrono::milliseconds longest_wait{2000};  ///< then the readers are listed anew, whatever the service says

/// `name` must live as long as the answer.
SCARD_READERSTATE asked(const char* name) {
  SCARD_READERSTATE state{};
  state.szReader = name;
  state.dwCurrentState = SCARD_STATE_UNAWARE;
  return state;
}

/// What the service says of each reader now, in the order of the names.
std::vector<SCARD_READERSTATE> states_now(const pcsc::Context& context, const std::vector<std::string>& names) {
  std::vector<SCARD_READERSTATE> states;
  for (const std::string& name : names) states.push_back(asked(name.c_str()));
  if (!states.empty()) pcsc::require(SCardGetStatusChange(context.get(), 0, states.data(), static_cast<DWORD>(states.size())));
  return states;
}

Presence presence_of(DWORD state, bool held_here) {
  if (state & SCARD_STATE_MUTE) return Presence::mute;
  if ((state & SCARD_STATE_PRESENT) == 0) return Presence::empty;
  return (state & SCARD_STATE_EXCLUSIVE) && !held_here ? Presence::in_use : Presence::present;
}

bool is_used(const std::string& reader) {
  const pcsc::Context context;
  return states_now(context, {reader}).front().dwEventState & (SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE);
}

bool same(const CardReaderState& a, const CardReaderState& b) {
  return a.name == b.name && a.presence == b.presence && a.events == b.events && a.atr == b.atr;
}

}  // namespace

std::uint32_t pcsc::event_count(const Context& context, const std::string& reader) {
  return static_cast<std::uint32_t>(states_now(context, {reader}).front().dwEventState >> 16);
}

struct PcscReaders::Held {
  std::mutex mutex;
  std::map<std::string, int> readers;

  bool has(const std::string& reader) {
    const std::lock_guard lock(mutex);
    return readers.contains(reader);
  }
  void add(const std::string& reader) {
    const std::lock_guard lock(mutex);
    ++readers[reader];
  }
  void drop(const std::string& reader) {
    const std::lock_guard lock(mutex);
    if (--readers[reader] <= 0) readers.erase(reader);
  }
};

PcscReaders::PcscReaders(std::chrono::milliseconds patience) : patience_(patience), held_(std::make_shared<Held>()) {}
PcscReaders::~PcscReaders() = default;

std::vector<CardReaderState> PcscReaders::list() {
  const pcsc::Context context;
  const auto names = context.reader_names();
  std::vector<CardReaderState> all;
  for (const SCARD_READERSTATE& state : states_now(context, names)) {
    CardReaderState reader{.name = state.szReader};
    reader.presence = presence_of(state.dwEventState, held_->has(reader.name));
    reader.events = static_cast<std::uint32_t>(state.dwEventState >> 16);
    if (reader.presence != Presence::empty) reader.atr = hex_of({state.rgbAtr, std::min<std::size_t>(state.cbAtr, MAX_ATR_SIZE)});
    all.push_back(std::move(reader));
  }
  return all;
}

std::vector<CardReaderState> PcscReaders::wait_for_change(const std::vector<CardReaderState>& known,
                                                          std::chrono::milliseconds limit, std::stop_token stop) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const pcsc::Context context;
  const std::stop_callback cancel(stop, [&context] { SCardCancel(context.get()); });
  while (true) {
    auto now = list();
    if (!std::ranges::equal(now, known, same) || stop.stop_requested()) return now;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return now;
    const auto names = context.reader_names();
    auto states = states_now(context, names);
    for (SCARD_READERSTATE& state : states) state.dwCurrentState = state.dwEventState & ~DWORD{SCARD_STATE_CHANGED};
    states.push_back(asked(news_of_readers));
    states.back().dwCurrentState = static_cast<DWORD>(names.size()) << 16;
    const LONG code = SCardGetStatusChange(context.get(), static_cast<DWORD>(std::min(left, longest_wait).count()), states.data(),
                                           static_cast<DWORD>(states.size()));
    const auto word = static_cast<std::uint32_t>(code);
    if (word != static_cast<std::uint32_t>(SCARD_E_TIMEOUT) && word != static_cast<std::uint32_t>(SCARD_E_CANCELLED) &&
        word != static_cast<std::uint32_t>(SCARD_E_UNKNOWN_READER))
      pcsc::require(code);
  }
}

std::unique_ptr<Connection> PcscReaders::connect(const std::string& reader) {
  held_->add(reader);
  auto gone = std::shared_ptr<void>(nullptr, [held = held_, reader](void*) { held->drop(reader); });
  try {
    return std::make_unique<pcsc::PcscConnection>(reader, patience_, std::move(gone));
  } catch (const LinkError& error) {  // whoever is in another program's transaction waits for its end
    if (error.kind != LinkError::Kind::silent || !is_used(reader)) throw;
    throw LinkError(LinkError::Kind::in_use, false);
  }
}

}  // namespace anahtar::card
