// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_descriptor.h"

#include <anahtar/sdk/abi.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "loader/elf_section.h"

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::tr;

/// A zero-padded array's text: something must follow nothing, and only printable ASCII before.
template <std::size_t size>
std::optional<std::string> text_in(const char (&array)[size]) {
  const char* end = std::find(array, array + size, '\0');
  const bool padded =
      end != array && end != array + size && std::all_of(end, array + size, [](char c) { return c == '\0'; });
  const bool printable = std::all_of(array, end, [](char c) { return c >= ' ' && c <= '~'; });
  if (!padded || !printable) return {};
  return std::string(array, end);
}

bool is_identifier(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

core::Result<PluginDescription> read_descriptor(crypto::BytesView file) {
  const auto section = elf_section(file, sdk::descriptor_section);
  if (!section) return std::unexpected(section.error());
  sdk::Descriptor descriptor;
  const bool right_size = section->size() == sizeof(descriptor);
  if (right_size) std::memcpy(&descriptor, section->data(), sizeof(descriptor));
  if (!right_size || text_in(descriptor.magic) != sdk::descriptor_magic || descriptor.format != 1 ||
      descriptor.size != sizeof(descriptor))
    return failure(Code::invalid, tr("The plugin's description has a form that this console does not know."));

  const auto abi = text_in(descriptor.abi);
  if (abi != ANAHTAR_ABI_STAMP)
    return failure(Code::invalid, tr("The plugin was built for another console: it says \"{1}\", this one is \"{2}\".",
                                     abi.value_or("?"), ANAHTAR_ABI_STAMP));
  const auto id = text_in(descriptor.id), version = text_in(descriptor.version);
  if (!id || !version || !is_identifier(*id))
    return failure(Code::invalid, tr("The plugin's description names no proper id and version."));
  return PluginDescription{*id, *version};
}

}  // namespace anahtar::loader
