// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string_view>

#include "core/result.h"
#include "crypto/bytes.h"

namespace anahtar::loader {

/// The bytes of the named section of a shared library (ELF-64 Object File Format §4–5), found without running or
/// mapping anything of it. Every offset that the file names is checked against its size, those of its loadable segments
/// too, so that a file that passes is not cut off. Failures say what the file is not.
core::Result<crypto::BytesView> elf_section(crypto::BytesView file, std::string_view name);

}  // namespace anahtar::loader
