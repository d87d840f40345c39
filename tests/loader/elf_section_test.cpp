// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/elf_section.h"

#include <anahtar/sdk/abi.h>
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <random>

#include "loader/plugin_descriptor.h"

namespace anahtar::testing {
namespace {

crypto::Bytes good_plugin() {
  std::ifstream stream(TEST_PLUGINS "/good.so", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A file whose header was changed.
template <class Change>
crypto::Bytes with_header(Change change) {
  crypto::Bytes file = good_plugin();
  Elf64_Ehdr header;
  std::memcpy(&header, file.data(), sizeof(header));
  change(header);
  std::memcpy(file.data(), &header, sizeof(header));
  return file;
}

TEST(ElfSection, FindsTheDescription) {
  const auto file = good_plugin();
  const auto section = loader::elf_section(file, sdk::descriptor_section);
  ASSERT_TRUE(section);
  EXPECT_EQ(section->size(), sizeof(sdk::Descriptor));
  EXPECT_EQ(loader::read_descriptor(file)->id, "good");
}

TEST(ElfSection, RefusesHeadersThatPointOutsideOfTheFile) {
  const auto refused = [](const crypto::Bytes& file) { return !loader::elf_section(file, sdk::descriptor_section); };
  constexpr std::uint64_t far = ~std::uint64_t{0};
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shoff = far; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shoff = far - 63; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_phoff = far; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shnum = 0xffff; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_phnum = 0xffff; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shnum = 0; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shstrndx = 0xffff; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_shentsize = 1; })));
  EXPECT_TRUE(refused(with_header([](auto& h) { h.e_phentsize = 1; })));
}

TEST(ElfSection, RefusesOtherKindsOfFiles) {
  const auto sentence = [](const crypto::Bytes& file) {
    return loader::elf_section(file, sdk::descriptor_section).error().sentence.id;
  };
  const std::string other = "The file is not a shared library for this kind of computer.";
  EXPECT_EQ(sentence(with_header([](auto& h) { h.e_ident[EI_CLASS] = ELFCLASS32; })), other);
  EXPECT_EQ(sentence(with_header([](auto& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; })), other);
  EXPECT_EQ(sentence(with_header([](auto& h) { h.e_machine = EM_S390; })), other);
  EXPECT_EQ(sentence(with_header([](auto& h) { h.e_type = ET_EXEC; })), other);
}

TEST(ElfSection, NeverReadsOutsideOfADamagedFile) {
  const auto whole = good_plugin();
  for (std::size_t length = 0; length < whole.size(); length += 97) {
    const crypto::Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(loader::elf_section(part, sdk::descriptor_section)) << length;
  }
  std::mt19937 random(7);
  const Elf64_Ehdr* header = reinterpret_cast<const Elf64_Ehdr*>(whole.data());
  for (int i = 0; i < 3000; ++i) {  // a sanitizer build sees what this one might not
    crypto::Bytes damaged = whole;
    damaged[random() % sizeof(Elf64_Ehdr)] = static_cast<std::uint8_t>(random());
    damaged[header->e_shoff + random() % (whole.size() - header->e_shoff)] = static_cast<std::uint8_t>(random());
    const auto section = loader::elf_section(damaged, sdk::descriptor_section);
    if (section) {
      EXPECT_LE(section->data() + section->size(), damaged.data() + damaged.size());
    }
    (void)loader::read_descriptor(damaged);
  }
}

}  // namespace
}  // namespace anahtar::testing
