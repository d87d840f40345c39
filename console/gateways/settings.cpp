// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <toml++/toml.h>

#include "gateways/mail_text.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using core::FailureError;
using sdk::tr;
namespace fs = std::filesystem;

constexpr std::size_t largest_file = 64 * 1024;

[[noreturn]] void refuse(core::Text sentence) { throw FailureError({Code::invalid, std::move(sentence)}); }

struct FileHandle {
  ~FileHandle() {
    if (number >= 0) ::close(number);
  }
  int number;
};

/// The file's bytes; whoever may not be trusted with it is in `forbidden` (mode bits). Looked at and read through one
/// handle, so that it cannot be exchanged in between.
sdk::Secret read_guarded(const fs::path& file, mode_t forbidden, const core::Text& lax) {
  const FileHandle handle{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe would wait for its other end
  struct stat found{};
  if (handle.number < 0 || ::fstat(handle.number, &found) != 0 || !S_ISREG(found.st_mode)) {
    refuse(tr("{1} cannot be read.", file.string()));
  }
  const bool own = found.st_uid == ::geteuid() || found.st_uid == 0;
  if (!own || (found.st_mode & forbidden) != 0) refuse(lax);
  if (found.st_size > static_cast<off_t>(largest_file)) refuse(tr("{1} is far too large.", file.string()));
  std::string text(static_cast<std::size_t>(found.st_size), '\0');
  const auto got = ::read(handle.number, text.data(), text.size());
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return sdk::Secret(std::move(text));
}

sdk::Secret read_password(const fs::path& file) {
  const auto whole = read_guarded(
      file, 0077, tr("{1} holds a password, but others can read it: give it to yourself alone (chmod 600).", file.string()));
  auto text = whole.expose();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const bool usable = !text.empty() && std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (!usable) refuse(tr("{1} should hold a password on one line.", file.string()));
  return sdk::Secret(std::string(text));
}

/// One table of the file; every key is asked for by name, and what nobody asked for is refused.
class Section {
 public:
  Section(const fs::path& file, const toml::table& table) : file_(file), table_(table) {}

  std::string text(const char* key, std::optional<std::string> otherwise = {}) {
    const auto* node = find(key);
    if (!node && otherwise) return *otherwise;
    if (!node) refuse(tr("{1}, line {2}: {3} is missing.", file_.string(), line_of(table_), key));
    const auto value = node->value_exact<std::string>();
    if (!value) refuse(tr("{1}, line {2}: {3} should be a text in quotes.", file_.string(), line_of(*node), key));
    const bool proper = std::ranges::none_of(*value, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    require(proper && (otherwise || !value->empty()),
            tr("{1}, line {2}: {3} is empty or not one line.", file_.string(), line_of(*node), key));
    return *value;
  }

  std::int64_t number(const char* key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
    const auto* node = find(key);
    if (!node) return otherwise;
    const auto value = node->value_exact<std::int64_t>();
    require(value && *value >= least && *value <= most,
            tr("{1}, line {2}: {3} should be a number from {4} to {5}.", file_.string(), line_of(*node), key,
               std::to_string(least), std::to_string(most)));
    return *value;
  }

  sdk::Secret password() { return read_password(beside(text("password_file"))); }

  /// Empty when it is not given.
  fs::path certificates() {
    const auto name = text("ca_file", "");
    if (name.empty()) return {};
    const auto path = beside(name);
    require(::access(path.c_str(), R_OK) == 0,
            tr("{1}, line {2}: {3} cannot be read.", file_.string(), line("ca_file"), path.string()));
    return path;
  }

  Limits limits(std::int64_t total) {
    Limits found;
    found.connect = std::chrono::seconds(number("connect_timeout", 3, 1, 60));
    found.total = std::chrono::seconds(number("timeout", total, 1, 120));
    return found;
  }

  std::string url(bool loopback_may_be_plain) {
    const auto value = text("url");
    const auto found = endpoint_of(value);
    require(found && (found->scheme == "https" || found->scheme == "http"),
            tr("{1}, line {2}: {3} is no web address.", file_.string(), line("url"), "url"));
    require(!found->has_credentials,
            tr("{1}, line {2}: the address holds a user name; use user and password_file.", file_.string(), line("url")));
    require(found->scheme == "https" || (loopback_may_be_plain && found->is_loopback()),
            tr("{1}, line {2}: the address has to begin with https://, or what is sent could be read on its way.",
               file_.string(), line("url")));
    return value;
  }

  void require(bool holds, const core::Text& otherwise) const {
    if (!holds) refuse(otherwise);
  }
  std::string line(const char* key) const { return line_of(table_.contains(key) ? *table_.get(key) : table_); }
  std::string file() const { return file_.string(); }

  void refuse_unknown() const {
    for (const auto& [key, value] : table_) {
      if (!known_.contains(std::string(key.str()))) {
        refuse(tr("{1}, line {2}: nothing is known of {3}.", file_.string(), line_of(value), std::string(key.str())));
      }
    }
  }

 private:
  static std::string line_of(const toml::node& node) { return std::to_string(node.source().begin.line); }
  const toml::node* find(const char* key) {
    known_.insert(key);
    return table_.get(key);
  }
  fs::path beside(const std::string& name) const { return file_.parent_path() / name; }

  const fs::path& file_;
  const toml::table& table_;
  std::set<std::string> known_;
};

/// With what every gateway has: how long to wait for it and whom to trust. After everything else has been read.
template <class Settings>
Settings connected(Section& section, Settings settings, std::int64_t total) {
  settings.limits = section.limits(total);
  settings.ca_file = section.certificates();
  section.refuse_unknown();
  return settings;
}

KannelSettings kannel_in(Section section) {
  KannelSettings settings;
  settings.url = section.url(/*loopback_may_be_plain=*/true);
  settings.user = section.text("user");
  settings.password = section.password();
  settings.sender = section.text("sender");
  settings.centre = section.text("centre", "");
  settings.report_port = static_cast<std::uint16_t>(section.number("report_port", 0, 1, 65535));
  return connected(section, std::move(settings), 10);
}

SmtpSettings smtp_in(Section section) {
  SmtpSettings settings;
  settings.host = section.text("host");
  const bool is_host = endpoint_of("smtp://" + settings.host + "/").has_value() &&
                       settings.host.find_first_of("/@:?# ") == std::string::npos;
  section.require(is_host,
                  tr("{1}, line {2}: {3} is no name of a machine.", section.file(), section.line("host"), settings.host));
  settings.port = static_cast<std::uint16_t>(section.number("port", 587, 1, 65535));
  settings.from = section.text("from");
  section.require(is_mail_address(settings.from),
                  tr("{1}, line {2}: {3} is no e-mail address.", section.file(), section.line("from"), settings.from));
  settings.display_name = section.text("display_name", "");
  settings.user = section.text("user", "");
  if (!settings.user.empty()) settings.password = section.password();
  return connected(section, std::move(settings), 30);
}

NviSettings nvi_in(Section section) {
  NviSettings settings;
  settings.url = section.url(/*loopback_may_be_plain=*/false);
  return connected(section, std::move(settings), 10);
}

TelephoneSettings telephone_in(Section section) {
  TelephoneSettings settings;
  settings.url = section.url(/*loopback_may_be_plain=*/true);
  settings.password = section.password();
  return connected(section, std::move(settings), 10);
}

GatewaySettings settings_in(const fs::path& file, const toml::table& root) {
  GatewaySettings settings;
  for (const auto& [key, node] : root) {
    const auto* table = node.as_table();
    const auto line = std::to_string(node.source().begin.line);
    if (!table) refuse(tr("{1}, line {2}: nothing is known of {3}.", file.string(), line, std::string(key.str())));
    const Section section(file, *table);
    if (key == "sms") {
      settings.sms = kannel_in(section);
    } else if (key == "mail") {
      settings.mail = smtp_in(section);
    } else if (key == "civil_registry") {
      settings.civil_registry = nvi_in(section);
    } else if (key == "telephone") {
      settings.telephone = telephone_in(section);
    } else {
      refuse(tr("{1}, line {2}: nothing is known of {3}.", file.string(), line, std::string(key.str())));
    }
  }
  return settings;
}

}  // namespace

core::Result<GatewaySettings> read_settings(const fs::path& file) {
  return core::guarded([&]() -> core::Result<GatewaySettings> {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(file, error))) return GatewaySettings{};
    const auto text = read_guarded(
        file, 0022, tr("{1} can be changed by others: give it to yourself alone (chmod go-w).", file.string()));
    try {
      return settings_in(file, toml::parse(text.expose(), file.string()));
    } catch (const toml::parse_error& wrong) {
      return core::failure(Code::invalid, tr("{1}, line {2}: this is no proper TOML.", file.string(),
                                             std::to_string(wrong.source().begin.line)));
    }
  });
}

}  // namespace anahtar::gateways
