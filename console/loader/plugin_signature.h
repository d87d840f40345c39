// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <string>

#include "core/result.h"
#include "crypto/signature.h"
#include "loader/trusted_keys.h"

namespace anahtar::loader {

/// Beside `name.so` lies `name.so.sig`, three lines of text:
///     anahtar-plugin-signature 1
///     key <key id>
///     signature <base64 of the Ed25519 signature (RFC 8032 §5.1.6) of the whole file>
std::filesystem::path signature_file_of(const std::filesystem::path& plugin);
std::string signature_text(const crypto::SigningKey& key, crypto::BytesView file);

/// Says nothing when `file` carries a trusted key's signature in `signature_file`, and what is wrong otherwise.
core::Result<> check_signature(crypto::BytesView file, const std::filesystem::path& signature_file,
                               const TrustedKeys& trusted);

}  // namespace anahtar::loader
