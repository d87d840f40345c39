// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <exception>
#include <expected>
#include <functional>
#include <type_traits>
#include <utility>

#include <anahtar/sdk/text.h>

namespace anahtar::core {

using sdk::Text;
using sdk::tr;

/// The one vocabulary of expected failures.
enum class Code {
  not_found,      ///< there is no such ticket, subscriber, operator …
  invalid,        ///< the input is not what it should be
  refused,        ///< a rule of the desk says no
  not_permitted,  ///< the role may not do this
  conflict,       ///< somebody else changed it meanwhile, or it exists already
  unavailable,    ///< a part that is needed does not work now (database locked, disk full, no gateway)
  not_intact,     ///< the audit log or a key does not stand up to verification
  cancelled,
  internal,  ///< a defect of the program
};

/// What happened and what to do, for people.
struct Failure {
  Code code = Code::internal;
  Text sentence;
};

template <class T = void>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> failure(Code code, Text sentence) {
  return std::unexpected(Failure{code, std::move(sentence)});
}

/// A failure on its way up through code that cannot continue (storage, mostly). `guarded` turns it back into a value.
struct FailureError : std::exception {
  explicit FailureError(Failure f) : failure(std::move(f)) {}
  const char* what() const noexcept override { return failure.sentence.id.c_str(); }
  Failure failure;
};

/// Takes the value, or throws the failure.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw FailureError(std::move(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Runs `work` and gives a FailureError back as a value. Other exceptions pass.
template <class Work>
auto guarded(Work&& work) -> std::invoke_result_t<Work> {
  try {
    return work();
  } catch (FailureError& error) {
    return std::unexpected(std::move(error.failure));
  }
}

}  // namespace anahtar::core
