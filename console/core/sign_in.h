// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/session.h"

namespace anahtar::core {

struct SignInRules {
  int tries = 5;
  std::chrono::minutes lock_for{15};
  std::size_t shortest_password = 10;
};

/// Who sits at the console. Every call is recorded, refusals too. [worker]: scrypt takes a tenth of a second.
class SignIn {
 public:
  SignIn(Reader& reader, Writer& writer, Vault& vault, const Clock& clock, SignInRules rules = {});

  /// One sentence for a wrong name and a wrong password; a disabled account is named only to who knows the password.
  /// Lock-out after `tries` wrong passwords; while it lasts, a right one and a wrong one get the same answer.
  Result<Session> sign_in(const std::string& name, const Secret& password);
  Result<> sign_out(const Session& session);
  /// The console locks (by idleness or by hand); unlocking asks for the same operator's password.
  Result<> lock(const Session& session);
  Result<> unlock(const Session& session, const Secret& password);
  Result<Session> change_password(const Session& session, const Secret& current, const Secret& fresh);

 private:
  /// Runs `when_right` on the account, inside the unit that counts and records the try.
  Result<Operator> with_password(const std::string& name, const Secret& password, const std::string& session_id,
                                 const std::function<void(Transaction&, Operator&)>& when_right);

  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  const Clock& clock_;
  SignInRules rules_;
};

struct NewOperator {
  std::string name, display_name, person;  ///< person empty: a new one
  Role role = Role::operator_;
};

/// Accounts, by administrators only. [worker]
class Operators {
 public:
  Operators(Reader& reader, Writer& writer, Vault& vault, const Clock& clock);

  Result<std::vector<Operator>> list(const Session& session);  ///< password hashes blanked
  /// With a first password that must be changed at the first sign-in.
  Result<Operator> add(const Session& session, const NewOperator& wanted, const Secret& first_password);
  Result<> disable(const Session& session, const std::string& name);
  /// Ends the account's sessions: they were opened with another role. Not one's own.
  Result<> set_role(const Session& session, const std::string& name, Role role);
  /// Ends a lock-out (and enables a disabled account).
  Result<> unlock(const Session& session, const std::string& name);
  Result<> reset_password(const Session& session, const std::string& name, const Secret& first_password);

 private:
  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  const Clock& clock_;
};

/// Checks names and a password against the rules; used by whoever makes the first administrator.
Result<> acceptable_operator_name(const std::string& name);
Result<> acceptable_display_name(const std::string& name);
Result<> acceptable_password(const Secret& password, const SignInRules& rules = {});

}  // namespace anahtar::core
