// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/bytes.h"

/// For the .cpp files of this room only.
namespace anahtar::crypto::detail {

template <auto free_function>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

template <class T, auto free_function>
using Owned = std::unique_ptr<T, Freer<free_function>>;

/// OpenSSL answers 1 for success nearly everywhere; what fails here is memory, entropy or a missing provider.
inline void require(bool worked, const char* what) {
  if (!worked) throw CryptoError(std::string("OpenSSL cannot ") + what);
}

}  // namespace anahtar::crypto::detail
