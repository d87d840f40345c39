// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/result.h"
#include "crypto/signature.h"

namespace anahtar::loader {

/// The signing key in `folder`: `plugin-signing.key` (0600) and, for others, `plugin-signing.pub`. Made when there is
/// none; of several processes that make it at once one wins and all use its key.
core::Result<crypto::SigningKey> signing_key_in(const std::filesystem::path& folder);

}  // namespace anahtar::loader
