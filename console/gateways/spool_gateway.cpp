// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/spool_gateway.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;
namespace fs = std::filesystem;

core::Failure unavailable(const fs::path& folder) {
  return {Code::unavailable, tr("The demo's telephone folder {1} cannot be written.", folder.string())};
}

/// Ours, a real folder, and closed to others; made when it is not there.
bool make_private_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return false;
  struct stat found{};
  if (::lstat(folder.c_str(), &found) != 0) return false;
  return S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() && (found.st_mode & 077) == 0;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool is_plain_id(const std::string& id) {
  return !id.empty() && std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

/// A string of JSON (RFC 8259 §7). By hand, because the library wipes none of its copies.
sdk::Secret quoted(const sdk::Secret& text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(6 * text.size() + 2);  // growing would leave copies behind
  out += '"';
  for (const char c : text.expose()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20)
      out.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
    else if (c == '"' || c == '\\')
      out.append({'\\', c});
    else
      out += c;
  }
  out += '"';
  return sdk::Secret(std::move(out));
}

std::optional<core::PhoneMessage> read_message(const fs::path& file) {
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("at") || !json["at"].is_number_integer()) return {};
  return core::PhoneMessage{core::Time(std::chrono::microseconds(json["at"].get<std::int64_t>())),
                            json.value("to", ""), json.value("text", "")};
}

}  // namespace

SpoolGateway::SpoolGateway(fs::path folder, const core::Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

core::Result<> SpoolGateway::send(const core::TextMessage& message) {
  return keep(message.id, message.kind, message.to, std::string(message.body.expose()));
}

core::Result<> SpoolGateway::send(const core::MailMessage& message) {
  std::string text;
  text.reserve(message.subject.size() + 2 + message.body.size());  // growing would leave copies behind
  text.append(message.subject).append("\n\n").append(message.body.expose());
  return keep(message.id, message.kind, message.to, std::move(text));
}

core::Result<> SpoolGateway::keep(const std::string& id, const std::string& kind, const std::string& to,
                                  std::string body) const {
  const sdk::Secret secret(std::move(body));
  if (!is_plain_id(id)) return core::failure(Code::invalid, tr("A message came without an identifier."));
  if (!make_private_folder(folder_)) return std::unexpected(unavailable(folder_));

  const auto file = folder_ / (id + ".json");
  const auto draft = folder_ / (id + ".draft");
  if (fs::exists(file)) return {};
  const int handle = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (handle < 0) return std::unexpected(unavailable(folder_));
  std::string facts = nlohmann::json{{"at", clock_.now().time_since_epoch().count()}, {"to", to}, {"kind", kind}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  facts.back() = ',';
  const auto text = quoted(secret);
  const bool written = write_all(handle, facts + "\"text\":") && write_all(handle, text.expose()) && write_all(handle, "}\n");
  ::close(handle);
  if (!written || ::rename(draft.c_str(), file.c_str()) != 0) {
    ::unlink(draft.c_str());
    return std::unexpected(unavailable(folder_));
  }
  return {};
}

std::vector<core::PhoneMessage> SpoolGateway::messages() {
  std::vector<core::PhoneMessage> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() != ".json") continue;
    try {
      if (auto message = read_message(entry.path())) found.push_back(std::move(*message));
    } catch (const nlohmann::json::exception&) {
      continue;  // a field of another type: not one of ours
    }
  }
  std::ranges::stable_sort(found, std::greater{}, &core::PhoneMessage::at);
  return found;
}

}  // namespace anahtar::gateways
