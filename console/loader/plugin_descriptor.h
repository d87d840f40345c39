// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/result.h"
#include "crypto/bytes.h"

namespace anahtar::loader {

struct PluginDescription {
  std::string id, version;
};

/// What the plugin's file says of itself, read from its section `anahtar_plugin` (sdk::Descriptor). Refuses a file of
/// another format or of another ABI stamp than this console's.
core::Result<PluginDescription> read_descriptor(crypto::BytesView file);

}  // namespace anahtar::loader
