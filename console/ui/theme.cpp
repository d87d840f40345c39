// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include <gtk/gtk.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <toml++/toml.h>
#include <wx/window.h>

#include "ui/text.h"

namespace anahtar::ui {
namespace {

Theme applied;
TextSize applied_size = TextSize::normal;
GtkCssProvider* provider = nullptr;
std::string applied_css;

core::Failure bad_theme(const std::filesystem::path& file, std::uint32_t line, const std::string& what) {
  return {core::Code::invalid,
          sdk::tr("The theme file {1} cannot be used: line {2}: {3}", file.filename().string(), std::to_string(line), what)};
}

std::uint32_t line_of(const toml::node* node) { return node == nullptr ? 1 : node->source().begin.line; }

core::Result<> read_colours(const toml::table& table, const std::filesystem::path& file, Theme& theme) {
  const auto* colours = table["colours"].as_table();
  if (colours == nullptr) return std::unexpected(bad_theme(file, 1, "[colours] is missing"));
  for (const std::string& name : theme_colours()) {
    const toml::node* node = colours->get(name);
    if (node == nullptr) return std::unexpected(bad_theme(file, line_of(colours), "the colour " + name + " is missing"));
    const auto text = node->value<std::string>();
    const wxColour value(text ? from_utf8(*text) : wxString());
    if (!text || text->size() != 7 || !value.IsOk())
      return std::unexpected(bad_theme(file, line_of(node), name + " is not a colour like #1a2b3c"));
    theme.colours[name] = value;
  }
  return {};
}

core::Result<> read_sizes(const toml::table& table, const std::filesystem::path& file, Theme& theme) {
  const char* names[] = {"small", "normal", "large"};
  for (int i = 0; i < 3; ++i) {
    const auto node = table["text"][names[i]];
    const auto points = node.value<double>();
    if (!points || *points < 6 || *points > 40)
      return std::unexpected(bad_theme(file, line_of(node.node()), std::string("[text] needs ") + names[i] + ", 6 to 40"));
    theme.points[i] = *points;
  }
  theme.step = table["spacing"]["step"].value_or(4);
  if (theme.step < 2 || theme.step > 12)
    return std::unexpected(bad_theme(file, line_of(table["spacing"]["step"].node()), "step must be 2 to 12"));
  return {};
}

std::string colour_definitions(const Theme& theme) {
  std::ostringstream css;
  for (const auto& [name, value] : theme.colours)
    css << "@define-color a_" << name << ' ' << value.GetAsString(wxC2S_HTML_SYNTAX).utf8_str() << ";\n";
  return css.str();
}

core::Result<std::string> read_style_sheet(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return core::failure(core::Code::not_found, sdk::tr("The style sheet {1} cannot be read.", file.string()));
  const std::string css = text.str();
  if (css.find("@import") != std::string::npos || css.find("url(") != std::string::npos)
    return core::failure(core::Code::invalid,
                         sdk::tr("The style sheet {1} reaches for another file. That is not allowed.", file.string()));
  return css;
}

void refresh_all(wxWindow* window) {
  window->InvalidateBestSize();
  for (wxWindow* child : window->GetChildren()) refresh_all(child);
  if (window->GetSizer() != nullptr) window->Layout();
  window->Refresh();
}

/// GTK reads its whole theme anew at each of these, even when nothing changes: only what is needed, and before the first
/// theme nothing has a colour yet.
void tell_toolkit(bool dark, bool first) {
  GtkSettings* settings = gtk_settings_get_default();
  gboolean prefers_dark = FALSE, animates = FALSE;
  g_object_get(settings, "gtk-application-prefer-dark-theme", &prefers_dark, "gtk-enable-animations", &animates, nullptr);
  if (animates) g_object_set(settings, "gtk-enable-animations", FALSE, nullptr);
  if ((prefers_dark != FALSE) != dark) g_object_set(settings, "gtk-application-prefer-dark-theme", dark, nullptr);
  if (!first)
    g_object_notify(G_OBJECT(settings), "gtk-theme-name");  // wx drops the system colours it keeps
}

double linear(unsigned char channel) {
  const double value = channel / 255.0;
  return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const wxColour& c) {
  return 0.2126 * linear(c.Red()) + 0.7152 * linear(c.Green()) + 0.0722 * linear(c.Blue());
}

}  // namespace

const std::vector<std::string>& theme_colours() {
  static const std::vector<std::string> names{
      "window",      "surface",     "sunken",     "border",        "text",       "muted",      "accent",
      "accent_text", "selected",    "selected_text", "danger",     "notice",     "notice_text", "focus",
      "none",        "none_text",   "low",        "low_text",      "good",       "good_text",  "stop",
      "stop_text"};
  return names;
}

core::Result<Theme> load_theme(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return core::failure(core::Code::not_found, sdk::tr("There is no theme file {1}.", file.string()));
  try {
    const toml::table table = toml::parse(in);
    Theme theme;
    theme.id = file.stem().string();
    theme.name = table["name"].value_or(theme.id);
    theme.dark = table["dark"].value_or(false);
    if (auto read = read_colours(table, file, theme); !read) return std::unexpected(read.error());
    if (auto read = read_sizes(table, file, theme); !read) return std::unexpected(read.error());
    return theme;
  } catch (const toml::parse_error& error) {
    return std::unexpected(bad_theme(file, error.source().begin.line, std::string(error.description())));
  }
}

std::vector<Theme> themes_in(const std::filesystem::path& folder) {
  std::vector<Theme> themes;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() != ".toml") continue;
    if (auto theme = load_theme(entry.path())) themes.push_back(std::move(*theme));
  }
  std::sort(themes.begin(), themes.end(), [](const Theme& a, const Theme& b) { return a.name > b.name; });
  return themes;
}

core::Result<> apply_theme(const Theme& theme, TextSize size, const std::filesystem::path& folder) {
  auto sheet = read_style_sheet(folder / "console.css");
  if (!sheet) return std::unexpected(sheet.error());
  std::ostringstream css;
  css << colour_definitions(theme);
  css << "* { font-size: " << theme.points[static_cast<int>(size)] << "pt; }\n" << *sheet;
  if (theme.id == applied.id && size == applied_size && css.str() == applied_css) return {};

  GtkCssProvider* fresh = gtk_css_provider_new();
  GError* error = nullptr;
  if (!gtk_css_provider_load_from_data(fresh, css.str().c_str(), -1, &error)) {
    const std::string what = error->message;
    g_error_free(error);
    g_object_unref(fresh);
    return core::failure(core::Code::invalid, sdk::tr("The style sheet cannot be used: {1}", what));
  }
  GdkScreen* screen = gdk_screen_get_default();
  const bool first = provider == nullptr;
  if (!first) {
    gtk_style_context_remove_provider_for_screen(screen, GTK_STYLE_PROVIDER(provider));
    g_object_unref(provider);
  }
  provider = fresh;
  gtk_style_context_add_provider_for_screen(screen, GTK_STYLE_PROVIDER(provider),
                                            GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);  // below what wx sets
  tell_toolkit(theme.dark, first);

  applied = theme;
  applied_size = size;
  applied_css = css.str();
  for (wxWindow* window : wxTopLevelWindows) refresh_all(window);
  return {};
}

core::Result<> use_theme(const Options& options) {
  const auto loaded = load_theme(options.themes_folder / (options.theme + ".toml"));
  if (!loaded) return std::unexpected(loaded.error());
  return apply_theme(*loaded, options.text_size, options.themes_folder);
}

const Theme& theme() { return applied; }

wxColour colour(const char* name) {
  const auto found = applied.colours.find(name);
  return found == applied.colours.end() ? wxColour(128, 128, 128) : found->second;
}

int step(int count) { return applied.step * count; }

int scaled(int pixels) {
  return static_cast<int>(std::lround(pixels * applied.points[static_cast<int>(applied_size)] /
                                      applied.points[static_cast<int>(TextSize::normal)]));
}

wxFont text_font(double scale, bool bold) {
  wxFont font = wxSystemSettings::GetFont(wxSYS_DEFAULT_GUI_FONT);
  font.SetFractionalPointSize(applied.points[static_cast<int>(applied_size)] * scale);
  if (bold) font.MakeBold();
  return font;
}

double contrast(const wxColour& one, const wxColour& other) {
  const double a = luminance(one), b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

}  // namespace anahtar::ui
