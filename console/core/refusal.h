// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/result.h"

namespace anahtar::core {

/// A rule said no.
struct Refusal {
  std::string rule;  ///< goes into the record: "role", "state", "caller", "level", "locked", "port", "running" …
  Text sentence;
  Code code = Code::refused;

  Failure failure() const { return {code, sentence}; }
};

}  // namespace anahtar::core
