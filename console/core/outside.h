// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/cards.h"
#include "core/outbox.h"
#include "core/run_locks.h"

namespace anahtar::core {

/// The world outside the desk, as actions need it; null: not set up.
struct Outside {
  Outbox* outbox = nullptr;
  CivilRegistryService* civil_registry = nullptr;  ///< confirms what the questions established
  Telephone* telephone = nullptr;  ///< null: nobody can be called back
  CardDesk* cards = nullptr;       ///< null: no readers here
  CardKeys* card_keys = nullptr;   ///< null: no keys of cards are held here
  RunLocks* run_locks = nullptr;   ///< null: no other program works at this desk

  bool can_mail() const { return outbox && outbox->can_send(MessageChannel::mail); }
  bool can_text() const { return outbox && outbox->can_send(MessageChannel::sms); }
};

}  // namespace anahtar::core
