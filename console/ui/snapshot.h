// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

class wxWindow;

namespace anahtar::ui {

/// Saves what is on the screen where `window` is (windows above it too) as a PNG file. False when it could not. [ui]
bool snapshot(wxWindow* window, const std::filesystem::path& file);

}  // namespace anahtar::ui
