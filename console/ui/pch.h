// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <wx/wx.h>

#include <wx/dataview.h>
#include <wx/simplebook.h>
#include <wx/weakref.h>

#include "core/services.h"
