// SPDX-License-Identifier: GPL-3.0-or-later
// One source, many plugins: each target defines one BAD_… and with it one way to be bad.
#include <stdexcept>
#include <thread>

#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

[[maybe_unused]] Outcome say_hello(Desk&) { return done(tr("Hello.")); }

#if defined(BAD_ACTION_THROWS)
Outcome run(Desk&) { throw std::runtime_error("thrown by the action"); }
#elif defined(BAD_ACTION_THROWS_INT)
Outcome run(Desk&) { throw 42; }
#elif defined(BAD_ACTION_THROWS_OWN_TYPE)
struct Hidden : std::exception {
  const char* what() const noexcept override { return "a type that only the plugin knows"; }
};
Outcome run(Desk&) { throw Hidden(); }
#elif defined(BAD_ACTION_HANGS)
Outcome run(Desk& desk) {
  while (!desk.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  return propose(Change::unblock_password("late"));
}
#else
Outcome run(Desk& desk) { return say_hello(desk); }
#endif

Plugin describe() {
#if defined(BAD_DESCRIBE_THROWS)
  throw std::runtime_error("thrown by describe");
#elif defined(BAD_DESCRIBE_THROWS_INT)
  throw 42;
#elif defined(BAD_NO_ACTIONS)
  return {.title = tr("Test"), .actions = {}};
#elif defined(BAD_NOTHING_TO_RUN)
  return {.title = tr("Test"), .actions = {{.id = "password.unblock", .title = tr("Test")}}};
#elif defined(BAD_EMPTY_ID)
  return {.title = tr("Test"), .actions = {{.id = "", .title = tr("Test"), .run = run}}};
#elif defined(BAD_SAME_ID_TWICE)
  return {.title = tr("Test"),
          .actions = {{.id = "password.unblock", .title = tr("Test"), .run = run},
                      {.id = "password.unblock", .title = tr("Test"), .run = say_hello}}};
#endif
  return {.title = tr("Test"), .actions = {{.id = "password.unblock", .title = tr("Test"), .run = run}}};
}

}  // namespace

#if defined(BAD_ABI)
#undef ANAHTAR_ABI_STAMP
#define ANAHTAR_ABI_STAMP "anahtar-sdk-0 some other compiler"
#endif

#if defined(BAD_NO_DESCRIPTION)
extern "C" __attribute__((visibility("default"))) void anahtar_describe(Plugin& out) { out = describe(); }
#elif defined(BAD_NO_SYMBOL)
extern "C" __attribute__((section("anahtar_plugin"), used, visibility("default")))
const Descriptor anahtar_descriptor = {"ANAHTAR-PLUGIN", 1, sizeof(Descriptor), ANAHTAR_ABI_STAMP, PLUGIN_ID, "1.0.0"};
[[maybe_unused]] const auto unused = describe;
#elif defined(BAD_FORMAT)
extern "C" __attribute__((section("anahtar_plugin"), used, visibility("default")))
const Descriptor anahtar_descriptor = {"ANAHTAR-PLUGIN", 2, sizeof(Descriptor), ANAHTAR_ABI_STAMP, PLUGIN_ID, "1.0.0"};
extern "C" __attribute__((visibility("default"))) void anahtar_describe(Plugin& out) { out = describe(); }
#else
ANAHTAR_PLUGIN(PLUGIN_ID, "1.2.3", describe)
#endif
