// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/stack.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace anahtar::crypto {
namespace {

constexpr std::size_t stack_size = 1024 * 1024;
constexpr unsigned char left_behind[] = {0x5B, 0x1E, 0xC7, 0x39, 0xD2, 0x84, 0x6F, 0xA0};

/// Goes as deep as a commit does, and forgets to clean up.
[[gnu::noinline]] void leave_something() {
  volatile unsigned char frame[16 * 1024];
  for (std::size_t i = 0; i < sizeof frame; ++i) frame[i] = left_behind[i % sizeof left_behind];
}

void* leave(void*) {
  leave_something();
  return nullptr;
}

void* leave_and_wipe(void*) {
  leave_something();
  wipe_stack_below();
  return nullptr;
}

/// Whether it is still on the stack of a thread that did this and has ended.
bool finds_it_after(void* (*work)(void*)) {
  const std::unique_ptr<void, void (*)(void*)> stack(::aligned_alloc(4096, stack_size), ::free);
  auto* const first = static_cast<unsigned char*>(stack.get());
  std::fill_n(first, stack_size, 0);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstack(&attributes, first, stack_size);
  pthread_t thread{};
  EXPECT_EQ(::pthread_create(&thread, &attributes, work, nullptr), 0);
  ::pthread_attr_destroy(&attributes);
  ::pthread_join(thread, nullptr);
  return std::search(first, first + stack_size, std::begin(left_behind), std::end(left_behind)) != first + stack_size;
}

TEST(Stack, IsWipedBelowWhoAsks) {
  ASSERT_TRUE(finds_it_after(leave)) << "this test cannot see anything";
  EXPECT_FALSE(finds_it_after(leave_and_wipe));
}

}  // namespace
}  // namespace anahtar::crypto
