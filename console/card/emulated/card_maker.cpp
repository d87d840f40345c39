// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_maker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <numeric>
#include <sstream>

#include "card/emulated/akis_card.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
#include "card/emulated/openpgp_card.h"
#include "card/emulated/piv_card.h"
#include "crypto/base64.h"

namespace anahtar::card::emulated {
namespace {

using core::Code;
using core::failure;
using core::tr;

constexpr std::string_view first_line = "anahtar emulated card ";

/// Beside the file first, so that nothing is lost when the process ends on the way.
bool write_private(const std::filesystem::path& file, const std::string& text) {
  const std::string beside = file.string() + ".new";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  const bool whole = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return (::close(descriptor) == 0) && whole && ::rename(beside.c_str(), file.c_str()) == 0;
}

std::string text_of(const std::string& family, const CardShell& card) {
  Memory memory;
  card.store(memory);
  std::string text = std::string(first_line) + family + "\n";
  for (const auto& [name, value] : memory) text += name + " " + crypto::hex_encode(crypto::view_of(value)) + "\n";
  return text;
}

std::optional<Memory> memory_in(const std::string& text, const std::string& family) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != std::string(first_line) + family) return {};
  Memory memory;
  while (std::getline(lines, line)) {
    const auto space = line.find(' ');
    const auto value = crypto::hex_decode(space == line.npos ? "" : line.substr(space + 1));
    if (space == line.npos || !value) return {};
    memory[line.substr(0, space)] = std::string(crypto::text_of(*value));
  }
  return memory;
}

class RememberingCard : public EmulatedCard {
 public:
  RememberingCard(std::unique_ptr<CardShell> card, std::string family, std::filesystem::path file)
      : card_(std::move(card)), family_(std::move(family)), file_(std::move(file)) {}

  bool keep() {
    std::string now = text_of(family_, *card_);
    if (now == kept_) return true;
    kept_ = std::move(now);
    return write_private(file_, kept_);
  }
  Bytes atr() const override { return card_->atr(); }
  void reset() override { card_->reset(); }
  Bytes answer(BytesView command) override {
    Bytes answer = card_->answer(command);
    keep();
    return answer;
  }

 private:
  std::unique_ptr<CardShell> card_;
  std::string family_, kept_;
  std::filesystem::path file_;
};

}  // namespace

const std::vector<std::string>& families() {
  static const std::vector<std::string> all = {"piv", "gids", "openpgp", "akis", "akis-1.0", "akis-1.2", "iso"};
  return all;
}

std::unique_ptr<CardShell> make_card(const std::string& family, CardOptions options) {
  if (family == "piv") return std::make_unique<PivCard>(std::move(options));
  if (family == "gids") return std::make_unique<GidsCard>(std::move(options));
  if (family == "openpgp") return std::make_unique<OpenPgpCard>(std::move(options));
  if (family == "iso") return std::make_unique<IsoCard>(std::move(options));
  if (!family.starts_with("akis")) return nullptr;
  options.akis = family == "akis-1.0" ? AkisVersion::v1_0 : family == "akis-1.2" ? AkisVersion::v1_2 : AkisVersion::v2_2;
  return std::make_unique<AkisCard>(std::move(options));
}

std::vector<std::size_t> serial_lengths(const std::string& family) {
  if (family == "piv") return {4, 16};
  if (family == "openpgp") return {4};
  if (family.starts_with("akis")) return {12};
  std::vector<std::size_t> up_to_16(16);
  std::iota(up_to_16.begin(), up_to_16.end(), std::size_t{1});
  return up_to_16;
}

core::Result<std::unique_ptr<EmulatedCard>> with_memory(std::unique_ptr<CardShell> card, const std::string& family,
                                                        std::filesystem::path file) {
  if (std::error_code ignored; std::filesystem::exists(file, ignored)) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream all;
    all << stream.rdbuf();
    if (!stream) return failure(Code::unavailable, tr("The card's memory {1} cannot be read.", file.string()));
    const auto memory = memory_in(all.str(), family);
    if (!memory) return failure(Code::invalid, tr("{1} is not the memory of a card of this family.", file.string()));
    card->recall(*memory);
  }
  auto remembering = std::make_unique<RememberingCard>(std::move(card), family, file);
  if (!remembering->keep()) return failure(Code::unavailable, tr("The card's memory {1} cannot be written.", file.string()));
  return remembering;
}

}  // namespace anahtar::card::emulated
