// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/keyring.h"

#include <fstream>
#include <sstream>

#include "audit/entry.h"
#include "crypto/aead.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "store/private_file.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::failure;
using core::Failure;
using core::FailureError;
using core::tr;

constexpr char key_file_title[] = "anahtar device key 1";
constexpr char pin_file_title[] = "anahtar pins 1";

[[noreturn]] void damaged(const std::filesystem::path& file) {
  throw FailureError({Code::not_intact,
                      tr("The key file {1} is damaged. Put back a copy of it, or enrol this desk anew.", file.string())});
}

crypto::Key key_from(std::string_view base64, const std::filesystem::path& file) {
  auto bytes = crypto::base64_decode(base64);
  if (!bytes || bytes->size() != crypto::Key::length) damaged(file);
  crypto::Key key{*bytes};
  explicit_bzero(bytes->data(), bytes->size());
  return key;
}

/// The words of each line after the title.
class Lines {
 public:
  Lines(std::string_view content, std::string_view title, const std::filesystem::path& file) : rest_(content) {
    if (line() != title) damaged(file);
  }
  bool next() {
    rest_of_line_ = line();
    return !rest_of_line_.empty();
  }
  std::string_view word() {
    const auto end = rest_of_line_.find(' ');
    const std::string_view word = rest_of_line_.substr(0, end);
    rest_of_line_.remove_prefix(end == std::string_view::npos ? rest_of_line_.size() : end + 1);
    return word;
  }

 private:
  std::string_view line() {
    const auto end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }
  std::string_view rest_, rest_of_line_;
};

std::uint32_t incarnation_from(std::string_view word, const std::filesystem::path& file) {
  if (word.empty() || word.size() > 9 || word.find_first_not_of("0123456789") != std::string_view::npos) damaged(file);
  return static_cast<std::uint32_t>(std::stoul(std::string(word)));
}

audit::Uuid uuid_from(std::string_view word, const std::filesystem::path& file) {
  const auto uuid = audit::parse_uuid(word);
  if (!uuid) damaged(file);
  return *uuid;
}

struct PinFile {
  std::optional<audit::Uuid> device;
  std::map<audit::LogId, crypto::PublicKey> keys;
};

PinFile read_pins(const std::filesystem::path& file) {
  PinFile pins;
  const auto content = read_private_file(file);
  if (!content) return pins;
  Lines lines(content->expose(), pin_file_title, file);
  while (lines.next()) {
    const auto what = lines.word();
    if (what == "device") {
      pins.device = uuid_from(lines.word(), file);
    } else if (what == "key") {
      const audit::Uuid device = uuid_from(lines.word(), file);
      const std::uint32_t incarnation = incarnation_from(lines.word(), file);
      auto key = crypto::PublicKey::parse(lines.word());
      if (!key) damaged(file);
      pins.keys[{device, incarnation}] = std::move(*key);
    }
  }
  return pins;
}

void write_pins(const std::filesystem::path& file, const PinFile& pins) {
  std::string content = std::string(pin_file_title) + "\n";
  if (pins.device) content += "device " + audit::to_text(*pins.device) + "\n";
  for (const auto& [log, key] : pins.keys)
    content += "key " + audit::to_text(log.device) + " " + std::to_string(log.incarnation) + " " + key.text() + "\n";
  write_private_file(file, content);
}

}  // namespace

std::string this_machine() {
  std::ifstream file("/etc/machine-id");
  std::string id;
  if (!(file >> id)) return {};
  return crypto::hex_encode(crypto::sha256(crypto::view_of("anahtar machine 1\n"), crypto::view_of(id)));
}

std::filesystem::path key_folder(const std::filesystem::path& config_folder, const std::string& site) {
  return config_folder / "anahtar" / "sites" / site;
}

core::Result<Trust> read_trust(const std::filesystem::path& config_folder, const std::string& site) {
  return core::guarded([&]() -> core::Result<Trust> {
    const auto folder = key_folder(config_folder, site);
    Trust trust;
    PinFile pins = read_pins(folder / "pins");
    trust.device = pins.device;
    trust.pins.keys = std::move(pins.keys);
    if (!std::filesystem::exists(folder / "head")) return trust;
    auto head = audit::LocalHeadFile(folder / "head").read();
    if (!head) damaged(folder / "head");
    trust.local_head = *head;
    return trust;
  });
}

core::Result<Keyring> Keyring::create(const std::filesystem::path& config_folder, const std::string& site,
                                      const std::string& machine) {
  return core::guarded([&]() -> core::Result<Keyring> {
    Keyring keyring;
    keyring.folder_ = key_folder(config_folder, site);
    keyring.site_ = site;
    keyring.machine_ = machine;
    keyring.device_ = audit::random_uuid();
    keyring.wrapping_ = crypto::Key::random();
    make_private_folder(keyring.folder_);
    keyring.make_signing_key(audit::first_incarnation);
    write_pins(keyring.folder_ / "pins", {keyring.device_, {}});
    return keyring;
  });
}

core::Result<Keyring> Keyring::open(const std::filesystem::path& config_folder, const std::string& site,
                                    const std::string& machine) {
  return core::guarded([&]() -> core::Result<Keyring> {
    Keyring keyring;
    keyring.folder_ = key_folder(config_folder, site);
    keyring.site_ = site;
    keyring.load();
    if (keyring.machine_ != machine)
      return failure(Code::not_intact,
                     tr("The keys in {1} were copied from another computer. Keys belong to one computer: delete this copy "
                        "and enrol this desk as a device of its own.",
                        keyring.folder_.string()));
    return keyring;
  });
}

void Keyring::load() {
  const auto file = folder_ / "device.key";
  const auto content = read_private_file(file);
  if (!content)
    throw FailureError({Code::not_found, tr("This desk has no keys for the database (none in {1}). Use the account that "
                                            "created it, or put back a copy of its keys.",
                                            folder_.string())});
  Lines lines(content->expose(), key_file_title, file);
  std::map<std::uint32_t, crypto::Key> seeds;
  bool has_device = false, has_wrapping = false;
  while (lines.next()) {
    const auto what = lines.word();
    if (what == "machine") machine_ = lines.word();
    if (what == "device") device_ = uuid_from(lines.word(), file), has_device = true;
    if (what == "wrapping") wrapping_ = key_from(lines.word(), file), has_wrapping = true;
    if (what == "signing") {
      const std::uint32_t incarnation = incarnation_from(lines.word(), file);
      seeds.insert_or_assign(incarnation, key_from(lines.word(), file));
    }
  }
  if (!has_device || !has_wrapping || seeds.empty()) damaged(file);
  seeds_ = std::move(seeds);
}

void Keyring::save() const {
  const auto line = [](std::string what, const crypto::Key& key) {
    return what + " " + crypto::base64_encode(key.expose()) + "\n";
  };
  std::string content = std::string(key_file_title) + "\nmachine " + machine_ + "\ndevice " + device_text() + "\n";
  content += line("wrapping", wrapping_);
  for (const auto& [incarnation, seed] : seeds_) content += line("signing " + std::to_string(incarnation), seed);
  const sdk::Secret secret(std::move(content));
  write_private_file(folder_ / "device.key", secret.expose());
}

std::shared_ptr<const crypto::SigningKey> Keyring::signing_key(std::uint32_t incarnation) {
  if (!seeds_.contains(incarnation)) load();
  const auto seed = seeds_.find(incarnation);
  if (seed == seeds_.end()) return nullptr;
  return std::make_shared<const crypto::SigningKey>(crypto::SigningKey::from_seed(seed->second));
}

std::shared_ptr<const crypto::SigningKey> Keyring::make_signing_key(std::uint32_t incarnation) {
  if (!seeds_.contains(incarnation)) {
    seeds_.insert_or_assign(incarnation, crypto::Key::random());
    save();
  }
  return signing_key(incarnation);
}

std::string Keyring::wrap(const crypto::Key& key, std::string_view purpose) const {
  const std::string context = "device|" + device_text() + "|" + std::string(purpose);
  return crypto::base64_encode(crypto::seal(wrapping_, key.expose(), crypto::view_of(context)));
}

core::Result<crypto::Key> Keyring::unwrap(std::string_view wrapped, std::string_view purpose) const {
  const std::string context = "device|" + device_text() + "|" + std::string(purpose);
  const auto sealed = crypto::base64_decode(wrapped);
  auto opened = sealed ? crypto::open(wrapping_, *sealed, context) : std::unexpected(std::string("not base64"));
  if (!opened || opened->size() != crypto::Key::length)
    return failure(Code::not_intact, tr("The site's keys cannot be opened with this desk's key. The database or the key "
                                        "folder {1} is not what it was.",
                                        folder_.string()));
  crypto::Key key{*opened};
  explicit_bzero(opened->data(), opened->size());
  return key;
}

std::uint32_t Keyring::last_pinned() const {
  const auto newest = audit::Pins{.keys = read_pins(folder_ / "pins").keys, .heads = {}}.newest_of(device_);
  return newest ? newest->incarnation : 0;
}

void Keyring::pin(const audit::LogId& log, const crypto::PublicKey& key) {
  const auto file = folder_ / "pins";
  PinFile pins = read_pins(file);
  const auto known = pins.keys.find(log);
  if (known != pins.keys.end() && known->second == key) return;
  if (known != pins.keys.end())
    throw FailureError({Code::not_intact, tr("The log of device {1} is signed with another key than the one that is "
                                             "trusted for it. Do not go on; verify the audit log.",
                                             audit::to_text(log.device))});
  pins.device = device_;
  pins.keys[log] = key;
  write_pins(file, pins);
}

}  // namespace anahtar::store
