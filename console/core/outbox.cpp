// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/outbox.h"

#include <algorithm>

#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 2s, longest_pause = 300s;
constexpr auto look_every = 500ms;  // for what another process of this device queued, and for the lock
constexpr auto poll = 20ms;         // of those who wait for a try to be over

std::chrono::seconds pause_after(int tries) {
  return std::min<std::chrono::seconds>(first_pause * (1 << std::clamp(tries - 1, 0, 10)), longest_pause);
}


/// What a report makes of a message: nothing when it tells nothing new.
std::optional<MessageState> told_by(DeliveryState report, const OutboxMessage& message) {
  const bool has_left = message.state != MessageState::queued && message.state != MessageState::failed;
  const bool in_doubt = message.state == MessageState::unknown ||
                        (message.state == MessageState::queued && message.reason == message_reason::no_answer) ||
                        (message.state == MessageState::queued && message.reason == message_reason::interrupted);
  if (!(has_left || in_doubt) || message.state == MessageState::delivered) return {};
  switch (report) {
    case DeliveryState::delivered: return MessageState::delivered;
    case DeliveryState::failed:
      return message.state == MessageState::queued ? std::nullopt : std::optional(MessageState::failed);
    case DeliveryState::queued:
    case DeliveryState::sent: break;
  }
  return in_doubt ? std::optional(MessageState::sent) : std::nullopt;
}

}  // namespace

Outbox::Outbox(Reader& reader, Writer& writer, const Clock& clock, Ways ways, SenderLock& lock, NeverLeft never_left)
    : reader_(reader), writer_(writer), clock_(clock), ways_(ways), lock_(lock), never_left_(std::move(never_left)) {}

Outbox::~Outbox() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

bool Outbox::can_send(MessageChannel channel) const {
  return channel == MessageChannel::sms ? ways_.sms != nullptr : ways_.mail != nullptr;
}

void Outbox::start() {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Outbox::wake() {
  start();
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Outbox::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      pass(stop);
    } catch (...) {
      // The storage does not answer: what is queued stays queued, and is looked at again in a moment.
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, look_every, [&] { return woken_; });
    woken_ = false;
  }
  flush();
}

void Outbox::pass(const std::stop_token& stop) {
  if (!has_lock_) has_lock_ = lock_.take();
  if (!has_lock_) return;
  flush();
  if (!took_up_) take_up_interrupted();
  for (const OutboxMessage& message : unsettled()) {
    if (stop.stop_requested()) return;
    if (message.state == MessageState::queued && due(message)) attempt(message.id);
  }
}

std::vector<OutboxMessage> Outbox::unsettled() const {
  return reader_.messages({.ticket = {}, .device = writer_.device(), .unsettled = true});
}

/// What a process left behind that ended over it: with the lock here, nobody else is at it.
void Outbox::take_up_interrupted() {
  for (const OutboxMessage& left : unsettled()) {
    if (left.state != MessageState::sending) continue;
    value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      auto message = tx.message(left.id);
      if (message && message->state == MessageState::sending) in_doubt(tx, *message, message_reason::interrupted);
      return {};
    }));
  }
  took_up_ = true;
}

GatewayState Outbox::state_of(MessageChannel channel) const {
  if (!can_send(channel)) return {};
  return channel == MessageChannel::sms ? ways_.sms->state() : ways_.mail->state();
}

bool Outbox::due(const OutboxMessage& message) const {
  const Time now = clock_.now();
  if (message.deadline <= now) return true;
  return message.next_try <= now && can_send(message.channel) && !state_of(message.channel).retry_in;
}

void Outbox::attempt(const std::string& id) {
  OutboxMessage message;
  auto content = begin_attempt(id, message);
  if (!content) return;
  unnoted_.push_back({id, deliver(message, std::move(*content))});
  flush();
}

/// Commits that it is being sent; nothing when there is nothing to send. What cannot be committed is not sent.
std::optional<MessageContent> Outbox::begin_attempt(const std::string& id, OutboxMessage& message) {
  std::optional<MessageContent> content;
  value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    content.reset();
    auto row = tx.message(id);
    if (!row || row->state != MessageState::queued || row->device != writer_.device()) return {};
    content = tx.message_content(id);
    if (row->deadline <= clock_.now() || !content || content->to.empty()) {
      const bool in_time = row->deadline > clock_.now();
      content.reset();
      give_up(tx, *row, in_time ? message_reason::erased : message_reason::expired);
      return {};
    }
    ++row->tries;
    row->state = MessageState::sending;
    row->changed = clock_.now();
    Record record = record_about(tx, *row, record_type::effect_intended);
    record.fields[Tag::count] = std::to_string(row->tries);
    tx.record(std::move(record));
    tx.save(*row);
    message = std::move(*row);
    return {};
  }));
  return content;
}

Outbox::Fate Outbox::deliver(const OutboxMessage& message, MessageContent content) const {
  const bool may_repeat = message_kind_named(message.kind).worse == Worse::none;
  try {
    const auto sent =
        message.channel == MessageChannel::sms
            ? ways_.sms->send({message.id, message.kind, content.to, std::move(content.body), may_repeat})
            : ways_.mail->send(
                  {message.id, message.kind, content.to, content.subject, std::move(content.body), may_repeat});
    if (sent) return Fate::happened;
    if (sent.error().code == Code::unavailable) return Fate::not_now;
    return sent.error().code == Code::internal ? Fate::unknown : Fate::refused;
  } catch (...) {  // it may have failed after the message left
    return Fate::unknown;
  }
}

/// Notes what was tried. What cannot be committed is kept for the next pass; if the program ends before, the row says
/// `sending`, and the next one takes it for interrupted.
void Outbox::flush() {
  std::erase_if(unnoted_, [&](const Attempted& attempted) { return conclude(attempted).has_value(); });
}

Result<> Outbox::conclude(const Attempted& attempted) {
  const auto noted = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
    if (auto message = tx.message(attempted.id)) conclude(tx, std::move(*message), attempted.fate);
    return {};
  });
  changed_.notify_all();
  return noted;
}

void Outbox::conclude(Transaction& tx, OutboxMessage message, Fate fate) {
  const Time now = clock_.now();
  if (message.state != MessageState::sending) {  // a report was quicker
    tx.record(record_about(tx, message, record_type::effect_happened));
    return settle(tx, message, message.state, message.reason, message.changed);
  }
  switch (fate) {
    case Fate::happened:
      tx.record(record_about(tx, message, record_type::effect_happened));
      return settle(tx, message, MessageState::sent, {}, now);
    case Fate::unknown: return in_doubt(tx, message, message_reason::no_answer);
    case Fate::refused: return give_up(tx, message, message_reason::refused);
    case Fate::not_now: break;
  }
  Record record = record_about(tx, message, record_type::effect_failed);
  record.fields[Tag::refusal] = message_reason::unavailable;
  tx.record(std::move(record));
  message.state = MessageState::queued;
  message.reason = message_reason::unavailable;
  message.next_try = now + pause_after(message.tries);
  message.changed = now;
  tx.save(message);
}

/// Nobody knows whether it left: what the kind says is the lesser evil.
void Outbox::in_doubt(Transaction& tx, OutboxMessage& message, std::string_view reason) {
  const Time now = clock_.now();
  Record record = record_about(tx, message, record_type::effect_unknown);
  record.fields[Tag::refusal] = reason;
  tx.record(std::move(record));
  if (message_kind_named(message.kind).worse == Worse::second_copy)
    return settle(tx, message, MessageState::unknown, reason, now);
  message.state = MessageState::queued;
  message.reason = reason;
  message.next_try = now + pause_after(message.tries);
  message.changed = now;
  tx.save(message);
}

/// It will not be tried again, and the last try, if there was one, certainly did not leave. Whether an earlier one did
/// decides whether it never left.
void Outbox::give_up(Transaction& tx, OutboxMessage& message, std::string_view reason) {
  const bool in_doubt =
      message.reason == message_reason::no_answer || message.reason == message_reason::interrupted;
  const bool tried = message.state == MessageState::sending;
  Record record = record_about(tx, message, tried ? record_type::effect_failed : record_type::message_withdrawn);
  record.fields[Tag::refusal] = reason;
  tx.record(std::move(record));
  settle(tx, message, in_doubt ? MessageState::unknown : MessageState::failed, reason, clock_.now());
  if (!in_doubt && never_left_) never_left_(tx, message);
}

Result<> note_report(Writer& writer, const Clock& clock, const std::string& id, DeliveryState state) {
  return commit_unit(writer, [&](Transaction& tx) -> Result<> {
    auto message = tx.message(id);
    if (!message) return failure(Code::not_found, tr("There is no message with this identifier."));
    const auto now_known = told_by(state, *message);
    if (!now_known) return {};
    Record record = record_about(tx, *message, record_type::message_reported);
    record.fields[Tag::state] = to_string(*now_known);
    tx.record(std::move(record));
    const bool failed = *now_known == MessageState::failed;
    settle(tx, *message, *now_known, failed ? message_reason::undelivered : "", clock.now());
    return {};
  });
}

/// A message that waits for its gateway's pause says so.
MessageStatus Outbox::status_with_gateway(const OutboxMessage& message) const {
  OutboxMessage shown = message;
  if (message.state == MessageState::queued)
    if (const auto pause = state_of(message.channel).retry_in)
      shown.next_try = std::max(message.next_try, clock_.now() + *pause);
  return status_of(shown, clock_.now());
}

std::optional<MessageStatus> Outbox::status(std::string_view id) const {
  const auto message = reader_.message(id);
  return message ? std::optional(status_with_gateway(*message)) : std::nullopt;
}

std::vector<MessageStatus> Outbox::of_ticket(TicketNumber ticket) const {
  std::vector<MessageStatus> found;
  for (const OutboxMessage& message : reader_.messages({.ticket = ticket, .device = {}}))
    found.push_back(status_with_gateway(message));
  return found;
}

std::vector<MessageStatus> Outbox::waiting() const {
  std::vector<MessageStatus> found;
  for (const OutboxMessage& message : unsettled()) found.push_back(status_with_gateway(message));
  return found;
}

std::optional<MessageStatus> Outbox::wait_for_try(const std::string& id, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto message = reader_.message(id);
    if (!message) return {};
    const bool tried = is_settled(message->state) || (message->state == MessageState::queued && message->tries > 0);
    if (tried || std::chrono::steady_clock::now() >= end) return status_with_gateway(*message);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, poll);
  }
}

std::vector<MessageStatus> Outbox::wait_until_sent(Time since, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (true) {
    std::vector<MessageStatus> left;
    for (const OutboxMessage& message : unsettled())
      if (message.created >= since) left.push_back(status_with_gateway(message));
    const auto time_left = end - std::chrono::steady_clock::now();
    const bool in_vain = std::ranges::all_of(
        left, [&](const MessageStatus& message) { return message.retry_in && *message.retry_in > time_left; });
    if (in_vain || time_left <= 0s) return left;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, poll);
  }
}

}  // namespace anahtar::core
