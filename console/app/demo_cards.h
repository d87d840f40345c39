// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/services.h"

namespace anahtar::app {

/// The folder of a site's own things, its keys among them.
std::filesystem::path site_folder(const std::string& site_id);

/// The cards of a demo: made by the program anahtar-card, in a process of its own, and seen through a socket in a private
/// folder beside the site's keys. One reader, at most one card in it. [worker]
class ServedDemoCards : public core::DemoCards {
 public:
  explicit ServedDemoCards(std::filesystem::path site_folder) : folder_(std::move(site_folder)) {}

  std::vector<Choice> choices() override;
  core::Result<> insert(const std::string& id) override;
  core::Result<> remove() override;

  /// Where the sockets are, and whose root is trusted in the demo.
  static std::filesystem::path sockets(const std::filesystem::path& site_folder) { return site_folder / "cards"; }
  static std::filesystem::path roots(const std::filesystem::path& site_folder) { return site_folder / "roots"; }
  static std::filesystem::path authority(const std::filesystem::path& site_folder) { return site_folder / "demo-authority"; }

 private:
  std::filesystem::path folder_;
};

/// A demo's registered card, as `anahtarctl init --demo` and anahtar-card both know it.
struct DemoCard {
  const char* id;          ///< of the choice
  const char* family;      ///< of anahtar-card
  const char* national_id; ///< whose it is
  const char* holder;
  const char* serial;      ///< hexadecimal, as the family prints it
  const char* model;
  const char* produced;
  const char* kind;        ///< of the secret that the vault holds; empty: none
  const char* secret;
};
const std::vector<DemoCard>& demo_cards();

/// Makes the authority that certifies the demo's cards, and trusts it in this site.
core::Result<> make_demo_authority(const std::filesystem::path& site_folder);
/// Registers the demo's cards to its subscribers, locked, with the secrets that unlock them.
core::Result<> add_demo_cards(core::Writer& writer, core::CardKeys& keys, core::Time now);

}  // namespace anahtar::app
