// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <wx/colour.h>
#include <wx/font.h>

#include "core/result.h"
#include "ui/console_app.h"

class wxWindow;

namespace anahtar::ui {

/// A look as data: names of colours, text sizes, one step of spacing. Read from themes/<id>.toml.
struct Theme {
  std::string id;    ///< the file's name without ending
  std::string name;  ///< for the menu, English; translated when shown
  bool dark = false;
  std::map<std::string, wxColour> colours;  ///< every one of `theme_colours()`
  double points[3] = {10, 11, 13};          ///< by TextSize
  int step = 4;                             ///< pixels; all distances are multiples of it
};

/// The names that a theme must give, as in `[colours]`.
const std::vector<std::string>& theme_colours();

/// A wrong file is refused with a sentence that names the line.
core::Result<Theme> load_theme(const std::filesystem::path& file);
/// Every readable theme of a folder, in order of name.
std::vector<Theme> themes_in(const std::filesystem::path& folder);

/// Makes it the look of every window at once, open ones too; quick when it is the look already. `folder` holds
/// console.css, which may not reach other files. [ui]
core::Result<> apply_theme(const Theme& theme, TextSize size, const std::filesystem::path& folder);
/// The theme and text size that the options name.
core::Result<> use_theme(const Options& options);

/// The applied theme, for windows that draw themselves. [ui]
const Theme& theme();
wxColour colour(const char* name);
int step(int count = 1);
/// Pixels that hold as much of the applied text as `pixels` hold of the normal one.
int scaled(int pixels);
/// The applied text size, times `scale`.
wxFont text_font(double scale = 1.0, bool bold = false);
/// Of what is read from a step away: at a registration desk people stand.
inline constexpr double large_text = 1.25;

/// WCAG 2.1 contrast ratio, 1…21.
double contrast(const wxColour& one, const wxColour& other);

}  // namespace anahtar::ui
