// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/emulated_readers.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "card/emulated/misbehaviour.h"
#include "crypto/base64.h"

namespace anahtar::card::emulated {
namespace {

using Kind = LinkError::Kind;
using Presence = core::CardReaderState::Presence;

std::string upper_hex(BytesView bytes) {
  std::string text = crypto::hex_encode(bytes);
  std::transform(text.begin(), text.end(), text.begin(), [](char each) { return each >= 'a' ? static_cast<char>(each - 32) : each; });
  return text;
}

bool same(const std::vector<core::CardReaderState>& a, const std::vector<core::CardReaderState>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.name == y.name && x.presence == y.presence && x.events == y.events && x.atr == y.atr;
  });
}

/// ISO 7816-3 §8.2.3: the first protocol that TD1 offers; without TD1 it is T=0.
Protocol protocol_of(BytesView atr) {
  if (atr.size() < 2 || (atr[1] & 0x80) == 0) return Protocol::t0;
  std::size_t at = 2;
  for (int bit = 0x10; bit < 0x80; bit <<= 1) at += (atr[1] & bit) != 0;
  return at < atr.size() && (atr[at] & 0x0F) == 1 ? Protocol::t1 : Protocol::t0;
}

struct Slot {
  std::shared_ptr<EmulatedCard> card;
  bool mute = false, held_elsewhere = false, connected = false;
  std::uint32_t events = 0;
  std::uint64_t resets = 0;
  std::vector<Bytes> sent;
  Typing holder;  ///< at the keypad; none without one
  std::shared_ptr<std::mutex> talking = std::make_shared<std::mutex>();  ///< taken before the state's

  core::CardReaderState seen(const std::string& name) const {
    const auto presence = mute ? Presence::mute : !card ? Presence::empty : held_elsewhere ? Presence::in_use : Presence::present;
    return {name, presence, events, card ? upper_hex(card->atr()) : ""};
  }
};

}  // namespace

struct EmulatedReaders::State {
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::map<std::string, Slot> slots;
  std::uint32_t events = 0;  ///< over all readers, so that one that is unplugged and back does not count the same again
  bool service = true;
  std::chrono::milliseconds patience{0};

  std::vector<core::CardReaderState> seen() const {
    if (!service) throw LinkError(Kind::no_service, false);
    std::vector<core::CardReaderState> all;
    for (const auto& [name, slot] : slots) all.push_back(slot.seen(name));
    return all;
  }
  Slot& slot(const std::string& name) {
    if (!service) throw LinkError(Kind::no_service, false);
    const auto found = slots.find(name);
    if (found == slots.end()) throw LinkError(Kind::no_reader, false);
    return found->second;
  }
  void put(const std::string& name, std::shared_ptr<EmulatedCard> card, bool mute) {
    if (card) card->reset();
    Slot& slot = slots[name];
    slot.card = std::move(card);
    slot.mute = mute;
    slot.connected = false;
    slot.events = ++events;
    changed.notify_all();
  }
};

/// Talks with the lock open, so that a slow card holds nobody up; what changed meanwhile is seen afterwards.
class EmulatedReaders::Link : public Connection {
 public:
  Link(std::shared_ptr<State> state, std::string reader, const Slot& slot)
      : state_(std::move(state)), reader_(std::move(reader)), card_(slot.card), talking_(slot.talking), holder_(slot.holder),
        events_(slot.events), resets_(slot.resets) {}
  ~Link() override {
    if (resets_at_end_) {
      const std::lock_guard lock(*talking_);
      card_->reset();
    }
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->slots.find(reader_);
    if (found != state_->slots.end() && found->second.events == events_) found->second.connected = false;
  }

  Bytes atr() const override { return card_->atr(); }
  Protocol protocol() const override { return protocol_of(card_->atr()); }
  void reset_when_closed() noexcept override { resets_at_end_ = true; }

  Bytes transmit(BytesView command) override {
    if (dead_) throw LinkError(Kind::silent, false);
    {
      const std::lock_guard lock(state_->mutex);
      Slot& slot = here(false);
      if (slot.resets != resets_) throw LinkError(Kind::reset, false);
      slot.sent.emplace_back(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, command.size())));
    }
    Bytes answer = exchange(command);
    const std::lock_guard lock(state_->mutex);
    here(true);
    if (answer.size() < 2) throw LinkError(Kind::broken);
    return answer;
  }

  PinPad pin_pad() const override { return {holder_ != nullptr, holder_ != nullptr}; }
  Bytes transmit_typed(BytesView command, const PadEntry& entry) override {
    const auto typed = typed_into(command, entry, holder_);
    return typed ? transmit(*typed) : Bytes{typed.error().sw1(), typed.error().sw2()};
  }

  void resume() override {
    const std::lock_guard lock(state_->mutex);
    resets_ = here(false).resets;
  }

 private:
  Slot& here(bool sent) {
    if (!state_->service) throw LinkError(Kind::no_service, sent);
    const auto found = state_->slots.find(reader_);
    if (found == state_->slots.end()) throw LinkError(Kind::no_reader, sent);
    if (found->second.events != events_ || found->second.card != card_) throw LinkError(Kind::no_card, sent);
    return found->second;
  }

  Bytes exchange(BytesView command) try {
    const std::lock_guard lock(*talking_);
    return card_->answer(command);
  } catch (const Disturbance& disturbance) {
    using enum Disturbance::Kind;
    if (disturbance.kind == silent) {
      dead_ = true;
      std::this_thread::sleep_for(state_->patience);
      throw LinkError(Kind::silent);
    }
    const std::lock_guard lock(state_->mutex);
    if (disturbance.kind == pulled) {
      if (const auto found = state_->slots.find(reader_); found != state_->slots.end() && found->second.card == card_)
        state_->put(reader_, nullptr, false);
      throw LinkError(Kind::no_card);
    }
    ++here(true).resets;
    throw LinkError(Kind::reset, false);
  }

  std::shared_ptr<State> state_;
  std::string reader_;
  std::shared_ptr<EmulatedCard> card_;
  std::shared_ptr<std::mutex> talking_;
  Typing holder_;
  std::uint32_t events_;
  std::uint64_t resets_;
  bool dead_ = false, resets_at_end_ = false;
};

EmulatedReaders::EmulatedReaders() : state_(std::make_shared<State>()) {}
EmulatedReaders::~EmulatedReaders() = default;

std::vector<core::CardReaderState> EmulatedReaders::list() {
  const std::lock_guard lock(state_->mutex);
  return state_->seen();
}

std::vector<core::CardReaderState> EmulatedReaders::wait_for_change(const std::vector<core::CardReaderState>& known,
                                                                   std::chrono::milliseconds limit, std::stop_token stop) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_for(lock, stop, limit, [&] { return !state_->service || !same(state_->seen(), known); });
  return state_->seen();
}

std::unique_ptr<Connection> EmulatedReaders::connect(const std::string& reader) {
  const std::lock_guard lock(state_->mutex);
  Slot& slot = state_->slot(reader);
  if (slot.mute) throw LinkError(Kind::silent, false);
  if (!slot.card) throw LinkError(Kind::no_card, false);
  if (slot.held_elsewhere || slot.connected) throw LinkError(Kind::in_use, false);
  slot.connected = true;
  return std::make_unique<Link>(state_, reader, slot);
}

void EmulatedReaders::plug(const std::string& reader) {
  const std::lock_guard lock(state_->mutex);
  state_->slots[reader];
  state_->changed.notify_all();
}

void EmulatedReaders::plug_with_keypad(const std::string& reader, Typing holder) {
  const std::lock_guard lock(state_->mutex);
  state_->slots[reader].holder = std::move(holder);
  state_->changed.notify_all();
}

void EmulatedReaders::unplug(const std::string& reader) {
  const std::lock_guard lock(state_->mutex);
  state_->slots.erase(reader);
  state_->changed.notify_all();
}

void EmulatedReaders::insert(const std::string& reader, std::shared_ptr<EmulatedCard> card) {
  const std::lock_guard lock(state_->mutex);
  state_->put(reader, std::move(card), false);
}

void EmulatedReaders::insert_mute(const std::string& reader) {
  const std::lock_guard lock(state_->mutex);
  state_->put(reader, nullptr, true);
}

void EmulatedReaders::remove(const std::string& reader) {
  const std::lock_guard lock(state_->mutex);
  state_->put(reader, nullptr, false);
}

void EmulatedReaders::hold_elsewhere(const std::string& reader, bool held) {
  const std::lock_guard lock(state_->mutex);
  state_->slots[reader].held_elsewhere = held;
  state_->changed.notify_all();
}

void EmulatedReaders::reset_elsewhere(const std::string& reader) {
  std::unique_lock lock(state_->mutex);
  const auto talking = state_->slots[reader].talking;
  lock.unlock();
  const std::lock_guard quiet(*talking);
  lock.lock();
  Slot& slot = state_->slots[reader];
  if (slot.card) slot.card->reset();
  ++slot.resets;
}

void EmulatedReaders::stop_service() {
  const std::lock_guard lock(state_->mutex);
  state_->service = false;
  state_->changed.notify_all();
}

/// A service that comes back knows no connections, and powers every card anew.
void EmulatedReaders::start_service() {
  const std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->service, true)) return;
  for (auto& [name, slot] : state_->slots)
    if (slot.card) state_->put(name, slot.card, false);
  state_->changed.notify_all();
}

void EmulatedReaders::set_patience(std::chrono::milliseconds patience) {
  const std::lock_guard lock(state_->mutex);
  state_->patience = patience;
}

std::vector<Bytes> EmulatedReaders::sent(const std::string& reader) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->slots.find(reader);
  return found == state_->slots.end() ? std::vector<Bytes>{} : found->second.sent;
}

void EmulatedReaders::forget_sent() {
  const std::lock_guard lock(state_->mutex);
  for (auto& [name, slot] : state_->slots) slot.sent.clear();
}

}  // namespace anahtar::card::emulated
