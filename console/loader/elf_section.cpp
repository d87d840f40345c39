// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/elf_section.h"

#include <elf.h>

#include <bit>
#include <cstring>
#include <optional>
#include <vector>

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::Result;
using core::tr;
using crypto::BytesView;

#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
#else
#error "name this machine's ELF number"
#endif
static_assert(std::endian::native == std::endian::little);

std::unexpected<core::Failure> cut_off() {
  return failure(Code::invalid, tr("The file is cut off or damaged: parts that it announces are not there."));
}

std::optional<BytesView> slice(BytesView file, std::uint64_t offset, std::uint64_t size) {
  if (offset > file.size() || size > file.size() - offset) return {};
  return file.subspan(offset, size);
}

/// A copy, because the file need not align it.
template <class T>
std::optional<T> read(BytesView file, std::uint64_t offset) {
  const auto bytes = slice(file, offset, sizeof(T));
  if (!bytes) return {};
  T value;
  std::memcpy(&value, bytes->data(), sizeof(T));
  return value;
}

template <class T>
std::optional<std::vector<T>> read_table(BytesView file, std::uint64_t offset, std::size_t count) {
  if (!slice(file, offset, count * sizeof(T))) return {};
  std::vector<T> table;
  for (std::size_t i = 0; i < count; ++i) table.push_back(*read<T>(file, offset + i * sizeof(T)));
  return table;
}

Result<Elf64_Ehdr> read_header(BytesView file) {
  if (file.empty()) return failure(Code::invalid, tr("The file is empty."));
  const auto magic = slice(file, 0, SELFMAG);
  if (!magic || std::memcmp(magic->data(), ELFMAG, SELFMAG) != 0)
    return failure(Code::invalid, tr("The file is not a shared library."));
  const auto header = read<Elf64_Ehdr>(file, 0);
  if (!header) return cut_off();
  const bool of_this_kind = header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB &&
                            header->e_machine == this_machine && header->e_type == ET_DYN;
  if (!of_this_kind) return failure(Code::invalid, tr("The file is not a shared library for this kind of computer."));
  return *header;
}

bool segments_are_there(BytesView file, const Elf64_Ehdr& header) {
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return false;
  const auto segments = read_table<Elf64_Phdr>(file, header.e_phoff, header.e_phnum);
  if (!segments) return false;
  for (const Elf64_Phdr& segment : *segments)
    if (!slice(file, segment.p_offset, segment.p_filesz)) return false;
  return true;
}

/// The zero-terminated name at `offset` of the table of names, or nothing when it does not end in it.
std::optional<std::string_view> name_at(BytesView names, std::uint64_t offset) {
  if (offset >= names.size()) return {};
  const std::string_view rest = crypto::text_of(names.subspan(offset));
  const auto end = rest.find('\0');
  if (end == std::string_view::npos) return {};
  return rest.substr(0, end);
}

}  // namespace

Result<BytesView> elf_section(BytesView file, std::string_view name) {
  const auto header = read_header(file);
  if (!header) return std::unexpected(header.error());
  if (!segments_are_there(file, *header) || header->e_shentsize != sizeof(Elf64_Shdr)) return cut_off();
  const auto sections = read_table<Elf64_Shdr>(file, header->e_shoff, header->e_shnum);
  if (!sections || header->e_shstrndx >= sections->size()) return cut_off();
  const Elf64_Shdr& names_section = (*sections)[header->e_shstrndx];
  const auto names = slice(file, names_section.sh_offset, names_section.sh_size);
  if (!names) return cut_off();
  for (const Elf64_Shdr& section : *sections) {
    if (section.sh_type != SHT_PROGBITS || name_at(*names, section.sh_name) != name) continue;
    const auto content = slice(file, section.sh_offset, section.sh_size);
    if (!content) return cut_off();
    return *content;
  }
  return failure(Code::invalid, tr("The file is a shared library but not a plugin: it holds no plugin description."));
}

}  // namespace anahtar::loader
