// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "card/emulated/card_shell.h"
#include "core/result.h"

namespace anahtar::card::emulated {

/// "piv", "gids", "openpgp", "akis", "akis-1.0", "akis-1.2", "iso".
const std::vector<std::string>& families();

/// Nothing for a family that there is not.
std::unique_ptr<CardShell> make_card(const std::string& family, CardOptions options);

/// The lengths in bytes that a serial of that family can have.
std::vector<std::size_t> serial_lengths(const std::string& family);

/// A card that keeps its memory in a file (mode 0600), written anew whenever a command changed something.
/// Code::invalid: the file is another family's, or none. Code::unavailable: it cannot be read or written.
core::Result<std::unique_ptr<EmulatedCard>> with_memory(std::unique_ptr<CardShell> card, const std::string& family,
                                                        std::filesystem::path file);

}  // namespace anahtar::card::emulated
