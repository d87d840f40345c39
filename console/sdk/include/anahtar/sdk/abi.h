// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>

#define ANAHTAR_SDK_VERSION 6
#define ANAHTAR_STRINGIFY_(x) #x
#define ANAHTAR_STRINGIFY(x) ANAHTAR_STRINGIFY_(x)

#ifdef _GLIBCXX_USE_CXX11_ABI
#define ANAHTAR_CXX11_ABI _GLIBCXX_USE_CXX11_ABI
#else
#define ANAHTAR_CXX11_ABI 0
#endif
#ifdef _GLIBCXX_DEBUG
#define ANAHTAR_DEBUG_CONTAINERS 1
#else
#define ANAHTAR_DEBUG_CONTAINERS 0
#endif

/// What must be equal on both sides for their types to be the same: SDK version, C++ ABI, container layout, language.
/// The compiler's patch level is not part of it.
#define ANAHTAR_ABI_STAMP                                                                                       \
  "anahtar-sdk-" ANAHTAR_STRINGIFY(ANAHTAR_SDK_VERSION) " gxx-abi-" ANAHTAR_STRINGIFY(__GXX_ABI_VERSION)          \
  " libstdc++-cxx11-" ANAHTAR_STRINGIFY(ANAHTAR_CXX11_ABI) " debug-" ANAHTAR_STRINGIFY(ANAHTAR_DEBUG_CONTAINERS)   \
  " c++-" ANAHTAR_STRINGIFY(__cplusplus)

namespace anahtar::sdk {

/// Read from the plugin's file before any of its code runs: inline arrays only, no pointers, no relocations.
/// It lies in the ELF section `anahtar_plugin`.
struct Descriptor {
  char magic[16];         ///< "ANAHTAR-PLUGIN", zero-padded
  std::uint32_t format;   ///< 1
  std::uint32_t size;     ///< sizeof(Descriptor)
  char abi[128];          ///< ANAHTAR_ABI_STAMP, zero-padded
  char id[64];            ///< e.g. "password-unblock"
  char version[32];       ///< e.g. "1.0.0"
};
static_assert(sizeof(Descriptor) == 248);

inline constexpr char descriptor_magic[] = "ANAHTAR-PLUGIN";
inline constexpr char descriptor_section[] = "anahtar_plugin";
inline constexpr char describe_symbol[] = "anahtar_describe";

}  // namespace anahtar::sdk
