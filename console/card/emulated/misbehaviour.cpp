// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/misbehaviour.h"

#include <algorithm>
#include <thread>

namespace anahtar::card::emulated {
namespace {

constexpr std::uint8_t get_response = 0xC0;
const Bytes garbage = {0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x00};

}  // namespace

void Misbehaviour::add(Fault fault) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({fault});
}

void Misbehaviour::clear() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
}

int Misbehaviour::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

/// The first fault that has come due; one that was meant for a single command is used up.
std::optional<Fault> Misbehaviour::due(BytesView command) {
  const std::lock_guard lock(mutex_);
  if (command.size() < 2 || command[1] == get_response) return {};
  ++commands_;
  std::optional<Fault> found;
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    const Fault& fault = each->fault;
    const bool matches = !fault.ins || *fault.ins == command[1];
    const bool now = matches && (++each->seen == fault.at || fault.at == 0);
    if (now && !found) found = fault;
    each = now && fault.at != 0 ? waiting_.erase(each) : each + 1;
  }
  return found;
}

Bytes Misbehaviour::repeated(BytesView command) {
  {
    const std::lock_guard lock(mutex_);
    for (const Waiting& each : waiting_)
      for (const auto& [asked, answer] : each.answers)
        if (std::ranges::equal(asked, command)) return answer;
  }
  Bytes answer = card_->answer(command);
  const std::lock_guard lock(mutex_);
  for (Waiting& each : waiting_)
    if (each.fault.kind == Fault::Kind::repeat) each.answers.emplace_back(Bytes(command.begin(), command.end()), answer);
  return answer;
}

Bytes Misbehaviour::answer(BytesView command) {
  const auto fault = due(command);
  if (witness_ && command.size() > 1 && command[1] != get_response) witness_(command, fault);
  if (!fault) return card_->answer(command);
  using enum Fault::Kind;
  if (fault->kind == slow) std::this_thread::sleep_for(fault->delay);
  if (fault->kind == forget) card_->reset();
  if (fault->kind == repeat) return repeated(command);
  if (fault->kind == slow || fault->kind == forget) return card_->answer(command);

  if (fault->after) {
    const Bytes kept = card_->answer(command);
    // The answer had come before the other program's reset; the next command meets it.
    if (fault->kind == reset) {
      add({.kind = reset});
      return kept;
    }
  }
  switch (fault->kind) {
    case pull: throw Disturbance{Disturbance::Kind::pulled};
    case silence: throw Disturbance{Disturbance::Kind::silent};
    case reset: card_->reset(); throw Disturbance{Disturbance::Kind::reset};
    case garbage: return emulated::garbage;
    default: return {0x90, 0x00};
  }
}

}  // namespace anahtar::card::emulated
