// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/stack.h"

#include <string.h>

#include <array>

namespace anahtar::crypto {

[[gnu::noinline]] void wipe_stack_below() {
  std::array<unsigned char, 64 * 1024> left;  // the nearest frames; how deep a library went nobody tells
  explicit_bzero(left.data(), left.size());
}

}  // namespace anahtar::crypto
