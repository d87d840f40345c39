// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/served_card.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace anahtar::testing {

namespace fs = std::filesystem;

ServedCard::ServedCard(const Desk& desk, const fs::path& site, std::vector<std::string> words) {
  fs::create_directory(site / "cards");
  fs::permissions(site / "cards", fs::perms::owner_all);
  const auto socket = site / "cards" / "Desk.card";
  fs::remove(socket);  // of a card that was killed
  words.insert(words.begin(), fs::path(ANAHTARCTL).parent_path() / "anahtar-card");
  for (const fs::path& each : {fs::path("--tell"), fs::path("--serve"), socket, fs::path("--authority"), site / "demo-authority"}) words.push_back(each);
  program_ = std::make_unique<Program>(desk.file(""), words, desk.environment, Program::Input::nothing);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!fs::is_socket(socket) && std::chrono::steady_clock::now() < patience) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (!fs::is_socket(socket)) throw std::runtime_error("the card did not come up: " + program_->err());
}

std::vector<ToldCommand> ServedCard::told() const {
  static const std::regex line_of_a_command("[0-9A-F]{2} ([0-9A-F]{2}) [0-9A-F]{2} [0-9A-F]{2}, ([0-9]+) bytes(: (.*))?");
  std::vector<ToldCommand> told;
  std::istringstream lines(program_->out());
  std::smatch part;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, part, line_of_a_command)) told.push_back({part[1], std::stoi(part[2]) > 5, part[4]});
  return told;
}

bool ServedCard::was_struck() const {
  return std::ranges::any_of(told(), [](const ToldCommand& each) { return !each.struck.empty(); });
}

std::vector<CommandPlace> places_of_secrets(const std::vector<ToldCommand>& told) {
  static const std::set<std::string> instructions = {"20", "21", "24", "25", "2C", "2D", "52", "54", "82", "86", "87"};
  std::vector<CommandPlace> places;
  std::map<std::string, int> count;
  for (const ToldCommand& each : told) {
    ++count[each.instruction];
    if (each.has_data && instructions.contains(each.instruction)) places.push_back({each.instruction, count[each.instruction]});
  }
  return places;
}

}  // namespace anahtar::testing
