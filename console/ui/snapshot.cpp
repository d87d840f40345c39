// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshot.h"

#include <gtk/gtk.h>

#include <wx/window.h>

namespace anahtar::ui {

bool snapshot(wxWindow* window, const std::filesystem::path& file) {
  const wxRect area = window->GetScreenRect();
  GdkWindow* root = gdk_get_default_root_window();
  GdkPixbuf* picture = gdk_pixbuf_get_from_window(root, std::max(0, area.x), std::max(0, area.y),
                                                  std::min(area.width, gdk_window_get_width(root) - std::max(0, area.x)),
                                                  std::min(area.height, gdk_window_get_height(root) - std::max(0, area.y)));
  if (picture == nullptr) return false;
  GError* error = nullptr;
  const bool saved = gdk_pixbuf_save(picture, file.c_str(), "png", &error, nullptr);
  if (error != nullptr) g_error_free(error);
  g_object_unref(picture);
  return saved;
}

}  // namespace anahtar::ui
