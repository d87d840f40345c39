// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <compare>
#include <string>
#include <vector>

#include "app/desk.h"

namespace anahtar::testing {

/// A command as the card tells of it: never its data.
struct ToldCommand {
  std::string instruction;  ///< "2C"
  bool has_data = false;
  std::string struck;       ///< which fault struck it; empty: none
};

/// The `nth` command with this instruction, counted from 1.
struct CommandPlace {
  std::string instruction;
  int nth = 1;
  auto operator<=>(const CommandPlace&) const = default;
};

/// A card in the demo's reader, in a process of its own, which goes with this object.
class ServedCard {
 public:
  /// `words` are anahtar-card's. `site` is the folder of the site's own things.
  ServedCard(const Desk& desk, const std::filesystem::path& site, std::vector<std::string> words);

  std::vector<ToldCommand> told() const;
  bool was_struck() const;

 private:
  std::unique_ptr<Program> program_;
};

/// Where a PIN, a PUK, a code or a proof of a key is in what was told: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER,
/// the authentications, and the demo issuer's session, each where it has data.
std::vector<CommandPlace> places_of_secrets(const std::vector<ToldCommand>& told);

}  // namespace anahtar::testing
