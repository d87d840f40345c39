// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/pcsc_connection.h"

#include <reader.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "card/apdu.h"
#include "card/pcsc_context.h"
#include "card/pcsc_pin_pad.h"

namespace anahtar::card::pcsc {
namespace {

constexpr std::size_t longest_answer = 65538;
constexpr std::chrono::seconds longest_farewell{2};
/// A holder types a new PIN twice, with the reader's own time limit for each key.
constexpr std::chrono::minutes longest_typing{5};

/// What goes out, which may be a secret, and what comes back.
struct Exchange {
  explicit Exchange(Bytes out) : command(std::move(out)) {}
  ~Exchange() { wipe(command); }
  Bytes command, answer;
};

}  // namespace

/// The handle and what is known of it. Used on the worker's thread alone, but for what is fixed at its making.
struct PcscConnection::Card {
  explicit Card(std::string reader_name) : reader(std::move(reader_name)) {
    require(SCardConnect(context.get(), reader.c_str(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &active));
    connected = true;
    events = event_count(context, reader);
    read_atr();
  }
  ~Card() {
    if (connected) SCardDisconnect(handle, farewell);
  }

  void read_atr() {
    DWORD size = MAX_ATR_SIZE, state = 0, names = 0;
    Bytes bytes(size);
    require(SCardStatus(handle, nullptr, &names, &state, &active, bytes.data(), &size));
    bytes.resize(size);
    atr = std::move(bytes);
  }

  Bytes transmit(BytesView command) {
    Bytes answer(longest_answer);
    DWORD size = static_cast<DWORD>(answer.size());
    const SCARD_IO_REQUEST* how = active == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    const LONG code = SCardTransmit(handle, how, command.data(), static_cast<DWORD>(command.size()), nullptr, answer.data(), &size);
    if (static_cast<std::uint32_t>(code) == static_cast<std::uint32_t>(SCARD_E_NOT_TRANSACTED)) throw what_broke();
    require(code);
    answer.resize(size);
    return answer;
  }

  /// A card that is pulled in the middle shows as "not transacted" first.
  LinkError what_broke() {
    DWORD names = 0, state = 0, atr_size = 0;
    const LONG code = SCardStatus(handle, nullptr, &names, &state, &active, nullptr, &atr_size);
    const LinkError::Kind kind = code == SCARD_S_SUCCESS ? LinkError::Kind::broken : error_of(code).kind;
    return LinkError(kind, true);
  }

  void resume() {
    require(SCardReconnect(handle, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active));
    const Bytes before = atr;
    read_atr();
    if (atr != before || event_count(context, reader) != events) throw LinkError(LinkError::Kind::no_card, false);
  }

  const PinPadFeatures& pin_pad() {
    if (features) return *features;
    Bytes answer(256);
    DWORD size = 0;
    const LONG code = SCardControl(handle, CM_IOCTL_GET_FEATURE_REQUEST, nullptr, 0, answer.data(), static_cast<DWORD>(answer.size()), &size);
    features = code == SCARD_S_SUCCESS ? PinPadFeatures::parse(BytesView(answer).first(size)) : PinPadFeatures();
    return *features;
  }

  Bytes transmit_typed(BytesView request, bool twice) {
    const auto control = twice ? pin_pad().modify : pin_pad().verify;
    if (!control) throw LinkError(LinkError::Kind::broken, false);
    Bytes answer(longest_answer);
    DWORD size = 0;
    const LONG code = SCardControl(handle, *control, request.data(), static_cast<DWORD>(request.size()), answer.data(), static_cast<DWORD>(answer.size()), &size);
    if (static_cast<std::uint32_t>(code) == static_cast<std::uint32_t>(SCARD_E_NOT_TRANSACTED)) throw what_broke();
    require(code);
    answer.resize(size);
    return answer;
  }

  Context context;
  const std::string reader;
  SCARDHANDLE handle = 0;
  DWORD active = 0;
  bool connected = false;
  DWORD farewell = SCARD_LEAVE_CARD;
  std::uint32_t events = 0;
  Bytes atr;
  std::optional<PinPadFeatures> features;
};

/// The service has powered the card already.
constexpr std::chrono::milliseconds longest_connecting{5000};

/// Does one call after the other on its thread. Shared with that thread: whoever goes last tidies up.
class PcscConnection::Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<void> held) : held_(std::move(held)) {}

  void begin() {
    std::thread([self = shared_from_this()] { self->work(); }).detach();
  }

  /// LinkError::silent when it took longer than `patience`; nothing is done by this worker afterwards.
  void run(std::function<void(std::unique_ptr<Card>&)> call, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (abandoned_) throw LinkError(LinkError::Kind::silent, false);
    call_ = std::move(call);
    failure_ = nullptr;
    pending_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, patience, [this] { return !pending_; })) {
      abandoned_ = true;
      throw LinkError(LinkError::Kind::silent);
    }
    if (failure_) std::rethrow_exception(failure_);
  }

  /// Waits until the card is given back, so that whoever opens it next does not meet us; but not for a card that hangs.
  void stop() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    if (!abandoned_) changed_.wait_for(lock, longest_farewell, [this] { return ended_; });
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!abandoned_) {
      changed_.wait(lock, [this] { return pending_ || stopping_; });
      if (!pending_) break;
      const auto call = std::move(call_);
      lock.unlock();
      std::exception_ptr failure;
      try {
        call(card_);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      failure_ = failure;
      pending_ = false;
      changed_.notify_all();
    }
    lock.unlock();
    card_.reset();
    held_.reset();
    lock.lock();
    ended_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void(std::unique_ptr<Card>&)> call_;
  std::exception_ptr failure_;
  bool pending_ = false, stopping_ = false, abandoned_ = false, ended_ = false;
  std::unique_ptr<Card> card_;  ///< the thread's
  std::shared_ptr<void> held_;
};

PcscConnection::PcscConnection(const std::string& reader, std::chrono::milliseconds patience, std::shared_ptr<void> held)
    : patience_(patience), worker_(std::make_shared<Worker>(std::move(held))) {
  worker_->begin();
  try {
    worker_->run([reader](std::unique_ptr<Card>& card) { card = std::make_unique<Card>(reader); },
                 std::min(patience_, longest_connecting));
  } catch (...) {
    worker_->stop();
    throw;
  }
}

PcscConnection::~PcscConnection() { worker_->stop(); }

/// What a call that comes back late writes to must not be the caller's: results live in a shared box.
void PcscConnection::run(std::function<void(Card&)> call) const {
  worker_->run([call = std::move(call)](std::unique_ptr<Card>& card) { call(*card); }, patience_);
}

Bytes PcscConnection::atr() const {
  const auto box = std::make_shared<Bytes>();
  run([box](Card& card) { *box = card.atr; });
  return *box;
}

Protocol PcscConnection::protocol() const {
  const auto box = std::make_shared<Protocol>();
  run([box](Card& card) { *box = card.active == SCARD_PROTOCOL_T0 ? Protocol::t0 : Protocol::t1; });
  return *box;
}

Bytes PcscConnection::transmit(BytesView command) {
  const auto exchange = std::make_shared<Exchange>(Bytes(command.begin(), command.end()));
  run([exchange](Card& card) { exchange->answer = card.transmit(exchange->command); });
  return std::move(exchange->answer);
}

void PcscConnection::reset_when_closed() noexcept try {
  run([](Card& card) { card.farewell = SCARD_RESET_CARD; });
} catch (const LinkError&) {
  // A card that is gone has forgotten it, and one that hangs can be told nothing.
}

Bytes PcscConnection::transmit_typed(BytesView command, const PadEntry& entry) {
  const auto exchange = std::make_shared<Exchange>(pin_pad_request(command, entry));
  worker_->run([exchange, twice = entry.twice](std::unique_ptr<Card>& card) { exchange->answer = card->transmit_typed(exchange->command, twice); },
               longest_typing);
  return std::move(exchange->answer);
}

void PcscConnection::resume() {
  run([](Card& card) { card.resume(); });
}

PinPad PcscConnection::pin_pad() const {
  const auto box = std::make_shared<PinPad>();
  run([box](Card& card) { *box = card.pin_pad().pad(); });
  return *box;
}

}  // namespace anahtar::card::pcsc
