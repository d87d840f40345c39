// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/changes.h"

/// Private to core: the functions of one kind of change each, in files of their own.
namespace anahtar::core {

std::optional<Refusal> refusal_of_word_reset(const ChangeContext& context);
void prepare_word_reset(Prepared& prepared, Vault& vault);
void apply_word_reset(const ChangeContext& context);

std::optional<Refusal> refusal_of_phone_update(const ChangeContext& context);
void apply_phone_update(const ChangeContext& context);

std::optional<Refusal> refusal_of_phone_undo(const ChangeContext& context);
void apply_phone_undo(const ChangeContext& context);

std::optional<Refusal> refusal_of_call_pin(const ChangeContext& context);
void apply_call_pin(const ChangeContext& context);

}  // namespace anahtar::core
