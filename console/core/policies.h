// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include "core/actions.h"
#include "core/policy_file.h"
#include "core/session.h"

namespace anahtar::core {

/// The policy that is in force, as text.
struct PolicyInForce {
  std::int64_t number = 0;  ///< 0: the program's defaults, never changed
  std::string text, sha256;
  Time applied{};
  std::string applied_by;
};

/// Policy files: which is in force, what is wrong with one, putting one into force. [worker]
class Policies {
 public:
  Policies(Reader& reader, Writer& writer, Vault& vault, const PluginCatalogue& plugins, const Clock& clock);

  /// For everybody who may sign in.
  Result<PolicyInForce> in_force(const Session& session);
  /// Empty: it may be applied. Needs no session, writes nothing.
  std::vector<PolicyProblem> check(const std::string& text) const;
  /// Administrators only; the new version counts from this commit on and is recorded as policy.applied. A file with
  /// problems is refused. Its number.
  Result<std::int64_t> apply(const Session& session, const std::string& text);

 private:
  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  const Clock& clock_;
  KnownNames known_;
};

}  // namespace anahtar::core
