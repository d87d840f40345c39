// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace anahtar::app {
namespace {

using core::Code;
using sdk::Secret;
using sdk::tr;
namespace fs = std::filesystem;

constexpr std::string_view sqlite_scheme = "sqlite://";

std::string environment(const char* name) {
  const char* value = ::getenv(name);
  return value ? value : "";
}

fs::path home() {
  const auto set = environment("HOME");
  if (!set.empty()) return set;
  const auto* account = ::getpwuid(::geteuid());
  return account && account->pw_dir ? fs::path(account->pw_dir) : fs::path("/");
}

// The XDG Base Directory Specification: a relative path in the variable is to be ignored.
fs::path xdg(const char* variable, const char* below_home) {
  const fs::path set = environment(variable);
  return set.is_absolute() ? set : home() / below_home;
}

fs::path program_folder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

/// The first that exists, else the first: from the build folder, installed, from the sources.
fs::path shipped(std::initializer_list<fs::path> places) {
  std::error_code ignored;
  for (const auto& place : places)
    if (fs::exists(program_folder() / place, ignored)) return (program_folder() / place).lexically_normal();
  return (program_folder() / *places.begin()).lexically_normal();
}

core::Failure cannot_write(const fs::path& path) {
  return {Code::unavailable, tr("{1} cannot be written: {2}.", path.string(), std::string(::strerror(errno)))};
}

struct Handle {
  explicit Handle(int file) : file(file) {}
  ~Handle() {
    if (file >= 0) ::close(file);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  int file;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string read_some(int file, std::size_t at_most) {
  std::string text(at_most, '\0');
  std::size_t have = 0;
  while (have < at_most) {
    const auto got = ::read(file, text.data() + have, at_most - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

}  // namespace

fs::path config_folder() { return xdg("XDG_CONFIG_HOME", ".config"); }

fs::path own_config_folder() { return config_folder() / "anahtar"; }

fs::path runtime_folder() {
  const fs::path set = environment("XDG_RUNTIME_DIR");
  return set.is_absolute() ? set / "anahtar" : own_config_folder() / "run";
}

std::string database_url(const std::string& asked) {
  if (!asked.empty()) return asked;
  if (const auto set = environment("ANAHTAR_DATABASE"); !set.empty()) return set;
  return std::string(sqlite_scheme) + (xdg("XDG_DATA_HOME", ".local/share") / "anahtar" / "anahtar.db").string();
}

fs::path database_file(const std::string& url) {
  if (!url.starts_with(sqlite_scheme)) return {};
  return fs::path("/") / fs::path(url.substr(sqlite_scheme.size())).relative_path();
}

std::string database_label(const std::string& url) {
  const auto file = database_file(url);
  return file.empty() ? url : file.filename().string();
}

fs::path program_beside(const std::string& name) { return program_folder() / name; }

fs::path plugin_folder() { return shipped({"../plugins", "../lib/anahtar/plugins"}); }

fs::path plugin_keys_folder() { return shipped({"../share/anahtar/plugin-keys", "../keys"}); }

fs::path catalogue_folder() { return shipped({"../share/locale"}); }

fs::path themes_folder() { return shipped({"../share/anahtar/themes", "../../themes"}); }

core::Result<> make_private_folder(const fs::path& folder) {
  struct stat found{};
  if (::lstat(folder.c_str(), &found) == 0) {
    if (S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() && (found.st_mode & 077) == 0) return {};
    return core::failure(Code::refused, tr("The folder {1} must be yours and closed to others (chmod 700).",
                                           folder.string()));
  }
  std::error_code problem;
  fs::create_directories(folder.parent_path(), problem);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(cannot_write(folder));
  return {};
}

core::Result<> write_private_file(const fs::path& file, std::string_view text) {
  std::string draft = file.string() + ".XXXXXX";
  const Handle handle(::mkostemp(draft.data(), O_CLOEXEC));  // mode 0600
  if (handle.file < 0) return std::unexpected(cannot_write(file));
  if (!write_all(handle.file, text) || ::fsync(handle.file) != 0 || ::rename(draft.c_str(), file.c_str()) != 0) {
    const auto failure = cannot_write(file);
    ::unlink(draft.c_str());
    return std::unexpected(failure);
  }
  return {};
}

core::Result<Secret> read_private_file(const fs::path& file) {
  const Handle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found{};
  if (handle.file < 0 || ::fstat(handle.file, &found) != 0)
    return core::failure(Code::unavailable,
                         tr("The file {1} cannot be read: {2}.", file.string(), std::string(::strerror(errno))));
  if (S_ISREG(found.st_mode) && (found.st_mode & 077) != 0)
    return core::failure(Code::refused,
                         tr("The file {1} holds a secret and others may read it. Close it with: chmod 600 {1}",
                            file.string()));
  std::string text = read_some(handle.file, 4096);
  std::size_t end = text.size();
  while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
  text.resize(end);
  if (text.empty()) return core::failure(Code::invalid, tr("The file {1} holds nothing.", file.string()));
  return Secret(std::move(text));
}

}  // namespace anahtar::app
